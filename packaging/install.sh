#!/bin/sh
# Installs Lockstep on a Debian 12 system that has no network, from the packages beside this file. Packages that are
# there in the same or a later version stay as they are.
set -eu
cd "$(dirname "$0")"
if [ "$(id -u)" -ne 0 ]; then
    echo 'install: error: only root installs packages' >&2
    echo "install: hint: sudo $0" >&2
    exit 3
fi
sha256sum --quiet -c SHA256SUMS
wanted=
for file in packages/*.deb; do
    name=$(dpkg-deb -f "$file" Package)
    version=$(dpkg-deb -f "$file" Version)
    have=$(dpkg-query -W -f '${Version}' "$name" 2>/dev/null || true)
    if [ -n "$have" ] && [ "$name" != lockstep ] && dpkg --compare-versions "$have" ge "$version"; then
        continue
    fi
    wanted="$wanted $file"
done
# shellcheck disable=SC2086 # a list of words
dpkg -i $wanted
lockstep version
