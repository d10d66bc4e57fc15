#!/usr/bin/env python3
"""Nothing about an unopened row leaks.

One process is played several times, from one and the same beginning, with inventories that have the same fields,
tranches, padded rows and row-bytes, and nothing else in common but the rows that are opened: one real row or all, texts
a thousand times longer, fields empty or full, one id for all. Whatever is published (acts, manifests, openings,
bundles, the ledger's folder, what the others' programs print) must have the same sizes, counts and structure, and hold
no value of an unopened row in any form. Of a workspace with passphrases, the same holds for every file at rest. A draw
is held and a challenge denied, which tell nothing; once a draw is opened, the rows that it chose can be read, and no
others.

Not covered: how long things take.
"""
import json
import os
import random
import re
import shutil
import sqlite3
import string
import struct
import tarfile

from lockstep import Process, attempt, base64, case, check, main, read, read_store, run, write

# Tranche 1 is opened as a whole; 2 stays closed; of 3, one row is opened, and of that only two fields.
FIELDS = ["id", "name", "note", "lat", "lon"]
PADDED = {1: 4, 2: 8, 3: 8}
ROW_BYTES = 8192
OPENED = "common"

ROADMAP = f"""\
roadmap: 1
name: leak
title: An accord
parties: [dprk, usa, rok]
tracks:
  - {{id: main, title: All}}
declarations:
  - name: sites
    by: dprk
    fields: [{", ".join(FIELDS)}]
    id: id
    tranche: tranche
    latitude: lat
    longitude: lon
    row-bytes: {ROW_BYTES}
    tranches:
{"".join(f'      - {{label: "t{k}", rows: {n}}}{chr(10)}' for k, n in PADDED.items())}\
rights:
  - {{id: rounds, of: usa, what: draw rows to inspect, paragraph: p1, quota: 4 per year, from: in force}}
  - {{id: challenges, of: usa, what: challenge, paragraph: p1, quota: 4 per year, from: in force}}
inspections:
  - id: baseline
    title: Baseline inspections
    paragraph: p1
    of: dprk
    by: usa
    declaration: sites
    draws: {{right: rounds, rows: 4, replacements: 2, commit: 2 days, reveal: 2 days, open: 5 days}}
    challenges: {{right: challenges, radius: 50 km, areas: touch, without-coordinates: are not covered, answer: 5 days,
                 on-silence: denied}}
steps:
  - id: list
    title: The list
    track: main
    measures:
      - {{id: declare-sites, by: dprk, what: declare, paragraph: p1, after: [in force], verified-by: [usa],
         declares: sites}}
      - {{id: open-first, by: dprk, what: open, paragraph: p1, after: [declare-sites confirmed], verified-by: [usa],
         opens: {{declaration: sites, tranche: 1}}}}
"""

dice = random.Random(2018)


def word(length):
    """Text that stands nowhere else; not ASCII alone."""
    letters = string.ascii_letters + "\u5e73\u58e4\uc601\ubcc0\u00e9"
    return "".join(dice.choice(letters) for _ in range(length))


def place():
    return f"{dice.uniform(-89, 89):.7f}"


# Rows that all inventories share; the note of the common row does not matter, because it stays closed.
FIRST = [["first-1", "Opened place", "as it is", "39.1", "125.1"], ["first-2", "Another", "", "", ""]]


def inventory(closed, third, note):
    """A CSV of tranche 1, of the closed rows, and of tranche 3 with the row that is opened."""
    rows = [["t1", *row] for row in FIRST] + [["t2", *row] for row in closed] + [["t3", *row] for row in third]
    rows.append(["t3", OPENED, "Known name", note, place(), place()])
    dice.shuffle(rows)
    lines = [",".join(["tranche", *FIELDS])] + [",".join(f'"{value}"' for value in row) for row in rows]
    return "\n".join(lines) + "\n", [row for row in rows if row[0] != "t1"]


def full_row(length):
    return [word(12), word(12), word(length), place(), place()]


def inventories():
    """Name: (CSV, its rows that are not opened)."""
    same = word(12)
    return {
        "one real row": inventory([full_row(7)], [], word(7)),
        "all real, texts a thousand times longer": inventory([full_row(5000) for _ in range(8)],
                                                             [full_row(5000) for _ in range(7)], word(5000)),
        "no row": inventory([], [full_row(9)], ""),
        "one field each": inventory([["", word(30), "", "", ""] for _ in range(8)],
                                    [[word(30), "", "", "", ""] for _ in range(7)], word(9)),
        "one id for all": inventory([[same, *full_row(40)[1:]] for _ in range(8)],
                                    [[same, *full_row(40)[1:]] for _ in range(7)], word(40)),
    }


# The process, from one beginning.

class Leaking(Process):
    def __init__(self, protected):
        super().__init__("world")
        self.env = {"LOCKSTEP_PASSPHRASE": "for this test"} if protected else {}
        self.protected = protected
        write(self.path("roadmap.yaml"), ROADMAP)
        os.remove(self.path("sites.csv"))

    def init(self, party, *more, **options):
        return super().init(party, *(more or (() if not self.protected else ("--signer", f"{party}-9"))),
                            env=self.env, **options)

    def run(self, party, *args, **options):
        return super().run(party, *args, env=self.env, **options)

    def play(self, csv):
        """Declares, opens tranche 1 and a row of tranche 3, exports; gives what the others' programs say."""
        write("inventory.csv", csv)
        self.run("dprk", "declare", "--inventory", os.path.abspath("inventory.csv"), "--backup", self.path("safe"),
                 "--yes")
        os.remove("inventory.csv")
        self.run("usa", "confirm", "declare-sites", "--yes")
        self.run("dprk", "open", "--tranche", "1", "--out", self.path("tranche.lockstep"), "--yes")
        self.run("dprk", "open", "--row", OPENED, "--fields", "id,name", "--out", self.path("row.lockstep"), "--yes")
        self.draw()
        self.challenge()
        self.run("usa", "export", self.path("record.lockstep"))
        return self.outputs()

    def draw(self):
        """Of tranche 2, which stays closed; its place."""
        self.run("usa", "draw", "baseline", "--tranche", "2", "--rows", "2", "--replacements", "2", "--yes")
        place = str(self.log()[-1]["index"])
        for party, step in (("usa", "commit"), ("dprk", "commit"), ("dprk", "reveal"), ("usa", "reveal")):
            self.run(party, "draw", step, place, "--yes")
        return place

    def challenge(self):
        self.run("usa", "challenge", "baseline", "--at", "89.9,0", "--radius", "1", "--yes")
        self.run("dprk", "deny", "--yes")

    def outputs(self):
        said = [self.run("usa", *command).out for command in
                (["log", "--json", "--stamps"], ["status"], ["status", "--json"], ["verify"], ["inspections"],
                 ["inspections", "--json"], ["show", "4", "--json"])]
        for bundle in BUNDLES:
            said.append(run("verify", self.path(bundle), "--rows").out)
            said.append(run("verify", self.path(bundle), "--json").out)
        return said


BUNDLES = ["tranche.lockstep", "row.lockstep", "record.lockstep"]


def begin(protected):
    world = Leaking(protected).build()
    vault = read(world.path("dprk", "vaults", "delegation.vault"))
    check(vault[len("lockstep vault v1\n")] == protected, "the vault has not the protection that is tested")
    shutil.move("world", "beginning")
    return world


# Structure: what is left when all that is random by design is taken away.

def plain(text):
    """Text with hashes, keys, signatures and names of files as they are long."""
    if isinstance(text, bytes):
        text = text.decode()
    text = re.sub(r"[0-9a-f]{32,}", lambda m: f"<hex {len(m[0])}>", text)
    return re.sub(r"[A-Za-z0-9+/]{40,}={0,2}", lambda m: f"<base64 {len(m[0])}>", text)


def output_structure(text):
    """Opened rows in CSV stand where the shuffle put them, and drawn ones where the lot fell."""
    if not text.startswith("declaration,tranche,row,"):
        return re.sub(r"(first of them row) \d (of tranche 2)", r"\1 <row> \2", plain(text))
    return sorted(re.sub(r"^(sites,\d),\d,", r"\1,<row>,", line) for line in text.splitlines())


def leaf_structure(leaf):
    """The numbers in tranche leaf data; the rest are hashes."""
    check(len(leaf) == 181, "a leaf has another length")
    k, m, fields, rows = struct.unpack(">IIIQ", leaf[57:77])
    return k, m, fields, rows, struct.unpack(">Q", leaf[141:149])


def manifest_structure(content):
    manifest = json.loads(content)
    return [leaf_structure(bytes.fromhex(leaf)) for leaf in manifest.pop("leaves")], manifest


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        check(self.at + count <= len(self.data), "cut short")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]


def field_structure(c):
    if c.number("B") == 0:
        c.take(32)
        return "closed"
    c.take(16)
    return c.take(c.number("I"))


def opening_structure(content):
    """Kinds, counts and lengths of an opening, values of opened fields; not where rows stand."""
    c = Cursor(content)
    check(c.take(20) == b"lockstep opening v1\n", "no opening")
    parts = []
    for _ in range(c.number("I")):
        kind, _, k, leaf = c.number("B"), c.take(32), c.number("I"), c.take(c.number("H"))
        part = [kind, k, leaf_structure(leaf), len(c.take(32 * c.number("B")))]
        if kind == 1:
            c.take(32)
            part.append(len(c.take(c.number("Q"))))
        else:
            for _ in range(c.number("Q")):
                check(c.number("Q") < PADDED[k], "a row beyond the tranche")
                part.append([field_structure(c) for _ in FIELDS])
            part.append(len(c.take(32 * c.number("I"))))
        parts.append(part)
    check(c.at == len(content), "more follows")
    return parts


def attachment_structure(content):
    if content.startswith(b"lockstep opening"):
        return len(content), opening_structure(content)
    if content.startswith(b'{"declaration"'):
        return len(content), manifest_structure(content)
    return content  # what all inventories share: charter, accord


def store_structure(ledger):
    """The database: its tables, and of each row how long each column is; entries and checkpoint themselves."""
    entries, checkpoint = read_store(ledger)
    shutil.copy(os.path.join(ledger, "record.sqlite"), "copy.sqlite")
    db = sqlite3.connect("copy.sqlite")
    found = [db.execute("PRAGMA page_count").fetchone(), db.execute("PRAGMA freelist_count").fetchone()]
    for name, sql in db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall():
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({name})")] if sql else []
        lengths = ", ".join(f"length({column})" for column in columns)
        found.append((name, sql, db.execute(f"SELECT {lengths} FROM {name}").fetchall() if columns else []))
    db.close()
    os.remove("copy.sqlite")
    return found, [plain(entry) for entry in entries], plain(checkpoint)


def files_of(folder):
    """Path (with its hex taken away) and size of each file; several may look the same."""
    found = []
    for place_, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place_, name)
            short = re.sub(r"[0-9a-f]{16,}", "<hex>", os.path.relpath(path, folder))
            found.append((short, os.path.getsize(path)))
    return sorted(found)


def ledger_structure(ledger):
    folder = os.path.join(ledger, "attachments")
    attachments = sorted(repr(attachment_structure(read(os.path.join(folder, name)))) for name in os.listdir(folder))
    return files_of(ledger), store_structure(ledger), attachments


def member_structure(name, content):
    if name.startswith("attachments/"):
        return attachment_structure(content)
    if name.startswith("tile/"):
        c, entries = Cursor(content), []
        while c.at < len(content):
            entries.append(plain(c.take(c.number("H"))))
        return entries
    return plain(content)


def bundle_structure(path):
    with tarfile.open(path) as bundle:
        members = [(member.name, bundle.extractfile(member).read()) for member in bundle]
    return os.path.getsize(path), [(plain(name), len(content), member_structure(name, content))
                                   for name, content in members]


def published(world, said):
    """Everything that others see, by name."""
    parts = {"ledger": ledger_structure(world.ledger)}
    parts.update((bundle, bundle_structure(world.path(bundle))) for bundle in BUNDLES)
    parts["outputs"] = [output_structure(text) for text in said]
    return parts


def at_rest(world):
    return {party: files_of(world.path(party)) for party in (*world.PARTIES, "safe")}


def check_same(name, first, other):
    for part in first:
        if first[part] != other[part]:
            write("first", repr(first[part]))
            write("other", repr(other[part]))
            a, b = read("first"), read("other")
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            raise AssertionError(f"{name}: {part} tells them apart: {a[max(0, at - 200):at + 200]!r} against "
                                 f"{b[max(0, at - 200):at + 200]!r}")


# Values.

def forms(value):
    """How the beginning of a value could stand in a file: its first six bytes, their hex, three alignments of base64,
    its first characters in UTF-16. A longer piece of it contains one of these."""
    raw = value.encode()
    check(len(raw) >= 8, "too short to look for:", value)
    found = {raw[:6], raw[:6].hex().encode(), raw[:6].hex().upper().encode()}
    found.update(base64.b64encode(raw[at:at + 6]) for at in range(3))
    found.update(value[:6].encode(coding) for coding in ("utf-16-le", "utf-16-be"))
    return found


def needles(rows):
    values = {value for row in rows for field, value in zip(["tranche", *FIELDS], row)
              if len(value.encode()) >= 8 and not (row[1] == OPENED and field in ("id", "name"))}
    check(values, "no values to look for")
    return {form: value for value in values for form in forms(value)}


def haystacks(paths, said):
    yield from ((f"output {i}", text.encode()) for i, text in enumerate(said))
    for path in paths:
        if os.path.isfile(path):
            yield path, read(path)
        for place_, _, names in os.walk(path):
            yield from ((os.path.join(place_, name), read(os.path.join(place_, name))) for name in names)


def check_absent(wanted, paths, said):
    for name, content in haystacks(paths, said):
        for needle, value in wanted.items():
            check(needle not in content, f"{name} holds {needle!r}, a form of {value[:40]!r}")


def occurs(wanted, paths, said):
    return {value for _, content in haystacks(paths, said) for needle, value in wanted.items() if needle in content}


def play_all(protected):
    world = begin(protected)
    for name, (csv, rows) in inventories().items():
        shutil.rmtree("world", ignore_errors=True)
        shutil.copytree("beginning", "world")
        said = world.play(csv)
        yield world, name, rows, said


def compare_all(protected):
    """Everything is compared with the first; what stands in files is looked at as they are."""
    first = None
    for world, name, rows, said in play_all(protected):
        seen = {**published(world, said), **at_rest(world)}
        first = first or seen
        check_same(name, first, seen)
        check_absent(needles(rows), ["world"], said)
        # That it would be found: what was opened does stand there.
        opened = {b"Known name": "Known name"}
        check(occurs(opened, [world.path("row.lockstep")], []), "the opened row is not in its bundle")
        check(occurs(opened, [], said) and occurs(opened, [world.ledger], []), "the opened row is nowhere to be seen")
        # In everybody's copy of the record, and nowhere else.
        others = [world.path(p, name) for p in world.PARTIES for name in os.listdir(world.path(p)) if name != "replica"]
        check(not occurs(opened, [world.path("tranche.lockstep"), *others], []),
              "an opened row of tranche 3 stands where it should not")


@case
def inventories_of_one_shape_look_alike(folder):
    compare_all(protected=False)


@case
def also_in_workspaces_at_rest(folder):
    compare_all(protected=True)


@case
def the_same_inventory_twice_looks_different(folder):
    """A declaration and its supplement over the same rows: no hash of the one is in the other."""
    world = Leaking(False).build()
    csv, _ = inventories()["one real row"]
    write("inventory.csv", csv)
    for time in range(2):
        world.run("dprk", "declare", "--inventory", os.path.abspath("inventory.csv"), "--backup", world.path("safe"),
                  "--yes")
    seen = []
    for nonce in sorted(os.listdir(world.path("dprk", "declarations"))):
        files = world.path("dprk", "declarations", nonce)
        leaves = [bytes.fromhex(leaf) for leaf in json.loads(read(os.path.join(files, "manifest.json")))["leaves"]]
        hashes = {leaf[at:at + 32] for leaf in leaves for at in (25, 77, 109, 149)}
        for k, rows in PADDED.items():
            tree = read(os.path.join(files, f"tranche-{k}.tree"))
            hashes |= {tree[at:at + 32] for at in range(0, len(tree), 32)}
            hashes.add(read(os.path.join(files, f"tranche-{k}.sealed"))[:24])
            index = read(os.path.join(files, f"tranche-{k}.index"))
            hashes |= {index[at:at + 16] for at in range(0, len(index), 24)}
            check(len(tree) == 32 * rows and len(index) == 24 * rows, "another number of rows at rest")
        # X stands in every leaf, and is counted once.
        check(len(hashes) == 1 + 3 * len(leaves) + sum(2 * rows + 1 for rows in PADDED.values()), "two hashes are one")
        seen.append(hashes)
    check(len(seen) == 2 and not seen[0] & seen[1], "two declarations share a hash")


@case
def a_draw_shows_what_it_chose(folder):
    """And of the rows beside them nothing: in its act, its bundle, the packet and its sheets, and every workspace."""
    csv, rows = inventory([full_row(40) for _ in range(8)], [full_row(40) for _ in range(7)], word(40))
    world = Leaking(True).build()
    said = world.play(csv)
    place = world.draw()
    world.run("dprk", "open", "--draw", place, "--out", world.path("drawn.lockstep"), "--yes")
    world.run("usa", "packet", place, "--out", world.path("packet"))
    said.append(run("verify", world.path("drawn.lockstep"), "--rows").out)
    drawn = [row for row in rows if row[2] in said[-1] and row[0] == "t2"]
    check(len(drawn) == 2, "another number of rows was opened:", said[-1])
    check_absent(needles([row for row in rows if row not in drawn]), ["world"], said)
    for where in ("drawn.lockstep", os.path.join("packet", "packet.lockstep")):
        check(len(occurs(needles(drawn), [world.path(where)], [])) == 10, f"the drawn rows are not in {where}")


@case
def what_is_looked_for_would_be_found(folder):
    """The comparison and the search themselves: a planted value is found in every form, a longer file is told."""
    value = "Yongbyon \u5e73\u58e4 reactor"
    wanted = {form: value for form in forms(value)}
    raw = value.encode()
    for planted in (raw, raw[:6], raw.hex().encode(), raw.hex().upper().encode(), value.encode("utf-16-le"),
                    value.encode("utf-16-be"), *(base64.b64encode(b"x" * shift + raw) for shift in range(3))):
        write("hay", b"\0\1" + planted + b"\2")
        check(occurs(wanted, ["."], []), f"{planted!r} was not found")
    write("hay", raw[:5])
    check(not occurs(wanted, ["."], []), "found what is not there")
    for a, b in (("root: " + "a" * 64, "root: " + "b" * 64), ("— x " + "A" * 92, "— x " + "/" * 92)):
        check(plain(a) == plain(b) != plain(a[:-1]), "hashes are not taken away, or their length is")
    check(plain("rows: 4") != plain("rows: 5"), "numbers are taken away")


@case
def another_shape_is_told(folder):
    """The same process with one more padded row is not the same: else the comparison would be blind."""
    seen = []
    for padded in ("rows: 8}", "rows: 9}"):
        world = Leaking(False)
        write(world.path("roadmap.yaml"), ROADMAP.replace("rows: 8}", padded, 1))
        world.build()
        seen.append(published(world, world.play(inventories()["one real row"][0])))
        shutil.rmtree("world")
    for part in ("ledger", *BUNDLES):
        check(seen[0][part] != seen[1][part], f"{part} looks the same with another number of rows")


if __name__ == "__main__":
    main()
