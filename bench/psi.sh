#!/bin/sh
# Private intersection of 366 and of 10,000 options a side, beside the multiplications that it can't do without.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_psi"
