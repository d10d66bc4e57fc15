#!/usr/bin/env python3
"""One scenario, three ways to the ledger: a folder that all share, a server, and couriers who carry files. What the
delegations see in the end is the same; and what may go wrong on the way does no harm."""
import base64
import calendar
import contextlib
import http.server
import os
import pty
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

from host import Host
from lockstep import (BINARY, ENVIRONMENT, INVALID, OK, SOAK, USAGE, Process, Skip, attempt, case, check, check_ledger,
                      environment, main, read, read_store, run, sanitized, start, write)


class Couriered(Process):
    """The host's workspace is on the ledger's folder; to the others files are carried after everything they do."""

    def init(self, party, *more, **options):
        place = self.ledger if party == "rok" else "courier"
        return run("init", self.path(party), "--party", party, *self.INIT[party], "--ledger", place, "--exercise",
                   "--no-passphrase")

    def carry(self, party):
        """There and back; the answer also says what others did meanwhile."""
        there, back = self.path(f"{party}.there"), self.path(f"{party}.back")
        if not super().run("rok", "log", "--json").json()["entries"] and not self.waits(party):
            return
        super().run(party, "sync", "--to", there)
        super().run("rok", "sync", "--from", there, "--to", back)
        super().run(party, "sync", "--from", back)

    def waits(self, party):
        return super().run(party, "outbox", "--json").json()["waiting"]

    def run(self, party, *args, **options):
        if party != "rok" and self.signed(party):
            self.carry(party)
        result = super().run(party, *args, **options)
        if party != "rok" and self.signed(party):
            self.carry(party)
        return result

    def signed(self, party):
        return b'"process":""' not in read(self.path(party, "workspace.json"))


class Served(Process):
    """A server on the ledger's folder; the host's workspace is there, too, and the others reach it over HTTP."""

    def __init__(self, folder="."):
        super().__init__(folder)
        self.port, self.server = None, None

    def init(self, party, *more, **options):
        place = self.ledger if party == "rok" else "courier"
        return run("init", self.path(party), "--party", party, *self.INIT[party], "--ledger", place, "--exercise",
                   "--no-passphrase")

    def draft_charter(self):
        super().draft_charter()
        self.serve()
        for party in ("dprk", "usa"):
            Process.run(self, party, "ledger", "set", self.url())
        return self

    def url(self):
        return f"http://127.0.0.1:{self.port}/small"

    def serve(self):
        if "\n  serve " not in run("help").out:
            raise Skip("this program has no server")
        if self.port is None:
            with socket.socket() as s:
                s.bind(("127.0.0.1", 0))
                self.port = s.getsockname()[1]
        log = open(self.path("server.log"), "ab")
        self.server = subprocess.Popen([BINARY, "serve", self.ledger, "--listen", f"127.0.0.1:{self.port}"],
                                       env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not listen: " + read(self.path("server.log")).decode())

    def stop(self, number=signal.SIGTERM):
        if self.server is not None:
            self.server.send_signal(number)
            self.server.wait(30)
            self.server = None
        return self


class Hosted(Served):
    """The same, over a server that shares no code with the program."""

    def serve(self):
        self.server = Host(self, self.port or 0)
        self.port = self.server.port
        return self

    def stop(self, number=None):
        if self.server is not None:
            self.server.close()
            self.server = None
        return self


def scenario(p):
    """Up to an accord, a declaration, an opening, answers, a suspension, and a day later."""
    p.build()
    p.declare()
    p.run("usa", "confirm", "declare-sites", "--yes")
    p.clock("2018-10-10T06:00:00Z")
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("first.lockstep"))
    p.run("usa", "confirm", "open-first", "--yes")
    p.run("usa", "perform", "pause", "--text", "Orders were given.", "--attach", p.path("text.md"), "--yes")
    p.run("dprk", "object", "pause", "--text", "Not all of them.", "--yes")
    p.run("usa", "perform", "pause", "--text", "Now all.", "--yes")
    p.run("dprk", "confirm", "pause", "--yes")
    p.run("rok", "perform", "mediate", "--yes")
    p.run("dprk", "suspend", "--text", "Citing lack of progress.", "--yes")
    p.run("dprk", "resume", "--yes")
    p.clock("2018-10-20T06:00:00Z")
    return p


# What is not the same twice: ids, and places, as stamps come at other moments.
OURS = ("kind", "by", "measure", "time", "lapsed", "final")


def seen(p, party):
    """What a party sees, as far as it does not depend on keys and nonces."""
    log = [tuple(entry[name] for name in OURS) for entry in p.log(party)]
    states = {name: {key: value for key, value in state.items() if key not in ("performed_by", "answered_by")}
              for name, state in p.states(party).items()}
    text = p.run(party, "status").out.splitlines()
    return log, states, [line.split("  ")[0] for line in text]


WAYS = {}


def by_folder():
    """The scenario over a shared folder, as all see it; made once."""
    if "folder" not in WAYS:
        p = scenario(Process("shared"))
        WAYS["folder"] = {party: seen(p, party) for party in p.PARTIES}
        check_ledger(p.ledger)
    return WAYS["folder"]


def compare(p, expected):
    for party in p.PARTIES:
        found = seen(p, party)
        for name, a, b in zip(("log", "states", "status"), expected[party], found):
            check(a == b, f"{party}'s {name} differs:\n{a}\n{b}")
        check(read_store(p.path(party, "replica"))[0] == read_store(p.ledger)[0], f"{party}'s copy is another one")


@case
def couriers_carry_the_same(folder):
    expected = by_folder()
    p = scenario(Couriered("carried"))
    for party in ("dprk", "usa"):
        p.carry(party)
    compare(p, expected)
    check_ledger(p.ledger)


def compare_served(p):
    expected = by_folder()
    try:
        scenario(p)
        compare(p, expected)
    finally:
        p.stop()
    check_ledger(p.ledger)


@case
def a_server_shows_the_same(folder):
    compare_served(Served("served"))


@case
def another_programs_server_shows_the_same(folder):
    compare_served(Hosted("hosted"))


# Couriers.

def carried():
    """A process of which usa sees only what couriers bring, with the record as far as it goes."""
    return Couriered("carried").build()


@case
def acts_made_away_are_chained_and_filed(folder):
    p = carried()
    for text in ("One.", "Two.", "Three."):
        Process.run(p, "usa", "perform", "pause", "--text", text, "--yes").says("waits in the outbox", "courier")
    waiting = p.waits("usa")
    check([w["waits"] for w in waiting] == ["ledger"] * 3, waiting)
    check(all(w["until"] > w["since"] for w in waiting), waiting)
    Process.run(p, "usa", "outbox").says("perform", "for the ledger", "filed until")
    Process.run(p, "usa", "sync", "--to", "there").says("3 acts")
    shutil.copy("there", "again")
    p.run("rok", "sync", "--from", "there", "--to", "back").says("is on the record as entry")
    p.run("rok", "sync", "--from", "again", "--to", "back-again").says("where it was already")
    # Twice, out of order, and an older one last: no harm.
    for file in ("back-again", "back", "back-again"):
        Process.run(p, "usa", "sync", "--from", file)
    check(not p.waits("usa"), "still waiting")
    entries = check_ledger(p.ledger)
    check(sum(b"act: perform" in e for e in entries) == 3, "not three")
    check([e["kind"] for e in p.log("usa")][-3:] == ["perform"] * 3, "not seen")


@case
def what_can_not_be_filed_any_more_says_why(folder):
    p = carried()
    Process.run(p, "usa", "perform", "pause", "--text", "One.", "--yes")
    Process.run(p, "usa", "perform", "pause", "--text", "Two.", "--yes")
    p.clock("2018-11-20T00:00:00Z")
    Process.run(p, "usa", "sync", "--to", "there")
    refused = p.run("rok", "sync", "--from", "there", "--to", "back").says("is refused", "lapsed")
    check("is on the record" not in refused.out, refused)
    Process.run(p, "usa", "sync", "--from", "back").complains("can't be filed")
    listed = Process.run(p, "usa", "outbox").says("can't be filed", "make it again")
    waiting = p.waits("usa")
    check([w["waits"] for w in waiting] == ["refused"] * 2, listed)
    # A new act does not build on what is dead.
    Process.run(p, "usa", "perform", "pause", "--text", "Anew.", "--yes")
    check([w["waits"] for w in p.waits("usa")].count("ledger") == 1, p.waits("usa"))
    for w in waiting:
        Process.run(p, "usa", "outbox", "drop", w["id"][:10]).says("given up")
    Process.run(p, "usa", "outbox", "drop", waiting[0]["id"], code=USAGE).complains("no act in the outbox")
    p.carry("usa")
    check(not p.waits("usa"), "still waiting")
    check(p.log("usa")[-1]["kind"] == "perform", "not filed")


@case
def a_gap_is_named(folder):
    p = carried()
    size = len(read_store(p.ledger)[0])
    p.run("rok", "perform", "mediate", "--yes")
    middle = len(read_store(p.ledger)[0])
    p.run("rok", "sync", "--to", "first", "--for", "usa", "--since", str(size))
    p.run("rok", "perform", "mediate", "--yes")
    p.run("rok", "sync", "--to", "second", "--for", "usa", "--since", str(middle))
    refused = Process.run(p, "usa", "sync", "--from", "second", code=INVALID)
    refused.complains(f"begins at entry {middle}", f"--since {size}")
    Process.run(p, "usa", "sync", "--from", "first").says(f"{middle} entries")
    Process.run(p, "usa", "sync", "--from", "second")
    Process.run(p, "usa", "sync", "--from", "first")
    p.run("rok", "sync", "--to", "all", "--for", "usa")
    Process.run(p, "usa", "sync", "--from", "all")
    check(read_store(p.path("usa", "replica"))[0] == read_store(p.ledger)[0], "not the ledger's")
    p.run("rok", "sync", "--to", "x", "--for", "nobody", code=USAGE).complains("not a party")


@case
def an_altered_file_is_refused(folder):
    """Whatever byte is changed: refused, or without effect; and the true file is taken afterwards."""
    p = carried()
    before = read_store(p.path("usa", "replica"))
    size = len(before[0])
    p.run("rok", "perform", "mediate", "--attach", p.path("sites.csv"), "--yes")
    p.run("rok", "sync", "--to", "good", "--for", "usa", "--since", str(size))
    shutil.copytree(p.path("usa", "replica"), "replica")
    good, truth = read("good"), read_store(p.ledger)
    dice = random.Random(7)
    places = [dice.randrange(len(good)) for _ in range(2000 if SOAK else 20 if sanitized() else 60)]
    for place in places:
        write("bad", good[:place] + bytes([good[place] ^ (1 << dice.randrange(8))]) + good[place + 1:])
        result = attempt("-C", p.path("usa"), "sync", "--from", "bad")
        copy = read_store(p.path("usa", "replica"))
        # Without effect: a byte of the file, which is left out, of an entry that was here, of a second checkpoint.
        check(copy[0] == truth[0][:len(copy[0])] and copy[1] in (before[1], truth[1]), f"byte {place}:", result)
        check(result.code != OK or copy == truth, f"byte {place} is accepted:", result)
        check(result.code in (OK, INVALID, USAGE), f"byte {place}:", result)
        shutil.rmtree(p.path("usa", "replica"))
        shutil.copytree("replica", p.path("usa", "replica"))
    for bad in (b"", good[:-512], good[:len(good) // 2], good + bytes(512)):
        write("bad", bad)
        check(attempt("-C", p.path("usa"), "sync", "--from", "bad").code != OK, "accepted")
    Process.run(p, "usa", "sync", "--from", "good")
    check(read_store(p.path("usa", "replica"))[0] == read_store(p.ledger)[0], "not the ledger's")


@case
def a_restored_vault_waits_for_what_it_knew(folder):
    """A courier's old file does not let it sign a number again that it has used."""
    p = carried()
    p.run("rok", "sync", "--to", "old", "--for", "usa")
    p.run("usa", "perform", "pause", "--text", "One.", "--yes")
    p.run("rok", "sync", "--to", "new", "--for", "usa")
    Process.run(p, "usa", "vault", "backup", "safe")
    shutil.rmtree(p.path("usa"))
    run("vault", "restore", "safe", p.path("usa"))
    Process.run(p, "usa", "sync", "--from", "old")
    Process.run(p, "usa", "status")
    refused = Process.run(p, "usa", "perform", "pause", "--text", "Two.", "--yes", code=USAGE)
    refused.complains("was restored", "lockstep sync")
    Process.run(p, "usa", "sync", "--from", "new")
    p.run("usa", "perform", "pause", "--text", "Two.", "--yes")
    check([e["kind"] for e in p.log("rok")][-2:] == ["perform"] * 2, "not filed")
    check_ledger(p.ledger)


@case
def an_altered_act_is_refused(folder):
    p = carried()
    Process.run(p, "usa", "perform", "pause", "--attach", p.path("text.md"), "--yes")
    Process.run(p, "usa", "sync", "--to", "good")
    good, before = read("good"), read_store(p.ledger)
    shutil.copytree(p.ledger, "ledger")
    shutil.copytree(p.path("rok"), "rok")
    dice = random.Random(8)
    for _ in range(1000 if SOAK else 15 if sanitized() else 40):
        place = dice.randrange(len(good))
        write("bad", good[:place] + bytes([good[place] ^ (1 << dice.randrange(8))]) + good[place + 1:])
        result = attempt("-C", p.path("rok"), "sync", "--from", "bad")
        # A byte that says nothing of the act may be another: what comes in is what was signed.
        new = [entry for entry in read_store(p.ledger)[0][len(before[0]):] if b"act: stamp" not in entry]
        check(all(entry in good for entry in new), f"byte {place} changes the act:", result)
        check(bool(new) == (result.code == OK and "is on the record" in result.out), f"byte {place}:", result)
        if new:
            shutil.rmtree(p.ledger)
            shutil.copytree("ledger", p.ledger)
            shutil.rmtree(p.path("rok"))
            shutil.copytree("rok", p.path("rok"))
    p.run("rok", "sync", "--from", "good").says("is on the record")


@case
def files_go_to_their_own_place_only(folder):
    p = carried()
    Process.run(p, "usa", "sync", "--to", "there")
    Process.run(p, "dprk", "sync", "--from", "there", code=USAGE).complains("no ledger is reached", "host")
    other = Couriered("other").build()
    Process.run(other, "usa", "sync", "--to", "foreign")
    p.run("rok", "sync", "--from", "foreign", code=USAGE).complains("another process")
    run("verify", "there", code=INVALID).says("lockstep sync --from")
    p.run("rok", "sync", "--from", p.path("text.md"), code=INVALID)
    p.run("rok", "sync", "--for", "usa", code=USAGE).complains("--to")
    p.run("rok", "sync", "--follow", "--to", "x", code=USAGE).complains("--follow")


class Watched(Couriered):
    """The same with an outsider whose cosignature makes checkpoints final."""

    def draft_charter(self):
        for party in self.PARTIES:
            self.init(party)
        run("init", self.path("un"), "--outsider", "un", "--exercise", "--no-passphrase")
        cards = [self.path(party, "party.yaml") for party in self.PARTIES]
        self.run("rok", "charter", "new", self.path("charter.yaml"), "--name", "small", "--zone", "Asia/Seoul",
                 "--ledger", self.ledger, "--party", cards[0], "--party", cards[1], "--mediator", cards[2],
                 "--outsider", self.path("un", "cosigner.yaml"))
        self.clock("2018-10-08T06:00:00Z")
        return self

    def cosign(self):
        """The record goes to the cosigner, and what it cosigned to the host with usa's courier."""
        Process.run(self, "rok", "sync", "--to", self.path("for-un"), "--for", "usa")
        run("cosign", "carry", self.path("un"), "--from", self.path("for-un"), "--to", self.path("cosigned"),
            "--charter", self.fingerprint())
        Process.run(self, "usa", "sync", "--to", self.path("there"), "--cosigned", self.path("cosigned"))
        return Process.run(self, "rok", "sync", "--from", self.path("there"))


@case
def a_quorum_by_courier(folder):
    """Nothing counts as final that the quorum has not cosigned, and who is missing is named."""
    p = Watched("watched").draft_charter().sign_charter()
    for party in ("rok", "usa"):
        p.run(party, "status").says("Not final yet: 1 act.", "lacks the cosignatures of: un")
        p.run(party, "log").says("not final yet")
        check([e["final"] for e in p.log(party)] == [False], party)
    p.cosign().says("its checkpoint is final")
    p.carry("usa")
    for party in ("rok", "usa"):
        check([e["final"] for e in p.log(party)] == [True], party)
        check("Not final" not in p.run(party, "status").out, party)
    p.sign_accord()
    p.run("rok", "status").says("not final", "Not final yet: 1 act.")
    p.cosign()
    p.run("usa", "perform", "pause", "--yes")
    for party in ("rok", "usa"):
        p.run(party, "status").says("performed, not final")
        status = p.run(party, "status", "--json").json()
        check(status["lacks"] == "un" and status["final_entries"] < status["entries"], status)
    check([e["final"] for e in p.log("rok")] == [True, True, False], "log")
    p.cosign()
    p.carry("usa")
    check(all(e["final"] for e in p.log("usa")), "log")
    # An altered cosignature is none.
    p.run("usa", "perform", "pause", "--yes")
    cosigned = read(p.path("cosigned"))
    write("bad", cosigned[:-20] + bytes([cosigned[-20] ^ 1]) + cosigned[-19:])
    Process.run(p, "usa", "sync", "--to", "there", "--cosigned", "bad")
    p.run("rok", "sync", "--from", "there").says("The cosignature is refused")
    check([e["final"] for e in p.log("rok")] == [True, True, True, False], "log")


# Servers.

def served():
    """Over our own server, if this program has one."""
    return (Served if "\n  serve " in run("help").out else Hosted)("served").build()


@case
def without_its_server_a_workspace_goes_on(folder):
    p = served()
    try:
        before = p.log("usa")
        p.stop()
        for args in (["status"], ["log"], ["charter", "show"], ["accord", "show"], ["show", "0"],
                     ["export", p.path("record.lockstep")]):
            p.run("usa", *args).complains("as of 2018-10-08T06:00:00Z; the server could not be reached")
        check(p.log("usa") == before, "another record")
        run("verify", p.path("record.lockstep"), "--charter", p.fingerprint())
        for text in ("One.", "Two."):
            p.run("usa", "perform", "pause", "--text", text, "--yes").says("waits in the outbox", "not be reached")
        # Who asks for what is new, and does not get it, can tell by the exit code, too.
        unreached = p.run("usa", "sync", code=ENVIRONMENT).says("last stamp 2018-10-08T06:00:00Z", "2 acts wait")
        unreached.complains("as of 2018-10-08T06:00:00Z; the server could not be reached", "not brought up to date")
        said = p.run("usa", "sync", "--json", code=ENVIRONMENT).json()
        check(not said["reached"] and said["waiting"] == 2 and said["entries"] > 0, said)
        p.run("usa", "sync", "--to", p.path("there")).says("2 acts")
        check([w["waits"] for w in p.run("usa", "outbox", "--json").json()["waiting"]] == ["ledger"] * 2, "outbox")
        p.serve()
        p.run("usa", "sync").complains("2 acts that waited in the outbox are filed")
        check(not p.run("usa", "outbox", "--json").json()["waiting"], "still waiting")
        check([e["kind"] for e in p.log("dprk")][-2:] == ["perform"] * 2, "not filed")
    finally:
        p.stop()
    check_ledger(p.ledger)


@case
def following_goes_on_until_it_is_stopped(folder):
    p = served()
    try:
        job = start(*p.as_("usa", "sync", "--follow"))
        time.sleep(1)
        check(job.poll() is None, "ended by itself")
        p.run("rok", "perform", "mediate", "--yes")
        begun = time.monotonic()
        while b": perform by rok" not in job.stdout.readline() and job.poll() is None:
            check(time.monotonic() - begun < 60, "it does not say what is new")
        # Every 15 to 20 seconds, as the help says; the machine may be busy.
        check(time.monotonic() - begun < 26, "it took", time.monotonic() - begun)
        job.send_signal(signal.SIGTERM)
        job.communicate(timeout=20)
        check(job.returncode == 0, "no clean end:", job.returncode)
        p.run("usa", "log")
    finally:
        p.stop()


def on_a_terminal(*args):
    """Exit code, stdout, and what a terminal gets as stderr."""
    ours, theirs = pty.openpty()
    seen = []

    def watch():
        try:
            while data := os.read(ours, 4096):
                seen.append(data)
        except OSError:
            pass  # nobody has it open any more

    with subprocess.Popen([BINARY, *args], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=theirs, start_new_session=True) as job:
        os.close(theirs)
        watcher = threading.Thread(target=watch)
        watcher.start()
        out = job.stdout.read()
        job.wait(60)
        watcher.join()
    os.close(ours)
    return job.returncode, out, b"".join(seen)


@case
def progress_is_for_terminals(folder):
    """Entries that take more than a second to come are counted, where somebody looks; and for programs nothing is."""
    p = Hosted("hosted").build()
    try:
        for _ in range(5):
            p.run("rok", "perform", "mediate", "--yes")
        quick = p.server.content

        def slowly(path):
            time.sleep(1.2 if path.startswith("tile/entries/") else 0)
            return quick(path)

        p.server.content = slowly
        size = len(read_store(p.ledger)[0])
        for more, shown in (([], True), (["--json"], False)):
            shutil.rmtree(p.path("usa", "replica"))
            code, out, err = on_a_terminal(*p.as_("usa", "sync", *more))
            check(code == 0 and out, code, out, err)
            check((f" of {size} entries".encode() in err) == shown, err)
            check(not shown or err.endswith(b"\r\x1b[K"), "it stays there:", err)
        shutil.rmtree(p.path("usa", "replica"))
        check(p.run("usa", "sync").err == "", "not a terminal")
    finally:
        p.stop()


@case
def a_killed_sync_goes_on(folder):
    """kill -9 at any moment of a first synchronisation: the next run finds a sound copy and completes it."""
    p = served()
    try:
        for _ in range(40):
            p.run("rok", "perform", "mediate", "--yes")
        truth = read_store(p.ledger)[0]
        dice = random.Random(11)
        shutil.copytree(p.path("usa"), "usa")
        for _ in range(40 if SOAK else 8):
            shutil.rmtree(p.path("usa"))
            shutil.copytree("usa", p.path("usa"))
            shutil.rmtree(p.path("usa", "replica"))
            for _ in range(4):
                job = start(*p.as_("usa", "sync"))
                time.sleep(dice.random() * 0.08)
                os.kill(job.pid, signal.SIGKILL)
                job.communicate()
            p.run("usa", "sync")
            check(read_store(p.path("usa", "replica"))[0] == truth, "not the ledger's")
            shutil.rmtree(p.path("usa", "outbox"))
            os.mkdir(p.path("usa", "outbox"), 0o700)
    finally:
        p.stop()


PROXY = """
import socket, sys, threading, random
listen, port, seed = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
dice = random.Random(seed)
server = socket.create_server(("127.0.0.1", listen))

def serve(client):
    there = socket.create_connection(("127.0.0.1", port))
    def back():
        try:
            while data := there.recv(65536):
                # One bit of every answer, anywhere but in its head.
                begin = data.find(b"\\r\\n\\r\\n") + 4
                if begin < len(data):
                    place = dice.randrange(begin, len(data))
                    data = data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1:]
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    threading.Thread(target=back, daemon=True).start()
    try:
        while data := client.recv(65536):
            there.sendall(data)
        there.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass

while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
"""


@case
def a_tampering_proxy_gets_nothing_in(folder):
    p = served()
    proxy = None
    try:
        p.run("rok", "perform", "mediate", "--yes")
        truth = read_store(p.ledger)[0]
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        proxy = subprocess.Popen([sys.executable, "-c", PROXY, str(port), str(p.port), "5"])
        time.sleep(0.5)
        shutil.rmtree(p.path("usa", "replica"))
        p.run("usa", "ledger", "set", f"http://127.0.0.1:{port}/small")
        for _ in range(100 if SOAK else 10):
            result = p.attempt("usa", "sync")
            check(result.code in (INVALID, USAGE, ENVIRONMENT) or "0 entries" in result.out or "could not be reached" in
                  result.err, "a changed answer is taken:", result)
            copy = read_store(p.path("usa", "replica"))
            check(copy[1] is None, "stands under a changed checkpoint")
        check(not os.path.exists(p.path("usa", "replica", "evidence")), "accuses somebody")
        p.run("usa", "ledger", "set", p.url())
        p.run("usa", "sync")
        check(read_store(p.path("usa", "replica"))[0] == truth, "not the ledger's")
    finally:
        p.stop()
        if proxy is not None:
            proxy.kill()
            proxy.wait()


@contextlib.contextmanager
def tls_server():
    """Answers nothing, over TLS with a certificate that nobody signed; its port."""
    if not shutil.which("openssl"):
        raise Skip("openssl is not installed")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("certificate.pem", "key.pem")
    silent = type("Silent", (http.server.BaseHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), silent)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@case
def failed_connections_say_what_may_help(folder):
    p = served()
    try:
        nobody, plain = "http://127.0.0.1:9/small", p.url().replace("http:", "https:")
        with tls_server() as port:
            url = f"https://127.0.0.1:{port}/small"
            authority = write("none.pem", "no certificate\n")
            for place, env, hint in ((nobody, {}, "is the server running"),
                                     ("http://nowhere.invalid/small", {}, "is the name right"),
                                     (plain, {}, "perhaps it speaks no TLS"),
                                     (url, {}, "if a private authority has signed its certificate"),
                                     (url, {"LOCKSTEP_AUTHORITY": authority}, "--authority, or LOCKSTEP_AUTHORITY")):
                p.run("usa", "ledger", "set", place)
                p.run("usa", "sync", env=env, code=ENVIRONMENT).complains(f"lockstep: hint: {hint}")
                run("ledger", "check", place, env=env, code=ENVIRONMENT).complains(f"lockstep: hint: {hint}")
            trusted = p.run("usa", "sync", env={"LOCKSTEP_AUTHORITY": "certificate.pem"}, code=ENVIRONMENT)
            trusted.complains("status 501")  # it got through
    finally:
        p.stop()


# What a host may do that is no cheating, and what is.

@case
def a_busy_host_is_asked_again(folder):
    p = Hosted("hosted").build()
    try:
        p.server.busy = 3
        p.run("usa", "perform", "pause", "--yes").says("is on the record")
        p.server.busy = 1000
        p.run("usa", "perform", "pause", "--yes").says("waits in the outbox")
        p.server.busy = 0
        p.run("usa", "log").complains("1 act that waited in the outbox is filed")
    finally:
        p.stop()


@case
def a_restored_host_accuses_nobody(folder):
    """A server that shows fewer entries than before, and the same ones: a backup, or a cache. A line says so."""
    p = Hosted("hosted").build()
    try:
        before = p.server.record()
        p.run("usa", "perform", "pause", "--yes")
        size = len(read_store(p.path("usa", "replica"))[0])
        p.server.record = lambda: before
        p.run("usa", "log").complains(f"shows only {len(before[0])} of the {size} entries that were verified here")
        check(p.log("usa")[-1]["kind"] == "perform", "forgotten")
        check(not os.path.exists(p.path("usa", "replica", "evidence")), "accuses somebody")
    finally:
        p.stop()


@case
def two_histories_of_a_host_are_evidence(folder):
    """The host shows dprk one history and usa another. Each holds on to its own; who sees both has the proof."""
    p = Hosted("hosted").build()
    try:
        fingerprint = p.fingerprint()
        shutil.copytree(p.ledger, "other")
        p.run("usa", "perform", "pause", "--text", "For usa alone.", "--yes")
        first = p.server.record()
        shutil.rmtree(p.ledger)
        shutil.copytree("other", p.ledger)
        shutil.rmtree(p.path("rok", "replica"))  # the host is in on it
        p.run("dprk", "perform", "visit", "--yes")
        p.run("dprk", "perform", "visit", "--yes")
        check(p.log("dprk")[-1]["kind"] == "perform", "dprk sees nothing")
        p.run("usa", "log", code=INVALID).complains("no longer shows the", "is evidence")
        check(len(os.listdir(p.path("usa", "replica", "evidence"))) == 2, "no evidence")
        # What usa alone has kept is enough for a third person.
        run("audit", p.path("usa"), "--out", "proof.lockstep", code=INVALID).says("PROVEN", "signed two histories")
        run("verify", "proof.lockstep", "--charter", fingerprint).says("signed two histories")
        p.server.record = lambda: first
        p.run("usa", "log")
        p.run("dprk", "log", code=INVALID).complains("is evidence")
    finally:
        p.stop()


@case
def access_notes_are_made_and_kept(folder):
    """Where the host asks for one, an access note is signed, kept until it expires, and made anew if it is refused."""
    p = Hosted("hosted").build()
    seen = []

    def admits(authorization):
        if authorization is None or not authorization.startswith("Lockstep "):
            return False
        seen.append(base64.b64decode(authorization.removeprefix("Lockstep "), validate=True))
        return seen[-1] not in refused

    try:
        refused = []
        p.server.admits = admits
        p.run("usa", "sync")
        p.run("usa", "log")
        check(len(set(seen)) == 1, "a note for each run:", len(set(seen)))
        lines = seen[0].decode().split("\n")
        fingerprint = p.fingerprint()
        check(lines[:3] == ["lockstep access v1", fingerprint, "usa"] and lines[4] == "", lines)
        check(lines[5].startswith("\u2014 usa.example/access "), lines)
        ahead = calendar.timegm(time.strptime(lines[3], "%Y-%m-%dT%H:%M:%SZ")) - time.time()
        check(3600 < ahead <= 24 * 3600, "expires in", ahead)
        path = p.path("usa", "access.note")
        check(read(path) == seen[0] and os.stat(path).st_mode & 0o777 == 0o600, "not kept, or not for itself")
        time.sleep(1.1)  # a note of another second is another note
        refused.append(seen[0])
        p.run("usa", "sync")
        check(read(path) != refused[0] and read(path) == seen[-1], "no fresh one")
        p.server.admits = lambda authorization: False
        p.run("usa", "log").complains("does not let this workspace in", "access note")
        p.run("usa", "sync", code=ENVIRONMENT).complains("access was refused", "lockstep keys")
    finally:
        p.stop()


@case
def a_reader_who_was_revoked_is_told_so(folder):
    p = served()
    try:
        p.run("usa", "delegate", "press", "--to", p.path("press"), "--yes")
        p.run("press", "sync")
        p.run("usa", "revoke", "press", "--text", "It printed too much.", "--yes")
        refused = p.run("press", "sync", code=ENVIRONMENT)
        refused.complains("the server does not let this workspace in", "access was refused", "revoked or replaced")
        check("could not be reached" not in refused.err, refused)
        p.run("press", "status").complains("the server does not let this workspace in")
    finally:
        p.stop()


@case
def full_bundles_do_for_partial_ones(folder):
    """Where a partial bundle of entries is gone, the full one is there, with entries that are not asked for."""
    p = Hosted("hosted").build()
    try:
        real = p.server.content

        def content(path):
            if path == "tile/entries/000":
                entries = p.server.record()[0]
                entries += [b"later"] * (256 - len(entries))
                return b"".join(len(e).to_bytes(2, "big") + e for e in entries)
            return None if path.startswith("tile/entries/") else real(path)

        p.server.content = content
        p.run("rok", "perform", "mediate", "--yes")
        p.run("usa", "sync")
        check(read_store(p.path("usa", "replica"))[0] == p.server.record()[0], "not the host's")
    finally:
        p.stop()


if __name__ == "__main__":
    main()
