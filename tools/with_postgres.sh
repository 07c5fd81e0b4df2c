#!/bin/sh
# with_postgres.sh CMD... - run CMD with a PostgreSQL of its own.
#
# Makes a cluster in a temporary folder (on a UNIX socket only; it outlives killed processes,
# and with ENT_PG_FSYNC=on, as benchmarks want it, the machine; only then does it vacuum
# by itself, as what it learned of one test's rows makes bad plans for the next one's), sets
# ENT_TEST_POSTGRES to its conninfo, runs CMD, then stops and removes it. Needs
# Debian's postgresql; as root the server runs as user postgres.
set -eu

bin=${PG_BIN:-}
for dir in /usr/lib/postgresql/*/bin; do
	[ -n "$bin" ] || [ ! -x "$dir/initdb" ] || bin=$dir
done
if [ -z "$bin" ]; then
	echo "with_postgres.sh: install postgresql, or set PG_BIN" >&2
	exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
	as="runuser -u postgres --"
else
	as=
fi
home=$(mktemp -d /tmp/entpg.XXXXXX)
if [ -n "$as" ]; then
	chown postgres "$home"
fi
chmod 755 "$home"

finish()
{
	cd /
	$as "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
	rm -rf "$home"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

(
	cd /
	$as "$bin/initdb" -D "$home/data" -U entitled -A trust -E UTF8 --locale=C.UTF-8 -N
	cat >>"$home/data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$home'
		unix_socket_permissions = 0777
		max_connections = 200
		shared_buffers = 256MB
		fsync = ${ENT_PG_FSYNC:-off}
		full_page_writes = ${ENT_PG_FSYNC:-off}
		autovacuum = ${ENT_PG_FSYNC:-off}
	END
	$as "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 start
) >"$home.out" 2>&1 || {
	cat "$home.out" "$home/log" >&2 2>/dev/null || true
	rm -f "$home.out"
	exit 1
}
rm -f "$home.out"

ENT_TEST_POSTGRES="host=$home user=entitled dbname=postgres"
export ENT_TEST_POSTGRES
"$@"
