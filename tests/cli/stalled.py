#!/usr/bin/env python3
"""A quorum that stalls while nobody acts, and a copy that is merely old: which of them is said, and who is named. Days
pass in a moment, for all programs at once."""
import time

from lockstep import case, check, main
from serving import free_port
from watched import NAME, Clock, Watched

DAYS = 3  # more than two stamp intervals


def until(w, what, party="dprk"):
    """status --json, once it is as wanted."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        status = w.of(party, "status", "--json").json()
        if what(status):
            return status
        time.sleep(1)
    check(False, "it never is so:", status, *["".join(d.lines[-8:]) for d in w.daemons.values()])
    return None


@case
def those_who_left_in_silence_are_named(folder):
    clock = Clock(folder)
    with Watched(folder, env=clock.env) as w:
        w.wait_final()
        gone = {"usa": "usa-cosigner", "iaea": "iaea", "uni": "uni"}
        for name in gone:
            w.leave(name)
        clock.forward(DAYS)
        # The fourth cosigns anew what is final already, and the copy sees that it does.
        status = until(w, lambda s: s["stalled"] and s["lacks"].count(",") == 2)
        check(set(status["lacks"].split(", ")) == set(gone.values()), status)
        check(status["final_entries"] == status["entries"] and status["reached"], status)
        said = w.of("dprk", "status").says("the quorum is stalled", "until enough of these cosign: ", *gone.values())
        check("Not final yet" not in said.out and "dprk-cosigner" not in said.out, said)
        for name in ("iaea", "uni"):
            w.cosign(name)
        until(w, lambda s: not s["stalled"] and s["final_entries"] == s["entries"])


@case
def an_old_copy_is_only_old(folder):
    clock = Clock(folder)
    with Watched(folder, env=clock.env) as w:
        w.wait_final()
        w.of("usa", "sync")
        w.of("rok", "sync", "--to", w.path("for-dprk"), "--for", "dprk")
        clock.forward(DAYS)
        # Out of reach, and then by courier: what is said is the age.
        w.of("dprk", "ledger", "set", f"http://127.0.0.1:{free_port()}/{NAME}")
        unreached = w.of("dprk", "status").complains("as of ", "3 days ago")
        w.of("dprk", "ledger", "set", "courier")
        w.of("dprk", "sync", "--from", w.path("for-dprk"))
        carried = w.of("dprk", "status").complains("as of ", "3 days ago; couriers carry what is new")
        for said in (unreached, carried):
            check("stalled" not in said.out + said.err, said)
        status = w.of("dprk", "status", "--json").json()
        check(not status["stalled"] and not status["reached"], status)


if __name__ == "__main__":
    main()
