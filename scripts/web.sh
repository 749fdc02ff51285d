#!/usr/bin/env bash
# Builds the portal's style sheets and scripts from portal/web into portal/static,
# which is committed, so that building Subclip needs no Node:
#
#   scripts/web.sh           build them
#   scripts/web.sh --check   build them elsewhere and fail unless portal/static is the same
#
# npm only fetches packages; esbuild, which bundles, is a Go program.
set -euo pipefail
cd "$(dirname "$0")/.."

out=portal/static
case ${1-} in
'') rm -rf "$out" ;;
--check)
	out=$(mktemp -d)
	trap 'rm -rf "$out"' EXIT
	;;
*)
	echo 'usage: scripts/web.sh [--check]' >&2
	exit 2
	;;
esac

lock=portal/web/package-lock.json
installed=portal/web/node_modules/.package-lock.json
if [[ ! -e $installed || $lock -nt $installed ]]; then
	npm ci --prefix portal/web --ignore-scripts --no-audit --no-fund --loglevel=error
	touch "$installed"
fi

go tool -modfile=tools/go.mod esbuild portal/web/pages/*.js portal/web/styles/portal.css portal/web/icons/*.svg \
	--bundle --minify --splitting --format=esm --target=es2023,chrome120,firefox121,safari17.4 \
	--outdir="$out" --entry-names='[name]' --chunk-names='chunk-[hash]' --asset-names='[name]-[hash]' \
	--loader:.woff2=file --loader:.svg=copy --legal-comments=none --log-level=warning

if [[ $out != portal/static ]] && ! diff -rq "$out" portal/static; then
	echo 'web: portal/static is not what portal/web makes: run make web and commit what it writes' >&2
	exit 1
fi
