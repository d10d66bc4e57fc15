"""What the scripts in this folder share: cases, running the program, a small process to run it on, and a reader of
ledgers that owes nothing to the program.

A script defines cases and runs them in the order in which they stand:

    @case
    def something_holds(folder): ...     # folder: fresh, and the current one

    if __name__ == "__main__":
        main()

A case fails by any exception. It is skipped by `raise Skip("why")`.
"""
import atexit
import base64
import functools
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback

ROOT = os.environ.get("LOCKSTEP_ROOT") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.path.abspath(os.environ.get("LOCKSTEP") or os.path.join(ROOT, "build", "lockstep"))
SHARED = os.environ.get("LOCKSTEP_SHARED", "")
SOAK = os.environ.get("LOCKSTEP_SOAK") == "1"
MARK = "EXERCISE. Nothing signed here can pass as real."

# Exit codes.
OK, INVALID, USAGE, ENVIRONMENT = 0, 1, 2, 3


def sanitized():
    """A sanitized program is slower, needs more address space, and its leak check can't be traced."""
    with open(BINARY, "rb") as program:
        content = program.read()
    return b"__asan_init" in content or b"__tsan_init" in content


# Cases.

CASES = []


class Skip(Exception):
    pass


def case(function):
    CASES.append(function)
    return function


def run_case(function, folder):
    """Returns the line that says how it ended."""
    os.mkdir(folder)
    os.chdir(folder)
    try:
        function(folder)
        return f"ok {function.__name__}"
    except Skip as why:
        return f"skip {function.__name__}: {why}"
    except Exception:
        traceback.print_exc()
        return f"not ok {function.__name__}"


def spent():
    """Seconds by the clock, and of processors, those of programs that were run and ended."""
    t = os.times()
    return t.elapsed, t.user + t.system + t.children_user + t.children_system


def main():
    """Runs the cases named in the arguments, or all."""
    os.umask(0o022)
    scratch = tempfile.mkdtemp(prefix="lockstep-cli-")
    failed = False
    try:
        for number, function in enumerate(CASES):
            if len(sys.argv) > 1 and function.__name__ not in sys.argv[1:]:
                continue
            before = spent()
            line = run_case(function, os.path.join(scratch, f"{number}-{function.__name__}"))
            failed = failed or line.startswith("not ok")
            clock, busy = (b - a for a, b in zip(before, spent()))
            print(f"{line}\n# {clock:.1f} s, {busy:.1f} s of processors", flush=True)
    finally:
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(1 if failed else 0)


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


# Running the program.

def environment(extra=None):
    env = {name: value for name, value in os.environ.items()
           if name not in ("LOCKSTEP_WORKSPACE", "LOCKSTEP_PASSPHRASE")}
    env.update(extra or {})
    return {name: value for name, value in env.items() if value is not None}


class Result:
    def __init__(self, args, code, out, err):
        self.args, self.code, self.raw_out, self.raw_err = args, code, out, err
        self.out, self.err = (raw.decode("utf-8", "backslashreplace") for raw in (out, err))

    def __str__(self):
        command = " ".join(os.fsdecode(arg) for arg in self.args)
        return f"{command}: exit {self.code}\n--- stdout\n{self.out[-4000:]}\n--- stderr\n{self.err[-4000:]}"

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise AssertionError(f"no JSON ({error}): {self}") from None

    def says(self, *texts):
        for text in texts:
            check(text in self.out, f"stdout does not say {text!r}:", self)
        return self

    def complains(self, *texts):
        for text in texts:
            check(text in self.err, f"stderr does not say {text!r}:", self)
        return self


def check_sound(result):
    """What holds of every run, whatever it was given: no signal, no bug, no sanitizer's report, and words for every
    failure."""
    check(result.code is not None and result.code >= 0, "ended by a signal:", result)
    check(result.code in (OK, INVALID, USAGE, ENVIRONMENT), "no exit code of ours:", result)
    for trace in ("Sanitizer", "runtime error:", "Assertion"):
        check(trace not in result.err, "a sanitizer reports:", result)
    check(result.code == OK or result.err.strip() or result.out.strip(), "failed without a word:", result)
    check("(null)" not in result.out + result.err, "prints a null:", result)
    check("\x1b" not in result.out + result.err, "an escape reaches the terminal:", result)
    return result


# Libraries of a few lines that stand before the system's, in the environment of a program.

QUICK_VAULTS = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

int crypto_pwhash(unsigned char *out, unsigned long long len, const char *passphrase, unsigned long long length,
                  const unsigned char *salt, unsigned long long passes, size_t memory, int algorithm)
{
    int (*next)(unsigned char *, unsigned long long, const char *, unsigned long long, const unsigned char *,
                unsigned long long, size_t, int) = dlsym(RTLD_NEXT, "crypto_pwhash");
    return next(out, len, passphrase, length, salt, passes > 0 ? 1 : 0, memory > 8192 ? 8192 : memory, algorithm);
}
"""


def small_library(folder, name, source):
    path = os.path.join(folder, name + ".so")
    write(path + ".c", source)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", path, path + ".c", "-ldl"], check=True)
    return path


@functools.lru_cache(maxsize=None)
def quick_vaults():
    """For real processes, whose vaults cost half a second of a processor at each command: Argon2id at its least costs.
    What the real ones are good for is tested where it matters."""
    if shutil.which("cc") is None:
        return {}
    folder = tempfile.mkdtemp(prefix="lockstep-quick-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # AddressSanitizer wants to be the first library, which matters for what it replaces, too; this is none of it.
    options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
    return {"LD_PRELOAD": small_library(folder, "quick", QUICK_VAULTS), "ASAN_OPTIONS": options}


def together(*environments):
    """The later win, but for libraries, of which all stand."""
    libraries = [e["LD_PRELOAD"] for e in environments if "LD_PRELOAD" in e]
    merged = {name: value for e in environments for name, value in e.items()}
    return {**merged, "LD_PRELOAD": ":".join(libraries)} if libraries else merged


def start(*args, env=None, limits=None, wrapper=(), stdin=subprocess.DEVNULL):
    """Starts the program, in a session of its own: without a terminal to ask on."""
    command = [*wrapper, BINARY, *args]
    return subprocess.Popen(command, env=environment(env), stdin=stdin, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, start_new_session=True, preexec_fn=limits)


def finish(job, timeout=120, data=None):
    try:
        out, err = job.communicate(data, timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(job.pid, signal.SIGKILL)
        out, err = job.communicate()
        raise AssertionError(f"still running after {timeout} s: {Result(job.args, None, out, err)}") from None
    return Result(job.args, job.returncode, out, err)


def attempt(*args, timeout=120, data=None, **options):
    """Runs it to its end, however it ends, but soundly."""
    if data is not None:
        options["stdin"] = subprocess.PIPE
    return check_sound(finish(start(*args, **options), timeout, data))


def run(*args, code=OK, **options):
    """Runs it and wants this exit code."""
    result = attempt(*args, **options)
    check(result.code == code, f"wanted exit {code}:", result)
    return result


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def snapshot(*folders):
    """Every file with its mode and content. Locks are empty files that stay, and SQLite's index of its log is scratch
    that the next process makes anew; an empty log says nothing."""
    found = {}
    for folder in folders:
        for place, _, names in os.walk(folder):
            found[place] = (os.stat(place).st_mode, None)
            for name in names:
                path = os.path.join(place, name)
                content = read(path)
                if name == "lock" or name.endswith("-shm") or (name.endswith("-wal") and not content):
                    continue
                found[path] = (os.stat(path).st_mode, content)
    return found


def check_unchanged(before, *folders, why=""):
    after = snapshot(*folders)
    changed = sorted(set(before) ^ set(after)) + sorted(p for p in before if p in after and before[p] != after[p])
    check(not changed, "changed on disk:", changed, why)


# Looking for what must not be there.

def every_file(*folders):
    for folder in folders:
        if os.path.isfile(folder):
            yield folder
        for place, _, names in os.walk(folder):
            for name in names:
                yield os.path.join(place, name)


def check_without(texts, *folders, but=()):
    """None of these texts, as it is, in base64 or in hex, in any file."""
    wanted = []
    for text in texts:
        raw = text if isinstance(text, bytes) else text.encode()
        wanted += [raw, raw.hex().encode()] + [base64.b64encode(b"x" * i + raw)[4:-4] for i in range(3)]
    for path in every_file(*folders):
        if any(path.startswith(keep) for keep in but):
            continue
        content = read(path)
        for text in wanted:
            check(len(text) < 3 or text not in content, f"{text!r} is in {path}")


# A small process: three delegations, one of which needs two signers.

CLOCK = "2018-10-08T06:00:00Z"

ROADMAP = """\
roadmap: 1
name: small
title: A small accord
parties: [dprk, usa, rok]
tracks:
  - {id: north, title: What the north does}
  - {id: south, title: What the others do}
declarations:
  - name: sites
    by: dprk
    fields: [id, name, lat, lon]
    id: id
    tranche: tranche
    latitude: lat
    longitude: lon
    row-bytes: 128
    tranches:
      - {label: "1", rows: 8}
      - {label: "2", rows: 16}
pledges:
  - {id: good-faith, by: usa, what: act in good faith, paragraph: p3}
steps:
  - id: list
    title: The list
    track: north
    measures:
      - {id: declare-sites, by: dprk, what: declare, paragraph: p1, after: [in force], due: 10 days after in force,
         verified-by: [usa], declares: sites}
      - {id: open-first, by: dprk, what: open the first, paragraph: p1, after: [declare-sites confirmed],
         due: 10 days after declare-sites confirmed, verified-by: [usa], opens: {declaration: sites, tranche: 1}}
      - {id: visit, by: dprk, what: admit visitors, paragraph: p1, after: [in force], verified-by: [usa, rok]}
  - id: calm
    title: Calm
    track: south
    measures:
      - {id: pause, by: usa, what: pause exercises, paragraph: p2, after: [in force], due: 7 days after in force,
         verified-by: [dprk]}
      - {id: relief, by: usa, what: send relief, paragraph: p2, after: [open-first confirmed],
         due: 30 days after open-first confirmed, verified-by: [dprk]}
      - {id: mediate, by: rok, what: mediate, paragraph: p2, after: [in force], due: "2018-11-30"}
"""

TEXT = """\
# A small accord

[p1] The north declares what it has, and opens it.

[p2] The others pause, and send relief.

[p3] All act in good faith.
"""

INVENTORY = """\
tranche,id,name,lat,lon
1,alpha,First place,39.1,125.1
1,beta,"Second, with a comma",39.2,125.2
2,gamma,Third place,39.3,125.3
2,delta,\u5e73\u58e4,39.4,125.4
2,epsilon,,39.5,125.5
"""


class Process:
    """Three workspaces and the ledger that they share, in a folder."""

    PARTIES = ("dprk", "usa", "rok")
    INIT = {"dprk": ["--title", "The North", "--signer", "dprk-1", "--signer", "dprk-2", "--threshold", "2"],
            "usa": ["--title", "United States", "--signer", "usa-1", "--signer", "usa-2"],
            "rok": ["--title", "The South", "--role", "mediator"]}

    def __init__(self, folder="."):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.ledger = self.path("ledger")
        for name, text in (("roadmap.yaml", ROADMAP), ("text.md", TEXT), ("sites.csv", INVENTORY)):
            write(self.path(name), text)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def as_(self, party, *args):
        """The arguments for a command in a party's workspace."""
        return ("-C", self.path(party), *args)

    def run(self, party, *args, **options):
        return run(*self.as_(party, *args), **options)

    def attempt(self, party, *args, **options):
        return attempt(*self.as_(party, *args), **options)

    def init(self, party, *more, **options):
        return run("init", self.path(party), "--party", party, *self.INIT[party], "--ledger", self.ledger,
                   "--exercise", *(more or ("--no-passphrase",)), **options)

    def draft_charter(self):
        """A charter, ready to sign, and an empty ledger."""
        for party in self.PARTIES:
            self.init(party)
        cards = [self.path(party, "party.yaml") for party in self.PARTIES]
        self.run("rok", "charter", "new", self.path("charter.yaml"), "--name", "small", "--zone", "Asia/Seoul",
                 "--ledger", self.ledger, "--party", cards[0], "--party", cards[1], "--mediator", cards[2])
        self.clock(CLOCK)
        return self

    def sign_charter(self):
        self.run("rok", "charter", "sign", self.path("charter.yaml"), "--yes")
        self.run("dprk", "sign", self.path("charter.lockstep"), "--yes")
        self.run("usa", "sign", self.path("charter.lockstep"), "--yes")
        return self

    def sign_accord(self):
        self.run("rok", "accord", "propose", self.path("roadmap.yaml"), self.path("text.md"), "--out",
                 self.path("accord.lockstep"), "--yes")
        self.run("dprk", "accord", "sign", self.path("accord.lockstep"), "--yes")
        self.run("usa", "accord", "sign", self.path("accord.lockstep"), "--yes")
        return self

    def build(self):
        """Up to an accord in force."""
        return self.draft_charter().sign_charter().sign_accord()

    def declare(self, **options):
        return self.run("dprk", "declare", "--inventory", self.path("sites.csv"), "--backup", self.path("safe"),
                        "--yes", **options)

    def clock(self, time):
        return self.run("rok", "exercise", "clock", time)

    def log(self, party="usa", stamps=False):
        """The acts on the record, as a party sees them."""
        return self.run(party, "log", "--json", *(["--stamps"] if stamps else [])).json()["entries"]

    def states(self, party="usa"):
        accord = self.run(party, "status", "--json").json()["accords"][0]
        return {measure["measure"]: measure for measure in accord["measures"]}

    def folders(self):
        return [self.path(party) for party in self.PARTIES] + [self.ledger]

    def settle(self):
        """Each workspace replays the ledger and remembers what it saw, which changes a file of its own."""
        for party in self.PARTIES:
            self.log(party)
        return self

    def fingerprint(self):
        return self.run("usa", "charter", "show", "--json").json()["fingerprint"]


# A reader of ledgers that shares no code with the program: what docs/protocol.md says, sections 4 and 5.

def note_text(note):
    """A note's text, its final newline included: up to the last empty line."""
    return note[:note.rindex(b"\n\n") + 1]


def headers(note):
    """Headers of an act, each with all its values."""
    found = {}
    for line in note_text(note).split(b"\n\n")[0].rstrip(b"\n").split(b"\n")[1:]:
        name, value = line.decode().split(": ", 1)
        found.setdefault(name, []).append(value)
    return found


def tree_hash(leaves):
    """RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def read_store(ledger):
    """Entries and the published checkpoint, from a copy: looking must change nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("record.sqlite", "record.sqlite-wal"):
            if os.path.exists(os.path.join(ledger, name)):
                shutil.copy(os.path.join(ledger, name), folder)
        db = sqlite3.connect(os.path.join(folder, "record.sqlite"))
        try:
            entries = db.execute("SELECT idx, note FROM entries ORDER BY idx").fetchall()
            row = db.execute("SELECT note FROM checkpoint WHERE final=0").fetchone()
        finally:
            db.close()
    check([index for index, _ in entries] == list(range(len(entries))), "entries are not numbered from 0")
    return [note for _, note in entries], row and row[0]


def check_chain(entries):
    """Each party's acts are numbered without a gap, each names the one before, and has seen a prefix of the record."""
    last = {}
    for index, note in enumerate(entries):
        act = headers(note)
        if "seq" not in act:
            continue
        by = act["by"][0]
        seq, prev = last.get(by, (0, "0" * 64))
        check(act["seq"] == [str(seq + 1)] and act["prev"] == [prev], f"entry {index} does not continue {by}'s chain")
        size, root = act["head"][0].split(" ")
        check(int(size) <= index, f"entry {index} has seen the future")
        check(base64.b64decode(root) == tree_hash(entries[:int(size)]), f"entry {index} has seen another record")
        last[by] = (seq + 1, hashlib.sha256(note_text(note)).hexdigest())


def check_ledger(ledger):
    """The ledger as a whole: its checkpoint is that of its entries, all chains and all attachments are whole. Returns
    the entries that it covers: the record. Further ones were not acknowledged; whoever acts next signs for them."""
    entries, checkpoint = read_store(ledger)
    lines = checkpoint.split(b"\n")
    size = int(lines[1])
    check(size <= len(entries), "the checkpoint covers", size, "entries, and there are", len(entries))
    check(base64.b64decode(lines[2]) == tree_hash(entries[:size]), "the checkpoint's root is not that of the entries")
    check_chain(entries)
    entries = entries[:size]
    for note in entries:
        for attachment in headers(note).get("attachment", []):
            digest, _, size, _, _ = attachment.split(" ")
            content = read(os.path.join(ledger, "attachments", digest))
            check(len(content) == int(size) and hashlib.sha256(content).hexdigest() == digest, "damaged:", attachment)
    return entries


def act_texts(entries):
    """Free texts of acts: by these the tests know theirs again."""
    texts = []
    for note in entries:
        parts = note_text(note).decode().split("\n\n", 1)
        texts.append(parts[1].strip() if len(parts) > 1 else "")
    return texts
