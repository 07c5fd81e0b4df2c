#!/bin/sh
# packages.sh build|web|test|browser… - install what is missing of Debian's packages.
#
# A line: what for, the package (a|b: the first that this system has), and the
# command that also proves it, for those who have it from elsewhere.
set -eu
packages='
build build-essential cc
build cmake cmake
build ninja-build ninja
build pkg-config pkg-config
build libsqlite3-dev -
build libpq-dev -
build libuv1-dev -
build libllhttp-dev|node-llhttp -
build libsodium-dev -
build libical-dev -
build libexpat1-dev -
build zlib1g-dev -
build libcurl4-openssl-dev -
build tzdata -
web ca-certificates -
web nodejs node
web npm npm
test clang clang
test libclang-rt-dev|libclang-rt-14-dev|libclang-common-14-dev -
test postgresql -
test openssl openssl
browser chromium-headless-shell|chromium chromium
'

is_installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

is_there()
{
	for name in $(echo "$1" | tr '|' ' '); do
		is_installed "$name" && return 0
	done
	[ "$2" != - ] && command -v "$2" >/dev/null
}

# The packages still missing for the purposes "$@", with their alternatives.
missing()
{
	echo "$packages" | while read -r purpose package command; do
		case " $* " in
		*" $purpose "*) is_there "$package" "$command" || echo "$package" ;;
		esac
	done
}

# Of a|b, the first that apt knows.
choose()
{
	for name in $(echo "$1" | tr '|' ' '); do
		apt-cache show "$name" >/dev/null 2>&1 && echo "$name" && return
	done
	echo "$name"
}

wanted=$(missing "$@")
[ -n "$wanted" ] || exit 0
if ! command -v apt-get >/dev/null; then
	echo "please install the equivalents of these Debian packages:" $wanted >&2
	exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
	if ! command -v sudo >/dev/null; then
		echo "as root, please: apt-get install" $wanted >&2
		exit 1
	fi
fi
echo "installing Debian packages:" $wanted
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt="$as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -qq -o Dpkg::Use-Pty=0"
if ! $apt -o APT::Update::Error-Mode=any update; then
	echo "apt-get could not reach this machine's package sources; is it online?" >&2
	exit 1
fi
chosen=$(for package in $wanted; do choose "$package"; done)
$apt install -y --no-install-recommends $chosen >&2
wanted=$(missing "$@")
[ -z "$wanted" ] || { echo "still missing:" $wanted >&2; exit 1; }
