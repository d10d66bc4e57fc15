#!/usr/bin/env python3
"""The browser's verifier: what it says of any file is what lockstep-verify says, to the byte; and nothing that somebody
changed of a ledger that is served passes it. It is built here, and run by node alone."""
import copy
import glob
import gzip
import json
import os
import re
import shutil
import subprocess

from lockstep import BINARY, OK, ROOT, SHARED, SOAK, Skip, case, check, main, note_text, read, run, write
from world import HOUR, World, bundle, claim, nodes, tlog_proof

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
BUILD = os.path.join(ROOT, "build-web")  # where tools/build-web has compiled it
LIMIT = 300 * 1024
ENVIRONMENT = 3


def node(script, *args):
    done = subprocess.run(["node", os.path.join(ROOT, "tests", "web", script), *args], capture_output=True, text=True,
                          check=False)
    check(done.returncode == 0, f"{script}:", done.stdout[-6000:], done.stderr[-6000:])
    return done.stdout


def module(name="lockstep.wasm", *more):
    """Built, or the case is skipped."""
    if shutil.which("node") is None:
        raise Skip("node is not installed")
    os.makedirs(BUILD, exist_ok=True)
    path = os.path.join(BUILD, name)
    done = subprocess.run([os.path.join(ROOT, "tools", "build-wasm"), path, "--sources",
                           os.path.join(BUILD, "sources"), *more], capture_output=True, text=True,
                          check=False)
    if done.returncode == ENVIRONMENT:
        raise Skip((re.findall("error: (.*)", done.stderr) or ["no toolchain"])[0])
    check(done.returncode == OK, done.stdout, done.stderr)
    return path


def judged(path, *args):
    return subprocess.run([VERIFIER, "--json", *args, path], capture_output=True, text=True, check=False).stdout


@case
def it_is_small(folder):
    """As it travels, compressed."""
    size = len(gzip.compress(read(module()), 9))
    check(size < LIMIT, f"{size} bytes")


@case
def signatures_and_numbers(folder):
    """Wycheproof's signatures, and what jansson would say of numbers that no double holds."""
    vectors = os.path.join(SHARED, "vectors", "wycheproof", "ed25519_test.json")
    if not os.path.exists(vectors):
        raise Skip("../shared is not here")
    path = module("test.wasm", "--export", "ls_ed25519_verify", "--export", "ls_number_overflows")
    check("151 signatures, 0 judged wrongly" in node("ed25519.mjs", path, vectors), "fewer signatures")


# Verdicts.

def collect(source, name, charter):
    """Every file of lockstep's that an example left, to be judged under its charter."""
    for path in glob.glob(os.path.join(source, "**", "*.lockstep"), recursive=True):
        flat = f"{name}-" + os.path.relpath(path, source).replace("/", "-")
        shutil.copyfile(path, os.path.join("corpus", flat))
        write(os.path.join("corpus", flat + ".charter"), charter)


def play(name, party):
    """An example, in a folder of its name; gives the charter's fingerprint."""
    done = subprocess.run([os.path.join(ROOT, "examples", name, "demo.sh"), os.path.abspath(name)], capture_output=True,
                          text=True, check=False)
    check(done.returncode == OK, name, done.stdout[-3000:], done.stderr[-3000:])
    return run("-C", os.path.join(name, party), "charter", "show", "--json").json()["fingerprint"]


def example(name, party):
    charter = play(name, party)
    run("-C", os.path.join(name, party), "export", os.path.join(name, "whole.lockstep"))
    collect(name, name, charter)


def made_up():
    """Records with a quorum and without, evidence of several kinds, and proofs."""
    w = World(quorum=True).grow(12)
    w.record("corpus/world.lockstep")
    w.record("corpus/world-not-final.lockstep", checkpoint=w.checkpoint(cosigned=[("c1", w.now), ("c4", w.now)]))
    other = w.entries[:9] + [w.act("north", w.entries[:9], text="Another.")]
    split = [claim("split-view"), ("first", w.final(other)), ("second", w.final()), nodes(len(other), w.entries)]
    write("corpus/world-split.lockstep", w.evidence([split]))
    twice = w.entries + [w.entries[1]]
    entry = [claim("entry", history=(1, len(w.entries)), index=len(w.entries)), ("checkpoint", w.final(twice))]
    write("corpus/world-entry.lockstep", w.evidence([entry], [twice]))
    act, seen = w.act("north", text="Left out."), w.now
    entries = w.later(3 * HOUR).entries + [w.act("south", text="Later.")]
    late = [claim("omission", history=(1, len(entries))), ("act", act), ("checkpoint", w.final(entries)),
            ("receipts", b"".join(w.receipt(c, act, seen) for c in w.COSIGNERS[:3]))]
    write("corpus/world-omission.lockstep", w.evidence([late], [entries]))
    write("corpus/world.tlog-proof", tlog_proof(3, w.entries, w.final()))
    write("corpus/excerpt.lockstep", bundle("excerpt", [
        (f"act/{i}.{kind}", content) for i in (0, 3)
        for kind, content in (("note", w.entries[i]), ("tlog-proof", tlog_proof(i, w.entries, w.final())))
    ] + [(f"attachments/{digest}", content) for digest, content in w.files.items()]))
    for path in glob.glob("corpus/world*"):
        write(path + ".charter", w.process)


class Odd(World):
    """A process whose charter is any text."""

    def __init__(self, text):
        self.text = text
        super().__init__()

    def charter_json(self):
        return self.text


def odd():
    """What parsers are tried with: nested as deeply as it goes, numbers that are none of ours, and nothing at all."""
    texts = {"nested": b"[" * 100000, "deep": b'{"a":' * 2047 + b"1" + b"}" * 2047, "real": b'{"charter":1.5}',
             "huge": b'{"charter":-1e999}', "large": b'{"charter":99999999999999999999}', "nul": b'{"a":"\\u0000"}',
             "largest": b'{"charter":1.7976931348623157e308}', "zero": b'{"charter":0e999}'}
    vectors = sorted(glob.glob(os.path.join(SHARED, "vectors", "json", "**", "*.json"), recursive=True))
    texts.update((os.path.basename(path), read(path)) for path in vectors)
    for name, text in texts.items():
        w = Odd(text)
        w.record(f"corpus/odd-{name}.lockstep")
        if name in ("nested", "deep"):
            write(f"corpus/draft-{name}.lockstep", bundle("draft", [("act.note", w.entries[0]), *(
                (f"attachments/{digest}", content) for digest, content in w.files.items())]))
    write("corpus/odd-nothing", b"")
    write("corpus/odd-text", b"Hello.\n")
    write("corpus/odd-proof", b"c2sp.org/tlog-proof@v1\n")


@case
def verdicts(folder):
    os.mkdir("corpus")
    path = module()
    example("pyongyang-2018", "rok")
    example("inspections-2018", "usa")
    made_up()
    for name in sorted(os.listdir(os.path.join(ROOT, "tests", "vectors", "world"))):
        shutil.copyfile(os.path.join(ROOT, "tests/vectors/world", name), os.path.join("corpus", "vectors-" + name))
    kinds = {re.search(rb"kind: (\w+)", read(p)[:1024])[1] for p in glob.glob("corpus/*.lockstep")}
    check(kinds >= {b"draft", b"record", b"excerpt", b"evidence", b"packet"}, kinds)
    said = node("verdicts.mjs", path, VERIFIER, "corpus", "400" if SOAK else "20")
    whole, valid, different = map(int, re.search(r"(\d+) judged, (\d+) valid, (\d+) differently", said).groups())
    check(whole > 400 and valid > 20 and different == 0, said)


@case
def oddities(folder):
    os.mkdir("corpus")
    path = module()
    odd()
    node("verdicts.mjs", path, VERIFIER, "corpus", "1")


# What is served.

def check_tree(path, tree, record, charter, *proofs):
    write("record.json", judged(record, "--charter", charter))
    return node("tree.mjs", path, tree, charter, "record.json", *proofs)


@case
def a_served_ledger_with_a_quorum(folder):
    """Long enough for tiles above tiles."""
    path = module()
    w = World(quorum=True).grow(178)
    check(len(w.entries) > 256, len(w.entries))
    w.tree("tree")
    w.record("record.lockstep")
    os.mkdir("proofs")
    forged = w.act("north", text="Forged.", head=0)
    for name, proof in (("good", tlog_proof(5, w.entries, w.final())),
                        ("elsewhere", tlog_proof(5, w.entries, w.final()).replace(b"index 5", b"index 6")),
                        ("not-final", tlog_proof(5, w.entries, w.checkpoint(cosigned=[("c1", w.now)]))),
                        ("split", tlog_proof(9, w.entries[:9] + [forged], w.final(w.entries[:9] + [forged])))):
        write(f"proofs/{name}", proof)
        write(f"proofs/{name}.json", judged(f"proofs/{name}", "--policy", "record.lockstep", "--charter", w.process))
    said = check_tree(path, "tree", "record.lockstep", w.process, "proofs")
    check("good: valid" in said and "split: not valid" in said, said)


def forger(key):
    """Who has a key's name and number, and not the key."""
    copied = copy.copy(key)
    copied.seed = bytes(32)
    return copied


@case
def a_forged_signature_in_what_fits_together(folder):
    """Of an act, of a stamp, of the checkpoint in one and of a cosigner's in another."""
    path = module()
    w = World(quorum=True).grow(6)
    stranger, thief, cosigner = (forger(key) for key in (w.signers["north"], w.ledger, w.cosigners["c2"][0]))
    text = note_text(w.final())
    forged = {"act": w.act("north", text="Forged.", key=stranger), "stamp": thief.note(note_text(w.stamp())),
              "checkpoint": w.stamp(checkpoint=w.checkpoint(key=thief, cosigned=[(c, w.now) for c in w.COSIGNERS[:3]])),
              "cosigner": w.stamp(checkpoint=w.checkpoint(cosigned=[("c1", w.now), ("c3", w.now)]) +
                                  cosigner.line(text, w.now))}
    for name, entry in forged.items():
        w.tree(name, w.entries + [entry])
    node("forged.mjs", path, w.process, *forged)


@case
def a_served_ledger_of_the_program(folder):
    """As `lockstep ledger export` writes it, with openings among its files."""
    path = module()
    charter = play("inspections-2018", "usa")
    run("ledger", "export", "tree", "--from", "inspections-2018/ledger")
    paths = [os.path.relpath(os.path.join(place, name), "tree") for place, _, all_ in os.walk("tree") for name in all_]
    members = [(re.sub("^attachment/", "attachments/", path), read(os.path.join("tree", path)))
               for path in sorted(paths) if not re.match(r"tile/\d", path)]
    write("record.lockstep", bundle("record", members))
    check_tree(path, "tree", "record.lockstep", charter)


if __name__ == "__main__":
    main()
