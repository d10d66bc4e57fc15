#!/bin/sh
# Builds the public portal of a process with 10,000 acts: anew, and again when ten more have come.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_portal"
