#!/bin/bash
# Each rule of tools/check_*.sh must fail on a planted violation, and only then.
cd "$(dirname "$0")/../.." || exit 2
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
number=0

# verdict NAME WANT(ok|bad) SAYS COMMAND…: does it succeed or fail as wanted, and say so?
verdict()
{
	local name=$1 want=$2 says=$3 got=ok said
	shift 3
	said=$("$@" 2>&1) || got=bad
	number=$((number + 1))
	if [ "$got" = "$want" ] && [[ $said == *"$says"* ]]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		echo "# $got, not $want with \"$says\": $said"
	fi
}

# plant FILE: standard input becomes the only content of a fresh tree but for one good header.
plant()
{
	rm -rf "$tree"/*
	mkdir -p "$tree/tests" "$tree/src/base" "$(dirname "$tree/$1")"
	printf '#ifndef ENT_BASE_GOOD_H\n#define ENT_BASE_GOOD_H\nint ent_good(void);\n#endif\n' \
		>"$tree/src/base/good.h"
	cat >"$tree/$1"
}

# repeat COUNT TEXT: that many lines; %d in TEXT is the line's number.
repeat()
{
	local i
	for i in $(seq "$1"); do
		printf "$2\n" "$i"
	done
}

# style NAME WANT SAYS FILE: its content comes from standard input.
style()
{
	plant "$4"
	verdict "style: $1" "$2" "$3" tools/check_style.sh "$tree"
}

layers()
{
	plant "$4"
	verdict "layers: $1" "$2" "$3" tools/check_layers.sh "$tree"
}

layers 'a permitted include' ok '' src/core/a.c <<<'#include "base/good.h"'
layers 'core includes store' bad 'src/core/a.c:1: core/ may not include store/store.h' \
	src/core/a.c <<<'#include "store/store.h"'
layers 'a .def is looked at too' bad 'may not include' src/core/entity/a.def <<<'#include "json/json.h"'
layers 'http knows nothing of us' bad 'may not include core' src/http/a.c <<<'#include "core/type.h"'
layers 'cli may open a store' ok '' src/cli/a.c <<<'#include "store/store.h"'
layers 'cli may not look inside' bad 'store/inner.h' src/cli/a.c <<<'#include "store/inner.h"'
layers 'app knows no database' bad '<libpq-fe.h>' src/app/a.c <<<'# include <libpq-fe.h>'
layers 'core has no clock' bad '<time.h>' src/core/a.c <<<'#include <time.h>'
layers 'a folder of its own making' bad 'not in the table' src/misc/a.c <<<'int a;'
layers 'main.c may do all' ok '' src/main.c <<<'#include "store/inner.h"'

style 'good code' ok '' src/base/a.c <<<'/* strcpy() and system() are only named */'
style 'a banned function' bad 'a.c:1: strcpy() is banned' src/base/a.c <<<'	strcpy(a, b);'
style 'a banned function in a test' bad 'atoi() is banned' tests/a.c <<<'	x = atoi (b);'
style 'a name that only looks banned' ok '' src/base/a.c <<<'	gmtime_r(&a, &b); my_gets(x);'
style 'a banned name in a text' ok '' src/base/a.c <<<'	puts("call gets(x)");'
style 'more code behind a comment' bad 'gets() is banned' src/base/a.c <<<'/* a */ gets(x);'
style 'the end of a long comment' bad 'gets() is banned' src/base/a.c <<<$'/* a\n * b */ gets(x);'
style 'exactly 100 columns' ok '' src/base/a.c <<<$'\t'"$(printf '%092d' 0)"
style '101 columns' bad 'more than 100 columns' src/base/a.c <<<$'\t'"$(printf '%093d' 0)"
style 'characters, not bytes' ok '' src/base/a.c <<<"/* $(printf 'é%.0s' $(seq 90)) */"
style 'blanks at the end' bad 'blanks at the end' src/base/a.c <<<'int a; '
style 'a carriage return' bad 'blanks at the end' src/base/a.c <<<$'int a;\r'
style 'a TODO for nobody' bad 'TODO(#number)' src/base/a.c <<<'/* TODO: later */'
style 'a TODO with its number' ok '' src/base/a.c <<<'/* TODO(#12): later */'
style 'a header without guard' bad 'no guard ENT_BASE_A_H' src/base/a.h <<<'int ent_a(void);'
style 'a header with the wrong guard' bad 'want ENT_BASE_A_H' src/base/a.h \
	<<<$'#ifndef ENT_B_H\n#define ENT_B_H\n#endif'
style 'a .def with a guard' bad 'has no guard' src/base/a.def <<<$'#ifndef ENT_A_H\nX(a)\n#endif'
style 'macros without guard' ok '' src/base/a.h <<<$'#define ENT_X(a) a;\n#undef ENT_Y'
style 'attributes outside base.h' bad 'base/base.h' src/core/a.c <<<'int a __attribute__((used));'
style 'a second setjmp' bad 'ent_guard()' src/core/a.c <<<'	if (setjmp(b)) {'
style 'a function of 60 lines' ok '' src/base/a.c \
	< <(echo 'int a(void)'; echo '{'; repeat 58 '	a(%d);'; echo '}')
style 'a function of 61 lines' bad 'a function of 61 lines' src/base/a.c \
	< <(echo 'int a(void)'; echo '{'; repeat 59 '	a(%d);'; echo '}')
style 'a file of 501 lines' bad '501 lines, the limit is 500' src/base/a.c < <(repeat 501 'int a%d;')
plant src/base/a.c < <(repeat 10 'int same%d;')
repeat 10 '   int same%d;' >"$tree/src/base/b.c"
verdict 'style: ten equal lines in two files' bad 'src/base/a.c too' tools/check_style.sh "$tree"
plant src/base/a.c < <(repeat 9 'int same%d;')
repeat 9 'int same%d;' >"$tree/src/base/b.c"
verdict 'style: nine equal lines' ok '' tools/check_style.sh "$tree"
rm -rf "$tree"/*
verdict 'style: nothing to check is no success' bad '' tools/check_style.sh "$tree"
verdict 'layers: nothing to check is no success' bad '' tools/check_layers.sh "$tree"

# pure NAME WANT SAYS: a library made of the C on standard input.
pure()
{
	cc -w -x c -c -O1 -o "$tree/a.o" - && rm -f "$tree/a.a" && ar rc "$tree/a.a" "$tree/a.o"
	verdict "pure: $1" "$2" "$3" tools/check_pure.sh "$tree/a.a"
}
pure 'memory and us' ok '' <<<'void ent_b(void); void a(char *p) { memset(p, 0, 99); ent_b(); }'
pure 'a clock' bad 'calls: time' <<<'long time(long *); long a(void) { return time(0); }'
pure 'malloc' bad 'calls: malloc' <<<'void *malloc(long); void *a(void) { return malloc(9); }'
verdict 'pure: no library' bad '' tools/check_pure.sh "$tree/none.a"
echo "1..$number"
