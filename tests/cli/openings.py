"""Openings of single rows made without the program, from an opening of all rows: what docs/protocol.md says, sections 9
and 10. And acts that a party signs behind its program's back.
"""
import base64
import hashlib
import json
import os
import struct

from host import acts_by_courier
from lockstep import check, headers, note_text, read, read_store, tree_hash, write
from world import Key, vault_seed

HEAD = b"lockstep opening v1\n"
ORDER = ("ref", "measure", "inspection", "finding", "change", "limits", "place", "radius", "declaration", "tranche", "row",
         "population", "rows", "spare", "blank", "commitment", "until")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Part:
    """All rows of a tranche, each with all that opens it."""

    def __init__(self, frame, context, number, fields, data, at):
        self.frame, self.tranche = frame, number
        self.rows, self.values = [], []
        block = b"lockstep field v1".ljust(32, b"\0") + sha256(b"lockstep tranche v1\0", context, struct.pack(">I", number))
        self.leaves = []
        for _ in range(struct.unpack_from(">Q", data, at - 8)[0]):
            start, at = at, at + 8
            values, commitments = [], []
            for _ in range(fields):
                check(data[at] == 1, "a field is closed")
                salt, length = data[at + 1:at + 17], struct.unpack_from(">I", data, at + 17)[0]
                values.append(data[at + 21:at + 21 + length])
                commitments.append(sha256(block, salt, values[-1]))
                at += 21 + length
            self.rows.append(data[start:at])
            self.values.append([value.decode() for value in values])
            self.leaves.append(b"".join(commitments))
        check(data[at:at + 4] == bytes(4), "not all rows of the tranche")
        self.end = at + 4

    def proof(self, wanted):
        """The roots of all maximal subtrees without an opened row, as a walk from the root meets them."""
        def walk(start, end):
            if not any(start <= i < end for i in wanted):
                return [tree_hash(self.leaves[start:end])]
            if end - start == 1:
                return []
            split = 1
            while 2 * split < end - start:
                split *= 2
            return walk(start, start + split) + walk(start + split, end)
        return walk(0, len(self.leaves))

    def open(self, wanted):
        proof = self.proof(wanted)
        return b"".join([self.frame, struct.pack(">Q", len(wanted)), *(self.rows[i] for i in sorted(wanted)),
                         struct.pack(">I", len(proof)), *proof])


class Everything:
    """An opening of all rows of a declaration, out of which any others are made."""

    def __init__(self, data, fields):
        check(data.startswith(HEAD), "no opening")
        count, at = struct.unpack_from(">I", data, len(HEAD))[0], len(HEAD) + 4
        self.part = {}
        for _ in range(count):
            start = at
            check(data[at] == 2, "not an opening of rows")
            context, number = data[at + 1:at + 33], struct.unpack_from(">I", data, at + 33)[0]
            at += 37 + 2 + struct.unpack_from(">H", data, at + 37)[0]
            at += 1 + 32 * data[at]
            part = Part(data[start:at], context, number, fields, data, at + 8)
            self.part[number] = part
            at = part.end
        check(at == len(data), "something follows")

    def is_blank(self, place):
        return not any(self.part[place[0]].values[place[1]])

    def id(self, place):
        return self.part[place[0]].values[place[1]][0]

    def open(self, places):
        """An opening file of these rows: (tranche, row)."""
        tranches = sorted({k for k, _ in places})
        return HEAD + struct.pack(">I", len(tranches)) + b"".join(
            self.part[k].open({row for tranche, row in places if tranche == k}) for k in tranches)


# Acts.

def keys(p, party):
    """Of an exercise: in the order in which a party signs, as many as it needs."""
    names = ["dprk-1", "dprk-2"] if party == "dprk" else [f"{party}-1"]
    return {name: Key(f"{party}.example/{name}", seed=vault_seed(p.path(party, "vaults", f"{name}.vault")))
            for name in names}


def forge(p, party, kind, text="", file=None, audience="process", after=(), at="2018-10-08T06:00:00Z",
          expires="2018-10-20T00:00:00Z", **given):
    """The note of an act on top of the record and of the acts in `after`, whatever the party's program would say."""
    entries, _ = read_store(p.ledger)
    seq, prev = 0, "0" * 64
    for note in (*entries, *after):
        found = headers(note)
        if found.get("by") == [party] and "seq" in found:
            seq, prev = int(found["seq"][0]), sha256(note_text(note)).hex()
    accord = next(note for note in entries if headers(note)["act"] == ["accord"])
    signers = keys(p, party)
    lines = ["lockstep exercise act v1", f"act: {kind}", f"process: {sha256(note_text(entries[0])).hex()}",
             f"accord: {sha256(note_text(accord)).hex()}", f"by: {party}", "signers: " + " ".join(signers),
             f"seq: {seq + 1}", f"prev: {prev}",
             f"head: {len(entries)} {base64.b64encode(tree_hash(entries)).decode()}"]
    lines += [f"nonce: {given['nonce']}"] if "nonce" in given else []
    lines += [f"at: {at}", f"expires: {expires}"]
    lines += [f"{name}: {given[name]}" for name in ORDER if name in given]
    if file is not None:
        name, content = file
        lines.append(f"attachment: {sha256(content).hex()} {audience} {len(content)} application/octet-stream {name}")
    body = ("\n".join(lines) + "\n" + (f"\n{text}" if text else "")).encode()
    return body + b"\n" + b"".join(key.line(body) for key in signers.values())


def hand_in(p, *notes, files=()):
    """Gives acts to the host, all at once, as a courier does: for each where it stands, or why it is refused."""
    process = sha256(note_text(read_store(p.ledger)[0][0])).hex()
    members = [(f"act/{i + 1}.note", note) for i, note in enumerate(notes)]
    members += [(f"attachments/{sha256(content).hex()}", content) for content in files]
    file = write(p.path("carried.lockstep"), acts_by_courier(process, notes[0], [*members[1:]]))
    acts = json.loads(p.attempt("rok", "sync", "--from", file, "--json").out)["acts"]
    check(len(acts) == len(notes), acts)
    return [act["index"] if act["filed"] else act["reason"] for act in acts]


def attachment(p, index, number=0):
    """The bytes of a file that an entry names, as they lie with the ledger."""
    value = headers(read_store(p.ledger)[0][index])["attachment"][number]
    return read(os.path.join(p.ledger, "attachments", value.split(" ")[0]))
