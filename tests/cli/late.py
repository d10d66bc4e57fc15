#!/usr/bin/env python3
"""Nobody becomes late through another's act: a host that does not take acts, cosigners whose clocks run ahead or behind;
whoever has performed in time, and has receipts for it, is overdue in nobody's eyes. Whoever is really late is, for all.

A host, three delegations and four cosigners, nothing of it an exercise. Their clock is the machine's, moved by days.
"""
import time

from lockstep import SOAK, Skip, case, check, main, run, write
from serving import Proxy
from watched import PARTIES, PLACES, Clock, Watched, seconds_of
from world import DAY, HOUR, when

ROADMAP = """\
roadmap: 1
name: timely
title: An accord with a deadline
parties: [dprk, usa, rok]
tracks:
  - {id: all, title: What all do}
steps:
  - id: first
    title: The first step
    track: all
    measures:
      - {id: plain, by: dprk, what: do what nobody hinders, paragraph: p1, after: [in force],
         due: 3 days after in force, verified-by: [usa]}
      - {id: hindered, by: usa, what: do what the host does not take, paragraph: p1, after: [in force],
         due: 3 days after in force, verified-by: [dprk]}
      - {id: forgotten, by: usa, what: do what is left undone, paragraph: p1, after: [in force],
         due: 3 days after in force, verified-by: [dprk]}
"""
TEXT = "# An accord with a deadline\n\n[p1] All do what they have promised.\n"
GRACE = DAY


class Gate(Proxy):
    """Before the host; closed, it lets no act of usa's through, whoever brings it."""

    closed, refused = False, 0

    def ask(self, method, path, body, head):
        if self.closed and path.endswith("/act") and b"\nby: usa\n" in body:
            self.refused += 1
            return 503, {"Content-Type": "text/plain"}, b"busy\ntoo much to do\n\n"
        return super().ask(method, path, body, head)


class Timely(Watched):
    """A process with an accord in force, and a clock to be moved. Of four cosigners, of whom three are a quorum, one may
    lie about time."""

    def __init__(self, folder, shift=None):
        self.clock = Clock(folder)
        # Where a cosigner lies, all others are needed: for finality and for receipts.
        super().__init__(folder, liar=None if shift is None else "uni", shift=shift or 0, reached=("dprk", "usa", "iaea"),
                         env=self.clock.env)
        self.gate = Gate()
        self.through = {place: f"127.0.0.1:{self.gate.port}" for place in PLACES}

    def serve(self, ledger="ledger"):
        self.gate.to = self.ports["rok"]
        super().serve(ledger)

    def end(self, soundly):
        super().end(soundly)
        self.gate.stop()

    def build(self):
        super().build()
        write(self.path("roadmap.yaml"), ROADMAP)
        write(self.path("text.md"), TEXT)
        self.wait_final(party="rok")
        self.of("rok", "accord", "propose", "roadmap.yaml", "text.md", "--out", "accord.lockstep", "--yes")
        for party in ("dprk", "usa"):
            self.of(party, "accord", "sign", "accord.lockstep", "--yes")
        self.wait_final()
        began = seconds_of(self.status("dprk")["accords"][0]["in_force"])
        # "3 days after": the third day ends at midnight of the charter's zone, which is UTC here (docs/roadmap.md).
        self.deadline = (began // DAY + 4) * DAY
        measures = self.measures("dprk")
        check(all(m["deadline"] == when(self.deadline) for m in measures.values()), when(self.deadline), measures)

    def move(self, to):
        """Everybody's clock, the liar's too."""
        ahead = int(to - time.time())
        self.clock.set(ahead)
        if self.liar:
            self.liar.shift = self.lies[1] + ahead

    def status(self, party):
        return self.of(party, "status", "--json").json()

    def measures(self, party):
        return {m["measure"]: m for m in self.status(party)["accords"][0]["measures"]}

    def all_say(self, measure, state, late=False):
        """In every replica."""
        for party in PARTIES:
            found = self.measures(party)[measure]
            check(found["state"] == state and found["late"] == late, f"{measure} is {found['state']} for {party}, late:",
                  found["late"], "wanted:", state, late)

    def withhold(self):
        """The host takes nothing from now on."""
        self.daemons.pop("host").stop()

    def perform(self, measure):
        """By usa, to the cosigners, as the host does not take it."""
        self.of("usa", "perform", measure, "--yes")
        given = self.of("usa", "receipts", "--json").json()["acts"]
        check(len(given) == 1 and given[0]["quorum"], "no receipts:", given)

    def until(self, condition, seconds=40):
        end = time.monotonic() + seconds
        while not condition():
            check(time.monotonic() < end, "not in time:", *["".join(d.lines[-5:]) for d in self.daemons.values()])
            time.sleep(0.3)

    def entered(self):
        self.sync("usa")
        return any(e["kind"] == "perform" and e["by"] == "usa" for e in self.log("usa"))

    def prove(self):
        """The host has the act from the cosigners; its author says by receipts when it was there."""
        self.until(self.entered)
        self.of("usa", "receipts", "--yes")
        entries = self.wait_final(60)
        check("receipts" in [e["kind"] for e in entries], "no receipts on the record", entries)


def withheld_for_a_while(folder, shift):
    """usa performs two hours before the deadline, the host takes it twenty hours after it. What usa forgot, and dprk did
    unhindered, stand beside it. One cosigner's clock is days off, all the time."""
    with Timely(folder, shift) as w:
        w.move(w.deadline - 4 * HOUR)
        w.act("rok", text="It is early.")
        w.wait_final()
        for measure in ("plain", "hindered", "forgotten"):
            w.all_say(measure, "due")
        w.of("dprk", "perform", "plain", "--yes")
        w.wait_final()
        w.all_say("plain", "performed")
        w.withhold()
        w.move(w.deadline - 2 * HOUR)
        w.perform("hindered")
        w.move(w.deadline + 20 * HOUR)
        w.serve()
        w.prove()
        w.all_say("hindered", "performed")
        w.all_say("forgotten", "due")  # the grace is not over
        w.move(w.deadline + GRACE + HOUR)
        w.act("rok", text="Time goes on.")
        w.wait_final()
        w.all_say("forgotten", "overdue")
        w.all_say("hindered", "performed")
        w.all_say("plain", "performed")
        # Better late than never; and late for everybody.
        w.of("usa", "perform", "forgotten", "--yes")
        w.wait_final()
        w.all_say("forgotten", "performed", late=True)
        w.all_say("hindered", "performed")
        run("ledger", "check", "ledger", env=w.env)


@case
def a_host_that_withholds_and_a_cosigner_that_dates_ahead(folder):
    withheld_for_a_while(folder, 9 * DAY)


@case
def a_host_that_withholds_and_a_cosigner_that_dates_back(folder):
    if not SOAK:
        raise Skip("in the long form")
    withheld_for_a_while(folder, -9 * DAY)


@case
def withheld_longer_than_the_grace(folder):
    """The host takes everything but this act, for longer than the grace. Cosigners who have given receipts for it cosign
    nothing that leaves it out, so that time stands still: it is overdue for nobody, at no moment. When the host takes it
    at last it is performed, and what was forgotten is overdue."""
    with Timely(folder) as w:
        w.gate.closed = True
        w.move(w.deadline - 2 * HOUR)
        w.perform("hindered")
        w.move(w.deadline + GRACE + 6 * HOUR)
        w.act("rok", text="The host goes on without it.")
        for _ in range(4):
            for party in ("dprk", "rok"):
                check(w.measures(party)["hindered"]["state"] == "due", "by the host's doing, for", party, w.status(party))
            time.sleep(0.5)
        said = w.sync()
        check(said["final"] < said["entries"] and not w.entered() and w.gate.refused > 1, "it was let in:", said)
        w.gate.closed = False
        w.until(w.entered)
        w.wait_final(60)
        for party in PARTIES:
            states = w.measures(party)
            check(states["hindered"]["state"] == "performed" and states["forgotten"]["state"] == "overdue", party, states)


if __name__ == "__main__":
    main()
