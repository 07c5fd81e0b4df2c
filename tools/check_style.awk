# check_style.awk - reports FILE:LINE: what is wrong; exit status 1 if anything is.

BEGIN {
	columns_max = 100
	columns_max_def = 200 # a row of a table stays one line
	function_max = 60
	file_max = 500
	header_max = 250
	equal_max = 10 # equal lines in two files

	banned = "strcpy strcat strncpy strncat stpcpy sprintf vsprintf gets strtok " \
		"atoi atol atoll atof gmtime localtime ctime asctime mktime rand srand " \
		"system popen tmpnam mktemp alloca"
	split(banned, word, " ")
	for (i in word) {
		is_banned[word[i]] = 1
	}
}

function report(line, what)
{
	print FILENAME ":" line ": " what
	bad = 1
}

function end_of_file()
{
	if (file == "") {
		return
	}
	limit = file ~ /\.h$/ ? header_max : file_max
	if (file !~ /\.def$/ && lines > limit) {
		print file ": " lines " lines, the limit is " limit
		bad = 1
	}
	if (guarded && file ~ /\.def$/) {
		print file ": a .def is included many times and has no guard"
		bad = 1
	}
	if (!guarded && declares && file ~ /\.h$/) {
		print file ": no guard " guard
		bad = 1
	}
}

# The line without comments and without what is inside quotes.
function code_of(line,    before)
{
	if (in_comment) {
		if (!match(line, /\*\//)) {
			return ""
		}
		line = substr(line, RSTART + 2)
		in_comment = 0
	}
	gsub(/\\./, "", line)
	gsub(/'[^']*'/, "0", line)
	gsub(/"[^"]*"/, "\"\"", line)
	while (match(line, /\/\*/)) {
		before = substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + 2)
		if (!match(line, /\*\//)) {
			in_comment = 1
			return before
		}
		line = before " " substr(line, RSTART + 2)
	}
	sub(/\/\/.*/, "", line)
	return line
}

function width_of(line,    tabs, width, piece, count, i)
{
	gsub(/[\200-\277]/, "", line) # UTF-8: count characters
	count = split(line, piece, "\t")
	width = 0
	for (i = 1; i < count; i++) {
		width += length(piece[i])
		width += 8 - width % 8
	}
	return width + length(piece[count])
}

function check_names(code,    rest, name)
{
	rest = code
	while (match(rest, /[A-Za-z_][A-Za-z_0-9]*[ ]*\(/)) {
		name = substr(rest, RSTART, RLENGTH)
		sub(/[ ]*\($/, "", name)
		if (name in is_banned) {
			report(FNR, name "() is banned")
		}
		rest = substr(rest, RSTART + RLENGTH)
	}
	if (FILENAME ~ /^src/ && FILENAME != "src/base/base.h") {
		if (code ~ /__attribute__/ && code !~ /constructor/) {
			report(FNR, "attributes are named in base/base.h")
		}
		if (code ~ /[^_a-z](setjmp|longjmp)/ && FILENAME != "src/base/arena.c") {
			report(FNR, "ent_guard() is the only setjmp")
		}
	}
}

# The same ten lines in two files: a function waiting to be written.
function check_equal(code,    key, i)
{
	gsub(/[ \t]+/, " ", code)
	sub(/^ /, "", code)
	if (length(code) < 3 || code ~ /^#/ || FILENAME ~ /\.def$/) {
		return
	}
	recent[++seen] = code
	if (seen < equal_max || reported_equal) {
		return
	}
	key = ""
	for (i = seen - equal_max + 1; i <= seen; i++) {
		key = key recent[i] "\n"
	}
	if (key in where && where[key] != FILENAME) {
		report(FNR, "the " equal_max " lines before are in " where[key] " too")
		reported_equal = 1
	}
	where[key] = FILENAME
}

FNR == 1 {
	end_of_file()
	file = FILENAME
	guard = toupper(file)
	sub(/^SRC\//, "", guard)
	gsub(/[^A-Z0-9]/, "_", guard)
	guard = "ENT_" guard
	guarded = declares = in_comment = in_function = seen = reported_equal = 0
}

{
	lines = FNR
	code = code_of($0)
	limit = FILENAME ~ /\.def$/ ? columns_max_def : columns_max
	if (width_of($0) > limit) {
		report(FNR, "more than " limit " columns")
	}
	if (/[ \t\r]$/) {
		report(FNR, "blanks at the end of the line")
	}
	if (/TODO|FIXME/ && !/(TODO|FIXME)\(#[0-9]+\)/) {
		report(FNR, "TODO(#number) or nothing")
	}
	if (/^#ifndef ENT_[A-Z0-9_]*_H$/ && !guarded) {
		guarded = 1
		if ($2 != guard) {
			report(FNR, "the guard is " $2 ", want " guard)
		}
	}
	if (code ~ /[;{]/) {
		declares = declares || code !~ /^#/
	}
	if (code ~ /^{$/ && FILENAME ~ /^src/) {
		in_function = FNR
	}
	if (code ~ /^}/ && in_function) {
		if (FNR - in_function + 1 > function_max) {
			report(in_function, "a function of " FNR - in_function + 1 " lines, the limit is " function_max)
		}
		in_function = 0
	}
	check_names(code)
	check_equal(code)
}

END {
	end_of_file()
	exit bad || NR == 0
}
