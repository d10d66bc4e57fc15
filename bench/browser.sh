#!/bin/sh
# Replays 10,000 acts, each with a stamp that two cosigners confirmed, as a reader's browser does: 50,000 signatures.
set -eu
command -v node >/dev/null || { echo 'node is not here'; exit 0; }
"$LOCKSTEP_ROOT/tools/build-wasm" "$LOCKSTEP_ROOT/build-web/lockstep.wasm" --sources "$LOCKSTEP_ROOT/build-web/sources"
"$LOCKSTEP_BUILD/bench/bench_tree" tree 20000
exec node "$LOCKSTEP_ROOT/tests/web/speed.mjs" "$LOCKSTEP_ROOT/build-web/lockstep.wasm" tree
