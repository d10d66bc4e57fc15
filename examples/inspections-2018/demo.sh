#!/bin/sh
# A round of inspections as an exercise: a plan, a lot that neither side can steer, packets for the field, visits, reports
# by two inspectors, and two challenges. Every line that begins with "$" is a command that you could type.
#
#   demo.sh [FOLDER]     FOLDER is made anew (default: build/round beside this project's README)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh source-path=SCRIPTDIR
. "$here/../lib.sh"
begin "${1:-$project/build/round}"
cp "$here/roadmap.yaml" "$here/accord.md" "$here/../pyongyang-2018/facilities.csv" "$folder"

# Runs what is not shown, and stays silent unless it fails.
quiet() {
    "$@" >"$folder/quiet.log" 2>&1 || { cat "$folder/quiet.log" >&2; exit 1; }
}

# entry KIND: the entry of the last act of this kind.
entry() {
    lockstep -C usa log | awk -v kind="$1" '$4 == kind { e = $1 } END { print e }'
}

clock() {
    quiet lockstep -C usa exercise clock "$1"
}

say "7 October 2018. Two delegations and the Agency, whose reports take the signatures of two inspectors."
quiet lockstep init dprk --party dprk --title "Democratic People's Republic of Korea" --signer dprk-1 --ledger ledger --exercise --no-passphrase
quiet lockstep init usa --party usa --title "United States of America" --signer usa-1 --ledger ledger --exercise --no-passphrase
quiet lockstep init iaea --party iaea --title "International Atomic Energy Agency" --signer inspector-1 --signer inspector-2 --threshold 1 --role inspectorate --ledger ledger --exercise --no-passphrase
quiet lockstep -C usa charter new charter.yaml --name inspections-2018 --title 'Inspections, 2018' --zone Asia/Seoul --ledger ledger --party dprk/party.yaml --party usa/party.yaml --party iaea/party.yaml
sed -i 's/^\( *\)threshold: 1$/&/; /name: iaea/,/threshold:/ s/^\( *\)threshold: 1$/\1threshold: 1\n\1thresholds: {report: 2}/' charter.yaml
clock 2018-10-07T10:00:00Z
quiet lockstep -C usa charter sign charter.yaml --yes
quiet lockstep -C dprk sign charter.lockstep --yes
quiet lockstep -C iaea sign charter.lockstep --yes
charter=$(lockstep -C usa charter show --json | sed -n 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/p')
clock 2018-10-08T06:00:00Z
run "lockstep -C usa accord check roadmap.yaml accord.md | sed -n '/^Inspections/,/^\$/p'"
quiet lockstep -C usa accord propose roadmap.yaml accord.md --yes
quiet lockstep -C dprk accord sign accord.lockstep --yes

say "10 October. Pyongyang commits to the complete list: 55 sites among 112 rows, none of them shown."
clock 2018-10-10T02:00:00Z
run "lockstep -C dprk declare --inventory facilities.csv --backup safe --yes | tail -1"
quiet lockstep -C usa confirm declare-sites --yes

say "How many rows are enough? And what will a lot over closed rows tell about their number?"
run "lockstep -C iaea plan --population sites --violations 10 --detect medium --sample 8"

say "12 October. The Agency fixes population, rule and number; only then do both commit, and reveal, Pyongyang first."
clock 2018-10-12T02:00:00Z
run "lockstep -C iaea draw baseline --rows 8 --replacements 8 --yes"
run "lockstep -C iaea draw commit --yes | tail -1"
run "lockstep -C dprk draw commit --yes | tail -1"
run "lockstep -C dprk draw reveal --yes | tail -1"
run "lockstep -C iaea draw reveal --yes | tail -1"
draw=$(entry draw)

say "Anyone computes the result again. Pyongyang opens what was drawn, blank rows as blank, with their replacements."
run "lockstep -C usa draw verify $draw"
run "lockstep -C dprk open --draw $draw --yes"
run "lockstep -C iaea draw verify $draw"

say "15 October. A packet for the field: the rows with their proofs, and for each site a sheet and a form."
clock 2018-10-15T02:00:00Z
run "lockstep -C iaea packet $draw --out field"
run "lockstep-verify field/packet.lockstep --charter $charter | grep -v note"

# Meanwhile the accord goes its way.
quiet lockstep -C dprk open --tranche 1 --yes
quiet lockstep -C usa confirm open-test-sites --yes
quiet lockstep -C usa perform suspend-exercises --yes
quiet lockstep -C dprk confirm suspend-exercises --yes

# The rows of the first two sites, as TRANCHE/ROW.
first=$(sed -n 's/^row: //p' field/report-1.yaml)
second=$(sed -n 's/^row: //p' field/report-2.yaml)

say "Notice of the first two visits. One is admitted with shrouding; the other is put off, for a flood, by two days."
run "lockstep -C iaea visit $draw --row $first --yes | tail -1"
visit1=$(entry visit)
run "lockstep -C dprk admit $visit1 --limits shrouding --yes | tail -1"
run "lockstep -C iaea visit $draw --row $second --yes | tail -1"
visit2=$(entry visit)
run "lockstep -C dprk postpone $visit2 --until 2018-10-18T02:00:00Z --text 'The road is cut by a flood.' --yes | tail -1"
run "lockstep -C dprk admit $visit2 --yes | tail -1"
run "lockstep -C iaea inspections"

say "16 to 19 October. The team has no connection. Back on the 24th it says when it came and left; Pyongyang says the same."
clock 2018-10-24T02:00:00Z
for visit in $visit1 $visit2; do
    [ "$visit" = "$visit1" ] && day=2018-10-17 || day=2018-10-19
    quiet lockstep -C iaea enter "$visit" --date "$day" --yes
    quiet lockstep -C dprk enter "$visit" --date "$day" --yes
    quiet lockstep -C iaea leave "$visit" --date "$day" --yes
    quiet lockstep -C dprk leave "$visit" --date "$day" --yes
done
run "lockstep -C iaea inspections | sed -n '/^Visits/,/^\$/p'"

# Fills in a form as an inspector would: everything as declared.
fill() {
    sed -i -e "s/^visit: .*/visit: $2/" -e 's/^inspectors: .*/inspectors: ["M. Inspector", "N. Inspector"]/' \
        -e "s/^from: .*/from: $3/" -e "s/^to: .*/to: $3/" -e 's/found: "?"/found: "="/' \
        -e 's/^finding: .*/finding: consistent/' "field/report-$1.yaml"
}

say "Two inspectors sign each report over the same bytes."
fill 1 "$visit1" 2018-10-17
fill 2 "$visit2" 2018-10-19
run "lockstep -C iaea report field/report-1.yaml --yes | tail -1"
quiet lockstep -C iaea report field/report-2.yaml --yes

say "The other sites that were drawn are visited in the same way, each with its notice, dates and report."
n=3
while [ -e "field/report-$n.yaml" ]; do
    quiet lockstep -C iaea visit "$draw" --row "$(sed -n 's/^row: //p' "field/report-$n.yaml")" --yes
    visit=$(entry visit)
    quiet lockstep -C dprk admit "$visit" --yes
    n=$((n + 1))
done
clock 2018-10-26T02:00:00Z
n=3
lockstep -C usa log | awk '$4 == "visit" { print $1 }' | tail -n +3 | while read -r visit; do
    for side in iaea dprk; do
        quiet lockstep -C "$side" enter "$visit" --date 2018-10-26 --yes
        quiet lockstep -C "$side" leave "$visit" --date 2018-10-26 --yes
    done
    fill $n "$visit" 2018-10-26
    quiet lockstep -C iaea report "field/report-$n.yaml" --yes
    n=$((n + 1))
done
run "lockstep -C iaea inspections | sed -n '/^Reports/,/^\$/p'"

say "27 October. The conclusion of the round, computed: what was inspected, and what that would have detected. It answers
# for a measure: Pyongyang says that it gave access, and the Agency's conclusion confirms it."
clock 2018-10-27T02:00:00Z
quiet lockstep -C dprk perform baseline-access --yes
run "lockstep -C iaea report --conclude $draw --violations 10 --measure baseline-access --yes"
run "lockstep -C usa status | sed -n '/^measure/,/^\$/p'"

say "1 November. The Agency asks about Yongbyon, then challenges there. Pyongyang shows a row of a part that is closed yet."
clock 2018-11-01T02:00:00Z
run "lockstep -C iaea clarify baseline --at 39.7956,125.755 --radius 5 --text 'Which of the declared sites is this?' --yes | tail -1"
question=$(entry clarify)
run "lockstep -C dprk answer $question --text 'One that is declared, and not shown yet.' --yes | tail -1"
clock 2018-11-05T02:00:00Z
run "lockstep -C iaea challenge baseline --at 39.7956,125.755 --radius 300 --yes || true"
run "lockstep -C iaea challenge baseline --at 39.7956,125.755 --radius 5 --after $question --yes | tail -1"
challenge=$(entry challenge)
run "lockstep -C dprk open --challenge $challenge --row site-yongbyon --yes"

say "13 November. A report of the day before describes a base at Sakkanmol. It is in no row. Asked, challenged, denied."
clock 2018-11-13T02:00:00Z
run "lockstep -C iaea clarify baseline --at '38 35 05 N 126 06 29 E' --radius 3 --text 'What are the tunnels in this valley?' --yes | tail -1"
question=$(entry clarify)
run "lockstep -C dprk answer $question --text 'A farm.' --yes | tail -1"
clock 2018-11-17T02:00:00Z
run "lockstep -C iaea challenge baseline --at 38.584698,126.107945 --radius 3 --after $question --yes | tail -1"
challenge=$(entry challenge)
run "lockstep -C dprk deny $challenge --text 'There is no site there.' --yes | tail -1"

say "Inspectors go there, and find what was denied."
run "lockstep -C iaea visit $challenge --yes | tail -1"
visit3=$(entry visit)
run "lockstep -C dprk admit $visit3 --limits no-photographs --yes | tail -1"
clock 2018-11-19T02:00:00Z
quiet lockstep -C iaea enter "$visit3" --date 2018-11-18 --yes
quiet lockstep -C dprk enter "$visit3" --date 2018-11-18 --yes
quiet lockstep -C iaea leave "$visit3" --date 2018-11-18 --yes
quiet lockstep -C dprk leave "$visit3" --date 2018-11-18 --yes
cat >field/sakkanmol.yaml <<END
report: 1
visit: $visit3
inspectors: ["M. Inspector", "N. Inspector"]
from: 2018-11-18
to: 2018-11-18
fields: []
counts: [{what: tunnels with doors, declared: 0, found: 7}]
anomalies: ["Transporters stood in two of the tunnels."]
seals: []
files: []
finding: discrepancy
remarks: "This is a missile operating base."
END
run "lockstep -C iaea report field/sakkanmol.yaml --yes | tail -1"
run "lockstep -C usa inspections"

say "22 November. The list goes on living: Pyongyang says that Yongbyon was declared with a wrong place, and, apart from that,
# that it was shut down on the 20th. Washington does not accept the latter. (Both are invented.)"
clock 2018-11-22T02:00:00Z
cat >place.csv <<END
id,lat,lon
site-yongbyon,39 47 51 N,125 45 18 E
END
cat >shut.csv <<END
id,status
site-yongbyon,shut down
END
run "lockstep -C dprk notify place.csv --change corrected --text 'The place of the former list was that of the gate.' --yes"
run "lockstep -C dprk notify shut.csv --change changed --date 2018-11-20 --yes | tail -1"
shut=$(entry notify)
run "lockstep -C usa contest $shut --text 'Steam rises from the cooling tower.' --yes | tail -1"
run "lockstep -C iaea inventory --item site-yongbyon"
run "lockstep -C iaea inventory --item site-yongbyon --at 2018-11-19 --as-known 2018-11-21"

cat <<END

That was an exercise. The workspaces are in $folder: dprk, usa, iaea, and the ledger they share; what the inspectors
carried is in $folder/field.
END
