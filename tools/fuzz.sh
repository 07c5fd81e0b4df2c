#!/bin/bash
# fuzz.sh [SECONDS [NAME…]] - libFuzzer over every target (or those named), 60
# seconds each. What it learns stays in build/fuzz/corpus/; a crash is kept in
# build/fuzz/crashes/ and makes the exit status 1. Put its input into
# tests/fuzz/corpus/NAME/ together with the fix.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
tools/packages.sh build test
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
mkdir -p build/fuzz/crashes
status=0
for source in tests/fuzz/*_fuzz.c; do
	name=$(basename "$source" _fuzz.c)
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	mkdir -p "build/fuzz/corpus/$name"
	echo "fuzzing $name for $seconds s"
	"build/fuzz/tests/${name}_fuzz" -max_total_time="$seconds" -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="build/fuzz/crashes/$name-" \
		"build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" || status=1
done
exit $status
