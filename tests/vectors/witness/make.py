#!/usr/bin/env python3
"""Writes conversation.json: requests to a C2SP witness and the answers that tlog-witness wants, byte by byte.

Made from the text of the specifications (tlog-witness, tlog-cosignature, tlog-checkpoint, signed-note, RFC 6962), with
openssl for the signatures, and sharing nothing with the program: python3 tests/vectors/witness/make.py
"""
import base64
import hashlib
import json
import os
import struct
import subprocess
import tempfile

NOW = 1538899200


def b64(data):
    return base64.b64encode(data).decode()


class Key:
    """Ed25519: of a log (type 1) or of a witness (type 4)."""

    def __init__(self, name, kind, label):
        self.name, self.kind = name, kind
        self.seed = hashlib.sha256(label.encode()).digest()
        self.der = bytes.fromhex("302e020100300506032b657004220420") + self.seed
        public = self.openssl("pkey", "-pubout", "-outform", "DER")
        self.public = public[-32:]
        self.id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(bytes([kind]) + self.public)}"

    def openssl(self, *args, message=None):
        with tempfile.TemporaryDirectory() as folder:
            path, text = os.path.join(folder, "key"), os.path.join(folder, "text")
            with open(path, "wb") as file:
                file.write(self.der)
            with open(text, "wb") as file:
                file.write(message or b"")
            inkey = ["-inkey" if message is not None else "-in", path]
            form = ["-keyform" if message is not None else "-inform", "DER"]
            more = ["-in", text] if message is not None else []
            return subprocess.run(["openssl", args[0], *form, *inkey, *more, *args[1:]], check=True,
                                  capture_output=True).stdout

    def sign(self, text, time=NOW):
        """A signature line."""
        if self.kind == 4:
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            blob = self.id + struct.pack(">Q", time) + self.openssl("pkeyutl", "-sign", "-rawin", message=message)
        else:
            blob = self.id + self.openssl("pkeyutl", "-sign", "-rawin", message=text.encode())
        return f"\u2014 {self.name} {b64(blob)}\n"


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def consistency(m, leaves, whole=True):
    """RFC 6962, section 2.1.2: SUBPROOF."""
    n = len(leaves)
    if m == n:
        return [] if whole else [root(leaves)]
    k = split(n)
    if m <= k:
        return consistency(m, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(m - k, leaves[k:], False) + [root(leaves[:k])]


LOG = Key("log.example/one", 1, "witness vectors: first log")
SECOND = Key("log.example/two", 1, "witness vectors: second log")
STRANGER = Key("log.example/unknown", 1, "witness vectors: a log that is not followed")
FORGER = Key("log.example/one", 1, "witness vectors: another key of the first log's name")
WITNESS = Key("witness.example/w", 4, "witness vectors: the witness")
OTHERS = [Key(f"witness.example/other-{i}", 4, f"witness vectors: other {i}") for i in range(19)]

LEAVES = [f"entry {i}".encode() for i in range(300)]
FORK = LEAVES[:4] + [b"another entry"] + LEAVES[5:]


def text(leaves, size, origin=LOG.name, extension="", wrong=None):
    return f"{origin}\n{size}\n{b64(wrong or root(leaves[:size]))}\n{extension}"


def body(old, proof, note):
    return f"old {old}\n" + "".join(b64(h) + "\n" for h in proof) + "\n" + note


def signed(words, *keys):
    return words + "\n" + "".join(key.sign(words) for key in keys or (LOG,))


STEPS = []


def step(name, request, status, answer=None, kind=None):
    STEPS.append({"name": name, "request": request, "status": status, "body": answer, "type": kind})


def cosigned(name, old, proof, words, note=None):
    step(name, body(old, proof, note or signed(words)), 200, WITNESS.sign(words))


def conflict(name, request, size):
    step(name, request, 409, f"{size}\n", "text/x.tlog.size")


def malformed():
    good = body(0, [], signed(text(LEAVES, 5)))
    for name, request in (
            ("empty", ""), ("no old line", good.split("\n", 1)[1]), ("a leading zero", good.replace("old 0", "old 00")),
            ("two spaces", good.replace("old 0", "old  0")), ("no number", good.replace("old 0", "old ")),
            ("a sign", good.replace("old 0", "old +0")), ("carriage return", good.replace("old 0\n", "old 0\r\n")),
            ("a capital", good.replace("old 0", "Old 0")), ("no empty line", good.replace("old 0\n\n", "old 0\n")),
            ("too large a number", good.replace("old 0", "old 9223372036854775808")),
            ("a hash of 31 bytes", good.replace("old 0\n", "old 0\n" + b64(bytes(31)) + "\n")),
            ("a hash of 33 bytes", good.replace("old 0\n", "old 0\n" + b64(bytes(33)) + "\n")),
            ("a hash without padding", good.replace("old 0\n", "old 0\n" + b64(bytes(32)).rstrip("=") + "\n")),
            ("64 hashes", body(4, [bytes(32)] * 64, signed(text(LEAVES, 5)))),
            ("no checkpoint", "old 0\n\n"), ("no signature", body(0, [], text(LEAVES, 5))),
            ("only a text and an empty line", body(0, [], text(LEAVES, 5) + "\n")),
            ("a note that is no checkpoint", body(0, [], signed(LOG.name + "\nfive\n" + b64(bytes(32)) + "\n"))),
            ("no newline at the end", good[:-1]), ("something behind", good + "x"),
            ("a size with a leading zero", body(0, [], signed(text(LEAVES, 5).replace("\n5\n", "\n05\n")))),
            ("a root of 31 bytes", body(0, [], signed(text(LEAVES, 5, wrong=bytes(31)))))):
        step("malformed: " + name, request, 400)


def unsigned():
    words = text(LEAVES, 5)
    step("an origin that is not followed", body(0, [], signed(text(LEAVES, 5, STRANGER.name), STRANGER)), 404)
    step("of an unknown origin, signed by a known log", body(0, [], signed(text(LEAVES, 5, STRANGER.name), LOG)), 404)
    step("signed by nobody who is known", body(0, [], signed(words, STRANGER)), 403)
    step("signed by another followed log", body(0, [], signed(words, SECOND)), 403)
    step("a key of the same name", body(0, [], signed(words, FORGER)), 403)
    step("a signature over something else", body(0, [], words + "\n" + LOG.sign(text(LEAVES, 6))), 403)
    step("a signature that was cut", body(0, [], words + "\n" + f"\u2014 {LOG.name} {b64(LOG.id + bytes(20))}\n"), 403)
    step("old beyond the checkpoint, badly signed", body(9, [], signed(words, FORGER)), 403)


def first_log():
    step("old beyond the checkpoint", body(6, [], signed(text(LEAVES, 5))), 400)
    conflict("old that was never cosigned", body(3, consistency(3, LEAVES[:5]), signed(text(LEAVES, 5))), 0)
    step("a proof from nothing", body(0, [bytes(32)], signed(text(LEAVES, 5))), 422)
    step("no entries and a root that is not the empty tree's", body(0, [], signed(text(LEAVES, 0, wrong=bytes(32)))),
         422)
    cosigned("no entries", 0, [], text(LEAVES, 0))
    cosigned("the first", 0, [], text(LEAVES, 5))
    conflict("the first once more, from nothing", body(0, [], signed(text(LEAVES, 5))), 5)
    conflict("from nothing, another history", body(0, [], signed(text(FORK, 5))), 5)
    cosigned("the same size again", 5, [], text(LEAVES, 5))
    step("the same size, another root", body(5, [], signed(text(FORK, 5))), 422)
    step("the same size with a proof", body(5, [bytes(32)], signed(text(LEAVES, 5))), 422)
    good = consistency(5, LEAVES[:8])
    for name, proof in (("none", []), ("cut", good[:-1]), ("with one more", good + [bytes(32)]),
                        ("in another order", good[::-1]), ("of zeros", [bytes(32)] * len(good)),
                        ("of another history", consistency(5, FORK[:8])), ("of 63 hashes", [bytes(32)] * 63)):
        step("a bad proof: " + name, body(5, proof, signed(text(LEAVES, 8))), 422)
    step("another history, proved", body(5, consistency(5, FORK[:8]), signed(text(FORK, 8))), 422)
    cosigned("growing", 5, good, text(LEAVES, 8))
    conflict("the same request again", body(5, good, signed(text(LEAVES, 8))), 8)
    conflict("old too small", body(4, consistency(4, LEAVES[:9]), signed(text(LEAVES, 9))), 8)
    conflict("old too large", body(9, consistency(9, LEAVES[:12]), signed(text(LEAVES, 12))), 8)
    step("smaller than what was cosigned", body(8, [], signed(text(LEAVES, 6))), 400)
    words = text(LEAVES, 300)
    cosigned("with cosignatures of twenty others", 8, consistency(8, LEAVES), words,
             signed(words, *OTHERS[:10], LOG, *OTHERS[10:]))
    cosigned("with our own cosignature", 300, [], words, signed(words, LOG, WITNESS))


def second_log():
    words = text(LEAVES, 7, SECOND.name, extension="an extension line\nand another\n")
    cosigned("another log, with extension lines", 0, [], words, signed(words, SECOND))
    words = text(LEAVES, 20, SECOND.name)
    cosigned("another log grows", 7, consistency(7, LEAVES[:20]), words, signed(words, SECOND))
    conflict("the first log stands where it stood", body(8, [], signed(text(LEAVES, 8))), 300)


def main():
    for part in (malformed, unsigned, first_log, second_log):
        part()
    with open(os.path.join(os.path.dirname(__file__), "conversation.json"), "w", encoding="utf-8") as file:
        json.dump({"now": NOW, "logs": [LOG.vkey, SECOND.vkey],
                   "witness": {"vkey": WITNESS.vkey, "seed": WITNESS.seed.hex()}, "steps": STEPS}, file, indent=1)
        file.write("\n")


main()
