#!/usr/bin/env python3
"""Receipts for acts that the host does not take: who can be asked, for what, and without a connection."""
import http.client
import os

from lockstep import USAGE, Process, case, check, main, read, write
from watched import Watched


@case
def where_nobody_can_be_asked_it_says_so(folder):
    p = Process("process").build()
    p.run("usa", "receipts").says("No act waits")
    p.run("usa", "receipts", "1ceb", code=USAGE).complains("begins with 1ceb", "lockstep outbox")
    p.run("usa", "receipts", "1ceb", "--json", code=USAGE).complains("begins with 1ceb")
    p.run("usa", "ledger", "set", "courier")
    p.run("usa", "perform", "pause", "--yes")
    p.run("usa", "receipts", code=USAGE).complains("has no cosigners", "lockstep sync --to FILE")
    with Watched(folder, reached=()) as w:
        w.wait_final()
        w.of("usa", "ledger", "set", "courier")
        w.act()
        w.of("usa", "receipts", code=USAGE).complains("no witness line of the policy has", "lockstep sync --to FILE")


def hand_over(w, name, file):
    """As curl would, from anywhere."""
    c = http.client.HTTPConnection(w.address(name), timeout=30)
    c.request("POST", "/receipt", read(file), {"Content-Type": "application/x-tar"})
    answer = c.getresponse()
    body = answer.read()
    c.close()
    check(answer.status == 200, name, answer.status, body)
    return body


@case
def a_receipt_is_carried(folder):
    """The author has no connection; the file in its outbox is carried to a cosigner, and the answer back."""
    with Watched(folder, reached=("iaea", "uni")) as w:
        w.wait_final()
        w.of("usa", "sync")
        w.of("usa", "ledger", "set", "courier")
        w.daemons.pop("host").stop()
        w.act(text="By hand.")
        waiting = w.of("usa", "outbox", "--json").json()["waiting"][0]
        receipts = w.path("usa", "receipts", waiting["id"])
        os.makedirs(receipts, mode=0o700)
        for number, name in enumerate(("iaea", "uni"), 1):
            write(os.path.join(receipts, name), hand_over(w, name, w.path("usa", "outbox", waiting["file"])))
            w.of("usa", "outbox").says(f"{number} cosigner{'s have' if number > 1 else ' has'} given a receipt")
        # What is no receipt of this act counts for nothing.
        write(os.path.join(receipts, "dprk-cosigner"), read(os.path.join(receipts, "uni")))
        write(os.path.join(receipts, "usa-cosigner"), b"a receipt")
        check("3 cosigners" not in w.of("usa", "outbox").out, "counted twice")


@case
def what_the_record_refuses_is_not_handed_on(folder):
    """An act that nobody could let in is no case for cosigners, whoever refused it."""
    with Watched(folder, reached=("dprk", "iaea")) as w:
        w.wait_final()
        w.of("usa", "sync")
        w.daemons.pop("host").stop()
        w.act(text="First.")
        first = w.of("usa", "outbox", "--json").json()["waiting"][0]["id"]
        w.act(text="Second, on the first.")
        w.of("usa", "outbox", "drop", first)
        said = w.of("usa", "receipts")
        said.says("is not handed on, as it can't be filed", "lockstep outbox drop")
        check("receipts," not in said.out, said)
        acts = w.of("usa", "receipts", "--json").json()["acts"]
        check([a["state"] for a in acts] == ["refused"] and acts[0]["why"], acts)
        check(not os.path.exists(w.path("usa", "receipts", acts[0]["act"])), "asked for")


if __name__ == "__main__":
    main()
