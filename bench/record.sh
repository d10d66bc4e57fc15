#!/bin/sh
# Appends acts to an embedded ledger, each acknowledged by itself, and replays a record of 20,000 entries.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_record"
