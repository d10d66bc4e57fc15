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

# Like run, but shows the last line of what it prints, and nothing goes on after a failure.
brief() {
    printf '\n$ %s\n' "$*"
    if ! eval "$*" >out 2>&1; then
        cat out >&2
        exit 1
    fi
    tail -1 out
}

# at TIME: sets the exercise's clock to that local time.
at() {
    brief "lockstep -C $host exercise clock $(date -u -d "TZ=\"$zone\" $1" +%Y-%m-%dT%H:%M:%SZ)"
}

# The accord's own line: one proposes, all who sign do.
accord() {
    proposer=$1 # $2: the files, and options
    brief "lockstep -C $proposer accord propose $2 --yes"
    for signer in $signers; do
        [ "$signer" = "$proposer" ] || brief "lockstep -C $signer accord sign accord.lockstep --yes"
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
    brief "lockstep init $party --party $party --title \"$title\" $options"
    cards="$cards --party $party/party.yaml"
done
brief "lockstep -C $host charter new charter.yaml --name $name --zone $zone --ledger ledger$cards"
brief "sed -i 's/^grace: [0-9]* hours/grace: $grace/' charter.yaml"
at "${first}T09:00"
brief "lockstep -C $host charter sign charter.yaml --yes"
for party in $parties; do
    [ "$party" = "$host" ] || brief "lockstep -C $party sign charter.lockstep --yes"
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
        brief "lockstep -C $party $verb $rest --yes"
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
