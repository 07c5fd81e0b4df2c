#!/bin/sh
# check_pure.sh libent_core.a - the core calls memory and text functions, assert
# and the rest of us: no clock, file, lock, random or malloc.
libc='mem(cpy|move|set|cmp|chr)|strlen|strn?cmp|strchr|v?snprintf|qsort|bsearch'
made_by_the_compiler='__[a-z]+_chk|__u?(div|mod)ti3|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_'
sanitizers='_*(asan|ubsan|sanitizer|gcov|llvm)_.*'
calls=$(nm -u "$1" | awk '$1 == "U" { print $2 }' | sort -u |
	grep -Evx "($libc|$made_by_the_compiler|$sanitizers|ent_.*)")
[ -f "$1" ] || exit 2
[ -z "$calls" ] || { echo "$1 calls:" $calls; exit 1; }
