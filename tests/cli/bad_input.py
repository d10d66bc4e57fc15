#!/usr/bin/env python3
"""Whatever is given to the program: it answers with an exit code of its own and in bounded time and memory, and what
it refuses changes nothing on disk."""
import os
import random
import resource
import shutil
import stat

from lockstep import (ENVIRONMENT, INVENTORY, OK, ROADMAP, SHARED, TEXT, USAGE, Process, Skip, attempt, case,
                      check, check_ledger, check_unchanged, finish, main, read, run, sanitized, snapshot, start, write)

MEGABYTE = 1 << 20
HUGE = 100 * MEGABYTE  # a line
MEMORY = 450 * MEGABYTE  # address space for it: the line in memory twice, and the program


def commands(p, file):
    """Each verb that reads a file, with this file in the place of a good one."""
    return {
        "declare": p.as_("dprk", "declare", "--inventory", file, "--backup", p.path("safe"), "--yes"),
        "sign": p.as_("usa", "sign", file, "--yes"),
        "charter check": ("charter", "check", file),
        "charter sign": ("-C", p.path("fresh"), "charter", "sign", file, "--yes"),
        "charter new": p.as_("rok", "charter", "new", p.path("never.yaml"), "--ledger", p.path("never"), "--party",
                             file, "--party", p.path("usa", "party.yaml")),
        "accord check": p.as_("usa", "accord", "check", file, p.path("text.md")),
        "accord text": p.as_("usa", "accord", "check", p.path("roadmap.yaml"), file),
        "accord propose": p.as_("usa", "accord", "propose", file, p.path("text.md"), "--out", p.path("never"), "--yes"),
        "verify": ("verify", file),
    }


def ready():
    """A process in which every one of these commands would succeed with a good file."""
    p = Process("process").build()
    run("init", p.path("fresh"), "--party", "usa", "--ledger", p.ledger, "--exercise", "--no-passphrase")
    return p.settle()


def refuse(p, name, file, before, **options):
    result = attempt(*commands(p, file)[name], timeout=60, **options)
    check(result.code != OK, f"{name} accepts {file}:", result)
    check("lockstep: error: " in result.err or name == "verify" and result.out, "no error line:", result)
    check_unchanged(before, p.folder, why=result)


def refuse_all(files, names):
    p = ready()
    before = snapshot(p.folder)
    check(files, "no files")
    for file in files:
        for name in names:
            refuse(p, name, file, before)
    check_ledger(p.ledger)


def vectors():
    """All files of the shared vectors for JSON and CSV; with a sanitizer, which takes its time to start, each tenth: the
    tests of the parsers read all of them with it."""
    found = []
    for kind in ("json", "csv"):
        top = os.path.join(SHARED, "vectors", kind)
        found += [os.path.join(place, name) for place, _, names in os.walk(top) for name in sorted(names)]
    if not SHARED or len(found) < 300:
        raise Skip("the shared test vectors are not here")
    return found[::10] if sanitized() else found


@case
def vectors_as_inventories_and_drafts(folder):
    refuse_all(vectors(), ["declare", "sign"])


@case
def vectors_as_charters_and_cards(folder):
    refuse_all(vectors(), ["charter check", "charter new"])


@case
def vectors_as_roadmaps_and_bundles(folder):
    refuse_all(vectors(), ["accord check", "verify"])


@case
def vectors_as_texts_and_proposals(folder):
    """Fewer of them: these commands read with the same parsers."""
    refuse_all(vectors()[::8], ["accord text", "accord propose", "charter sign"])


# Files that no vector has.

ODDITIES = {
    "empty": b"",
    "newline": b"\n",
    "mark-only": b"\xef\xbb\xbf",
    "nul": b"\0",
    "nuls": bytes(5000),
    "latin-1": INVENTORY.replace("First", "F\xfcrst").encode("latin-1", "replace"),
    "utf-16": INVENTORY.encode("utf-16"),
    "surrogate": b"charter: 1\nname: \xed\xa0\x80\n",
    "nul-in-text": INVENTORY.replace("First", "Fi\0st").encode(),
    "nul-in-yaml": ROADMAP.replace("small", "sm\0ll", 1).encode(),
    "escape-in-yaml": b"charter: 1\n\x1b[2Jname: x\n\x1b]0;owned\x07: 1\n",
    "c1-in-yaml": b"charter: 1\n\xc2\x9b2Jname: x\n",
    "nested": b"[" * 100000,
    "nested-flow": b"a: " + b"{a: " * 20000,
    "nested-block": b"".join(b" " * i + b"a:\n" for i in range(1500)),
    "aliases": b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (n + 1, n + 1, n, n) for n in b"abcdefghijklmno"),
    "many-keys": b"".join(b"key-%d: %d\n" % (i, i) for i in range(100000)),
    "many-columns": b",".join(b"c%d" % i for i in range(100000)) + b"\n",
    "quote-without-end": INVENTORY.encode() + b'1,zeta,"no end\n' * 1000,
    "note": b"lockstep exercise act v1\nact: perform\n\n\xe2\x80\x94 a/b AAAA\n",
    "tar-of-nothing": bytes(1024),
    "tar-header": b"act.note".ljust(257, b"\0") + b"ustar\x0000" + bytes(1024),
    "gzip": b"\x1f\x8b\x08" + bytes(200),
    "sqlite": b"SQLite format 3\0" + bytes(4096),
}


@case
def oddities(folder):
    files = [write(os.path.join(folder, name), content) for name, content in ODDITIES.items()]
    refuse_all(files, commands(Process(), "").keys())


@case
def things_that_are_no_files(folder):
    """Directories and devices, pipes that nobody writes to, links in a circle."""
    os.mkfifo("pipe")
    os.symlink("circle", "circle")
    os.symlink("nowhere", "dangling")
    places = ["/", folder, "/dev/null", "/dev/zero", "/dev/tty", "pipe", "circle", "dangling", "nowhere", "", "x" * 300,
              "y/" * 3000 + "z", os.fsdecode(b"\xff\xfe")]
    refuse_all(places, commands(Process(), "").keys())


@case
def a_line_of_100_mb(folder):
    limit = None
    if not sanitized():
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    p = ready()
    header = INVENTORY.split("\n")[0].encode() + b"\n"
    huge = {
        "declare": header + b"1,alpha," + b"x" * HUGE + b",39,125\n",
        "charter check": b"charter: 1\ntitle: " + b"x" * HUGE + b"\n",
        "accord check": b"roadmap: 1\ntitle: " + b"x" * HUGE,
        "accord text": b"# Title\n\n[p1] " + b"x" * HUGE + b"\n",
        "sign": b"act.note".ljust(257, b"x") + b"x" * HUGE,
        "verify": b"x" * HUGE,
        "charter new": b"name: " + b"x" * HUGE,
    }
    before = snapshot(p.folder)
    for name, content in huge.items():
        refuse(p, name, write("huge", content), before, limits=limit)


# Good files, damaged.

def damaged(content, count, seed):
    """The content with pieces cut out, put in, doubled, or a byte changed."""
    dice = random.Random(seed)
    for _ in range(count):
        at = dice.randrange(len(content))
        bad = dice.choice([
            lambda: content[:at],
            lambda: content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1:],
            lambda: content[:at] + bytes(dice.randrange(256) for _ in range(dice.randrange(1, 9))) + content[at:],
            lambda: content[:at] + content[at + dice.randrange(1, 40):],
            lambda: content[:at] + content[max(0, at - 60):at] + content[at:],
        ])()
        if bad != content:
            yield bad


@case
def damaged_documents_are_answered(folder):
    """They may still be good; then they are accepted. Only checks, which change nothing."""
    p = Process("process").build().settle()
    charter = read(p.path("charter.yaml"))
    before = snapshot(p.folder)
    for seed, (good, args) in enumerate([
            (charter, lambda file: ("charter", "check", file)),
            (ROADMAP.encode(), lambda file: p.as_("usa", "accord", "check", file, p.path("text.md"))),
            (TEXT.encode(), lambda file: p.as_("usa", "accord", "check", p.path("roadmap.yaml"), file)),
            (INVENTORY.encode(), lambda file: p.as_("dprk", "declare", "--inventory", file, "--preview"))]):
        for bad in damaged(good, 40, seed):
            attempt(*args(write("damaged", bad)), timeout=30)
            check_unchanged(before, p.folder, why=bad)


@case
def damaged_drafts_are_not_signed(folder):
    """Not one of their bytes is free. If the damage makes it another act, it is one that nobody has signed yet."""
    p = Process("process").draft_charter()
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes")
    good = read(p.path("charter.lockstep"))
    shutil.copytree(p.path("usa"), "spare")
    before = snapshot(p.folder)
    for bad in list(damaged(good, 120, 7)) + [good + b"\0", good + bytes(512), good[:-512], good[512:]]:
        result = attempt(*p.as_("usa", "sign", write("damaged", bad), "--yes"), timeout=30)
        if result.code == OK:
            result.says("still missing: dprk-1 dprk-2 usa-1 usa-2 rok-1\n")
            shutil.rmtree(p.path("usa"))
            shutil.copytree("spare", p.path("usa"))
            continue
        check(read("damaged") == bad, "the draft was changed:", result)
        check_unchanged(before, p.folder, why=result)
    p.run("usa", "sign", p.path("charter.lockstep"), "--yes")


def replace_at(path, at, byte):
    content = bytearray(read(path))
    content[at] = byte
    write(path, bytes(content))


@case
def damaged_workspaces_are_answered(folder):
    """Each file of a workspace, damaged in turn: refused or unharmed, never a crash, and the ledger stays whole."""
    p = Process().build()
    p.declare()
    p.settle()
    dice = random.Random(3)
    ledger = snapshot(p.ledger)
    for path, (mode, content) in sorted(snapshot(p.path("dprk")).items()):
        if stat.S_ISDIR(mode):
            continue
        for bad in [b"", content[:len(content) // 2], content + b"x", *damaged(content, 4, dice.randrange(1000))]:
            write(path, bad)
            p.attempt("dprk", "status")
            p.attempt("dprk", "open", "--row", "alpha", "--out", p.path("never"))  # asks, and nobody says yes
            check_unchanged(ledger, p.ledger, why=path)
        write(path, content)
    check(not os.path.exists(p.path("never")), "an opening was written")
    p.run("dprk", "open", "--row", "alpha", "--out", p.path("rows.lockstep"), "--yes")
    check_ledger(p.ledger)


# Arguments.

@case
def odd_arguments(folder):
    p = Process().build().settle()
    before = snapshot(p.folder)
    raw = os.fsdecode
    for args in [
            ["perform", "pause", "--text", "bell \a and escape \x1b[31m"],
            ["perform", "pause", "--text", raw(b"not \xff UTF-8")],
            ["perform", "pause", "--text", "\u202eright to left"],
            ["perform", "pause", "--text", "\nbegins with an empty line"],
            ["perform", "pause", "--text", "x" * 100000],
            ["perform", "pause", "--text", f"text\n\n\u2014 usa.example/usa-1 {'A' * 91}=\n"],
            ["perform", "\x1b[2J"],
            ["perform", raw(b"\xff")],
            ["perform", "pause", "--as", "\x1b[2J"],
            ["perform", "pause", "--as", ""],
            ["perform", "pause", "--unless-acted", "usa usa"],
            ["perform", "pause", "--unless-acted", "\x1b"],
            ["perform", "pause", "--date", "2018-02-29"],
            ["perform", "pause", "--date", "\x1b"],
            ["perform", "pause", "--accord", "\x1b"],
            ["perform", "pause", "--attach", "roadmap.yaml"] + ["--attach", "roadmap.yaml"] * 70,
            ["perform", "pause"] + ["--as", "usa-1"] * 300,
            ["perform", "pause"] + ["more"] * 300,
            ["withdraw", "-1"],
            ["withdraw", "99999999999999999999999"],
            ["show", ""],
            ["show", "\x1b]0;x\x07"],
            ["show", "zzzzzzzz"],
            ["open", "--tranche", "4294967297"],
            ["open", "--tranche", "-1"],
            ["exercise", "clock", "2018-10-09T08:00:00+09:00"],
            ["exercise", "clock", "9999-12-31T23:59:60Z"],
            ["verify", "x", "--charter", "z" * 64],
            ["\x1b[2J"],
            ["--\x1b[2J"],
            [raw(b"\xff\xfe")],
            [""],
            ["", ""],
            ["perform", "--"],
            ["x" * 100000]]:
        result = p.attempt("usa", *args, "--yes")
        check(result.code != OK, "accepted:", result)
        check_unchanged(before, p.folder, why=result)


@case
def odd_names_for_new_things(folder):
    before = snapshot(folder)
    exercise = ("--exercise", "--no-passphrase")
    for args in [["--party", "a b"], ["--party", ""], ["--party", "x" * 64], ["--party", "ab\x1b"],
                 ["--party", "x", "--title", 'quote " quote'], ["--party", "x", "--title", "two\nlines"],
                 ["--party", "x", "--title", "\x1b[31mred"], ["--party", "x", "--title", os.fsdecode(b"\xff")],
                 ["--party", "x", "--role", "king"], ["--party", "x", "--role", "party\nthreshold: 1"],
                 ["--party", "x", "--domain", "two words"], ["--party", "x", "--domain", "x\ny: z"],
                 ["--party", "x", "--domain", "d" * 300], ["--party", "x", "--signer", "a", "--signer", "a"],
                 ["--party", "x", "--signer", "../../up"], ["--party", "x", "--signer", "delegation"],
                 ["--party", "x", "--threshold", "0"], ["--party", "x", "--threshold", "99999999999999999999"],
                 ["--party", "x", *[a for i in range(33) for a in ("--signer", f"s{i}")]]]:
        result = run("init", "new", *args, *exercise, code=USAGE)
        check_unchanged(before, folder, why=result)
    for place in ["", "/proc/none", "/dev/null", "/dev/null/x", "n" * 300, "d/" * 2000]:
        result = attempt("init", place, "--party", "x", *exercise)
        check(result.code in (USAGE, ENVIRONMENT), "made a workspace at", repr(place), result)
        check_unchanged(before, folder, why=result)


@case
def paths_need_not_be_utf8(folder):
    """Linux does not ask for it, and JSON must still be JSON."""
    p = Process(os.fsdecode(b"caf\xe9 \xff"))
    p.init("usa", code=USAGE).complains("not UTF-8")  # the ledger's path is remembered, as JSON
    check(not os.path.exists(p.path("usa")), "something was made")
    p.ledger = os.path.join(folder, "ledger")
    said = run("init", p.path("x"), "--party", "x", "--exercise", "--no-passphrase", "--json").json()
    check(said["party"] == "x", "said:", said)
    p.build()
    said = p.run("usa", "export", p.path("record.lockstep"), "--json").json()
    check(said["entries"] == 4, "said:", said)
    check(run("verify", p.path("record.lockstep"), "--json").json(), "no report")


@case
def closed_and_full_outputs(folder):
    """A standard stream that is closed must not become the number of a file that is written."""
    p = Process().build()
    for closed in (0, 1, 2):
        result = finish(start(*p.as_("usa", "perform", "pause", "--yes"), limits=lambda: os.close(closed)))
        check(result.code == (ENVIRONMENT if closed == 1 else OK), "stream", closed, result)
        for place, _, names in os.walk(p.folder):
            for name in names:
                check(b"pause is on the record" not in read(os.path.join(place, name)), "said into a file:", name)
        check_ledger(p.ledger)
    for stream in (1, 2):
        full = lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), stream)
        result = finish(start(*p.as_("usa", "log"), limits=full))
        check(result.code == (ENVIRONMENT if stream == 1 else OK), "stream", stream, result)
    check_ledger(p.ledger)


if __name__ == "__main__":
    main()
