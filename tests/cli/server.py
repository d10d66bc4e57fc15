#!/usr/bin/env python3
"""lockstep serve, asked by a client that shares no code with it: every path in the forms of tlog-tiles, every status, and
that it ends and starts again as if nothing had been."""
import hashlib
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tarfile
import threading
import time

from lockstep import BINARY, ENVIRONMENT, OK, Process, Skip, case, check, check_ledger, environment, main, read, read_store, run, start, write
from prometheus import Exposition, check_reader
from serving import Crowd, Server
from world import COSIGNER, HOUR, Key, b64, bundle, tiles, vault_seed, when


class Served:
    """A process whose charter lets everybody read, or not, and the server on its ledger; to be used in a `with`."""

    def __init__(self, folder, public=True, more="", options=()):
        self.p, self.lines, self.options = Process(folder), [], options
        self.p.draft_charter()
        text = read(self.p.path("charter.yaml")).decode()
        write(self.p.path("charter.yaml"), text + ("\naccess: public\n" if public else "\n") + more)
        self.p.sign_charter().sign_accord()

    def __enter__(self):
        self.job = start("serve", self.p.ledger, "--listen", "127.0.0.1:0", *self.options)
        threading.Thread(target=lambda: [self.lines.append(l.decode()) for l in self.job.stderr], daemon=True).start()
        for _ in range(400):
            found = [re.search(r"listens on port (\d+)", line) for line in list(self.lines)]
            if any(found):
                self.port = int(next(f for f in found if f).group(1))
                break
            time.sleep(0.05)
        self.wait_until_it_knows()
        return self

    def wait_until_it_knows(self):
        for _ in range(100):
            if self.ask("GET", "/small/checkpoint/latest")[0] not in (404, 503):
                return
            time.sleep(0.05)

    def __exit__(self, kind, *_):
        self.job.send_signal(signal.SIGTERM if kind is None else signal.SIGKILL)
        self.job.wait(30)
        check(kind is not None or self.job.returncode == 0, "it ended with", self.job.returncode, *self.lines[-20:])

    def ask(self, method, path, body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            c.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = c.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            c.close()

    def get(self, path, status=200):
        found = self.ask("GET", "/small/" + path)
        check(found[0] == status, path, found)
        return found[1]

    def acts(self, count, party="usa"):
        """Signed acts that are not on the record, each after the one before: made where no ledger is reached."""
        self.p.log(party)
        self.p.run(party, "ledger", "set", "courier")
        for _ in range(count):
            self.p.run(party, "perform", "pause", "--yes")
        self.p.run(party, "sync", "--to", self.p.path("carried"))
        with tarfile.open(self.p.path("carried")) as tar:
            return [tar.extractfile(f"act/{i + 1}.note").read() for i in range(count)]

    def act(self, party="usa"):
        return self.acts(1, party)[0]


@case
def everything_is_where_tlog_tiles_has_it(folder):
    with Served(folder) as s:
        entries, checkpoint = read_store(s.p.ledger)
        check(s.get("checkpoint/latest") == checkpoint and s.get("checkpoint") == checkpoint, "checkpoint")
        for path, content in tiles(entries):
            check(s.get(path) == content, path)
        # Of every size up to the latest; none beyond it, and no other writing of a path.
        check(s.get("tile/0/000.p/1") == hashlib.sha256(b"\0" + entries[0]).digest(), "a partial tile")
        for path in (f"tile/0/000.p/{len(entries) + 1}", "tile/0/000", "tile/1/000.p/1", "tile/0/001.p/1", "tile/64/000",
                     "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/0.p/1", "tile/00/000.p/1", "tile/entries/001",
                     "checkpoint/", "nothing", "tile", "attachment/" + "0" * 64, "attachment/0", "sealed/usa/x"):
            s.get(path, 404)
        for name in os.listdir(os.path.join(s.p.ledger, "attachments")):
            check(s.get("attachment/" + name) == read(os.path.join(s.p.ledger, "attachments", name)), name)
        check(s.ask("GET", "/other/checkpoint")[0] == 404 and s.ask("GET", "/")[0] == 404, "no such process")
        status, body, headers = s.ask("HEAD", "/small/checkpoint")
        check(status == 200 and not body and int(headers["Content-Length"]) == len(checkpoint), headers)
        # What others append to the folder is shown as soon as they are done.
        s.p.run("usa", "perform", "pause", "--yes")
        check(s.get("checkpoint/latest") == read_store(s.p.ledger)[1], "an old checkpoint")


@case
def acts_are_taken_once(folder):
    with Served(folder) as s:
        act = s.act()
        status, body, _ = s.ask("POST", "/small/act", act, Content_Type="text/plain; charset=utf-8")
        check(status == 201, status, body)
        index, checkpoint = body.split(b"\n\n", 1)
        check(read_store(s.p.ledger)[0][int(index)] == act and int(checkpoint.split(b"\n")[1]) > int(index), body)
        again = s.ask("POST", "/small/act", act, Content_Type="text/plain")
        check(again[0] == 200 and again[1].split(b"\n")[0] == index, again)
        draft = bundle("draft", [("act.note", act)])
        check(s.ask("POST", "/small/act", draft, Content_Type="application/x-tar")[0] == 200, "as a bundle")
        forged = act.replace(b"pause", b"relief")
        check(s.ask("POST", "/small/act", forged, Content_Type="text/plain")[0] in (403, 409, 422), "forged")
        check(s.ask("POST", "/small/act", act[:-9] + b"AAAAAAA=\n", Content_Type="text/plain")[0] in (200, 400, 403), "")
        for body, kind in ((b"", "text/plain"), (b"nonsense\n", "text/plain"), (act, "application/json"),
                           (act, "application/x-tar"), (bytes(1024), "application/x-tar"), (b"\xff" * 100, "text/plain")):
            status, text, _ = s.ask("POST", "/small/act", body, Content_Type=kind)
            check(status == 400 and len(text.split(b"\n")) == 4, status, text)
        # Beyond what is swallowed the connection ends, with or without the answer having been read.
        with socket.create_connection(("127.0.0.1", s.port)) as c:
            try:
                c.sendall(b"POST /small/act HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                          b"Content-Length: 9000000\r\n\r\n" + bytes(9000000))
                answer = c.recv(100)
            except OSError:
                answer = b" 401 "
            check(b" 401 " in answer, "too large for a stranger", answer)
        for body, wanted in ((checkpoint, 200), (b"nonsense", 400),
                             (checkpoint.replace(b"small\n", b"small\n1"), 403)):
            status, text, _ = s.ask("POST", "/small/cosignature", body, Content_Type="text/plain")
            check(status == wanted, wanted, status, text)
        check_reader()
        status, metrics, headers = s.ask("GET", "/metrics")
        check(status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"), status, headers)
        shown = Exposition(metrics)
        check(shown.one("lockstep_acts_total", process="small", result="accepted") == 1, metrics)
        check(shown.one("lockstep_requests_total", route="act", status="400") == 6, metrics)
        check(shown.one("lockstep_append_seconds_count", process="small") >= 1, metrics)
        health = json.loads(s.ask("GET", "/healthz")[1])
        check(health["status"] == "ok" and health["processes"][0]["leading"], health)
    check_ledger(s.p.ledger)


@case
def acts_that_overtake_each_other_wait(folder):
    """A moment, for the one before; where that does not come, the answer is a conflict."""
    with Served(folder) as s:
        first, second, third = s.acts(3)
        answers = {}

        def post(name, act):
            answers[name] = s.ask("POST", "/small/act", act, Content_Type="text/plain")

        began = time.monotonic()
        post("alone", third)
        check(answers["alone"][0] == 409 and time.monotonic() - began >= 0.2, answers)
        early = threading.Thread(target=post, args=("second", second))
        early.start()
        time.sleep(0.05)
        post("first", first)
        early.join()
        post("third", third)
        check([answers[n][0] for n in ("first", "second", "third")] == [201, 201, 201], answers)
        check(read_store(s.p.ledger)[0].index(first) < read_store(s.p.ledger)[0].index(second), "their order")
    check_ledger(s.p.ledger)


@case
def methods_and_strangers(folder):
    with Served(folder, public=False) as s:
        for path in ("checkpoint", "checkpoint/latest", "tile/0/000.p/1", "tile/entries/000.p/1", "sealed/usa"):
            status, body, headers = s.ask("GET", "/small/" + path)
            check(status == 401 and headers["WWW-Authenticate"] == "Lockstep", path, status, body)
            check(s.ask("GET", "/small/" + path, Authorization="Lockstep AAAA")[0] == 401, path)
        for method, path, allowed in (("POST", "/small/checkpoint", "GET, HEAD"), ("GET", "/small/act", "POST"),
                                      ("DELETE", "/small/tile/0/000.p/1", "GET, HEAD"), ("PUT", "/healthz", "GET, HEAD")):
            status, _, headers = s.ask(method, path)
            check(status == 405 and headers["Allow"] == allowed, method, path, status, headers)
        # A delegation reads with its own key.
        s.p.run("usa", "ledger", "set", f"http://127.0.0.1:{s.port}/small")
        check(s.p.run("usa", "sync", "--json").json()["reached"], "usa")
        s.p.run("usa", "perform", "pause", "--yes")
        check(b"act: perform" in read_store(s.p.ledger)[0][-2] + read_store(s.p.ledger)[0][-1], "not filed")


WATCH, ONLINE = Key("usa.example/watch", COSIGNER), Key("usa.example/watch-receipts")


@case
def an_access_note_opens_what_its_signer_may_read(folder):
    """Notes of every wrong sort; and a party's cosigner, whose key lies on a server, is not the party."""
    cosigner = f"""cosigners:
  - {{name: watch, party: usa, key: "{WATCH.vkey}", receipts: "{ONLINE.vkey}"}}
audiences:
  inspectors: [usa]
"""
    with Served(folder, public=False, more=cosigner) as s:
        process, now = s.p.fingerprint(), int(time.time())
        domain = re.search(r"domain: (\S+)", read(s.p.path("usa", "party.yaml")).decode()).group(1)
        signer = Key(f"{domain}/usa-1", seed=vault_seed(s.p.path("usa", "vaults", "usa-1.vault")))

        def note(key, name, expires=now + HOUR, of=process, more=b""):
            text = f"lockstep access v1\n{of}\n{name}\n{when(expires)}\n".encode() + more
            return text, text + b"\n" + key.line(text, now)

        def ask(method, path, signed, body=None):
            return s.ask(method, "/small/" + path, body, Authorization="Lockstep " + b64(signed))

        good, readers = note(signer, "usa")[1], note(ONLINE, "watch")[1]
        check(ask("GET", "checkpoint", good)[0] == 200 and ask("GET", "checkpoint", readers)[0] == 200, "readers")
        text = note(signer, "usa")[0]
        for wrong in (note(signer, "dprk")[1], note(ONLINE, "usa")[1], note(signer, "watch")[1], note(WATCH, "watch")[1],
                      note(signer, "usa", now - 2 * HOUR)[1], note(signer, "usa", now + 26 * HOUR)[1],
                      note(signer, "usa", of="0" * 64)[1], note(signer, "usa", more=b"more\n")[1],
                      text + b"\n" + signer.line(text) * 2, text + b"\n" + signer.line(text + b"x"), text,
                      good + ONLINE.line(text), good.replace(b"usa\n", b"dprk\n"), note(Key(f"{domain}/usa-1"), "usa")[1]):
            check(ask("GET", "checkpoint", wrong)[0] == 401, "a wrong note opens", wrong)
        for value in ("Basic " + b64(good), "Lockstep", "Lockstep  " + b64(good), "Lockstep " + "A" * 4000):
            check(s.ask("GET", "/small/checkpoint", Authorization=value)[0] == 401, value)
        # A box that waits for usa: only usa lists, gets and drops it.
        box = "sealed/usa/" + "5" * 64
        for method, path in (("GET", "sealed/usa"), ("GET", box), ("DELETE", box), ("PUT", box)):
            status, _, _ = ask(method, path, readers, b"x" if method == "PUT" else None)
            check(status in (401, 422), "a cosigner's key", method, path, status)
        check(ask("GET", "sealed/usa", good)[0] == 200, "its boxes")
        check(ask("GET", "sealed/dprk", good)[0] == 401 and ask("DELETE", "sealed/dprk/" + "5" * 64, good)[0] == 401,
              "another's boxes")


@case
def what_an_act_carries_is_verified_too(folder):
    """Receipts that no cosigner signed, in an act that its party signed: whoever took them in would sign for what every
    reader refuses."""
    p = Crowd(folder, watch=free_port())
    card = read(p.path("watch", "cosigner.yaml")).decode()
    _, identity, _ = re.search(r'receipts: "?([^"\s]+)', card).group(1).split("+", 2)
    server = Server(p.ledger)
    server.ready()
    (a,) = p.signers(read_store(p.ledger)[0], ["a"])
    ref = "11" * 32
    text = f"lockstep receipt v1\n{a.process}\n{ref}\n1538970000\n"
    line = f"— watch.example/watch-receipts {b64(bytes.fromhex(identity) + bytes(64))}\n"
    forged = a.act(f"{text}\n{line}end", act="receipts", ref=ref)
    status, body, _ = server.ask("POST", "/small/act", forged, Content_Type="text/plain")
    check(status == 422 and b"does not verify" in body, status, body)
    status, body, _ = server.ask("POST", "/small/act", a.act("It goes on."), Content_Type="text/plain")
    check(status == 201, status, body)
    server.stop()
    run("ledger", "check", p.ledger)


@case
def strangers_learn_nothing_from_refusals(folder):
    """Acts of kinds that keys of all sorts may sign, by nobody: whatever they say of the record, one answer."""
    with Served(folder, public=False) as s:
        process, junk = s.p.fingerprint(), Key("usa.example/usa-1")
        size = len(read_store(s.p.ledger)[0])
        answers = set()
        for kind, more in (("revoke", f"key: {junk.vkey}"), ("rekey", f"key: {junk.vkey}\nproof: {b64(bytes(64))}"),
                           ("delegate", f"key: {junk.vkey}\nproof: {b64(bytes(64))}")):
            for seq, head in ((1, 1), (99, 1), (99, size), (99, size + 1), (2, 10 ** 6)):
                text = (f"lockstep exercise act v1\nact: {kind}\nprocess: {process}\nby: usa\nsigners: usa-1\nseq: {seq}\n"
                        f"prev: {('0' if seq == 1 else '1') * 64}\nhead: {head} {b64(bytes(32))}\n"
                        f"at: 2018-10-08T06:00:00Z\nexpires: 2018-10-10T06:00:00Z\n{more}\n\nWhy.\n").encode()
                began = time.monotonic()
                status, body, _ = s.ask("POST", "/small/act", junk.note(text), Content_Type="text/plain")
                check(time.monotonic() - began < 0.2, "it was held", kind, seq)
                answers.add((status, body))
        check(len(answers) == 1 and answers.pop()[0] == 403, "refusals differ", answers)


@case
def a_delegate_touches_no_boxes(folder):
    """Only its party does, by a signer's key or its own for access; a delegate reads the record, and that is all."""
    press = Key("usa.example/press", seed=b"\4" * 32)
    p = Process(folder)
    p.draft_charter()
    text = read(p.path("charter.yaml")).decode()
    write(p.path("charter.yaml"), re.sub(r"(usa\.example/access\+[^]]*)\]", rf'\1, "{press.vkey}"]', text))
    check(press.vkey in read(p.path("charter.yaml")).decode(), "no delegate was added to", text)
    p.sign_charter()
    own = Key("usa.example/access", seed=vault_seed(p.path("usa", "vaults", "access.vault")))
    server = Server(p.ledger).ready()
    process, now, box = p.fingerprint(), int(time.time()), "5" * 64
    os.makedirs(os.path.join(p.ledger, "boxes", "usa"), mode=0o700)
    write(os.path.join(p.ledger, "boxes", "usa", box), b"a box")

    def ask(key, method, path, body=None):
        note = key.note(f"lockstep access v1\n{process}\nusa\n{when(now + HOUR)}\n".encode())
        return server.ask(method, "/small/" + path, body, Authorization="Lockstep " + b64(note))

    check(ask(press, "GET", "checkpoint")[0] == 200 and ask(own, "GET", "checkpoint")[0] == 200, "reading")
    for method, path in (("GET", "sealed/usa"), ("GET", f"sealed/usa/{box}"), ("DELETE", f"sealed/usa/{box}"),
                         ("PUT", f"sealed/usa/{box}")):
        status, body, _ = ask(press, method, path, b"x" if method == "PUT" else None)
        check(status in (401, 422), "a delegate's key", method, path, status, body)
    check(box.encode() in ask(own, "GET", "sealed/usa")[1], "it is still there")
    check(ask(own, "DELETE", f"sealed/usa/{box}")[0] == 200 and not ask(own, "GET", "sealed/usa")[1], "its own")
    server.stop()


@case
def a_workspace_reads_its_own_server_and_gives_notes_to_no_other(folder):
    """Export, check and audit of a server that wants access notes; another one that asks for them gets none."""
    asked = []

    class Thief(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers["Authorization"])
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    thief = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Thief)
    threading.Thread(target=thief.serve_forever, daemon=True).start()
    with Served(folder, public=False) as s:
        url = f"http://127.0.0.1:{s.port}/small"
        s.p.run("usa", "ledger", "set", url)
        commands = (("ledger", "export", s.p.path("tree"), "--from"), ("ledger", "check"), ("audit", s.p.ledger))
        for command in commands:
            s.p.run("usa", *command, url)
            run(*command, url, code=3).complains("shows no access note", "lockstep -C WORKSPACE")
            s.p.run("usa", *command, f"http://127.0.0.1:{thief.server_address[1]}/small", code=3).complains("shows no access note")
        run("ledger", "check", s.p.path("tree"), "--charter", s.p.fingerprint())
        s.p.run("usa", "ledger", "check").says("\nvalid\n")
    thief.shutdown()
    thief.server_close()
    check(asked and set(asked) == {None}, "a note was given away:", asked)


@case
def killed_it_has_lost_nothing(folder):
    with Served(folder) as s:
        pass
    for round_ in range(5):
        job = start("serve", s.p.ledger, "--listen", f"127.0.0.1:{free_port()}")
        time.sleep(0.2 + 0.1 * round_)
        job.kill()
        job.wait()
        check_ledger(s.p.ledger)
        s.p.run("rok", "sync")
    run("serve", "nowhere", code=3)
    run("serve", s.p.ledger, s.p.ledger, code=2)
    run("serve", s.p.ledger, "--listen", "nonsense", code=2)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def shown(s, path, text, seconds=30):
    """The file of the site, once it says this."""
    until = time.monotonic() + seconds
    while True:
        status, body, headers = s.ask("GET", path)
        if status == 200 and text in body:
            return headers
        check(time.monotonic() < until, path, "does not say", text, status, body[:2000], *s.lines[-5:])
        time.sleep(0.1)


@case
def told_to_end_it_does_not_finish_a_site_first(folder):
    """What was asked for before it began waits for it; the next one builds what is missing."""
    if os.environ.get("LOCKSTEP_CONFIG") == "tsan":
        raise Skip("the threads that draw the site's picture are those of other libraries")
    site = os.path.join(os.path.abspath(folder), "sites")
    with Served(folder) as s:
        pass

    def tell():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        os.kill(os.getpid(), signal.SIGTERM)

    done = subprocess.run([BINARY, "serve", s.p.ledger, "--listen", "127.0.0.1:0", "--site", site], env=environment(),
                          capture_output=True, preexec_fn=tell, timeout=60, check=False)
    check(done.returncode == OK and b"event=stopped" in done.stderr and b"event=site" not in done.stderr, done)
    check(not os.path.exists(os.path.join(site, "small", "tlog", "checkpoint")), "it was built all the same")
    s.options = ("--site", site)
    s.lines.clear()
    with s:
        shown(s, "/small/tlog/checkpoint", b"small")


@case
def who_never_reached_it_is_not_told_of_an_empty_record(folder):
    """That there is nothing on the record is said by those who looked."""
    p = Process(folder).build()
    p.run("usa", "ledger", "set", f"http://127.0.0.1:{free_port()}/small")
    shutil.rmtree(p.path("usa", "replica"), ignore_errors=True)
    for args in (("perform", "pause", "--yes"), ("status",)):
        refused = p.run("usa", *args, code=ENVIRONMENT)
        refused.complains("nothing of the record is here yet, and the server could not be reached",
                          "brings the record, once the server answers")


@case
def a_public_site_is_kept(folder):
    """It follows the record; it is its own files and no others; what is not public has none."""
    if os.environ.get("LOCKSTEP_CONFIG") == "tsan":
        raise Skip("the threads that draw the site's picture are those of other libraries")
    site = os.path.join(os.path.abspath(folder), "sites")
    with Served(folder, options=("--site", site, "--url", "https://portal.example")) as s:
        headers = shown(s, "/small/", b"<main")
        check(headers["Content-Type"] == "text/html; charset=utf-8", headers)
        check(headers["Content-Security-Policy"] == "frame-ancestors 'none'", headers)
        check(headers["X-Content-Type-Options"] == "nosniff", headers)
        shown(s, "/small/feed.xml", b"https://portal.example/small/")
        # What a browser has already is not sent again.
        tag, whole = headers["ETag"], s.ask("GET", "/small/")[1]
        for known in (tag, f"W/{tag}", f'"x", {tag}', f'{tag} , "x"', "*"):
            status, body, again = s.ask("GET", "/small/", If_None_Match=known)
            check(status == 304 and body == b"" and again["ETag"] == tag, known, status, again)
            check(again["Content-Security-Policy"] == "frame-ancestors 'none'", again)
        for other in ('"x"', tag[:-1], tag + "x", tag[1:-1], "", ",", '"' + "0" * 64 + '"'):
            check(s.ask("GET", "/small/", If_None_Match=other)[:2] == (200, whole), other)
        s.p.run("usa", "ledger", "set", f"http://127.0.0.1:{s.port}/small")
        s.p.run("usa", "perform", "pause", "--text", "The maneuvers are suspended.", "--yes")
        shown(s, "/small/record.html", b"The maneuvers are suspended.")
        status, body, again = s.ask("GET", "/small/", If_None_Match=tag)
        check(status == 200 and body != whole and again["ETag"] != tag, "another page under the same version", again)
        time.sleep(1)  # a stamp follows
        shown(s, "/small/tlog/checkpoint", s.ask("GET", "/small/checkpoint")[1])
        write(os.path.join(site, "secret.html"), "secret")
        write(os.path.join(site, "small", ".hidden.html"), "secret")
        for path in ("/small/../secret.html", "/small/%2e%2e/secret.html", "/small//secret.html", "/small/.hidden.html",
                     "/small/ko", "/small/act", "/small/nothing.html", "/other/index.html", "/small/index.html/"):
            status, body, _ = s.ask("GET", path)
            check(status in (400, 404, 405) and b"secret" not in body, path, status, body[:200])
        check(s.ask("POST", "/small/index.html")[0] == 405, "it takes a post")
    with Served(folder + "-closed", public=False, options=("--site", site + "-closed")) as s:
        time.sleep(5)
        check(os.listdir(site + "-closed") == [] and s.ask("GET", "/small/index.html")[0] in (401, 404), "a closed one is shown")


if __name__ == "__main__":
    main()
