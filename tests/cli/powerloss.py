#!/usr/bin/env python3
"""Loss of power, simulated: what a command writes is recorded with its syncs, and at points in between the disk is set
to what had to be on it: whatever was not synced is gone, or there in part and out of order. Afterwards every workspace
opens, the record is sound, and an act that the command had acknowledged is on it, with its files.

A file is on disk as far as it was synced; a name, as far as its folder was. What SQLite keeps in its shared memory file
is never on disk.

The control is the same program on a machine whose syncs do nothing, so that it acknowledges too early: it must fail.
"""
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess

from lockstep import (BINARY, OK, ROOT, SOAK, USAGE, Process, Skip, case, check, check_ledger, environment, headers,
                      main, note_text, run, sanitized, tree_hash)
from serving import Daemon, ask_witness, check_remembers
from world import World

TRACER_ENV = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}  # which is a tracer itself
DRIVER = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.join(ROOT, "build"), "tests", "sequencer_driver")

POINTS = None if SOAK else 12 if sanitized() else 30  # points of a command's run at which power is lost

CALLS = ("openat,write,pwrite64,pwritev,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,"
         "mkdirat,rmdir,ftruncate,fallocate,symlink,symlinkat,copy_file_range,sendfile,writev")
UNKNOWN = {"pwritev", "fallocate", "symlink", "symlinkat", "copy_file_range", "sendfile", "writev"}


class File:
    def __init__(self, content=b""):
        self.disk, self.waiting, self.size = bytearray(content), [], len(content)

    def write(self, offset, data):
        self.waiting.append((offset, data))
        self.size = max(self.size, offset + len(data))

    def truncate(self, size):
        self.waiting.append((size, None))
        self.size = size

    def sync(self):
        self.disk = self.content(lambda: True)
        self.waiting = []

    def content(self, kept):
        """What is on disk: what was synced, and of the rest what is kept."""
        content = bytearray(self.disk)
        for offset, data in self.waiting:
            if not kept():
                continue
            if data is None:
                content[offset:] = bytes(max(0, offset - len(content)))
            else:
                content.extend(bytes(max(0, offset - len(content))))
                content[offset:offset + len(data)] = data
        return content


class Folder:
    def __init__(self):
        self.live, self.disk, self.waiting = {}, {}, []

    def change(self, **names):
        """Names that change together, as in a rename; None: gone."""
        self.waiting.append(names)
        self.apply(self.live, names)

    @staticmethod
    def apply(entries, names):
        for name, node in names.items():
            if node is None:
                entries.pop(name, None)
            else:
                entries[name] = node

    def sync(self):
        self.disk, self.waiting = dict(self.live), []

    def entries(self, kept):
        """A file system keeps the order of changes within a folder: some first ones of those that wait."""
        entries = dict(self.disk)
        for names in self.waiting:
            if not kept():
                break
            self.apply(entries, names)
        return entries


class Disk:
    """A folder as it was, and everything that is done to it."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.top = self.load(self.root)
        self.descriptors = {}

    def load(self, path):
        if not os.path.isdir(path):
            with open(path, "rb") as file:
                return File(file.read())
        folder = Folder()
        for name in os.listdir(path):
            folder.live[name] = self.load(os.path.join(path, name))
        folder.sync()
        return folder

    def find(self, path):
        """The folder of a path and the last name in it; None: elsewhere."""
        if path == self.root:
            return None, None
        if not path.startswith(self.root + "/"):
            return None, None
        folder, *_ = parts = [self.top]
        *between, name = path[len(self.root) + 1:].split("/")
        for part in between:
            folder = parts[-1].live.get(part)
            check(isinstance(folder, Folder), "no folder on the recorded disk:", path)
            parts.append(folder)
        return parts[-1], name

    def node(self, path):
        folder, name = self.find(path)
        return self.top if path == self.root else folder and folder.live.get(name)

    def image(self, kept):
        """Sets the folder to what is on the disk now."""
        for name in os.listdir(self.root):
            path = os.path.join(self.root, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        self.put(self.top, self.root, kept)

    def put(self, folder, path, kept):
        for name, node in folder.entries(kept).items():
            target = os.path.join(path, name)
            if isinstance(node, Folder):
                os.mkdir(target, 0o700)
                self.put(node, target, kept)
            elif not name.endswith("-shm"):
                with open(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    file.write(node.content(kept))

    # What the calls do; each gets its arguments and its result.

    def do(self, call, args, returned):
        getattr(self, "do_" + {"pwrite64": "pwrite", "fdatasync": "fsync", "renameat2": "renameat"}.get(call, call))(
            args, returned)

    def do_openat(self, args, returned):
        path = path_at(args[0], args[1])
        folder, name = self.find(path)
        if folder is None or isinstance(self.node(path), Folder):
            return
        if "O_CREAT" in args[2] and name not in folder.live:
            folder.change(**{name: File()})
        if "O_TRUNC" in args[2]:
            folder.live[name].truncate(0)
        self.descriptors[returned.split("<")[0]] = 0

    def do_pwrite(self, args, returned):
        node = self.node(path_of(args[0]))
        if node is not None:
            node.write(int(args[3]), text(args[1])[:int(returned)])

    def do_write(self, args, returned):
        node = self.node(path_of(args[0]))
        if node is not None:
            descriptor = args[0].split("<")[0]
            offset = self.descriptors.get(descriptor, node.size)
            node.write(offset, text(args[1])[:int(returned)])
            self.descriptors[descriptor] = offset + int(returned)

    def do_ftruncate(self, args, returned):
        node = self.node(path_of(args[0]))
        if node is not None:
            node.truncate(int(args[1]))

    def do_fsync(self, args, returned):
        node = self.node(path_of(args[0]))
        if node is not None:
            node.sync()

    def move(self, old, new):
        old_folder, old_name = self.find(old)
        new_folder, new_name = self.find(new)
        if old_folder is None and new_folder is None:
            return
        check(old_folder is new_folder, "renamed across folders:", old, new)
        old_folder.change(**{new_name: old_folder.live[old_name], old_name: None})

    def do_rename(self, args, returned):
        self.move(absolute(text(args[0]).decode()), absolute(text(args[1]).decode()))

    def do_renameat(self, args, returned):
        self.move(path_at(args[0], args[1]), path_at(args[2], args[3]))

    def join(self, old, new):
        folder, name = self.find(new)
        if folder is not None:
            folder.change(**{name: self.node(old)})

    def do_link(self, args, returned):
        self.join(absolute(text(args[0]).decode()), absolute(text(args[1]).decode()))

    def do_linkat(self, args, returned):
        self.join(path_at(args[0], args[1]), path_at(args[2], args[3]))

    def remove(self, path):
        folder, name = self.find(path)
        if folder is not None:
            folder.change(**{name: None})

    def do_unlink(self, args, returned):
        self.remove(absolute(text(args[0]).decode()))

    do_rmdir = do_unlink

    def do_unlinkat(self, args, returned):
        self.remove(path_at(args[0], args[1]))

    def make(self, path):
        folder, name = self.find(path)
        if folder is not None:
            folder.change(**{name: Folder()})

    def do_mkdir(self, args, returned):
        self.make(absolute(text(args[0]).decode()))

    def do_mkdirat(self, args, returned):
        self.make(path_at(args[0], args[1]))


# What strace writes, with all strings in hexadecimal.

LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+(?:<[^>]*>)?)(.*)$")
UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")


def unhex(quoted):
    return bytes.fromhex(quoted.replace("\\x", ""))


def text(argument):
    return unhex(argument.strip('"'))


def path_of(descriptor):
    """The path that stands beside a descriptor; pipes and the like have none of ours."""
    inside = descriptor.split("<", 1)[1].split(">")[0] if "<" in descriptor else ""
    return os.path.normpath(unhex(inside).decode(errors="replace")) if inside.startswith("\\x") else ""


def absolute(path):
    return os.path.normpath(os.path.join(os.getcwd(), path))


def path_at(descriptor, name):
    return os.path.normpath(os.path.join(path_of(descriptor), text(name).decode()))


def recorded(path):
    """(call, arguments, result) of all calls that succeeded, in order. One that was only said to succeed is none."""
    waiting, calls = {}, []
    with open(path, encoding="ascii", errors="replace") as trace:
        for line in trace:
            line = line.rstrip("\n")
            unfinished, resumed = UNFINISHED.match(line), RESUMED.match(line)
            if unfinished:
                waiting[unfinished[1]] = unfinished[2]
                continue
            if resumed:
                line = f"{resumed[1]} {waiting.pop(resumed[1])}{resumed[2]}"
            match = LINE.match(line)
            if match and not match[3].startswith("-") and "INJECTED" not in match[4]:
                calls.append((match[1], match[2].split(", "), match[3]))
    return calls


# The scenario.

class Recording:
    """A program's run in a folder: the disk before, and the calls."""

    def __init__(self, folder, command, *options):
        self.disk = Disk(folder)
        self.run([*self.strace(options), *command])
        self.calls = recorded("trace")

    @staticmethod
    def strace(options):
        return ["strace", "-f", "-y", "-xx", "-s", "100000000", "-o", "trace", "-e", "trace=" + CALLS, *options]

    def run(self, command):
        job = subprocess.run(command, env=environment(TRACER_ENV), stdin=subprocess.DEVNULL, capture_output=True,
                             timeout=300)
        check(job.returncode == OK, "does not succeed under strace:", job.stderr)

    def said(self, word, where="1<"):
        """Where it says something, on standard output: (number of the call, what it says)."""
        return [(i, text(args[1])) for i, (call, args, _) in enumerate(self.calls)
                if call == "write" and args[0].startswith(where) and word in text(args[1]).lower()]

    def points(self, said):
        """After how many calls power is lost: a sample, the first word and the end among them."""
        every = list(range(1, len(self.calls) + 1))
        some = every if POINTS is None or len(every) < POINTS else random.sample(every, POINTS)
        return sorted({*some, min(said + 1, len(self.calls)), len(self.calls)})

    def images(self, said):
        """Sets the disk at each point twice: nothing that waits is on it; then some of it. Yields the point."""
        done = 0
        for point in self.points(said):
            for call, args, returned in self.calls[done:point]:
                inside = path_of(args[0]).startswith(self.disk.root)
                check(call not in UNKNOWN or not inside, "a call that the recorded disk does not know:", call)
                if call not in UNKNOWN:
                    self.disk.do(call, args, returned)
            done = point
            for chance in (0, 0.5):
                self.disk.image(lambda chance=chance: random.random() < chance)
                yield point


def count_lost(recording, said, judge_it, control):
    """Judges each image; of a control, without whose syncs anything may be wrong, how often it had lost something."""
    lost = points = 0
    for point in recording.images(said):
        points += 1
        try:
            judge_it(point)
        except AssertionError as error:
            if not control:
                raise
            lost += LOST in str(error)
    check(points > 20, "hardly any point:", points)
    return lost


LOST = "acknowledged, and lost"


def judge(p, party, before, acknowledged):
    p.run(party, "status")
    for other in p.PARTIES:
        p.run(other, "status")
    after = check_ledger(p.ledger)
    check(after[:len(before)] == before, "what was on the record is there no longer")
    kinds = [headers(note)["act"][0] for note in after[len(before):]]
    acts = [kind for kind in kinds if kind != "stamp"]
    check(len(acts) <= 1, "more than one act:", acts)
    check(acts or not acknowledged, LOST)
    if any(headers(note)["act"] == ["declare"] for note in after):
        p.run("dprk", "open", "--row", "alpha", code=USAGE).complains("nothing was signed")


def lose_power(prepare, party, args, *options):
    """Runs the command once, and then loses its power at many points; how often an acknowledged act was gone."""
    if not shutil.which("strace"):
        raise Skip("strace is not there")
    p = Process("process").build()
    prepare(p)
    p.settle()
    before = check_ledger(p.ledger)
    recording = Recording(p.folder, [BINARY, *p.as_(party, *args(p), "--yes")], *options)
    said = [place for place, _ in recording.said(b"entry")] or [len(recording.calls)]

    def judge_it(point):
        judge(p, party, before, point > said[0] or point == len(recording.calls))

    return count_lost(recording, said[0], judge_it, bool(options))


def nothing(p):
    pass


def perform(p):
    return ["perform", "pause", "--text", "Again.", "--attach", p.path("text.md")]


def declare(p):
    return ["declare", "--inventory", p.path("sites.csv"), "--backup", p.path("safe")]


def open_tranche(p):
    return ["open", "--tranche", "1", "--out", p.path("first.lockstep")]


@case
def while_performing(folder):
    lose_power(nothing, "usa", perform)


@case
def while_declaring(folder):
    lose_power(nothing, "dprk", declare)


@case
def while_opening(folder):
    lose_power(lambda p: p.declare(), "dprk", open_tranche)


# Whole batches, as a server files them.

def drive(*options):
    """A sequencer files batches and loses its power; then another run goes on, with other acts. What was acknowledged
    is there, and under the same roots."""
    if not shutil.which("strace"):
        raise Skip("strace is not there")
    if not os.path.exists(DRIVER):
        raise Skip("the sequencer's driver is not built")
    os.mkdir("batches")
    recording = Recording(os.path.abspath("batches"), [DRIVER, os.path.abspath("batches"), "6", "first"], *options)
    acknowledged = [(i, line.decode().split()[1:]) for i, line in recording.said(b"ack")]
    check(len(acknowledged) == 8, "batches:", len(acknowledged))

    def judge_it(point):
        job = subprocess.run([DRIVER, "batches", "1", "then"], env=environment(), capture_output=True, timeout=60)
        check(job.returncode == OK, "can't go on:", job.stderr)
        entries = check_ledger("batches")
        ids = {hashlib.sha256(note_text(note)).hexdigest() for note in entries}
        for i, (size, root, *acts) in acknowledged:
            if i < point:
                check(ids.issuperset(acts) and len(entries) >= int(size), LOST)
                check(tree_hash(entries[:int(size)]).hex() == root, "two checkpoints of", size, "entries")

    return count_lost(recording, acknowledged[0][0], judge_it, bool(options))


@case
def while_filing_batches(folder):
    drive()


# A cosigner, as the witness of a log.

class Witnessing(Recording):
    """A cosigner at work, which is asked for one cosignature after the other."""

    def __init__(self, folder, w, *options):
        self.w = w
        super().__init__(folder, [BINARY, "cosign", folder, "--listen", "127.0.0.1:0", "--log", w.ledger.vkey], *options)

    def run(self, command):
        job = Daemon(*command[command.index(BINARY) + 1:], wrapper=command[:command.index(BINARY)], env=TRACER_ENV)
        port = int(job.wait(r"listens on port (\d+)").group(1))
        for size in range(1, len(self.w.entries) + 1):
            status, said = ask_witness(port, self.w, size - 1, self.w.entries[:size])
            check(status == 200, "not cosigned:", status, said)
        # Whoever is traced ends, and the tracer with it.
        with open(f"/proc/{job.job.pid}/task/{job.job.pid}/children", encoding="ascii") as children:
            os.kill(int(children.read().split()[0]), signal.SIGTERM)
        check(job.job.wait(60) == OK, "it ended with", job.job.returncode)


def cosign(*options):
    """What it has cosigned it remembers. It says so in its log before the answer goes out: from then on it counts."""
    if not shutil.which("strace"):
        raise Skip("strace is not there")
    w = World(exercise=True).grow(4)
    run("init", "watch", "--outsider", "watch", "--domain", "watch.example", "--exercise", "--no-passphrase")
    recording = Witnessing(os.path.abspath("watch"), w, *options)
    cosigned = [(i, size) for size, (i, _) in enumerate(recording.said(b"event=cosigned", "2<"), 1)]
    check(len(cosigned) == len(w.entries), "cosigned:", cosigned)

    def judge_it(point):
        try:
            check_remembers("watch", w, [size for i, size in cosigned if i < point])
        except AssertionError as error:
            raise AssertionError(LOST if "forgotten" in str(error) else str(error)) from None

    return count_lost(recording, cosigned[0][0], judge_it, bool(options))


@case
def while_cosigning(folder):
    cosign()


@case
def control_a_cosigner_without_syncs(folder):
    check(cosign("-e", "inject=fdatasync,fsync:retval=0") > 0, "a cosigner that says too early was not caught")


@case
def control_batches_without_syncs(folder):
    check(drive("-e", "inject=fdatasync:retval=0") > 0, "a sequencer that acknowledges too early was not caught")


@case
def control_syncs_that_do_nothing(folder):
    """Acknowledged before the database was synced: that must be found, or nothing above is proved."""
    lost = lose_power(nothing, "usa", perform, "-e", "inject=fdatasync:retval=0")
    check(lost > 0, "a program that acknowledges too early was not caught")


if __name__ == "__main__":
    main()
