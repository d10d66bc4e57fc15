"""A whole process made without the program: keys, charter, acts, cosigners, and a host that may lie. Written from
docs/protocol.md; what it makes is judged by the program.
"""
import base64
import calendar
import hashlib
import http.server
import io
import json
import os
import struct
import tarfile
import threading
import time

from ed25519 import ed25519_public, ed25519_sign
from lockstep import headers, note_text, read, read_store, tree_hash, write

MINUTE, HOUR, DAY = 60, 3600, 86400
SIGNER, COSIGNER = 1, 4


def sha256(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def when(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Key:
    def __init__(self, name, kind=SIGNER, seed=None):
        self.name, self.kind = name, kind
        self.seed = seed or sha256(f"{name} {kind}".encode())
        raw = bytes([kind]) + ed25519_public(self.seed)
        self.id = sha256(name.encode() + b"\n" + raw)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(raw)}"

    def line(self, text, at=None):
        """The signature line of a note's text; of a cosigner at a time."""
        if self.kind == COSIGNER:
            signed = b"cosignature/v1\ntime %d\n" % at + text
            blob = struct.pack(">Q", at) + ed25519_sign(self.seed, signed)
        else:
            blob = ed25519_sign(self.seed, text)
        return f"— {self.name} {b64(self.id + blob)}\n".encode()

    def note(self, text):
        return text + b"\n" + self.line(text)

    def raw(self, text):
        """A bare signature."""
        return ed25519_sign(self.seed, text)


def vault_seed(path):
    """Of a vault without a passphrase: the seed, then 16 zero bytes (docs/protocol.md, section 13)."""
    return read(path)[-48:-16]


def act_of(p, party, kind, *lines, files=(), at="2018-10-08 06"):
    """An act that the program would not make, signed with a party's key and filed."""
    entries, _ = read_store(p.ledger)
    last, prev = 0, "0" * 64
    for note in entries:
        found = headers(note)
        if found.get("by") == [party] and "seq" in found:
            last, prev = int(found["seq"][0]), hashlib.sha256(note_text(note)).hexdigest()
    now = calendar.timegm(time.strptime(at, "%Y-%m-%d %H"))
    process = hashlib.sha256(note_text(entries[0])).hexdigest()
    attached = [f"attachment: {hashlib.sha256(c).hexdigest()} process {len(c)} application/json {n}" for n, c in files]
    body = "\n".join(["lockstep exercise act v1", f"act: {kind}", f"process: {process}", f"by: {party}",
                      f"signers: {party}-1", f"seq: {last + 1}", f"prev: {prev}",
                      f"head: {len(entries)} {b64(tree_hash(entries))}", f"at: {when(now)}",
                      f"expires: {when(now + DAY)}", *lines, *attached]) + "\n"
    key = Key(f"{party}.example/{party}-1", seed=vault_seed(p.path(party, "vaults", f"{party}-1.vault")))
    members = [("act.note", body.encode() + b"\n" + key.line(body.encode()))]
    members += [(f"attachments/{hashlib.sha256(c).hexdigest()}", c) for _, c in files]
    write(p.path("act.lockstep"), bundle("draft", members))
    return p.run(party, "sign", p.path("act.lockstep"), "--yes", "--json").json()


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def subtree(leaves):
    """Of leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    return sha256(b"\1" + subtree(leaves[:split]) + subtree(leaves[split:]))


def inclusion(index, entries):
    """RFC 6962, section 2.1.1."""
    def path(m, leaves):
        if len(leaves) == 1:
            return []
        split = 1
        while 2 * split < len(leaves):
            split *= 2
        if m < split:
            return path(m, leaves[:split]) + [subtree(leaves[split:])]
        return path(m - split, leaves[split:]) + [subtree(leaves[:split])]
    return path(index, [leaf_hash(e) for e in entries])


def consistency(old, entries):
    """RFC 6962, section 2.1.2, with the first node also where the RFC leaves it out."""
    def sub(m, leaves):
        if m == len(leaves):
            return [subtree(leaves)]
        split = 1
        while 2 * split < len(leaves):
            split *= 2
        if m <= split:
            return sub(m, leaves[:split]) + [subtree(leaves[split:])]
        return sub(m - split, leaves[split:]) + [subtree(leaves[:split])]
    return sub(old, [leaf_hash(e) for e in entries])


def tlog_proof(index, entries, checkpoint):
    lines = [f"extra {b64(entries[index])}", f"index {index}"] + [b64(h) for h in inclusion(index, entries)]
    return ("c2sp.org/tlog-proof@v1\n" + "\n".join(lines) + "\n\n").encode() + checkpoint


def tile_path(level, index, width):
    number = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        number = f"x{index % 1000:03d}/{number}"
    return f"tile/{level}/{number}" + ("" if width == 256 else f".p/{width}")


def tiles(entries):
    """Every file of a tree but the checkpoint: path, content."""
    for first in range(0, len(entries), 256):
        part = entries[first:first + 256]
        yield (tile_path("entries", first // 256, len(part)),
               b"".join(struct.pack(">H", len(e)) + e for e in part))
    level, hashes = 0, [leaf_hash(e) for e in entries]
    while hashes:
        for first in range(0, len(hashes), 256):
            part = hashes[first:first + 256]
            yield tile_path(level, first // 256, len(part)), b"".join(part)
        hashes = [subtree(hashes[i:i + 256]) for i in range(0, len(hashes) - 255, 256)]
        level += 1


def tar_header(name, size):
    """The one header that a member of a bundle can have (docs/protocol.md, section 12): POSIX ustar."""
    fields = struct.pack("100s8s8s8s12s12s8s1s100s6s2s32s32s8s8s155s12x", name.encode(), b"0000644", b"0000000",
                         b"0000000", b"%011o" % size, b"00000000000", b" " * 8, b"0", b"", b"ustar", b"00", b"", b"",
                         b"0000000", b"0000000", b"")
    return fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]


def bundle(kind, members):
    data = b""
    for name, content in [("lockstep-bundle", f"lockstep bundle v1\nkind: {kind}\n".encode()), *members]:
        data += tar_header(name, len(content)) + content + bytes(-len(content) % 512)
    return data + bytes(1024)


def unbundle(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


class World:
    """Two parties, a mediator who hosts, and four cosigners, of whom three make a checkpoint final."""

    PARTIES = ("north", "south", "host")
    COSIGNERS = ("c1", "c2", "c3", "c4")

    def __init__(self, exercise=False, quorum=False, start=1_700_000_000):
        self.exercise, self.quorum, self.now = exercise, quorum, start
        self.origin = ("exercise." if exercise else "") + "host.example/world"
        self.ledger = Key(self.origin)
        self.signers = {p: Key(f"{p}.example/{p}-1") for p in self.PARTIES}
        self.cosigners = {c: (Key(f"{c}.example/cosign", COSIGNER), Key(f"{c}.example/receipts"))
                          for c in self.COSIGNERS}
        self.files = {}
        self.entries = [self.charter()]
        self.process = sha256(note_text(self.entries[0])).hex()

    @classmethod
    def of(cls, p):
        """A process that the program made (lockstep.Process), with its host's and its signers' keys: they lie in the
        folders of an exercise."""
        w = cls.__new__(cls)
        w.exercise, w.quorum, w.now = True, False, calendar.timegm(time.strptime("2018-10-08", "%Y-%m-%d"))
        w.entries, _ = read_store(p.ledger)
        w.process = sha256(note_text(w.entries[0])).hex()
        w.origin = read(os.path.join(p.ledger, "origin")).decode().strip()
        w.ledger = Key(w.origin, seed=vault_seed(os.path.join(p.ledger, "key.vault")))
        w.signers = {s: Key(f"{s}.example/{s}-1", seed=vault_seed(p.path(s, "vaults", f"{s}-1.vault")))
                     for s in ("usa", "rok")}
        folder = os.path.join(p.ledger, "attachments")
        w.files = {name: read(os.path.join(folder, name)) for name in os.listdir(folder)}
        return w

    # The charter.

    def charter_json(self):
        policy = "quorum none\n"
        value = {
            "charter": 1, "name": "world", "title": "A world", "exercise": self.exercise, "semantics": 1, "suite": 1,
            "ledger": {"origin": self.origin, "key": self.ledger.vkey, "host": "host"},
            "time": {"zone": "UTC", "offsets": [{"from": "1970-01-01T00:00:00Z", "offset": "+00:00"}],
                     "closing": "24:00"},
            "stamp-interval": "1 day", "grace": "24 hours", "expires-limit": "30 days",
            "limits": {"rows": 1000, "attachment-bytes": 1000000},
            "parties": [{"name": p, "title": f"Delegation {p}", "role": "mediator" if p == "host" else "party",
                         "domain": f"{p}.example", "threshold": 1, "sealing": b64(sha256(p.encode())),
                         "signers": [{"name": f"{p}-1", "key": self.signers[p].vkey}]} for p in self.PARTIES],
        }
        if self.quorum:
            policy = "".join(f"witness {c} {k.vkey}\n" for c, (k, _) in self.cosigners.items())
            policy += "group most 3 " + " ".join(self.cosigners) + "\nquorum most\n"
            value["cosigners"] = [{"name": c, "key": k.vkey, "receipts": r.vkey}
                                  for c, (k, r) in self.cosigners.items()]
        value["policy"] = policy
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def first_line(self):
        return "lockstep exercise act v1" if self.exercise else "lockstep act v1"

    def attach(self, content, name, media_type):
        digest = sha256(content).hex()
        self.files[digest] = content
        return f"attachment: {digest} process {len(content)} {media_type} {name}"

    def sign(self, lines, keys, text=""):
        body = "\n".join(lines) + "\n" + (f"\n{text}" if text else "")
        body = body.encode()
        return body + b"\n" + b"".join(k.line(body) for k in keys)

    def charter(self):
        lines = [self.first_line(), "act: charter", "by: " + " ".join(self.PARTIES),
                 "signers: " + " ".join(f"{p}-1" for p in self.PARTIES), "nonce: " + "5a" * 32,
                 "open-until: " + when(self.now + 30 * DAY), "at: " + when(self.now),
                 self.attach(self.charter_json(), "charter.json", "application/json")]
        return self.sign(lines, self.signers.values())

    # Acts. Each is made on top of `entries`, the history that its author has seen.

    def act(self, party, entries=None, kind="withdraw", text="", seq=None, head=None, extra=(), at=None, expires=None,
            key=None, ref=None):
        entries = self.entries if entries is None else entries
        last, prev = 0, "0" * 64
        for note in entries:
            found = headers(note)
            if found.get("by") == [party] and "seq" in found:
                last, prev = int(found["seq"][0]), sha256(note_text(note)).hex()
        if seq is not None and seq != last + 1:
            last = seq - 1
            prev = "0" * 64 if seq == 1 else next(
                sha256(note_text(n)).hex() for n in entries
                if headers(n).get("by") == [party] and headers(n).get("seq") == [str(seq - 1)])
        size = len(entries) if head is None else head
        at = self.now if at is None else at
        ref = ref or sha256(f"{party} {text} {last}".encode()).hex()
        lines = [self.first_line(), f"act: {kind}", f"process: {self.process}", f"by: {party}", f"signers: {party}-1",
                 f"seq: {last + 1}", f"prev: {prev}", f"head: {size} {b64(tree_hash(entries[:size]))}",
                 f"at: {when(at)}", f"expires: {when(expires or at + 20 * DAY)}", *extra, f"ref: {ref}"]
        return self.sign(lines, [key or self.signers[party]], text + "\n" if text else "")

    def add(self, note):
        self.entries.append(note)
        return note

    # The ledger's own.

    def checkpoint(self, entries=None, cosigned=(), key=None):
        """cosigned: (name, time) of each cosigner."""
        entries = self.entries if entries is None else entries
        key = key or self.ledger
        text = f"{self.origin}\n{len(entries)}\n{b64(tree_hash(entries))}\n".encode()
        return key.note(text) + b"".join(self.cosigners[c][0].line(text, at) for c, at in cosigned)

    def final(self, entries=None, at=None):
        """By the first three of the four."""
        at = self.now if at is None else at
        return self.checkpoint(entries, [(c, at) for c in self.COSIGNERS[:3]] if self.quorum else ())

    def stamp(self, entries=None, at=None, checkpoint=None):
        entries = self.entries if entries is None else entries
        at = self.now if at is None else at
        lines = [self.first_line(), "act: stamp", f"process: {self.process}"]
        if self.exercise or not self.quorum:
            lines.append(f"time: {when(at)}")
        text = "\n".join(lines) + "\n\n" + (checkpoint or self.final(entries, at)).decode()
        return self.ledger.note(text.encode())

    def receipt(self, cosigner, act, at):
        text = f"lockstep receipt v1\n{self.process}\n{sha256(note_text(act)).hex()}\n{at}\n"
        return self.cosigners[cosigner][1].note(text.encode())

    def later(self, seconds):
        self.now += seconds
        return self

    def grow(self, count=6):
        """Acts of both sides in turn, a stamp after each second one."""
        for i in range(count):
            self.later(HOUR)
            self.add(self.act(("north", "south")[i % 2], text=f"Act {i}."))
            if i % 2:
                self.add(self.stamp())
        return self

    # Handing over.

    def tree(self, folder, entries=None, checkpoint=None):
        """The static tree, as a web server would hand it out."""
        entries = self.entries if entries is None else entries
        files = dict(tiles(entries))
        files["checkpoint"] = checkpoint or self.final(entries)
        files.update({f"attachment/{digest}": content for digest, content in self.files.items()})
        for path, content in files.items():
            path = os.path.join(folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write(path, content)
        return folder

    def record(self, path, entries=None, checkpoint=None):
        entries = self.entries if entries is None else entries
        members = [("checkpoint", checkpoint or self.final(entries))]
        members += [(name, content) for name, content in tiles(entries) if "entries" in name]
        members += [(f"attachments/{digest}", content) for digest, content in self.files.items()]
        write(path, bundle("record", members))
        return path

    def policy(self, path):
        lines = [f"log {self.ledger.vkey}"]
        if self.quorum:
            lines += [f"witness {c} {k.vkey}" for c, (k, _) in self.cosigners.items()]
            lines += ["group most 3 " + " ".join(self.cosigners), "quorum most"]
        else:
            lines.append("quorum none")
        write(path, "\n".join(lines) + "\n")
        return path

    def evidence(self, claims, histories=(), files=None):
        """claims: lists of (part, content); histories: lists of entries."""
        members = [("charter.note", self.entries[0])]
        for number, parts in enumerate(claims, 1):
            members += [(f"claim/{number}/{part}", content) for part, content in parts]
        for number, entries in enumerate(histories, 1):
            members += [(f"history/{number}/{path}", content) for path, content in tiles(entries) if "entries" in path]
        members += [(f"attachments/{digest}", content)
                    for digest, content in (self.files if files is None else files).items()]
        return bundle("evidence", members)


class Server:
    """Serves a folder as a host would, with whatever checkpoint it is told to show; to be used in a `with`."""

    def __init__(self, folder):
        self.folder, self.latest = folder, None

    def answer(self, path):
        path = path.lstrip("/")
        if path == "checkpoint/latest":
            return self.latest or read(os.path.join(self.folder, "checkpoint"))
        path = os.path.join(self.folder, path)
        return read(path) if os.path.isfile(path) else None

    def __enter__(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = outer.answer(self.path)
                self.send_response(200 if body is not None else 404)
                body = body or b"absent\nnot here\n\n"
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def claim(kind, history=None, index=None, cosigner=None):
    lines = ["lockstep evidence v1", f"claim: {kind}"]
    lines += [f"history: {history[0]} {history[1]}"] if history else []
    lines += [f"index: {index}"] if index is not None else []
    lines += [f"cosigner: {cosigner}"] if cosigner else []
    return "claim", ("\n".join(lines) + "\n").encode()


def nodes(old, entries):
    return "nodes", "".join(b64(h) + "\n" for h in consistency(old, entries)).encode()
