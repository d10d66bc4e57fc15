#!/usr/bin/env python3
"""A full disk, a read-only one, errors in any system call, and kill -9 at any moment: afterwards the workspace opens,
the next command succeeds, the record holds the old state or the new one, and nothing that was acknowledged is missing.

The disks are mounted in a namespace of this script's own, so that no mount outlives it.
"""
import hashlib
import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import serving
import world
from lockstep import (ENVIRONMENT, INVALID, OK, ROOT, SOAK, USAGE, Process, Skip, attempt, case, check, check_ledger,
                      check_sound, check_unchanged, finish, headers, main, note_text, read_store, run, sanitized,
                      snapshot, start, tree_hash)

KILLS = 200 if SOAK else 20
SAMPLE = None if SOAK else 8 if sanitized() else 40  # points in a command's run, of those where something can go wrong


def enter_namespace():
    """Starts this script again where it can mount what it likes; without that, as it is, and the disks are skipped."""
    if "LOCKSTEP_NAMESPACE" in os.environ:
        return
    os.environ["LOCKSTEP_NAMESPACE"] = "none"
    for options in (["--mount"], ["--map-root-user", "--mount"]) if shutil.which("unshare") else ():
        if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode == 0:
            os.environ["LOCKSTEP_NAMESPACE"] = "own"
            os.execvp("unshare", ["unshare", *options, sys.executable, *sys.argv])


# What must hold afterwards.

class Watch:
    """Remembers the record before a command and judges it afterwards."""

    def __init__(self, p, party):
        self.p, self.party = p, party
        self.before, _ = read_store(p.ledger)

    def judge(self, result=None):
        """Returns whether the command's act is on the record. result: None if it was killed."""
        p = self.p
        if result is not None and (result.code == OK or "on the record" in result.out):
            check(self.added(), "acknowledged, and not on the record:", result)
        p.run(self.party, "status")  # the workspace opens, and what waits in the outbox is filed
        after, acts = check_ledger(p.ledger), self.added()
        check(len(acts) <= 1, "more than one act:", acts)
        for place in ("outbox", "."):
            left = [name for name in os.listdir(p.path(self.party, place)) if place == "outbox" or ".tmp-" in name]
            check(not left, f"left in {place}:", left)
        self.check_declarations(after)
        return len(acts) == 1

    def added(self):
        """Kinds of acts that are on the record now, and were not."""
        after = check_ledger(self.p.ledger)
        check(after[:len(self.before)] == self.before, "what was on the record is there no longer")
        kinds = [headers(note)["act"][0] for note in after[len(self.before):]]
        return [kind for kind in kinds if kind != "stamp"]

    def check_declarations(self, entries):
        """All that is declared can be opened: the files are there and verify. It asks, and nobody says yes."""
        if self.party == "dprk" and any(headers(note)["act"] == ["declare"] for note in entries):
            self.p.run("dprk", "open", "--row", "alpha", code=USAGE).complains("nothing was signed")


def commands(p):
    """The commands that are disturbed: each may be given again and again."""
    return {
        "perform": ("usa", ["perform", "pause", "--text", "Again.", "--attach", p.path("text.md")]),
        "declare": ("dprk", ["declare", "--inventory", p.path("sites.csv"), "--backup", p.path("safe")]),
        "open": ("dprk", ["open", "--tranche", "1", "--out", p.path("first.lockstep")]),
    }


def arguments(p, name):
    party, args = commands(p)[name]
    return party, p.as_(party, *args, "--yes")


def built(folder="process"):
    """A process in which each of them can succeed."""
    p = Process(folder).build()
    p.declare()
    return p.settle()


# Disks.

class Disk:
    """A small disk of its own. Filled: until no more than some bytes are free."""

    def __init__(self, name, size):
        self.path = os.path.abspath(name)
        os.mkdir(self.path)
        mounted = os.environ.get("LOCKSTEP_NAMESPACE") == "own" and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "none", self.path], capture_output=True)
        if not mounted or mounted.returncode != 0:
            raise Skip("disks can only be mounted by root, or where users may make namespaces")

    def remount(self, mode):
        subprocess.run(["mount", "-o", f"remount,bind,{mode}", self.path], check=True)

    def fill(self, free):
        space = os.statvfs(self.path)
        size = max(0, space.f_bavail * space.f_bsize - free)
        with open(os.path.join(self.path, "filler"), "wb") as file:
            if size > 0:
                os.posix_fallocate(file.fileno(), 0, size)

    def drain(self):
        os.remove(os.path.join(self.path, "filler"))


PAGE = 4096


def full_at_every_level(disk, attempt_it, judge):
    """From a full disk to one with room, a page at a time, until it succeeds three times in a row."""
    failures, successes, free = 0, 0, 0
    while successes < 3:
        check(free < 2000 * PAGE, "it never succeeds")
        disk.fill(free)
        result = attempt_it()
        disk.drain()
        check(result.code in (OK, ENVIRONMENT), "on a full disk:", result)
        if result.code != OK:
            check(re.search(r"full|No space|room", result.err), "does not say that the disk is full:", result)
        judge(result)
        failures += result.code != OK
        successes = successes + 1 if result.code == OK else 0
        free += PAGE
    check(failures > 3, "the disk was hardly ever full:", failures)


def on_a_full_disk(name):
    disk = Disk("disk", "16m")
    p = built(os.path.join(disk.path, "process"))
    party, args = arguments(p, name)
    watch = Watch(p, party)

    def judge(result):
        nonlocal watch
        watch.judge(result)
        watch = Watch(p, party)

    full_at_every_level(disk, lambda: attempt(*args), judge)


@case
def full_disk_while_performing(folder):
    on_a_full_disk("perform")


@case
def full_disk_while_declaring(folder):
    on_a_full_disk("declare")


@case
def full_disk_while_opening(folder):
    on_a_full_disk("open")


@case
def full_disk_while_making_a_workspace(folder):
    """What failed leaves nothing, and the same command can be given again."""
    disk = Disk("disk", "4m")
    place = os.path.join(disk.path, "usa")

    def judge(result):
        check(os.path.exists(place) == (result.code == OK), "a failure left a folder:", result)
        if result.code == OK:
            run("-C", place, "vault", "backup", "copy")
            shutil.rmtree("copy")
            shutil.rmtree(place)

    full_at_every_level(disk, lambda: attempt("init", place, "--party", "usa", "--exercise", "--no-passphrase"), judge)


@case
def full_disk_while_making_a_ledger(folder):
    disk = Disk("disk", "4m")
    p = Process("process")
    p.ledger = os.path.join(disk.path, "ledger")
    for party in p.PARTIES:
        p.init(party)

    def judge(result):
        check(os.path.exists(p.path("charter.yaml")) == (result.code == OK), "a draft without success:", result)
        if result.code == OK:
            os.remove(p.path("charter.yaml"))
            shutil.rmtree(p.ledger)

    full_at_every_level(disk, lambda: p.attempt(
        "rok", "charter", "new", p.path("charter.yaml"), "--party", p.path("usa", "party.yaml"), "--party",
        p.path("dprk", "party.yaml")), judge)


@case
def full_disk_while_signing_a_charter(folder):
    """A draft stays as it was or has the new signatures; the last signer can file what could not be filed."""
    disk = Disk("disk", "4m")
    p = Process(os.path.join(disk.path, "process")).draft_charter()
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes")
    p.run("dprk", "sign", p.path("charter.lockstep"), "--yes")
    failures = 0
    for free in range(0, 400 * PAGE, PAGE):
        disk.fill(free)
        result = p.attempt("usa", "sign", p.path("charter.lockstep"), "--yes")
        disk.drain()
        check(result.code in (OK, ENVIRONMENT), "on a full disk:", result)
        if result.code == OK:
            break
        failures += 1
    check(failures > 3 and result.code == OK, "failures:", failures, result)
    check(len(check_ledger(p.ledger)) >= 1, "the charter should be on the record")  # its stamp may come later
    p.sign_accord()
    check_ledger(p.ledger)


@case
def read_only_disk(folder):
    disk = Disk("disk", "16m")
    p = built(os.path.join(disk.path, "process"))
    p.run("rok", "export", p.path("record.lockstep"))
    before = snapshot(p.folder)
    disk.remount("ro")
    for name in commands(p):
        run(*arguments(p, name)[1], code=ENVIRONMENT).complains("read-only")
    for args in (["log"], ["status"], ["exercise", "clock", "2019-01-01T00:00:00Z"]):
        p.run("usa", *args, code=ENVIRONMENT).complains("read-only")
    init = ("init", p.path("new"), "--party", "new", "--exercise", "--no-passphrase")
    run(*init, code=ENVIRONMENT).complains("read-only")
    # Evidence is checked where it lies.
    run("verify", p.ledger).says("consistent with itself")
    run("verify", p.path("record.lockstep")).says("consistent with itself")
    check_unchanged(before, p.folder)
    disk.remount("rw")
    for name in commands(p):
        run(*arguments(p, name)[1])
    check_ledger(p.ledger)


@case
def ledger_on_a_read_only_disk(folder):
    """The workspaces can be written, the ledger can't: what is signed is not lost, and filed later."""
    disk = Disk("disk", "16m")
    p = Process("process")
    p.ledger = os.path.join(disk.path, "ledger")
    p.build().settle()
    disk.remount("ro")
    p.run("usa", "log")
    before = snapshot(p.ledger)
    p.run("usa", "perform", "pause", "--yes", code=ENVIRONMENT).complains("read-only")
    check_unchanged(before, p.ledger)
    disk.remount("rw")
    watch = Watch(p, "usa")
    watch.judge()
    run(*p.as_("usa", "perform", "pause", "--yes"))
    check_ledger(p.ledger)


# kill -9 at a random moment.

def duration(command):
    times = []
    for _ in range(3):
        begun = time.monotonic()
        run(*command)
        times.append(time.monotonic() - begun)
    return sorted(times)[1]


def killed_at_random(name):
    p = built()
    party, command = arguments(p, name)
    takes = duration(command)
    dice = random.Random()
    filed = 0
    for _ in range(KILLS):
        watch = Watch(p, party)
        job = start(*command)
        time.sleep(dice.uniform(0, 1.1 * takes))
        job.kill()
        result = finish(job)
        check(result.code in (OK, -9), "killed, and ended otherwise:", result)
        filed += watch.judge(result)
    check(filed < KILLS or takes < 0.01, "no kill came in time")
    run(*command)
    check_ledger(p.ledger)


@case
def killed_while_performing(folder):
    killed_at_random("perform")


@case
def killed_while_declaring(folder):
    killed_at_random("declare")


@case
def killed_while_opening(folder):
    killed_at_random("open")


# Every system call that touches our files, one after the other: the program is killed there, or the call fails.

WRITES = ["openat", "pwrite64", "write", "fsync", "fdatasync", "rename", "renameat2", "mkdir", "unlink", "ftruncate"]
READS = ["pread64", "read", "flock"]
TRACER_ENV = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}  # which is a tracer itself


def need_strace():
    with tempfile.NamedTemporaryFile() as trace:
        works = shutil.which("strace") and subprocess.run(
            ["strace", "-o", trace.name, "-e", "inject=uname:error=EIO", "true"], capture_output=True).returncode == 0
    if not works:
        raise Skip("strace is not there, or may not trace")


def traced(command, *options):
    """Runs it under strace, which ends as its tracee does: of a killed one, by SIGKILL."""
    return finish(start(*command, env=TRACER_ENV, wrapper=["strace", "-o", "trace", *options]))


def points(p, command, calls):
    """(call, ordinal) of each call that touches the process's files, in a run that succeeds."""
    result = traced(command, "-y", "-e", "trace=" + ",".join(calls))
    check(result.code == OK, "does not succeed under strace:", result)
    seen, found = {}, []
    with open("trace", encoding="utf-8", errors="replace") as trace:
        for line in trace:
            call = line.split("(", 1)[0]
            seen[call] = seen.get(call, 0) + 1
            if p.folder in line and call in calls:
                found.append((call, seen[call]))
    check(len(found) > 10, "hardly any system call:", found)
    return found


def sample(found):
    """Some of them, in their order; others in each run."""
    if SAMPLE is None or len(found) <= SAMPLE:
        return found
    return [found[i] for i in sorted(random.sample(range(len(found)), SAMPLE))]


def settle(p, command, hits):
    """Undisturbed, the command works again. That faults were injected at all is seen from how many hit; of a sample, chance
    decides how many calls the command can do without."""
    check(hits > (5 if SAMPLE is None else 0), "hardly ever hit:", hits)
    run(*command)
    check_ledger(p.ledger)


def killed_at_every_call(name):
    need_strace()
    p = built()
    party, command = arguments(p, name)
    killed = 0
    for call, ordinal in sample(points(p, command, WRITES)):
        watch = Watch(p, party)
        result = traced(command, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={ordinal}")
        check(result.code in (OK, -9), f"killed at {call} {ordinal}:", result)
        killed += result.code == -9
        watch.judge(result)
    settle(p, command, killed)


ERRORS = {"fsync": "EIO", "fdatasync": "EIO", "pread64": "EIO", "read": "EIO", "flock": "ENOLCK",
          "openat": "EMFILE"}  # of others: the disk is full


def failing_at_every_call(name):
    need_strace()
    p = built()
    party, command = arguments(p, name)
    failed = 0
    for call, ordinal in sample(points(p, command, WRITES + READS)):
        watch = Watch(p, party)
        result = traced(command, "-e", f"trace={call}", "-e",
                        f"inject={call}:error={ERRORS.get(call, 'ENOSPC')}:when={ordinal}")
        check_sound(result)
        # SQLite calls pages that it can't read damaged, and so it is said.
        damage = result.code == INVALID and call == "pread64" and "damaged" in result.err
        check(result.code in (OK, ENVIRONMENT) or damage, f"{call} {ordinal} failed:", result)
        failed += result.code != OK
        watch.judge(result)
    settle(p, command, failed)


@case
def killed_at_each_call_of_perform(folder):
    killed_at_every_call("perform")


@case
def killed_at_each_call_of_declare(folder):
    killed_at_every_call("declare")


@case
def killed_at_each_call_of_open(folder):
    killed_at_every_call("open")


@case
def each_call_of_perform_fails(folder):
    failing_at_every_call("perform")


@case
def each_call_of_declare_fails(folder):
    failing_at_every_call("declare")


@case
def each_call_of_open_fails(folder):
    failing_at_every_call("open")


# Whole batches, as a server files them: a sequencer is disturbed at a call, and another run goes on with other acts.

DRIVER = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.join(ROOT, "build"), "tests", "sequencer_driver")


def drive(folder, batches, word, *strace):
    wrapper = ["strace", "-o", "trace", *strace] if strace else []
    return subprocess.run([*wrapper, DRIVER, folder, str(batches), word], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, env={**os.environ, **TRACER_ENV})


def batch_points(calls):
    """(call, ordinal) of each call on the ledger's files in a run that succeeds."""
    os.mkdir("whole")
    job = drive(os.path.abspath("whole"), 4, "first", "-y", "-e", "trace=" + ",".join(calls))
    check(job.returncode == OK, "does not succeed under strace:", job.stderr)
    seen, found = {}, []
    with open("trace", encoding="utf-8", errors="replace") as trace:
        for line in trace:
            call = line.split("(", 1)[0]
            seen[call] = seen.get(call, 0) + 1
            if os.path.abspath("whole") in line and call in calls:
                found.append((call, seen[call]))
    check(len(found) > 40, "hardly any system call:", found)
    return found


def judge_batches(folder, job, where):
    """Another run goes on, and all that this one acknowledged is there, under the same roots."""
    then = drive(folder, 1, "then")
    check(then.returncode == OK, where, "can't go on:", then.stderr)
    entries = check_ledger(folder)
    ids = {hashlib.sha256(note_text(note)).hexdigest() for note in entries}
    for line in job.stdout.decode().splitlines():
        _, size, root, *acts = line.split()
        check(ids.issuperset(acts), where, "acknowledged, and lost")
        check(tree_hash(entries[:int(size)]).hex() == root, where, "two checkpoints of", size, "entries")
    shutil.rmtree(folder)


def disturbed_batches(calls, injection):
    need_strace()
    if not os.path.exists(DRIVER):
        raise Skip("the sequencer's driver is not built")
    disturbed = 0
    for number, (call, ordinal) in enumerate(sample(batch_points(calls))):
        folder = f"batches-{number}"
        os.mkdir(folder)
        job = drive(folder, 4, "first", "-e", f"trace={call}", "-e", f"inject={call}:{injection(call)}:when={ordinal}")
        disturbed += job.returncode != OK
        judge_batches(folder, job, f"{call} {ordinal}:")
    check(disturbed > (5 if SAMPLE is None else 0), "hardly ever disturbed:", disturbed)


@case
def each_call_of_a_batch_fails(folder):
    disturbed_batches(WRITES + READS, lambda call: "error=" + ERRORS.get(call, "ENOSPC"))


@case
def killed_at_each_call_of_a_batch(folder):
    disturbed_batches(WRITES, lambda call: "signal=SIGKILL")


# Calls that do what they are asked to, and say that they failed: a disk that answers too late, or a file server. What
# was done stands, and nobody may rely on its not having been done.

SHIM = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <fcntl.h>
#include <unistd.h>

static int of_path(const char *path)
{
    return strstr(path, getenv("FAULT_FOLDER")) != NULL;
}

static int of_file(int file)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t len = readlink(link, path, sizeof path - 1);
    path[len < 0 ? 0 : len] = 0;
    return of_path(path);
}

/* The FAULT_AT-th call that did something there: FAULT_ERROR, or death if that is 0. All are logged. */
static int hit(const char *name)
{
    static atomic_int count;
    int before = errno, now = atomic_fetch_add(&count, 1) + 1, error = atoi(getenv("FAULT_ERROR"));
    if (getenv("FAULT_LOG") != NULL) {
        int log = syscall(SYS_openat, AT_FDCWD, getenv("FAULT_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
        syscall(SYS_write, log, name, strlen(name));
        syscall(SYS_write, log, "\\n", 1);
        syscall(SYS_close, log);
    }
    if (now != atoi(getenv("FAULT_AT"))) {
        errno = before;
        return 0;
    }
    if (error == 0) {
        kill(getpid(), SIGKILL);
    }
    errno = error;
    return 1;
}

#define AFTER(type, name, parameters, arguments, touches)                                                              \\
    type name parameters                                                                                               \\
    {                                                                                                                  \\
        static type (*next) parameters;                                                                                \\
        next = next != NULL ? next : (type(*) parameters)dlsym(RTLD_NEXT, #name);                                      \\
        type result = next arguments;                                                                                  \\
        return result >= 0 && touches && hit(#name) ? -1 : result;                                                     \\
    }

AFTER(ssize_t, write, (int f, const void *b, size_t n), (f, b, n), of_file(f))
AFTER(ssize_t, pwrite, (int f, const void *b, size_t n, off_t o), (f, b, n, o), of_file(f))
AFTER(ssize_t, pwrite64, (int f, const void *b, size_t n, off64_t o), (f, b, n, o), of_file(f))
AFTER(int, fsync, (int f), (f), of_file(f))
AFTER(int, fdatasync, (int f), (f), of_file(f))
AFTER(int, ftruncate, (int f, off_t n), (f, n), of_file(f))
AFTER(int, ftruncate64, (int f, off64_t n), (f, n), of_file(f))
AFTER(int, rename, (const char *a, const char *b), (a, b), of_path(b))
AFTER(int, renameat2, (int c, const char *a, int d, const char *b, unsigned g), (c, a, d, b, g), of_path(b))
AFTER(int, unlink, (const char *a), (a), of_path(a))
AFTER(int, mkdir, (const char *a, mode_t m), (a, m), of_path(a))
"""
EIO, ENOSPC = 5, 28


class Faults:
    """Lets calls of a program fail that touch a folder, after they took effect."""

    def __init__(self, folder):
        if shutil.which("cc") is None:
            raise Skip("no compiler is here")
        if sanitized():
            raise Skip("a sanitizer wants to be the first library")
        self.folder, self.shim = folder, os.path.abspath("faults.so")
        with open("faults.c", "w", encoding="utf-8") as file:
            file.write(SHIM)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.shim, "faults.c", "-ldl"], check=True)

    def at(self, number, error, log=None):
        """An environment; error 0: death."""
        env = {"LD_PRELOAD": self.shim, "FAULT_FOLDER": self.folder, "FAULT_AT": str(number), "FAULT_ERROR": str(error)}
        return {**env, **({"FAULT_LOG": os.path.abspath(log)} if log else {})}

    def points(self, run_it):
        """The names of all calls in an undisturbed run."""
        run_it(self.at(0, 0, "calls"))
        with open("calls", encoding="utf-8") as file:
            names = file.read().split()
        check(len(names) > 10 and {"fdatasync", "pwrite64"} & set(names), "hardly any call:", names)
        return list(enumerate(names, 1))


def failing_after_every_call(name):
    p = built()
    faults = Faults(p.folder)
    party, command = arguments(p, name)
    failed = 0
    for number, call in sample(faults.points(lambda env: run(*command, env=env))):
        watch = Watch(p, party)
        result = attempt(*command, env=faults.at(number, (EIO, ENOSPC)[number % 2]))
        check(result.code in (OK, ENVIRONMENT), f"{call} {number} said that it failed:", result)
        failed += result.code != OK
        watch.judge(result)
    settle(p, command, failed)


@case
def each_call_of_perform_fails_when_it_is_done(folder):
    failing_after_every_call("perform")


@case
def each_call_of_declare_fails_when_it_is_done(folder):
    failing_after_every_call("declare")


@case
def each_call_of_a_batch_fails_when_it_is_done(folder):
    if not os.path.exists(DRIVER):
        raise Skip("the sequencer's driver is not built")
    faults = Faults("/batches-")

    def batches(env, name="batches-whole"):
        os.mkdir(name)
        return subprocess.run([DRIVER, name, "4", "first"], stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                              env={**os.environ, **env})

    disturbed = 0
    for number, call in sample(faults.points(batches)):
        job = batches(faults.at(number, (EIO, ENOSPC)[number % 2]), f"batches-{number}")
        disturbed += job.returncode != OK
        judge_batches(f"batches-{number}", job, f"{call} {number}:")
    check(disturbed > (5 if SAMPLE is None else 0), "hardly ever disturbed:", disturbed)


# A cosigner, as a witness of a log: what it has delivered it remembers, and it never cosigns a second history.

def witnessing(env, w):
    """A cosigner is shown one checkpoint after the other, until it or the log ends. The sizes that it has cosigned, and
    whether it lived to the end and cosigned them all."""
    job = serving.Daemon("cosign", "watch", "--listen", "127.0.0.1:0", "--log", w.ledger.vkey, env=env)
    cosigned, sound = [], True
    try:
        port = int(job.wait(r"listens on port (\d+)").group(1))
        for size in range(1, len(w.entries) + 1):
            old = cosigned[-1] if cosigned else 0
            status, line = serving.ask_witness(port, w, old, w.entries[:size])
            check(status in (200, 500, 503), "answered", status, line)
            sound = sound and status == 200
            if status == 200:
                cosigned.append(size)
    except (OSError, http.client.HTTPException):
        sound = False
    except AssertionError as error:
        sound = False
        check("answered" not in str(error), error)
    finally:
        job.job.terminate()
        code = job.job.wait(60)
    check(code in (OK, ENVIRONMENT, -9), "it ended with", code, *job.lines)
    return cosigned, sound and code == OK


def disturbed_cosigner(errors):
    """errors: one for each call; 0: it is killed there."""
    w = world.World(exercise=True).grow(6)
    run("init", "watch", "--outsider", "watch", "--domain", "watch.example", "--exercise", "--no-passphrase")
    shutil.copytree("watch", "fresh")
    faults, disturbed, given = Faults(os.path.abspath("watch")), 0, 0
    for number, call in sample(faults.points(lambda env: check(witnessing(env, w)[1], "not undisturbed"))):
        shutil.rmtree("watch")
        shutil.copytree("fresh", "watch")
        cosigned, sound = witnessing(faults.at(number, errors(number)), w)
        disturbed, given = disturbed + (not sound), given + bool(cosigned)
        try:
            serving.check_remembers("watch", w, cosigned)
        except AssertionError as error:
            raise AssertionError(f"{call} {number}: {error}") from None
    check(disturbed > (5 if SAMPLE is None else 0) and given > 0, "hardly ever disturbed:", disturbed, given)


@case
def each_call_of_a_cosigner_fails_when_it_is_done(folder):
    disturbed_cosigner(lambda number: (EIO, ENOSPC)[number % 2])


@case
def killed_behind_each_call_of_a_cosigner(folder):
    disturbed_cosigner(lambda number: 0)


if __name__ == "__main__":
    enter_namespace()
    main()
