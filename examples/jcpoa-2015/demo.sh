#!/bin/sh
# Replays acts.txt: see ../replay.sh.
exec "$(dirname "$0")/../replay.sh" jcpoa-2015 "$@"
