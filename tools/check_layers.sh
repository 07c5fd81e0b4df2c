#!/bin/sh
# Which folder may include which others, one line a folder; nothing else is
# allowed. Run from the root of the tree; `check_layers.sh DIR` checks another.
cd "${1:-.}" || exit 2
LC_ALL=C awk '
BEGIN {
	may["base"] = " "
	may["core"] = " base "
	may["json"] = " base core "
	may["ical"] = " base core "
	may["xml"] = " base "
	may["store"] = " base core json "
	may["app"] = " base core json ical xml store "
	may["api"] = " base core json app "
	may["deliver"] = " base core json app "
	may["http"] = " base "
	may["cli"] = " base core json app api http deliver "
	only["cli"] = " store/store.h store/describe.h store/zoneinfo.h " # migrate; print; zones of eval
	only["api"] = " http/http.h http/static.h " # the form of requests and replies
	never["app"] = never["deliver"] = never["api"] = never["cli"] = " sqlite3.h libpq-fe.h libical/ical.h expat.h "
	never["core"] = " stdio.h stdlib.h time.h pthread.h unistd.h fcntl.h "
}
FNR == 1 {
	split(FILENAME, part, "/")
	from = part[2]
}
from in may && /^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	to = quoted[2]
	sub(/\/.*/, "", to)
	if (to != from && !index(may[from], " " to " ") && !index(only[from], " " quoted[2] " ")) {
		print FILENAME ":" FNR ": " from "/ may not include " quoted[2]
		bad = 1
	}
}
from in never && /^[ \t]*#[ \t]*include[ \t]*</ {
	header = $0
	gsub(/.*<|>.*/, "", header)
	if (index(never[from], " " header " ")) {
		print FILENAME ":" FNR ": " from "/ may not include <" header ">"
		bad = 1
	}
}
FNR == 1 && !(from in may) && FILENAME != "src/main.c" {
	print FILENAME ": the folder is not in the table of tools/check_layers.sh"
	bad = 1
}
END { exit bad || NR == 0 }
' $(find src -name '*.[ch]' -o -name '*.def' | sort) </dev/null
