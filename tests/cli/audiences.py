#!/usr/bin/env python3
"""Files for audiences: who gets what, over a shared folder, by couriers and over a server. Whatever is not for a reader
is looked for, byte by byte, in everything that the reader has."""
import os
import time

from lockstep import (ROADMAP, USAGE, Process, case, check, check_without, every_file, headers, main, read, read_store,
                      run, write)
from serving import Daemon, Server
from world import HOUR, Key, b64, tiles, vault_seed, when

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


@case
def each_audience_sees_its_own(folder):
    """Over a shared folder: the inspectors get the tranche, the mediator the ids, the ledger neither."""
    p = process()
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("public.lockstep"))
    memo = write(p.path("memo.txt"), MEMO)
    p.run("usa", "perform", "pause", "--attach", memo, "--audience", "inspectors", "--yes")
    files = p.run("usa", "inbox", "--json").json()["files"]
    check([f["state"] for f in files] == ["received", "sent"], files)
    p.run("usa", "inbox", "--save", p.path("received")).says("sites-tranche-1-inspectors.opening")
    saved = os.listdir(p.path("received"))
    check(len(saved) == 1, saved)
    p.run("usa", "inbox", "--save", p.path("received"))  # what is there already stays
    write(os.path.join(p.path("received"), saved[0]), "other")
    p.run("usa", "inbox", "--save", p.path("received"), code=USAGE).complains("File exists", "move that one away")
    check(read(os.path.join(p.path("received"), saved[0])) == b"other", "it was overwritten")
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


def tranche_key(opening):
    """Of an opening of a whole tranche (docs/protocol.md): behind the leaf and its proof."""
    head = b"lockstep opening v1\n\0\0\0\1\1"
    check(opening.startswith(head), opening[:40])
    at = len(head) + 32 + 4
    at += 2 + int.from_bytes(opening[at:at + 2], "big")
    at += 1 + 32 * opening[at]
    key, sealed = opening[at:at + 32], int.from_bytes(opening[at + 32:at + 40], "big")
    check(len(opening) == at + 40 + sealed, "not where its key should be")
    return key


# Over a server, where access notes let in.

FAR = """\
tranche,id,name,lat,lon
1,alpha,The first of all places,39.104771,125.778812
1,beta,"The second, with a comma",39.223316,125.660194
2,gamma,A third that stays closed,39.315527,125.442718
"""
IDS = ("alpha", "beta")                                               # of tranche 1: everybody's who is in the process
NAMES = ("The first of all places", "The second, with a comma")       # the guides', too
PLACES = ("39.104771", "125.778812", "39.223316", "125.660194")       # the inspectors'
NOBODYS = ("A third that stays closed", "39.315527", "125.442718")
LETTER = "what the mediator writes to the inspectors: the seal is number 80-4711"
THREE = """    audiences:
      - {name: process, fields: [id]}
      - {name: guides, fields: [id, name]}
      - {name: inspectors, fields: all}
    tranches:
"""


class Restricted(Process):
    """usa inspects, rok guides; only who has an access note reads; an outsider's cosigner confirms."""

    def __init__(self, folder):
        super().__init__(folder)
        write(self.path("roadmap.yaml"), ROADMAP.replace("    tranches:\n", THREE, 1))
        write(self.path("sites.csv"), FAR)
        for party in self.PARTIES:
            self.init(party)
        run("init", self.path("watch"), "--outsider", "watch", "--domain", "watch.example", "--exercise", "--no-passphrase")
        cards = [o for party in self.PARTIES
                 for o in ("--mediator" if party == "rok" else "--party", self.path(party, "party.yaml"))]
        self.run("rok", "charter", "new", self.path("charter.yaml"), "--name", "small", "--zone", "Asia/Seoul", "--ledger",
                 self.ledger, *cards, "--outsider", self.path("watch", "cosigner.yaml"))
        charter = read(self.path("charter.yaml")).decode()
        write(self.path("charter.yaml"), charter + "\naudiences:\n  inspectors: [usa]\n  guides: [rok]\n")
        self.clock("2018-10-08T06:00:00Z")
        self.sign_charter().sign_accord()
        self.process = self.fingerprint()

    def __enter__(self):
        self.server = Server(self.ledger)
        self.url = f"http://127.0.0.1:{self.server.port}/small"
        self.cosigner = Daemon("cosign", self.path("watch"), "--interval", "1", "--follow", self.url, "--charter",
                               self.process)
        for party in self.PARTIES:
            self.run(party, "ledger", "set", self.url)
        return self

    def __exit__(self, kind, *_):
        for daemon in (self.cosigner, self.server):
            if kind is None:
                daemon.stop()
            else:
                daemon.kill()

    def wait_final(self, party):
        until = time.monotonic() + 40
        while (said := self.run(party, "sync", "--json").json())["final"] < said["entries"]:
            check(time.monotonic() < until, "not final:", said, *self.cosigner.lines[-5:], *self.server.lines[-5:])
            time.sleep(0.2)

    def note(self, name, vault, key):
        """An access note (docs/protocol.md), in a header."""
        text = f"lockstep access v1\n{self.process}\n{name}\n{when(int(time.time()) + HOUR)}\n".encode()
        return {"Authorization": "Lockstep " + b64(Key(key, seed=vault_seed(self.path(*vault))).note(text))}

    def readers(self):
        notes = {party: self.note(party, (party, "vaults", f"{party}-1.vault"), f"{party}.example/{party}-1")
                 for party in self.PARTIES}
        notes["watch"] = self.note("watch", ("watch", "vaults", "receipts.vault"), "watch.example/watch-receipts")
        return {**notes, "stranger": {}}

    def collect(self, place, reader):
        """Everything that the server gives a reader, of all that there is, into a folder; the paths that were given."""
        entries, _ = read_store(self.ledger)
        named = {a.split(" ")[0] for e in entries for a in headers(e).get("attachment", [])}
        boxes = [f"sealed/{party}/{name}" for party in self.PARTIES
                 for name in (named | set(os.listdir(os.path.join(self.ledger, "boxes", party)))
                              if os.path.isdir(os.path.join(self.ledger, "boxes", party)) else named)]
        paths = ["checkpoint", "checkpoint/latest", *[path for path, _ in tiles(entries)],
                 *[f"attachment/{name}" for name in named], *[f"sealed/{party}" for party in self.PARTIES], *boxes]
        given = set()
        os.makedirs(place)
        for path in sorted(set(paths)):
            status, said, head = self.server.ask("GET", "/small/" + path, **reader)
            write(os.path.join(place, path.replace("/", "-")), said + repr(head).encode())
            if status == 200:
                given.add(path)
        return given


@case
def nothing_reaches_the_wrong_audience_over_a_server(folder):
    """A tranche of which each audience sees other fields, and a letter. Then everything is searched that anybody has:
    the host's folder, what the server gives to each reader, an export, and every replica."""
    with Restricted(folder) as p:
        p.declare()
        p.run("usa", "confirm", "declare-sites", "--yes")
        letter = write(p.path("letter.txt"), LETTER)
        p.run("rok", "perform", "mediate", "--attach", letter, "--audience", "inspectors", "--yes")
        p.run("dprk", "open", "--tranche", "1", "--yes")  # whoever runs anything now collects what is his
        p.wait_final("dprk")
        boxes = {party: os.listdir(os.path.join(p.ledger, "boxes", party)) for party in ("usa", "rok")}
        check(len(boxes["usa"]) == 2 and len(boxes["rok"]) == 1, "boxes:", boxes)
        # What the server gives: boxes, sealed, to their addressee, and nothing at all to a stranger.
        for name, reader in p.readers().items():
            given = p.collect(p.path("given", name), reader)
            sealed = {path for path in given if path.startswith("sealed")}
            own = {f"sealed/{name}", *[f"sealed/{name}/{box}" for box in boxes.get(name, ())]}
            check(sealed == (own if name in p.PARTIES else set()), name, "is given", sealed)
            check(bool(given) == (name != "stranger"), name, "is given", given)
        check_without(NAMES + PLACES + NOBODYS + (LETTER,), p.path("given"), p.ledger)
        p.run("usa", "ledger", "export", p.path("tree"), "--from", p.url)
        # They collect what is theirs.
        for party in p.PARTIES:
            p.run(party, "sync")
            p.run(party, "inbox")
            p.run(party, "ledger", "export", p.path(f"tree-{party}"))
            p.run(party, "export", p.path(f"record-{party}.lockstep"))
        p.wait_final("rok")
        time.sleep(1.5)  # the cosigner looks once more
    rows = {party: p.run(party, "verify", "--rows").out for party in ("usa", "rok")}
    check(all(text in rows["usa"] for text in IDS + NAMES + PLACES), rows["usa"])
    check(all(text in rows["rok"] for text in IDS + NAMES) and not any(text in rows["rok"] for text in PLACES), rows["rok"])
    check(LETTER.encode() in b"".join(map(read, every_file(p.path("usa")))), "the letter has not come")
    # Whoever sees every field has the tranche's key, and its values are nowhere in clear: the key is as good as they.
    p.run("usa", "inbox", "--save", p.path())
    opening = [path for path in os.listdir(p.path()) if path.endswith("sites-tranche-1-inspectors.opening")]
    key = tranche_key(read(p.path(opening[0])))
    os.remove(p.path(opening[0]))
    # Byte by byte, in all that each has.
    public = [p.path(name) for name in ("given", "tree", "ledger", "watch", *[f"tree-{party}" for party in p.PARTIES])]
    public += [os.path.join(p.folder, f"record-{party}.lockstep") for party in p.PARTIES]
    check_without(NAMES + PLACES + NOBODYS + (LETTER, key), *public)
    check_without(PLACES + NOBODYS + (key,), p.path("rok"))
    check_without(NOBODYS, p.path("usa"))
    check_without((LETTER,), p.path("dprk"))
    check(any(text.encode() in read(path) for path in every_file(p.path("tree")) for text in IDS), "ids are everybody's")
    # The search finds what is there.
    for texts, place in ((NAMES[:1], "rok"), ((key,), "usa"), ((LETTER,), "usa")):
        try:
            check_without(texts, p.path(place))
        except AssertionError:
            continue
        check(False, "the search finds nothing:", texts, place)


@case
def audiences_that_nobody_knows_are_refused(folder):
    p = process()
    memo = write(p.path("memo.txt"), MEMO)
    before = p.run("usa", "log", "--json").out
    p.run("usa", "perform", "pause", "--attach", memo, "--audience", "spies", "--yes", code=2).complains("spies")
    check(p.run("usa", "log", "--json").out == before, "something was filed")


if __name__ == "__main__":
    main()
