#!/usr/bin/env python3
"""A host with four cosigners, of whom three make a checkpoint final: what the failing, the silent and the lying can do.
The clock is the machine's: nothing here is an exercise."""
import os
import time

from lockstep import USAGE, case, check, main, read_store, run
from serving import Daemon, free_port
from watched import NAME, PARTIES, Clock, Watched, final_time, seconds_of
from world import DAY, HOUR


@case
def three_of_four(folder):
    with Watched(folder) as w:
        entries = w.wait_final()
        check(abs(seconds_of(entries[0]["time"]) - time.time()) < 60, entries)
        # One leaves: nothing happens. Which one does not matter.
        for name in ("usa", "dprk"):
            w.leave(name)
            w.act(text=f"Without {name}.")
            w.wait_final()
            w.cosign(name)


@case
def two_leave(folder):
    with Watched(folder, exercise=True) as w:
        final = len(w.wait_final())
        w.leave("usa")
        w.leave("iaea")
        w.act(text="Nobody makes it final.")
        time.sleep(4)
        said = w.sync()
        check(said["final"] < said["entries"] and said["final"] <= final + 1, said)
        status = w.of("dprk", "status", "--json").json()
        check(set(status["lacks"].split(", ")) == {"usa-cosigner", "iaea"}, status)
        w.cosign("iaea")
        w.wait_final()


def wait_for_entries(w, count, seconds=30):
    until = time.monotonic() + seconds
    while len(read_store(w.ledger)[0]) < count:
        check(time.monotonic() < until, "no stamp came:", *["".join(d.lines[-20:]) for d in w.daemons.values()])
        time.sleep(0.1)


@case
def thirty_days_of_silence(folder):
    """Nobody acts: time on the record moves on, day by day, and is the same for everybody. Without a quorum it stands."""
    clock = Clock(folder)
    with Watched(folder, env=clock.env) as w:
        w.wait_final()
        w.act(text="The last word for a long time.")
        first = len(w.wait_final())
        for day in range(1, 31):
            clock.forward(1)
            wait_for_entries(w, first + day)
        time.sleep(2)
        logs = [w.log(party) for party in PARTIES if w.sync(party)["entries"] >= first + 30]
        check(len(logs) == 3 and logs[0] == logs[1] == logs[2], "the copies differ")
        times = [final_time(note) for note in read_store(w.ledger)[0] if b"\nact: stamp\n" in note][-31:]
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        check(all(abs(gap - DAY) < HOUR for gap in gaps), "stamps were not a day apart:", gaps)
        for name in ("usa", "iaea"):
            w.leave(name)
        size = len(read_store(w.ledger)[0])
        clock.forward(5)
        time.sleep(8)
        check(len(read_store(w.ledger)[0]) == size, "time went on without a quorum")


@case
def one_is_ahead(folder):
    with Watched(folder, liar="uni", shift=3 * DAY) as w:
        entries = w.wait_final()
        check(all(abs(seconds_of(e["time"]) - time.time()) < 120 for e in entries if e["time"]), entries)


@case
def one_is_behind(folder):
    with Watched(folder, liar="uni", shift=-3 * HOUR) as w:
        entries = w.wait_final()
        check(all(abs(seconds_of(e["time"]) - time.time()) < 120 for e in entries if e["time"]), entries)


@case
def the_host_does_not_take_an_act(folder):
    with Watched(folder, exercise=True, reached=("dprk", "iaea", "uni")) as w:
        w.wait_final()
        w.daemons.pop("host").stop()
        w.daemons.pop("uni").stop()
        act = w.act(text="The host is away.").json()
        waiting = w.of("usa", "outbox", "--json").json()["waiting"]
        check(len(waiting) == 1, waiting, act)
        given = w.of("usa", "receipts", "--json").json()["acts"]
        check(given[0]["receipts"] == 2 and not given[0]["quorum"], given)
        said = w.of("usa", "outbox")
        check("2 cosigners have given a receipt" in said.out, said)
        w.cosign("uni")
        for _ in range(60):
            given = w.of("usa", "receipts", "--json").json()["acts"]
            if given[0]["quorum"]:
                break
            time.sleep(0.5)
        check(given[0]["receipts"] == 3 and given[0]["quorum"], given)
        # The cosigners bring it, and a receipts act follows.
        w.serve()
        for _ in range(60):
            entries = w.sync()["entries"]
            kinds = [e["kind"] for e in w.of("dprk", "log", "--json").json()["entries"]]
            if "withdraw" in kinds:
                break
            time.sleep(0.5)
        check("withdraw" in kinds, kinds, entries)
        w.of("usa", "receipts", "--yes", "--json")
        kinds = [e["kind"] for e in w.of("usa", "log", "--json").json()["entries"]]
        check("receipts" in kinds, kinds)


@case
def a_cosigner_gets_new_keys(folder):
    """The new key counts once a stamp covers its entry, and the old one counts no more."""
    with Watched(folder, exercise=True) as w:
        w.wait_final()
        w.of("usa", "rekey", "--cosigner", "usa-watch-2", "--yes")
        w.wait_final()  # the old one may still be needed for that
        w.leave("usa")
        w.leave("dprk")
        w.act(text="Two of four have no quorum.")
        os.rename("usa-watch", "usa-old")
        os.rename("usa-watch-2", "usa-watch")
        w.cosign("usa")
        w.wait_final()  # with the new key
        w.leave("usa")
        w.act(text="And none without it.")
        os.rename("usa-watch", "usa-new")
        os.rename("usa-old", "usa-watch")
        w.cosign("usa")  # whoever has the old keys
        time.sleep(4)
        said = w.sync()
        check(said["final"] < said["entries"], "the old key still counts", said)
        w.cosign("dprk")
        w.wait_final()
        w.of("rok", "ledger", "check", "ledger")


@case
def the_host_is_succeeded(folder):
    """It is lost. Another one goes on behind all that was final; whoever holds the succession signs the old one no more."""
    with Watched(folder, exercise=True) as w:
        w.wait_final()
        w.act(text="Known to all.")
        before = len(w.wait_final())
        for party in ("dprk", "usa"):
            w.sync(party)
        w.daemons.pop("host").stop()
        lost, w.ports["rok"] = w.url(), free_port()
        wrong = w.of("usa", "ledger", "succeed", "ledger-2", "--origin", "usa.example/" + NAME, "--yes", code=USAGE)
        check("begins with exercise." in wrong.err and not os.path.exists("ledger-2"), wrong)
        w.of("usa", "ledger", "succeed", "ledger-2", "--origin", "exercise.usa.example/" + NAME, "--out",
            "succession.lockstep", "--yes")
        w.of("dprk", "sign", "succession.lockstep", "--yes")
        w.of("usa", "ledger", "succeed", "ledger-2", "--start", "succession.lockstep")
        os.rename("ledger", "ledger-lost")
        os.rename("ledger-2", "ledger")
        w.of("usa", "ledger", "set", os.path.abspath("ledger"))
        w.serve()
        w.of("dprk", "ledger", "set", w.url())
        for name in ("dprk", "iaea", "uni"):
            w.leave(name)
            w.cosign(name)
        w.act("dprk", text="It goes on.")
        entries = w.wait_final()
        check([e["kind"] for e in entries].count("succeed") == 1 and entries[before - 1]["id"], entries)
        check(entries[-2]["kind"] in ("withdraw", "stamp"), entries)
        # usa's own cosigner counts no more: without uni there is no quorum.
        w.leave("uni")
        w.act("dprk", text="Two of three are not enough.")
        time.sleep(3)
        said = w.sync()
        check(said["final"] < said["entries"], said)
        run("ledger", "check", "ledger")
        # The old host comes back: nobody who knows of its successor cosigns what it says.
        check(lost != w.url(), lost)
        job = Daemon("serve", "ledger-lost", "--listen", lost.split("/")[2], env=w.env)
        time.sleep(2)
        refused = w.attempt("dprk", "-C", "dprk", "ledger", "set", lost)
        said = w.attempt("dprk", "-C", "dprk", "sync")
        job.stop()
        check(refused.code != 0 or said.code != 0 or "behind" in said.out + said.err, refused, said)


if __name__ == "__main__":
    main()
