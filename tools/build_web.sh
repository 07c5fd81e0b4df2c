#!/bin/sh
# build_web.sh - make build/web from web/, with the packages that web/package-lock.json names.
set -eu
cd "$(dirname "$0")/../web"
node=$(../tools/modern_node.sh -p process.execPath)
if [ package-lock.json -nt node_modules/.package-lock.json ] || [ ! -d node_modules ]; then
	# npm leaves out optional packages that do not suit the node it runs on: Vite's own are such
	npm=$(readlink -f "$(command -v npm)")
	case $npm in
	*.js) set -- "$node" "$npm" ;;
	*) set -- env "PATH=${node%/*}:$PATH" npm ;;
	esac
	"$@" ci --no-audit --no-fund --loglevel=error
fi
"$node" build.mjs
