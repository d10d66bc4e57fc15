#!/bin/sh
# The state of an accord of 1,000 steps in turn, and how it grows with the number of acts.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_state"
