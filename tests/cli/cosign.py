#!/usr/bin/env python3
"""Cosigners: the real daemon against a host written in Python, which shows what it likes, and which time it likes."""
import http.server
import json
import os
import re
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.request

from lockstep import attempt, case, check, main, note_text, quick_vaults, run, start, write
from prometheus import Exposition
from world import DAY, HOUR, MINUTE, World, b64, consistency, sha256, tiles

PASSPHRASE = {"LOCKSTEP_PASSPHRASE": "one for the cosigner", **quick_vaults()}


class Host:
    """Shows the entries of a world over HTTP, and takes cosignatures and acts, or does not."""

    def __init__(self, world):
        self.world, self.cosigned, self.offered, self.takes = world, [], [], False
        self.hidden, self.checkpoint, self.slow = set(), None, False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    while body and outer.slow:
                        self.wfile.write(body[:1])
                        body = body[1:]
                        time.sleep(0.3)
                    self.wfile.write(body)
                except OSError:
                    pass

            def do_GET(self):
                body = outer.get(self.path.lstrip("/"))
                self.answer(404 if body is None else 200, body or b"absent\nnot here\n\n")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(*outer.post(self.path, body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def get(self, path):
        w = self.world
        if path.startswith("checkpoint"):
            return self.checkpoint or w.checkpoint()
        if path.startswith("attachment/"):
            digest = path.split("/")[1]
            return None if digest in self.hidden else w.files.get(digest)
        return dict(tiles(w.entries)).get(path)

    def post(self, path, body):
        if path == "/cosignature":
            self.cosigned.append(body)
            return 200, b""
        self.offered.append(body)
        if not self.takes:
            return 503, b"busy\nlater\n\n"
        index = len(self.world.entries)
        self.world.add(body)
        return 201, f"{index}\n\n".encode() + self.world.checkpoint()

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Cosigner:
    """`lockstep cosign` at work."""

    def __init__(self, folder, *options):
        self.folder, self.options = folder, options
        if not os.path.exists(folder):
            run("init", folder, "--outsider", "watch", "--domain", "watch.example", env=PASSPHRASE)
        self.log = folder + ".log"

    def __enter__(self):
        self.process = start("cosign", self.folder, "--listen", "127.0.0.1:0", "--interval", "1", *self.options,
                             env=PASSPHRASE)
        self.lines = []
        threading.Thread(target=self.collect, daemon=True).start()
        try:
            port = self.wait(r"listens on port (\d+)")
        except AssertionError:
            self.process.kill()
            raise
        self.url = f"http://127.0.0.1:{port}"
        return self

    def collect(self):
        for line in self.process.stderr:
            self.lines.append(line.decode() if isinstance(line, bytes) else line)

    def wait(self, pattern, seconds=20, after=0):
        """The first group of the first line that matches, from the after-th on."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in list(self.lines)[after:]:
                found = re.search(pattern, line)
                if found:
                    return found.group(1) if found.groups() else line
            time.sleep(0.05)
        check(False, f"not said in {seconds} s: {pattern}\n", "".join(self.lines))
        return None

    def post(self, path, body, kind="text/plain", wait=20):
        request = urllib.request.Request(self.url + path, data=body, method="POST", headers={"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=wait) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    def add(self, w, old, entries=None, checkpoint=None):
        entries = w.entries if entries is None else entries
        proof = [b64(h) + "\n" for h in consistency_proof(old, entries)] if 0 < old < len(entries) else []
        body = f"old {old}\n" + "".join(proof) + "\n"
        return self.post("/add-checkpoint", body.encode() + (checkpoint or w.checkpoint(entries)))

    def status(self):
        origins = run("cosign", "status", self.folder, "--json").json()["origins"]
        return {o["origin"]: o for o in origins}

    def metrics(self):
        with urllib.request.urlopen(self.url + "/metrics") as answer:
            check(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), answer.headers)
            return Exposition(answer.read())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        check(self.process.returncode == 0, "the cosigner ended with", self.process.returncode, "".join(self.lines))


def consistency_proof(old, entries):
    """As in the RFC: without the first node where the old tree is a whole subtree."""
    nodes = consistency(old, entries)
    return nodes[1:] if old & (old - 1) == 0 else nodes


def now():
    return int(time.time())


def follow(w, host):
    return "--follow", host.url, "--charter", w.process


def cosignature(w, note):
    """The time of a cosignature over a checkpoint of the world's entries, which is checked by the program elsewhere."""
    check(note.startswith(f"{w.origin}\n".encode()), note)
    line = [l for l in note.decode().split("\n") if "watch.example/watch " in l]
    check(len(line) == 1, note)
    return line[0]


@case
def pulls_and_is_pushed(folder):
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(4)
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=delivered")
        cosignature(w, host.cosigned[-1])
        check(int(host.cosigned[-1].split(b"\n")[1]) == len(w.entries), host.cosigned)
        old = len(w.entries)
        w.grow(2)
        status, body, _ = c.add(w, old)
        # Its own look may have been faster.
        if status == 409:
            check(body == f"{len(w.entries)}\n".encode(), body)
            status, body, _ = c.add(w, len(w.entries))
        check(status == 200 and body.startswith("— watch.example/watch ".encode()), status, body)
        check(c.status()[w.origin]["size"] == len(w.entries), c.status())
        with urllib.request.urlopen(f"{c.url}/{sha256(w.origin.encode()).hex()}/checkpoint") as answer:
            check(answer.read().startswith(note_text(w.checkpoint())), "another checkpoint")
        check(c.metrics().one("lockstep_cosigner_entries", origin=w.origin) == len(w.entries), c.metrics().samples)
    # What was followed once is remembered, and what was cosigned, too.
    with Host(w) as host:
        write(source_of(folder), host.url + "\n")
        with Cosigner(folder) as c:
            c.wait("event=host .*reached")
            answer = c.add(w, 0)[:2]
            for _ in range(100):
                if answer[0] != 503:  # a process that is followed was not read yet
                    break
                time.sleep(0.1)
                answer = c.add(w, 0)[:2]
            check(answer == (409, f"{len(w.entries)}\n".encode()), "forgotten:", answer)


@case
def what_it_counts_is_told_for_each_host(folder):
    """One origin at two URLs, as after `ledger set`, the second of which says nothing; and a URL with quotes in it."""
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(2)
    with Host(w) as host, Host(w) as copy, Host(w) as gone:
        gone.checkpoint = b"nothing\n"
        odd = host.url + '/"\\'
        urls = [host.url, copy.url, gone.url, odd]
        follows = [o for url in urls for o in ("--follow", url, "--charter", w.process)]
        with Cosigner(folder, *follows) as c:
            for url in urls[:2]:
                c.wait(f'event=host origin="{url}" text="reached"')
            c.wait(f'event=host origin="{gone.url}"')
            c.wait("event=cosigned")
            for _ in range(100):
                shown = c.metrics()
                if shown.get("lockstep_cosigner_entries", origin=w.origin) == [len(w.entries)] * 2:
                    break
                time.sleep(0.1)
            for url in urls[:2]:
                check(shown.one("lockstep_cosigner_entries", origin=w.origin, url=url) == len(w.entries), shown.samples)
                check(shown.one("lockstep_cosigner_looks_total", url=url, process=w.process) >= 1, shown.samples)
                check(shown.one("lockstep_cosigner_look_failures_total", url=url) == 0, shown.samples)
            check(shown.one("lockstep_cosigner_look_failures_total", url=gone.url) >= 1, shown.samples)
            check(shown.one("lockstep_cosigner_entries", url=odd) == 0, shown.samples)
            check(shown.one("lockstep_cosigner_cosigned_total") >= 1, shown.samples)


def source_of(folder):
    processes = os.path.join(folder, "processes")
    return os.path.join(processes, os.listdir(processes)[0], "source")


@case
def stamps_from_the_future(folder):
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(2)
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=delivered")
        before, cosigned = len(w.entries), len(w.entries)
        w.now = now() + 11 * MINUTE
        w.add(w.stamp())
        c.wait("event=refused .*time: ")
        status, body, head = c.add(w, before)
        check(status == 503 and body.startswith(b"time\n") and "Retry-After" in head, status, body)
        standing = c.status()[w.origin]
        check(standing["size"] == cosigned and standing["refusal"]["rule"] == "time", standing)
        with urllib.request.urlopen(c.url + "/healthz") as answer:
            check(json.load(answer)["status"] == "refusing", "")
    # Nine minutes are a clock that is a little wrong.
    x = World(start=now() - DAY).grow(2)
    with Host(x) as host, Cosigner(folder + "-2", *follow(x, host)) as c:
        c.wait("event=delivered")
        before = len(x.entries)
        x.now = now() + 9 * MINUTE
        x.add(x.stamp())
        status, body, _ = c.add(x, before)
        check(status in (200, 409), status, body)


@case
def other_histories(folder):
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(4)
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=delivered")
        size = len(w.entries)
        fork = w.entries[:-1] + [w.stamp(w.entries[:-1], at=w.now - MINUTE)]
        check(c.add(w, size, checkpoint=w.checkpoint(fork))[0] == 422, "the same size with another root")
        # A longer one, with the proof that it has: it does not lead there.
        fork = fork + [w.act("north", fork, text="On another history.")]
        check(c.add(w, size, fork)[0] == 422, "a history that does not lead there")
        # Shown to the cosigner by the host itself, it is kept.
        host.checkpoint = w.checkpoint(fork)
        w.entries, honest = fork, w.entries
        c.wait("event=host .*(no longer shows|another history)")
        check(c.status()[w.origin]["refusal"]["rule"] == "replay", c.status())
        evidence = os.path.join(os.path.dirname(source_of(folder)), "evidence")
        check(os.listdir(evidence), "no evidence was kept")
        # The honest history goes on.
        w.entries, host.checkpoint = honest, None
        w.grow(2)
        c.wait("event=cosigned", after=len(c.lines))
        check(c.status()[w.origin]["size"] == len(w.entries), c.status())


@case
def act_held_back(folder):
    """An hour is long: the receipt is made older in the cosigner's memory while it does not work."""
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(4)
    act = w.act("south", text="Held back.")
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=delivered")
        status, receipt, _ = c.post("/receipt", act)
        check(status == 200 and receipt.startswith(f"lockstep receipt v1\n{w.process}\n".encode()), status, receipt)
        check(receipt.split(b"\n")[2].decode() == sha256(note_text(act)).hex(), receipt)
        check(c.post("/receipt", act)[1] == receipt, "another receipt for the same act")
        # What is no act, another process's, out of turn, or unsigned gets none.
        check(c.post("/receipt", b"nothing\n")[0] == 404, "")
        check(c.post("/receipt", act.replace(w.process.encode(), b"0" * 64))[0] == 404, "")
        check(c.post("/receipt", w.act("south", text="Out of turn.", seq=2))[0] in (409, 422), "")
        check(c.post("/receipt", w.act("north", text="Forged.", key=w.signers["south"]))[0] in (400, 403), "")
        # It is handed to the host, which does not take it; for an hour nothing else follows.
        w.add(w.act("north", text="Meanwhile."))
        c.wait("event=cosigned", after=len(c.lines))
        check(act in host.offered, "it was not handed on")
    age_receipts(folder, 2 * HOUR)
    with Host(w) as host:
        write(source_of(folder), host.url + "\n")
        with Cosigner(folder) as c:
            size = len(w.entries)
            c.wait("event=host .*reached")
            w.later(MINUTE).add(w.act("north", text="And now."))
            c.wait("event=refused .*receipts: act " + sha256(note_text(act)).hex())
            check(c.add(w, size)[0] == 503, "cosigned although an act is held back")
            check("receipts" == c.status()[w.origin]["refusal"]["rule"], c.status())
            # The host gives in: the act is on the record, and all is well.
            host.takes = True
            c.wait("event=cosigned", after=len(c.lines))
            check(act in w.entries, "it was not taken")
            check(c.status()[w.origin]["refusal"] is None, c.status())


@case
def a_host_that_trickles_keeps_nobody_from_receipts(folder):
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(4)
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=delivered")
        act = w.act("south", text="The host does not answer.")
        host.slow = True
        w.grow(2)
        time.sleep(3)  # it looks at its host by now
        began = time.monotonic()
        status, receipt, _ = c.post("/receipt", act, wait=60)
        check(status == 200, status, receipt)
        check(time.monotonic() - began < 40, "it took", time.monotonic() - began)
        host.slow = False


def age_receipts(folder, seconds):
    db = sqlite3.connect(os.path.join(folder, "cosigner.sqlite"))
    with db:
        check(db.execute("UPDATE pending SET time=time-?", (seconds,)).rowcount == 1, "no receipt is remembered")
    db.close()


@case
def stopped(folder):
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(2)
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=delivered")
        size = len(w.entries)
        said = run("cosign", "stop", folder, w.origin, "--yes")
        check(str(size) in said.out, said)
        w.grow(2)
        check(c.add(w, size)[0] == 403, "cosigned after it was stopped")
        time.sleep(2.5)
        check(c.status()[w.origin]["size"] == size and c.status()[w.origin]["stopped"], c.status())


@case
def a_host_is_forgotten(folder):
    """As after `ledger set`: the old URL answers no more, and is looked at no more."""
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(2)
    with Host(w) as host, Host(w) as moved:
        with Cosigner(folder, *follow(w, host)) as c:
            c.wait("event=delivered")
            busy = run("cosign", "forget", folder, host.url, code=3)
            check("at work" not in busy.err and "end it first" in busy.err, busy)
        evidence = write(os.path.join(os.path.dirname(source_of(folder)), "kept"), "as it was")
        with Cosigner(folder, *follow(w, moved)) as c:
            c.wait(f'event=host origin="{moved.url}" text="reached"')
        other = run("cosign", "forget", folder, host.url, "--charter", "0" * 64, code=2)
        check("not followed" in other.err and moved.url in other.err, other)
        check("not followed" in run("cosign", "forget", folder, host.url + "x", code=2).err, "")
        check("no keys" in run("cosign", "forget", os.path.dirname(folder), host.url, code=3).err, "")
        check(not os.path.exists(os.path.join(os.path.dirname(folder), "lock")), "a lock in a folder of others")
        forgotten = run("cosign", "forget", folder, host.url, "--json").json()
        check([f["process"] for f in forgotten["forgotten"]] == [w.process], forgotten)
        check("not followed" in run("cosign", "forget", folder, host.url, code=2).err, "twice")
        with Cosigner(folder) as c:
            c.wait(f'event=host origin="{moved.url}" text="reached"')
            shown = c.metrics()
            check(len(shown.get("lockstep_cosigner_entries")) == 1, shown.samples)
            check(not any(host.url in line for line in c.lines), c.lines)
            check(c.status()[w.origin]["size"] == len(w.entries), c.status())
        # Nothing was lost: it goes on there.
        check(os.path.exists(evidence) and "Its copy stays" in run("cosign", "forget", folder, moved.url).out, "")
        w.grow(2)
        with Cosigner(folder, *follow(w, host)) as c:
            c.wait(f'event=cosigned size={len(w.entries)} origin="{host.url}"')


@case
def killed_at_any_moment(folder):
    """Cosignatures that were delivered are remembered, whenever it is killed."""
    folder = os.path.join(folder, "watch")
    w = World(start=now() - DAY).grow(2)
    with Host(w) as host:
        for round_ in range(8):
            c = Cosigner(folder, *follow(w, host))
            c.__enter__()
            w.add(w.act("north", text=f"Round {round_}."))
            time.sleep(0.3 + 0.15 * round_)
            c.process.kill()
            c.process.wait()
            known = c.status().get(w.origin, {"size": 0})["size"]
            given = max([int(note.split(b"\n")[1]) for note in host.cosigned], default=0)
            check(known >= given, "forgotten:", known, given)
        sizes = {}
        for note in host.cosigned:
            size, root = note.split(b"\n")[1:3]
            check(sizes.setdefault(size, root) == root, "two roots of", size)
        with Cosigner(folder, *follow(w, host)) as c:
            c.wait("event=host .*reached")


@case
def used_wrongly(folder):
    folder = os.path.join(folder, "watch")
    run("init", folder, "--outsider", "watch", "--exercise", "--no-passphrase")
    check(attempt("cosign", folder, "--follow", "http://127.0.0.1:1").code == 2, "a process without fingerprint")
    check(attempt("cosign", folder, "--follow", "x", "--charter", "00" * 32).code == 2, "no URL")
    check(attempt("cosign", folder, "--log", "nonsense").code == 2, "no key")
    check(attempt("cosign", "nowhere").code == 3, "no folder")
    os.remove(os.path.join(folder, "cosigner.sqlite"))
    lost = attempt("cosign", folder)
    check(lost.code == 3 and "new key" in lost.err, lost)


@case
def keys_without_passphrase(folder):
    folder = os.path.join(folder, "watch")
    run("init", folder, "--outsider", "watch", "--domain", "watch.example", "--exercise", "--no-passphrase")
    w = World(start=now() - DAY).grow(2)
    with Host(w) as host, Cosigner(folder, *follow(w, host)) as c:
        c.wait("event=refused .*keys: ")
    x = World(exercise=True, start=now() - DAY).grow(2)
    with Host(x) as host, Cosigner(folder, *follow(x, host)) as c:
        c.wait("event=delivered")
        # In an exercise the clock is what it was set to.
        x.now = now() + 1000 * DAY
        x.add(x.stamp())
        c.wait("event=cosigned", after=len(c.lines))


if __name__ == "__main__":
    main()
