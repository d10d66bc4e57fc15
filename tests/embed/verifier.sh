#!/bin/sh
# lockstep-verify is one file that needs nothing of the system that it is copied to.
set -eu

if readelf -l "$LOCKSTEP_VERIFY" | grep -q INTERP; then
    echo 'not ok is linked statically'
else
    echo 'ok is linked statically'
fi

mkdir empty
cp "$LOCKSTEP_VERIFY" empty/lockstep-verify
root='chroot'
[ "$(id -u)" -eq 0 ] || root='unshare -r chroot'
# Without arguments it explains itself, and that is a mistake in its use.
status=0
if [ "$(id -u)" -ne 0 ] && ! unshare -r true 2>/dev/null; then
    echo 'skip runs where nothing else is: neither root nor user namespaces'
else
    $root empty /lockstep-verify >out 2>&1 || status=$?
    if [ "$status" -eq 2 ] && grep -q '^lockstep-verify: ' out; then
        echo 'ok runs where nothing else is'
    else
        echo 'not ok runs where nothing else is'
        echo "status $status"
        cat out
    fi
fi
