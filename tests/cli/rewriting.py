#!/usr/bin/env python3
"""A ledger that is not what it was: shortened, exchanged, forked, edited, damaged. Whoever has seen more says so, and
acts no further on it."""
import hashlib
import os
import random
import re
import shutil
import sqlite3

from lockstep import (ENVIRONMENT, INVALID, OK, SOAK, USAGE, Process, attempt, base64, case, check, check_ledger,
                      check_unchanged, main, note_text, read, read_store, run, sanitized, snapshot, tree_hash, write)


def replace_ledger(p, by):
    shutil.rmtree(p.ledger)
    shutil.copytree(by, p.ledger)


def refuse_all(p, party, *words, codes=(INVALID, ENVIRONMENT)):
    """Reading and writing are refused alike, with the same words, and leave the ledger and the workspace alone."""
    p.attempt(party, "status")  # keeps what it takes for evidence
    before = snapshot(p.path(party), p.ledger)
    for args in (["status"], ["log"], ["perform", "pause", "--yes"], ["perform", "visit", "--yes"]):
        result = p.attempt(party, *args)
        check(result.code in codes, f"{party} accepts it:", result)
        result.complains("lockstep: error: ", *words)
        check_unchanged(before, p.path(party), p.ledger, why=result)


def grown(folder="process"):
    """A process with some acts, all of which every workspace has seen."""
    p = Process(folder).build()
    p.declare()
    for _ in range(3):
        p.run("usa", "perform", "pause", "--yes")
    return p.settle()


@case
def an_older_copy_is_refused(folder):
    p = grown()
    shutil.copytree(p.ledger, "older")
    p.run("usa", "perform", "pause", "--yes")
    p.run("usa", "log")
    shutil.copytree(p.ledger, "newer")
    replace_ledger(p, "older")
    write(os.path.join(p.ledger, "clock"), "2018-10-20T00:00:00Z\n")  # a stamp is due; nobody writes it here
    size = len(check_ledger("newer"))
    refuse_all(p, "usa", f"no longer shows the {size} entries that were verified here", "evidence")
    p.run("dprk", "status")  # which has not seen more
    replace_ledger(p, "newer")
    p.run("usa", "perform", "pause", "--yes")
    check_ledger(p.ledger)


@case
def a_fork_is_refused(folder):
    """Two continuations of one record: each workspace holds on to the one that it has seen."""
    p = grown()
    shutil.copytree(p.ledger, "fork")
    p.run("usa", "perform", "pause", "--text", "Here.", "--yes")
    p.run("usa", "log")
    shutil.copytree(p.ledger, "first")
    replace_ledger(p, "fork")
    p.run("dprk", "perform", "visit", "--yes")
    p.run("dprk", "perform", "visit", "--yes")
    p.run("dprk", "log")
    refuse_all(p, "usa", "entries that were verified here")
    replace_ledger(p, "first")
    refuse_all(p, "dprk", "entries that were verified here")
    p.run("usa", "status")


@case
def another_processes_ledger_is_refused(folder):
    p = grown()
    for number, more in enumerate((0, 8)):
        other = Process(f"other-{number}").build()
        for _ in range(more):  # longer than the one that was seen
            other.run("usa", "perform", "pause", "--yes")
        replace_ledger(p, other.ledger)
        refuse_all(p, "usa", "that the ledger of this process did not sign")
        # Without a copy of what was verified, the charter's fingerprint still is not the one that was signed.
        os.rename(p.path("usa", "replica"), "kept")
        refuse_all(p, "usa", "another process", codes=(INVALID, USAGE))
        shutil.rmtree(p.path("usa", "replica"))
        os.rename("kept", p.path("usa", "replica"))


@case
def a_ledger_that_is_gone_is_missed(folder):
    p = grown()
    shutil.move(p.ledger, "away")
    refuse_all(p, "usa", "there is no ledger at")
    os.mkdir(p.ledger, 0o700)
    refuse_all(p, "usa", "is not a ledger")
    os.rmdir(p.ledger)
    shutil.move("away", p.ledger)
    for name, words in (("record.sqlite", "record.sqlite"), ("key.vault", "key.vault"), ("origin", "origin")):
        os.rename(os.path.join(p.ledger, name), "away")
        refuse_all(p, "usa", words)
        os.rename("away", os.path.join(p.ledger, name))
    p.run("usa", "perform", "pause", "--yes")


# What stands in the store, edited as a host could who knows SQLite and has no keys.

def edit(p, *statements):
    db = sqlite3.connect(os.path.join(p.ledger, "record.sqlite"))
    try:
        for statement, values in statements:
            db.execute(statement, values)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


def edits(entries, checkpoint):
    """(what, statements) of each edit."""
    last, note = len(entries) - 1, "UPDATE entries SET note=? WHERE idx=?"
    acts = [i for i, entry in enumerate(entries) if b"act: perform" in entry]
    first, second = acts[0], acts[1]
    text = note_text(entries[first])
    shorter = tree_hash(entries[:-1])
    yield "a letter of an act", [(note, (entries[first].replace(b"pause", b"pauze"), first))]
    yield "a signature", [(note, (entries[first].replace(text, text, 1)[:-8] + b"AAAAAA=\n", first))]
    yield "two acts exchanged", [(note, (entries[second], first)), (note, (entries[first], second))]
    yield "an act twice", [(note, (entries[first], second))]
    yield "no act", [(note, (b"", first))]
    yield "the last entry gone", [("DELETE FROM entries WHERE idx=?", (last,))]
    yield "a gap", [("DELETE FROM entries WHERE idx=?", (first,))]
    yield "all gone", [("DELETE FROM entries", ()), ("DELETE FROM checkpoint", ())]
    yield "an unsigned root", [("UPDATE checkpoint SET note=?, size=?", (
        re.sub(rb"\n\d+\n.*\n", b"\n%d\n%s\n" % (last, base64.b64encode(shorter)), checkpoint, count=1), last))]
    yield "no checkpoint", [("DELETE FROM checkpoint", ())]
    yield "a checkpoint of another origin", [
        ("UPDATE checkpoint SET note=?", (checkpoint.replace(b"/small", b"/large"),))]
    yield "a table more", [("CREATE TABLE more(a)", ())]
    yield "a trigger", [("CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries; END", ())]
    yield "another version", [("PRAGMA user_version=9", ())]


@case
def an_edited_store_is_refused(folder):
    p = grown()
    shutil.copytree(p.ledger, "good")
    for what, statements in edits(*read_store(p.ledger)):
        edit(p, *statements)
        check(read(os.path.join(p.ledger, "record.sqlite")) != read("good/record.sqlite"), "edited nothing:", what)
        before = snapshot(p.path("rok"), p.ledger)
        for args in (["status"], ["perform", "mediate", "--yes"]):
            result = p.attempt("rok", *args)
            check(result.code in (INVALID, ENVIRONMENT), f"accepts {what}:", result)
            check("lockstep: error: " in result.err, "without a word:", result)
            check_unchanged(before, p.path("rok"), p.ledger, why=what)
        found = attempt("verify", p.ledger, "--charter", "0" * 64)
        check(found.code != OK, f"verify accepts {what}:", found)
        replace_ledger(p, "good")
    p.run("rok", "perform", "mediate", "--yes")


@case
def entries_nobody_signed_for_are_checked(folder):
    """Whoever writes into the store behind the checkpoint gets nothing in: the next one looks at every signature."""
    p = grown()
    entries, _ = read_store(p.ledger)
    text = [note_text(entry) for entry in entries if b"act: perform" in entry][-1]
    forged = text.replace(b"seq: 3\n", b"seq: 4\n").replace(
        re.search(rb"prev: .*\n", text).group(0), b"prev: %s\n" % hashlib.sha256(text).hexdigest().encode())
    note = forged + b"\n\xe2\x80\x94 usa.example/usa-1 " + base64.b64encode(bytes(68)) + b"\n"
    edit(p, ("INSERT INTO entries VALUES(?, ?, ?)", (len(entries), note, tree_hash(entries + [note]))))
    before = snapshot(p.ledger)
    for party in p.PARTIES:
        for args in (["log"], ["perform", "pause", "--yes"]):
            p.run(party, *args, code=INVALID).complains(f"entry {len(entries)}", "signature")
    check_unchanged(before, p.ledger)


@case
def entries_without_a_checkpoint_are_taken_up(folder):
    """Sound ones, as a process leaves them that was killed in between: whoever comes next signs for them."""
    p = grown()
    _, checkpoint = read_store(p.ledger)
    p.run("usa", "perform", "pause", "--text", "Acknowledged late.", "--yes")
    before, _ = read_store(p.ledger)
    edit(p, ("UPDATE checkpoint SET note=?, size=?", (checkpoint, len(before) - 2)))
    check(len(check_ledger(p.ledger)) == len(before) - 2, "mend this test")
    p.run("dprk", "log").says("pause")
    check(check_ledger(p.ledger) == before, "not taken up")


# Bytes that rot.

@case
def a_damaged_store_is_refused_or_harmless(folder):
    p = grown()
    path = os.path.join(p.ledger, "record.sqlite")
    good = read(path)
    expected = p.log("rok", stamps=True)
    dice = random.Random(5)
    # The header, the places of notes, and some of all the rest.
    places = {dice.randrange(len(good)) for _ in range(2000 if SOAK else 30 if sanitized() else 120)}
    places |= {good.index(read_store(p.ledger)[0][i][:60]) + 30 for i in (0, 4, 7)}
    places |= set(range(0, 100, 1 if SOAK else 7))
    refused = 0
    for place in sorted(places):
        write(path, good[:place] + bytes([good[place] ^ (1 << dice.randrange(8))]) + good[place + 1:])
        result = p.attempt("rok", "log", "--json", "--stamps")
        check(result.code in (OK, INVALID, ENVIRONMENT), f"byte {place}:", result)
        if result.code == OK:
            check(result.json()["entries"] == expected, f"byte {place} changes what is verified:", result)
        refused += result.code != OK
        for name in ("record.sqlite-wal", "record.sqlite-shm"):
            if os.path.exists(os.path.join(p.ledger, name)):
                os.remove(os.path.join(p.ledger, name))
        write(path, good)
    check(refused > 3, "hardly ever refused:", refused)
    for bad in (b"", good[:100], good[:len(good) // 2], good[:-4096], b"x" * len(good), good + bytes(4096)):
        write(path, bad)
        result = p.attempt("rok", "log", "--json", "--stamps")
        check(result.code in (INVALID, ENVIRONMENT) or result.json()["entries"] == expected, "accepted:", result)
        write(path, good)
    check(p.log("rok", stamps=True) == expected, "not as before")


@case
def a_damaged_attachment_is_refused(folder):
    p = grown()
    p.run("usa", "perform", "pause", "--attach", p.path("sites.csv"), "--yes")
    p.settle()
    entries = read_store(p.ledger)[0]
    for name in sorted(os.listdir(os.path.join(p.ledger, "attachments"))):
        path = os.path.join(p.ledger, "attachments", name)
        good = read(path)
        line = next(re.search(rb"attachment: %s .*" % name.encode(), e).group(0) for e in entries if name.encode() in e)
        for bad in (good[:-1], good[:-1] + bytes([good[-1] ^ 1]), good + b" ", None):
            os.remove(path) if bad is None else write(path, bad)
            result = p.attempt("rok", "log")
            if line.endswith((b"charter.json", b"roadmap.json", b"text.md")):
                check(result.code in (INVALID, ENVIRONMENT), "reads on without", line, result)
            found = attempt("verify", p.ledger)
            # What is not there may come from elsewhere; what is there must be right.
            check(found.code != OK or (bad is None and "is not here" in found.out), "verify accepts", line, found)
            write(path, good)
            os.chmod(path, 0o600)
    run("verify", p.ledger)
    p.run("rok", "log")


@case
def a_changed_memory_is_refused_or_made_anew(folder):
    """`verified`: what a workspace of an earlier version, or a restored one, has seen. The copy takes its place once it
    shows the same; the copy itself is believed only as far as the ledger's signatures go."""
    p = grown()
    path, copy = p.path("usa", "verified"), p.path("usa", "replica")
    entries = read_store(copy)[0]
    size, root = b"%d" % len(entries), tree_hash(entries).hex().encode()
    good = size + b"\n" + root + b"\n"
    for bad in (b"%d\n%s\n" % (int(size) + 1, root), b"%d\n%s\n" % (int(size) - 1, root),
                size + b"\n" + b"0" * 64 + b"\n", good[:-1], good + b"\n", b"x", b"", size + b"\n"):
        write(path, bad)
        before = read_store(p.ledger)
        result = p.attempt("usa", "perform", "pause", "--yes")
        check(result.code != OK, "acts on", bad, result)
        check(read_store(p.ledger) == before and read(path) == bad, "changed by a refusal")
    write(path, good)
    p.run("usa", "perform", "pause", "--yes")
    check(not os.path.exists(path), "still there beside the copy")
    shutil.rmtree(copy)
    p.run("usa", "perform", "pause", "--yes")
    check(len(read_store(copy)[0]) > int(size), "no copy was made anew")
    p.run("usa", "log")
    check(read_store(copy)[0] == read_store(p.ledger)[0], "the copy is not the ledger's")
    check_ledger(p.ledger)


@case
def a_changed_copy_is_refused(folder):
    """Entries of the copy, edited: its checkpoint does not fit them any more."""
    p = grown()
    copy = p.path("usa", "replica")
    shutil.copytree(copy, "good")
    entries = read_store(copy)[0]
    for place in (0, 3, len(entries) - 1):
        db = sqlite3.connect(os.path.join(copy, "record.sqlite"))
        note = bytearray(entries[place])
        note[note.index(b"process" if place else b"charter")] ^= 1
        db.execute("UPDATE entries SET note=? WHERE idx=?", (bytes(note), place))
        db.commit()
        db.close()
        p.attempt("usa", "status").complains("the copy in", "is damaged")
        shutil.rmtree(copy)
        shutil.copytree("good", copy)
    p.run("usa", "status")


@case
def a_contradicting_checkpoint_is_kept(folder):
    """Two histories that the ledger's key signed: the one that was not seen first is kept as evidence, with the nodes
    that lead to its root."""
    p = grown()
    shutil.copytree(p.ledger, "fork")
    p.run("usa", "perform", "pause", "--text", "Here.", "--yes")
    p.run("usa", "log")
    ours = read_store(p.path("usa", "replica"))
    replace_ledger(p, "fork")
    for _ in range(3):
        p.run("dprk", "perform", "visit", "--yes")
    theirs = read_store(p.ledger)
    p.run("usa", "log", code=INVALID).complains("is evidence")
    place = p.path("usa", "replica", "evidence")
    kept = sorted(os.listdir(place))
    name = hashlib.sha256(theirs[1]).hexdigest()
    check(kept == [name + ".checkpoint", name + ".nodes"], kept)
    check(read(os.path.join(place, kept[0])) == theirs[1], "not the ledger's note")
    lines = read(os.path.join(place, kept[1])).split(b"\n")
    check(lines[0] == b"old %d" % len(ours[0]) and lines[-1] == b"", lines)
    check(read_store(p.path("usa", "replica")) == ours, "the copy has changed")


@case
def another_key_is_refused(folder):
    """The ledger's own key, exchanged: nobody signs checkpoints with it."""
    p = grown()
    other = Process("other").build()
    shutil.copy(os.path.join(other.ledger, "key.vault"), os.path.join(p.ledger, "key.vault"))
    p_before = read_store(p.ledger)
    result = p.attempt("usa", "perform", "pause", "--yes")
    check(result.code in (INVALID, ENVIRONMENT), "acts under another key:", result)
    check(read_store(p.ledger) == p_before, "the record has changed")


if __name__ == "__main__":
    main()
