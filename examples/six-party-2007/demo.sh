#!/bin/sh
# Replays acts.txt: see ../replay.sh.
exec "$(dirname "$0")/../replay.sh" six-party-2007 "$@"
