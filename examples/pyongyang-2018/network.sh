#!/bin/sh
# The same process from four capitals: a mediator's server, cosigners who replay before they cosign, and a mediator who
# shows two histories. Everything stays on this machine; each delegation talks to the server alone.
#
#   network.sh [FOLDER]     FOLDER is made anew (default: build/demo-network beside this project's README)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh source-path=SCRIPTDIR
. "$here/../lib.sh"
begin "${1:-$project/build/demo-network}"
cp "$here/roadmap.yaml" "$here/accord.md" "$here/facilities.csv" "$folder"

jobs=
end_jobs() {
    for job in $jobs; do
        kill "$job" 2>/dev/null || true
    done
    wait
}
trap end_jobs EXIT
trap 'exit 1' INT TERM

# Starts something that works until it is ended, and waits until its log says that it does.
start() {
    log=$1 pattern=$2
    shift 2
    printf '\n$ %s &\n' "$*"
    eval "exec $* >$log 2>&1" &
    jobs="$jobs $!"
    for _ in $(seq 100); do
        grep -q "$pattern" "$log" 2>/dev/null && return
        sleep 0.1
    done
    echo "demo: error: it did not start:" >&2
    cat "$log" >&2
    exit 1
}

# Waits until everything that a delegation knows of is final.
until_final() {
    for _ in $(seq 150); do
        state=$(lockstep -C "$1" sync --json) || true # the next look may reach the server
        [ "$(echo "$state" | sed -n 's/.*"final": \([0-9]*\).*/\1/p')" = \
          "$(echo "$state" | sed -n 's/.*"entries": \([0-9]*\).*/\1/p')" ] && return
        sleep 0.2
    done
    echo "demo: error: no quorum came together" >&2
    exit 1
}

# Two ports that nobody has now.
ports=$(python3 -c 'import socket
a, b = socket.socket(), socket.socket()
[s.bind(("127.0.0.1", 0)) for s in (a, b)]
print(a.getsockname()[1], b.getsockname()[1])')
port=${ports% *} second=${ports#* }
url=http://127.0.0.1:$port/pyongyang-2018

say "Each delegation makes a workspace, and a cosigner on a machine of its own. Two outsiders watch, too."
run "lockstep init dprk --party dprk --title \"Democratic People's Republic of Korea\" --cosigner dprk-watch --ledger $url --exercise --no-passphrase | tail -1"
run "lockstep init usa --party usa --title 'United States of America' --cosigner usa-watch --ledger $url --exercise --no-passphrase | tail -1"
run "lockstep init rok --party rok --title 'Republic of Korea' --role mediator --ledger ledger --exercise --no-passphrase | tail -1"
run "lockstep init swe-watch --outsider swe --exercise --no-passphrase"
run "lockstep init idn-watch --outsider idn --exercise --no-passphrase | tail -1"

say "The charter names four cosigners; three of them make a checkpoint final. What could one of them do alone?"
run "lockstep -C rok charter new charter.yaml --name pyongyang-2018 --title 'The process of 2018' --zone Asia/Seoul --ledger ledger --party dprk/party.yaml --party usa/party.yaml --mediator rok/party.yaml --outsider swe-watch/cosigner.yaml --outsider idn-watch/cosigner.yaml"
run "lockstep -C rok exercise clock 2018-10-10T02:00:00Z"
run "lockstep charter check charter.yaml"

say "All sign. Seoul serves the ledger; the last signature reaches it over HTTP."
run "lockstep -C rok charter sign charter.yaml --yes | tail -1"
run "lockstep -C dprk sign charter.lockstep --yes | tail -1"
start serve.log event=started "lockstep serve ledger --listen 127.0.0.1:$port"
run "lockstep -C usa sign charter.lockstep --yes | tail -1"
charter=$(lockstep -C rok charter show --json | sed -n 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/p')

say "The cosigners follow: each replays every act by itself before it cosigns a checkpoint."
for who in dprk usa swe idn; do
    start "$who.log" event=started "lockstep cosign $who-watch --follow $url --charter $charter --interval 1"
done
until_final dprk
run "lockstep -C dprk sync"

say "An accord, signed in three places; then Pyongyang commits to its list. With three of four it is final in seconds."
run "lockstep -C rok accord propose roadmap.yaml accord.md --yes | tail -2"
run "lockstep -C dprk accord sign accord.lockstep --yes | tail -1"
run "lockstep -C usa accord sign accord.lockstep --yes | tail -1"
run "lockstep -C dprk declare --inventory facilities.csv --backup safe --yes | tail -1"
until_final usa
run "lockstep -C usa log"
run "lockstep cosign status usa-watch"

say "A proof to take away: one act, under a checkpoint that a quorum has cosigned. No server is asked."
declared=$(lockstep -C usa log | sed -n 's/^\([0-9]*\) .* declare .*/\1/p')
run "lockstep -C usa prove $declared --out declaration.tlog-proof"
run "lockstep -C usa export record.lockstep"
run "lockstep-verify declaration.tlog-proof --policy record.lockstep --charter $charter"

say "Now the mediator cheats. From a copy of its ledger it shows Pyongyang another history than Washington."
cp -a ledger ledger-copy
start copy.log event=started "lockstep serve ledger-copy --listen 127.0.0.1:$second"
run "lockstep -C usa perform suspend-exercises --yes --text 'The autumn exercises are suspended.'"
run "lockstep -C dprk ledger set http://127.0.0.1:$second/pyongyang-2018"
run "lockstep -C dprk missing suspend-exercises --yes --text 'Nothing was suspended.'"

say "Whoever brings the two copies together has evidence: one file, which a third person checks alone."
run "lockstep audit usa/replica dprk/replica --charter $charter --out evidence.lockstep" || true
run "lockstep-verify evidence.lockstep --charter $charter"

say "The workspaces are in $folder, with the logs of the server and of the cosigners."
