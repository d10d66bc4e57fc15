#!/usr/bin/env python3
"""Hostile clients against the real server and the real cosigner: oversized, slow, malformed, unsigned, replayed, expired,
of the wrong process, with wrong access notes, and ten thousand at once. What they get is the right status, memory stays
within what the limits add up to, and an honest client's acts go in meanwhile."""
import base64
import contextlib
import errno
import hashlib
import http.client
import os
import re
import resource
import selectors
import socket
import struct
import threading
import time

from lockstep import ROOT, Skip, case, check, check_ledger, main, note_text, read, read_store, run, sanitized, tree_hash
from serving import Crowd, Daemon, Sender, Server, free_port, judge, sign_detached
from world import World, bundle, tar_header

HONEST = "127.0.0.77"  # honest clients come from here, hostile ones from 127.1 on
TEXT = "text/plain"
TAR = "application/x-tar"


def limits():
    """Names and values, from the one header that has them."""
    text = read(os.path.join(ROOT, "include", "lockstep", "limits.h")).decode()
    found = {}
    for name, value in re.findall(r"^#define (LS_\w+) (\S.*?)\s*(?:/\*.*)?$", text, re.M):
        found[name] = eval(re.sub(r"UINT64_C\((\d+)\)|(\d+)u\b", lambda m: m[1] or m[2], value))  # a sum of numbers
    return found


LIMIT = limits()
# What docs/limits.md adds up, and what an allocator leaves lying about.
MEMORY = (LIMIT["LS_HTTP_CONNECTIONS_MAX"] * (2 * LIMIT["LS_HTTP_HEADER_MAX"] + 1024) + 2 * LIMIT["LS_HTTP_MEMORY_MAX"]
          + LIMIT["LS_SERVER_ANSWERS_MAX"] + LIMIT["LS_SERVER_CACHE_MAX"] + (8 << 20))


class Attacked:
    """A server with an honest client at work, in a `with`; at the end everything that it was told is judged."""

    def __init__(self, folder, public=True):
        self.crowd = Crowd(os.path.join(folder, "process"), public=public)

    def __enter__(self):
        self.server = Server(self.crowd.ledger).ready()
        self.entries = read_store(self.crowd.ledger)[0]
        honest, self.usa, self.stranger = self.crowd.signers(self.entries, ("a", "b", "c"))
        self.honest = Sender(honest, self.server.port, source=HONEST, pause=0.02)
        self.honest.start()
        self.before = self.server.memory()
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.honest.ends = True
            self.server.kill()
            return
        self.goes_on()
        self.honest.end()
        self.check_memory()
        self.server.stop()
        judge(check_ledger(self.crowd.ledger), self.honest.acknowledged)

    def goes_on(self, seconds=10):
        """The honest client's acts go in."""
        done = len(self.honest.acknowledged)
        until = time.monotonic() + seconds
        while len(self.honest.acknowledged) < done + 3:
            check(time.monotonic() < until and self.honest.wrong is None, "the honest client is not served:",
                  self.honest.wrong, self.honest.refused, *self.server.lines[-5:])
            time.sleep(0.02)

    def check_memory(self):
        if not sanitized():
            used = self.server.memory("RssAnon")
            check(used <= self.before + MEMORY, "memory:", used >> 20, "MiB, before", self.before >> 20)

    def ask(self, method, path, body=None, **head):
        return self.server.ask(method, path, body, source="127.1.0.1", **head)

    def post(self, body, kind=TEXT):
        return self.ask("POST", "/small/act", body, Content_Type=kind)


def exchange(port, data, seconds=1):
    """What comes back for these bytes, until the other side closes or says nothing for a while."""
    with socket.create_connection(("127.0.0.1", port), source_address=("127.1.0.1", 0)) as s:
        s.settimeout(seconds)
        answer = b""
        with contextlib.suppress(OSError):
            s.sendall(data)
        with contextlib.suppress(OSError):
            while piece := s.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer:
                    s.settimeout(0.05)
        return answer


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


# Requests that are none. None: the connection ends without a word, or the rest of a request is waited for.
HOST = b"Host: x\r\n"
MALFORMED = [
    (b"nonsense\r\n\r\n", (400, None)), (b"\0" * 100, (400, None)), (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" * 9, (400, None)),
    (b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n", (200, 400)), (b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n", (400, 505)),
    (b"GET /healthz HTTP/1.1\r\n\r\n", (400,)), (b"GET /healthz HTTP/1.1\r\nHost\r\n\r\n", (400, None)),
    (b"GET /healthz HTTP/1.1\r\n folded: x\r\n" + HOST + b"\r\n", (200, 400)),
    (b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n", (400, 404)), (b"GET http://x/healthz HTTP/1.1\r\n" + HOST + b"\r\n", (400, 404)),
    (b"GET /small/%63heckpoint HTTP/1.1\r\n" + HOST + b"\r\n", (400,)), (b"GET /small/../small/checkpoint HTTP/1.1\r\n" + HOST + b"\r\n", (400,)),
    (b"GET /small/check\x80 HTTP/1.1\r\n" + HOST + b"\r\n", (400,)), (b"GET /small/check\0 HTTP/1.1\r\n" + HOST + b"\r\n", (400, 404, None)),
    (b"GET /" + b"a" * 1100 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (414,)),
    (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (414, 431)),
    (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 8200 + b"\r\n\r\n", (431,)),
    (b"GET /healthz HTTP/1.1\r\n" + HOST + b"".join(b"X%d: y\r\n" % i for i in range(2000)) + b"\r\n", (431,)),
    (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 200000, (431,)),
    (b"BREW /small/act HTTP/1.1\r\n" + HOST + b"\r\n", (405,)), (b"POST /healthz HTTP/1.1\r\n" + HOST + b"\r\n", (405,)),
    (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", (404, 405)), (b"CONNECT a:1 HTTP/1.1\r\n" + HOST + b"\r\n", (400, 404, 405)),
    (b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n123456789", (413,)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", (400,)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 1e9\r\n\r\n", (400,)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n", (400, 413)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 18446744073709551615\r\n\r\n", (400, 401, 413)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 9000000000\r\n\r\n", (401,)),
    (b"POST /small/cosignature HTTP/1.1\r\n" + HOST + b"Content-Length: 9000000000\r\n\r\n", (413,)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", (400, None)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", (400, 413, None)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
    (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n12345", (400,)),
]


@case
def malformed_requests(folder):
    with Attacked(folder) as a:
        for data, wanted in MALFORMED:
            answer = exchange(a.server.port, data)
            check(status_of(answer) in wanted, "wanted", wanted, "for", data[:80], "got", answer[:200])
        # Nothing of a request that was refused is taken for the next one.
        smuggled = (b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        check(b"lockstep_" not in exchange(a.server.port, smuggled), "a request within a request was answered")


LONG = "9" * 300


@case
def paths_that_are_none(folder):
    """Every path of tiles has one form; whatever else is asked is not there, and costs no search for it."""
    with Attacked(folder) as a:
        size = len(a.entries)
        paths = ["tile", "tile/", "tile//000", "tile/0", "tile/0/", "tile/-1/000.p/1", "tile/64/000.p/1", "tile/999/000.p/1",
                 "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/257", "tile/0/000.p/-1", "tile/0/000.p/01",
                 "tile/0/000.p/1/1", "tile/0/0000.p/1", "tile/0/x000/000.p/1", "tile/0/x001/000.p/1", "tile/0/X001/000.p/1",
                 f"tile/{LONG}/000", f"tile/0/{LONG}", f"tile/0/000.p/{LONG}", "tile/0/" + "x999/" * 150 + "999",
                 "tile/0/x018/x446/x744/x073/x709/x551/615", "tile/entries/x018/x446/x744/x073/x709/x551/615",
                 "tile/0/999.p/1", "tile/entries/001.p/1", "tile/data/000.p/1", f"attachment/{'0' * 63}",
                 f"attachment/{'0' * 65}", f"attachment/{'G' * 64}", "attachment/" + "0" * 64, "attachment/../origin",
                 "sealed", "sealed/", "sealed/nobody", "sealed/a/" + "0" * 63, "checkpoint/final", "key.vault", "origin"]
        for path in paths:
            status, body, _ = a.ask("GET", "/small/" + path)
            check(status in (400, 401, 404) and len(body) < 1000, path[:60], status, body[:200])
        check(a.ask("GET", f"/small/tile/entries/000.p/{size}")[0] == 200, "and what is there is there")


def forged(act):
    """The same with a signature that is none: of the right key, by its name."""
    line = act[len(note_text(act)) + 1:].split()[-1]
    return act.replace(line, base64.b64encode(base64.b64decode(line)[:-2] + b"\0\0"))


@case
def acts_that_are_none(folder):
    with Attacked(folder) as a:
        act = a.usa.act("An act.")
        text, line = note_text(act), act[len(note_text(act)) + 1:]
        other = hashlib.sha256(b"another").hexdigest()
        resigned = a.stranger.sign(text)
        wrong = [
            (b"", 400), (b"\n", 400), (act[:-1], 400), (act + b"\n", 400), (act.replace(b"\n", b"\r\n"), 400), (b"\xff" * 65536, 400),
            (act + b"x" * 70000, 400), (bytes(70000), 400), (text, 400), (text + b"\n", 400),                     # unsigned
            (forged(act), 403), (resigned, 400), (text + b"\n" + line * 101, 400),
            (a.usa.act("Ended.", at="2018-10-06T00:00:00Z", expires="2018-10-08T05:00:00Z"), 410), (a.usa.act("Long.", expires="2038-01-01T00:00:00Z"), 422),
            (a.usa.act("Elsewhere.", process=other), (403, 422)), (a.usa.act("Fork.", prev=other), (400, 409)),
            (a.usa.act("Out of turn.", seq="7", prev=other), 409), (a.usa.act("Unseen.", head="9999 " + base64.b64encode(bytes(32)).decode()), 422),
            (a.usa.act("Unseen.", head="1 " + base64.b64encode(bytes(32)).decode()), 422),
            (a.usa.act("For another.", by="c"), (403, 422)), (a.usa.act("Of nobody.", by="zz"), (403, 422)),
            (a.usa.act("No such kind.", act="abolish"), (400, 422)), (a.usa.act("Stamped.", act="stamp"), (400, 403, 422)),
            (a.entries[0], (200, 422)),
        ]
        for body, wanted in wrong:
            status, said, _ = a.post(body)
            check(status in (wanted if isinstance(wanted, tuple) else (wanted,)), "wanted", wanted, "got", status, said, body[:400])
            check(len(said.split(b"\n")) == 4 or status == 200, said)
        # The same act a hundred times, from many connections at once: one place.
        places = set()

        def again():
            for _ in range(10):
                status, said, _ = a.post(act)
                places.add((said.split(b"\n")[0], status == 201))
        threads = [threading.Thread(target=again) for _ in range(10)]
        for thread in [t.start() or t for t in threads]:
            thread.join()
        check(len({place for place, _ in places}) == 1 and len(places) <= 2, "an act has one place:", places)
        a.usa.next("An act.")
        check(a.post(a.usa.next("Another."))[0] == 201, "an honest act between them")


def tar(members):
    return b"".join(tar_header(n, len(c)) + c + bytes(-len(c) % 512) for n, c in members) + bytes(1024)


@case
def bundles_that_are_none(folder):
    with Attacked(folder) as a:
        act = a.usa.act("In a bundle.")
        good = bundle("draft", [("act.note", act)])
        content = b"x" * 5000
        name = "attachments/" + hashlib.sha256(content).hexdigest()
        huge = good[:512] + good[512:].replace(b"%011o" % len(act), b"77777777777")
        many = bundle("draft", [("act.note", act)] + [(f"attachments/{hashlib.sha256(b'%d' % i).hexdigest()}", b"%d" % i)
                                                     for i in range(70)])
        for body, wanted in ((b"", 400), (bytes(1024), 400), (bytes(5 << 20), 400), (good[:-512], 400), (good + bytes(512), 400),
                             (bundle("record", [("act.note", act)]), 400), (bundle("draft", []), 400),
                             (bundle("draft", [(name, content)]), 400), (bundle("draft", [("act.note", b"x")]), 400),
                             (tar([("../../x", b"y")]), 400), (tar([("lockstep-bundle", b"x")]), 400), (huge, 400), (many, 400),
                             (bundle("draft", [("act.note", act), (name, content + b"y")]), (201, 400)),
                             (bundle("draft", [("act.note", act), (name, content), (name, content)]), 400),
                             (tar([(f"m{i}", b"") for i in range(12000)]), 400)):
            status, said, _ = a.post(body, TAR)
            check(status in (wanted if isinstance(wanted, tuple) else (wanted,)), "wanted", wanted, "got", status, said, body[:60])
        answer = exchange(a.server.port, b"POST /small/act HTTP/1.1\r\n" + HOST + b"Content-Length: 20000000\r\n\r\n")
        check(status_of(answer) == 401 and b"\r\n\r\naccess\n" in answer, "more than a stranger may send:", answer)
        left = [n for n in os.listdir(os.path.join(a.crowd.ledger, "attachments")) if n == name.split("/")[1]]
        check(not left, "a stranger's file was kept:", left)


def access_note(process, party, expires, key, first="lockstep access v1"):
    text = f"{first}\n{process}\n{party}\n{expires}\n".encode()
    line = base64.b64encode(key.id + sign_detached(key.seed, text)).decode()
    return f"Lockstep {base64.b64encode(text + f'{chr(10)}— {key.name} {line}{chr(10)}'.encode()).decode()}"


def in_hours(hours):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600 * hours))


@case
def access_notes_that_are_none(folder):
    with Attacked(folder, public=False) as a:
        process, key = a.usa.process, a.usa.key
        good = access_note(process, "b", in_hours(1), key)
        check(a.ask("GET", "/small/checkpoint", Authorization=good)[0] == 200, "a delegation's own note")
        flipped = good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:]
        for header in (None, "", "Lockstep", "Lockstep ", "Lockstep !", "Basic YTpi", "lockstep " + good[9:], good + "A",
                       good + "=", good[:-4], flipped, "Lockstep " + base64.b64encode(bytes(1024)).decode(),
                       "Lockstep " + base64.b64encode(b"x" * 5000).decode(), "Lockstep " + "A" * 7000,
                       access_note(process, "b", in_hours(-1), key), access_note(process, "b", in_hours(48), key),
                       access_note(process, "c", in_hours(1), key), access_note(process, "zz", in_hours(1), key),
                       access_note(hashlib.sha256(b"x").hexdigest(), "b", in_hours(1), key),
                       access_note(process, "b", "tomorrow", key), access_note(process, "b", in_hours(1), a.stranger.key),
                       access_note(process, "b", in_hours(1), key, "lockstep act v1"),
                       "Lockstep " + base64.b64encode(a.usa.act("No note.")).decode()):
            head = {} if header is None else {"Authorization": header}
            for path in ("checkpoint", "checkpoint/latest", "tile/entries/000.p/1", "sealed/b"):
                status, _, headers = a.ask("GET", "/small/" + path, **head)
                check(status == 401 and headers["WWW-Authenticate"] == "Lockstep", header, path, status)
        check(a.ask("GET", "/small/sealed/c", Authorization=good)[0] == 401, "another's boxes")
        check(a.ask("DELETE", "/small/sealed/c/" + "0" * 64, Authorization=good)[0] == 401, "another's box")
        status, said, _ = a.ask("PUT", "/small/sealed/c/" + "0" * 64, b"x" * 100, Authorization=good)
        check(status == 422, "a file that no act names:", status, said)
        answer = exchange(a.server.port, b"POST /small/act HTTP/1.1\r\n" + HOST + b"Authorization: " + good.encode() +
                          b"\r\nContent-Length: 3000000000\r\n\r\n")
        check(status_of(answer) == 413, "more than anybody may send:", answer)


# Many, and slow ones.

class Attackers:
    """Connections from many addresses, each of which does one thing, slowly, and again when it is cut."""

    PER_HOST = 250

    def __init__(self, port, count, requests):
        """requests: what each sends (its first bytes, then one byte after the other); read: how many it reads at once."""
        self.port, self.count, self.requests = port, count, requests
        self.selector, self.open, self.cut, self.answered = selectors.DefaultSelector(), set(), 0, 0
        self.ends, self.thread = False, threading.Thread(target=self.work, daemon=True)
        self.error = None

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends = True
        self.thread.join()
        check(self.error is None, "the attack failed:", self.error)

    def dial(self, number):
        s = socket.socket()
        s.setblocking(False)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host = number // self.PER_HOST
        s.bind((f"127.{1 + host // 250}.{host % 250}.1", 0))
        code = s.connect_ex(("127.0.0.1", self.port))
        if code not in (0, errno.EINPROGRESS):
            s.close()
            return
        first, rest, reads = self.requests[number % len(self.requests)]
        self.open.add(s)
        self.selector.register(s, selectors.EVENT_WRITE, [number, first, rest, reads])

    def work(self):
        try:
            for number in range(self.count):
                self.dial(number)
                if number % 100 == 0:
                    self.turn(0)
            while not self.ends:
                self.turn(0.05)
        except Exception as error:  # told by __exit__
            self.error = repr(error)
        finally:
            for s in list(self.open):
                self.drop(s)

    def drop(self, s):
        with contextlib.suppress(KeyError):
            self.selector.unregister(s)
        self.open.discard(s)
        s.close()

    def turn(self, seconds):
        for key, _ in self.selector.select(seconds):
            s, state = key.fileobj, key.data
            try:
                self.step(s, state)
            except BlockingIOError:
                pass
            except OSError:
                self.cut += 1
                self.drop(s)
                if not self.ends:
                    self.dial(state[0])
        now = time.monotonic()
        if now - getattr(self, "trickled", 0) > 1:
            self.trickled = now
            for s in list(self.open):
                self.trickle(s)

    def step(self, s, state):
        if state[1]:
            state[1] = state[1][s.send(state[1]):]
        if not state[1]:
            # From here on only its end is of interest; what it would read, it reads in trickles.
            self.selector.modify(s, selectors.EVENT_READ if not state[3] else 0 or selectors.EVENT_READ, state)
            if s.recv(1 if state[3] else 65536) == b"":
                raise ConnectionResetError
            self.answered += 1
            if state[3]:
                self.selector.unregister(s)

    def trickle(self, s):
        """One byte more, or one byte less to read."""
        try:
            state = self.selector.get_key(s).data
            if not state[1] and state[2]:
                s.send(state[2])
        except KeyError:
            with contextlib.suppress(OSError):
                s.recv(1)
        except OSError:
            pass


IDLE = (b"", b"", False)
SLOW_HEAD = (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-", b"a", False)
SLOW_BODY = (b"POST /small/act HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 60000\r\n\r\n", b"a", False)
SLOW_CHUNKS = (b"POST /small/act HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n",
               b"1\r\na\r\n", False)


def slow_reader(path):
    """Asks for the same thing again and again, and takes a byte of the answers now and then."""
    return (f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 40, b"", True)


def room_for(connections):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Skip(f"{wanted} open files are wanted, and no more than {hard} are allowed here")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@case
def slow_clients(folder):
    """A few hundred that send and read as slowly as they can; nobody else notices."""
    with Attacked(folder) as a:
        fill(a)
        width = min(255, len(a.entries))
        requests = [IDLE, SLOW_HEAD, SLOW_BODY, SLOW_CHUNKS, slow_reader(f"/small/tile/entries/000.p/{width}"), slow_reader("/metrics")]
        with Attackers(a.server.port, 1200, requests) as attack:
            for _ in range(8):
                time.sleep(0.5)
                a.goes_on(5)
                a.check_memory()
            check(len(attack.open) > 900, "hardly any attack:", len(attack.open))
            check(a.honest.slowest < 3, "the honest client waited:", a.honest.slowest)


def fill(a):
    """Acts, so that there is something to read."""
    for number in range(120):
        check(a.post(a.usa.next(f"{number} " + "x" * 3000))[0] == 201, "not taken")
    a.entries = read_store(a.crowd.ledger)[0]


@case
def large_answers_that_nobody_takes(folder):
    """Each asks for another partial tile, so that none is shared, and takes none: what does not fit is turned away."""
    with Attacked(folder) as a:
        fill(a)
        requests = [slow_reader(f"/small/tile/entries/000.p/{width}") for width in range(60, 240)]
        with Attackers(a.server.port, 1400, requests) as attack:
            for _ in range(6):
                time.sleep(0.5)
                a.goes_on(10)
                a.check_memory()
            check(len(attack.open) > 900, "hardly any attack:", len(attack.open))


@case
def large_bodies(folder):
    """As much as strangers may send, from many at once, and more than memory takes: it goes to disk."""
    with Attacked(folder) as a:
        ends = threading.Event()

        def send(number):
            while not ends.is_set():
                c = a.server.connect(f"127.1.{number}.1", 60)
                with contextlib.suppress(OSError, http.client.HTTPException):
                    c.request("POST", "/small/act", body=bytes(7 << 20), headers={"Content-Type": (TEXT, TAR)[number % 2]})
                    check(c.getresponse().status in (400, 503), "taken")
                c.close()
        threads = [threading.Thread(target=send, args=(n,), daemon=True) for n in range(20)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            time.sleep(0.5)
            a.goes_on()
            a.check_memory()
        ends.set()
        for thread in threads:
            thread.join()
        check(not [n for n in os.listdir(a.crowd.ledger) if "tmp" in n], "left on disk:", os.listdir(a.crowd.ledger))


@case
def ten_thousand_connections(folder):
    """Far more than the server takes, from forty hosts: the honest one, who is there already, goes on; who comes new gets
    in; those who do nothing are cut."""
    room_for(10000)
    with Attacked(folder) as a:
        with Attackers(a.server.port, 10000, [IDLE, SLOW_HEAD, SLOW_BODY, SLOW_CHUNKS, slow_reader("/metrics")]) as attack:
            waited = []
            start = time.monotonic()
            # Nine seconds; longer where the machine is busy and few have had their turn.
            while time.monotonic() - start < 9 or (len(waited) < 4 and time.monotonic() - start < 45):
                begun = time.monotonic()
                with contextlib.suppress(OSError, http.client.HTTPException):
                    check(a.server.ask("GET", "/small/checkpoint", source="127.0.0.78", timeout=8)[0] == 200, "")
                    waited.append(time.monotonic() - begun)
                a.goes_on(15)
                a.check_memory()
                time.sleep(0.1)
            check(len(waited) > 3 and min(waited) < 5, "new clients are not served:", waited)
            count = int(re.search(r"lockstep_connections (\d+)", a.server.ask(
                "GET", "/metrics", source="127.0.0.78")[1].decode()).group(1))
            check(count <= LIMIT["LS_HTTP_CONNECTIONS_MAX"], "more connections than the limit:", count)
            check(attack.cut > 1000 and a.honest.slowest < 20, attack.cut, a.honest.slowest)
        a.goes_on()
        time.sleep(1.5)
        a.honest.slowest = 0
        a.goes_on()
        check(a.honest.slowest < 5, "afterwards all is as before:", a.honest.slowest)


# The cosigner's HTTP.

class Watching:
    """A server, and a cosigner that follows it and is asked by it."""

    def __init__(self, folder):
        self.port = free_port()
        self.crowd = Crowd(os.path.join(folder, "process"), watch=self.port)

    def __enter__(self):
        c = self.crowd
        self.server = Server(c.ledger).ready()
        entries = read_store(c.ledger)[0]
        self.honest, self.other = c.signers(entries, ("a", "b"))
        self.cosigner = Daemon("cosign", c.path("watch"), "--listen", f"127.0.0.1:{self.port}", "--interval", "1", "--follow",
                               f"http://127.0.0.1:{self.server.port}/small", "--charter", self.honest.process, env=c.WATCH)
        self.cosigner.wait("event=cosigned")
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.cosigner.kill()
            self.server.kill()
            return
        self.cosigner.stop()
        self.server.stop()
        check_ledger(self.crowd.ledger)

    def ask(self, method, path, body=None, **head):
        return Server.ask(self, method, path, body, source="127.1.0.1", **head)

    def connect(self, source=None, timeout=30):
        return Server.connect(self, source, timeout)

    def becomes_final(self, seconds=15):
        """An act goes in and is cosigned."""
        status, said, _ = self.server.ask("POST", "/small/act", self.honest.next("On time."), Content_Type=TEXT, source=HONEST)
        check(status == 201, status, said)
        until, index = time.monotonic() + seconds, int(said.split(b"\n")[0])

        def final():
            """There is none at first: what the cosigner has just signed, the host has not got yet."""
            status, note, _ = self.server.ask("GET", "/small/checkpoint", source=HONEST)
            return status == 200 and int(note.split(b"\n")[1]) > index
        while not final():
            check(time.monotonic() < until, "it does not become final:", *self.cosigner.lines[-6:], *self.server.lines[-6:])
            time.sleep(0.05)


@case
def a_hostile_client_of_a_cosigner(folder):
    with Watching(folder) as w:
        w.becomes_final()
        checkpoint = w.server.ask("GET", "/small/checkpoint")[1]
        act = w.other.act("Held back.")
        bare = b"\n".join(checkpoint.split(b"\n")[:3]) + b"\n\n"
        strange = World(start=1_700_000_000)
        for path, body, wanted in (
                ("/add-checkpoint", b"", 400), ("/add-checkpoint", bytes(65536), 400), ("/add-checkpoint", bytes(65537), 413),
                ("/add-checkpoint", b"old 0\n\n" + checkpoint[:-1], 400), ("/add-checkpoint", b"old 00\n\n" + checkpoint, 400),
                ("/add-checkpoint", b"old 0\n" + b"A" * 44 + b"\n\n" + checkpoint, 400), ("/add-checkpoint", b"old 0\n\n" + bare, 400),
                ("/add-checkpoint", b"old 99999\n\n" + checkpoint, 400), ("/add-checkpoint", b"old 0\n\n" + checkpoint, 409),
                ("/add-checkpoint", b"old 0\n\n" + checkpoint.replace(b"/small\n", b"/other\n", 1), 404),
                ("/add-checkpoint", b"old 0\n\n" + strange.checkpoint(), 404),
                ("/add-checkpoint", b"old 0\n\n" + checkpoint.replace(b"\n" + checkpoint.split(b"\n")[1] + b"\n", b"\n99999\n", 1), 403),
                ("/receipt", b"", 404), ("/receipt", bytes(100000), 404), ("/receipt", act[:-1], 400),
                ("/receipt", act.replace(w.other.process.encode(), b"0" * 64), 404), ("/receipt", note_text(act), 400),
                ("/receipt", w.honest.sign(note_text(act)), 400), ("/receipt", forged(act), 403), ("/receipt", w.other.act("Stale.", seq="9", prev="1" * 64), (409, 422)),
                ("/receipt", w.other.act("Ended.", at="2018-10-06T00:00:00Z", expires="2018-10-08T05:00:00Z"), 422),
                ("/nothing", b"x", (404, 405, 413))):
            status, said, _ = w.ask("POST", path, body, Content_Type=TEXT)
            check(status in (wanted if isinstance(wanted, tuple) else (wanted,)), path, "wanted", wanted, "got", status, said, body[:200])
        for data, wanted in MALFORMED[:20]:
            check(status_of(exchange(w.port, data)) in (*wanted, 404, 405), data[:80], wanted)
        check(w.ask("GET", "/" + "0" * 64 + "/checkpoint")[0] == 404 and w.ask("GET", "/healthz")[0] == 200, "")
        w.becomes_final()


@case
def a_cosigner_under_attack(folder):
    """Floods of forged acts, slow clients and many of them: checkpoints become final as before."""
    with Watching(folder) as w:
        w.becomes_final()
        before, ends = w.cosigner.memory(), threading.Event()
        body = forged(w.other.act("Forged."))

        def flood(number):
            while not ends.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    status = Server.ask(w, "POST", "/receipt", body, f"127.1.{number}.1", Content_Type=TEXT)[0]
                    check(status in (403, 503), "a forged act:", status)
        threads = [threading.Thread(target=flood, args=(n,), daemon=True) for n in range(4)]
        slow = [IDLE, SLOW_HEAD, (SLOW_BODY[0].replace(b"/small/act", b"/receipt"), b"a", False),
                (SLOW_BODY[0].replace(b"/small/act", b"/add-checkpoint"), b"a", False), slow_reader("/metrics")]
        for thread in threads:
            thread.start()
        with Attackers(w.port, 1000, slow):
            for _ in range(3):
                time.sleep(0.5)
                w.becomes_final(20)
                used = w.cosigner.memory("RssAnon")
                check(sanitized() or used < before + MEMORY, "memory:", used >> 20, "MiB, before", before >> 20)
        ends.set()
        for thread in threads:
            thread.join()


@case
def limits_are_documented(folder):
    """Each in one header, and in the table with its value."""
    table = read(os.path.join(ROOT, "docs", "limits.md")).decode()
    for name, value in LIMIT.items():
        row = re.search(rf"^\|.*`{name}`.*$", table, re.M)
        check(row, f"no table of docs/limits.md has {name}")
        ways = [f"{value:,}"] + [f"{value >> s:,} {unit}" for s, unit in ((10, "KiB"), (20, "MiB"), (30, "GiB")) if value >> s]
        check(any(way in row.group(0) for way in ways), name, "is", ways[0], "but:", row.group(0))
    for name in re.findall(r"`(LS_(?:HTTP|SERVER|COSIGN|ADD|REMOTE|GATHER)_\w+)`", table):
        check(name in LIMIT, f"docs/limits.md has {name}, which limits.h has not")
    for place, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            text = read(os.path.join(place, name)).decode()
            twice = [n for n in LIMIT if re.search(rf"#define {n}\b", text)]
            check(not twice, name, "defines a limit that stands in limits.h:", twice)


if __name__ == "__main__":
    main()
