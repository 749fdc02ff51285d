#!/usr/bin/env bash
# Installs what Subclip needs on a bare Debian 12, as far as it is missing:
#
#   scripts/setup.sh run     to build and run it
#   scripts/setup.sh test    to run its tests and scripts/cluster.sh, too
#
# Go itself is not installed: Debian's is too old.
set -euo pipefail

go_wanted=1.26

fail() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

run=(ffmpeg redis-server fonts-dejavu-core curl)
case ${1-} in
run) packages=("${run[@]}") ;;
test) packages=("${run[@]}" postgresql chromium mediainfo npm libde265-examples
	firefox-esr webkit2gtk-driver xvfb gstreamer1.0-libav gstreamer1.0-plugins-good gstreamer1.0-plugins-bad) ;;
*)
	echo 'usage: scripts/setup.sh run|test' >&2
	exit 2
	;;
esac

# GOTOOLCHAIN and the folder keep go from fetching the version that go.mod names.
command -v go >/dev/null || fail "go is missing: install Go $go_wanted or newer and put its bin folder on the PATH"
go_found=$(cd / && GOTOOLCHAIN=local go env GOVERSION)
go_found=${go_found#*go}
[[ $(printf '%s\n' "$go_wanted" "$go_found" | sort -V | head -n 1) == "$go_wanted" ]] ||
	fail "go is version $go_found: install Go $go_wanted or newer and put its bin folder on the PATH first"

# installed PACKAGE looks for what is used of it, wherever that came from.
installed() {
	case $1 in
	fonts-dejavu-core) [[ -e /usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf ]] ;;
	postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
	libde265-examples) command -v libde265-dec265 >/dev/null ;;
	webkit2gtk-driver) command -v WebKitWebDriver >/dev/null ;;
	xvfb) command -v Xvfb >/dev/null ;;
	gstreamer1.0-libav) compgen -G '/usr/lib/*/gstreamer-1.0/libgstlibav.so' >/dev/null ;;
	gstreamer1.0-plugins-good) compgen -G '/usr/lib/*/gstreamer-1.0/libgstisomp4.so' >/dev/null ;;
	gstreamer1.0-plugins-bad) compgen -G '/usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so' >/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

missing=()
for package in "${packages[@]}"; do
	installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
	echo 'setup: nothing is missing'
	exit
fi

command -v apt-get >/dev/null || fail "there is no apt-get here: install these by other means: ${missing[*]}"
as_root=()
if ((EUID != 0)); then
	command -v sudo >/dev/null || fail "installing needs root: run as root, or have root run: apt-get install ${missing[*]}"
	as_root=(sudo)
fi

# Debian starts the services that it installs; Subclip starts its own. This file
# says no to that. (With sudo they start, which does no harm: they listen on
# ports that Subclip does not use, and on this machine only.)
policy=/usr/sbin/policy-rc.d
if ((EUID == 0)) && [[ ! -e $policy ]]; then
	trap 'rm -f "$policy"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi

echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
