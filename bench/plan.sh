#!/bin/sh
# Plans over a thousand million rows: an ordinary one, and the one with the most work.
set -eu
exec "$LOCKSTEP_BUILD/bench/bench_plan"
