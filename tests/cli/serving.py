"""What tests of running servers share: a server, parties who act without the program, and a judge of what they were
told."""
import base64
import contextlib
import ctypes
import ctypes.util
import hashlib
import http.client
import http.server
import os
import re
import signal
import socket
import threading
import time

from ed25519 import ed25519_public, ed25519_sign
from lockstep import Process, check, headers, note_text, quick_vaults, read, run, start, write
from world import Key, b64, consistency, vault_seed


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    """A part of the program that works until it is told to end. What it says is collected."""

    def __init__(self, *command, env=None, wrapper=()):
        self.job, self.lines = start(*command, env=env, wrapper=wrapper), []
        self.job.stdout.close()
        threading.Thread(target=self.collect, daemon=True).start()

    def collect(self):
        for line in self.job.stderr:
            self.lines.append(line.decode(errors="replace"))

    def wait(self, pattern, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in list(self.lines):
                found = re.search(pattern, line)
                if found:
                    return found
            if self.job.poll() is not None:
                break
            time.sleep(0.01)
        check(False, f"not said: {pattern}, ended with {self.job.poll()}\n", "".join(self.lines[-40:]))
        return None

    def kill(self):
        self.job.kill()
        self.job.wait()

    def stop(self, code=0):
        if self.job.poll() is None:
            self.job.send_signal(signal.SIGTERM)
        check(self.job.wait(60) == code, "it ended with", self.job.returncode, "".join(self.lines[-40:]))

    def memory(self, what="VmRSS", pid=None):
        """Bytes, as /proc has them."""
        status = read(f"/proc/{pid or self.job.pid}/status").decode()
        return int(re.search(rf"^{what}:\s+(\d+) kB", status, re.M).group(1)) << 10


class Server(Daemon):
    """`lockstep serve` on one ledger."""

    def __init__(self, ledger, port=0, name="small", **options):
        super().__init__("serve", ledger, "--listen", f"127.0.0.1:{port}", **options)
        self.name = name
        self.port = int(self.wait(r"listens on port (\d+)").group(1))

    def connect(self, source=None, timeout=30):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout,
                                          source_address=(source, 0) if source else None)

    def ask(self, method, path, body=None, source=None, timeout=30, **head):
        """Status, body and headers of an answer on a connection of its own."""
        c = self.connect(source, timeout)
        try:
            c.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in head.items()})
            answer = c.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            c.close()

    def ready(self):
        for _ in range(400):
            if self.ask("GET", f"/{self.name}/checkpoint/latest")[0] != 503:
                return self
            time.sleep(0.01)
        raise AssertionError("it never reads its record: " + "".join(self.lines[-20:]))


class Proxy:
    """Stands before a server on a port of its own, and passes everything on. Where nobody is, it says no word either."""

    def __init__(self, to=None):
        self.to = to
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kept = {n: v for n, v in self.headers.items() if n in ("Content-Type", "Authorization")}
                try:
                    status, head, answer = outer.ask(self.command, self.path, body, kept)
                except (OSError, http.client.HTTPException):
                    self.close_connection = True
                    return
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    for name, value in head.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = pass_on

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # whoever asked is there no longer

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ask(self, method, path, body, head):
        c = http.client.HTTPConnection("127.0.0.1", self.to, timeout=30)
        try:
            c.request(method, path, body=body, headers=head)
            answer = c.getresponse()
            said = answer.read()
            self.passed(path, body, answer.status, said)
            return answer.status, {n: v for n, v in answer.getheaders() if n in ("Content-Type", "WWW-Authenticate")}, said
        finally:
            c.close()

    def passed(self, path, body, status, said):
        """Told of every request that was answered."""

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


# A cosigner as the witness of a log that Python keeps (world.World).

def ask_witness(port, w, old, entries):
    """Asks it to cosign a checkpoint; status and body of its answer."""
    # As in the RFC: without the first node where the old tree is a whole subtree.
    nodes = consistency(old, entries)[1 if old & (old - 1) == 0 else 0:] if 0 < old < len(entries) else []
    body = f"old {old}\n" + "".join(b64(n) + "\n" for n in nodes) + "\n"
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        c.request("POST", "/add-checkpoint", body=body.encode() + w.checkpoint(entries))
        answer = c.getresponse()
        return answer.status, answer.read()
    finally:
        c.close()


def check_remembers(folder, w, cosigned):
    """Started again, it knows the sizes that it has cosigned, and cosigns no other history, however it is asked."""
    job = Daemon("cosign", folder, "--listen", "127.0.0.1:0", "--log", w.ledger.vkey)
    port, last = int(job.wait(r"listens on port (\d+)").group(1)), max(cosigned, default=0)
    try:
        if last:
            status, said = ask_witness(port, w, 0, w.entries[:1])
            check(status == 409 and int(said) >= last, "forgotten: it has cosigned", last, "and says", status, said)
            status, said = ask_witness(port, w, int(said), w.entries[:int(said) - 1] + [b"Another.\n"])
            check(status in (409, 422), "two histories:", status, said)
        known = ask_witness(port, w, 0, w.entries)
        status, said = ask_witness(port, w, int(known[1]), w.entries) if known[0] == 409 else known
        check(status == 200, "it does not go on:", status, said)
    finally:
        job.stop()


# Parties who act by themselves.

def signing():
    """libsodium's signatures where it is found, as ours in Python take a hundred times as long."""
    name = ctypes.util.find_library("sodium")
    if name is None:
        return ed25519_sign
    sodium = ctypes.CDLL(name)

    whole = {}  # seed: with its public key, as libsodium wants it

    def sign(seed, message):
        out = ctypes.create_string_buffer(64)
        key = whole.setdefault(seed, None) or whole.update({seed: seed + ed25519_public(seed)}) or whole[seed]
        sodium.crypto_sign_detached(out, None, message, ctypes.c_ulonglong(len(message)), key)
        return out.raw
    return sign


sign_detached = signing()


class Signer:
    """A party whose key is known here; makes its acts one after the other, each on the one before."""

    def __init__(self, process, origin_size, root, party, seed):
        self.process, self.party, self.seq, self.prev = process, party, 0, "0" * 64
        self.head = f"{origin_size} {b64(root)}"
        self.key = Key(f"{party}.example/{party}-1", seed=seed)

    def act(self, text, **changes):
        """changes: headers with other values than they should have."""
        fields = {"act": "withdraw", "process": self.process, "by": self.party, "signers": f"{self.party}-1",
                  "seq": str(self.seq + 1), "prev": self.prev, "head": self.head, "at": "2018-10-08T06:00:00Z",
                  "expires": "2018-10-20T00:00:00Z", "ref": hashlib.sha256(text.encode()).hexdigest(), **changes}
        body = "lockstep exercise act v1\n" + "".join(f"{k}: {v}\n" for k, v in fields.items()) + f"\n{text}\n"
        return self.sign(body.encode())

    def sign(self, body):
        line = base64.b64encode(self.key.id + sign_detached(self.key.seed, body)).decode()
        return body + f"\n— {self.key.name} {line}\n".encode()

    def next(self, text):
        note = self.act(text)
        self.seq, self.prev = self.seq + 1, hashlib.sha256(note_text(note)).hexdigest()
        return note


class Crowd(Process):
    """A process with many parties, up to its charter; everybody may read. Extras are single signers, who act through
    `Signer`; `watch` is an outsider's cosigner whom the host asks, if a port is given."""

    EXTRAS = ("a", "b", "c", "d", "e", "f")
    WATCH = {"LOCKSTEP_PASSPHRASE": "one for the cosigner", **quick_vaults()}
    WATCH_INIT = ()

    def __init__(self, folder, watch=None, public=True, scheme="http"):
        super().__init__(folder)
        parties = ("dprk", "usa", "rok", *self.EXTRAS)
        for party in self.EXTRAS:
            self.INIT = {**self.INIT, party: ["--title", party.upper() * 3]}
        for party in parties:
            self.init(party)
        cards = [o for p in parties for o in ("--mediator" if p == "rok" else "--party", self.path(p, "party.yaml"))]
        if watch is not None:
            run("init", self.path("watch"), "--outsider", "watch", "--domain", "watch.example", *self.WATCH_INIT,
                env=self.WATCH)
            cards += ["--outsider", self.path("watch", "cosigner.yaml")]
        self.run("rok", "charter", "new", self.path("charter.yaml"), "--name", "small", "--zone", "Asia/Seoul",
                 "--ledger", self.ledger, *cards)
        text = read(self.path("charter.yaml")).decode()
        if watch is not None:
            text = re.sub(r"(?m)^(  witness watch\S* \S+)$", rf"\1 {scheme}://127.0.0.1:{watch}", text)
        write(self.path("charter.yaml"), text + ("\naccess: public\n" if public else ""))
        self.clock("2018-10-08T06:00:00Z")
        self.run("rok", "charter", "sign", self.path("charter.yaml"), "--yes")
        for party in parties:
            if party != "rok":
                self.run(party, "sign", self.path("charter.lockstep"), "--yes")

    def signers(self, entries, names=None):
        process = hashlib.sha256(note_text(entries[0])).hexdigest()
        root = hashlib.sha256(b"\0" + entries[0]).digest()
        return [Signer(process, 1, root, p, vault_seed(self.path(p, "vaults", f"{p}-1.vault")))
                for p in names or self.EXTRAS]


class Sender(threading.Thread):
    """Posts a party's acts one after the other until it is told to end, each again until it is answered. Keeps what was
    acknowledged: (index, act, checkpoint)."""

    def __init__(self, signer, port, name="small", source=None, pause=0):
        super().__init__(daemon=True)
        self.signer, self.port, self.path, self.source, self.pause = signer, port, f"/{name}/act", source, pause
        self.acknowledged, self.refused, self.wrong, self.ends = [], 0, None, False
        self.slowest = 0

    def run(self):
        connection, number = None, 0
        while not self.ends and self.wrong is None:
            number += 1
            note, begun = self.signer.next(f"{self.signer.party} {number}"), time.monotonic()
            while not self.ends and self.wrong is None:
                connection = connection or http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=60, source_address=(self.source, 0) if self.source else None)
                try:
                    connection.request("POST", self.path, body=note, headers={"Content-Type": "text/plain"})
                    answer = connection.getresponse()
                    body = answer.read()
                except (OSError, http.client.HTTPException):
                    connection.close()
                    connection = None
                    time.sleep(0.01)
                    continue
                if self.take(note, answer.status, body):
                    break
            self.slowest = max(self.slowest, time.monotonic() - begun)
            time.sleep(self.pause)
        if connection:
            connection.close()

    def take(self, note, status, body):
        """True once the act is settled."""
        if status in (500, 503):
            self.refused += 1
            time.sleep(0.01)
            return False
        if status not in (200, 201):
            self.wrong = (status, body, note)
            return True
        index, _, checkpoint = body.partition(b"\n\n")
        self.acknowledged.append((int(index), note, checkpoint))
        return True

    def end(self):
        self.ends = True
        self.join(90)
        check(self.wrong is None, "an act was refused:", self.wrong)


# Judging.

def roots(entries):
    """The root of each first n entries, from 1 on: the peaks of a tree that grows."""
    peaks = []
    for number, entry in enumerate(entries, 1):
        node, n = hashlib.sha256(b"\0" + entry).digest(), number
        while n % 2 == 0:
            node, n = hashlib.sha256(b"\1" + peaks.pop() + node).digest(), n // 2
        peaks.append(node)
        root = peaks[-1]
        for peak in reversed(peaks[:-1]):
            root = hashlib.sha256(b"\1" + peak + root).digest()
        yield root


def judge(entries, acknowledged, checkpoints=()):
    """Everything that was acknowledged is at its place, once, and every checkpoint that anybody was shown is one of this
    record."""
    root = [None, *roots(entries)]
    for index, note, checkpoint in acknowledged:
        check(index < len(entries) and entries[index] == note, "acknowledged, and lost: entry", index)
        check(int(checkpoint.split(b"\n")[1]) > index, "acknowledged by a checkpoint that does not cover it")
    for checkpoint in {c for _, _, c in acknowledged} | set(checkpoints):
        lines = checkpoint.split(b"\n")
        size = int(lines[1])
        check(size <= len(entries) and base64.b64decode(lines[2]) == root[size],
              "a checkpoint that contradicts the record:", checkpoint)
    ids = [hashlib.sha256(note_text(e)).digest() for e in entries if headers(e)["act"] != ["stamp"]]
    check(len(ids) == len(set(ids)), "an act stands on the record twice")

