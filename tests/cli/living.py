#!/usr/bin/env python3
"""The living inventory: notifications, corrections and contests, and what is so at a date. What is expected is worked out
here, from the tables themselves."""
import base64
import csv
import fractions
import hashlib
import io
import json
import os
import re

from lockstep import (INVALID, OK, ROADMAP, SHARED, USAGE, Process, Skip, case, check, headers, main, note_text, read,
                      read_store, run, write)
from world import bundle


def process(folder=".", roadmap=ROADMAP):
    """Five real rows, of which the two of tranche 1 are opened on 10 October 2018."""
    p = Process(folder)
    write(p.path("roadmap.yaml"), roadmap)
    p.build()
    p.declare()
    p.run("usa", "confirm", "declare-sites", "--yes")
    p.clock("2018-10-10T06:00:00Z")
    p.run("dprk", "open", "--tranche", "1", "--yes")
    return p


def notify(p, text, change, *more, party="dprk", name="change.csv", **options):
    write(p.path(name), text)
    return p.run(party, "notify", p.path(name), "--change", change, *more, "--yes", **options)


def entry(result):
    """The number of the act that was filed."""
    return int(re.search(r"is on the record as entry (\d+)", result.out)[1])


def items(p, *more, party="usa"):
    found = p.run(party, "inventory", *more, "--json").json()["items"]
    return {item["id"]: item for item in found}


def there(p, *more, party="usa"):
    """Values of the items that are there, by identifier."""
    return {name: item["values"] for name, item in items(p, *more, party=party).items() if item["stage"] == "there"}


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


# What becomes of rows.

ALPHA = {"id": "alpha", "name": "First place", "lat": "39.1", "lon": "125.1"}
BETA = {"id": "beta", "name": "Second, with a comma", "lat": "39.2", "lon": "125.2"}


@case
def changes_count_from_their_date(folder):
    del folder
    p = process()
    p.clock("2018-11-05T06:00:00Z")
    notify(p, "id,lat,lon\nalpha,39.5,125.5\n", "moved", "--date", "2018-11-02")
    notify(p, "- {id: beta, name: A garage}\n", "converted", "--date", "2018-11-03", name="change.yaml")
    notify(p, "id,name\nbeta,The garage\n", "changed")  # today
    for party in ("usa", "dprk", "rok"):
        closed = {} if party != "dprk" else {n: v for n, v in there(p, party="dprk").items() if n not in ("alpha", "beta")}
        check(len(closed) == (3 if party == "dprk" else 0), closed)
        def expect(day, alpha, beta, p=p, party=party, closed=closed):
            found = there(p, "--at", day, party=party)
            check(found == {"alpha": {**ALPHA, **alpha}, "beta": {**BETA, **beta}, **closed}, day, found)
        moved = {"lat": "39.5", "lon": "125.5"}
        expect("2018-10-08", {}, {})
        expect("2018-11-01", {}, {})
        expect("2018-11-02", moved, {})
        expect("2018-11-03", moved, {"name": "A garage"})
        expect("2018-11-04", moved, {"name": "A garage"})
        expect("2018-11-05", moved, {"name": "The garage"})
        check(there(p, "--at", "2018-10-07", party=party) == {}, "it was there before it was declared")
        # As known before anything was notified.
        known = there(p, "--at", "2018-11-05", "--as-known", "2018-11-04", party=party)
        check(known == {"alpha": ALPHA, "beta": BETA, **closed}, known)
    # What was opened on the 10th was not known on the 9th to those who opened nothing.
    check(there(p, "--at", "2018-11-05", "--as-known", "2018-10-09") == {}, "known before it was opened")
    check(len(there(p, "--at", "2018-11-05", "--as-known", "2018-10-09", party="dprk")) == 5, "one's own rows are known")


@case
def corrections_count_from_the_declaration(folder):
    del folder
    p = process()
    p.clock("2018-11-05T06:00:00Z")
    moved = entry(notify(p, "id,lat\nalpha,39.5\n", "moved", "--date", "2018-11-02"))
    p.clock("2018-11-10T06:00:00Z")
    notify(p, "id,lat\nalpha,39.15\n", "corrected")
    p.clock("2018-11-12T06:00:00Z")
    notify(p, "id,lat\nalpha,39.55\n", "corrected", "--ref", str(moved))
    def lat(at, known):
        return there(p, "--at", at, "--as-known", known)["alpha"]["lat"]
    check([lat("2018-10-20", k) for k in ("2018-11-04", "2018-11-09", "2018-11-11", "2018-11-13")] ==
          ["39.1", "39.1", "39.15", "39.15"], "the declaration")
    check([lat("2018-11-03", k) for k in ("2018-11-04", "2018-11-09", "2018-11-11", "2018-11-13")] ==
          ["39.1", "39.5", "39.5", "39.55"], "the notification")
    told = items(p)["alpha"]
    check([(e["what"], e["from"]) for e in told["history"]] ==
          [("declared", "2018-10-08"), ("opened", "2018-10-08"), ("moved", "2018-11-02"), ("corrected", "2018-10-08"),
           ("corrected", "2018-11-02")], told["history"])
    check(told["history"][4]["corrects"] == moved and told["contradictions"] == [], told)
    text = p.run("usa", "inventory", "--item", "alpha").out
    check("lat: 39.1 → 39.15" in text and f"of act {moved}, always so: lat: 39.5 → 39.55" in text, text)


@case
def what_is_new_and_what_ends(folder):
    del folder
    p = process()
    p.clock("2018-11-05T06:00:00Z")
    notify(p, "id,name,lat,lon\nzeta,New,39 47 44 N,125 45 18 E\neta,Newer,,\n", "new")
    check(there(p)["zeta"] == {"id": "zeta", "name": "New", "lat": "39.795555556", "lon": "125.755"}, there(p)["zeta"])
    check(there(p)["eta"] == {"id": "eta", "name": "Newer", "lat": "", "lon": ""}, there(p)["eta"])
    p.clock("2018-11-07T06:00:00Z")
    notify(p, "id,lat\nzeta,40\n", "moved")
    notify(p, "id\nbeta\nzeta\n", "eliminated", "--date", "2018-11-08")
    check(there(p, "--at", "2018-11-07")["zeta"]["lat"] == "40", there(p))
    check(set(there(p, "--at", "2018-11-07")) == {"alpha", "beta", "zeta", "eta"}, there(p))
    check(set(there(p, "--at", "2018-11-08")) == {"alpha", "eta"}, there(p, "--at", "2018-11-08"))
    check(set(there(p, "--at", "2018-11-04")) == {"alpha", "beta"}, there(p))
    p.clock("2018-11-09T06:00:00Z")
    check("eliminated:\n" in p.run("usa", "inventory").out, "they stand apart")
    again = notify(p, "id,name\nzeta,Again\n", "new", code=USAGE)
    again.complains("zeta", "its identifier never comes back")
    notify(p, "id,lat\nbeta,40\n", "moved", code=USAGE).complains("beta: it was eliminated by act")
    notify(p, "id,name\ngamma,Used\n", "new", code=USAGE).complains("the identifier is used already")
    notify(p, "id,name\ntheta,Third\n", "new")
    numbers = {i["id"]: i["place"].get("number") for i in items(p).values()}
    check(numbers == {"alpha": None, "beta": None, "zeta": 1, "eta": 2, "theta": 3}, numbers)


@case
def every_form_of_the_file_says_the_same(folder):
    del folder
    feature = {"type": "Feature", "id": "alpha", "geometry": {"type": "Point", "coordinates": [125.75, 39.5]}, "properties": {}}
    files = {"a.csv": "id,lat,lon\nalpha,39.5,125.75\n", "b.csv": "tranche;id;name;lat;lon\n1;alpha;First place;39.5;125.75\n",
             "c.yaml": "- id: alpha\n  lat: \"39.5\"\n  lon: \"125.75\"\n", "d.geojson": json.dumps(feature)}
    found = []
    for number, (name, text) in enumerate(files.items()):
        p = process(f"form{number}")
        notify(p, text, "moved", "--date", "2018-10-10", name=name)
        entries, _ = read_store(p.ledger)
        digest = headers(next(e for e in entries if b"\nact: notify\n" in e))["attachment"][0].split(" ")[0]
        content = json.loads(read(os.path.join(p.ledger, "attachments", digest)))
        content["items"][0].pop("declared")
        content["items"][0].pop("row")  # rows were shuffled
        found.append(content)
        check(there(p)["alpha"]["lon"] == "125.75", name)
    wanted = {"lockstep": "notification v1", "declaration": "sites", "change": "moved", "date": "2018-10-10",
              "items": [{"id": "alpha", "tranche": 1, "fields": {"lat": ["39.1", "39.5"], "lon": ["125.1", "125.75"]}}]}
    check(all(content == wanted for content in found), found)


@case
def what_can_not_be_notified(folder):
    del folder
    p = process()
    refused = [
        ("id,lat\ngamma,40\n", "moved", "its row is closed", "padded supplement"),
        ("id\ngamma\n", "eliminated", "its row is closed", "padded supplement"),
        ("id,lat\nomega,40\n", "moved", "there is no such item", "--change new"),
        ("id,name\nalpha,Moved\n", "moved", "name does not change by moving", "--change changed"),
        ("id,lat\nalpha,40\n", "changed", "lat says where it is", "--change moved"),
        ("id,lat\nalpha,40\n", "converted", "lat says where it is", "--change moved"),
        ("id,lat\nalpha,39.1\n", "moved", "nothing in it differs", "how rows are now"),
        ("id,latt\nalpha,40\n", "moved", "no field \"latt\"", "was lat meant?"),
        ("lat\n40\n", "moved", "which item is it?", "in the column id"),
        ("id,lat\nalpha,40\nalpha,41\n", "moved", "stands here twice", ""),
        ("id,lat\n", "moved", "there are no rows in it", ""),
        ("id,lat\nalpha,40\n", "lost", "no such kind of change", "moved, converted"),
        ("id,name\nalpha,Again\n", "new", "the identifier is used already", "--change changed"),
    ]
    before = len(p.log())
    for text, change, why, hint in refused:
        notify(p, text, change, code=USAGE).complains(why, hint)
    early = notify(p, "id,lat\nalpha,40\n", "moved", "--date", "2018-10-01", code=USAGE)
    early.complains("on 2018-10-01 it was not declared yet", "--change corrected")
    notify(p, "id,lat\nalpha,40\n", "moved", "--date", "soon", code=USAGE).complains("is not a date")
    notify(p, "id,lat\nalpha,40\n", "moved", "--ref", "9", code=USAGE).complains("--ref is for --change corrected")
    notify(p, "id,lat\nalpha,40\n", "corrected", "--ref", "4", code=USAGE).complains("act 4 is no notification")
    notify(p, "- [id]\n", "moved", name="list.yaml", code=USAGE).complains("list.yaml:1:", "a list of rows")
    notify(p, "- {id: alpha, lat: [1]}\n", "moved", name="list.yaml", code=USAGE).complains("a field has one value")
    notify(p, "id,lat\nalpha,40\n", "moved", party="usa", code=USAGE).complains("no such declaration by this party")
    moved = entry(notify(p, "id,lat\nalpha,40\n", "moved"))
    notify(p, "id,lat\nbeta,40\n", "corrected", "--ref", str(moved), code=USAGE).complains("does not say anything of it")
    check(len(p.log()) == before + 1, "something of it was filed")
    p.run("usa", "inventory", "none", code=USAGE).complains("the accord has no such declaration")
    p.run("usa", "inventory", "--item", "omega", code=USAGE).complains("no item with the identifier")
    p.run("usa", "inventory", "--csv", "--json", code=USAGE)


@case
def a_file_of_the_whole_inventory_says_what_differs(folder):
    """Rows that are as they were are no part of it, closed ones neither."""
    del folder
    p = process()
    text = read(p.path("sites.csv")).decode().replace("39.2,125.2", "39.3,125.2")
    notify(p, text, "moved").says("4 rows of the file are as on the record", "beta  lat    39.2    39.3")
    entries, _ = read_store(p.ledger)
    digest = headers(next(e for e in entries if b"\nact: notify\n" in e))["attachment"][0].split(" ")[0]
    content = read(os.path.join(p.ledger, "attachments", digest))
    check([i["id"] for i in json.loads(content)["items"]] == ["beta"], content)


@case
def closed_rows_change_by_a_supplement(folder):
    del folder
    p = process()
    p.clock("2018-11-05T06:00:00Z")
    write(p.path("more.csv"), "tranche,id,name,lat,lon\n2,gamma,Third place,41,126\n")
    p.run("dprk", "declare", "--inventory", p.path("more.csv"), "--backup", p.path("more"), "--yes")
    check(there(p, "--at", "2018-11-04", party="dprk")["gamma"]["lat"] == "39.3", "before")
    check(there(p, "--at", "2018-11-05", party="dprk")["gamma"]["lat"] == "41", "after")
    told = items(p, party="dprk")["gamma"]
    check([e["what"] for e in told["history"]] == ["declared", "declared"] and told["closed"], told)
    check("gamma" not in items(p), "a closed row shows")


@case
def one_after_the_other(folder):
    """While a notification waits, another one would be built upon what is not on the record yet."""
    del folder
    p = process()
    notify(p, "id,name\nzeta,New\n", "new", "--as", "dprk-1").says("dprk-2")
    notify(p, "id,name\neta,Newer\n", "new", code=USAGE).complains("still waits to be filed", "lockstep outbox")
    draft, = (n for n in os.listdir(p.path("dprk", "outbox")) if n.endswith(".lockstep"))
    shown = p.run("dprk", "sign", p.path("dprk", "outbox", draft), "--yes")
    check("notify" in shown.out, shown)
    notify(p, "id,name\neta,Newer\n", "new")
    check({i["id"]: i["place"].get("number") for i in items(p).values()}["eta"] == 2, items(p))


# Audiences.

INSPECTORS = "audiences:\n  inspectors: [usa]\n"
SHOWN = """    audiences:
      - {name: process, fields: [id]}
      - {name: inspectors, fields: all}
    tranches:
"""


def with_audiences(shown=SHOWN):
    p = Process(".")
    p.draft_charter()
    charter = read(p.path("charter.yaml")).decode().rstrip("\n") + "\n"
    write(p.path("charter.yaml"), charter + INSPECTORS)
    write(p.path("roadmap.yaml"), ROADMAP.replace("    tranches:\n", shown, 1))
    p.sign_charter().sign_accord()
    p.declare()
    p.run("usa", "confirm", "declare-sites", "--yes")
    p.run("dprk", "open", "--tranche", "1", "--yes")
    return p


def traces(text, *folders):
    """Files in which a text stands, as it is, in base64 or in hex."""
    raw = text.encode()
    check(len(raw) > 6, "too short to be told from chance:", text)
    forms = [raw, raw.hex().encode()] + [base64.b64encode(b"x" * i + raw)[4:-4] for i in range(3)]
    return [os.path.join(place, name) for folder in folders for place, _, names in os.walk(folder) for name in names
            if any(form in read(os.path.join(place, name)) for form in forms)]


@case
def each_audience_gets_what_it_is_shown(folder):
    del folder
    p = with_audiences()
    moved = notify(p, "id,lat\nalpha,39.123456\n", "moved")
    check("The South" not in moved.out, "who is not shown coordinates is told nothing:", moved)
    notify(p, "id,name,lat,lon\nzeta,Secret name,40.654321,120\n", "new")
    notify(p, "id\nbeta\n", "eliminated")
    p.run("usa", "inbox")
    usa, rok = there(p), there(p, party="rok")
    check(usa["alpha"]["lat"] == "39.123456" and usa["zeta"]["name"] == "Secret name" and "beta" not in usa, usa)
    check(rok == {"alpha": {"id": "alpha"}, "zeta": {"id": "zeta"}}, rok)
    for secret in ("39.123456", "Secret name", "40.654321"):
        check(traces(secret, p.path("usa"), p.path("dprk")), "nobody has it")
        check(not traces(secret, p.path("rok"), p.ledger), secret, traces(secret, p.path("rok"), p.ledger))
    check(items(p)["alpha"]["contradictions"] == items(p, party="rok")["zeta"]["contradictions"] == [], "contradictions")
    p.run("usa", "inventory", "--csv").says("zeta,Secret name,40.654321,120")
    shown = p.run("rok", "inventory", "--csv")
    check(table(shown.out)[0] == {"id": "alpha", "name": "", "lat": "", "lon": ""}, shown)
    shown.complains("6 values that are not shown")


@case
def who_is_not_shown_the_identifier(folder):
    """Items are told apart by row and by number."""
    del folder
    p = with_audiences(SHOWN.replace("[id]", "[name]"))
    notify(p, "id,name,lat\nzeta-of-the-hills,New one,40\n", "new")
    notify(p, "id,name\nzeta-of-the-hills,Renamed\nalpha,Renamed too\n", "changed")
    found = p.run("rok", "inventory", "--json").json()["items"]
    check(sorted(i["values"]["name"] for i in found) == ["Renamed", "Renamed too", "Second, with a comma"], found)
    check(all("id" not in i["values"] and i["contradictions"] == [] for i in found), found)
    check(not traces("zeta-of-the-hills", p.path("rok"), p.ledger), traces("zeta-of-the-hills", p.path("rok"), p.ledger))


@case
def a_row_that_only_one_audience_was_shown(folder):
    """A row of a closed tranche, opened alone: whoever was not shown it learns nothing of its changes."""
    del folder
    p = with_audiences()
    p.run("dprk", "open", "--row", "gamma", "--audience", "inspectors", "--yes")
    notify(p, "id,lat\ngamma,41.424344\n", "moved")
    notify(p, "id\ngamma\n", "eliminated")
    p.run("usa", "inbox")
    check(items(p)["gamma"]["stage"] == "eliminated" and items(p)["gamma"]["values"]["lat"] == "41.424344", items(p))
    check("gamma" not in items(p, party="rok"), items(p, party="rok"))
    for secret in ("41.424344",):
        check(not traces(secret, p.path("rok"), p.ledger), traces(secret, p.path("rok"), p.ledger))


# Contradictions: by a declarer with another program.

def craft(p, party, signers, kind, header, files):
    """A chained act with these files, signed with the party's own keys, whatever it says."""
    entries, checkpoint = read_store(p.ledger)
    mine = [e for e in entries if f"\nby: {party}\n".encode() in e and b"\nseq: " in e]
    accord = hashlib.sha256(note_text(next(e for e in entries if b"\nact: accord\n" in e))).hexdigest()
    size, root = checkpoint.split(b"\n")[1:3]
    covered = headers(entries[-1])["time"][0]
    lines = ["lockstep exercise act v1", f"act: {kind}", f"process: {hashlib.sha256(note_text(entries[0])).hexdigest()}",
             f"accord: {accord}", f"by: {party}", f"signers: {signers}", f"seq: {len(mine) + 1}",
             f"prev: {hashlib.sha256(note_text(mine[-1])).hexdigest()}", f"head: {size.decode()} {root.decode()}",
             f"at: {covered}", f"expires: {covered[:8]}28T00:00:00Z", *header]
    members = []
    for name, content in files:
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"attachment: {digest} process {len(content)} application/json {name}")
        members.append((f"attachments/{digest}", content))
    write("crafted.lockstep", bundle("draft", [("act.note", "\n".join(lines).encode() + b"\n"), *members]))
    return p.run(party, "sign", "crafted.lockstep", "--yes")


def canonical(value):
    """RFC 8785, as far as these values go."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def lie(p, change, day, *content, lines=None):
    """A notification that nobody checked; content: items, or files as they stand."""
    if isinstance(content[0], dict):
        content = (canonical({"change": change, "date": day, "declaration": "sites", "items": list(content),
                              "lockstep": "notification v1"}),)
    files = [("change.json" if not i else f"change-{i}.json", c) for i, c in enumerate(content)]
    return craft(p, "dprk", "dprk-1 dprk-2", "notify", lines or [f"change: {change}", "declaration: sites"], files)


def place(p, name):
    return items(p)[name]["place"]


def verify(p, *more, code=OK):
    p.run("usa", "export", "record.lockstep") if not os.path.exists("record.lockstep") else None
    result = run("verify", "record.lockstep", "--charter", p.fingerprint(), *more, code=code)
    os.remove("record.lockstep")
    return result


@case
def contradictions_are_shown_with_both_acts(folder):
    del folder
    p = process()
    alpha = {**place(p, "alpha"), "id": "alpha"}
    verify(p)
    first = entry(notify(p, "id,lat\nalpha,39.5\n", "moved"))
    lie(p, "moved", "2018-10-11", {**alpha, "fields": {"lat": ["39.1", "39.6"]}})
    lied = p.log()[-1]["index"]
    told = items(p, "--at", "2018-10-12")["alpha"]
    conflict, = told["contradictions"]
    check((conflict["act"], conflict["against"], conflict["said"], conflict["known"]) == (lied, first, "39.1", "39.5"), told)
    check(told["values"]["lat"] == "39.6", "its author's last word is followed")
    text = p.run("usa", "inventory", "--at", "2018-10-12").out
    check(f"contradiction: alpha: act {lied} says that lat was \"39.1\", and act {first} has \"39.5\"" in text, text)
    check("contradictory" in text, text)
    verify(p).says("CONTRADICTS: of alpha it says that lat was", f"act {first} has")
    # Even in a list of its own rows its author can't go on as if nothing were.
    mine = items(p, "--at", "2018-10-12", party="dprk")["alpha"]
    check(mine["contradictions"] == told["contradictions"], mine)


@case
def every_kind_of_contradiction(folder):
    del folder
    p = process()
    alpha, beta = ({**place(p, n), "id": n} for n in ("alpha", "beta"))
    row = {k: v for k, v in alpha.items() if k != "id"}
    def kinds(name, *more):
        return [c["kind"] for c in items(p, "--at", "2018-12-31", *more).get(name, {"contradictions": []})["contradictions"]]
    lie(p, "changed", "2018-10-11", {**row, "id": "other", "fields": {"name": ["First place", "x"]}})
    check(kinds("alpha") == ["identifier"], kinds("alpha"))
    lie(p, "changed", "2018-10-12", {**alpha, "fields": {"lat": ["39.1", "40"]}})
    lie(p, "moved", "2018-10-13", {**alpha, "fields": {"name": ["x", "y"]}})
    check(kinds("alpha")[1:] == ["kind of change"] * 2, kinds("alpha"))
    lie(p, "moved", "2018-10-01", {**beta, "fields": {"lat": ["39.2", "41"]}})
    check(kinds("beta") == ["before its beginning"], kinds("beta"))
    lie(p, "new", "2018-10-14", {"number": 1, "id": "beta", "fields": {"name": ["z"]}})
    check(kinds("beta")[1:] == ["identifier used before"], kinds("beta"))
    lie(p, "eliminated", "2018-10-15", beta)
    lie(p, "changed", "2018-10-16", {**beta, "fields": {"name": ["Second, with a comma", "w"]}})
    check(kinds("beta")[2:] == ["after elimination"], kinds("beta"))
    lie(p, "moved", "2018-10-16", {"number": 9, "id": "ghost", "fields": {"lat": ["1", "2"]}})
    check(kinds("ghost") == ["unknown item"], kinds("ghost"))
    file = {"change": "changed", "date": "2018-10-17", "declaration": "sites", "lockstep": "notification v1"}
    two = [canonical({**file, "items": [{**alpha, "fields": {"name": ["y", new]}}]}) for new in ("one", "two")]
    lie(p, "changed", "2018-10-17", *two)
    check("audiences" in kinds("alpha"), kinds("alpha"))
    lie(p, "corrected", "2018-10-18", {"number": 7, "id": "phantom", "fields": {"lat": ["1", "2"]}})
    check(kinds("phantom") == ["unknown item", "nothing to correct"], kinds("phantom"))
    check(verify(p).out.count("CONTRADICTS") == 10, "verification tells others")


@case
def notifications_that_are_none(folder):
    """What is in no such form, or is not what its act says, says nothing, and verification fails."""
    del folder
    p = process()
    alpha = {**place(p, "alpha"), "id": "alpha"}
    moved = {"change": "moved", "date": "2018-10-11", "declaration": "sites", "lockstep": "notification v1",
             "items": [{**alpha, "fields": {"lat": ["39.1", "47"]}}]}
    def text(**changed):
        return canonical({**moved, **changed})
    wrong = [(text() + b"\n", "not canonical JSON"), (text(declaration="other"), "another declaration"),
             (text(change="changed"), "another kind of change"),
             (text(items=[{**alpha, "fields": {"height": ["1", "2"]}}]), "a field that the declaration does not have"),
             (text(items=[{**alpha, "fields": {"id": ["alpha", "b"]}}]), "changes an identifier"),
             (text(items=[]), "no items")]
    for number, (content, why) in enumerate(wrong):
        if number:
            p = process(f"again{number}")
            content = content.replace(alpha["declared"].encode(), place(p, "alpha")["declared"].encode())
        lie(p, "moved", "2018-10-11", content)
        check(there(p)["alpha"] == ALPHA, why)
        p.run("usa", "inventory").says("not to be believed", why)
        verify(p, code=INVALID).says("its notification does not hold", why)
    p = process("dated")
    content = text(items=[{**place(p, "alpha"), "id": "alpha", "fields": {"lat": ["39.1", "47"]}}])
    lie(p, "moved", "2018-10-11", content, lines=["date: 2018-10-12", "change: moved", "declaration: sites"])
    p.run("usa", "inventory").says("not to be believed", "another date than its act")


# Contests.

@case
def contests(folder):
    del folder
    p = process()
    moved = entry(notify(p, "id,lat\nalpha,39.5\n", "moved", "--date", "2018-10-10"))
    p.run("usa", "contest", str(moved), "--yes", code=USAGE).complains("says why it contests")
    p.run("dprk", "contest", str(moved), "--text", "x", "--yes", code=INVALID)  # its own
    p.run("usa", "contest", "2", "--text", "x", "--yes", code=INVALID)  # an accord
    p.run("usa", "contest", "0", "--text", "x", "--yes", code=USAGE).complains("belongs to no accord")
    contested = entry(p.run("usa", "contest", str(moved), "--text", "It stands where it stood.", "--yes"))
    p.run("rok", "contest", "4", "--text", "It lacks the bases.", "--yes")
    log = {e["index"]: e["contested"] for e in p.log()}
    check([i for i, c in log.items() if c] == [4, moved], log)
    p.run("usa", "log").says("notify (contested)", "declare (contested)")
    p.run("rok", "show", str(moved)).says(f"contested by usa in act {contested}: It stands where it stood.")
    check(p.run("rok", "show", str(moved), "--json").json()["contests"][0]["by"] == "usa", "show")
    for party in p.PARTIES:
        check(items(p, party=party)["alpha"]["contested"] and not items(p, party=party)["beta"]["contested"], party)
        p.run(party, "inventory").says(f"act {moved} (notify) is contested by usa in act {contested}: It stands",
                                       "act 4 (declare) is contested by rok", "contested")
    check(there(p)["alpha"]["lat"] == "39.5", "a contest changes nothing")
    p.run("usa", "withdraw", str(contested), "--yes")
    check(not items(p)["alpha"]["contested"] and "contested by usa" not in p.run("usa", "show", str(moved)).out, "withdrawn")
    p.run("usa", "inventory").says("act 4 (declare) is contested by rok")


# Freezes.

INSPECTED = """\
rights:
  - {id: rounds, of: usa, what: draw rows to inspect, paragraph: p1, quota: 2 per year, from: in force}
  - {id: visits, of: usa, what: visit sites, paragraph: p1, quota: 4 per year, from: in force}
inspections:
  - id: baseline
    title: Baseline
    paragraph: p1
    of: dprk
    by: usa
    declaration: sites
    draws: {right: rounds, rows: 8, replacements: 0, commit: 2 days, reveal: 2 days, open: 5 days}
    visits: {right: visits, notice: 24 hours, repeat: 2 hours, lasts: 10 days, report: 15 days}
"""


@case
def movements_under_a_freeze(folder):
    del folder
    p = process(roadmap=ROADMAP + INSPECTED)
    alpha, beta = place(p, "alpha"), place(p, "beta")
    # All rows of the tranche come out, whatever the lot.
    p.run("usa", "draw", "baseline", "--rows", "8", "--tranche", "1", "--yes")
    draw = p.log()[-1]["index"]
    for party, step in (("usa", "commit"), ("dprk", "commit"), ("dprk", "reveal"), ("usa", "reveal")):
        p.run(party, "draw", step, "--yes")
    p.clock("2018-10-12T06:00:00Z")
    p.run("usa", "visit", str(draw), "--row", f"1/{alpha['row']}", "--yes")
    visit = p.log()[-1]["index"]
    p.clock("2018-10-12T12:00:00Z")
    p.run("dprk", "admit", str(visit), "--yes")
    frozen = notify(p, "id,lat\nalpha,39.5\nbeta,39.6\n", "moved")
    frozen.says(f"warning: the visit of act {visit} has frozen the site of alpha")
    check("site of beta" not in frozen.out, frozen)
    moved = entry(frozen)
    told = items(p)
    check(told["alpha"]["history"][-1]["frozen_by_visit"] == visit, told["alpha"])
    check("frozen_by_visit" not in told["beta"]["history"][-1], told["beta"])
    p.run("usa", "inventory").says("moved under a freeze", f"alpha, by act {moved}, while the visit of act {visit}")
    p.run("usa", "inventory", "--item", "alpha").says(f"act {moved} moved it while the visit of act {visit} froze its site")
    check("freeze" not in p.run("usa", "inventory", "--item", "beta").out, "beta was not frozen")
    # When the inspectors have left, it may be moved.
    p.clock("2018-10-13T06:00:00Z")
    p.run("usa", "enter", str(visit), "--yes")
    p.clock("2018-10-14T06:00:00Z")
    p.run("usa", "leave", str(visit), "--yes")
    p.clock("2018-10-20T06:00:00Z")
    after = notify(p, "id,lat\nalpha,39.7\n", "moved")
    check("warning" not in after.out, after)
    check("frozen_by_visit" not in items(p)["alpha"]["history"][-1], items(p)["alpha"])
    # By its day: what is only said later to have been moved then.
    late = notify(p, "id,lat\nalpha,39.75\n", "corrected")
    check("warning" not in late.out, "a correction moves nothing")
    check(beta["row"] != alpha["row"], "rows")


# From the sources.

def shared(*names):
    path = os.path.join(SHARED or "", "data", *names)
    if not SHARED or not os.path.exists(path):
        raise Skip(f"{names[-1]} is not here")
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


DECLARATION = """\
  - name: {name}
    by: {by}
    fields: [{fields}]
    id: {id}
    tranche: tranche
    latitude: {lat}
    longitude: {lon}
    row-bytes: {bytes}
    tranches:
      - {{label: "1", rows: {rows}}}
"""


def declaring(*declarations, folder="."):
    """A process in which the parties declare these: (name, by, id, latitude, longitude, rows as maps)."""
    p = Process(folder)
    texts = []
    for name, by, key, lat, lon, rows in declarations:
        fields = list(rows[0])
        size = 4 * len(fields) + max(len("".join(r.values()).encode()) for r in rows)
        texts.append(DECLARATION.format(name=name, by=by, fields=", ".join(f"\"{f}\"" for f in fields), id=key, lat=lat, lon=lon,
                                        bytes=size, rows=len(rows) + 10))
        write(p.path(f"{name}.csv"), as_csv([{"tranche": "1", **r} for r in rows]))
    write(p.path("roadmap.yaml"), ROADMAP.replace("pledges:\n", "".join(texts) + "pledges:\n", 1))
    p.build()
    for name, by, *_ in declarations:
        p.run(by, "declare", "--inventory", p.path(f"{name}.csv"), "--backup", p.path(f"{name}.backup"), "--declaration", name, "--yes")
        p.run(by, "open", "--tranche", "1", "--declaration", name, "--yes")
    return p


def as_csv(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def decimal_degrees(text):
    """Degrees, minutes and seconds as the notes have them, as a decimal with at most nine digits behind the point."""
    parts = re.findall(r"[0-9]+", text)
    value = sum(fractions.Fraction(int(n), 60 ** i) for i, n in enumerate(parts)) * (-1 if text.strip()[-1] in "SW" else 1)
    return decimal(round(value * 10 ** 9))


def decimal(scaled):
    whole, rest = divmod(abs(scaled), 10 ** 9)
    return ("-" if scaled < 0 else "") + (f"{whole}.{rest:09d}".rstrip("0").rstrip("."))


MOU = ("id", "section", "kind", "facility", "latitude", "longitude", "missiles", "launchers", "training missile stages",
       "training stages")


def corrected_values(correction):
    """Fields of the declaration, and what they are to be: as typed, and as they will be known."""
    field, value = correction["field"], correction["corrected_value"]
    if field == "replaced_by":
        name, latitude, longitude = re.match(r"(.+), (\S+ \S+ N) (\S+ \S+ E) ", value).groups()
        return {"facility": (name, name), "latitude": (latitude, decimal_degrees(latitude)),
                "longitude": (longitude, decimal_degrees(longitude))}
    if field == "coordinates":
        latitude, longitude = re.match(r"(.+ N) (.+ E)$", value).groups()
        return {"latitude": (latitude, decimal_degrees(latitude)), "longitude": (longitude, decimal_degrees(longitude))}
    return {field: (value, decimal_degrees(value) if field in ("latitude", "longitude") else value)}


def memorandum(corrections):
    """A list as it could have been declared. An exercise: the notes say what is right and, but for Aralsk's place, not
    what stood there before, so that the wrong values here are invented. Returns rows by identifier, and for each of them
    the corrections."""
    rows, wanted = {}, {}
    for c in corrections:
        key = re.sub("[^a-z0-9]+", "-", f"{c['mou_section']} {c['facility_kind']} {c['facility']}".lower()).strip("-")
        row = rows.setdefault(key, {**dict.fromkeys(MOU, ""), "id": key, "section": c["mou_section"],
                                    "kind": c["facility_kind"], "facility": c["facility"], "latitude": "46.833333333",
                                    "longitude": "61.3", "missiles": "1", "launchers": "1"})
        for field, (typed, known) in corrected_values(c).items():
            if field not in ("facility",):
                row[field] = {"latitude": "46.833333333", "longitude": "61.3"}.get(field, str(int(known) + 3) if known.isdigit() else "")
            wanted.setdefault(key, {})[field] = (row[field], typed, known)
    return rows, wanted


@case
def the_corrections_of_1988(folder):
    """The 17 corrections to the memorandum of the INF treaty that its notes of May 1988 list."""
    del folder
    corrections = shared("treaty", "inf_mou_corrections_1988.csv")
    check(len(corrections) == 17, len(corrections))
    lists = {"usa": memorandum([c for c in corrections if c["party"] == "US"]),
             "dprk": memorandum([c for c in corrections if c["party"] == "USSR"])}  # whose part the North plays here
    check(sum(len(fields) for _, wanted in lists.values() for fields in wanted.values()) == 17 + 1 + 2, "two of them are of several fields")
    p = declaring(*((f"mou-{by}", by, "id", "latitude", "longitude", list(rows.values())) for by, (rows, _) in lists.items()))
    p.clock("2018-10-20T06:00:00Z")
    acts = {}
    for by, (_, wanted) in lists.items():
        text = "".join(json.dumps({"id": key, **{f: typed for f, (_, typed, _) in fields.items()}}, ensure_ascii=False) + "\n"
                       for key, fields in wanted.items())
        rows = "".join("- " + line + "\n" for line in text.splitlines())
        acts[by] = entry(notify(p, rows, "corrected", "--declaration", f"mou-{by}", party=by, name=f"{by}.yaml"))
    compared = 0
    for by, (declared, wanted) in lists.items():
        reader = "rok"
        before = there(p, f"mou-{by}", "--at", "2018-10-10", "--as-known", "2018-10-19", party=reader)
        check(before == declared, "as known before")
        now = items(p, f"mou-{by}", "--at", "2018-10-10", party=reader)
        for key, fields in wanted.items():
            correction = now[key]["history"][-1]
            check(correction["what"] == "corrected" and correction["act"] == acts[by] and correction["from"] == "2018-10-08", correction)
            check({c["field"]: (c["before"], c["after"]) for c in correction["changes"]} ==
                  {f: (old, known) for f, (old, _, known) in fields.items()}, key, correction)
            check(now[key]["values"] == {**declared[key], **{f: known for f, (_, _, known) in fields.items()}}, key)
            check(now[key]["contradictions"] == [], key)
            compared += len(fields)
    check(compared == 20, compared)
    told = p.run("rok", "inventory", "mou-dprk", "--item", next(k for k in lists["dprk"][0] if "aralsk" in k)).out
    check("facility: Aralsk → Kapustin Yar" in told and "46.833333333 → 48.766666667" in told, told)


@case
def the_dispute_over_101_units(folder):
    """Claims of 1 March 2022 against what the United States declared under New START, as contests."""
    del folder
    claims = shared("treaty", "newstart_dispute_2022-03-01.csv")
    totals, = (r for r in shared("treaty", "newstart_aggregates.csv") if list(r.values())[:2] == ["2022-03-01", "US"])
    numbers = list(totals.values())[2:5]
    names = ("deployed delivery vehicles", "warheads", "launchers")
    rows = [{"id": f"total-{i}", "what": name, "lat": "", "lon": "", "count": n} for i, (name, n) in enumerate(zip(names, numbers))]
    p = declaring(("aggregates", "usa", "id", "lat", "lon", rows))
    declared = next(e["index"] for e in p.log() if e["kind"] == "declare")
    for claim in claims[:-1]:
        p.run("dprk", "contest", str(declared), "--text", f"{claim['item']}: {claim['units']} units", "--yes")
    def claimed():
        found = p.run("rok", "show", str(declared), "--json").json()["contests"]
        return [(c["act"], int(re.search(r": (\d+) units", c["text"])[1])) for c in found]
    units = claimed()
    check(claims[-1]["item"].startswith("total") and sum(n for _, n in units) == int(claims[-1]["units"]) == 101, units)
    check([n for _, n in units] == [56, 41, 4], units)
    shown = p.run("rok", "inventory", "aggregates", "--json").json()
    check(sorted(int(i["values"]["count"]) for i in shown["items"]) == sorted(map(int, numbers)), "a contest changes nothing")
    launchers = next(int(i["values"]["count"]) for i in shown["items"] if i["values"]["what"] == "launchers")
    check(launchers == 800 and launchers + sum(n for _, n in units) == 901, launchers)
    p.run("rok", "inventory", "aggregates").says(*(f"act {declared} (declare) is contested by dprk" for _ in units))
    p.run("dprk", "withdraw", str(units[2][0]), "--yes")
    check(sum(n for _, n in claimed()) == 97, "what was withdrawn does not count")


PLACES = ("Latitude", "Longitude")


def differences(before, after):
    """What an inspectorate would be told: rows as they are now, by kind of change; and how many changed at all."""
    old = {r["Id"]: r for r in before}
    new = [r for r in after if r["Id"] not in old]
    both = [(old[r["Id"]], r) for r in after if r["Id"] in old]
    moved = [b for a, b in both if any(a[f] != b[f] for f in PLACES)]
    changed = [b for a, b in both if any(a[f] != b[f] for f in b if f not in PLACES)]
    check({r["Id"] for r in after} >= set(old), "some are gone")
    return new, moved, changed, sum(a != b for a, b in both)


def tell(p, new, moved, changed, day):
    for rows, change, fields in ((moved, "moved", ("Id", *PLACES)), (new, "new", None),
                                 (changed, "changed", [f for f in (changed or [{}])[0] if f not in PLACES])):
        if rows:
            part = [{f: r[f] for f in (fields or r)} for r in rows]
            notify(p, as_csv(part), change, "--date", day, "--declaration", "plants")


@case
def power_plants_from_version_to_version(folder):
    """Changes of a real list between three of its versions, notified: at each date it is that version, row by row."""
    del folder
    first, second, last = (shared("nuclear", f"geonuclear_plants{v}.csv") for v in ("_2022-12-30", "_2023-08-28", ""))
    p = declaring(("plants", "dprk", "Id", *PLACES, first))
    p.clock("2018-10-28T06:00:00Z")
    steps = [(differences(first, second), "2018-10-20"), (differences(second, last), "2018-10-27")]
    check([(len(new), count) for (new, _, _, count), _ in steps] == [(2, 51), (1, 13)], "the versions are others")
    for (new, moved, changed, _), day in steps:
        tell(p, new, moved, changed, day)
    def rows(*more, party="usa"):
        return sorted(table(p.run(party, "inventory", "plants", *more, "--csv").out), key=lambda r: int(r["Id"]))
    def version(v):
        return sorted(v, key=lambda r: int(r["Id"]))
    for party in ("usa", "dprk"):
        check(rows("--at", "2018-10-19", party=party) == version(first), "the first")
        check(rows("--at", "2018-10-20", party=party) == version(second), "the second")
        check(rows("--at", "2018-10-26", party=party) == version(second), "the second")
        check(rows(party=party) == version(last), "the last")
    check(rows("--as-known", "2018-10-10") == version(first), "as known before")
    write("last.csv", as_csv(last))
    write("shown.csv", p.run("rok", "inventory", "plants", "--csv").out)
    compared = run("inventory", "compare", "last.csv", "shown.csv", "--key", "Id", "--json").json()
    check((compared["added"], compared["removed"], compared["changed"], compared["same"]) == ([], [], [], 804), compared)
    check(not any(i["contradictions"] for i in items(p, "plants").values()), "contradictions")


if __name__ == "__main__":
    main()
