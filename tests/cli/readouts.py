#!/usr/bin/env python3
"""Readouts: published by three sides, compared claim by claim with the record beside them, withdrawn, replaced, sent to
some only; and everything that is refused."""
import calendar
import hashlib
import html.parser
import json
import os
import shutil
import subprocess
import time

from lockstep import (ENVIRONMENT, INVALID, ROOT, USAGE, Process, case, check, check_unchanged, headers, main, note_text,
                      read, read_store, run, snapshot, tree_hash, write)
from world import act_of, bundle, unbundle

TALKS = os.path.join(ROOT, "examples", "talks-2018")
ALIGNMENT = os.path.join(TALKS, "alignment.yaml")
SIDES = ("usa", "dprk", "rok")


def example(party):
    return os.path.join(TALKS, f"readout-{party}.yaml")


def met(folder=".", accord=False):
    """A process with a meeting that was held."""
    p = Process(folder)
    p.draft_charter().sign_charter()
    if accord:
        p.sign_accord()
    p.run("usa", "meeting", "plan", "pyongyang-4", "--to", "dprk", "--due", "2018-10-07", "--venue", "Pyongyang", "--yes")
    p.run("dprk", "meeting", "confirm", "pyongyang-4", "--yes")
    return p


def publish(p, party, path, *more, meeting="pyongyang-4", **options):
    return p.run(party, "readout", "publish", meeting, path, *more, "--yes", "--json", **options)


def publish_all(p):
    return {party: publish(p, party, example(party)).json() for party in SIDES}


def compare(p, *more, party="rok", meeting="pyongyang-4", **options):
    return p.run(party, "readout", "compare", meeting, *more, "--json", **options).json()


def topics(comparison):
    return {t["topic"]: t for t in comparison["topics"]}


def readout(claims="", headline="A meeting", body="They met.", media=""):
    return (f"readout: 1\nheadline: {json.dumps(headline)}\ndate: 2018-10-07\nlanguage: en\nbody: {json.dumps(body)}\n"
            f"{media}claims:\n{claims or claim()}")


def claim(about="{topic: weather}", force="agreed", text="It rained.", more="", speaker="usa", name="one"):
    return (f"  - id: {name}\n    speaker: {speaker}\n    force: {force}\n    about: {about}\n    text: {json.dumps(text)}\n"
            + "".join(f"    {line}\n" for line in more.splitlines()))


def meeting_id(p, name="pyongyang-4"):
    for note in read_store(p.ledger)[0]:
        if headers(note).get("meeting") == [name]:
            return hashlib.sha256(note_text(note)).hexdigest()
    raise AssertionError(f"no meeting {name}")


class Tags(html.parser.HTMLParser):
    """All tags, with their attributes."""

    def __init__(self, page):
        super().__init__(convert_charrefs=False)
        self.found, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


OWN = {"html", "head", "meta", "title", "style", "body", "p", "b", "h1", "h2", "h3", "div", "table", "thead", "tbody", "tr",
       "th", "td", "span", "code", "time", "bdi", "article", "ul", "li", "a", "br"}


def check_inert(path):
    """Nothing in a page runs, loads anything, or is of another's making."""
    page = read(path).decode()
    tags = Tags(page)
    for tag, attrs in tags.found:
        check(tag in OWN, f"<{tag}> in {path}")
        check(not any(a.startswith("on") or a in ("src", "action", "srcdoc") for a in attrs), tag, attrs)
        if "href" in attrs:
            check(tag == "a" and attrs["href"].startswith("./"), attrs)
    check(any(a.get("http-equiv", "").lower() == "content-security-policy" and "default-src 'none'" in a["content"]
              for _, a in tags.found), "no policy")
    for hidden in "\u202e\u2066\u200f\x1b":
        check(hidden not in page, f"{hidden!r} in {path}")
    return page


# The day.

@case
def three_sides_of_one_day(folder):
    p = met()
    acts = publish_all(p)
    found = compare(p, "--alignment", ALIGNMENT, "--html", "day.html")
    check([s["readout"] for s in found["readouts"]] == ["dprk", "usa", "rok"], found["readouts"])
    check(found["acts"] == {party: acts[party]["id"] for party in SIDES} and found["left_out"] == [], found["acts"])
    by = topics(found)
    summit = by["a second summit as soon as possible"]
    check(summit["verdict"] == "said by all" and summit["aligned"] and not summit["contradictions"], summit)
    check({c["record"]["verdict"] for c in summit["claims"]} == {"nothing"}, summit)
    date = by["meeting second-summit, its date"]
    check(date["verdict"] == "differs" and date["forces_differ"] and not date["values_differ"], date)
    for topic, side in (("punggye-ri", "usa"), ("us-inspection", "rok")):
        check(by[f"topic {topic}"]["said_by"] == [side], by[f"topic {topic}"])
    check(by["topic punggye-ri"]["unsaid"] == [{"claim": "usa:punggye-ri", "party": "dprk"}], by["topic punggye-ri"])
    text = p.run("usa", "readout", "compare", "pyongyang-4", "--alignment", ALIGNMENT)
    text.says("said by all", "differing in force", "usa:punggye-ri quotes dprk", acts["rok"]["id"][:12], "dprk-1 dprk-2",
              "The record: ", "the record has nothing of it", "rok:steps quotes usa")
    page = check_inert("day.html")
    for part in ("EXERCISE", "What was said of pyongyang-4", "The North", "United States", "The South", "The record",
                 "says nothing of it", "dprk:second-summit"):
        check(part in page, f"no {part!r} on the page")
    shown = p.run("dprk", "readout", "show", acts["usa"]["id"][:10], "--html", "usa.html")
    shown.says("usa, signed by usa-1", acts["usa"]["id"], "pyongyang-4", "1 min read", "Secretary of State meets")
    page = check_inert("usa.html")
    check(acts["usa"]["id"] in page and "DRAFT" not in page and "United States" in page, page)
    # The same bytes each time.
    before = read("day.html")
    compare(p, "--alignment", ALIGNMENT, "--html", "day.html")
    check(read("day.html") == before, "another page")
    # The record as a whole holds.
    p.run("rok", "export", "record.lockstep")
    run("verify", "record.lockstep", "--charter", p.fingerprint())


@case
def the_record_goes_on(folder):
    """What was nothing becomes a proposal, an agreement, and is called off; the readouts stay as they were."""
    p = met()
    publish_all(p)

    def verdict(claim="usa:summit-soon"):
        found = [c for t in compare(p)["topics"] for c in t["claims"] if c["claim"] == claim]
        return found[0]["record"]["verdict"], found[0]["record"]["words"]

    check(verdict()[0] == "nothing", verdict())
    p.run("usa", "meeting", "plan", "second-summit", "--to", "dprk", "--due", "2019-02-27", "--venue", "Hanoi", "--yes")
    check(verdict() == ("shows not", "the record shows no agreement of dprk"), verdict())
    check(verdict("usa:summit-open") == ("against", "the record has the date 2019-02-27"), verdict("usa:summit-open"))
    accepted = p.run("dprk", "meeting", "confirm", "second-summit", "--yes", "--json").json()
    check(verdict() == ("shows", "the record shows the agreement of dprk, usa"), verdict())
    p.run("dprk", "withdraw", accepted["id"], "--yes")
    check(verdict() == ("shows not", "the record shows no agreement of dprk"), verdict())
    p.run("dprk", "meeting", "decline", "second-summit", "--text", "Not then.", "--yes")
    check(verdict() == ("against", "the record shows the refusal of dprk"), verdict())
    p.run("dprk", "meeting", "confirm", "second-summit", "--yes")
    check(verdict()[0] == "shows", verdict())
    # Another date: who agreed to the first has not agreed to this one.
    moved = p.run("dprk", "meeting", "postpone", "second-summit", "--due", "2019-03-10", "--text", "Later.", "--yes",
                  "--json").json()
    check(verdict() == ("shows not", "the record shows no agreement of usa"), verdict())
    check(verdict("usa:summit-open") == ("against", "the record has the date 2019-03-10"), verdict("usa:summit-open"))
    p.run("dprk", "withdraw", moved["id"], "--yes")
    check(verdict()[0] == "shows", verdict())
    off = p.run("usa", "meeting", "cancel", "second-summit", "--text", "No progress.", "--yes", "--json").json()
    check(verdict() == ("against", "the record shows the refusal of usa"), verdict())
    p.run("usa", "withdraw", off["id"], "--yes")
    check(verdict()[0] == "shows", verdict())
    group = verdict("usa:teams")
    check(group[0] == "nothing", group)
    p.run("usa", "group", "create", "working-group", "--to", "dprk", "--text", "Denuclearization.", "--yes")
    check(verdict("usa:teams") == ("shows not", "the record shows no agreement of dprk"), verdict("usa:teams"))
    p.run("dprk", "group", "join", "working-group", "--members", "choe", "--yes")
    check(verdict("usa:teams")[0] == "shows", verdict("usa:teams"))
    p.run("dprk", "group", "leave", "working-group", "--yes")
    check(verdict("usa:teams") == ("shows not", "the record shows no agreement of dprk"), verdict("usa:teams"))


@case
def what_the_record_proves(folder):
    """Each kind of thing that a claim can point at."""
    p = met(accord=True)
    accord = next(e["id"] for e in p.log() if e["kind"] == "accord")
    done = p.run("usa", "perform", "pause", "--yes", "--json").json()["id"]
    offer = p.run("usa", "propose", "dprk", "--until", "2018-10-20", "--text", "Let us meet.", "--yes",
                  "--json").json()["id"]
    letter = p.run("usa", "letter", "dprk", "--text", "Dear Chairman.", "--yes", "--json").json()["id"]
    p.run("usa", "pledge", "relief-soon", "--text", "Relief will come.", "--yes")
    p.run("dprk", "demand", "end-of-war", "--of", "usa", "--text", "Declare it over.", "--yes")
    p.run("dprk", "claim", "sites-closed", "--text", "The sites are closed.", "--yes")
    things = {
        "accord": (f"{{act: {accord}}}", "agreed", "", "shows"),
        "measure": (f"{{accord: {accord}, measure: pause}}", "agreed", "", "shows"),
        "done": (f"{{accord: {accord}, measure: pause, aspect: performance}}", "agreed", "", "shows not"),
        "due": (f"{{accord: {accord}, measure: pause, aspect: due}}", "characterised", "value: '2018-12-24'", "against"),
        "state": (f"{{accord: {accord}, measure: pause, aspect: state}}", "characterised", "value: performed", "shows"),
        "no-measure": (f"{{accord: {accord}, measure: nothing}}", "agreed", "", "nothing"),
        "no-accord": (f"{{accord: {done}, measure: pause}}", "agreed", "", "nothing"),
        "act": (f"{{act: {done}}}", "agreed", "", "shows not"),
        "offer": (f"{{act: {offer}}}", "agreed", "", "shows not"),
        "letter": (f"{{act: {letter}}}", "agreed", "stance: denies", "shows"),
        "no-act": (f"{{act: {'5a' * 32}}}", "agreed", "", "nothing"),
        "pledge": ("{item: relief-soon}", "agreed", "", "shows"),
        "demand": ("{item: end-of-war}", "demanded", "", "shows"),
        "demand-met": ("{item: end-of-war}", "agreed", "", "shows not"),
        "claim": ("{item: sites-closed}", "agreed", "", "shows not"),
        "meeting": ("{meeting: pyongyang-4}", "agreed", "", "shows"),
        "date": ("{meeting: pyongyang-4, aspect: date}", "agreed", "value: '2018-10-07'", "shows"),
        "place": ("{meeting: pyongyang-4, aspect: place}", "agreed", "value: Seoul", "against"),
        "text": ("{text: declaration}", "agreed", "", "nothing"),
    }
    claims = "".join(claim(about, force, more=more, name=name) for name, (about, force, more, _) in things.items())
    checked = p.run("usa", "readout", "check", write("all.yaml", readout(claims)))
    checked.says("warning: the record has no measure nothing", "the record has no text declaration",
                 "19 claims, 0 media, 1 min read, ready to publish")
    publish(p, "usa", "all.yaml")

    def verdicts():
        return {c["claim"]: (c["record"]["verdict"], c["record"]["words"]) for t in compare(p)["topics"] for c in t["claims"]}

    found = verdicts()
    for name, (_, _, _, wanted) in things.items():
        check(found[f"usa:{name}"][0] == wanted, name, found[f"usa:{name}"], "not", wanted)
    p.run("dprk", "confirm", "pause", "--yes")
    p.run("dprk", "accept", offer[:12], "--yes")
    found = verdicts()
    for name in ("done", "act", "offer"):
        check(found[f"usa:{name}"][0] == "shows", name, found[f"usa:{name}"])
    p.run("dprk", "object", "pause", "--text", "They went on.", "--yes")
    p.run("dprk", "redeem", "end-of-war", "pause", "--yes")
    found = verdicts()
    check(found["usa:done"] == ("against", "the record shows the refusal of dprk"), found["usa:done"])
    check(found["usa:measure"][0] == "shows", "that it was agreed is another thing", found["usa:measure"])
    check(found["usa:demand-met"][0] == "shows", found["usa:demand-met"])
    opened = p.run("usa", "readout", "compare", "pyongyang-4")
    opened.says("disputed, objected to by dprk", "a demand that became the measure pause", "a pledge: stands", "demanded by dprk")


@case
def of_a_text_what_its_files_say(folder):
    """Who has agreed to what stands in files; a file that is refused says nothing."""
    p = met()
    opened = act_of(p, "usa", "text", "to: dprk", "text: declaration", "languages: en")
    claims = (claim("{text: declaration}", name="whole") + claim("{text: declaration, paragraph: dprk-2-1}", name="part") +
              claim("{text: declaration, paragraph: p1}", name="none"))
    publish(p, "usa", write("readout.yaml", readout(claims)))

    def found():
        return {c["claim"]: c["record"] for t in compare(p)["topics"] for c in t["claims"]}

    check(found()["usa:whole"]["words"] == "the record shows no agreement of dprk, usa", found())
    check(found()["usa:part"]["verdict"] == found()["usa:none"]["verdict"] == "nothing", found())
    act_of(p, "usa", "edit", f"ref: {opened['id']}", files=[("edit.json", b"{}")])
    check(found()["usa:whole"]["verdict"] == "shows not", found())
    p.run("dprk", "text", "propose", "declaration", write("words.md", "One paragraph.\n"), "--yes")
    by = found()
    check(by["usa:part"]["verdict"] == "shows not" and by["usa:none"]["verdict"] == "nothing", by)
    p.run("usa", "text", "accept", "declaration", "dprk-2-1", "--yes")
    by = found()
    check(by["usa:part"]["verdict"] == by["usa:whole"]["verdict"] == "shows", by)


# The latest of each, and what is left out.

@case
def withdrawn_and_published_again(folder):
    p = met()
    acts = publish_all(p)
    p.run("usa", "withdraw", acts["usa"]["id"], "--yes")
    found = compare(p)
    check([s["readout"] for s in found["readouts"]] == ["dprk", "rok"], found["readouts"])
    check([(l["party"], l["act"], l["why"]) for l in found["left_out"]] ==
          [("usa", acts["usa"]["id"], "it was withdrawn")], found["left_out"])
    first = publish(p, "usa", write("first.yaml", readout(claim(text="First.")))).json()
    second = publish(p, "usa", write("second.yaml", readout(claim(text="Second.")))).json()
    found = compare(p, "--html", "page.html")
    check(found["acts"]["usa"] == second["id"], found["acts"])
    check(f"act {second['id'][:12]} took its place" in [l["why"] for l in found["left_out"]], found["left_out"])
    page = check_inert("page.html")
    check("Left out: the readout of usa" in page and "it was withdrawn" in page, "not said on the page")
    p.run("rok", "readout", "compare", "pyongyang-4").says("Left out: the readout of usa in act", "Second.")
    # Taken back, the one before is the latest.
    p.run("usa", "withdraw", second["id"], "--yes")
    check(compare(p)["acts"]["usa"] == first["id"], "not the one before")
    # All withdrawn: nothing to compare, and it is said why.
    p.run("usa", "withdraw", first["id"], "--yes")
    for party in ("dprk", "rok"):
        p.run(party, "withdraw", acts[party]["id"], "--yes")
    p.run("rok", "readout", "compare", "pyongyang-4", code=USAGE).says("it was withdrawn").complains("can be compared")
    p.run("rok", "readout", "show", acts["rok"]["id"]).says("briefed on the talks")


@case
def only_for_some(folder):
    """A readout for one party alone: others are told that there is one, and nothing of it."""
    p = met()
    publish(p, "dprk", example("dprk"))
    secret = write("secret.yaml", readout(claim(text="Between us."), headline="For the mediator",
                                          media="media: [{file: map.png, caption: Where}]\n"))
    sent = publish(p, "usa", secret, "--audience", "rok", "--media", write("map.png", b"\x89PNG map")).json()
    for name in ("Between us", "For the mediator", "map.png"):
        for place, _, names in os.walk(p.ledger):
            check(not any(name.encode() in read(os.path.join(place, n)) for n in names), f"{name} is in the ledger")
    found = compare(p, party="dprk")
    check(list(found["acts"]) == ["dprk"], found["acts"])
    check("it is for the audience rok" in found["left_out"][0]["why"] and not found["left_out"][0]["malformed"], found)
    p.run("dprk", "readout", "show", sent["id"], code=ENVIRONMENT).complains("it is for the audience rok", "inbox")
    for party in ("rok", "usa"):  # what came sealed is opened at once
        found = compare(p, party=party)
        check(set(found["acts"]) == {"dprk", "usa"} and found["left_out"] == [], found)
    shown = p.run("rok", "readout", "show", sent["id"], "--save", "files", "--html", "page.html", "--json").json()
    check(shown["files"] == [{"file": "map.png", "media_type": "image/png", "bytes": 8,
                              "hash": hashlib.sha256(b"\x89PNG map").hexdigest()}], shown["files"])
    check(read("files/map.png") == b"\x89PNG map", "another file")
    check_inert("page.html")


@case
def what_is_no_readout(folder):
    """An act whose readout.json is none is a finding, and the others are compared."""
    p = met()
    publish(p, "dprk", example("dprk"))
    ref = f"ref: {meeting_id(p)}"
    good = json.dumps({"readout": 1}).encode()
    for content, why in ((good, "not canonical"), (b"{", ""), (b"\xff\xfe", ""), (b'{"readout":1}\n', "not canonical"), (b"", ""),
                         (b"[" * 100000, ""), (b'{"readout":2}', "lacks the key 'headline'")):
        act = act_of(p, "usa", "readout", ref, files=[("readout.json", content)])
        found = p.run("rok", "readout", "compare", "pyongyang-4", "--json", code=INVALID).json()
        last = [l for l in found["left_out"] if l["act"] == act["id"]][0]
        check(last["malformed"] and "its readout.json is not a readout" in last["why"] and why in last["why"], last)
        check(list(found["acts"]) == ["dprk"], found["acts"])
        p.run("rok", "readout", "show", act["id"], code=INVALID).complains("is not a readout")
    act = act_of(p, "usa", "readout", ref, files=[("something.json", good)])
    p.run("rok", "readout", "compare", "pyongyang-4", code=INVALID).says("it has no readout.json")
    p.run("rok", "readout", "show", act["id"], code=INVALID).complains("it has no readout.json")


# Media.

@case
def media_by_hash(folder):
    p = met()
    listed = "media:\n  - {file: briefing.jpg, caption: The briefing}\n  - {file: hands.mp4, caption: They shake hands}\n"
    path = write("readout.yaml", readout(media=listed))
    os.mkdir("media")
    jpg, mp4 = write("media/briefing.jpg", b"\xff\xd8 briefing"), write("media/hands.mp4", b"hands")
    other = write("other.pdf", b"%PDF")
    failed = publish(p, "usa", path, "--media", jpg, "--media", other, code=USAGE)
    failed.complains("readout.yaml:8:", "hands.mp4 is named here, and was not given", "add: --media hands.mp4",
                     "--media other.pdf was given, and the readout does not name it", "2 errors")
    publish(p, "usa", path, code=USAGE).complains("--media briefing.jpg", "--media hands.mp4")
    publish(p, "usa", path, "--media", jpg, "--media", mp4, "--media", other, code=USAGE).complains("does not name it")
    os.mkdir("more")
    publish(p, "usa", path, "--media", jpg, "--media", mp4, "--media", write("more/hands.mp4", b"others"),
            code=USAGE).complains("given twice")
    publish(p, "usa", path, "--media", jpg, "--media", "media/nothing/hands.mp4", code=ENVIRONMENT)
    check(not [e for e in p.log() if e["kind"] == "readout"], "something was published")
    act = publish(p, "usa", path, "--media", jpg, "--media", mp4).json()
    note = next(n for n in read_store(p.ledger)[0] if hashlib.sha256(note_text(n)).hexdigest() == act["id"])
    wanted = [f"{hashlib.sha256(read(jpg)).hexdigest()} public 11 image/jpeg briefing.jpg",
              f"{hashlib.sha256(read(mp4)).hexdigest()} public 5 video/mp4 hands.mp4"]
    check(headers(note)["attachment"][2:] == wanted, headers(note)["attachment"])
    # What is done to the files afterwards changes nothing.
    write(jpg, b"another picture")
    p.run("rok", "readout", "show", act["id"], "--save", "saved", "--html", "saved/page.html").says(
        "briefing.jpg, image/jpeg, 11 bytes", hashlib.sha256(b"\xff\xd8 briefing").hexdigest())
    check(sorted(os.listdir("saved")) == ["briefing.jpg", "hands.mp4", "page.html"], os.listdir("saved"))
    check(read("saved/briefing.jpg") == b"\xff\xd8 briefing", "another picture was saved")
    check('href="./briefing.jpg"' in check_inert("saved/page.html"), "no link")
    p.run("rok", "readout", "show", act["id"], "--save", "saved")  # what is there already stays
    write("saved/briefing.jpg", b"another")
    p.run("rok", "readout", "show", act["id"], "--save", "saved", code=USAGE).complains("briefing.jpg")
    check(read("saved/briefing.jpg") == b"another", "it was overwritten")
    # A picture that the ledger's host changed is named, and not saved.
    stored = os.path.join(p.ledger, "attachments", hashlib.sha256(b"hands").hexdigest())
    os.chmod(stored, 0o600)
    write(stored, b"fists")
    for place, _, names in os.walk(p.path("usa", "replica")):
        for name in names:
            if name == os.path.basename(stored):
                os.remove(os.path.join(place, name))
    failed = p.attempt("usa", "readout", "show", act["id"], "--save", "again")
    check(failed.code in (INVALID, ENVIRONMENT) and "hands.mp4" in failed.err, failed)
    check("hands.mp4" not in os.listdir("again"), "saved all the same")
    # The text itself can be compared without it.
    check(list(compare(p, party="usa")["acts"]) == ["usa"], "not compared")


# Ids.

@case
def beginnings_of_ids(folder):
    p = met(accord=True)
    entries = {e["kind"]: e for e in p.log()}
    accord, meet = entries["accord"], entries["meet"]
    text = readout(claim(f"{{act: {meet['id'][:8]}}}", name="a") +
                   claim(f"{{act: '{meet['id'][:20]}', aspect: date}}", name="b") +
                   claim(f'{{act: {meet["index"]}}}', name="c", text="\u2014 \ud55c\uad6d\uc5b4") +
                   claim(f'{{accord: "{accord["id"][:7]}", measure: pause}}', name="d") +
                   claim(f"{{act: {meet['id']}}}", name="e"), body="A \u2014 B")
    path = write("readout.yaml", "# \u00c4 comment stays.\n" + text)
    act = publish(p, "usa", path).json()
    note = next(n for n in read_store(p.ledger)[0] if hashlib.sha256(note_text(n)).hexdigest() == act["id"])
    files = {a.split(" ")[4]: read(os.path.join(p.ledger, "attachments", a.split(" ")[0])) for a in headers(note)["attachment"]}
    signed = json.loads(files["readout.json"])
    check([c["about"] for c in signed["claims"]] ==
          [{"act": meet["id"]}, {"act": meet["id"], "aspect": "date"}, {"act": meet["id"]},
           {"accord": accord["id"], "measure": "pause"}, {"act": meet["id"]}], signed)
    check(files["readout.json"] == json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
          "not canonical")
    check(files["readout.yaml"].decode().startswith("# \u00c4 comment stays.\n") and
          files["readout.yaml"].decode().count(f'"{meet["id"]}"') == 3, files["readout.yaml"].decode())
    check(json.loads(run("readout", "show", write("copy.yaml", files["readout.yaml"]), "--json").out)["readout"] == signed,
          "what people read says something else")
    # Without a record nothing can be completed.
    run("readout", "check", path, code=USAGE).complains("must be the 64 hex digits of an act")
    for about, why in (("{act: ffffff00}", "there is no act ffffff00"), ("{act: 99999}", "counted from 0"),
                       ("{act: abc}", "at least six digits"), (f"{{accord: {meet['id'][:9]}, measure: pause}}", "no accord"),
                       ("{act: [1]}", "must be the 64 hex digits"), ("{act: no-hex}", "must be the 64 hex digits"),
                       ("{act: true}", "must be the 64 hex digits")):
        p.run("usa", "readout", "check", write("bad.yaml", readout(claim(about))), code=USAGE).complains("bad.yaml:", why)
    # Whatever else stands between, what cannot be completed in place is refused.
    twisted = readout(claim('{act: "\\x3' + meet["id"][1:9] + '"}'))
    p.attempt("usa", "readout", "check", write("twisted.yaml", twisted))


@case
def two_signers_see_the_same(folder):
    """Who signs second is shown the readout, and a file whose two forms differ is refused."""
    p = met()
    text = readout(claim(speaker="dprk", text="Word for word."))
    for more in ((), ("--audience", "usa")):
        part = publish(p, "dprk", write("readout.yaml", text), "--as", "dprk-1", *more).json()
        check(part["missing"] == "dprk-2" and not part["filed"], part)
        draft = shutil.copy(part["file"], "draft.lockstep")
        shown = p.run("dprk", "sign", draft, code=USAGE)
        shown.says("Word for word.", "readout by dprk", "still missing: dprk-2").complains("nothing was signed")
        if not more:
            members = unbundle(read(draft))
            note, lines = members["act.note"], []
            for name, content in members.items():
                if content.startswith(b"readout: 1"):
                    other = content.replace(b"Word for word.", b"Something else")
                    old, new = hashlib.sha256(content).hexdigest(), hashlib.sha256(other).hexdigest()
                    check(len(other) == len(content), "another length")
                    lines.append((f"attachments/{new}", other))
                    note = note.replace(old.encode(), new.encode())
                elif name not in ("lockstep-bundle", "act.note"):
                    lines.append((name, content))
            write("forged.lockstep", bundle("draft", [("act.note", note), *lines]))
            p.run("dprk", "sign", "forged.lockstep", "--yes", code=INVALID).complains(
                "readout.yaml does not say what readout.json says")
        p.run("dprk", "sign", part["file"], "--yes")
        p.run("usa", "inbox")
        check(list(compare(p, party="usa")["acts"]) == ["dprk"], "not published")


# Refused.

@case
def everything_that_is_wrong_at_once(folder):
    p = met()
    bad = write("bad.yaml", """\
readout: 2
headline: ""
date: 2018-13-07
language: English
body: "a\\tb"
media:
  - {file: ../up.jpg, caption: Up}
  - {file: readout.json, caption: Itself}
  - {file: readout.yaml, caption: Itself}
claims:
  - id: One
    speaker: nobody
    force: agred
    about: {meeting: a, topic: b}
    text: "x"
    extra: 1
""")
    wanted = ("only readout: 1", "headline must not be empty", "date must be a date", "tag of a language",
              "body holds a character that does not show", "an attachment can't have this name", "did you mean 'agreed'",
              "one thing, not both")
    for result in (run("readout", "check", bad, code=USAGE), p.run("usa", "readout", "check", bad, code=USAGE),
                   publish(p, "usa", bad, code=USAGE)):
        result.complains(*wanted)
        check(result.err.count("an attachment can't have this name") == 3, result)
    p.run("usa", "readout", "check", bad, code=USAGE).complains("there is no party 'nobody'")
    for text, why in (("", ""), ("- a\n", "must be"), ("readout: [", ""), ("\xff", ""), ("a: &x 1\n", "")):
        run("readout", "check", write("odd.yaml", text.encode("latin-1")), code=USAGE).complains("odd.yaml")
    run("readout", "check", "nowhere.yaml", code=ENVIRONMENT)
    run("readout", "show", "nowhere.yaml", code=ENVIRONMENT)
    check(not [e for e in p.log() if e["kind"] == "readout"], "something was published")


@case
def wrong_meetings_and_wrong_acts(folder):
    p = met()
    path = write("readout.yaml", readout(claim("{meeting: elsewhere}")))
    p.run("usa", "readout", "publish", "pyongyang-5", path, "--yes", code=USAGE).complains("there is no meeting pyongyang-5",
                                                                                         "pyongyang-4")
    p.run("usa", "readout", "compare", "pyongyang-5", code=USAGE).complains("there is no meeting")
    p.run("usa", "readout", "compare", "pyongyang-4", code=USAGE).complains("nobody has published")
    p.run("usa", "readout", "publish", "pyongyang-4", path, "--audience", "nobody", "--yes", code=USAGE)
    p.run("usa", "readout", "publish", "pyongyang-4", path, code=USAGE).says(
        "This is published about the meeting pyongyang-4", "and to everybody", "It rained.").complains("nothing was signed")
    # About another meeting is fine: what it is about is each claim's own.
    p.run("rok", "meeting", "plan", "seoul-1", "--to", "usa", "--yes")
    act = publish(p, "usa", path, meeting="seoul-1").json()
    p.run("usa", "readout", "publish", "seoul-1", path, code=USAGE).says(f"It takes the place of act {act['id'][:12]}")
    check(list(compare(p, meeting="seoul-1")["acts"]) == ["usa"], "not there")
    p.run("usa", "readout", "compare", "pyongyang-4", code=USAGE).complains("nobody has published")
    p.run("usa", "readout", "show", "0", code=USAGE).complains("is a charter, and no readout")
    p.run("usa", "readout", "show", "ffffffff", code=USAGE).complains("there is no act")
    p.run("usa", "readout", "show", "./readout.yaml").says("It rained.")
    p.run("usa", "readout", "show", "./readout.yaml", "--save", "x", code=USAGE).complains("on the record")
    # Who was not there can publish, too: a readout is anybody's.
    publish(p, "rok", example("rok"), meeting="pyongyang-4")
    for args in (("check",), ("publish", "pyongyang-4"), ("show",), ("compare",)):
        p.run("usa", "readout", *args, code=USAGE)
    run("-C", p.path("nowhere"), "readout", "compare", "talks", example("usa"), code=USAGE)


@case
def hostile_text_is_text(folder):
    """Markup in every field that holds text, as readers of pages, tables and JSON see it."""
    p = met()
    for number, evil in enumerate(("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                                   "</title></style></td></table><svg onload=alert(1)>", "&lt;b&gt;&#60;script&#62;",
                                   "<!--", "]]><?php ?>", "javascript:alert(1)", "%s%n{{7*7}}${x}\\u003c")):
        text = readout(
            claim("{topic: same, aspect: words}", text=evil, speaker=f"{{person: {json.dumps(evil)}, of: usa}}",
                  more=f"value: {json.dumps(evil)}\non-word-of: [{{person: {json.dumps(evil + '.')}, of: china}}]"),
            headline=evil, body=f"{evil}\n\n{evil}", media=f"media: [{{file: a.html, caption: {json.dumps(evil)}}}]\n")
        path = write("evil.yaml", text)
        act = publish(p, "usa", path, "--media", write("a.html", evil)).json()
        alignment = write("alignment.yaml", f"alignment: 1\ntopics:\n  {json.dumps(evil)}: [usa:one]\n")
        shown = p.run("rok", "readout", "show", act["id"], "--html", "show.html")
        check(evil in shown.out, "not shown as it is", shown)
        found = compare(p, "--alignment", alignment, "--html", "compare.html")
        check(found["topics"][0]["topic"] == evil and found["topics"][0]["claims"][0]["text"] == evil, found)
        for page in ("show.html", "compare.html"):
            check_inert(page)
        note = next(n for n in read_store(p.ledger)[0] if hashlib.sha256(note_text(n)).hexdigest() == act["id"])
        check(headers(note)["attachment"][2].split(" ")[3] == "application/octet-stream", "a page that a browser runs")
    # What does not show, or turns lines around, is refused wherever text stands.
    for hidden in ("\u202e", "\u2066", "\u200f", "\x1b[31m", "\x7f", "\u0085", "\x00"):
        for field in ("headline", "body", "text"):
            value = f"a{hidden}b"
            bad = readout(claim(text=value if field == "text" else "x"), headline=value if field == "headline" else "x",
                          body=value if field == "body" else "x")
            run("readout", "check", write("hidden.yaml", bad), code=USAGE)
    # What only looks like something else is pointed out, and can be meant.
    for more in ({"headline": "The P\u0430rties met"}, {"body": "At 3\u0660 places."}, {"claims": claim(text="a\u200bb")}):
        said = run("readout", "check", write("alike.yaml", readout(**more)))
        said.says("ready to publish", "warning", "it can be published all the same")
    said = run("readout", "check", write("alike.yaml", readout(headline="그들은 만났다", body="Они встретились.")))
    check("warning" not in said.out + said.err, said)
    run("readout", "check", write("long.yaml", readout(body="x" * 65537)), code=USAGE).complains("at most 65536 bytes")
    run("readout", "check", write("huge.yaml", readout(body="x" * 5000000)), code=USAGE)
    # A meeting and a party can't be called so; a file of a readout can.
    weird = write("<b>.yaml", readout())
    run("readout", "compare", "<script>", weird, code=USAGE).complains("can't have the name")
    run("readout", "compare", "<script>alert(1)</script>", f"usa={weird}", "--html", "named.html")
    check_inert("named.html")


# Files alone.

def offline():
    """No network but what the program would have to ask for."""
    wrapper = ("unshare", "-rn")
    return wrapper if subprocess.run([*wrapper, "true"], capture_output=True).returncode == 0 else ()


@case
def files_without_a_record(folder):
    files = [example(party) for party in SIDES]
    before = sorted(os.listdir("."))
    found = run("readout", "compare", "talks", *files, "--alignment", ALIGNMENT, "--json", wrapper=offline()).json()
    check([s["readout"] for s in found["readouts"]] == list(SIDES) and found["record"] is None, found)
    check(found["acts"] == {party: None for party in SIDES} and found["exercise"] is False, found["acts"])
    check({c["record"]["verdict"] for t in found["topics"] for c in t["claims"]} == {"not asked"}, found)
    text = run("readout", "compare", "talks", *files)
    text.says("a file", "nobody")
    check("The record" not in text.out and sorted(os.listdir(".")) == before, text)
    copy = shutil.copy(example("usa"), "usa.yaml")
    run("readout", "compare", "talks", "usa.yaml", f"usa-2={copy}", "--html", "page.html").says("usa-2")
    check("The record" not in check_inert("page.html"), "a record on the page")
    # As it is signed, too.
    signed = run("readout", "show", "usa.yaml", "--json").json()["readout"]
    write("usa.json", json.dumps(signed))
    check(run("readout", "show", "usa.json", "--json").json()["readout"] == signed, "JSON reads as something else")
    run("readout", "show", "usa.yaml", "--html", "draft.html")
    check("Nobody has signed this" in check_inert("draft.html"), "no draft")
    run("readout", "compare", "talks", "usa.yaml", copy, code=USAGE).complains("there is a readout usa already", "usa-2=")
    run("readout", "compare", "talks", "=usa.yaml", code=USAGE).complains("say whose it is")
    run("readout", "compare", "talks", code=USAGE).complains("no workspace here")
    run("readout", "show", "31", code=USAGE)
    many = [f"r{i}=usa.yaml" for i in range(40)]
    run("readout", "compare", "talks", *many, code=USAGE)
    for text, why in (("alignment: 2\ntopics: {a: [usa:one]}\n", "only alignment: 1"),
                      ("alignment: 1\ntopics: {a: [usa:summit-son]}\n", "did you mean 'summit-soon'"),
                      ("alignment: 1\ntopics: {a: [rok:summit]}\n", "there is no readout 'rok'"), ("", "")):
        run("readout", "compare", "talks", "usa.yaml", "--alignment", write("a.yaml", text), code=USAGE).complains(
            "a.yaml", why)


@case
def files_beside_the_record(folder):
    """Drafts are held against what others have published, and nothing is changed by it."""
    p = met()
    publish(p, "dprk", example("dprk"))
    p.settle()
    compare(p, party="usa")
    folders = p.folders()
    before = snapshot(*folders)
    found = compare(p, example("usa"), "--html", "draft.html", party="usa")
    check(found["acts"]["usa"] is None and found["acts"]["dprk"] is not None, found["acts"])
    p.run("usa", "readout", "check", example("usa"))
    p.run("usa", "readout", "show", example("usa"))
    check_unchanged(before, *folders)
    p.run("usa", "readout", "compare", "pyongyang-4", f"dprk={example('usa')}", code=USAGE).complains(
        "there is a readout dprk already, on the record")


@case
def while_the_ledger_is_away(folder):
    """What was synchronised is compared; what is published waits."""
    p = met()
    publish(p, "dprk", example("dprk"))
    p.run("usa", "sync")
    compare(p, party="usa")
    p.run("usa", "ledger", "set", "courier")
    check(list(compare(p, party="usa", wrapper=offline())["acts"]) == ["dprk"], "not from the copy")
    waits = publish(p, "usa", example("usa")).json()
    check(waits.get("waiting") and not waits["filed"], waits)
    p.run("usa", "sync", "--to", "there")
    p.run("rok", "sync", "--from", "there")
    check(list(compare(p)["acts"]) == ["dprk", "usa"], "not filed")


if __name__ == "__main__":
    main()
