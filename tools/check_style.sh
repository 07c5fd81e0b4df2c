#!/bin/sh
# The rules of CONTRIBUTING.md that a script can see, over src/ and tests/.
# Run from the root of the tree; `check_style.sh DIR` checks another.
rules=$(realpath "$0" | sed 's/sh$/awk/')
cd "${1:-.}" || exit 2
LC_ALL=C exec awk -f "$rules" $(find src tests -name '*.[ch]' -o -name '*.def' | sort) </dev/null
