#!/bin/sh
# build_web.sh - make build/web from web/, with the packages that web/package-lock.json names.
set -eu
cd "$(dirname "$0")/../web"
if [ package-lock.json -nt node_modules/.package-lock.json ] || [ ! -d node_modules ]; then
	npm ci --no-audit --no-fund --loglevel=error
fi
../tools/modern_node.sh build.mjs
