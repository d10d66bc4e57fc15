#!/usr/bin/env python3
"""Texts under negotiation: three delegations that edit and accept, also away from the ledger; from the last bracket to an
accord and its scorecard; hostile texts; words for some only, looked for byte by byte; and everything that must fail."""
import html.parser
import os
import re

from lockstep import (INVALID, MARK, ROOT, USAGE, Process, case, check, check_unchanged, check_without, main, read, snapshot,
                      write)
from world import act_of

ACCORD = os.path.join(ROOT, "examples", "pyongyang-2018", "accord.md")
ROADMAP_2018 = os.path.join(ROOT, "examples", "pyongyang-2018", "roadmap.yaml")
WORDS = "[p1] Within 30 days of entry into force the declaration is made.\n\n[p2] Nothing else is due.\n"
PIECES = "roadmap: 1\nname: small\ndate-limit: 30 days\n"


class Talks(Process):
    def text(self, party, verb, *args, **options):
        return self.run(party, "text", verb, *args, **options)

    def say(self, party, verb, *args, **options):
        return self.run(party, "text", verb, *args, "--yes", "--json", **options).json()

    def state(self, party="usa", name="first", *more):
        found = self.text(party, "show", name, "--json", *more).json()
        found["by"] = {p["paragraph"]: p for p in found["paragraphs"]}
        return found

    def shown(self, party="usa", name="first", *more):
        return self.text(party, "show", name, *more).out

    def copy(self, party, *more, name="first", out=None):
        out = self.path(out or f"{party}.md")
        if os.path.exists(out):
            os.remove(out)
        self.text(party, "edit", name, "--out", out, *more)
        return out

    def change(self, party, *changes, more=(), name="first", language=()):
        """Edits the working copy, and proposes it."""
        path = self.copy(party, *language, name=name)
        text = read(path).decode()
        for before, after in changes:
            check(before in text, before, "is not in", text)
            text = text.replace(before, after)
        write(path, text)
        return self.say(party, "propose", name, path, *language, *more)


def opened(*more, words=WORDS, roadmap=None, languages="en", folder="."):
    p = Talks(folder)
    p.draft_charter().sign_charter()
    files = ["--from", write(p.path("words.md"), words)] if words else []
    files += ["--roadmap", write(p.path("pieces.yaml"), roadmap)] if roadmap else []
    p.say("usa", "open", "first", "--to", "dprk,rok", "--languages", languages, *files, *more)
    return p


def agree_all(p, of="usa", name="first"):
    for party in p.PARTIES:
        if party != of:
            p.say(party, "accept", name, "--all", "--of", of)


# Brackets.

@case
def two_who_edit_one_paragraph_away(folder):
    """Nothing is lost, and everybody sees the same bytes."""
    p = opened(roadmap=PIECES)
    p.say("rok", "accept", "first", "--all", "--of", "usa")
    p.say("dprk", "accept", "first", "usa-2-1", "usa-2-5")
    for party in ("dprk", "usa"):
        p.run(party, "sync")
        p.run(party, "ledger", "set", "courier")
    path = p.copy("dprk")
    write(path, read(path).replace(b"30 days", b"60 days"))
    p.text("dprk", "propose", "first", path, "--yes").says("waits in the outbox")
    path = p.copy("usa")
    write(path, read(path).replace(b"[p2] Nothing else is due.", b"[p2] Nothing else is due before that."))
    p.text("usa", "propose", "first", path, "--yes").says("waits in the outbox")
    p.change("rok", ("Nothing else", "Nothing more"))
    for party in ("usa", "dprk"):
        p.run(party, "ledger", "set", p.ledger)
        p.run(party, "sync")
    seen = {p.shown(party) for party in p.PARTIES}
    check(len(seen) == 1, "they see different texts", seen)
    text = seen.pop()
    # What all held before is locked: the other words are a wish. The rest stands side by side.
    for wanted in ("[DPRK to reopen: [p1] Within 60 days", "[p2] Nothing [USA: else] [ROK: more] is due [USA: before that].",
                   "date-limit: 30 days\n[DPRK to reopen: date-limit: 60 days]"):
        check(wanted in text, wanted, text)
    states = [p.state(party)["by"] for party in p.PARTIES]
    check(states[0] == states[1] == states[2], states)
    said = [a["text"] for c in states[0]["usa-2-2"]["cells"] for a in c["positions"] + c["reopening"]]
    check({"[p2] Nothing else is due before that.", "[p2] Nothing more is due."} <= set(said), said)
    histories = {p.text(party, "history", "first").out for party in p.PARTIES}
    check(len(histories) == 1 and "would reopen it for: \\[p1\\] Within 60" in histories.pop(), "no history")


@case
def brackets_in_prose_and_roadmap(folder):
    p = opened(roadmap=PIECES)
    p.say("rok", "accept", "first", "--all")
    p.change("dprk", ("30 days", "60 days"))
    text = p.shown()
    check("[p1] Within [USA, ROK: 30] [DPRK: 60] days of entry into force" in text, text)
    check("date-limit: [USA, ROK: 30] [DPRK: 60] days" in text, text)
    check("[USA, ROK: [p2] Nothing else is due.]" in text, text)
    check("Within 60 days" in p.shown("usa", "first", "--as", "dprk"), p.shown("usa", "first", "--as", "dprk"))
    clean = p.shown("usa", "first", "--clean")
    check("[not agreed]" in clean and "30" not in clean.split("\n", 3)[-1], clean)
    p.say("dprk", "accept", "first", "usa-2-2")
    check(p.state()["by"]["usa-2-2"]["settled"], "not agreed")
    check("[p2] Nothing else is due." in p.shown("usa", "first", "--clean"), "agreed, and not shown")
    # As it was.
    early = p.state("usa", "first", "--at", "2")["paragraphs"]
    check(early == [], early)
    check(p.state("usa", "first", "--at", "2018-10-08")["open"] == 4, "not of that day")
    diff = p.text("usa", "diff", "first", "4")
    diff.says("usa-2-1 en", "60")
    p.text("usa", "diff", "first", "8", "4", code=USAGE).complains("FROM is later than TO")
    p.text("usa", "history", "first", "usa-2-1").says("would have: \\[p1\\] Within 60 days")
    listed = p.text("rok", "list", "--json").json()["texts"]
    check([(t["text"], t["open"], t["clean"]) for t in listed] == [("first", 4, False)], listed)
    p.run("rok", "talks").says("first")


@case
def an_old_copy_takes_nothing_back(folder):
    p = opened()
    old, old_copy = p.copy("dprk"), read(p.copy("rok"))
    p.change("rok", ("Nothing else", "Nothing more"))
    p.text("dprk", "propose", "first", old, "--yes", code=USAGE).complains("nothing is proposed")
    write(old, read(old) + b"\n[p3] A new paragraph of the north.\n")
    p.say("dprk", "propose", "first", old)
    check(len(p.state()["paragraphs"]) == 3, p.state())
    p.text("dprk", "propose", "first", old, "--yes", code=USAGE).complains("nothing is proposed")
    # What came after a copy was written was never in it, and is not missing from it.
    late = p.path("late.md")
    write(late, old_copy)
    p.text("rok", "propose", "first", late, "--delete-missing", "--yes", code=USAGE).complains("nothing is proposed")
    # A paragraph whose mark is gone is left alone, unless that is meant.
    path = p.copy("usa")
    gone = re.sub(rb"<!-- #usa-2-2 [^\n]*\n[^\n]*\n", b"", read(path))
    write(path, gone)
    p.text("usa", "propose", "first", path, "--yes", code=USAGE).complains("--delete-missing")
    p.say("usa", "propose", "first", path, "--delete-missing", "--note", "It says nothing.")
    text = p.shown()
    check("[ROK: [p2] Nothing more is due.]" in text, text)
    check("[USA: delete]" in text and "It says nothing." in text, text)


@case
def accepting(folder):
    p = opened()
    p.change("dprk", ("30 days", "60 days"))
    # All, but nobody's own words are given up by it; nor is anything chosen between two.
    p.text("rok", "accept", "first", "--all", "--yes").complains("1 place is left as it is")
    p.text("rok", "accept", "first", "usa-2-1", "--yes", code=USAGE).complains("want different things", "--of PARTY")
    p.text("dprk", "accept", "first", "--all", "--yes").complains("1 place is left as it is")
    p.say("rok", "accept", "first", "usa-2-1", "--of", "dprk", "--ad-referendum")
    check("ROK ad ref." in p.shown(), p.shown())
    p.say("usa", "accept", "first", "usa-2-1", "--of", "dprk")
    cell = p.state()["by"]["usa-2-1"]["cells"][0]
    check(cell["status"] == "open" and len(cell["positions"]) == 3, "word from the capital has come?", cell)
    p.text("usa", "accord", "first", "--yes", code=INVALID).says("usa-2-1 en", "ROK ad ref.")
    p.say("rok", "accept", "first", "usa-2-1")
    check(p.state()["clean"], p.state())
    p.text("rok", "accept", "first", "--all", "--yes", code=USAGE).complains("nothing to accept")


@case
def what_is_agreed_is_reopened_by_all(folder):
    p = opened()
    agree_all(p)
    check(p.state()["clean"], p.shown())
    p.change("dprk", ("30 days", "60 days"))
    text = p.shown()
    check("DPRK to reopen" in text and p.state()["by"]["usa-2-1"]["settled"], text)
    p.say("usa", "reopen", "first", "usa-2-1")
    p.say("rok", "accept", "first", "usa-2-1", "--of", "dprk")
    check("[USA: 30] [DPRK, ROK: 60]" in p.shown() or not p.state()["by"]["usa-2-1"]["settled"], p.shown())
    p.say("usa", "accept", "first", "usa-2-1")
    check(p.state()["clean"] and "Within 60 days" in p.shown("rok", "first", "--clean"), p.shown())
    p.text("rok", "reopen", "first", "usa-2-2", "--yes")
    p.text("rok", "retract", "first", "usa-2-2", "--yes")
    check(p.state()["clean"] and "to reopen" not in p.shown(), p.shown())


@case
def nothing_is_agreed_until_everything_is(folder):
    p = opened("--whole")
    p.say("dprk", "accept", "first", "--all")
    p.say("rok", "accept", "first", "usa-2-1")
    check("provisionally agreed" in p.shown() and p.state()["whole"], p.shown())
    p.change("rok", ("30 days", "45 days"))
    check("[USA, DPRK: 30] [ROK: 45]" in p.shown(), "it was locked", p.shown())
    p.say("rok", "accept", "first", "--all", "--of", "usa")
    check(p.state()["clean"] and all(c["locked"] for q in p.state()["paragraphs"] for c in q["cells"]), p.state())


@case
def languages_that_diverge(folder):
    p = opened(languages="en,ko")
    check("[not yet in this language]" in p.shown("usa", "first", "--language", "ko"), p.shown())
    path = p.copy("rok", "--language", "ko")
    text = read(path).decode()
    for mark, words in (("usa-2-1", "[p1] 발효 후 30일 이내에 신고한다."), ("usa-2-2", "[p2] 그 밖의 의무는 없다.")):
        text = re.sub(rf"(<!-- #{mark} [^\n]*\n)", rf"\g<1>{words}\n", text)
    write(path, text)
    quiet = p.text("rok", "propose", "first", path, "--language", "ko", "--yes")
    check("warning" not in quiet.err, "Korean is left in peace", quiet)
    p.say("dprk", "accept", "first", "--all")
    p.say("usa", "accept", "first", "--all")
    p.say("rok", "accept", "first", "--all")
    check(p.state()["clean"], p.shown())
    objection = p.say("dprk", "diverge", "first", "usa-2-1", "--languages", "en,ko", "--text", "The Korean has no form.")
    check(not p.state()["clean"], "an objection stands")
    p.text("usa", "accord", "first", "--yes", code=INVALID).says("DPRK objects")
    p.run("dprk", "withdraw", objection["id"], "--yes")
    check(p.state()["clean"], "it was withdrawn")
    p.text("dprk", "diverge", "first", "usa-2-1", "--languages", "en", "--text", "x", "--yes", code=USAGE)
    p.text("dprk", "diverge", "first", "usa-2-1", "--languages", "en,fr", "--text", "x", "--yes", code=USAGE)
    p.text("dprk", "diverge", "first", "usa-9-1", "--languages", "en,ko", "--text", "x", "--yes", code=USAGE)
    p.text("dprk", "diverge", "first", "usa-2-1", "--languages", "en,ko", "--yes", code=USAGE)


# The accord.

@case
def from_the_last_bracket_to_the_scorecard(folder):
    """An accord goes in, is negotiated, and what all agreed comes out byte for byte; signed in any order, offline."""
    p = opened("--from", ACCORD, "--roadmap", ROADMAP_2018, words=None, languages="en,ko")
    p.change("dprk", ("Within ten days of entry", "Within sixty days of entry"))
    check("Within [USA: ten] [DPRK: sixty] days of entry" in p.shown(), p.shown()[:4000])
    agree_all(p)
    korean = p.copy("rok", "--language", "ko")
    write(korean, re.sub(r"(<!-- #usa-2-\d+ [^\n]*-->\n)\n", r"\g<1>번역\n\n", read(korean).decode() + "\n"))
    p.say("rok", "propose", "first", korean, "--language", "ko")
    for party in ("usa", "dprk"):
        p.say(party, "accept", "first", "--all")
    check(p.state()["clean"], p.shown()[:3000])
    p.text("usa", "accord", "first", "--save", p.path("out"), "--out", p.path("accord.lockstep"), "--yes").says(
        "Still missing")
    check(read(p.path("out", "text.md")) == read(ACCORD), "the text is another")
    check(read(p.path("out", "roadmap.yaml")) == read(ROADMAP_2018), "the roadmap is another")
    check(read(p.path("out", "text.ko.md")).startswith("번역\n".encode()), "no Korean")
    p.run("rok", "sign", p.path("accord.lockstep"), "--yes")
    p.run("dprk", "sign", p.path("accord.lockstep"), "--yes").says("on the record")
    p.text("rok", "accord", "first", "--out", p.path("again.lockstep"), "--yes", code=USAGE).complains("is an accord already")
    status = p.run("usa", "status", "--json").json()["accords"][0]
    check({"declare-sites", "open-test-sites"} <= {m["measure"] for m in status["measures"]}, status)
    p.run("usa", "verify")


# Hostile texts.

RUNS = re.compile(r"<script|onerror=|javascript:|<img|<iframe", re.I)


class Tags(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@case
def markdown_that_would_run(folder):
    evil = ("<script>alert(1)</script> <img src=x onerror=alert(2)> [click](javascript:alert(3))\n\n"
            "![picture](http://evil.example/x.png) &lt;script&gt; [USA: agreed]\n\n"
            "<!-- hidden --> <iframe src='http://evil.example'></iframe>\n")
    p = opened(words=evil)
    p.text("dprk", "show", "first", "--html", "page.html", "--pdf", "page.pdf")
    for tag, attrs in Tags(read("page.html").decode()).found:
        check(tag not in ("script", "img", "iframe", "object", "embed", "form", "link", "a"), tag, attrs)
        check(not any(name.startswith("on") or name in ("src", "href", "action") for name in attrs), tag, attrs)
    pdf = read("page.pdf")
    check(pdf.startswith(b"%PDF") and not re.search(rb"/(JavaScript|JS|Launch|URI|OpenAction|EmbeddedFile)\b", pdf), "it runs")
    check(r"\[USA: agreed\]" in p.shown("dprk"), p.shown("dprk"))
    check(MARK in p.shown("dprk"), "not marked as an exercise")


@case
def letters_and_bytes_that_deceive(folder):
    p = opened()
    path = p.copy("dprk")
    good = read(path)

    def propose(new, code=0, **options):
        write(path, good + b"\n" + new + b"\n")
        return p.text("dprk", "propose", "first", path, "--yes", code=code, **options)

    before = len(p.log())
    for bad in (b"right \xe2\x80\xae tfel", b"isolated \xe2\x81\xa6 x", b"\xff\xfe", b"\xc3", b"bell \x07", b"zero \0 byte",
                b"line \xe2\x80\xa8 separator", b"x" * 16385, b"<!-- #usa-9-9 0123456789abcdef -->\nwords"):
        result = p.attempt("dprk", "text", "propose", "first", write(path, good + b"\n" + bad + b"\n"), "--yes")
        check(result.code in (INVALID, USAGE) and "error" in result.err, bad, result)
        check(b"\xe2\x80\xae" not in result.raw_err + result.raw_out, "shown as it is")
    huge = p.attempt("dprk", "text", "propose", "first", write(path, good + b"\n" + b"word " * 1_000_000), "--yes")
    check(huge.code in (INVALID, USAGE), huge.code, huge.err[-300:])
    beyond = p.attempt("dprk", "text", "propose", "first", write(path, b"a\n\n" * 6_000_000), "--yes")
    check(beyond.code in (INVALID, USAGE), beyond.code, beyond.err[-300:])
    check(len(p.log()) == before, "something was filed")
    propose("The North \u0430grees to p\u0430y.".encode()).complains("warning: dprk-1-1 en, line 1", "mixes letters")
    seen = p.text("usa", "accept", "first", "dprk-1-1", "--yes")
    seen.complains("mixes letters")


@case
def files_that_are_not_of_the_form(folder):
    """Acts that the program would not make: void, named, and nobody's harm."""
    p = opened()
    first = next(e for e in p.log() if e["kind"] == "text")
    for bad in (b"", b"{}", b"{" * 100_000, b"\xff", b"x" * 5_000_000, b'{"lockstep":"text edit v1","operations":[]} '):
        if bad:
            act_of(p, "usa", "edit", f"ref: {first['id']}", files=[("edit.json", bad)])
    state = p.state("dprk")
    check(len(state["missing"]) == 5 and all(m["here"] for m in state["missing"]), state["missing"])
    p.text("rok", "show", "first").says("warning: entry", "is not in this text")
    agree_all(p)
    check(p.state()["clean"], "a refused file is in the way")


# For some only.

SECRET = "the seventh tunnel is opened on Tuesday"


@case
def words_for_some_only(folder):
    p = Talks()
    p.draft_charter()
    charter = read(p.path("charter.yaml")).decode()
    write(p.path("charter.yaml"), charter + "\naudiences:\n  two: [usa, dprk]\n")
    p.sign_charter()
    p.text("usa", "open", "first", "--to", "dprk,rok", "--languages", "en", "--audience", "two", "--yes", code=USAGE).complains(
        "rok negotiates, and is not of the audience two")
    p.text("usa", "open", "first", "--to", "dprk", "--languages", "en", "--audience", "spies", "--yes", code=USAGE)
    p.say("usa", "open", "first", "--to", "dprk", "--languages", "en", "--audience", "two", "--from",
          write(p.path("usa", "words.md"), f"We say that {SECRET}.\n"))
    p.run("dprk", "log")
    vault = p.path("dprk", "vaults", "sealing.vault")  # what came sealed is opened as soon as it can be
    os.rename(vault, vault + ".away")
    missing = p.text("dprk", "show", "first")
    missing.says("its file is not here", "lockstep inbox").complains("were not opened")
    os.rename(vault + ".away", vault)
    check(SECRET in p.shown("dprk"), p.shown("dprk"))
    p.say("dprk", "accept", "first", "--all")
    check(p.state("usa")["clean"], p.shown("usa"))
    check(SECRET not in p.shown("rok"), "the mediator reads it")
    check(p.state("rok")["missing"] and not p.state("rok")["clean"], p.state("rok"))
    p.text("rok", "accord", "first", "--yes", code=INVALID).says("its file is not here")
    check_without([SECRET, "seventh tunnel"], p.ledger, p.path("rok"))


# Refused.

@case
def everything_that_must_fail(folder):
    p = opened()
    p.say("usa", "open", "second", "--to", "dprk", "--languages", "en")
    p.settle()
    before = snapshot(*p.folders())
    cases = [
        ("usa", ("open", "first", "--to", "dprk", "--languages", "en"), (INVALID, USAGE), "first"),
        ("usa", ("open", "third", "--languages", "en"), (USAGE,), "--to"),
        ("usa", ("open", "third", "--to", "dprk"), (USAGE,), "--languages"),
        ("usa", ("open", "third", "--to", "china", "--languages", "en"), (USAGE,), "china"),
        ("usa", ("open", "third", "--to", "dprk", "--languages", "en,en"), (INVALID, USAGE), "error"),
        ("usa", ("open", "third", "--to", "dprk", "--languages", "EN"), (USAGE,), "EN"),
        ("usa", ("open", "third", "--to", "dprk", "--languages", "a,b,c,d,e,f,g,h,i"), (INVALID, USAGE), "error"),
        ("usa", ("open", "third", "--to", "dprk", "--languages", "en", "--from", "/nowhere"), (USAGE, 3), "nowhere"),
        ("rok", ("edit", "second"), (USAGE,), "does not negotiate"),
        ("rok", ("accept", "second", "--all"), (USAGE,), "does not negotiate"),
        ("usa", ("accept", "first"), (USAGE,), "which paragraphs"),
        ("usa", ("accept", "first", "usa-2-1", "--all"), (USAGE,), "either"),
        ("usa", ("accept", "first", "usa-2-9"), (USAGE,), "usa-2-"),
        ("usa", ("accept", "first", "usa-2-1"), (USAGE,), "nobody else"),
        ("dprk", ("accept", "first", "usa-2-1", "--of", "dprk"), (USAGE,), "no other negotiator"),
        ("dprk", ("accept", "first", "usa-2-1", "--of", "rok"), (USAGE,), "rok wants nothing"),
        ("dprk", ("accept", "fist", "usa-2-1"), (USAGE,), "did you mean first"),
        ("dprk", ("accept", "first", "usa-2-1", "--language", "ko"), (USAGE,), "ko"),
        ("dprk", ("retract", "first", "usa-2-1"), (USAGE,), "no position"),
        ("dprk", ("reopen", "first", "usa-2-1"), (USAGE,), "agreed"),
        ("dprk", ("note", "first", "usa-2-1"), (USAGE,), "--note"),
        ("dprk", ("propose", "first", "/nowhere"), (USAGE, 3), "nowhere"),
        ("dprk", ("show", "first", "--as", "china"), (USAGE,), "china"),
        ("dprk", ("show", "first", "--at", "9999"), (USAGE,), "entries"),
        ("dprk", ("show", "first", "--at", "soon"), (USAGE,), "soon"),
        ("dprk", ("show", "first", "--at", "0"), (USAGE,), "not opened by then"),
        ("dprk", ("show", "first", "--clean", "--brackets"), (USAGE,), "either"),
        ("dprk", ("show", "nothing"), (USAGE,), "nothing"),
        ("dprk", ("history", "first", "usa-2-9"), (USAGE,), "usa-2-"),
        ("dprk", ("diff", "first", "x"), (USAGE,), "FROM"),
    ]
    signs = ("open", "propose", "accept", "retract", "reopen", "note")
    for party, args, codes, said in cases:
        result = p.attempt(party, "text", *args, *(["--yes"] if args[0] in signs else []))
        check(result.code in codes and said in result.err, args, result)
    p.text("usa", "accord", "second", code=INVALID)
    p.text("usa", "accord", "first", code=INVALID).says("usa-2-1 en", "USA:", "DPRK, ROK: nothing")
    found = p.text("usa", "accord", "first", "--json", code=INVALID).json()
    check(found["open"] == 2 and not found["clean"], found)
    # Nobody is asked, and so nobody signs.
    p.text("dprk", "accept", "first", "--all", code=USAGE).complains("--yes")
    check_unchanged(before, *p.folders())


@case
def shown_before_it_is_signed(folder):
    p = opened()
    path = p.copy("dprk")
    write(path, read(path).replace(b"30 days", b"60 days"))
    result = p.text("dprk", "propose", "first", path, code=USAGE)
    result.says("1 changed", "Within [-30-]{+60+} days", "These words can be read by", "United States")


if __name__ == "__main__":
    main()
