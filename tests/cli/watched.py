"""A process whose record is watched: a host, two delegations beside it, and four cosigners, of whom three make a
checkpoint final. The clock is the machine's; in an exercise, which asks for no passphrases and is therefore quicker, it is set.

    with Watched(folder) as w:
        w.act("usa", "Said in Washington.")
        w.leave("iaea")                    # this cosigner ends
        w.wait_final()
    with Watched(folder, net=Network(*PLACES)) as w: ...     # each on a host of its own
"""
import base64
import calendar
import contextlib
import http.server
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import threading
import time

from ed25519 import ed25519_valid
from lockstep import (ENVIRONMENT, OK, Skip, attempt, check, note_text, quick_vaults, read, run, sanitized,
                      small_library, together, write)
from serving import Daemon, free_port
from world import COSIGNER, DAY, Key, sha256

NAME = "small"
PASSPHRASE = {"LOCKSTEP_PASSPHRASE": "one for all"}
PARTIES = ("dprk", "usa", "rok")
OUTSIDERS = ("iaea", "uni")
COSIGNERS = ("dprk", "usa", *OUTSIDERS)
PLACES = (*PARTIES, *OUTSIDERS)
QUORUM = 3


def seconds_of(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


CLOCK_SHIM = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* Seconds that the system's clock is behind ours: in a file that the test writes while others run. */
static int64_t ahead(void)
{
    static volatile int64_t *seconds;
    if (seconds == NULL) {
        int file = open(getenv("LOCKSTEP_CLOCK"), O_RDONLY);
        void *map = mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
        if (map == MAP_FAILED) {
            abort();
        }
        seconds = map;
    }
    return *seconds;
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    static int (*next)(clockid_t, struct timespec *);
    if (next == NULL) {
        next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int result = next(id, out);
    out->tv_sec += result == 0 && id == CLOCK_REALTIME ? ahead() : 0;
    return result;
}
"""


class Clock:
    """A clock that all who are watched share, and that a test sets ahead of the machine's, by a library that stands before
    the system's. What they wait for by the monotonic clock takes its time as ever."""

    def __init__(self, folder):
        if shutil.which("cc") is None or sanitized():
            raise Skip("a sanitizer wants to be the first library" if sanitized() else "no compiler is here")
        self.path, self.ahead = os.path.join(folder, "clock"), 0
        write(self.path, struct.pack("=q", 0))
        self.env = {"LD_PRELOAD": small_library(folder, "clock", CLOCK_SHIM), "LOCKSTEP_CLOCK": self.path}

    def set(self, seconds):
        """All at once, and for those who run already."""
        self.ahead = seconds
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=q", seconds))

    def forward(self, days):
        self.set(self.ahead + days * DAY)


class Liar:
    """A cosigner that replays nothing, signs any time, and gives no receipts."""

    def __init__(self, name, port, shift):
        self.key, self.receipts = Key(f"{name}.example/{name}", COSIGNER), Key(f"{name}.example/{name}-receipts")
        self.shift = shift
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/add-checkpoint":
                    self.send_error(404)
                    return
                note = body.split(b"\n\n", 1)[1]
                answer = outer.key.line(note[:note.index(b"\n\n") + 1], int(time.time() + outer.shift))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Watched:
    """A process up to its charter; some cosigners are reached by the host, the others look by themselves. Each place, a
    capital or an outsider's house, is a host of `net`, if there is one. The mediator, rok, hosts the ledger."""

    def __init__(self, folder, liar=None, shift=0, reached=("dprk", "iaea"), net=None, exercise=False, env=None):
        self.folder, self.reached, self.lies, self.net = folder, reached, (liar, shift), net
        self.kind = ["--exercise", "--no-passphrase"] if exercise else []
        self.env = together({} if exercise else PASSPHRASE, {} if exercise else quick_vaults(), env or {})
        self.daemons, self.liar, self.process = {}, None, None
        self.through = {}  # place: the address by which it reaches the host, if not the host's own
        self.ledger = self.path("ledger")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # Where things run.

    def at(self, place):
        return self.net[place].command([]) if self.net else ()

    def run(self, place, *args, **options):
        return run(*args, env=self.env, wrapper=self.at(place), **options)

    def attempt(self, place, *args, **options):
        return attempt(*args, env=self.env, wrapper=self.at(place), **options)

    def of(self, party, *args, **options):
        """In a party's workspace, where that party is."""
        return self.run(party, "-C", self.path(party), *args, **options)

    def address(self, place):
        """Of what listens there: the host's server, or a cosigner."""
        return f"{self.net[place].address if self.net else '127.0.0.1'}:{self.ports[place]}"

    def url(self, place=None):
        """Of the ledger, as seen from a place."""
        return f"http://{self.through.get(place) or self.address('rok')}/{NAME}"

    # How it comes to be.

    def build(self):
        liar, shift = self.lies
        self.ports = {place: 8080 if self.net else free_port() for place in PLACES}
        os.chdir(self.folder)
        for party in PARTIES:
            more = ["--cosigner", f"{party}-watch"] if party in COSIGNERS else []
            self.run(party, "init", party, "--party", party, "--ledger", "ledger" if party == "rok" else self.url(party),
                     *more, *self.kind)
        for name in OUTSIDERS:
            if name == liar:
                self.liar = Liar(name, self.ports[name], shift)
                os.mkdir(f"{name}-watch")
                card = f'name: {name}\nkey: "{self.liar.key.vkey}"\nreceipts: "{self.liar.receipts.vkey}"\n'
                write(f"{name}-watch/cosigner.yaml", card)
            else:
                self.run(name, "init", f"{name}-watch", "--outsider", name, *self.kind)
        self.charter()
        self.serve()
        self.begin()
        for name in COSIGNERS:
            if name != liar:
                self.cosign(name)

    def charter(self):
        cards = [o for n in OUTSIDERS for o in ("--outsider", f"{n}-watch/cosigner.yaml")]
        self.of("rok", "charter", "new", "charter.yaml", "--name", NAME, "--party", "dprk/party.yaml",
                "--party", "usa/party.yaml", "--mediator", "rok/party.yaml", "--ledger", "ledger", *cards)
        text = read("charter.yaml").decode()
        for name in (*self.reached, *([self.lies[0]] if self.liar else [])):
            # The host calls those whose URL stands at the end of their line.
            text = re.sub(rf"(?m)^(  witness {name}(?:-cosigner)? \S+)$", rf"\1 http://{self.address(name)}", text)
        write("charter.yaml", text)
        if self.kind:
            self.of("rok", "exercise", "clock", "2018-10-08T06:00:00Z")
        self.of("rok", "charter", "sign", "charter.yaml", "--yes")
        for party in ("dprk", "usa"):
            self.of(party, "sign", "charter.lockstep", "--yes")

    def begin(self):
        """The last who signed files the charter; everybody has it then."""
        for party in ("usa", "dprk"):
            self.of(party, "sync")
        self.process = self.of("dprk", "charter", "show", "--json").json()["fingerprint"]

    # Who works.

    def serve(self, ledger="ledger"):
        listen = f"0.0.0.0:{self.ports['rok']}" if self.net else self.address("rok")
        self.daemons["host"] = Daemon("serve", ledger, "--listen", listen, env=self.env, wrapper=self.at("rok"))
        self.daemons["host"].wait("event=started")

    def cosign(self, name):
        listen = ["--listen", self.address(name)] if name in self.reached else []
        self.daemons[name] = Daemon("cosign", self.path(f"{name}-watch"), "--interval", "1", "--follow", self.url(name),
                                    "--charter", self.process, *listen, env=self.env, wrapper=self.at(name))
        self.daemons[name].wait("event=started")

    def leave(self, name):
        self.daemons.pop(name).stop()

    def act(self, party="usa", text="An act.", **options):
        """A withdrawal of nothing that is there, which changes nothing."""
        return self.of(party, "withdraw", sha256(text.encode()).hex(), "--text", text, "--yes", "--json", **options)

    # What a party knows.

    def sync(self, party="dprk", **options):
        """What it says, also where the ledger could not be reached just now."""
        said = self.attempt(party, "-C", self.path(party), "sync", "--json", **options)
        check(said.code in (OK, ENVIRONMENT), said)
        return said.json()

    def log(self, party="dprk"):
        return self.of(party, "log", "--json", "--stamps").json()["entries"]

    def wait_final(self, seconds=40, party="dprk"):
        """Until everything is final and everything but stamps is stamped; the log of it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            said, entries = self.sync(party), self.log(party)
            if said["final"] == len(entries) and all(e["time"] for e in entries if e["kind"] != "stamp"):
                return entries
            time.sleep(0.5)
        check(False, "not final:", said, *["".join(d.lines[-8:]) for d in self.daemons.values()])
        return None

    # How it ends.

    def __enter__(self):
        if self.net:
            self.net.__enter__()
        try:
            self.build()
        except BaseException:
            self.end(False)
            raise
        return self

    def __exit__(self, kind, *_):
        self.end(kind is None)

    def end(self, soundly):
        """What failed says so itself; then nothing is left running, however it ends."""
        try:
            for name in sorted(self.daemons, key=lambda n: n == "host"):
                if soundly:
                    self.daemons[name].stop()
                else:
                    self.daemons[name].kill()
        finally:
            if self.liar:
                self.liar.stop()
            if self.net:
                self.net.__exit__(None, None, None)


# A judge of finality who shares no code with the program.

def cosigners_of(folder):
    """Name and public key of each cosigner whose card lies there."""
    found = {}
    for name in COSIGNERS:
        card = read(os.path.join(folder, f"{name}-watch", "cosigner.yaml")).decode()
        vkey = re.search(r'^key: "?([^"\s]+)"?$', card, re.M).group(1)
        found[vkey.split("+")[0]] = base64.b64decode(vkey.split("+", 2)[2])[1:]
    return found


def cosigned_by(note, cosigners):
    """Names of those whose cosignature on a checkpoint is good (C2SP tlog-cosignature)."""
    text, lines = note[:note.index(b"\n\n") + 1], note[note.index(b"\n\n") + 2:].decode().splitlines()
    found = set()
    for line in lines:
        _, name, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if name in cosigners and len(blob) == 76:
            at = struct.unpack(">Q", blob[4:12])[0]
            if ed25519_valid(cosigners[name], b"cosignature/v1\ntime %d\n" % at + text, blob[12:]):
                found.add(name)
    return found


def final_time(stamp):
    """Of a stamp's checkpoint: the least time by which three of the four had cosigned."""
    note = note_text(stamp)[note_text(stamp).index(b"\n\n") + 2:]
    lines = note[note.index(b"\n\n") + 2:].decode().splitlines()
    blobs = [base64.b64decode(line.split(" ")[2]) for line in lines]
    return sorted(struct.unpack(">Q", blob[4:12])[0] for blob in blobs if len(blob) == 76)[QUORUM - 1]


def taken_as_final(workspace):
    """The checkpoint that a workspace takes as final, or nothing."""
    store = os.path.join(workspace, "replica", "record.sqlite")
    if not os.path.exists(store):
        return None
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)) as db:
        row = db.execute("SELECT note FROM checkpoint WHERE final=1").fetchone()
    return row and row[0]
