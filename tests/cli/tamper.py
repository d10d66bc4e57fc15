#!/usr/bin/env python3
"""What somebody changed: in the ledger's folder, byte by byte, and in files that are handed over.

A changed database, attachment or origin is refused, or changes nothing that is verified or shown. A third person, with
nothing but a file and a fingerprint, is told what holds, and loudly if there is no fingerprint.
"""
import os
import random
import shutil
import subprocess

from lockstep import (BINARY, INVALID, OK, SOAK, Process, Result, attempt, case, check, check_sound, main, read,
                      sanitized, write)

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
FEW = sanitized() and not SOAK

dice = random.Random(1984)


def played():
    """A process with something of everything on its record."""
    world = Process("world").build()
    world.declare()
    world.run("usa", "confirm", "declare-sites", "--yes")
    world.run("usa", "perform", "pause", "--text", "Paused.", "--yes")
    world.run("dprk", "confirm", "pause", "--yes")
    world.run("dprk", "open", "--tranche", "1", "--out", world.path("tranche.lockstep"), "--yes")
    world.run("dprk", "open", "--row", "delta", "--fields", "id,name", "--out", world.path("row.lockstep"), "--yes")
    world.run("usa", "export", world.path("record.lockstep"))
    return world


# The ledger's folder.

LOOKS = (("verify",), ("log", "--json", "--stamps"))


def look(world):
    """What a delegation sees, who has a copy; and whoever looks at the folder itself."""
    return [world.attempt("usa", *args) for args in LOOKS] + [attempt("verify", world.ledger)]


def check_harmless(world, before, what):
    """Each command refuses in words, or says what it said before. Gives how many refused."""
    refused = 0
    for first, now in zip(before, look(world)):
        if now.code == OK:
            check(now.out == first.out, f"{what}: accepted, and yet shown otherwise:", now)
        else:
            check("FAILED" in now.out or "error:" in now.err, f"{what}: refused without saying what:", now)
            refused += 1
    return refused


def with_change(path, content, world, before, what):
    """One file with other content; all of the ledger is as before afterwards."""
    write(path, content)
    refused = check_harmless(world, before, what)
    shutil.rmtree(world.ledger)
    shutil.copytree("kept", world.ledger)
    return refused


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1:]


def undamaged(world):
    before = look(world)
    check(all(result.code == OK for result in before), "not valid to begin with:", *before)
    shutil.copytree(world.ledger, "kept")
    return before


def stores(world):
    """The database's files that hold something; the index of its log is made anew."""
    names = [name for name in sorted(os.listdir(world.ledger))
             if name.startswith("record.sqlite") and not name.endswith("-shm")]
    check("record.sqlite" in names, "no database in", names)
    return [(os.path.join(world.ledger, name), read(os.path.join(world.ledger, name))) for name in names
            if os.path.getsize(os.path.join(world.ledger, name))]


@case
def a_damaged_database_is_refused_or_changes_nothing(folder):
    world = played()
    before = undamaged(world)
    refused = tried = 0
    for path, content in stores(world):
        # Everywhere, and more often where something stands.
        filled = [at for at in range(len(content)) if content[at]]
        count = 50 if FEW else 3000 if SOAK else 150
        places = {*dice.sample(range(len(content)), count), *dice.sample(filled, min(count, len(filled)))}
        for at in sorted(places):
            refused += with_change(path, flipped(content, at), world, before, f"byte {at} of {os.path.basename(path)}")
            tried += 1
    check(refused >= tried / 4, f"only {refused} refusals in {tried} changes: they do not reach what is read")


@case
def a_database_cut_short_is_refused_or_changes_nothing(folder):
    world = played()
    before = undamaged(world)
    refused = 0
    for path, content in stores(world):
        lengths = [0, 1, 99, 100, 4096, len(content) - 4096, len(content) - 1,
                   *(dice.randrange(len(content)) for _ in range(4 if FEW else 30))]
        for length in lengths:
            refused += with_change(path, content[:length], world, before, f"{length} bytes of {os.path.basename(path)}")
    check(refused > 10, "a database cut short is taken for a whole one")


@case
def other_files_of_the_ledger(folder):
    """Every attachment, the origin, the ledger's own key: none of them is believed."""
    world = played()
    before = undamaged(world)
    hashes = sorted(os.listdir(os.path.join(world.ledger, "attachments")))
    names = [os.path.join("attachments", name) for name in hashes]
    check(len(names) >= 6, "there are few attachments:", names)
    for name in names:
        content = read(os.path.join(world.ledger, name))
        changes = [flipped(content, at) for at in (0, len(content) - 1, dice.randrange(len(content)))]
        changes += [content[:-1], content + b"\0", b""]
        for change in dice.sample(changes, 2) if FEW else changes:
            refused = with_change(os.path.join(world.ledger, name), change, world, before, name)
            check(refused, f"{name} may be changed, and nobody says so")
    for name in ("origin", "key.vault"):
        content = read(os.path.join(world.ledger, name))
        for at in (0, len(content) // 2, len(content) - 1):
            with_change(os.path.join(world.ledger, name), flipped(content, at), world, before, name)


@case
def an_older_ledger_is_told(folder):
    """The folder put back to what it was: whoever saw more refuses it, by name; nothing is damaged, and yet wrong."""
    world = Process("world").build()
    world.declare()
    shutil.copytree(world.ledger, "older")
    world.run("usa", "confirm", "declare-sites", "--yes")
    world.run("usa", "log")
    shutil.rmtree(world.ledger)
    shutil.copytree("older", world.ledger)
    world.run("usa", "log", code=INVALID).complains("error:")
    world.run("rok", "log")


# What is handed over.

def third_person(*args):
    """The verifier alone, in an empty folder, with no home, no workspace and no environment."""
    os.makedirs("elsewhere", exist_ok=True)
    command = [VERIFIER, *args]
    job = subprocess.run(command, cwd="elsewhere", env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}, timeout=60,
                         stdin=subprocess.DEVNULL, capture_output=True, check=False)
    result = check_sound(Result(command, job.returncode, job.stdout, job.stderr))
    check(not os.listdir("elsewhere"), "the verifier wrote something")
    return result


def judged(code, *args):
    result = third_person(*args)
    check(result.code == code, f"wanted exit {code}:", result)
    return result


LOUD = "WARNING: whoever made this file may have made up the whole process."


@case
def a_third_person_is_told_what_holds(folder):
    world = played()
    fingerprint = world.fingerprint()
    tranche, row, record = (world.path(f"{name}.lockstep") for name in ("tranche", "row", "record"))
    for bundle in (tranche, row, record):
        result = judged(OK, bundle, "--charter", fingerprint)
        check(LOUD not in result.out and result.out.rstrip().endswith("\nvalid"), "not plainly valid:", result)
        result.says("it has the fingerprint that was given: " + fingerprint, "EXERCISE.")
        # The same from the large program.
        said = world.run("usa", "verify", bundle, "--charter", fingerprint)
        check(said.out == result.out, "the two programs differ:", said, result)
    judged(OK, tranche, "--charter", fingerprint).says("complete: all 8 rows of tranche 1 (1) opened, 6 of them blank")
    judged(OK, tranche, "--charter", fingerprint, "--rows").says("First place", "Second, with a comma")
    result = judged(OK, row, "--charter", fingerprint, "--rows").says("delta", "\u5e73\u58e4")
    check("complete" not in result.out and "39.4" not in result.out, "a closed field is shown:", result)


@case
def without_a_fingerprint_the_warning_is_loud(folder):
    world = played()
    for bundle in ("tranche.lockstep", "record.lockstep"):
        result = judged(OK, world.path(bundle)).says(LOUD, "only consistent with itself")
        check(not result.out.rstrip().endswith("\nvalid"), "called valid without an anchor:", result)
        check(judged(OK, world.path(bundle), "--json").json()["anchored"] is False, "anchored in nothing")


@case
def another_fingerprint_is_refused(folder):
    world = played()
    other = Process("other").build()
    digit = {"0": "1"}.get(world.fingerprint()[0], "0")
    for wrong in (other.fingerprint(), digit + world.fingerprint()[1:], "0" * 64):
        for bundle in ("tranche.lockstep", "row.lockstep", "record.lockstep"):
            result = judged(INVALID, world.path(bundle), "--charter", wrong, "--rows")
            check("NOT VALID" in result.err and wrong in result.err, "does not say why:", result)
            check(not result.out, "rows of a file that does not hold:", result)


@case
def changed_files_are_refused(folder):
    """The verifier's answer to what tests/unit/test_flip.c tries for every byte."""
    world = played()
    fingerprint = world.fingerprint()
    for name in ("tranche", "record"):
        content = read(world.path(f"{name}.lockstep"))
        filled = [at for at in range(len(content)) if content[at]]
        for at in dice.sample(filled, 10 if FEW else 60):
            write("changed", flipped(content, at))
            result = judged(INVALID, os.path.abspath("changed"), "--charter", fingerprint)
            check("NOT VALID" in result.out or "error:" in result.err, "refused without saying so:", result)
        for length in (0, 1, 511, 512, 1024, len(content) // 2, len(content) - 512, len(content) - 1):
            write("changed", content[:length])
            judged(INVALID, os.path.abspath("changed"), "--charter", fingerprint).complains("error:")
        write("changed", content + bytes(512))
        judged(INVALID, os.path.abspath("changed"), "--charter", fingerprint).complains("error:")


if __name__ == "__main__":
    main()
