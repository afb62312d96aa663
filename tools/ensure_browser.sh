#!/bin/sh
# Makes sure that there is a browser for the tests of the portal: Debian's Chromium.
set -eu

command -v chromium >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update --quiet=2
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends chromium fonts-dejavu-core
    exit 0
fi

echo "The tests of the portal need chromium. On Debian: sudo apt-get install chromium" >&2
[ "${CI:-}" != true ]
