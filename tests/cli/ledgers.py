#!/usr/bin/env python3
"""Proofs to take away, ledgers as static files, and the check of both: against an implementation of the same formats in
Python, and against a log of another program."""
import http.client
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time

import serving
from ed25519 import ed25519_valid
from lockstep import (BINARY, ENVIRONMENT, INVALID, OK, ROOT, SHARED, SOAK, USAGE, Process, Result, Skip, attempt, base64,
                      case, check, check_sound, environment, every_file, headers, main, note_text, read, read_store, run,
                      tree_hash, write)
from world import (COSIGNER, HOUR, Key, Server, World, b64, bundle, claim, consistency, inclusion, leaf_hash, nodes,
                   sha256, tiles, tlog_proof, when)

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
TLOG = os.path.join(SHARED, "vectors", "tlog", "testdata", "log")
TLOG_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
GOLDEN = os.path.join(ROOT, "tests", "vectors", "world")


def verify(path, *args):
    done = subprocess.run([VERIFIER, path, *args], capture_output=True, timeout=120)
    return check_sound(Result([VERIFIER, path, *args], done.returncode, done.stdout, done.stderr))


def files_of(folder):
    return {os.path.relpath(os.path.join(place, name), folder): read(os.path.join(place, name))
            for place, _, names in os.walk(folder) for name in names}


def find(folder, path):
    return os.path.join(folder, path)


# Proofs, read by a second implementation.

def climb(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    fn, sn, r = index, size - 1, leaf
    for p in path:
        check(sn > 0, "too many hashes")
        if fn & 1 or fn == sn:
            r = sha256(b"\1" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\1" + r + p)
        fn, sn = fn >> 1, sn >> 1
    check(sn == 0, "too few hashes")
    return r


def read_vkey(vkey):
    name, key_id, raw = vkey.split("+", 2)
    raw = base64.b64decode(raw)
    return name, bytes.fromhex(key_id), raw[1:]


def signed_by(note, vkey):
    """Whether a note has a good line of this key."""
    name, key_id, public = read_vkey(vkey)
    text = note_text(note)
    for line in note[len(text) + 1:].decode().splitlines():
        dash, who, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if who == name and blob[:4] == key_id:
            return dash == "—" and ed25519_valid(public, text, blob[4:])
    return False


def check_proof(data, vkey, index, size):
    """c2sp.org/tlog-proof, with the act as extra data. Returns the act."""
    head, checkpoint = data.split(b"\n\n", 1)
    lines = head.decode().split("\n")
    check(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra ") and lines[2] == f"index {index}", lines)
    note = base64.b64decode(lines[1][6:], validate=True)
    origin, count, root = note_text(checkpoint).decode().split("\n")[:3]
    check(int(count) == size and signed_by(checkpoint, vkey) and origin == read_vkey(vkey)[0], "checkpoint", checkpoint)
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    check(climb(leaf_hash(note), index, size, path) == base64.b64decode(root), "the proof does not lead to the root")
    return note


@case
def proofs_hold_for_another_implementation(folder):
    p = Process("process").build()
    p.declare()
    p.run("usa", "perform", "pause", "--text", "Said once.", "--yes")
    policy = p.run("usa", "charter", "show", "--policy").out
    check(re.fullmatch(r"log \S+\nquorum none\n", policy), policy)
    write("policy", policy)
    vkey = policy.split()[1]
    entries, checkpoint = read_store(p.ledger)
    for index, note in enumerate(entries):
        out = p.run("dprk", "prove", str(index), "--out", f"{index}.tlog-proof")
        check("EXERCISE" in out.out, "no mark", out)
        check(check_proof(read(f"{index}.tlog-proof"), vkey, index, len(entries)) == note, "another act")
        check(verify(f"{index}.tlog-proof", "--policy", "policy", "--charter", p.fingerprint()).code == OK, index)
        found = verify(f"{index}.tlog-proof", "--policy", p.path("charter.lockstep"), "--charter", p.fingerprint())
        check(found.code == OK, index, found)
        found.says("EXERCISE", "signed by " + " ".join(headers(note).get("signers", ["the ledger"])), "\nvalid\n")
    p.run("rok", "prove", "5")
    check(os.path.exists("perform-5.tlog-proof") or os.path.exists("declare-5.tlog-proof") or
          os.path.exists("stamp-5.tlog-proof"), os.listdir("."))
    p.run("rok", "prove", "5", code=USAGE)  # nothing is overwritten
    # In a workspace, with its own record; and with a whole record.
    p.run("usa", "export", "record.lockstep")
    for index in range(len(entries)):
        p.run("usa", "verify", f"{index}.tlog-proof").says("signed by", "valid")
        check(verify(f"{index}.tlog-proof", "--policy", "record.lockstep").code == OK, index)
    attempt("verify", "5.tlog-proof").complains("holds no keys", "--policy")


@case
def proofs_of_another_implementation_hold(folder):
    w = World(quorum=True, exercise=True).grow(8)
    w.policy("policy")
    w.record("record.lockstep")
    draft = bundle("draft", [("act.note", w.entries[0])] + [(f"attachments/{d}", c) for d, c in w.files.items()])
    write("charter.lockstep", draft)
    size = len(w.entries)
    for index in range(size):
        write("a.tlog-proof", tlog_proof(index, w.entries, w.final()))
        for source in ("policy", "record.lockstep", "charter.lockstep"):
            found = verify("a.tlog-proof", "--policy", source, "--charter", w.process)
            check(found.code == OK, index, source, found)
            found.says("EXERCISE", "final: confirmed by c1, c2, c3", "\nvalid\n")
    # Not final: named, and not valid.
    for cosigned, names in (((), "nobody"), ((("c1", w.now), ("c4", w.now)), "c1, c4")):
        write("b.tlog-proof", tlog_proof(3, w.entries, w.checkpoint(cosigned=cosigned)))
        found = verify("b.tlog-proof", "--policy", "policy")
        check(found.code == INVALID, found)
        found.says("NOT FINAL", f"confirmed by {names}")


@case
def changed_proofs_do_not_hold(folder):
    w = World(quorum=True).grow(6)
    w.policy("policy")
    good = tlog_proof(4, w.entries, w.final())
    other = World(quorum=True, start=1_600_000_000).grow(6)
    other.policy("other")
    thief = Key(w.origin, seed=sha256(b"thief"))

    def refused(data, *args, codes=(INVALID,)):
        write("x.tlog-proof", data)
        found = verify("x.tlog-proof", *(args or ("--policy", "policy", "--charter", w.process)))
        check(found.code in codes, "accepted:", found)

    for at in range(0, len(good), 7):
        refused(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
    refused(good, "--policy", "policy", "--charter", other.process)
    refused(good.replace(b"index 4", b"index 3"))
    refused(re.sub(rb"extra \S+\n", b"", good))
    refused(re.sub(rb"extra \S+\n", b"extra " + b64(w.entries[3]).encode() + b"\n", good))
    refused(re.sub(rb"extra \S+\n", b"extra " + b64(b"no act").encode() + b"\n", good))
    refused(tlog_proof(4, w.entries, w.checkpoint(key=thief)))
    refused(tlog_proof(4, w.entries, w.final()), "--policy", "policy", "--charter", "0" * 64)
    refused(b"c2sp.org/tlog-proof@v1\n")
    exercise = World(quorum=True, exercise=True).grow(2)
    refused(tlog_proof(2, exercise.entries, w.final(exercise.entries)))  # an exercise's act under a real ledger's key
    refused(good, "--policy", "x.tlog-proof", codes=(USAGE,))
    refused(good, codes=(OK,))


@case
def a_proof_against_ones_own_record(folder):
    """Under a checkpoint that the own record contradicts: said at once."""
    p = Process("process").build()
    p.run("usa", "perform", "pause", "--yes")
    p.settle()
    w = World.of(p)
    w.later(HOUR)
    other = w.entries[:-1] + [w.act("rok", w.entries[:-1], text="Instead.")]
    write("other.tlog-proof", tlog_proof(3, other, w.final(other)))
    p.run("usa", "verify", "other.tlog-proof", code=INVALID).says("SPLIT VIEW", "lockstep audit")
    write("mine.tlog-proof", tlog_proof(3, w.entries, w.final()))
    p.run("usa", "verify", "mine.tlog-proof")


# Trees.

def grown(count, exercise=True):
    w = World(exercise=exercise)
    for i in range(count):
        w.later(60)
        w.add(w.stamp())
    return w


@case
def a_tree_is_byte_for_byte_what_the_specification_says(folder):
    w = grown(600)
    for size in (1, 2, 255, 256, 257, 512, 601):
        entries = w.entries[:size]
        w.record("record.lockstep", entries)
        # An exercise's quorum is none: the record's checkpoint is final.
        run("ledger", "export", "tree", "--from", "record.lockstep")
        shutil.rmtree("expected", ignore_errors=True)
        w.tree("expected", entries)
        have, want = files_of("tree"), files_of("expected")
        for path, content in want.items():
            check(have.get(path) == content, f"at size {size}:", path)
        # Parts of tiles that earlier sizes left may stay; nothing else is there.
        for path in set(have) - set(want):
            check(re.search(r"\.p/\d+$", path), "what is", path)
        run("ledger", "check", "tree", "--charter", w.process).says("\nvalid\n")
    for place, _, names in os.walk("tree"):
        check(os.stat(place).st_mode & 0o777 == 0o755, place)
        for name in names:
            check(os.stat(os.path.join(place, name)).st_mode & 0o777 == 0o644, place, name)


@case
def a_tree_grows_by_what_is_new(folder):
    w = grown(530)
    w.record("early.lockstep", w.entries[:300])
    w.record("late.lockstep")
    run("ledger", "export", "tree", "--from", "early.lockstep")
    before = {path: os.stat(find("tree", path)).st_mtime_ns for path in files_of("tree")}
    result = run("ledger", "export", "tree", "--from", "late.lockstep", "--json").json()
    check(result["entries"] == 531, result)
    for path, stamp in before.items():
        check(path == "checkpoint" or os.stat(find("tree", path)).st_mtime_ns == stamp, "written again:", path)
    check(run("ledger", "export", "tree", "--from", "late.lockstep", "--json").json()["written"] == 0, "writes again")
    # Never back, never another ledger's.
    run("ledger", "export", "tree", "--from", "early.lockstep", code=USAGE)
    other = World(exercise=True, start=1_600_000_000)
    other.record("other.lockstep")
    check(attempt("ledger", "export", "tree", "--from", "other.lockstep").code != OK, "overwrites another ledger's tree")
    run("ledger", "check", "tree", "--charter", w.process)
    # What is missing comes back; what is wrong is not covered by a new checkpoint.
    for path in ("tile/0/000", "tile/entries/001", "tile/1/000.p/2"):
        os.remove(find("tree", path))
        run("ledger", "check", "tree", code=INVALID).says(path)
        run("ledger", "export", "tree", "--from", "late.lockstep")
        run("ledger", "check", "tree")
    content = read(find("tree", "tile/0/001"))
    write(find("tree", "tile/0/001"), bytes(32) + content[32:])
    attempt("ledger", "export", "tree", "--from", "late.lockstep").complains("not those of this ledger", "ledger check")


@case
def an_export_that_is_killed_leaves_a_sound_tree(folder):
    w = grown(520)
    for number, size in enumerate((260, 400, 521)):
        w.record(f"{number}.lockstep", w.entries[:size])
    run("ledger", "export", "tree", "--from", "2.lockstep")
    whole = sum(1 for _ in every_file("tree"))
    dice = random.Random(7)
    seen = 0
    for round_number in range(40 if SOAK else 12):
        shutil.rmtree("tree", ignore_errors=True)
        for number in range(3):
            job = subprocess.Popen([BINARY, "ledger", "export", "tree", "--from", f"{number}.lockstep"],
                                   env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # By how much is there, as nobody knows how fast the machine is just now; of some all is.
            until = dice.random() * 1.2 * whole
            while job.poll() is None and sum(1 for _ in every_file("tree")) < until:
                time.sleep(0.001)
            job.send_signal(signal.SIGKILL)
            job.wait()
            if os.path.exists("tree/checkpoint"):
                seen += 1
                run("ledger", "check", "tree", "--charter", w.process)
        run("ledger", "export", "tree", "--from", "2.lockstep")
        run("ledger", "check", "tree", "--charter", w.process)
    check(seen > 0, "never got as far as a checkpoint")


# Checking.

def flip(path, at=0):
    content = read(path)
    at = at % len(content)
    write(path, content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])


@case
def the_first_thing_wrong_is_named(folder):
    w = World().grow(200 if SOAK else 24)
    while len(w.entries) < 300:
        w.later(60).add(w.stamp())
    w.tree("good")
    document = next(iter(w.files))
    size = len(w.entries)
    partial = f"000.p/{size - 256}".replace("000", "001")
    changes = {
        "an entry": (lambda f: flip(find(f, "tile/entries/000"), 5000), "entry "),
        "a later entry": (lambda f: flip(find(f, f"tile/entries/{partial}"), -3), "entry "),
        "entries cut": (lambda f: write(find(f, "tile/entries/000"), read(find(f, "tile/entries/000"))[:-1]),
                        "tile/entries/000"),
        "a tile": (lambda f: flip(find(f, "tile/0/000"), 77), "tile/0/000: hash 2"),
        "the tile above": (lambda f: flip(find(f, "tile/1/000.p/1")), "tile/1/000.p/1: hash 0"),
        "a part of a tile": (lambda f: flip(find(f, f"tile/0/{partial}"), 40), f"tile/0/{partial}: hash 1"),
        "a short tile": (lambda f: write(find(f, f"tile/0/{partial}"), read(find(f, f"tile/0/{partial}"))[:-32]),
                         f"tile/0/{partial}"),
        "no tile": (lambda f: os.remove(find(f, "tile/0/000")), "tile/0/000"),
        "no entries": (lambda f: os.remove(find(f, "tile/entries/000")), "tile/entries/000"),
        "an old part": (lambda f: (os.makedirs(find(f, "tile/0/000.p")), write(find(f, "tile/0/000.p/3"), bytes(96))),
                        "tile/0/000.p/3: hash 0"),
        "a signature": (lambda f: flip(find(f, "checkpoint"), -8), "checkpoint"),
        "another root": (lambda f: write(find(f, "checkpoint"), w.final(w.entries[:-1] + [b"another\n"])), "checkpoint"),
        "another key": (lambda f: write(find(f, "checkpoint"), w.checkpoint(key=Key(w.origin, seed=sha256(b"x")))),
                        "checkpoint"),
        "more than there is": (lambda f: write(find(f, "checkpoint"), w.final(w.entries + [b"more\n"])), "entr"),
        "a file": (lambda f: flip(find(f, f"attachment/{document}")), "entr"),
        "no file": (lambda f: os.remove(find(f, f"attachment/{document}")), "entr"),
    }
    for name, (change, where) in changes.items():
        shutil.rmtree("bad", ignore_errors=True)
        shutil.copytree("good", "bad")
        change("bad")
        result = attempt("ledger", "check", "bad", "--charter", w.process)
        check(result.code == INVALID, f"{name}:", result)
        check(result.out.count("FAILED") == 1, f"{name}, more than the first:", result)
        check(where in result.out, f"{name} is not where it says:", result)
    run("ledger", "check", "good", "--charter", "0" * 64, code=INVALID).says("fingerprint")


@case
def a_store_is_checked_in_every_column(folder):
    p = Process("process").build()
    p.run("usa", "perform", "pause", "--attach", p.path("sites.csv"), "--yes")
    run("ledger", "check", p.ledger, "--charter", p.fingerprint()).says("\nvalid\n")
    run("ledger", "check", p.path("usa", "replica"), "--charter", p.fingerprint()).says("\nvalid\n")
    p.run("usa", "ledger", "check").says("\nvalid\n")
    shutil.copytree(p.ledger, "good")
    for table, column in store_columns(p.ledger):
        shutil.rmtree("bad", ignore_errors=True)
        shutil.copytree("good", "bad")
        db = sqlite3.connect("bad/record.sqlite")
        value = db.execute(f"SELECT {column} FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()[0]
        middle = len(value) // 2
        db.execute(f"UPDATE {table} SET {column}=? WHERE rowid=(SELECT max(rowid) FROM {table})",
                   (value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1:],))
        db.commit()
        db.close()
        result = attempt("ledger", "check", "bad")
        check(result.code in (INVALID, ENVIRONMENT), f"{table}.{column}:", result)
    for name in os.listdir("good/attachments"):
        shutil.rmtree("bad", ignore_errors=True)
        shutil.copytree("good", "bad")
        flip(f"bad/attachments/{name}")
        check(attempt("ledger", "check", "bad").code == INVALID, "accepts another", name)


def store_columns(ledger):
    """Columns that hold bytes: those that say something."""
    db = sqlite3.connect(f"file:{ledger}/record.sqlite?mode=ro", uri=True)
    tables = [name for name, in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    found = [(table, row[1]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")
             if row[2] == "BLOB" and table != "lead" and db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0]
    db.close()
    check(len(found) >= 2, found)
    return found


@case
def a_server_is_checked_like_a_tree(folder):
    w = World(quorum=True, exercise=True).grow(8)
    with Server(w.tree("tree")) as server:
        run("ledger", "check", server.url, "--charter", w.process).says("cosigned by a quorum", "\nvalid\n")
        run("audit", server.url, "tree", "--charter", w.process)
        flip("tree/tile/0/000.p/13", 33)
        run("ledger", "check", server.url, code=INVALID).says("tile/0/000.p/13: hash 1")
    check(attempt("ledger", "check", server.url).code == ENVIRONMENT, "nobody is there")


@case
def a_log_of_another_program_is_read_and_verified(folder):
    """Tessera's, at each of its sizes; and everything that can be wrong with it."""
    if not os.path.isdir(TLOG):
        raise Skip("the shared vectors are not here")
    for size in range(16):
        shutil.copytree(TLOG, "log")
        for place, folders, names in os.walk("log"):
            for name in folders + names:
                os.chmod(os.path.join(place, name), 0o755)
        os.chmod("log", 0o755)
        shutil.copy(f"log/checkpoint.{size}", "log/checkpoint")
        run("ledger", "check", "log", "--log", TLOG_KEY).says(f"all {size} entries", "\nvalid\n")
        if size == 9:
            with Server("log") as server:
                run("ledger", "check", server.url, "--log", TLOG_KEY).says("all 9 entries")
        for path in (f"tile/entries/000.p/{size}", f"tile/0/000.p/{size}", "checkpoint"):
            if size > 0:
                good = read(find("log", path))
                for at in range(0, len(good), 11 if path == "checkpoint" else 3):
                    flip(find("log", path), at)
                    result = attempt("ledger", "check", "log", "--log", TLOG_KEY)
                    check(result.code == INVALID, path, at, result)
                    write(find("log", path), good)
        shutil.rmtree("log")
    check(attempt("ledger", "check", TLOG).code != OK, "another program's log is no record of ours")
    run("ledger", "check", TLOG, "--log", TLOG_KEY.replace("AeHT", "AeHU"), code=USAGE)


# Golden files.

def golden():
    """What stands in tests/vectors/world: the same process in each form."""
    w = World(quorum=True).grow(4)
    one = w.entries + [w.act("north", text="To the one.")]
    two = w.entries + [w.act("south", text="To the other.")]
    found = {"checkpoint": w.final(), "north.tlog-proof": tlog_proof(1, w.entries, w.final()),
             "policy": read(w.policy("policy"))}
    found.update({path.replace("/", "-"): content for path, content in tiles(w.entries)})
    found["split-view.lockstep"] = w.evidence([[claim("split-view"), ("first", w.final(one)), ("second", w.final(two)),
                                                ("first.tlog-proof", tlog_proof(6 + 1, one, w.final(one))),
                                                ("second.tlog-proof", tlog_proof(6 + 1, two, w.final(two)))]])
    v = World().grow(4)
    bad = v.entries + [v.stamp(at=v.now - HOUR)]
    more = bad + [v.act("north", v.entries, text="After it.")]
    found["entry.lockstep"] = v.evidence([[claim("entry", (1, 7), 7), ("checkpoint", v.final(more)), nodes(8, more)]],
                                         [bad])
    found["fork.lockstep"] = v.evidence([[claim("fork", (1, 7), 2), ("act", v.act("south", seq=1, text="Another."))]],
                                        [v.entries])
    return (w, v), found


@case
def golden_files(folder):
    (w, v), found = golden()
    if os.environ.get("LOCKSTEP_GOLDEN") == "write":
        os.makedirs(GOLDEN, exist_ok=True)
        for name, content in found.items():
            write(os.path.join(GOLDEN, name), content)
    for name, content in found.items():
        check(read(os.path.join(GOLDEN, name)) == content, "not as it was:", name)
    proof, policy = os.path.join(GOLDEN, "north.tlog-proof"), os.path.join(GOLDEN, "policy")
    verify(proof, "--policy", policy, "--charter", w.process).says("final: confirmed by c1, c2, c3", "entry 1", "\nvalid\n")
    verify(os.path.join(GOLDEN, "split-view.lockstep"), "--charter", w.process).says(
        "PROVEN: whoever holds the key of the ledger host.example/world", "entry 7 is", "\nproven\n")
    verify(os.path.join(GOLDEN, "entry.lockstep"), "--charter", v.process).says(
        "PROVEN: the ledger host.example/world signed for act 7 (stamp)", "never before the previous", "\nproven\n")
    verify(os.path.join(GOLDEN, "fork.lockstep"), "--charter", v.process).says(
        "PROVEN: south signed two acts with the number 1", "entry 2", "\nproven\n")
    check(tree_hash(w.entries) == base64.b64decode(found["checkpoint"].split(b"\n")[2]), "root")
    check(inclusion(0, w.entries[:1]) == [], "the only entry")


# What the program itself makes, of a ledger whose keys and clock are known: signatures are deterministic (RFC 8032), so
# the specification leaves it no choice of a byte.

class Open(World):
    """Everybody may read."""

    def charter_json(self):
        return super().charter_json().replace(b'{"charter":1', b'{"access":"public","charter":1', 1)


def hosted(size):
    """A world of so many entries, an act, and the stamp that a host writes behind it."""
    w = Open(exercise=True)
    while len(w.entries) < size - 2:
        w.later(60).add(w.stamp())
    w.later(60).add(w.act("north", text="Golden."))
    w.add(w.stamp())
    return w


def host_golden(w):
    size, files = len(w.entries), dict(tiles(w.entries))
    wanted = ("tile/0/000", f"tile/0/001.p/{size - 256}", "tile/1/000.p/1", f"tile/entries/001.p/{size - 256}")
    found = {"checkpoint": w.checkpoint(), **{path: files[path] for path in wanted},
             "tlog-proof": tlog_proof(size - 2, w.entries, w.checkpoint())}
    return {f"host-{path.replace('/', '-')}": content for path, content in found.items()}


def vault(kind, name, seed):
    """Without a passphrase (docs/protocol.md, section 13)."""
    return b"lockstep vault v1\n" + bytes([0, kind, len(name)]) + name.encode() + bytes(52) + seed + bytes(16)


LEDGER_VAULT, COSIGNER_VAULT = 5, 6


def ledger_folder(w, entries, seconds):
    """A ledger of the program's own, with these entries, this host's key and this clock."""
    for party in ("usa", "rok"):
        run("init", party, "--party", party, "--exercise", "--no-passphrase")
    run("-C", "rok", "charter", "new", "charter.yaml", "--name", "any", "--ledger", "ledger", "--party",
        "usa/party.yaml", "--party", "rok/party.yaml")
    write("ledger/key.vault", vault(LEDGER_VAULT, w.origin, w.ledger.seed))
    write("ledger/origin", w.origin + "\n")
    write("ledger/clock", when(seconds) + "\n")
    db = sqlite3.connect("ledger/record.sqlite")
    with db:
        for index, (entry, root) in enumerate(zip(entries, serving.roots(entries))):
            db.execute("INSERT INTO entries VALUES(?,?,?)", (index, entry, root))
        db.execute("INSERT INTO checkpoint VALUES(0,?,?)", (len(entries), w.checkpoint(entries)))
    db.close()
    for digest, content in w.files.items():
        write(f"ledger/attachments/{digest}", content)
    return "ledger"


@case
def what_a_host_makes_is_golden(folder):
    """A host gets one act: its stamp, its checkpoint, its tiles, the proof that a delegation writes and the tree that is
    exported are those that lie in tests/vectors, and those of the specification."""
    w = hosted(301)
    found = host_golden(w)
    if os.environ.get("LOCKSTEP_GOLDEN") == "write":
        for name, content in found.items():
            write(os.path.join(GOLDEN, name), content)
    golden_ones = {name: read(os.path.join(GOLDEN, name)) for name in found}
    ledger = ledger_folder(w, w.entries[:-2], w.now)
    server = serving.Server(ledger, name="world").ready()
    status, said, _ = server.ask("POST", "/world/act", w.entries[-2], Content_Type="text/plain")
    check(status == 201 and said == b"299\n\n" + golden_ones["host-checkpoint"], "acknowledged:", status, said)
    for path in ("checkpoint", "checkpoint/latest", "tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1",
                 "tile/entries/001.p/45"):
        status, served, _ = server.ask("GET", "/world/" + path)
        name = "host-" + path.replace("/latest", "").replace("/", "-")
        check(status == 200 and served == golden_ones[name], "served otherwise:", path, served[:300])
    for path, content in tiles(w.entries):
        check(server.ask("GET", "/world/" + path)[1] == content, "served otherwise:", path)
    # A delegation that follows it; who its own signers are does not matter for that.
    url = f"http://127.0.0.1:{server.port}/world"
    run("init", "north", "--party", "north", "--ledger", url, "--exercise", "--no-passphrase")
    write("north/workspace.json", read("north/workspace.json").replace(b'"process":""', f'"process":"{w.process}"'.encode()))
    run("-C", "north", "sync")
    run("-C", "north", "prove", "299", "--out", "299.tlog-proof")
    check(read("299.tlog-proof") == golden_ones["host-tlog-proof"], "proven otherwise:", read("299.tlog-proof"))
    run("ledger", "export", "from-server", "--from", url)
    server.stop()
    run("ledger", "export", "from-folder", "--from", ledger)
    for tree in ("from-server", "from-folder"):
        have, want = files_of(tree), files_of(w.tree("expected"))
        for path, content in want.items():
            check(have.get(path) == content, "exported otherwise:", tree, path)
        check(set(have) == set(want), tree, set(have) ^ set(want))


@case
def what_a_cosigner_signs_is_golden(folder):
    """The line is that of tlog-cosignature, to the byte, for the time that it says."""
    w = World(exercise=True).grow(4)
    key = Key("watch.example/watch", COSIGNER)
    run("init", "watch", "--outsider", "watch", "--domain", "watch.example", "--exercise", "--no-passphrase")
    write("watch/vaults/cosigner.vault", vault(COSIGNER_VAULT, key.name, key.seed))
    cosigner = serving.Daemon("cosign", "watch", "--listen", "127.0.0.1:0", "--log", w.ledger.vkey)
    port = int(cosigner.wait(r"listens on port (\d+)").group(1))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    begun = int(time.time())
    for old, entries in ((0, w.entries[:3]), (3, w.entries)):
        proof = "".join(b64(h) + "\n" for h in consistency(old, entries)) if old else ""
        connection.request("POST", "/add-checkpoint", body=f"old {old}\n{proof}\n".encode() + w.checkpoint(entries))
        answer = connection.getresponse()
        line = answer.read()
        check(answer.status == 200, line)
        stamp = int.from_bytes(base64.b64decode(line.split(b" ")[2])[4:12], "big")
        check(begun <= stamp <= time.time(), "its time:", stamp)
        check(line == key.line(note_text(w.checkpoint(entries)), stamp), "signed otherwise:", line)
    connection.close()
    cosigner.stop()


if __name__ == "__main__":
    main()
