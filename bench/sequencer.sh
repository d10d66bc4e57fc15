#!/bin/sh
# Files batches of acts with a sequencer, each batch acknowledged durably before the next.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_sequencer"
