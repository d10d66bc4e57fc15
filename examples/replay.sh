#!/bin/sh
# Replays an example's acts.txt with the real program: a workspace for each party, a charter that all sign, and then
# every act on its date. Every line that begins with "$" is a command that you could type; nothing else happens.
#
#   replay.sh EXAMPLE [FOLDER]     FOLDER is made anew (default: build/demo-EXAMPLE beside this project's README)
set -eu

examples=$(cd "$(dirname "$0")" && pwd)
example=$(basename "$1")
here=$examples/$example
# shellcheck source=./lib.sh source-path=SCRIPTDIR
. "$examples/lib.sh"
begin "${2:-$project/build/demo-$example}"
cp "$here"/* "$folder"

# word KEY: what follows that word in the line that describes the process.
word() {
    sed -n "s/^process .*\<$1 \([^ ]*\( hours\)\{0,1\}\).*/\1/p" acts.txt
}

name=$(sed -n 's/^process \([^ ]*\).*/\1/p' acts.txt)
zone=$(word zone) host=$(word host) grace=$(word grace)
parties=$(sed -n 's/^party \([^ ]*\).*/\1/p' acts.txt)
signers=$(sed -n 's/^signed-by //p' acts.txt)

# at TIME: sets the exercise's clock to that local time.
at() {
    run "lockstep -C $host exercise clock $(date -u -d "TZ=\"$zone\" $1" +%Y-%m-%dT%H:%M:%SZ)"
}

# The accord's own line: one proposes, all who sign do.
accord() {
    proposer=$1 # $2: the files, and options
    run "lockstep -C $proposer accord propose $2 --yes | tail -1"
    for signer in $signers; do
        [ "$signer" = "$proposer" ] || run "lockstep -C $signer accord sign accord.lockstep --yes | tail -1"
    done
}

first=$(sed -n 's/^\([0-9][0-9-]*\) .*/\1/p' acts.txt | head -1)
say "$first. Each delegation makes its workspace, and all sign one charter."
cards=
for party in $parties; do
    line=$(sed -n "s/^party $party  *//p" acts.txt)
    role=${line%% *}
    title=$(echo "${line#* }" | sed 's/^ *//')
    options="--role $role --ledger ledger --exercise --no-passphrase"
    run "lockstep init $party --party $party --title \"$title\" $options | tail -1"
    cards="$cards --party $party/party.yaml"
done
run "lockstep -C $host charter new charter.yaml --name $name --zone $zone --ledger ledger$cards"
run "sed -i 's/^grace: [0-9]* hours/grace: $grace/' charter.yaml"
at "${first}T09:00"
run "lockstep -C $host charter sign charter.yaml --yes | tail -1"
for party in $parties; do
    [ "$party" = "$host" ] || run "lockstep -C $party sign charter.lockstep --yes | tail -1"
done

day=
grep '^[0-9]' acts.txt >acts
while read -r date party verb rest; do
    if [ "$date" != "$day" ]; then
        say "$date"
        case $date in
        *T*) at "$date" ;;
        *) at "${date}T12:00" ;;
        esac
        day=$date
    fi
    if [ "$verb" = accord ]; then
        accord "$party" "$rest"
    else
        run "lockstep -C $party $verb $rest --yes | tail -1"
    fi
done <acts

say "The scorecard at the end. It is the same for every side, because it follows from the record alone."
run "lockstep -C $host status"

cat <<END

That was an exercise. The workspaces are in $folder. Try next, in that folder, with its bin in your PATH:

  cd $folder && PATH=\$PWD/bin:\$PATH
  lockstep -C $host log
  lockstep -C $host status --at $first --as-known $first
END
