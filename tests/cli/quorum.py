#!/usr/bin/env python3
"""A host with four cosigners, of whom three make a checkpoint final: what the failing, the silent and the lying can do.
The clock is the machine's: nothing here is an exercise. Where the program has no server, one in Python stands in for it,
to which cosigners bring what it can't ask for."""
import calendar
import contextlib
import http.server
import os
import re
import socket
import sqlite3
import threading
import time

import host
from lockstep import attempt, case, check, main, read, run, start, write
from world import COSIGNER, DAY, HOUR, Key

PASSPHRASE = {"LOCKSTEP_PASSPHRASE": "one for all"}
OUTSIDERS = ("iaea", "uni")
COSIGNERS = ("dprk", "usa", *OUTSIDERS)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def lines_of(stream, into):
    def collect():
        for line in stream:
            into.append(line.decode())
    threading.Thread(target=collect, daemon=True).start()


class Daemon:
    """A part of the program that works until it is told to end."""

    def __init__(self, *command):
        self.job, self.lines = start(*command, env=PASSPHRASE), []
        lines_of(self.job.stderr, self.lines)

    def wait(self, pattern, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in list(self.lines):
                if re.search(pattern, line):
                    return line
            check(self.job.poll() is None, "it ended:", "".join(self.lines))
            time.sleep(0.05)
        check(False, f"not said: {pattern}\n", "".join(self.lines[-40:]))
        return None

    def stop(self):
        if self.job.poll() is None:
            self.job.terminate()
            code = self.job.wait(timeout=30)
            check(code == 0, "ended with", code, "".join(self.lines[-40:]))


class PythonHost(host.Host):
    """Takes cosignatures, too, as a courier would bring them; and asks the one that tests make lie."""

    class Handler(host.Handler):
        def do_GET(self):
            if self.path != f"/{host.NAME}/checkpoint":
                return super().do_GET()
            final = self.server.host.final()
            return self.reply(200, final) if final else self.reply(404, host.MISSING)

        def do_POST(self):
            if self.path != f"/{host.NAME}/cosignature":
                return super().do_POST()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            return self.reply(200 if self.server.host.cosigned(body) else 503, b"")

    def __init__(self, quorum, port):
        super().__init__(quorum, port)
        self.server.RequestHandlerClass = self.Handler
        self.lines = []

    def final(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.process.ledger}/record.sqlite?mode=ro", uri=True)) as db:
            row = db.execute("SELECT note FROM checkpoint WHERE final=1").fetchone()
        return row and row[0]

    def cosigned(self, note):
        rok = self.process.path("rok")
        head = f"lockstep courier v1\ncarries: acts\nprocess: {self.process.process}\nparty: usa\nsize: 0\n".encode()
        with self.lock:
            write("brought", host.bundle("courier", [("courier", head), ("cosigned", note)]))
            done = attempt("-C", rok, "sync", "--from", "brought", "--json", env=PASSPHRASE)
            return done.code == 0

    def stop(self):
        self.close()


class Liar:
    """A cosigner that replays nothing and signs any time."""

    def __init__(self, name, port, shift):
        self.key, self.receipts = Key(f"{name}.example/{name}", COSIGNER), Key(f"{name}.example/{name}-receipts")
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                note = body.split(b"\n\n", 1)[1]
                answer = outer.key.line(note[:note.index(b"\n\n") + 1], int(time.time()) + outer.shift)
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.shift = shift
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bring_to(self, quorum):
        """Brings its cosignatures by itself, to a host that asks nobody."""
        def bring():
            seen = None
            while quorum.liar:
                note = quorum.daemons["host"].content("checkpoint/latest")
                if note != seen:
                    line = self.key.line(note[:note.index(b"\n\n") + 1], int(time.time()) + self.shift)
                    seen = note if quorum.daemons["host"].cosigned(note + line) else seen
                time.sleep(0.3)
        threading.Thread(target=bring, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Quorum:
    """A process up to its charter; some cosigners are reached by the host, the others look by themselves."""

    def __init__(self, folder, liar=None, shift=0, reached=("dprk", "iaea")):
        self.reached = reached
        self.folder, self.daemons, self.liar, self.process = folder, {}, None, None
        self.lies = (liar, shift)
        self.ledger = self.path("ledger")

    def build(self):
        liar, shift = self.lies
        self.ports = {name: free_port() for name in ("host", *COSIGNERS)}
        os.chdir(self.folder)
        for party, more in (("dprk", ["--cosigner", "dprk-watch"]), ("usa", ["--cosigner", "usa-watch"]), ("rok", [])):
            run("init", party, "--party", party, "--ledger", "ledger" if party == "rok" else self.url(), *more,
                env=PASSPHRASE)
        for name in OUTSIDERS:
            if name == liar:
                self.liar = Liar(name, self.ports[name], shift)
                os.mkdir("liar")
                card = f'name: {name}\nkey: "{self.liar.key.vkey}"\nreceipts: "{self.liar.receipts.vkey}"\n'
                write("liar/cosigner.yaml", card)
            else:
                run("init", f"{name}-watch", "--outsider", name, env=PASSPHRASE)
        self.charter()
        self.serve()
        self.begin()
        if self.liar and isinstance(self.daemons["host"], PythonHost):
            self.liar.bring_to(self)
        for name in COSIGNERS:
            if name != liar:
                self.cosign(name)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def url(self):
        return f"http://127.0.0.1:{self.ports['host']}/{host.NAME}"

    def charter(self):
        cards = [o for n in OUTSIDERS
                 for o in ("--outsider", "liar/cosigner.yaml" if self.liar and n in self.liar.key.name else
                           f"{n}-watch/cosigner.yaml")]
        run("-C", "rok", "charter", "new", "charter.yaml", "--name", host.NAME, "--party", "dprk/party.yaml", "--party", "usa/party.yaml",
            "--mediator", "rok/party.yaml", "--ledger", "ledger", *cards, env=PASSPHRASE)
        text = read("charter.yaml").decode()
        for name in (*self.reached, *([n for n in OUTSIDERS if self.liar and n in self.liar.key.name])):
            # The host calls those whose URL stands at the end of their line.
            text = re.sub(rf"(?m)^(  witness {name}(?:-cosigner)? \S+)$", rf"\1 http://127.0.0.1:{self.ports[name]}", text)
        write("charter.yaml", text)
        run("-C", "rok", "charter", "sign", "charter.yaml", "--yes", env=PASSPHRASE)
        for party in ("dprk", "usa"):
            run("-C", party, "sign", "charter.lockstep", "--yes", env=PASSPHRASE)

    def serve(self):
        if "\n  serve " in run("help").out:
            self.daemons["host"] = Daemon("serve", "ledger", "--listen", f"127.0.0.1:{self.ports['host']}")
        else:
            self.daemons["host"] = PythonHost(self, self.ports["host"])
        for _ in range(100):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.ports["host"])) == 0:
                    break
            time.sleep(0.1)

    def begin(self):
        """The last who signed files the charter; everybody has it then."""
        for party in ("usa", "dprk"):
            run("-C", party, "sync", env=PASSPHRASE)
        shown = run("-C", "dprk", "charter", "show", "--json", env=PASSPHRASE).json()
        self.process = shown["fingerprint"]

    def cosign(self, name):
        listen = ["--listen", f"127.0.0.1:{self.ports[name]}"] if name in self.reached else []
        self.daemons[name] = Daemon("cosign", f"{name}-watch", "--interval", "1", "--follow", self.url(), "--charter",
                                    self.process, *listen)
        self.daemons[name].wait("event=started")

    def leave(self, name):
        self.daemons.pop(name).stop()

    def act(self, party="usa", text="An act."):
        return run("-C", party, "withdraw", "5" * 64, "--text", text, "--yes", "--json", env=PASSPHRASE)

    def sync(self, party="dprk"):
        return run("-C", party, "sync", "--json", env=PASSPHRASE).json()

    def wait_final(self, seconds=40):
        """Until everything is final and everything but stamps is stamped; what sync says."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            said = self.sync()
            entries = run("-C", "dprk", "log", "--json", "--stamps", env=PASSPHRASE).json()["entries"]
            if said["final"] == len(entries) and all(e["time"] for e in entries if e["kind"] != "stamp"):
                return entries
            time.sleep(0.5)
        check(False, "not final:", said, *["\n".join(d.lines[-8:]) for d in self.daemons.values()])
        return None

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, *_):
        """What failed says so itself; then nothing is left running, however it ends."""
        for daemon in [] if kind is None else self.daemons.values():
            if isinstance(daemon, Daemon):
                daemon.job.kill()
                daemon.job.wait()
        self.stop(kind is None)

    def stop(self, soundly):
        for name in sorted(self.daemons, key=lambda n: n == "host"):
            if soundly or not isinstance(self.daemons[name], Daemon):
                self.daemons[name].stop()
        if self.liar:
            liar, self.liar = self.liar, None
            liar.stop()


def seconds_of(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


@case
def three_of_four(folder):
    with Quorum(folder) as q:
        entries = q.wait_final()
        check(abs(seconds_of(entries[0]["time"]) - time.time()) < 60, entries)
        # One leaves: nothing happens. Which one does not matter.
        for name in ("usa", "dprk"):
            q.leave(name)
            q.act(text=f"Without {name}.")
            q.wait_final()
            q.cosign(name)


@case
def two_leave(folder):
    with Quorum(folder) as q:
        final = len(q.wait_final())
        q.leave("usa")
        q.leave("iaea")
        q.act(text="Nobody makes it final.")
        time.sleep(4)
        said = q.sync()
        check(said["final"] < said["entries"] and said["final"] <= final + 1, said)
        status = run("-C", "dprk", "status", "--json", env=PASSPHRASE).json()
        check(set(status["lacks"].split(", ")) == {"usa-cosigner", "iaea"}, status)
        q.cosign("iaea")
        q.wait_final()


@case
def one_is_ahead(folder):
    with Quorum(folder, liar="uni", shift=3 * DAY) as q:
        entries = q.wait_final()
        check(all(abs(seconds_of(e["time"]) - time.time()) < 120 for e in entries if e["time"]), entries)


@case
def one_is_behind(folder):
    with Quorum(folder, liar="uni", shift=-3 * HOUR) as q:
        entries = q.wait_final()
        check(all(abs(seconds_of(e["time"]) - time.time()) < 120 for e in entries if e["time"]), entries)


@case
def the_host_does_not_take_an_act(folder):
    with Quorum(folder, reached=("dprk", "iaea", "uni")) as q:
        q.wait_final()
        q.daemons.pop("host").stop()
        q.daemons.pop("uni").stop()
        act = q.act(text="The host is away.").json()
        waiting = run("-C", "usa", "outbox", "--json", env=PASSPHRASE).json()["waiting"]
        check(len(waiting) == 1, waiting, act)
        given = run("-C", "usa", "receipts", "--json", env=PASSPHRASE).json()["acts"]
        check(given[0]["receipts"] == 2 and not given[0]["quorum"], given)
        said = run("-C", "usa", "outbox", env=PASSPHRASE)
        check("2 cosigners have given a receipt" in said.out, said)
        q.cosign("uni")
        for _ in range(60):
            given = run("-C", "usa", "receipts", "--json", env=PASSPHRASE).json()["acts"]
            if given[0]["quorum"]:
                break
            time.sleep(0.5)
        check(given[0]["receipts"] == 3 and given[0]["quorum"], given)
        # The cosigners bring it, and a receipts act follows.
        q.serve()
        for _ in range(60):
            entries = q.sync()["entries"]
            kinds = [e["kind"] for e in run("-C", "dprk", "log", "--json", env=PASSPHRASE).json()["entries"]]
            if "withdraw" in kinds:
                break
            time.sleep(0.5)
        check("withdraw" in kinds, kinds, entries)
        run("-C", "usa", "receipts", "--yes", "--json", env=PASSPHRASE)
        kinds = [e["kind"] for e in run("-C", "usa", "log", "--json", env=PASSPHRASE).json()["entries"]]
        check("receipts" in kinds, kinds)


@case
def a_cosigner_gets_new_keys(folder):
    """The new key counts once a stamp covers its entry, and the old one counts no more."""
    with Quorum(folder) as q:
        q.wait_final()
        run("-C", "usa", "rekey", "--cosigner", "usa-watch-2", "--yes", env=PASSPHRASE)
        q.wait_final()  # the old one may still be needed for that
        q.leave("usa")
        q.leave("dprk")
        q.act(text="Two of four have no quorum.")
        os.rename("usa-watch", "usa-old")
        os.rename("usa-watch-2", "usa-watch")
        q.cosign("usa")
        q.wait_final()  # with the new key
        q.leave("usa")
        q.act(text="And none without it.")
        os.rename("usa-watch", "usa-new")
        os.rename("usa-old", "usa-watch")
        q.cosign("usa")  # whoever has the old keys
        time.sleep(4)
        said = q.sync()
        check(said["final"] < said["entries"], "the old key still counts", said)
        q.cosign("dprk")
        q.wait_final()
        run("-C", "rok", "ledger", "check", "ledger", env=PASSPHRASE)


@case
def the_host_is_succeeded(folder):
    """It is lost. Another one goes on behind all that was final; whoever holds the succession signs the old one no more."""
    with Quorum(folder) as q:
        q.wait_final()
        q.act(text="Known to all.")
        before = len(q.wait_final())
        for party in ("dprk", "usa"):
            q.sync(party)
        q.daemons.pop("host").stop()
        lost, q.ports["host"] = q.url(), free_port()
        run("-C", "usa", "ledger", "succeed", "ledger-2", "--origin", "usa.example/" + host.NAME, "--out",
            "succession.lockstep", "--yes", env=PASSPHRASE)
        run("-C", "dprk", "sign", "succession.lockstep", "--yes", env=PASSPHRASE)
        run("-C", "usa", "ledger", "succeed", "ledger-2", "--start", "succession.lockstep", env=PASSPHRASE)
        os.rename("ledger", "ledger-lost")
        os.rename("ledger-2", "ledger")
        run("-C", "usa", "ledger", "set", os.path.abspath("ledger"), env=PASSPHRASE)
        q.serve()
        run("-C", "dprk", "ledger", "set", q.url(), env=PASSPHRASE)
        for name in ("dprk", "iaea", "uni"):
            q.leave(name)
            q.cosign(name)
        q.act("dprk", text="It goes on.")
        entries = q.wait_final()
        check([e["kind"] for e in entries].count("succeed") == 1 and entries[before - 1]["id"], entries)
        check(entries[-2]["kind"] in ("withdraw", "stamp"), entries)
        # usa's own cosigner counts no more: without uni there is no quorum.
        q.leave("uni")
        q.act("dprk", text="Two of three are not enough.")
        time.sleep(3)
        said = q.sync()
        check(said["final"] < said["entries"], said)
        run("ledger", "check", "ledger", env=PASSPHRASE)
        # The old host comes back: nobody who knows of its successor cosigns what it says.
        check(lost != q.url(), lost)
        job = Daemon("serve", "ledger-lost", "--listen", lost.split("/")[2])
        time.sleep(2)
        refused = attempt("-C", "dprk", "ledger", "set", lost, env=PASSPHRASE)
        said = attempt("-C", "dprk", "sync", env=PASSPHRASE)
        job.stop()
        check(refused.code != 0 or said.code != 0 or "behind" in said.out + said.err, refused, said)


if __name__ == "__main__":
    main()
