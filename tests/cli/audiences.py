#!/usr/bin/env python3
"""Files for audiences: who gets what, over a shared folder, by couriers and over a server. Whatever is not for a reader
is looked for, byte by byte, in everything that the reader has."""
import base64
import os

from lockstep import Process, ROADMAP, case, check, main, read, run, write

INSPECTORS = "audiences:\n  inspectors: [usa]\n"
SHOWN = """    audiences:
      - {name: process, fields: [id]}
      - {name: inspectors, fields: all}
    tranches:
"""
SECRET = ("First place", "Second, with a comma", "39.1", "125.2")  # of tranche 1, and only for inspectors
CLOSED = ("Third place", "39.4")                                  # of tranche 2, for nobody yet
MEMO = "what the inspectors read on the dial: 4711"


def process(folder="."):
    """A process whose charter knows an audience, and whose accord shows it more than the others."""
    p = Process(folder)
    p.draft_charter()
    charter = read(p.path("charter.yaml")).decode()
    write(p.path("charter.yaml"), charter + ("" if charter.endswith("\n") else "\n") + INSPECTORS)
    write(p.path("roadmap.yaml"), ROADMAP.replace("    tranches:\n", SHOWN, 1))
    p.sign_charter().sign_accord()
    p.run("dprk", "declare", "--inventory", p.path("sites.csv"), "--backup", p.path("backup"), "--yes")
    p.run("usa", "confirm", "declare-sites", "--yes")
    return p


def every_file(*folders):
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                yield os.path.join(place, name)


def check_without(texts, *folders, but=()):
    """None of these texts, as it is, in base64 or in hex, in any file."""
    wanted = []
    for text in texts:
        raw = text.encode()
        wanted += [raw, raw.hex().encode()] + [base64.b64encode(b"x" * i + raw)[4:-4] for i in range(3)]
    for path in every_file(*folders):
        if any(path.startswith(keep) for keep in but):
            continue
        content = read(path)
        for text in wanted:
            check(len(text) < 3 or text not in content, f"{text!r} is in {path}")


@case
def each_audience_sees_its_own(folder):
    """Over a shared folder: the inspectors get the tranche, the mediator the ids, the ledger neither."""
    p = process()
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("public.lockstep"))
    memo = write(p.path("memo.txt"), MEMO)
    p.run("usa", "perform", "pause", "--attach", memo, "--audience", "inspectors", "--yes")
    files = p.run("usa", "inbox", "--json").json()["files"]
    check([f["state"] for f in files] == ["received", "sent"], files)
    p.run("usa", "inbox", "--save", p.path()).says("sites-tranche-1-inspectors.opening")
    p.run("rok", "inbox").says("No file on the record is for an audience")
    everything = (p.ledger, p.path("rok"), p.path("public.lockstep"))
    check_without(SECRET + CLOSED + (MEMO,), *everything)
    # The mediator verifies completeness all the same; the inspectors see the values.
    rows = run("verify", p.path("public.lockstep"), "--rows")
    check("alpha" in rows.out and "First place" not in rows.out, rows)
    check("complete: all 8 rows of tranche 1" in rows.err + rows.out, rows)
    own = p.run("usa", "verify", "--rows")
    check(all(text in own.out for text in SECRET[:2]), own)
    others = p.run("rok", "verify", "--rows")
    check("alpha" in others.out and not any(text in others.out for text in SECRET[:2]), others)


@case
def couriers_carry_boxes(folder):
    """By files carried by hand: the act and its boxes to the host, and from there to the addressee."""
    p = process()
    for party in ("dprk", "usa"):
        p.run(party, "sync")
        p.run(party, "ledger", "set", "courier")
    p.run("dprk", "open", "--tranche", "1", "--yes")
    p.run("dprk", "sync", "--to", p.path("acts.lockstep"))
    check_without(SECRET + CLOSED, p.path("acts.lockstep"))
    p.run("rok", "sync", "--from", p.path("acts.lockstep"))
    check_without(SECRET + CLOSED, p.ledger, p.path("rok"))
    for party in ("usa", "dprk"):
        p.run("rok", "sync", "--to", p.path(f"{party}.lockstep"), "--for", party, "--since", "0")
        check_without(SECRET + CLOSED, p.path(f"{party}.lockstep"))
        p.run(party, "sync", "--from", p.path(f"{party}.lockstep"))
    p.run("usa", "inbox").says("received")
    own = p.run("usa", "verify", "--rows")
    check(all(text in own.out for text in SECRET[:2]), own)
    p.run("dprk", "outbox").says("Nothing waits")


@case
def exports_hold_nothing_restricted(folder):
    """The record as a bundle, from whoever has the file and from who has not."""
    p = process()
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("public.lockstep"))
    p.run("usa", "inbox")
    for party in ("usa", "rok", "dprk"):
        bundle = p.path(f"{party}.lockstep")
        p.run(party, "export", bundle)
        check_without(SECRET + CLOSED, bundle)
        run("verify", bundle)


@case
def a_box_opens_for_its_addressee_only(folder):
    """Whoever copies another's box can't open it, and a box that was changed is left and told."""
    p = process()
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("public.lockstep"))
    boxes = os.path.join(p.ledger, "boxes", "usa")
    names = os.listdir(boxes)
    check(len(names) == 1, names)
    box = read(os.path.join(boxes, names[0]))
    for party in ("rok", "dprk"):
        os.makedirs(p.path(party, "inbox"), mode=0o700, exist_ok=True)
        write(p.path(party, "inbox", names[0]), box)
        p.run(party, "inbox")
        check(read(p.path(party, "inbox", names[0])) == box, "a stranger opened it")
    write(os.path.join(boxes, names[0]), box[:-1] + bytes([box[-1] ^ 1]))
    p.run("usa", "inbox").says("does not hold what the act names")
    # The right one still helps.
    write(p.path("usa", "inbox", names[0]), box)
    p.run("usa", "inbox").says("received")
    check(not os.listdir(boxes), "a box that was delivered is still there")


@case
def audiences_that_nobody_knows_are_refused(folder):
    p = process()
    memo = write(p.path("memo.txt"), MEMO)
    before = p.run("usa", "log", "--json").out
    p.run("usa", "perform", "pause", "--attach", memo, "--audience", "spies", "--yes", code=2).complains("spies")
    check(p.run("usa", "log", "--json").out == before, "something was filed")


if __name__ == "__main__":
    main()
