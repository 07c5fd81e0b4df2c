#!/bin/sh
# modern_node.sh ARG… - run node, as new as the web tools need it: this machine's own, or,
# where that is older (Debian 12 has 18), the one that npm carries (web/node).
set -eu
cd_to=$(dirname "$0")/../web/node
is_new='const [a, b] = process.versions.node.split(".").map(Number);
process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
if [ -z "${ENT_OWN_NODE:-}" ] && node -e "$is_new"; then
	exec node "$@"
fi
own()
{
	ls "$cd_to"/node_modules/node-linux-*/bin/node 2>/dev/null | head -n 1
}
if [ -z "$(own)" ] || [ "$cd_to/package-lock.json" -nt "$cd_to/node_modules/.package-lock.json" ]; then
	(cd "$cd_to" && npm ci --no-audit --no-fund --loglevel=error >&2)
fi
exec "$(own)" "$@"
