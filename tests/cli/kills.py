#!/usr/bin/env python3
"""kill -9 of a host, its cosigner and a delegation, at random, while all of them work: what was acknowledged is on the
record, once; nobody ever signed two histories; and whoever was killed goes on.

Between the host and the cosigner stand recorders, which keep every note that either says to the other; an observer asks
for whatever anybody could see. All that they saw is held against the record in the end.
"""
import base64
import collections
import contextlib
import ctypes
import ctypes.util
import hashlib
import http.client
import os
import random
import re
import shutil
import struct
import threading
import time

from ed25519 import ed25519_valid
from lockstep import (ENVIRONMENT, INVALID, OK, SOAK, act_texts, attempt, case, check, check_ledger, check_sound, finish,
                      main, note_text, read, read_store, run, start)
from serving import Crowd, Daemon, Proxy, Sender, free_port, judge

KILLS = 500 if SOAK else 30
MOMENT = 0.4  # seconds after the last start, at most
VICTIMS = ("host", "cosigner", "delegation")


class Small(Crowd):
    """Its cosigner is there at once, without a passphrase."""

    WATCH = {}
    WATCH_INIT = ("--exercise", "--no-passphrase")


# Who sees what.

class Recorder(Proxy):
    """Keeps the notes that pass."""

    def __init__(self, to):
        super().__init__(to)
        self.notes = []

    def passed(self, path, body, status, said):
        if path == "/add-checkpoint":
            note = body[body.index(b"\n\n") + 2:]
            self.notes.append(note)
            if status == 200:
                self.notes.append(note_text(note) + b"\n" + said)
        elif path.endswith("/cosignature"):
            self.notes.append(body)
        elif "/checkpoint" in path and status == 200:
            self.notes.append(said)


class Observer(threading.Thread):
    """Asks host and cosigner for their checkpoints, again and again."""

    def __init__(self, places):
        super().__init__(daemon=True)
        self.places, self.seen, self.answers, self.ends = places, set(), 0, False

    def run(self):
        while not self.ends:
            for port, path in self.places:
                c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                with contextlib.suppress(OSError, http.client.HTTPException):
                    c.request("GET", path)
                    answer = c.getresponse()
                    said = answer.read()
                    if answer.status == 200:
                        self.answers += 1
                        self.seen.add(said)
                c.close()
            time.sleep(0.01)

    def stop(self):
        self.ends = True
        self.join()


class Delegation(threading.Thread):
    """A workspace that acts in a loop, each time by a run of the program."""

    def __init__(self, p):
        super().__init__(daemon=True)
        self.p, self.made, self.acknowledged, self.wrong, self.ends = p, [], [], None, False
        self.lock, self.job = threading.Lock(), None

    def run(self):
        while not self.ends and self.wrong is None:
            text = f"usa withdraws {len(self.made) + 1}."
            self.made.append(text)
            args = ("withdraw", hashlib.sha256(text.encode()).hexdigest(), "--text", text, "--yes")
            with self.lock:
                self.job = start(*self.p.as_("usa", *args))
            try:
                result = finish(self.job)
                check(result.code == -9 or check_sound(result).code in (OK, ENVIRONMENT), "it ended otherwise:", result)
            except AssertionError as error:
                self.wrong = error
                return
            if "is on the record" in result.out:
                self.acknowledged.append(text)

    def kill(self):
        """True if a run was hit."""
        with self.lock:
            job = self.job
        if job is None or job.poll() is not None:
            return False
        job.kill()
        for _ in range(1000):
            if job.returncode is not None:
                break
            time.sleep(0.01)
        return job.returncode == -9

    def end(self):
        self.ends = True
        self.join(120)
        check(self.wrong is None, self.wrong)


class Stage:
    """All of them at work, in a `with`."""

    def __init__(self, folder):
        self.ports = {"host": free_port(), "cosigner": free_port()}
        # What the host asks of the cosigner, and the other way round, goes through recorders.
        self.recorders = [Recorder(self.ports["cosigner"]), Recorder(self.ports["host"])]
        self.p = Small(os.path.join(folder, "process"), watch=self.recorders[0].port)
        self.url = f"http://127.0.0.1:{self.ports['host']}/small"
        entries = read_store(self.p.ledger)[0]
        self.origin = read(os.path.join(self.p.ledger, "origin")).strip()
        self.key = re.search(r"ledger:\n(?:  .*\n)*?  key: \"?(\S+?)\"?\n", read(self.p.path("charter.yaml")).decode())[1]
        signers = self.p.signers(entries, self.p.EXTRAS[:3])
        self.process = signers[0].process
        self.senders = [Sender(s, self.ports["host"], pause=0.02) for s in signers]
        self.delegation = Delegation(self.p)
        cosigned = f"/{hashlib.sha256(self.origin).hexdigest()}/checkpoint"
        self.observer = Observer([(self.ports["host"], "/small/checkpoint"),
                                  (self.ports["host"], "/small/checkpoint/latest"),
                                  (self.ports["cosigner"], cosigned)])
        self.daemons = {}

    def start(self, name):
        if name == "host":
            job = Daemon("serve", self.p.ledger, "--listen", f"127.0.0.1:{self.ports['host']}")
        else:
            job = Daemon("cosign", self.p.path("watch"), "--listen", f"127.0.0.1:{self.ports['cosigner']}", "--interval",
                         "1", "--follow", f"http://127.0.0.1:{self.recorders[1].port}/small", "--charter", self.process)
        self.daemons[name] = job

    def __enter__(self):
        for name in ("host", "cosigner"):
            self.start(name)
            self.daemons[name].wait("event=started")
        self.p.run("usa", "ledger", "set", self.url)
        for thread in (*self.senders, self.delegation, self.observer):
            thread.start()
        return self

    def __exit__(self, kind, *_):
        for thread in (*self.senders, self.delegation, self.observer):
            thread.ends = True
        for daemon in self.daemons.values():
            daemon.kill()
        for recorder in self.recorders:
            recorder.stop()

    def kill(self, name):
        """True if it was at work, or about to."""
        if name == "delegation":
            return self.delegation.kill()
        daemon = self.daemons[name]
        check(daemon.job.poll() is None, f"the {name} ended by itself:", daemon.job.returncode, *daemon.lines[-20:])
        daemon.kill()
        self.start(name)
        return True

    def goes_on(self, seconds=30):
        """Everybody gets something acknowledged, and it becomes final."""
        workers = (*self.senders, self.delegation)
        before = [len(w.acknowledged) for w in workers]
        until = time.monotonic() + seconds
        while any(len(w.acknowledged) <= b for w, b in zip(workers, before)):
            check(time.monotonic() < until, "it does not go on:", before, [len(w.acknowledged) for w in workers],
                  *[w.wrong for w in workers], *["".join(d.lines[-5:]) for d in self.daemons.values()])
            time.sleep(0.02)

    def end(self, seconds=30):
        """Everybody ends when all is final; the record's entries."""
        for worker in (*self.senders, self.delegation):
            worker.end()
        until, said = time.monotonic() + seconds, {"final": -1}
        while said["final"] != said.get("entries"):
            check(time.monotonic() < until, "not final:", said, *["".join(d.lines[-8:]) for d in self.daemons.values()])
            said = self.p.run("usa", "sync", "--json").json()
        self.observer.stop()
        for name in ("cosigner", "host"):
            self.daemons[name].stop()
        return check_ledger(self.p.ledger)

    def shown(self):
        """Every note that anybody was shown."""
        return self.observer.seen.union(*[r.notes for r in self.recorders], [c for s in self.senders
                                                                              for _, _, c in s.acknowledged])


# The judge.

def verifier():
    """libsodium's where it is found, as ours in Python takes long for thousands."""
    name = ctypes.util.find_library("sodium")
    if name is None:
        return ed25519_valid
    sodium = ctypes.CDLL(name)
    return lambda public, message, signature: sodium.crypto_sign_verify_detached(
        signature, message, ctypes.c_ulonglong(len(message)), public) == 0


def check_signed(notes, origin, keys):
    """Each line on a note that was shown is good, by the name that it has; each is of this ledger. Returns how many
    checkpoints each has signed."""
    valid, lines = verifier(), set()
    for note in notes:
        text = note_text(note)
        check(text.split(b"\n")[0] == origin, "of another ledger:", note)
        for line in note[len(text) + 1:].decode().splitlines():
            lines.add((text, line))
    signed = collections.defaultdict(set)
    for text, line in lines:
        _, name, blob = line.split(" ")
        blob = base64.b64decode(blob)[4:]
        stamp = b""
        if len(blob) == 72:
            stamp, blob = b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", blob[:8]), blob[8:]
        check(name in keys and valid(keys[name], stamp + text, blob), "a bad line on a note that was shown:", line, text)
        signed[name].add(text)
    return {name: len(texts) for name, texts in signed.items()}


def public_of(vkey):
    name, _, raw = vkey.split("+", 2)
    return name, base64.b64decode(raw)[1:]


def judge_all(stage, entries):
    """Everything that is claimed above; returns how many checkpoints each has signed."""
    p, usa = stage.p, stage.delegation
    shown = stage.shown()
    # Each sender's acts at their places, once; each checkpoint is one of this record: no two contradict each other.
    judge(entries, [a for s in stage.senders for a in s.acknowledged], shown)
    card = re.search(r'^key: "?([^"\s]+)"?$', read(p.path("watch", "cosigner.yaml")).decode(), re.M)[1]
    signed = check_signed(shown, stage.origin, dict(map(public_of, (stage.key, card))))
    count = collections.Counter(act_texts(entries))
    for text in usa.acknowledged:
        check(count[text] == 1, f"acknowledged, and there {count[text]} times:", text)
    check(max(count[text] for text in usa.made) == 1, "an act of the delegation stands there twice")
    run("ledger", "check", p.ledger, "--charter", stage.process).says("\nvalid\n")
    # The delegation's workspace: it opens, holds the same, and nothing waits.
    p.run("usa", "status")
    check(p.run("usa", "outbox", "--json").json()["waiting"] == [], "acts still wait")
    replicas = [p.path("usa", "replica")] + [os.path.join(p.path("watch", "processes"), name)
                                             for name in os.listdir(p.path("watch", "processes"))]
    check(len(replicas) == 2, replicas)
    for replica in replicas:
        copy, _ = read_store(replica)
        check(copy == entries[:len(copy)], "a replica is not the record:", replica)
        run("ledger", "check", replica, "--charter", stage.process).says("\nvalid\n")
    check(len(read_store(replicas[0])[0]) == len(entries), "the delegation has not got everything")
    run("audit", p.ledger, p.path("usa"), *replicas, "--charter", stage.process, "--out", "evidence.lockstep")
    check(not os.path.exists("evidence.lockstep"), "evidence against honest ones")
    return signed


@case
def nothing_is_lost_by_kills(folder):
    seed = random.SystemRandom().randrange(1 << 32)
    dice, hits, missed = random.Random(seed), collections.Counter(), 0
    with Stage(folder) as stage:
        while hits.total() < KILLS:
            victim = dice.choice(VICTIMS)
            if victim != "delegation" and dice.random() < 0.5:
                stage.daemons[victim].wait("event=started")
            time.sleep(dice.uniform(0, MOMENT))
            if stage.kill(victim):
                hits[victim] += 1
            else:
                missed += 1
                check(missed < 100 * KILLS and stage.delegation.wrong is None, "the delegation is never hit",
                      stage.delegation.wrong)
            if hits.total() % 100 == 99:
                stage.goes_on()
        stage.goes_on()
        entries = stage.end()
        signed = judge_all(stage, entries)
        print(f"# {KILLS} kills ({seed}): " + ", ".join(f"{hits[v]} of the {v}" for v in VICTIMS) +
              f"; {len(entries)} entries, {len(stage.delegation.acknowledged)} of {len(stage.delegation.made)} runs of the "
              f"delegation acknowledged, checkpoints shown by {signed}, {stage.observer.answers} answers observed")
        check(min(hits[v] for v in VICTIMS) > 0, "somebody was never hit:", hits)
        check(len(signed) == 2 and min(signed.values()) > KILLS / 3, "hardly anything was signed:", signed)


@case
def the_judge_can_fail(folder):
    """A host whose folder is put back to what it was, and goes on: it has lost what it acknowledged, and signs another
    history. Nobody but the host is wrong, and the judge says so in each of its parts."""
    with Stage(folder) as stage:
        stage.goes_on()
        stage.daemons.pop("cosigner").kill()
        stage.daemons["host"].kill()
        shutil.copytree(stage.p.ledger, "before")
        stage.start("host")
        stage.goes_on()
        for worker in (*stage.senders, stage.delegation):
            worker.end()
        stage.p.run("usa", "sync")
        stage.daemons["host"].kill()
        shutil.rmtree(stage.p.ledger)
        shutil.copytree("before", stage.p.ledger)
        # Other acts than those that were lost, by a party who had not spoken yet.
        stage.start("host")
        stage.daemons["host"].wait("event=started")
        other = Sender(stage.p.signers(read_store(stage.p.ledger)[0], ("f",))[0], stage.ports["host"])
        other.start()
        time.sleep(1)
        other.end()
        stage.senders.append(other)
        stage.observer.stop()
        stage.daemons.pop("host").stop()
        entries = check_ledger(stage.p.ledger)
        acts = [a for s in stage.senders for a in s.acknowledged]
        check(other.acknowledged, "the host goes on")

        def fails(what, function, *args):
            try:
                function(*args)
            except AssertionError as error:
                check(what in str(error), "it fails otherwise:", error)
                return
            check(False, "it does not fail:", what)

        fails("acknowledged, and lost", judge, entries, acts)
        fails("contradicts the record", judge, entries, other.acknowledged, stage.shown())
        fails("stands on the record twice", judge, entries + entries[-1:], other.acknowledged)
        fails("acknowledged", judge_all, stage, entries)
        keys, note = dict([public_of(stage.key)]), other.acknowledged[0][2]
        check_signed([note], stage.origin, keys)
        fails("a bad line", check_signed, [note.replace(b"\n", b"\n1", 1)], stage.origin, keys)
        fails("of another ledger", check_signed, [b"x" + note], stage.origin, keys)
        result = attempt("audit", stage.p.ledger, stage.p.path("usa"), "--charter", stage.process)
        check(result.code == INVALID, "the audit finds nothing:", result)
        result.says("PROVEN", "signed two histories")


if __name__ == "__main__":
    main()
