#!/bin/sh
# The process of 2018 as an exercise: three delegations, one machine, the real program. Every line that begins with
# "$" is a command that you could type; nothing else happens behind it.
#
#   demo.sh [FOLDER]     FOLDER is made anew (default: build/demo beside this project's README)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../lib.sh source-path=SCRIPTDIR
. "$here/../lib.sh"
begin "${1:-$project/build/demo}"
cp "$here/roadmap.yaml" "$here/accord.md" "$here/facilities.csv" "$here/rehearsal.yaml" "$folder"

say "7 October 2018. Each delegation makes its workspace: a vault for the delegation, one for each signer."
run "lockstep init dprk --party dprk --title \"Democratic People's Republic of Korea\" --signer dprk-1 --signer dprk-2 --threshold 2 --ledger ledger --exercise --no-passphrase"
run "lockstep init usa --party usa --title 'United States of America' --signer usa-1 --signer usa-2 --ledger ledger --exercise --no-passphrase"
run "lockstep init rok --party rok --title 'Republic of Korea' --role mediator --ledger ledger --exercise --no-passphrase"

say "Seoul mediates. It drafts the charter from the three cards and keeps the ledger."
run "lockstep -C rok charter new charter.yaml --name pyongyang-2018 --title 'The process of 2018' --zone Asia/Seoul --ledger ledger --party dprk/party.yaml --party usa/party.yaml --mediator rok/party.yaml"
run "lockstep -C rok exercise clock 2018-10-07T10:00:00Z"
run "lockstep charter check charter.yaml"

say "All sign the same bytes, in any order; the last signature files the charter. Its fingerprint names the process."
run "lockstep -C rok charter sign charter.yaml --yes"
run "lockstep -C dprk sign charter.lockstep --yes | tail -1"
run "lockstep -C usa sign charter.lockstep --yes | tail -1"
charter=$(lockstep -C rok charter show --json | sed -n 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/p')

say "8 October. The accord: a text, and a roadmap whose measures point at its paragraphs. Checked before anyone signs."
run "lockstep -C rok exercise clock 2018-10-08T06:00:00Z"
run "lockstep -C rok accord check roadmap.yaml accord.md"

say "And before anyone signs: what it lets happen, in every order in which the parties can act or keep silent."
run "lockstep -C rok accord analyse roadmap.yaml accord.md --svg-gantt gantt.svg --svg-exposure exposure.svg"
run "lockstep -C rok rehearse rehearsal.yaml roadmap.yaml accord.md"

say "They sign."
run "lockstep -C usa accord propose roadmap.yaml accord.md --yes"
run "lockstep -C rok accord sign accord.lockstep --yes | tail -1"
run "lockstep -C dprk accord sign accord.lockstep --yes | tail -1"

say "10 October. Pyongyang commits to the complete list: four tranches, padded, none of them opened."
run "lockstep -C rok exercise clock 2018-10-10T02:00:00Z"
run "lockstep -C dprk declare --inventory facilities.csv --backup safe --yes"
run "lockstep -C usa confirm declare-sites --yes --text 'Committed, in the form that the accord fixes.'"

say "How many sites would have to be inspected, and what drawing so many would tell of how many there are."
run "lockstep -C usa plan --population sites --violations 5 --detect medium"

say "Washington and Seoul perform their first measures, and Pyongyang confirms them."
run "lockstep -C rok exercise clock 2018-10-12T15:00:00Z"
run "lockstep -C usa perform suspend-exercises --date 2018-10-11 --yes --text 'The autumn exercises are suspended.'"
run "lockstep -C rok perform suspend-exercises-rok --yes"
run "lockstep -C dprk confirm suspend-exercises --date 2018-10-11 --yes"
run "lockstep -C dprk confirm suspend-exercises-rok --yes"

say "19 October. Pyongyang opens tranche 1. Washington checks it offline, trusting nobody: completeness included."
run "lockstep -C rok exercise clock 2018-10-19T03:00:00Z"
run "lockstep -C dprk open --tranche 1 --yes"
run "lockstep-verify sites-tranche-1.lockstep --charter $charter"
run "lockstep-verify sites-tranche-1.lockstep --charter $charter --rows 2>/dev/null"
run "lockstep -C usa confirm open-test-sites --yes"

say "7 November. Washington puts off tomorrow's meeting and suspends the accord, and says why. No deadline moves."
run "lockstep -C rok exercise clock 2018-11-07T14:00:00Z"
run "lockstep -C usa call-off high-level-meeting --due 2019-02-28 --yes --text 'Schedules do not permit it.'"
run "lockstep -C usa suspend --yes --text 'Citing lack of progress.'"

say "16 November. It resumes. Meanwhile the humanitarian exemption, due on 9 November, has not come."
run "lockstep -C rok exercise clock 2018-11-16T14:00:00Z"
run "lockstep -C usa resume --yes"
run "lockstep -C dprk missing humanitarian-exemption --yes --text 'No exemption has been notified.'"

say "20 November. The scorecard, the same for every side, because it follows from the record alone."
run "lockstep -C rok exercise clock 2018-11-20T00:00:00Z"
run "lockstep -C usa status"
run "lockstep -C dprk log"

say "Why one measure stands as it does, and what each party may and must do next."
run "lockstep -C usa explain visit-punggye-ri"
run "lockstep -C usa next"
run "lockstep -C usa calendar --out deadlines.ics"

say "A web site that any press office can host. The reader's browser computes each page again from the record."
run "lockstep -C rok portal build site --publish all"

say "The whole record in one file, for anyone to check with one small program."
run "lockstep -C rok export record.lockstep"
run "lockstep-verify record.lockstep --charter $charter"

cat <<END

That was an exercise. The workspaces are in $folder: dprk, usa, rok, and the ledger they share.
Try next, in that folder, with its bin in your PATH:

  cd $folder && PATH=\$PWD/bin:\$PATH
  lockstep -C usa show 4                  # one act as it was signed, with its proof
  lockstep -C dprk open --row site-yongbyon --fields id,name
  lockstep -C usa object visit-punggye-ri --text "Inspectors were turned away."
  lockstep -C dprk status --json
  tar tvf record.lockstep                 # a bundle is a plain tar archive
  xdg-open site/portal.html               # the portal in one file, in a browser, without a network
END
