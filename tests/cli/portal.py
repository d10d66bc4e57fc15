#!/usr/bin/env python3
"""The public portal as files: pages that hold together, in each language; what hostile acts say stays text; nothing
beyond its audience; brought up to date, interrupted, refused."""
import base64
import csv
import hashlib
import html.parser
import io
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.parse
import xml.etree.ElementTree

from audiences import CLOSED, MEMO, SECRET, process as with_audiences
from lockstep import (BINARY, CASES, ENVIRONMENT, INVALID, ROOT, USAGE, Process, case, check, check_unchanged,
                      check_without, environment, every_file, main, read, run, snapshot, start, write)
from world import World, act_of, vault_seed

CASES.clear()  # those of audiences.py run by themselves
VERIFY = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What may end without being said so, and here never does; and what must not hold what.
BLOCK_IN_P = {"p", "div", "table", "ul", "ol", "dl", "pre", "blockquote", "h1", "h2", "h3", "h4", "section", "nav"}


class Page(html.parser.HTMLParser):
    """One page, taken strictly: every element is closed, in order; nothing that runs or styles stands in it."""

    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.path, self.stack, self.ids, self.statements, self.links = path, [], set(), {}, []
        self.headings, self.tags, self.text, self.attributes = [], [], "", []
        self.open_statement = None
        self.feed(read(path).decode())
        self.close()
        check(not self.stack, path, "leaves open:", self.stack)

    def wrong(self, *what):
        raise AssertionError(f"{self.path}:{self.getpos()[0]}: " + " ".join(str(w) for w in what))

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        found = dict(attributes)
        if len(names) != len(set(names)):
            self.wrong("an attribute stands twice in", tag)
        for name in names:
            if name.startswith("on") or name == "style":
                self.wrong(tag, "has", name)
        if tag in ("style", "iframe", "object", "embed", "form", "base"):
            self.wrong("there is a", tag)
        if tag == "script" and not found.get("src", "").endswith("assets/app.js"):
            self.wrong("a script that is not ours")
        if tag in BLOCK_IN_P and "p" in self.stack:
            self.wrong(tag, "in a p")
        if tag == "a" and "a" in self.stack:
            self.wrong("a link in a link")
        if tag == "th" and "scope" not in found:
            self.wrong("a th without scope")
        self.take_names(found)
        self.tags.append(tag)
        self.attributes.append((tag, found))
        if tag not in VOID:
            self.stack.append(tag)

    def take_names(self, found):
        if "id" in found:
            if found["id"] in self.ids:
                self.wrong("two elements are called", found["id"])
            self.ids.add(found["id"])
        if "data-s" in found:
            if found["data-s"] in self.statements or self.open_statement is not None:
                self.wrong("a statement twice, or in a statement:", found["data-s"])
            self.statements[found["data-s"]] = ""
            self.open_statement = (found["data-s"], len(self.stack))
        for name in ("href", "src"):
            if name in found:
                self.links.append(found[name])

    def handle_startendtag(self, tag, attributes):
        self.wrong("an element that closes itself:", tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            self.wrong("ends", tag, "within", self.stack)
        self.stack.pop()
        if self.open_statement is not None and len(self.stack) == self.open_statement[1]:
            self.open_statement = None

    def handle_data(self, data):
        self.text += data
        if self.open_statement is not None:
            self.statements[self.open_statement[0]] += data
        if self.stack and self.stack[-1] in ("h1", "h2", "h3", "h4"):
            self.headings.append((self.stack[-1], data))

    def handle_decl(self, decl):
        if decl != "DOCTYPE html" or self.getpos() != (1, 0):
            self.wrong("a declaration", decl)

    def unknown_decl(self, data):
        self.wrong("unknown", data)

    def handle_comment(self, data):
        self.wrong("a comment:", data)


def build(p, folder, *more, party="usa", publish="all", **options):
    publish = ("--publish", publish) if publish else ()
    return p.run(party, "portal", "build", folder, *publish, *more, "--json", **options)


def pages_of(site):
    """All but the edition in one file, which holds its script and is looked at in browser.py."""
    return {os.path.relpath(path, site): Page(path) for path in sorted(every_file(site))
            if path.endswith(".html") and path != os.path.join(site, "portal.html")}


def check_links(site, pages):
    """Every link leads to a file of the site, and to what it names in it."""
    for name, page in pages.items():
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            check(not parts.scheme and not parts.netloc and not parts.query, name, "leads elsewhere:", link)
            target = os.path.normpath(os.path.join(os.path.dirname(name), parts.path)) if parts.path else name
            check(not target.startswith(".."), name, "leads out of the site:", link)
            check(os.path.isfile(os.path.join(site, target)), name, "leads to nothing:", link)
            check(not parts.fragment or parts.fragment in pages[target].ids, name, "leads to nothing in it:", link)


def check_page(name, page, exercise=True):
    check(page.tags.count("h1") == 1 and page.tags.count("main") == 1, name, page.tags.count("h1"))
    check(page.tags.count("table") == page.tags.count("caption"), name, "has a table without a caption")
    check(page.statements, name, "states nothing")
    levels = [int(tag[1]) for tag in page.tags if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()]
    check(all(b <= a + 1 for a, b in zip(levels, levels[1:])), name, "leaves a level of headings out:", levels)
    mark = [found for _, found in page.attributes if found.get("id") == "exercise-mark"]
    check(len(mark) == (1 if exercise else 0), name, "is not marked as it should be")
    check("{0}" not in page.text and "{1}" not in page.text, name, "has a sentence that is not filled in")


def check_site(site, exercise=True):
    pages = pages_of(site)
    check_links(site, pages)
    for name, page in pages.items():
        check_page(name, page, exercise)
        other = name[3:] if name.startswith("ko/") else "ko/" + name
        check(other in pages, name, "is not there in the other language")
        check(set(page.statements) == set(pages[other].statements), name, "states something else in the other language")
    check(xml.etree.ElementTree.parse(os.path.join(site, "feed.xml")).getroot().tag.endswith("feed"), "no feed")
    with open(os.path.join(site, "data", "acts.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    check(all(len(row) == len(rows[0]) for row in rows), "acts.csv is not even")
    lines = [json.loads(line) for line in read(os.path.join(site, "data", "acts.jsonl")).splitlines()]
    check(len(lines) == len(rows) - 1, len(lines), len(rows))
    check([line["entry"] for line in lines] == list(range(len(lines))), "acts.jsonl is not in order")
    check(read(os.path.join(site, "social.png"))[:8] == b"\x89PNG\r\n\x1a\n", "no picture")
    for path in every_file(site):
        check(os.stat(path).st_mode & 0o777 == 0o644 or path.endswith(".lock"), path, "can't be read by everybody")
        check(".tmp-" not in path, "left behind:", path)
    return pages


def published(site):
    """Files of acts: the list, and what is there."""
    listed = json.loads(read(os.path.join(site, "tlog", "files.json")))
    there = sorted(os.listdir(os.path.join(site, "tlog", "attachment")))
    check(listed == there, listed, there)
    for name in there:
        content = read(os.path.join(site, "tlog", "attachment", name))
        check(hashlib.sha256(content).hexdigest() == name, name, "holds something else")
    return there


# The examples.

def published_files(site):
    """All that a site has of its process; the front end is the same for all, and has a world of coordinates."""
    return [path for path in every_file(site) if not path.startswith(os.path.join(site, "assets", ""))
            and path != os.path.join(site, "portal.html")]


def check_one_file(site):
    """The edition in one file holds what the site publishes, and nothing else: in base64 short secrets occur by chance."""
    path = os.path.join(site, "portal.html")
    if not os.path.exists(path):
        return  # without a front end there is none
    data = json.loads(re.search(r'id="lockstep-data">(.*?)</script>', read(path).decode(), re.S)[1])
    check(set(data) == {"checkpoint", "entries", "files"} and set(data["files"]) == set(published(site)), set(data["files"]))
    check(all(hashlib.sha256(base64.b64decode(content)).hexdigest() == name for name, content in data["files"].items()),
          "another file")
    check(base64.b64decode(data["checkpoint"]) == read(os.path.join(site, "tlog", "checkpoint")), "another checkpoint")
    tiles = [read(p) for p in sorted(every_file(os.path.join(site, "tlog", "tile", "entries")))]
    check(all(base64.b64decode(tile) in tiles for tile in data["entries"]), "other entries")


def example(name, folder):
    made = subprocess.run([os.path.join(ROOT, "examples", name, "demo.sh"), folder], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=environment({"LOCKSTEP": BINARY, "LOCKSTEP_VERIFY": VERIFY}),
                          check=False)
    check(made.returncode == 0, made.stdout[-2000:])
    p = Process.__new__(Process)
    p.folder, p.ledger = folder, os.path.join(folder, "ledger")
    return p


def check_example(name, *words):
    p = example(name, os.path.abspath(name))
    site = os.path.abspath("site")
    built = build(p, site).json()
    pages = check_site(site)
    check(built["pages"] == len(pages), built, len(pages))
    for page, word in words:
        found = [n for n in pages if n == page or n.startswith("measure/") and n.endswith(page)]
        check(found and word in pages[found[0]].text, page, "does not say", word)
    check(len([n for n in pages if n.startswith("act/")]) == built["entries"], "a page for each act", built)
    return p, site, pages


@case
def the_process_of_2018(folder):
    p, site, pages = check_example(
        "pyongyang-2018", ("index.html", "Where it stands"), ("scorecard.html", "overdue"), ("act/31.html", "No exemption"),
        ("-visit-punggye-ri.html", "not done by 2018-11-18"))
    # What the scorecard says is what `status` says.
    card, states = pages["scorecard.html"], p.states("usa")
    for measure, state in states.items():
        said = [text for name, text in card.statements.items() if f"-{measure}-" in name and name.endswith("-state")]
        check(said and all(text.startswith(state["state"]) for text in said), measure, said, state["state"])
    # Proofs to take away, and the record, are such as other programs check.
    charter = p.run("usa", "charter", "show", "--json").json()["fingerprint"]
    for entry in (0, 4, 17, 31, 33):
        result = p.run("rok", "verify", os.path.join(site, "act", f"{entry}.tlog-proof"))
        check("not valid" not in result.out, result)
    run("ledger", "check", os.path.join(site, "tlog"), "--charter", charter).says("all 34 are acceptable")
    check(charter in pages["index.html"].text and charter in read(os.path.join(site, "CITATION.cff")).decode(), charter)


@case
def inspections_of_2018(folder):
    _, _, pages = check_example("inspections-2018", ("scorecard.html", "Rights"), ("record.html", "draw"))
    land = [found["href"] for tag, found in pages["map.html"].attributes if tag == "image"]
    check(land == ["assets/near-10-1.svg"], "not the piece of 120 to 150 degrees east and 30 to 60 north:", land)


@case
def talks_of_2018(folder):
    check_example("talks-2018", ("scorecard.html", "Pledges"), ("index.html", "Meetings ahead"), ("record.html", "letter"))


# Who may read what.

@case
def only_what_everybody_may_read(folder):
    """From workspaces full of secrets; also where the record is published with the files of its members."""
    p = with_audiences()
    memo = write(p.path("memo.txt"), MEMO)
    p.run("dprk", "open", "--tranche", "1", "--yes")
    p.run("usa", "perform", "pause", "--attach", memo, "--audience", "inspectors", "--yes", "--text", "See the memo.")
    p.run("usa", "perform", "pause", "--attach", write(p.path("all.txt"), "for the three of us: 0815"), "--yes")
    p.run("usa", "perform", "pause", "--attach", write(p.path("open.txt"), "for the whole world: 42"), "--audience",
          "public", "--yes")
    p.run("usa", "letter", "dprk", "--text", "between us alone: 1848", "--confidential", "--yes")
    p.run("usa", "inbox", "--save", p.path("received"))
    seeds = [vault_seed(path) for path in every_file(*(p.path(x, "vaults") for x in p.PARTIES))
             if path.endswith(".vault")]
    secrets = list(SECRET) + list(CLOSED) + [MEMO, "between us alone: 1848"] + seeds
    for party in p.PARTIES:
        site = p.path(f"site-{party}")
        p.run(party, "sync")
        everything = build(p, site, party=party).json()
        check(everything["withheld"] >= 3, everything)
        check_without(secrets, *published_files(site))
        check_one_file(site)
        check_site(site)
        texts = [read(os.path.join(site, "tlog", "attachment", name)) for name in published(site)]
        check(b"for the three of us: 0815" in texts and b"for the whole world: 42" in texts, "a file is missing")
        # Less is published from now on: what was there goes.
        build(p, site, party=party, publish="record")
        check_without(secrets + ["for the three of us: 0815"], *published_files(site))
        check_one_file(site)
        texts = [read(os.path.join(site, "tlog", "attachment", name)) for name in published(site)]
        check(b"for the whole world: 42" in texts and len(texts) < everything["files"], len(texts))
        pages = check_site(site)
        act = next(a for a in p.log(party) if a["kind"] == "letter")
        check("not published" in pages[f"act/{act['index']}.html"].text, "a sealed file is linked")
    # Every site is the same, whoever builds it.
    sites = [{os.path.relpath(path, p.path(f"site-{party}")): read(path) for path in every_file(p.path(f"site-{party}"))
              if not os.path.basename(path).startswith(".")} for party in p.PARTIES]
    check(sites[0] == sites[1] == sites[2], [n for n in sites[0] if sites[0][n] != sites[1].get(n)])


AREAS = {
    "field": {"type": "Polygon", "coordinates": [[[125, 39], [126, 39], [126, 40], [125, 40], [125, 39]],
                                                 [[125.4, 39.4], [125.4, 39.6], [125.6, 39.6], [125.4, 39.4]]]},
    "road": {"type": "LineString", "coordinates": [[127, 40], [127.5, 40.25]]},
    "spot": {"type": "Point", "coordinates": [125.5, 38.25]},
    "none": None,
}


@case
def areas_are_on_the_map(folder):
    """Where a row has a geometry that decides, as for challenges; its latitude and longitude otherwise."""
    p = Process(os.path.join(folder, "areas"))
    roadmap = read(p.path("roadmap.yaml")).decode()
    write(p.path("roadmap.yaml"), roadmap.replace("lat, lon]", "lat, lon, geometry]").replace("row-bytes: 128", "row-bytes: 512"))
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(["tranche", "id", "name", "lat", "lon", "geometry"])
    for name, shape in AREAS.items():
        table.writerow([1, name, name, "10.5", "20.5", json.dumps(shape) if shape else ""])
    write(p.path("sites.csv"), rows.getvalue())
    p.build().declare()
    p.run("dprk", "open", "--tranche", "1", "--yes")
    p.run("usa", "sync")
    build(p, p.path("site"))
    pages = check_site(p.path("site"))
    told = [text for name, text in pages["map.html"].statements.items() if name.startswith("site-")]
    for place in ("39.5000\xb0 N, 125.5000\xb0 E", "40.1250\xb0 N, 127.2500\xb0 E", "38.2500\xb0 N, 125.5000\xb0 E",
                  "10.5000\xb0 N, 20.5000\xb0 E"):
        check(sum(place in text for text in told) == 1, "not once among them:", place, told)
    drawn = [(found["class"], found["d"]) for tag, found in pages["map.html"].attributes if tag == "path" and found.get("class") in ("area", "way")]
    check(sorted(drawn) == [
        ("area", "M305.000 51.000L306.000 51.000L306.000 50.000L305.000 50.000L305.000 51.000"
                 "M305.400 50.600L305.400 50.400L305.600 50.400L305.400 50.600"),
        ("way", "M307.000 50.000L307.500 49.750")], drawn)
    # From 20 to 127 degrees east: the world. Of the sites near by alone, the pieces of land around them.
    land = [found["href"] for tag, found in pages["map.html"].attributes if tag == "image"]
    check(land == ["assets/world.svg"], land)


@case
def a_record_is_for_its_readers(folder):
    """Whose charter does not say that it is public needs a word; one that does needs none."""
    p = Process().build()
    build(p, p.path("site"), publish=None, code=USAGE).complains("only those in the charter", "--publish record")
    check(not os.path.exists(p.path("site", "index.html")), "it was published all the same")
    build(p, p.path("site"), publish="some", code=USAGE).complains("record or all")
    q = Process("public")
    q.draft_charter()
    write(q.path("charter.yaml"), read(q.path("charter.yaml")).decode().rstrip("\n") + "\naccess: public\n")
    q.sign_charter().sign_accord()
    built = build(q, q.path("site"), publish=None).json()
    check(built["withheld"] == 0 and built["files"] >= 5, built)
    check_site(q.path("site"))


@case
def nothing_without_a_process(folder):
    p = Process().draft_charter()
    build(p, p.path("site"), code=USAGE)
    check(not os.path.exists(p.path("site")), "a folder was made")


# Hostile content.

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\' onmouseover="x" </pre></main> <!-- ]]> &lt;b&gt; {0}'


@case
def hostile_words_are_words(folder):
    p = Process()
    p.draft_charter()
    charter = read(p.path("charter.yaml")).decode().replace('title: "The North"', f"title: {json.dumps(HOSTILE)}")
    check(json.dumps(HOSTILE) in charter, charter)
    write(p.path("charter.yaml"), charter)
    write(p.path("roadmap.yaml"), read(p.path("roadmap.yaml")).decode()
          .replace("title: A small accord", f"title: {json.dumps(HOSTILE)}").replace("title: Calm", f"title: {json.dumps(HOSTILE)}")
          .replace("what: pause exercises", f"what: {json.dumps(HOSTILE)}"))
    write(p.path("text.md"), read(p.path("text.md")).decode().replace("The others pause", HOSTILE))
    p.sign_charter().sign_accord()
    p.run("usa", "perform", "pause", "--yes", "--text", HOSTILE)
    p.run("dprk", "object", "pause", "--yes", "--text", "=HYPERLINK(\"http://x\")")
    p.run("usa", "pledge", "calm", "--yes", "--text", HOSTILE)
    act_of(p, "usa", "meet", "to: dprk", "meeting: constructor", "venue: " + HOSTILE[:150])
    p.run("usa", "sync")
    site = p.path("site")
    build(p, site)
    pages = pages_of(site)
    check_links(site, pages)
    for name, page in pages.items():
        check(page.tags.count("script") <= 1 and "img" not in page.tags and "b" in page.tags, name)  # ours, or none
    act = next(n for n, page in pages.items() if n.startswith("act/") and HOSTILE in page.statements.get("words", ""))
    check(HOSTILE in pages[act].statements["note"], "the note does not say what was signed")
    check(HOSTILE in pages["scorecard.html"].text and HOSTILE in pages["index.html"].text, "words are lost")
    feed = xml.etree.ElementTree.parse(os.path.join(site, "feed.xml")).getroot()
    check(any(HOSTILE in (e.text or "") for e in feed.iter("{http://www.w3.org/2005/Atom}summary")), "the feed lost words")
    with open(os.path.join(site, "data", "acts.csv"), newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    check(any(t.startswith("'=HYPERLINK") for t in texts) and not any(t[:1] in "=+-@" for t in texts if t), texts)


# Brought up to date.

def contents(site):
    return {os.path.relpath(path, site): read(path) for path in every_file(site)}


@case
def only_what_changed_is_written(folder):
    p = Process().build()
    p.run("usa", "perform", "pause", "--yes", "--text", "It is paused.")
    p.run("dprk", "sync")
    site = p.path("site")
    first = build(p, site).json()
    before = snapshot(site)
    times = {path: os.stat(path).st_mtime_ns for path in every_file(site)}
    again = build(p, site).json()
    check(again["written"] == 0 and again["rendered"] < first["rendered"], again)
    check_unchanged(before, site)
    check(all(os.stat(path).st_mtime_ns == t for path, t in times.items()), "a file was written again")
    p.run("dprk", "confirm", "pause", "--yes")
    p.run("usa", "sync")
    old = contents(site)
    more = build(p, site).json()
    new = contents(site)
    changed = {name for name in new if old.get(name) != new[name]}
    measure = next(n for n in new if n.startswith("measure/") and n.endswith("-pause.html"))
    check(measure in changed and "scorecard.html" in changed and "tlog/checkpoint" in changed, changed)
    kept = {f"act/{i}.html" for i in range(first["entries"] - 1)}
    check(not kept & changed, "pages of acts about which nothing was said:", kept & changed)
    p.run("usa", "perform", "pause", "--yes", "--text", "Once more.")
    said = p.run("dprk", "object", "pause", "--yes", "--text", "They fly.", "--json").json()["index"]
    p.run("usa", "sync")
    build(p, site)
    old = contents(site)
    p.run("dprk", "withdraw", str(said), "--yes")
    p.run("usa", "sync")
    build(p, site)
    new = contents(site)
    check(old[f"act/{said}.html"] != new[f"act/{said}.html"], "an act's page does not say what was said about it")
    check(more["rendered"] < more["pages"] and not set(old) - set(new), more)
    # And what is kept is what would be made anew.
    whole = p.path("whole")
    build(p, whole)
    anew = contents(whole)
    parts = [n for n in new if n not in anew]
    check(all(n.startswith("tlog/tile/") and ".p/" in n for n in parts), "left over:", parts)
    check(all(anew[n] == new[n] for n in anew), [n for n in anew if anew[n] != new.get(n)])


@case
def interrupted_it_goes_on(folder):
    """Killed at any moment, what is served is whole files, and another run makes the same site."""
    p = Process().build()
    for i in range(12):
        p.run("usa", "perform", "pause", "--yes", "--text", f"Part {i}.")
    p.run("dprk", "sync")
    p.run("usa", "sync")
    build(p, p.path("whole"))
    wanted = contents(p.path("whole"))
    site = p.path("site")
    for i in range(12):
        job = start(*p.as_("usa", "portal", "build", site, "--publish", "all"))
        time.sleep(0.02 * i)
        os.killpg(job.pid, signal.SIGKILL)
        job.wait()
        if os.path.exists(os.path.join(site, "tlog", "checkpoint")):
            check(os.path.exists(os.path.join(site, "ko", "record.html")), "the checkpoint came before the pages")
        for path in every_file(site):
            name = os.path.relpath(path, site)
            check(".tmp-" in name or name.endswith(".lock") or read(path) == wanted.get(name), name, "is not whole")
    write(os.path.join(site, "tlog", "tile", ".0.tmp-abcdef"), "half")
    build(p, site)
    made = contents(site)
    check(made == wanted, [n for n in {*wanted, *made} if made.get(n) != wanted.get(n)])


@case
def what_an_unfinished_run_left_is_made_again(folder):
    """A run with another address that fails among its pages; then one as before: nothing of the other's stays."""
    p = Process(folder).build()
    site = p.path("site")
    build(p, site, "--url", "https://one.example/")
    before = contents(site)
    late = os.path.join(site, "ko", "act", "1.html")
    os.remove(late)
    os.mkdir(late)
    build(p, site, "--url", "https://two.example/", code=ENVIRONMENT)
    check(b"https://two.example/" in read(os.path.join(site, "act", "1.html")), "it failed before its pages")
    os.rmdir(late)
    build(p, site, "--url", "https://one.example/")
    after = contents(site)
    check(after == before, [name for name in before if after.get(name) != before[name]])


@case
def what_else_is_in_the_folder(folder):
    p = Process().build()
    os.mkdir("other")
    write("other/diary.txt", "mine")
    build(p, os.path.abspath("other"), code=USAGE).complains("no site of Lockstep's")
    check(os.listdir("other") == ["diary.txt"], os.listdir("other"))
    q = Process("second")
    q.build()
    build(p, p.path("site"))
    build(q, p.path("site"), code=USAGE).complains("another process")
    build(p, p.path("no", "such", "parent"), code=3)
    os.mkdir("empty")
    build(p, os.path.abspath("empty"))


# Where it comes from.

@case
def from_ledgers_of_every_kind(folder):
    p = Process().build()
    p.run("usa", "perform", "pause", "--yes", "--text", "It is paused.")
    p.run("rok", "sync")
    p.run("rok", "ledger", "export", p.path("tree"))
    p.run("rok", "export", p.path("record.lockstep"))
    charter = p.run("usa", "charter", "show", "--json").json()["fingerprint"]
    made = []
    for number, source in enumerate((p.ledger, p.path("rok", "replica"), p.path("tree"), p.path("record.lockstep"))):
        site = p.path(f"site-{number}")
        run("portal", "build", site, "--from", source, "--publish", "all", "--charter", charter)
        made.append(contents(site))
    check(all(m == made[0] for m in made), "sites differ")
    wrong = run("portal", "build", p.path("none"), "--from", p.ledger, "--publish", "all", "--charter", "0" * 64,
                code=USAGE)
    check("another fingerprint" in wrong.err and not os.path.exists(p.path("none")), wrong)


@case
def a_ledger_that_lies_is_not_published(folder):
    w = World(quorum=True).grow()
    w.add(w.stamp())
    w.tree("good")
    run("portal", "build", os.path.abspath("site"), "--from", "good", "--publish", "all")
    check_site(os.path.abspath("site"), exercise=False)
    pages = pages_of("site")
    check("Act 5." in pages["record.html"].text, "an act is missing")
    lies = {
        "signature": lambda t: write(os.path.join(t, "tile/entries/000.p", str(len(w.entries))),
                                     read(os.path.join(t, "tile/entries/000.p", str(len(w.entries)))).replace(
                                         b"Act 3.", b"Act 8.")),
        "quorum": lambda t: write(os.path.join(t, "checkpoint"), w.checkpoint()),
        "root": lambda t: write(os.path.join(t, "checkpoint"), w.final(w.entries[:-1] + [w.entries[-2]])),
    }
    for name, lie in lies.items():
        shutil.copytree("good", name)
        lie(name)
        before = snapshot("site")
        for site in ("site", f"new-{name}"):
            result = run("portal", "build", os.path.abspath(site), "--from", name, "--publish", "all",
                         code=USAGE if name != "signature" else INVALID)
            check(result.err.startswith("lockstep: error:"), result)
        check_unchanged(before, "site", why=name)
        check(not os.path.exists(f"new-{name}/index.html"), name, "was published")


@case
def a_file_that_is_another_is_not_published(folder):
    """Whoever hosts a ledger can put other bytes under the name of a file that no rule of acceptance reads."""
    p = Process().build()
    p.run("usa", "perform", "pause", "--attach", write(p.path("evidence.txt"), "Two halls were entered."), "--yes")
    run("ledger", "export", p.path("tree"), "--from", p.ledger)
    hash_ = hashlib.sha256(b"Two halls were entered.").hexdigest()
    path = os.path.join(p.path("tree"), "attachment", hash_)
    site, copied = os.path.abspath("site"), os.path.abspath("copied")
    run("portal", "build", site, "--from", p.path("tree"), "--publish", "all")
    for lie in ("Six halls were entered.", "Two halls were entered. All of them."):
        write(path, lie)
        fresh = os.path.abspath("fresh")
        for command in (("portal", "build", fresh, "--publish", "all"), ("ledger", "export", copied)):
            run(*command, "--from", p.path("tree"), code=INVALID).complains(hash_)
        for place in (fresh, copied):
            check(not os.path.exists(place) or all(lie.encode() not in read(f) for f in every_file(place)), "a lie in", place)
            shutil.rmtree(place, ignore_errors=True)
        run("ledger", "check", p.path("tree"), code=INVALID)
    run("portal", "build", site, "--from", p.path("tree"), "--publish", "all")  # what is there already is the right one
    check(read(os.path.join(site, "tlog", "attachment", hash_)) == b"Two halls were entered.", "it was replaced")


@case
def a_front_end_from_elsewhere(folder):
    """LOCKSTEP_PORTAL: its files are served, and its verifier's hash stands on each page."""
    p = Process().build()
    os.mkdir("front")
    for name in ("app.js", "style.css", "verifier.bin", "world.json"):
        write(f"front/{name}", f"/* {name} */")
    site = p.path("site")
    built = build(p, site, env={"LOCKSTEP_PORTAL": os.path.abspath("front")}).json()
    hash_ = hashlib.sha256(read("front/verifier.bin")).hexdigest()
    check(built["verifier"] == hash_, built)
    pages = check_site(site)
    check(all(hash_ in page.text and "script" in page.tags for page in pages.values()), "the verifier is not shown")
    digests = {"sha256-" + base64.b64encode(hashlib.sha256(read(f"front/{n}")).digest()).decode()
               for n in ("app.js", "style.css")}
    check(all({f["integrity"] for _, f in page.attributes if "integrity" in f} == digests for page in pages.values()),
          "pages would take another script")
    os.remove("front/verifier.bin")
    built = build(p, site, env={"LOCKSTEP_PORTAL": os.path.abspath("front")}).json()
    check(built["verifier"] is None, built)
    check(not any("script" in page.tags for page in check_site(site).values()), "a script that checks nothing")
    build(p, site, env={"LOCKSTEP_PORTAL": p.path("nowhere")}, code=3).complains("no front end")
    address = build(p, site, "--url", "https://portal.example/p").json()
    check(address["written"] > 0, address)
    check(b'href="https://portal.example/p/act/' in read(os.path.join(site, "feed.xml")), "no address in the feed")
    build(p, site, "--url", "javascript:alert(1)", code=USAGE).complains("no address")


if __name__ == "__main__":
    main()
