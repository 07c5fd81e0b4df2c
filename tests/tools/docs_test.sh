#!/bin/bash
# The manual is complete: every code, permission, reason, rule, command, setting and action
# is in it. docs_test.sh --access prints the table that docs/access.md must have.
cd "$(dirname "$0")/../.." || exit 2
number=0

verdict()
{
	local name=$1 missing=$2
	number=$((number + 1))
	if [ -z "$missing" ]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		echo "$missing" | sed 's/^/# missing: /'
	fi
}

# words MACRO FILE…: what stands first in each line MACRO(…), without quotes, in lower case
words()
{
	local macro=$1
	shift
	sed -n "s/^$macro *( *\"\\{0,1\\}\\([A-Za-z_.]*\\).*/\\1/p" "$@" | tr 'A-Z' 'a-z'
}

# rows FILE: of each word on standard input that begins no row of a table in FILE, the word
rows()
{
	local word
	while read -r word; do
		grep -q "^| \`$word\` |" "$1" || echo "$word"
	done
}

# named FILE…: of each word on standard input that is not in backquotes in any, the word
named()
{
	local word
	while read -r word; do
		grep -qE "\`(entitled )?$word( [a-z]+)?\`" "$@" || echo "$word"
	done
}

access_table()
{
	echo '| permission | viewer | agent | sales_agent | order_agent | manager | admin | integration | customer |'
	echo '| --- | --- | --- | --- | --- | --- | --- | --- | --- |'
	sed -n 's/^ENT_MAY("\([a-z_.]*\)", *"\(.*\)")$/\1 \2/p' src/core/access.def |
		awk '{
			row = "| `" $1 "` |"
			for (i = 1; i <= 8; i++)
				row = row (substr($2, i, 1) == "-" ? " |" : " yes |")
			print row
		}'
}

if [ "${1:-}" = --access ]; then
	access_table
	exit
fi

verdict 'every error code, with its status, is in docs/errors.md' "$(
	sed -n 's/^ENT_ERROR(\([A-Z_]*\), *\([0-9]*\),.*/\1 \2/p' src/base/error.def |
		tr 'A-Z' 'a-z' | while read -r code status; do
		grep -q "^| \`$code\` | $status |" docs/errors.md || echo "$code $status"
	done
)"
verdict 'docs/errors.md has no code that the program lacks' "$(
	sed -n 's/^| `\([a-z_]*\)` | [0-9]* |.*/\1/p' docs/errors.md | while read -r code; do
		grep -qi "^ENT_ERROR($code," src/base/error.def || echo "$code"
	done
)"
verdict 'the table of docs/access.md is that of src/core/access.def' "$(
	diff <(access_table) <(grep -A200 '^| permission |' docs/access.md | sed '/^$/,$d')
)"
verdict 'every reason is in docs/coverage.md' "$(
	sed -n 's/^ENT_REASON([A-Z_]*, "\([a-z_]*\)".*/\1/p' src/core/reason.def | rows docs/coverage.md
)"
verdict 'every rule of choice is in docs/coverage.md' "$(
	sed -n 's/^ENT_CHOICE([A-Z_]*, "\([a-z_]*\)".*/\1/p' src/core/choice.def | rows docs/coverage.md
)"
verdict 'every command is in README.md' "$(words ENT_COMMAND src/cli/command.def | named README.md)"
verdict 'every command is in docs/operations.md' "$(
	words ENT_COMMAND src/cli/command.def | named docs/operations.md
)"
verdict 'every operation of eval is in the manual' "$(
	words ENT_EVAL src/cli/eval.def | named docs/*.md
)"
verdict 'every action is in docs/api.md' "$(
	sed -n 's/^ENT_\(ACTION\|OPERATION\)(\([a-z_]*\), *\([a-z_]*\),.*/\2 \3/p' src/app/action.def |
		while read -r type action; do
			grep -q "^| \`$type\` | .*\`$action\`" docs/api.md || echo "$type $action"
		done
)"
verdict 'every type with a path of its own is in docs/api.md' "$(
	sed -n 's/^ENT_TYPE([a-z_]*, "\([a-z_]*\)", "\([a-z]*\)",.*/\1 \2/p' src/core/entity/type.def |
		while read -r plural prefix; do
			grep -q "^| \`$plural\` | \`${prefix}_\` |" docs/api.md || echo "$plural $prefix"
		done
)"
verdict 'every setting is in docs/operations.md' "$(
	sed -n '/HIDDEN/d;s/^ENT_FIELD([^,]*, *\([a-z_]*\),.*/\1/p' src/core/entity/settings.def | rows docs/operations.md
)"
verdict 'every metric is in docs/operations.md' "$(
	{
		grep -o 'one(out, "[a-z_]*"' src/api/metrics.c
		grep -o '# HELP http_[a-z_]*' src/api/metrics.c
	} | grep -o '[a-z]*_[a-z_]*' | sort -u | rows docs/operations.md
)"
verdict 'every kind of posting is in docs/terms.md' "$(
	grep -o 'ENT_NAME(POST_[A-Z_]*, "[a-z_]*"' src/core/entity/enum.def |
		sed 's/.*"\(.*\)"/\1/' | rows docs/terms.md
)"
verdict 'every column of Salesforce is in docs/import.md' "$(
	sed -n 's/^ENT_SF([A-Z0-9]*, "\([A-Za-z0-9_]*\)".*/\1/p' src/app/salesforce.def | sort -u |
		while read -r column; do
			grep -q "^| .*\`$column\`" docs/import.md || echo "$column"
		done
)"
for table in dynamics.def servicenow.def; do
	verdict "every column of $table is in docs/import.md" "$(
		sed -n 's/^ENT_[DS][YN]([A-Z0-9]*, "\([^"]*\)".*/\1/p' src/app/$table | sort -u |
			while read -r column; do
				grep -qF "\`$column\`" docs/import.md || echo "$column"
			done
	)"
done
verdict 'links between documents lead somewhere' "$(
	grep -oH '](\([A-Za-z./_-]*\)[)#]' ./*.md docs/*.md | while IFS=: read -r file link; do
		link=${link#](}
		link=${link%[)#]}
		case $link in *.md | LICENSE) ;; *) continue ;; esac
		[ -f "$(dirname "$file")/$link" ] || echo "$file: $link"
	done
)"
echo "1..$number"
