#!/bin/sh
# The talks of 2018 as an exercise, from Singapore to Hanoi: letters, meetings planned, called off and held, pledges and
# demands, a mediator who is told what he may pass on, three readouts that differ, a working group, a date and a place
# found without anybody showing a calendar, and an accord negotiated in brackets. Every line that begins with "$" is a
# command that you could type.
#
#   demo.sh [FOLDER]     FOLDER is made anew (default: build/talks beside this project's README)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh source-path=SCRIPTDIR
. "$here/../lib.sh"
begin "${1:-$project/build/talks}"
cp "$here"/*.yaml "$here"/*.md "$folder"

# Runs what is not shown, and stays silent unless it fails.
quiet() {
    "$@" >"$folder/quiet.log" 2>&1 || { cat "$folder/quiet.log" >&2; exit 1; }
}

clock() {
    quiet lockstep -C rok exercise clock "$1"
}

# entry KIND: the entry of the last act of this kind.
entry() {
    lockstep -C rok log | awk -v kind="$1" '$4 == kind { e = $1 } END { print e }'
}

quiet lockstep init dprk --party dprk --title "Democratic People's Republic of Korea" --signer dprk-1 --ledger ledger --exercise --no-passphrase
quiet lockstep init usa --party usa --title "United States of America" --signer usa-1 --ledger ledger --exercise --no-passphrase
quiet lockstep init rok --party rok --title "Republic of Korea" --role mediator --signer rok-1 --ledger ledger --exercise --no-passphrase
quiet lockstep -C rok charter new charter.yaml --name talks-2018 --title 'The talks of 2018' --zone Asia/Seoul --ledger ledger --party dprk/party.yaml --party usa/party.yaml --mediator rok/party.yaml
clock 2018-06-11T00:00:00Z
quiet lockstep -C rok charter sign charter.yaml --yes
quiet lockstep -C dprk sign charter.lockstep --yes
quiet lockstep -C usa sign charter.lockstep --yes

say "12 June 2018. A summit in Singapore, agreed beforehand and held; the minutes are signed by both."
run "lockstep -C usa meeting agree singapore --with dprk --due 2018-06-12 --venue Singapore --yes | tail -1"
run "lockstep -C dprk sign meeting.lockstep --yes | tail -1"
clock 2018-06-12T10:00:00Z
run "lockstep -C usa meeting minutes singapore --attach singapore.md --yes | tail -1"
run "lockstep -C dprk sign minutes.lockstep --yes | tail -1"
minutes=$(entry minutes)

say "What was pledged there has neither a date nor a test. It stands, and can't be overdue."
run "lockstep -C dprk pledge complete-denuclearization --source $minutes --yes --text 'To work toward the complete denuclearization of the Korean Peninsula.' | tail -1"
run "lockstep -C usa pledge security-guarantees --to dprk --source $minutes --yes --text 'Security guarantees.' | tail -1"
run "lockstep -C dprk pledge remains --to usa --source $minutes --yes --text 'To recover and repatriate the remains of the missing.' | tail -1"

say "August. A visit is planned, and called off: a cause is always stated."
clock 2018-08-23T12:00:00Z
run "lockstep -C usa meeting plan pyongyang-august --to dprk --due 2018-08-27 --venue Pyongyang --yes | tail -1"
clock 2018-08-24T18:00:00Z
run "lockstep -C usa meeting cancel pyongyang-august --yes --text 'No sufficient progress has been made.' | tail -1"

say "September. A letter, for the addressee alone: the record shows that it was written, to whom, and a hash."
clock 2018-09-05T03:00:00Z
run "lockstep -C dprk letter usa --file letter.md --confidential --yes"
run "lockstep -C dprk propose usa --until 2018-10-31 --yes --text 'A second summit, at an early date.' | tail -1"
proposal=$(entry propose)
mkdir received
run "lockstep -C usa inbox --save received"
run "cat received/*letter.md"

say "19 September. North and South meet in Pyongyang: one measure without a condition, one with a condition not agreed yet."
clock 2018-09-18T00:00:00Z
quiet lockstep -C rok meeting agree pyongyang-september --with dprk --due 2018-09-18 --venue Pyongyang --yes
quiet lockstep -C dprk sign meeting.lockstep --yes
clock 2018-09-19T06:00:00Z
quiet lockstep -C rok meeting minutes pyongyang-september --attach september.md --yes
quiet lockstep -C dprk sign minutes.lockstep --yes
minutes=$(entry minutes)
run "lockstep -C dprk pledge tongchang-ri --source $minutes --yes --text 'The engine test site and the launch platform are dismantled under the observation of experts.' | tail -1"
run "lockstep -C dprk pledge yongbyon --source $minutes --yes --text 'Permanent dismantlement, if the United States takes corresponding measures.' | tail -1"
run "lockstep -C dprk demand corresponding-measures --of usa --source $minutes --yes --text 'Corresponding measures of the United States.' | tail -1"
run "lockstep -C usa demand complete-list --of dprk --yes --text 'A complete declaration of all facilities.' | tail -1"

say "7 October. Talks in Pyongyang. The proposal of a second summit is accepted; a working group is set up."
clock 2018-10-05T00:00:00Z
quiet lockstep -C usa meeting plan pyongyang-october --to dprk --due 2018-10-07 --venue Pyongyang --yes
quiet lockstep -C dprk meeting confirm pyongyang-october --yes
clock 2018-10-07T08:00:00Z
run "lockstep -C usa meeting held pyongyang-october --date 2018-10-07 --yes --text 'More than three hours of talks.' | tail -1"
run "lockstep -C dprk meeting held pyongyang-october --date 2018-10-07 --yes | tail -1"
run "lockstep -C usa accept $proposal --yes --text 'As soon as possible; date and place are to be decided.' | tail -1"
run "lockstep -C usa meeting plan second-summit --to dprk --yes --text 'Date and place to be decided.' | tail -1"
run "lockstep -C usa group create working-group --to dprk --members s-biegun --yes --text 'The process of denuclearization, and the second summit.' | tail -1"
run "lockstep -C dprk group join working-group --members choe-son-hui --yes | tail -1"
run "lockstep -C usa group agenda working-group inspections --yes --text 'Who inspects Punggye-ri, and when.' | tail -1"

say "The mediator is told, with what he may pass on and what not."
run "lockstep -C usa debrief pyongyang-october --to rok --of dprk --pass-to public --yes --text 'The Chairman agreed to a second summit as soon as possible.' | tail -1"
run "lockstep -C usa debrief pyongyang-october --to rok --confidential --attach notes.md --yes | tail -1"
run "lockstep -C rok inbox | tail -4"

say "Three capitals, three readouts. Beside them, what the record shows: who signed, and who confirmed."
clock 2018-10-07T14:00:00Z
run "lockstep -C usa readout publish pyongyang-october readout-usa.yaml --yes | tail -1"
run "lockstep -C dprk readout publish pyongyang-october readout-dprk.yaml --yes | tail -1"
run "lockstep -C rok readout publish pyongyang-october readout-rok.yaml --yes | tail -1"
run "lockstep -C rok readout compare pyongyang-october --alignment alignment.yaml --html readouts.html"

say "7 November. The next meeting, planned for the day after, is put off."
clock 2018-10-30T00:00:00Z
quiet lockstep -C usa meeting plan new-york --to dprk --due 2018-11-08 --venue 'New York' --yes
quiet lockstep -C dprk meeting confirm new-york --yes
clock 2018-11-07T05:00:00Z
run "lockstep -C dprk meeting postpone new-york --yes --text 'Schedules do not permit it.' | tail -1"
run "lockstep -C usa talks --only meetings"

say "January. A date and a place for the summit, without either side showing its calendar."
clock 2019-01-07T00:00:00Z
run "lockstep -C usa schedule open dprk --about second-summit --options summit.yaml --cap 5 --rule borda --until 2019-01-08 --yes"
for side in usa dprk; do
    run "lockstep -C $side schedule choose --mine summit-$side.yaml --yes | tail -1"
done
for _ in 1 2 3 4; do
    for side in usa dprk; do
        run "lockstep -C $side schedule step --yes | tail -1"
    done
done
run "lockstep -C usa schedule show"
run "lockstep -C usa schedule agree --meeting hanoi --yes | tail -1"
run "lockstep -C dprk schedule verify --meeting meeting.lockstep"
run "lockstep -C dprk sign meeting.lockstep --yes | tail -1"

say "February. The working group drafts an accord. Text and roadmap are one document; each side changes it on its own."
clock 2019-02-06T00:00:00Z
run "lockstep -C usa text open first-accord --to dprk --languages en --group working-group --from accord.md --roadmap roadmap.yaml --yes | tail -1"
run "lockstep -C dprk text edit first-accord --out dprk.md | tail -1"
run "sed -i 's/thirty days/sixty days/; s/30 days after/60 days after/; s/the joint exercises planned for the coming spring/all joint exercises/' dprk.md"
run "lockstep -C dprk text propose first-accord dprk.md --yes"
run "lockstep -C dprk text accept first-accord --all --yes | tail -1"
run "lockstep -C rok text show first-accord --pdf first-accord.pdf --html first-accord.html"

say "27 and 28 February 2019. The summit takes place, and ends without an agreement; the two sides say why, each for itself."
clock 2019-02-28T08:00:00Z
run "lockstep -C usa meeting held hanoi --date 2019-02-28 --yes --text 'No agreement was reached at this time.' | tail -1"
run "lockstep -C dprk meeting held hanoi --date 2019-02-28 --yes --text 'We proposed partial relief for Yongbyon.' | tail -1"
run "lockstep -C rok text accord first-accord --out accord.lockstep --yes"

say "March 2019. So far history; this is how it could have gone on. They meet halfway, and no bracket is left."
clock 2019-03-14T00:00:00Z
run "lockstep -C usa text edit first-accord --out usa.md | tail -1"
run "sed -i 's/thirty days/forty-five days/; s/30 days after/45 days after/' usa.md"
run "lockstep -C usa text propose first-accord usa.md --yes | tail -1"
run "lockstep -C dprk text accept first-accord --all --of usa --yes | tail -1"
run "lockstep -C rok text list"
run "lockstep -C usa text accord first-accord --out accord.lockstep --yes | tail -1"
run "lockstep -C dprk sign accord.lockstep --yes | tail -1"

say "A pledge and a demand are measures now, with dates and verifiers. The others stand as they were."
clock 2019-03-14T12:00:00Z
run "lockstep -C dprk redeem tongchang-ri dismantle-tongchang-ri --yes | tail -1"
run "lockstep -C usa redeem corresponding-measures suspend-exercises --yes | tail -1"
run "lockstep -C rok status"
run "lockstep -C rok talks"
