#!/usr/bin/env python3
"""Reports from the field: forms filled in rightly, and every wrong one: refused, with its place and what would mend it,
or shown as a contradiction with both sources."""
import hashlib
import json
import math
import os
from fractions import Fraction

from field import MADE, declared, draw, drawn, twin, verify
from lockstep import INVALID, USAGE, case, check, headers, main, read, read_store, write
from world import bundle, unbundle

TODAY = "2018-10-08"
PHOTO, READING = b"\xff\xd8 the gate of building 12", b"dose rate 0.11\n"


def visited(folder="."):
    """A draw of everything; a packet; and notice of a visit to its first site. Place of the visit, the site's row."""
    if "visited" not in MADE:
        p, place = drawn("../visited")
        sites = p.run("usa", "packet", str(place), "--out", p.path("packet"), "--json").json()["sites"]
        p.run("usa", "visit", str(place), "--row", sites[0]["row"], "--yes")
        visit = p.log()[-1]["index"]
        p.run("usa", "packet", str(place), "--out", p.path("packet"), "--force")
        MADE["visited"] = (p, place, visit, [site["row"] for site in sites])
    p, place, visit, rows = MADE["visited"]
    return twin(p, folder), place, visit, rows


def values(p, site=1):
    """Declared values of a site's form."""
    lines = read(p.path("packet", f"report-{site}.yaml")).decode().splitlines()
    names = [json.loads(line.split(": ", 1)[1]) for line in lines if line.startswith("  - name: ")]
    said = [json.loads(line.split(": ", 1)[1]) for line in lines if line.startswith("    declared: ")]
    return dict(zip(names, said))


def fill(p, site=1, name=None, **changes):
    """The form that the packet has for a site, filled in; found values of fields by `found`."""
    text = read(p.path("packet", f"report-{site}.yaml")).decode()
    found = changes.pop("found", {})
    for field, value in values(p, site).items():
        text = text.replace(f"  - name: {json.dumps(field)}\n    declared: {json.dumps(value, ensure_ascii=False)}\n"
                            '    found: "?"', f"  - name: {json.dumps(field)}\n    declared: "
                            f"{json.dumps(value, ensure_ascii=False)}\n    found: {json.dumps(found.get(field, '='))}")
    said = {"inspectors": '["A. Kim", "B. Lee"]', "from": TODAY, "to": TODAY, "finding": "consistent", **changes}
    lines = []
    for line in text.splitlines():
        key = line.split(":")[0]
        if key in said:
            value = said.pop(key)
            if value is None:
                continue
            line = f"{key}: {value}"
        lines.append(line)
    check(not said, said)
    return write(p.path("packet", name or f"filled-{site}.yaml"), "\n".join(lines) + "\n")


def report(p, form, *more, party="usa", code=0):
    return p.run(party, "report", form, "--yes", *more, code=code)


def refused(p, form, *words, party="usa"):
    """It is refused with these words, and nothing is filed."""
    before = len(read_store(p.ledger)[0])
    said = report(p, form, party=party, code=USAGE)
    check(len(read_store(p.ledger)[0]) == before, "it was filed")
    return said.complains(*words)


def last_report(p):
    """The report.json of the last act, as it lies beside the ledger."""
    act = headers([note for note in read_store(p.ledger)[0] if headers(note)["act"] == ["report"]][-1])
    digest = next(a.split(" ")[0] for a in act["attachment"] if a.endswith(" report.json"))
    return act, json.loads(read(os.path.join(p.ledger, "attachments", digest)))


@case
def a_form_becomes_a_report(folder):
    p, _, visit, rows = visited()
    write(p.path("packet", "gate.jpg"), PHOTO)
    os.mkdir(p.path("packet", "readings"))
    write(p.path("packet", "readings", "dose.txt"), READING)
    form = fill(p, counts="[{what: centrifuges, declared: 12, found: 12}]", anomalies='["fresh paint"]',
                seals="[{number: K-1234, state: applied}, {number: 77, state: found intact}]",
                files="[{file: gate.jpg, what: the gate}, {file: readings/dose.txt, what: dose rate}]",
                remarks='"None."')
    report(p, form)
    act, said = last_report(p)
    check(act["finding"] == ["consistent"] and act["ref"] == [said["about"]] and act["by"] == ["usa"], act)
    check(said["lockstep"] == "inspection report v1" and said["row"] == rows[0], said)
    check(said["fields"] == [{"declared": v, "found": v, "name": n} for n, v in values(p).items()], said)
    check(said["counts"] == [{"declared": 12, "found": 12, "what": "centrifuges"}], said)
    check(said["seals"] == [{"number": "K-1234", "state": "applied"}, {"number": "77", "state": "found intact"}], said)
    check(said["files"] == [{"bytes": len(content), "hash": hashlib.sha256(content).hexdigest(), "name": name, "what": what}
                            for content, name, what in ((PHOTO, "gate.jpg", "the gate"),
                                                        (READING, "dose.txt", "dose rate"))], said)
    check(said["inspectors"] == ["A. Kim", "B. Lee"] and said["from"] == said["to"] == TODAY, said)
    check([a.split(" ")[4] for a in act["attachment"]] == ["report.json", "gate.jpg", "dose.txt"], act)
    shown = p.run("rok", "show", str(p.log()[-1]["index"]))
    shown.says("finding    consistent", "fresh paint", "K-1234: applied", "count of centrifuges")
    again = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    check(hashlib.sha256(again).hexdigest() in act["attachment"][0], "not canonical JSON")


@case
def a_form_as_csv(folder):
    p, _, visit, rows = visited()
    write(p.path("gate.jpg"), PHOTO)
    found = values(p)
    lines = ["kind,name,declared,found", f"visit,,,{visit}", f"row,,,{rows[0]}", 'inspector,,,A. Kim',
             f"from,,,{TODAY}", f"to,,,{TODAY}",
             *(f'field,{name},"{value}",{"=" if name != "name" else "another"}' for name, value in found.items()),
             "count,centrifuges,12,11", "seal,K-1,,found broken", "file,gate.jpg,,the gate", "finding,,,discrepancy",
             'remarks,,,"Said: ""no"", twice."']
    report(p, write(p.path("form.csv"), "\r\n".join(lines) + "\r\n"))
    _, said = last_report(p)
    check(said["remarks"] == 'Said: "no", twice.' and said["counts"][0]["found"] == 11, said)
    check([f["found"] for f in said["fields"] if f["name"] == "name"] == ["another"], said)
    wrong = write(p.path("wrong.csv"), "\n".join(lines[:2] + ["sael,K-1,,applied", "row,,", lines[2], lines[2]]) + "\n")
    refused(p, wrong, "wrong.csv:3:1", 'no rows of kind "sael"', "seal", "wrong.csv:4:1", "has 3 columns",
            "row stands here twice", "inspectors")
    refused(p, write(p.path("head.csv"), "kind,name,found,declared\n"), "not the header of a form")
    p.run("usa", "report", "--prepare", p.path("form.csv"), code=USAGE).complains("YAML forms only", "third column")
    lines = [line.replace("gate.jpg,,", f"gate.jpg,{hashlib.sha256(PHOTO + b'!').hexdigest()},") for line in lines]
    refused(p, write(p.path("hashed.csv"), "\n".join(lines) + "\n"), "gate.jpg has changed since its hash was taken")


@case
def all_that_is_wrong_at_once(folder):
    """Each with its line and what would mend it; nothing is filed."""
    p, *_ = visited()
    said = refused(p, p.path("packet", "report-1.yaml"), "no inspector is named", "from must be a date",
                   "to must be a date", "there is no such finding", "consistent, discrepancy, or inconclusive")
    check(said.err.count("error:") >= 4, said)
    form = fill(p, seals="[{number: K-1, state: gone}]", counts="[{what: x, declared: many, found: -1}]", to="2018-10-01",
                files="[{file: absent.jpg, what: x}, {file: 'a b.jpg', what: y}]", finding="fine", report="2")
    refused(p, form, "a seal has no such state", "declared must be a whole number", "found must lie between",
            "they left before they came", "absent.jpg", "can't have the name", "there is no such finding", "report: 1")
    refused(p, write(p.path("bad.yaml"), "report: 1\nvisti: 3\n"), "report has no key 'visti'", "bad.yaml:2:1")
    refused(p, write(p.path("bad.yaml"), "- a\n"), "report")
    p.run("usa", "report", code=USAGE).complains("name a form, or a draw")


@case
def another_site(folder):
    """The form of one site for the visit of another."""
    p, _, visit, rows = visited()
    refused(p, fill(p, 2, visit=str(visit)), "this is not the site that was visited", f"the notice names row {rows[0]}")
    refused(p, fill(p, row=rows[1]), "this is not the site that was visited")
    refused(p, fill(p, row=None), "this is not the site that was visited")
    refused(p, fill(p, row="'0/1'"), "row must be TRANCHE/ROW")


@case
def another_visit(folder):
    p, place, visit, _ = visited()
    refused(p, fill(p, visit=str(place)), "is no visit")
    refused(p, fill(p, visit="4711"), "4711")
    refused(p, fill(p), "takes no part in this visit: usa inspects dprk", party="rok")
    p.run("usa", "withdraw", str(visit), "--yes")
    refused(p, fill(p), "has no effect")


@case
def declared_values_stay(folder):
    """A form in which what was declared was changed, so that all would be consistent."""
    p, *_ = visited()
    form = fill(p)
    name = values(p)["name"]
    text = read(form).decode()
    changed = text.replace(f"declared: {json.dumps(name, ensure_ascii=False)}", 'declared: "A dairy"')
    check(changed != text, text)
    refused(p, write(p.path("changed.yaml"), changed), 'the form says that "A dairy" was declared', f'it is "{name}"')
    more = text.replace("fields:", 'fields:\n  - {name: roof, declared: red, found: red}\n#', 1)
    refused(p, write(p.path("more.yaml"), more), 'no field "roof"')


@case
def findings_follow(folder):
    p, *_ = visited()
    refused(p, fill(p, counts="[{what: centrifuges, declared: 12, found: 11}]"), "consistent does not follow",
            "of centrifuges 12 were declared, and 11 found")
    refused(p, fill(p, found={"name": "A dairy"}), "the field name was found to be another than declared")
    refused(p, fill(p, seals="[{number: K-1, state: found broken}]"), "the seal K-1 was found broken")
    nothing = {field: "?" for field in values(p)}
    refused(p, fill(p, found=nothing), "nothing that was declared has been established")
    report(p, fill(p, found=nothing, finding="inconclusive"))
    _, said = last_report(p)
    check(all("found" not in field for field in said["fields"]), said)
    report(p, fill(p, counts="[{what: centrifuges, declared: 12, found: 11}]", finding="discrepancy"))


@case
def dates_lie_within_the_visit(folder):
    p, _, visit, _ = visited()
    refused(p, fill(p, **{"from": "2018-10-07"}), "that is before 2018-10-08, when notice was given")
    refused(p, fill(p, to="2018-10-09"), "that is after 2018-10-08, which is today")
    p.clock("2018-10-10T06:00:00Z")
    p.run("usa", "enter", str(visit), "--yes")
    p.run("usa", "leave", str(visit), "--yes")
    p.clock("2018-10-12T06:00:00Z")
    refused(p, fill(p, to="2018-10-11"), "that is after 2018-10-10, when they had left by the record")
    report(p, fill(p, to="2018-10-10"))


@case
def a_photo_that_changes(folder):
    """--prepare writes hashes into the form; a file that changed since is refused, and the form stays as it was."""
    p, *_ = visited()
    write(p.path("packet", "gate.jpg"), PHOTO)
    write(p.path("packet", "door.jpg"), PHOTO + b"2")
    form = fill(p, files="\n  - file: gate.jpg\n    what: the gate\n  - {file: door.jpg, what: a door} # a comment")
    before = read(form).decode()
    p.run("usa", "report", "--prepare", form).says("has the hashes of its files now")
    prepared = read(form).decode()
    for content in (PHOTO, PHOTO + b"2"):
        check(prepared.count(hashlib.sha256(content).hexdigest()) == 1, prepared)
    check(prepared.replace("hash: " + hashlib.sha256(PHOTO).hexdigest() + "\n    ", "")
          .replace("hash: " + hashlib.sha256(PHOTO + b"2").hexdigest() + ", ", "") == before, prepared)
    p.run("usa", "report", "--prepare", form).says("as they were")
    check(read(form).decode() == prepared, "prepared twice")
    write(p.path("packet", "gate.jpg"), PHOTO + b" retouched")
    refused(p, form, "gate.jpg has changed since its hash was taken")
    p.run("usa", "report", "--prepare", form, code=USAGE).complains("gate.jpg has changed")
    check(read(form).decode() == prepared, "a refused --prepare wrote")
    write(p.path("packet", "gate.jpg"), PHOTO)
    report(p, form)


@case
def several_sign(folder):
    """Where the charter asks for two, the report waits for the second, with the photo as it was; and a photo that is
    exchanged in a file that is handed over shows."""
    p, place, visit, rows = visited()
    write(p.path("packet", "gate.jpg"), PHOTO)
    form = fill(p, files="[{file: gate.jpg, what: the gate}]", finding="discrepancy", found={"name": "A dairy"})
    # The North signs with two; one of the two vaults is away.
    away = p.path("dprk-2.vault")
    os.rename(p.path("dprk", "vaults", "dprk-2.vault"), away)
    waiting = report(p, form, party="dprk")
    waiting.says("dprk-2")
    write(p.path("packet", "gate.jpg"), PHOTO + b" retouched")
    os.rename(away, p.path("dprk", "vaults", "dprk-2.vault"))
    draft = next(os.path.join(p.path("dprk", "outbox"), name) for name in os.listdir(p.path("dprk", "outbox")))
    p.attempt("dprk", "sign", draft).says("report.json:", "A dairy")  # what it says is shown to who is asked
    p.run("dprk", "sign", draft, "--yes")
    _, said = last_report(p)
    check(said["files"][0]["hash"] == hashlib.sha256(PHOTO).hexdigest(), said)
    p.run("rok", "export", p.path("record.lockstep"))
    charter = p.fingerprint()
    check("it reports: discrepancy" in verify(p.path("record.lockstep"), "--charter", charter), "a record")
    changed = [(name, content + b"!" if content == PHOTO else content)
               for name, content in unbundle(read(p.path("record.lockstep"))).items() if name != "lockstep-bundle"]
    said = verify(write("changed.lockstep", bundle("record", changed)), "--charter", charter, code=INVALID)
    check("its bytes have another hash" in said, said)
    without = [(name, content) for name, content in changed if content != PHOTO + b"!"]
    said = verify(write("without.lockstep", bundle("record", without)), "--charter", charter)
    check("the file gate.jpg that its report names is not here" in said, said)


@case
def as_many_inspectors_as_sign(folder):
    """Where two inspectors have to sign, two are named; and both sign the same bytes."""
    p = declared(reporters=2)
    place = draw(p)
    sites = p.run("usa", "packet", str(place), "--out", p.path("packet"), "--json").json()["sites"]
    page = read(p.path("packet", "site-1.html")).decode()
    check(page.count("Inspector: name, signature") == 2, page)
    p.run("usa", "visit", str(place), "--row", sites[0]["row"], "--yes")
    visit = p.log()[-1]["index"]
    refused(p, fill(p, inspectors='["A. Kim"]', visit=str(visit)), "2 signers of usa have to sign a report")
    report(p, fill(p, visit=str(visit)))
    act, _ = last_report(p)
    check(act["signers"] == ["usa-1 usa-2"], act)


@case
def contradictions(folder):
    """Both sides report on one visit, and one side twice: shown with both sources and all that differs."""
    p, _, visit, rows = visited()
    report(p, fill(p, counts="[{what: centrifuges, declared: 12, found: 12}]", seals="[{number: K-1, state: applied}]"))
    first = p.log()[-1]["index"]
    report(p, fill(p, counts="[{what: centrifuges, declared: 12, found: 9}]", found={"name": "A dairy", "lat": "?"},
                   seals="[{number: K-1, state: found broken}]", finding="discrepancy"), party="dprk")
    second = p.log()[-1]["index"]
    shown = p.run("rok", "show", str(first), "--json").json()
    check(len(shown["contradictions"]) == 1, shown["contradictions"])
    other = shown["contradictions"][0]
    check(other["entry"] == second and other["by"] == "dprk", other)
    name = values(p)["name"]
    differs = {d["what"]: (d["here"], d["there"]) for d in other["differences"]}
    check(differs == {"finding": ("consistent", "discrepancy"), "field name": (name, "A dairy"),
                      "count of centrifuges": ("12", "9"), "seal K-1": ("applied", "found broken")}, differs)
    p.run("rok", "show", str(second)).says(f"CONTRADICTION: the report in act {first}, by usa", "A dairy")
    p.run("rok", "export", p.path("record.lockstep"))
    said = verify(p.path("record.lockstep"), "--charter", p.fingerprint())
    check(said.count("CONTRADICTION") == 4 and '"12" by usa there, and "9" by dprk here' in said, said)
    check(f"act {second} (report by dprk): CONTRADICTION with act {first} (report by usa)" in said, said)
    # The same side twice.
    report(p, fill(p, counts="[{what: centrifuges, declared: 12, found: 11}]", finding="discrepancy"))
    third = p.log()[-1]["index"]
    shown = p.run("rok", "show", str(third), "--json").json()["contradictions"]
    check([c["entry"] for c in shown] == [first, second], shown)
    said = p.run("rok", "verify").out
    check(f"act {third} (report by usa): CONTRADICTION with act {first} (report by usa)" in said, said)
    # Two that agree, and an inconclusive one.
    report(p, fill(p, finding="inconclusive", found={field: "?" for field in values(p)}))
    check(p.run("rok", "show", str(p.log()[-1]["index"]), "--json").json()["contradictions"] == [], "of nothing")


@case
def measures(folder):
    """A report can answer for a measure that the accord lets it answer for, and for no other."""
    p, *_ = visited()
    report(p, fill(p), "--measure", "pause", code=1).complains("do not answer for pause", "--measure")
    p.run("dprk", "perform", "visit", "--yes")
    report(p, fill(p), "--measure", "visit")
    check(p.states()["visit"]["state"] != "pending", p.states()["visit"])


def detection(rows, violations, inspected):
    """1 - C(N-D, n) / C(N, n), cut to four decimals."""
    p = 1 - Fraction(math.comb(rows - violations, inspected), math.comb(rows, inspected))
    return f"{int(p * 10000) // 10000}.{int(p * 10000) % 10000:04d}"


def conclude(p, place, *more, party="usa", code=0):
    p.run(party, "report", "--conclude", str(place), "--yes", *more, code=code)
    return last_report(p)


@case
def conclusions(folder):
    """What a draw came to: inconclusive while anything is open, a discrepancy if there is one, else consistent."""
    p, place, visit, rows = visited()
    act, said = conclude(p, place, "--violations", "2")
    check(act["finding"] == ["inconclusive"] and said["finding"] == "inconclusive", act, said)
    check(said["population"] == 24 and said["opened"] == 24 and said["blank"] == 19 and said["inspected"] == 0, said)
    check(said["real"] == {"estimate": 5, "low": 5, "high": 5}, said)  # all rows were seen
    check([s["row"] for s in said["sites"]] == rows, said)
    check([s["state"] for s in said["sites"]] == ["noticed"] + ["not visited"] * 4, said)
    check(act["ref"] == [headers_id(p, place)], act)
    for site in range(1, len(rows) + 1):
        if site > 1:
            p.run("usa", "visit", str(place), "--row", rows[site - 1], "--yes")
            visit = p.log()[-1]["index"]
        report(p, fill(p, site, visit=str(visit)))
        act, said = conclude(p, place, "--violations", "2")
        check(said["inspected"] == site, said)
        check(said["detection"] == [{"violations": d, "padded": detection(24, d, site), "estimated": detection(5, d, site)}
                                    for d in (1, 5, 2)], said["detection"], site)
        check(act["finding"] == ["consistent" if site == len(rows) else "inconclusive"], act)
    report(p, fill(p, 3, visit=str(visit_to(p, rows[2])), found={"name": "A dairy"}, finding="discrepancy"))
    act, said = conclude(p, place)
    check(act["finding"] == ["discrepancy"] and said["sites"][2]["state"] == "discrepancy", said)
    check(said["sites"][2]["contradicted"] and len(said["sites"][2]["reports"]) == 2, said)
    text = next(a.split(" ")[0] for a in act["attachment"] if a.endswith(" conclusion.txt"))
    text = read(os.path.join(p.ledger, "attachments", text)).decode()
    check('found "A dairy"' in text and "CONTRADICT" in text and "Still open:\n  nothing" in text, text)


def headers_id(p, index):
    return p.log(stamps=True)[index]["id"]


def visit_to(p, row):
    """The place of the visit to a row."""
    return next(index for index, note in enumerate(read_store(p.ledger)[0])
                if headers(note)["act"] == ["visit"] and f"{headers(note)['tranche'][0]}/{headers(note)['row'][0]}" == row)


@case
def conclusions_of_less(folder):
    """Of rows that are not opened, and of a draw that is not one yet."""
    if "two" not in MADE:
        MADE["two"] = declared()
    p = twin(MADE["two"], ".")
    place = draw(p, 4, 2, open_rows=False)
    act, said = conclude(p, place)
    check(act["finding"] == ["inconclusive"] and len(said["missing"]) == 4 and said["opened"] == 0, said)
    p.run("usa", "draw", "baseline", "--rows", "4", "--replacements", "2", "--yes")
    p.run("usa", "report", "--conclude", str(p.log()[-1]["index"]), "--yes", code=USAGE).complains("the draw is committing")
    p.run("usa", "report", "form.yaml", "--conclude", str(place), code=USAGE).complains("name a form, or a draw")


if __name__ == "__main__":
    main()
