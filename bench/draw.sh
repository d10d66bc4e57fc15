#!/bin/sh
# A draw of some hundred rows of a hundred million, its memory, and how far it is from hashing alone.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_draw"
