#!/bin/sh
# The analysis of Annex V of the JCPOA: twenty-five measures, most of them side by side.
set -eu
example="$LOCKSTEP_ROOT/examples/jcpoa-2015"
exec "$LOCKSTEP_BUILD/bench/bench_analysis" "$example/roadmap.yaml" "$example/accord.md" iran usa eu chn rus iaea un
