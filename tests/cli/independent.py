#!/usr/bin/env python3
"""The demo's bundles checked by a second program, which was written from docs/protocol.md and shares nothing with the
first: Python's hashlib, tarfile and json, and arithmetic. It checks every signature, hash, proof, commitment and chunk,
reads the opened rows by itself, and compares them with the inventory and with what lockstep-verify prints.

The tables of headers and of kinds are read from the document itself; so is every label.
"""
import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import tarfile

from ed25519 import ed25519_public, ed25519_valid
from lockstep import BINARY, ROADMAP, ROOT, Process, Skip, case, check, check_chain, headers, main, note_text, read, \
    read_store, tree_hash, write
from openings import forge, hand_in, keys

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
DOCUMENT = read(os.path.join(ROOT, "docs", "protocol.md")).decode()
EXAMPLE = os.path.join(ROOT, "examples", "pyongyang-2018")


def label(text):
    """A label as it goes into hashes, which must be one that the document names."""
    check(text in DOCUMENT, "the document does not name", repr(text))
    return text.encode()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


def short(text):
    """len‖x"""
    return bytes([len(text.encode())]) + text.encode()


def canonical(value):
    """RFC 8785, for what these documents hold."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        check(self.at + count <= len(self.data), "it is cut short")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(form)))[0]

    def hashes(self, count):
        return [self.take(32) for _ in range(count)]

    def done(self):
        return self.at == len(self.data)


# Keys and notes (section 2).

def vkey(text):
    """Name, key id, type and public key, the id checked."""
    name, key_id, raw = text.split("+", 2)
    raw = base64.b64decode(raw, validate=True)
    check(sha256(name.encode(), b"\n", raw)[:4].hex() == key_id, "the key id does not follow from the key:", text)
    return name, bytes.fromhex(key_id), raw[0], raw[1:]


def signature_lines(note):
    lines = note[len(note_text(note)) + 1:].decode().splitlines()
    return [(line.split(" ")[1], base64.b64decode(line.split(" ")[2], validate=True)) for line in lines]


def check_note(note, keys):
    """Exactly these keys have signed, in this order."""
    lines = signature_lines(note)
    check(len(lines) == len(keys), "another number of signatures")
    for (name, raw), (wanted, key_id, kind, key) in zip(lines, keys):
        check(name == wanted and raw[:4] == key_id and kind == 1, "a line of another key:", name, wanted)
        check(ed25519_valid(key, note_text(note), raw[4:]), "the signature does not verify:", name)


# Merkle trees (RFC 6962, RFC 9162 section 2.1.3.2), multiproofs (section 10).

def inclusion_root(leaf, index, size, proof):
    node, last = sha256(b"\0", leaf), size - 1
    for sibling in proof:
        check(last > 0, "the proof is too long")
        if index % 2 or index == last:
            node = sha256(b"\1", sibling, node)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1", node, sibling)
        index, last = index >> 1, last >> 1
    check(last == 0, "the proof is too short")
    return node


def multiproof_root(leaves, size, proof):
    """leaves: by index, hashed. The roots of all maximal subtrees without an opened row, left before right."""
    rest = list(proof)

    def walk(start, end):
        if not any(start <= index < end for index in leaves):
            check(rest, "the multiproof is too short")
            return rest.pop(0)
        if end - start == 1:
            return leaves[start]
        split = 1
        while 2 * split < end - start:
            split *= 2
        return sha256(b"\1", walk(start, start + split), walk(start + split, end))

    root = walk(0, size)
    check(not rest, "the multiproof is too long")
    return root


# ChaCha20, HChaCha20, Poly1305 (RFC 8439, draft-irtf-cfrg-xchacha), secretstream (libsodium's documentation).

def rotate(x, n):
    return (x << n | x >> 32 - n) & 0xffffffff


def chacha_rounds(state):
    s = list(state)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = s[x] + s[y] & 0xffffffff
                s[z] = rotate(s[z] ^ s[x], n)
    return s


def chacha_state(key, tail):
    return struct.unpack("<16I", b"expand 32-byte k" + key + tail)


def keystream(key, nonce, block, count):
    out = b""
    while len(out) < count:
        state = chacha_state(key, struct.pack("<I", block) + nonce)
        out += struct.pack("<16I", *(a + b & 0xffffffff for a, b in zip(state, chacha_rounds(state))))
        block += 1
    return out[:count]


def hchacha(key, nonce):
    s = chacha_rounds(chacha_state(key, nonce))
    return struct.pack("<8I", *s[:4], *s[12:])


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at:at + 16] + b"\1", "little")) * r % (2**130 - 5)
    return (total + int.from_bytes(key[16:], "little") & (1 << 128) - 1).to_bytes(16, "little")


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def unseal(key, sealed, area):
    """Sealed rows: header ‖ chunks of 65,536 bytes of plaintext, the last FINAL (3), the others MESSAGE (0)."""
    key, nonce, counter, plain = hchacha(key, sealed[:16]), sealed[16:24], 1, b""
    c = Cursor(sealed[24:])
    while not c.done():
        size = min(65536, area - len(plain))
        chunk = c.take(size + 17)
        full = struct.pack("<I", counter) + nonce
        block = xor(chunk[:1] + bytes(63), keystream(key, full, 1, 64))
        signed = chunk[:1] + block[1:] + chunk[1:-16] + bytes(size % 16) + struct.pack("<QQ", 0, 64 + size)
        check(poly1305(keystream(key, full, 0, 32), signed) == chunk[-16:], "a chunk does not decrypt")
        plain += xor(chunk[1:-16], keystream(key, full, 2, size))
        check(block[0] == (3 if len(plain) == area else 0), "a chunk has the wrong tag")
        nonce, counter = xor(nonce, chunk[-16:-8]), counter + 1
    check(len(plain) == area, "another size than rows and row-bytes give")
    return plain


def kdf(key, number, context):
    """libsodium's crypto_kdf: the number of the subkey is little-endian."""
    return hashlib.blake2b(key=key, digest_size=32, salt=struct.pack("<Q", number) + bytes(8),
                           person=label(context) + bytes(8)).digest()


# Declarations (section 9).

class Declaration:
    """What follows from a declare act, its accord's roadmap and its manifest."""

    def __init__(self, process, act, manifest, roadmap):
        declared = next(d for d in roadmap["declarations"] if d["name"] == act["declaration"][0])
        schema = canonical({"fields": declared["fields"],
                            "tranches": [tranche["label"] for tranche in declared["tranches"]]})
        check(act["schema"] == [sha256(schema).hex()], "the schema has another hash")
        self.fields, self.tranches = declared["fields"], declared["tranches"]
        self.row_bytes, self.root = int(act["row-bytes"][0]), bytes.fromhex(act["root"][0])
        check(self.row_bytes == declared["row-bytes"] and act["tranches"] == [str(len(self.tranches))],
              "not what the accord fixes")
        self.context = sha256(label("lockstep declaration v1"), b"\0", process, bytes.fromhex(act["accord"][0]),
                              short(act["by"][0]), short(act["declaration"][0]), sha256(schema),
                              bytes.fromhex(act["nonce"][0]))
        self.check_manifest(manifest, act)

    def check_manifest(self, text, act):
        manifest = json.loads(text)
        check(canonical(manifest) == text, "the manifest is not canonical")
        self.leaves = [bytes.fromhex(leaf) for leaf in manifest["leaves"]]
        check(manifest == {"declaration": act["declaration"][0], "fields": self.fields, "leaves": manifest["leaves"],
                           "lockstep": label("declaration manifest v1").decode(),
                           "tranches": [tranche["label"] for tranche in self.tranches]}, "another manifest")
        check(tree_hash(self.leaves) == self.root, "the leaves do not lead to the root")
        for k in range(1, len(self.tranches) + 1):
            self.leaf(k)

    def rows(self, k):
        return self.tranches[k - 1]["rows"]

    def leaf(self, k):
        """S_k, check_k and H(sealed) of a leaf whose other parts are as they must be."""
        area = self.rows(k) * self.row_bytes
        size = 24 + area + 17 * -(-area // 65536)
        head = (label("lockstep tranche leaf v1") + b"\0" + self.context + u32(k) + u32(len(self.tranches)) +
                u32(len(self.fields)) + u64(self.rows(k)))
        c = Cursor(self.leaves[k - 1])
        check(len(c.data) == 181 and c.take(len(head)) == head, f"tranche {k} has a false leaf")
        root, check_k = c.hashes(2)
        check(c.number("Q") == size, "the leaf gives another size of the sealed rows")
        return root, check_k, c.take(32)

    def tranche_context(self, k):
        return sha256(label("lockstep tranche v1"), b"\0", self.context, u32(k))

    def commit(self, k, salt, value):
        return sha256(label("lockstep field v1").ljust(32, b"\0"), self.tranche_context(k), salt, value)

    def row_hash(self, commitments):
        return sha256(b"\0", *commitments)

    def read_rows(self, k, key, sealed):
        """All rows of a tranche, from its key and sealed rows; whatever is not as committed to fails."""
        root, check_k, hash_ = self.leaf(k)
        check(sha256(label("lockstep tranche key v1"), b"\0", self.tranche_context(k), key) == check_k, "another key")
        check(sha256(sealed) == hash_, "other sealed rows")
        count, width = self.rows(k), len(self.fields)
        area = Cursor(unseal(kdf(key, 2, "LSseal__"), sealed, count * self.row_bytes))
        rows = [[area.take(area.number("I")) for _ in self.fields] for _ in range(count)]
        check(not any(area.take(len(area.data) - area.at)), "what follows the rows is not zero")
        salts = keystream(kdf(key, 1, "LSsalt__"), bytes(12), 0, 16 * count * width)
        data = [b"".join(self.commit(k, salts[16 * (i * width + j):][:16], value) for j, value in enumerate(row))
                for i, row in enumerate(rows)]
        check(tree_hash(data) == root, "the rows are not those that were committed to")
        self.data = data
        return rows


# Bundles (section 12).

def members(path):
    """Name to content, in order; the archive's form is checked by making it again with Python's own tar."""
    again = io.BytesIO()
    with tarfile.open(path) as bundle, tarfile.open(fileobj=again, mode="w", format=tarfile.USTAR_FORMAT) as copy:
        found = {}
        for member in bundle:
            content = bundle.extractfile(member).read()
            check(member.name not in found, "twice:", member.name)
            found[member.name] = content
            plain = tarfile.TarInfo(member.name)
            plain.size = len(content)
            copy.addfile(plain, io.BytesIO(content))
    # Python fills the archive up to a whole record of 20 blocks, leaves the device numbers empty, and has compared the
    # checksum already.
    raw, made, at = read(path), again.getvalue(), 0
    for name, content in found.items():
        check(raw[at:at + 148] == made[at:at + 148] and raw[at + 156:at + 329] == made[at + 156:at + 329],
              "the header is not canonical:", name)
        at += 512 + -(-len(content) // 512) * 512
    check(raw[at:] == bytes(1024), "the end is not canonical")
    return found


class Excerpt:
    """An excerpt bundle with every act, proof, signature and attachment checked."""

    def __init__(self, path, fingerprint):
        self.members = members(path)
        first = next(iter(self.members.items()))
        check(first == ("lockstep-bundle", b"lockstep bundle v1\nkind: excerpt\n"), "no excerpt")
        self.notes = {int(name[4:-5]): content for name, content in self.members.items() if name.endswith(".note")}
        self.process = sha256(note_text(self.notes[0]))
        check(self.process.hex() == fingerprint, "another charter")
        self.charter = json.loads(self.attachment(0, "charter.json"))
        check(canonical(self.charter) == self.attachment(0, "charter.json"), "the charter is not canonical JSON")
        self.acts = {index: headers(note) for index, note in sorted(self.notes.items())}
        for index, note in self.notes.items():
            check_note(note, self.signers(index))
            self.check_proof(index, note)
            check(index == 0 or self.acts[index]["process"] == [fingerprint], "an act of another process")

    def attachment(self, index, name):
        line = next(line.split(" ") for line in headers(self.notes[index])["attachment"]
                    if name is None or line.endswith(" " + name))
        content = self.members["attachments/" + line[0]]
        check(sha256(content).hex() == line[0] and len(content) == int(line[2]), "another attachment than signed")
        return content

    def signers(self, index):
        return act_signers(self.charter, headers(self.notes[index]))

    def check_proof(self, index, note):
        """c2sp.org/tlog-proof: index, hashes from the leaf's sibling on, the checkpoint."""
        head, checkpoint = self.members[f"act/{index}.tlog-proof"].split(b"\n\n", 1)
        magic, number, *proof = head.decode().split("\n")
        check(magic == "c2sp.org/tlog-proof@v1" and number == f"index {index}", "another proof")
        size, root = check_checkpoint(self.charter, checkpoint)
        found = inclusion_root(note, index, size, [base64.b64decode(line, validate=True) for line in proof])
        check(found == root, f"act {index} is not under the checkpoint")

    def find(self, kind):
        return next((index, act) for index, act in self.acts.items() if act["act"] == [kind])

    def declaration(self):
        index, act = self.find("declare")
        accord, _ = self.find("accord")
        check(act["accord"] == [sha256(note_text(self.notes[accord])).hex()], "of another accord")
        roadmap = self.attachment(accord, "roadmap.json")
        check(canonical(json.loads(roadmap)) == roadmap, "the roadmap is not canonical JSON")
        return Declaration(self.process, act, self.attachment(index, None), json.loads(roadmap))


def act_signers(charter, act):
    """The keys of those whom an act names, each of a party in `by`, as many of each as the charter wants; a charter's
    are all."""
    if act["act"] == ["stamp"]:
        return [vkey(charter["ledger"]["key"])]
    names, keys = act["signers"][0].split(" "), {}
    for party in charter["parties"]:
        own = {signer["name"]: vkey(signer["key"]) for signer in party["signers"]}
        for name, key in own.items():
            check(key[0] == f"{party['domain']}/{name}", "the key has another name")
        if party["name"] in act["by"][0].split(" "):
            keys.update(own)
            wanted = party.get("thresholds", {}).get(act["act"][0], party["threshold"])
            check(sum(name in own for name in names) >= (len(own) if act["act"] == ["charter"] else wanted),
                  "too few signers of", party["name"])
    return [keys[name] for name in names]


def check_checkpoint(charter, note):
    origin, size, root = note_text(note).decode().splitlines()
    check(origin == charter["ledger"]["origin"], "a checkpoint of another ledger")
    check_note(note, [vkey(charter["ledger"]["key"])])
    return int(size), base64.b64decode(root, validate=True)


def opening_parts(content, fields):
    """Section 10: of each part its kind, X, k, leaf, path, and what is opened."""
    c = Cursor(content)
    check(c.take(20) == label("lockstep opening v1") + b"\n", "no opening")
    parts = []
    for _ in range(c.number("I")):
        part = {"kind": c.number("B"), "X": c.take(32), "k": c.number("I"), "leaf": c.take(c.number("H")),
                "path": c.hashes(c.number("B"))}
        if part["kind"] == 1:
            part["key"], part["sealed"] = c.take(32), c.take(c.number("Q"))
        else:
            part["rows"] = {c.number("Q"): [(c.take(16), c.take(c.number("I"))) if c.number("B") else c.take(32)
                                            for _ in fields] for _ in range(c.number("Q"))}
            part["proof"] = c.hashes(c.number("I"))
        parts.append(part)
    check(c.done(), "more follows")
    return parts


def check_part(declaration, part, k):
    """It is of this declaration, and its leaf leads to the root."""
    check(part["X"] == declaration.context and part["k"] == k, "of another declaration or tranche")
    check(part["leaf"] == declaration.leaves[k - 1], "another leaf than the manifest's")
    root = inclusion_root(part["leaf"], k - 1, len(declaration.leaves), part["path"])
    check(root == declaration.root, "the leaf is not under the declaration's root")


# The demo.

DEMO = {}


def demo(folder):
    """The folder in which it was played, once for all cases, with a row opened besides."""
    if "folder" not in DEMO:
        place = os.path.join(os.path.dirname(folder), "demo")
        env = dict(os.environ, LOCKSTEP=BINARY, LOCKSTEP_VERIFY=VERIFIER)
        job = subprocess.run([os.path.join(EXAMPLE, "demo.sh"), place], env=env, capture_output=True, text=True,
                             timeout=300, check=False)
        check(job.returncode == 0, "the demo failed:", job.stdout[-2000:], job.stderr[-2000:])
        subprocess.run([BINARY, "-C", "dprk", "open", "--row", "site-yongbyon", "--fields", "id,name", "--out",
                        "row.lockstep", "--yes"], cwd=place, check=True, capture_output=True)
        DEMO.update(folder=place, fingerprint=re.findall(r"--charter ([0-9a-f]{64})", job.stdout)[0])
    return DEMO["folder"], DEMO["fingerprint"]


def inventory(tranche):
    with open(os.path.join(EXAMPLE, "facilities.csv"), newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["tranche"] == tranche]


def printed_rows(place, bundle, fingerprint):
    job = subprocess.run([VERIFIER, bundle, "--charter", fingerprint, "--rows"], cwd=place, capture_output=True,
                         check=True)
    return list(csv.DictReader(io.StringIO(job.stdout.decode(), newline="")))


@case
def a_tranche_opened(folder):
    place, fingerprint = demo(folder)
    excerpt = Excerpt(os.path.join(place, "sites-tranche-1.lockstep"), fingerprint)
    declaration = excerpt.declaration()
    index, act = excerpt.find("open")
    part, = opening_parts(excerpt.attachment(index, None), declaration.fields)
    check(part["kind"] == 1 and act["tranche"] == ["1"], "no opening of tranche 1")
    check_part(declaration, part, 1)
    rows = declaration.read_rows(1, part["key"], part["sealed"])
    opened = sorted(tuple(value.decode() for value in row) for row in rows if any(row))
    declared = sorted(tuple(row[field] for field in declaration.fields) for row in inventory("1"))
    check(opened == declared and opened, "not the rows of the inventory:", opened, declared)
    printed = sorted(tuple(row[field] for field in declaration.fields)
                     for row in printed_rows(place, "sites-tranche-1.lockstep", fingerprint))
    check(printed == opened, "lockstep-verify prints other rows:", printed, opened)


@case
def a_row_opened(folder):
    """Two of its fields: the others' commitments, and hashes up to the declaration's root."""
    place, fingerprint = demo(folder)
    excerpt = Excerpt(os.path.join(place, "row.lockstep"), fingerprint)
    declaration = excerpt.declaration()
    index, act = excerpt.find("open")
    part, = opening_parts(excerpt.attachment(index, None), declaration.fields)
    (number, row), = part["rows"].items()
    k = part["k"]
    check(part["kind"] == 2 and act["rows"] == ["1"] and number < declaration.rows(k), "no opening of a row")
    check_part(declaration, part, k)
    commitments = [field if isinstance(field, bytes) else declaration.commit(k, *field) for field in row]
    root = multiproof_root({number: declaration.row_hash(commitments)}, declaration.rows(k), part["proof"])
    check(root == declaration.leaf(k)[0], "the row is not under the tranche's root")
    wanted = next(r for r in inventory(declaration.tranches[k - 1]["label"]) if r["id"] == "site-yongbyon")
    opened = {name: field[1].decode() for name, field in zip(declaration.fields, row) if not isinstance(field, bytes)}
    check(opened == {"id": wanted["id"], "name": wanted["name"]}, "opened:", opened)
    printed, = printed_rows(place, "row.lockstep", fingerprint)
    check(printed["row"] == str(number) and printed["tranche"] == str(k) and printed["name"] == opened["name"] and
          not printed["lat"], "lockstep-verify prints another row:", printed)


@case
def secrets_follow_from_the_seed(folder):
    """Sections 9, 13 and 14: from the delegation's vault to the tranche's key, its tree and its index of ids."""
    place, fingerprint = demo(folder)
    excerpt = Excerpt(os.path.join(place, "sites-tranche-1.lockstep"), fingerprint)
    declaration = excerpt.declaration()
    part, = opening_parts(excerpt.attachment(excerpt.find("open")[0], None), declaration.fields)
    seed = vault_seed(os.path.join(place, "dprk", "vaults", "delegation.vault"), 1, "delegation")
    secret = hashlib.blake2b(label("lockstep declaration secret v1") + b"\0" + declaration.context, key=seed,
                             digest_size=32).digest()
    check(kdf(secret, 1, "LStranch") == part["key"], "the key of tranche 1 does not follow from the seed")
    nonce = excerpt.find("declare")[1]["nonce"][0]
    files = os.path.join(place, "dprk", "declarations", nonce[:32])
    for k in range(1, len(declaration.tranches) + 1):
        key = kdf(secret, k, "LStranch")
        rows = declaration.read_rows(k, key, read(os.path.join(files, f"tranche-{k}.sealed")))
        opened = sorted(row[0].decode() for row in rows if any(row))
        check(opened == sorted(row["id"] for row in inventory(str(k))), "other rows in tranche", k)
        tree = b"".join(sha256(b"\0", data) for data in declaration.data)
        check(read(os.path.join(files, f"tranche-{k}.tree")) == tree, "another tree")
        check_index(read(os.path.join(files, f"tranche-{k}.index")), kdf(key, 3, "LSindex_"), rows)


def check_index(index, key, rows):
    entries = {index[at:at + 16]: index[at + 16:at + 24] for at in range(0, len(index), 24)}
    check(len(index) == 24 * len(rows) and len(entries) == len(rows), "another number of entries")
    check(list(entries) == sorted(entries), "the index is not sorted")
    for position, row in enumerate(rows):
        if any(row):
            mac = hashlib.blake2b(u32(0) + row[0], key=key, digest_size=32).digest()
            check(xor(entries[mac[:16]], mac[16:24]) == u64(position), "the index leads to another row")


def vault_seed(path, purpose, name):
    """A vault without passphrase."""
    c = Cursor(read(path))
    check(c.take(18) == label("lockstep vault v1") + b"\n", "no vault")
    check(c.number("B") == 0 and c.number("B") == purpose and c.take(c.number("B")) == name.encode(), "another vault")
    check(not any(c.take(4 + 8 + 16 + 24)), "costs of a vault that has no passphrase")
    seed = c.take(32)
    check(c.take(16) == bytes(16) and c.done(), "more in the vault")
    return seed


@case
def signers_keys_follow_from_their_seeds(folder):
    place, fingerprint = demo(folder)
    excerpt = Excerpt(os.path.join(place, "sites-tranche-1.lockstep"), fingerprint)
    for party in excerpt.charter["parties"]:
        for signer in party["signers"]:
            seed = vault_seed(os.path.join(place, party["name"], "vaults", f"{signer['name']}.vault"), 2,
                              signer["name"])
            check(ed25519_public(seed) == vkey(signer["key"])[3], "another key than the seed's:", signer["name"])
    ledger = vault_seed(os.path.join(place, "ledger", "key.vault"), 5, read_vault_name(place))
    check(ed25519_public(ledger) == vkey(excerpt.charter["ledger"]["key"])[3], "the ledger's key is not its seed's")


def read_vault_name(place):
    raw = read(os.path.join(place, "ledger", "key.vault"))
    return raw[21:21 + raw[20]].decode()


def table(heading):
    """Rows of one of the document's tables, by the beginning of its head; the cells as text without backticks."""
    lines = DOCUMENT[DOCUMENT.index("| " + heading):].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]


SHAPES = {"chained": "seq prev head expires by signers at process", "joint": "nonce open-until by signers at",
          "stamp": "process"}
OPTIONAL = {"chained": "date unless-acted", "joint": "date process", "stamp": "time"}


def documented_kinds():
    """Of each kind, from the document: its shape, the headers that it needs, those that it may have."""
    names = [row[1] for row in table("position | header")]
    kinds = {}
    for kind, shape, needs, may, text in table("kind | shape"):
        words = set(re.findall(r"[a-z-]+(?:\.[a-z]+)?", needs))  # text.md is no header
        needed = {name for name in names if name in words} | set(SHAPES[shape].split()) | {"act"}
        choice = {"tranche", "rows"} if "either" in needs else set()
        needed |= {"attachment"} if "attachment" in needs else set()
        allowed = set(OPTIONAL[shape].split()) | ({"attachment"} if "attachment" in may else set())
        allowed |= {name for name in names if name in re.findall(r"[a-z-]+", may)}
        for one in kind.split(", "):
            kinds[one] = (needed - choice, needed | allowed | choice, choice, text)
    return names, kinds


@case
def the_record_from_its_first_entry(folder):
    """Every entry of the exported record: form, signatures, chain, stamps; and the checkpoint over all of them."""
    place, fingerprint = demo(folder)
    found = members(os.path.join(place, "record.lockstep"))
    name, = (name for name in found if name.startswith("tile/entries/"))
    c, entries = Cursor(found[name]), []
    while not c.done():
        entries.append(c.take(c.number("H")))
    check(name == f"tile/entries/000.p/{len(entries)}", "the tile has another name:", name)
    charter = json.loads(next(found["attachments/" + line.split(" ")[0]] for line in headers(entries[0])["attachment"]
                              if line.endswith("charter.json")))
    size, root = check_checkpoint(charter, found["checkpoint"])
    check(size == len(entries) and root == tree_hash(entries), "the entries do not lead to the checkpoint's root")
    check_chain(entries)
    names, kinds = documented_kinds()
    for index, note in enumerate(entries):
        check_act(charter, index, note, names, kinds)
        check_stamp(charter, entries, index)
    check(sha256(note_text(entries[0])).hex() == fingerprint, "another charter")
    named = {line.split(" ")[0] for note in entries for line in headers(note).get("attachment", [])}
    here = {name[12:] for name in found if name.startswith("attachments/")}
    check(named == here and all(sha256(found["attachments/" + h]).hex() == h for h in here), "other attachments")


INSPECTIONS = """\
rights:
  - {id: rounds, of: usa, what: draw rows to inspect, paragraph: p1, quota: 2 per year, from: in force}
  - {id: challenges, of: usa, what: challenge, paragraph: p1, quota: 2 per year, from: in force}
inspections:
  - id: baseline
    title: Baseline
    paragraph: p1
    of: dprk
    by: usa
    declaration: sites
    verifies: [visit]
    draws: {right: rounds, rows: 16, replacements: 8, commit: 2 days, reveal: 2 days, open: 5 days}
    visits: {notice: 24 hours, repeat: 2 hours, postpone: 72 hours, lasts: 10 days, report: 15 days, limits: [shroud]}
    challenges: {right: challenges, radius: 50 km, areas: touch, without-coordinates: are covered, answer: 5 days,
                 on-silence: denied}
"""
THERE = {"place": "39.7956 125.755", "radius": 500}
NONCES = {"dprk": b"d" * 32, "usa": b"u" * 32}
FILE = ("a-file", b"which acceptance does not read")

# One act after the other: who, its kind, what ref names, its other headers, and its text.
SAID = [
    ("usa", "draw", "declare", {"inspection": "baseline", "population": 24, "rows": 2, "spare": 1}, ""),
    ("dprk", "commit", "draw", {}, ""),
    ("usa", "commit", "draw", {}, ""),
    ("dprk", "reveal", "draw", {"nonce": NONCES["dprk"].hex()}, ""),
    ("usa", "reveal", "draw", {"nonce": NONCES["usa"].hex()}, ""),
    ("usa", "choose", "draw", {"rows": 2}, "0\n23\n"),
    ("usa", "visit", "draw", {"inspection": "baseline", "tranche": 1, "row": 0}, ""),
    ("dprk", "admit", "visit", {"limits": "shroud"}, ""),
    ("dprk", "refuse", "visit", {}, "Not today.\n"),
    ("dprk", "postpone", "visit", {"until": "2018-10-10T00:00:00Z"}, "The road is closed.\n"),
    ("usa", "enter", "visit", {}, ""),
    ("dprk", "leave", "visit", {}, ""),
    ("usa", "clarify", None, {"inspection": "baseline", **THERE}, "What is there?\n"),
    ("dprk", "answer", "clarify", {}, "A farm.\n"),
    ("usa", "challenge", "clarify", {"inspection": "baseline", **THERE}, ""),
    ("dprk", "deny", "challenge", {}, ""),
    ("usa", "report", "challenge", {"finding": "discrepancy", "measure": "visit"}, ""),
    ("dprk", "open", "draw", {"declaration": "sites", "rows": 2, "blank": 1}, ""),
    ("dprk", "notify", None, {"declaration": "sites", "change": "moved"}, ""),
    ("rok", "contest", "notify", {}, "It did not move.\n"),
    ("rok", "withdraw", "contest", {}, ""),
]
FILED = ("open", "notify")  # those that need a file


def commitment(entries, act, party):
    """Section 11."""
    return sha256(label("lockstep draw v1"), b"\0", sha256(note_text(entries[act])), short(party), NONCES[party])


def inspected():
    """A process in which everything was said of inspections, written from the document and handed in; and where each
    kind stands."""
    p = Process(".")
    write(p.path("roadmap.yaml"), ROADMAP + INSPECTIONS)
    p.build()
    p.declare()
    where = {"declare": p.log()[-1]["index"]}
    for party, kind, about, given, text in SAID:
        entries, given = read_store(p.ledger)[0], dict(given)
        if about is not None:
            given["ref"] = sha256(note_text(entries[where[about]])).hex()
        if kind == "commit":
            given["commitment"] = commitment(entries, where["draw"], party).hex()
        note = forge(p, party, kind, text=text, file=FILE if kind in FILED else None, **given)
        if kind == "withdraw":
            note = signed_again(p, party, without(note, "accord"))
        index, = hand_in(p, note, files=[FILE[1]] if kind in FILED else ())
        check(isinstance(index, int), kind, "was refused:", index)
        where[kind] = index
    return p, where


@case
def acts_about_inspections_are_the_documents(folder):
    """Each of its kinds, made from the document alone, stands on the record; and is found to be in order by it."""
    p, where = inspected()
    entries, _ = read_store(p.ledger)
    charter = json.loads(read(os.path.join(p.ledger, "attachments", headers(entries[0])["attachment"][0].split(" ")[0])))
    names, kinds = documented_kinds()
    check_chain(entries)
    for index, note in enumerate(entries):
        check_act(charter, index, note, names, kinds)
        check_stamp(charter, entries, index)
    check({headers(entries[i])["act"][0] for i in where.values()} == set(where), "another kind stands there")
    for party in ("dprk", "usa"):
        act = next(headers(note) for note in entries if headers(note)["act"] == ["reveal"] and
                   headers(note)["by"] == [party])
        check(bytes.fromhex(act["nonce"][0]) == NONCES[party], "another nonce")


# A value of the right form for each header of an act of one party.
VALUES = {
    "accord": "11" * 32, "nonce": "11" * 32, "ref": "11" * 32, "track": "north", "measure": "visit", "event": "visit",
    "right": "rounds", "dispute": "visit", "stage": "visit", "inspection": "baseline", "finding": "consistent",
    "change": "moved", "limits": "shroud", "place": "1 2", "radius": "1", "amount": "1", "method": "visit", "for": "usa",
    "score": "1", "due": "2018-12-01", "declaration": "sites", "schema": "11" * 32, "tranches": "1", "row-bytes": "1",
    "root": "11" * 32, "tranche": "1", "row": "0", "population": "1", "rows": "1", "spare": "0", "blank": "0",
    "commitment": "11" * 32, "proof": base64.b64encode(bytes(64)).decode(), "since": "1",
    "until": "2018-12-01T00:00:00Z"}


def without(note, name):
    """Its text but for this header."""
    return b"".join(line for line in note_text(note).splitlines(True) if not line.startswith(name.encode() + b": "))


def with_header(note, names, name):
    """Its text with this header, too, in its place."""
    head, *rest = note_text(note).split(b"\n\n", 1)
    lines = head.splitlines()
    at = next((i for i, line in enumerate(lines[1:], 1)
               if names.index(line.split(b":")[0].decode()) > names.index(name)), len(lines))
    lines.insert(at, f"{name}: {VALUES[name]}".encode())
    return b"\n".join(lines).rstrip(b"\n") + b"\n" + b"".join(b"\n" + text for text in rest)


def signed_again(p, party, text):
    return text + b"\n" + b"".join(key.line(text) for key in keys(p, party).values())


@case
def headers_are_those_of_the_document_and_no_others(folder):
    """Every kind without each header that it needs, and with each that it can't have."""
    p, where = inspected()
    names, kinds = documented_kinds()
    for party, kind, about, given, text in SAID:
        entries, given = read_store(p.ledger)[0], dict(given)
        needed, allowed, choice, words = kinds[kind]
        given.update({"ref": sha256(note_text(entries[where[about]])).hex()} if about is not None else {})
        given.update({"commitment": "11" * 32} if kind == "commit" else {})
        good = forge(p, party, kind, text=text, file=FILE if kind in FILED else None, **given)
        good = signed_again(p, party, without(good, "accord")) if kind == "withdraw" else good
        tried = [("needs the header", signed_again(p, party, without(good, name)))
                 for name in needed - choice if name in VALUES or name == "attachment"]
        tried += [("has no header", signed_again(p, party, with_header(good, names, name)))
                  for name in VALUES if name not in allowed]
        if words.startswith("required"):
            tried.append(("needs a text", signed_again(p, party, note_text(good).split(b"\n\n")[0] + b"\n")))
        for (reason, _), found in zip(tried, hand_in(p, *(note for _, note in tried))):
            check(isinstance(found, str) and reason in found, kind, reason, found)


def check_act(charter, index, note, names, kinds):
    """Its first line, its headers in the document's order, those that its kind needs and no others, who signed."""
    act = headers(note)
    check(note.startswith(label("lockstep exercise act v1") + b"\n"), f"entry {index} is no exercise's act")
    check(list(act) == sorted(act, key=names.index), f"entry {index} has its headers in another order")
    needed, allowed, choice, text = kinds[act["act"][0]]
    check(needed <= set(act) <= allowed, f"entry {index} ({act['act'][0]}) has other headers than the document says:",
          sorted(needed - set(act)), sorted(set(act) - allowed))
    check(len(choice & set(act)) == (1 if choice else 0), f"entry {index} must have one of", choice)
    check(not text.startswith("required") or b"\n\n" in note_text(note), f"entry {index} needs a text")
    check_note(note, act_signers(charter, act))


def check_stamp(charter, entries, index):
    """Its text is a checkpoint, signed by the ledger, over no more than was there."""
    text = note_text(entries[index]).split(b"\n\n", 1)
    if headers(entries[index])["act"] == ["stamp"]:
        size, root = check_checkpoint(charter, text[1])
        check(size <= index and root == tree_hash(entries[:size]), f"the stamp at {index} is of another record")


@case
def openssl_confirms_signatures(folder):
    """The one thing above that is our own arithmetic and not a library's."""
    if not shutil.which("openssl"):
        raise Skip("openssl is not installed")
    place, fingerprint = demo(folder)
    excerpt = Excerpt(os.path.join(place, "sites-tranche-1.lockstep"), fingerprint)
    for index, note in excerpt.notes.items():
        for (_, raw), (name, _, _, key) in zip(signature_lines(note), excerpt.signers(index)):
            write("key.der", bytes.fromhex("302a300506032b6570032100") + key)
            write("text", note_text(note))
            write("signature", raw[4:])
            job = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-in", "text", "-sigfile", "signature",
                                  "-pubin", "-keyform", "DER", "-inkey", "key.der"], capture_output=True, check=False)
            check(job.returncode == 0, name, job.stderr)
            write("text", note_text(note) + b"\n")
            check(not ed25519_valid(key, note_text(note) + b"\n", raw[4:]), "another text verifies")


def check_whole(path, fingerprint):
    """All of an excerpt, with its declaration and its opening."""
    excerpt = Excerpt(path, fingerprint)
    for index, act in excerpt.acts.items():
        for line in act.get("attachment", []):
            excerpt.attachment(index, line.rsplit(" ", 1)[1])
    declaration = excerpt.declaration()
    index, _ = excerpt.find("open")
    for part in opening_parts(excerpt.attachment(index, None), declaration.fields):
        check_part(declaration, part, part["k"])
        if part["kind"] == 1:
            declaration.read_rows(part["k"], part["key"], part["sealed"])


@case
def one_changed_byte_is_enough(folder):
    """That the checks above can fail: one byte in each member, near its end; and in its header."""
    place, fingerprint = demo(folder)
    for name in ("sites-tranche-1.lockstep", "row.lockstep"):
        path = os.path.join(place, name)
        check_whole(path, fingerprint)
        whole = read(path)
        for member, content in members(path).items():
            header = whole.index(member.encode() + b"\0")
            for at in (header + 512 + max(0, len(content) - 40), header + 105):
                write("changed", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                try:
                    check_whole("changed", fingerprint)
                except Exception:
                    continue
                raise AssertionError(f"{name} with another byte {at} ({member}) is taken for whole")


if __name__ == "__main__":
    main()
