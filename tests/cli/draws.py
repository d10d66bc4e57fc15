#!/usr/bin/env python3
"""Draws, from the draw to the opened rows: what both sides do, computed again here from docs/protocol.md, and what each
cheater gains: nothing, or less than by being honest."""
import copy
import hashlib
import os
import shutil
import struct

from lockstep import INVALID, ROADMAP, USAGE, Process, case, check, headers, main, note_text, read, read_store, run, write
from openings import Everything, attachment, forge, hand_in, sha256
from world import vault_seed

INSPECTIONS = """\
rights:
  - {id: rounds, of: usa, what: draw rows to inspect, paragraph: p1, quota: 2 per year, from: in force}
  - {id: counts, of: usa, what: draw as many as there are, paragraph: p1, quota: 1 per year, from: in force}
  - {id: doubts, of: usa, what: challenge the declaration, paragraph: p1, quota: 2 per year, from: in force}
inspections:
  - id: baseline
    title: Baseline
    paragraph: p1
    of: dprk
    by: usa
    declaration: sites
    verifies: [visit]
    draws: {right: rounds, rows: 16, replacements: 8, commit: 2 days, reveal: 2 days, open: 5 days}
  - id: census
    title: A census
    paragraph: p1
    of: dprk
    by: usa
    declaration: sites
    verifies: [visit]
    draws: {right: counts, rows: 24, replacements: 0, commit: 2 days, reveal: 2 days, open: 5 days}
    challenges: {right: doubts, radius: 50 km, areas: touch, without-coordinates: are not covered, answer: 5 days,
                 on-silence: denied}
"""
PADDED = {1: 8, 2: 16}
EVERYTHING = [(k, row) for k in sorted(PADDED) for row in range(PADDED[k])]  # by position
FIELDS = 4
REAL = {"alpha", "beta", "gamma", "delta", "epsilon"}
LATE = "2018-10-16T00:00:00Z"  # commitments, and whatever follows from them, are over


MADE = {}  # what all cases begin with, made once


def process(folder="."):
    """24 rows, 5 of them real, declared and under a stamp; all of them closed."""
    if "process" not in MADE:
        p = Process("../made")
        write(p.path("roadmap.yaml"), ROADMAP + INSPECTIONS)
        p.build()
        p.declare()
        MADE["process"] = p
    return twin(MADE["process"], os.path.abspath(folder))


def begin(p, *args, under="baseline"):
    """A draw's place."""
    p.run("usa", "draw", under, *(args or ("--rows", "4")), "--yes")
    return p.log()[-1]["index"]


def play(p, *args, under="baseline"):
    """A whole draw but for the opening."""
    draw = begin(p, *args, under=under)
    for party, step in (("usa", "commit"), ("dprk", "commit"), ("dprk", "reveal"), ("usa", "reveal")):
        p.run(party, "draw", step, str(draw), "--yes")
    return draw


def verify(p, draw, party="rok", code=0):
    return p.run(party, "draw", "verify", str(draw), "--json", code=code).json()


def failed(found):
    return [f["text"] for f in found["findings"] if f["level"] == "failed"]


def acts(p, kind):
    """Those of a kind, by party: the last of each."""
    return {headers(note)["by"][0]: note for note in read_store(p.ledger)[0] if headers(note)["act"] == [kind]}


def act_id(note):
    return sha256(note_text(note))


def id_of(p, index):
    return act_id(read_store(p.ledger)[0][index])


def drawn(p, draw):
    """The rows in the order of their tickets, by hashlib alone: chosen, and replacements."""
    entries, _ = read_store(p.ledger)
    said = headers(entries[draw])
    name = act_id(entries[draw])
    nonce = {}
    for note in entries:
        found = headers(note)
        if found["act"] == ["reveal"] and found["ref"] == [name.hex()]:
            nonce[found["by"][0]] = bytes.fromhex(found["nonce"][0])
    seed = sha256(b"lockstep seed v1\0", name, nonce["dprk"], nonce["usa"])
    population = EVERYTHING
    if "tranche" in said:
        population = [place for place in EVERYTHING if place[0] == int(said["tranche"][0])]
    if "attachment" in said:
        lines = attachment(p, draw).decode().splitlines()[1:]
        population = [tuple(int(n) for n in line.split(",")) for line in lines]
    check(said["population"] == [str(len(population))], said)
    tickets = sorted((sha256(seed, struct.pack(">Q", i)), i) for i in range(len(population)))
    rows, spare = int(said["rows"][0]), int(said["spare"][0])
    found = [population[i] for _, i in tickets[:rows + spare]]
    return found[:rows], found[rows:]


def due(everything, chosen, spare):
    """Those that have to be opened."""
    rows, spare = list(chosen), list(spare)
    for place in rows:  # which grows
        if everything.is_blank(place) and spare:
            rows.append(spare.pop(0))
    return rows


def places(found, *states):
    return [(row["tranche"], row["row"]) for row in found["drawn"] if row["state"] in states]


def twin(p, folder):
    """The same process in another folder, where what is done changes nothing here."""
    other = Process.__new__(Process)
    other.folder = os.path.abspath(folder)
    shutil.copytree(p.folder, other.folder, dirs_exist_ok=True)
    other.ledger = other.path("ledger")
    for party in other.PARTIES:
        settings = read(other.path(party, "workspace.json"))
        check(p.folder.encode() in settings, settings)
        write(other.path(party, "workspace.json"), settings.replace(p.folder.encode(), other.folder.encode()))
    return other


def everything():
    """All rows with what opens them, from a draw of all of them in a twin."""
    if "rows" not in MADE:
        p = process("../counted")
        draw = play(p, "--rows", "24", under="census")
        p.run("dprk", "open", "--draw", str(draw), "--yes", "--out", p.path("all.lockstep"))
        found = Everything(attachment(p, p.log()[-1]["index"]), FIELDS)
        check({found.id(place) for place in EVERYTHING} - {""} == REAL, "other rows")
        MADE["rows"] = found
    return MADE["rows"]


def open_forged(p, everything, draw, places, rows=None, blank=None):
    """What the inspected side hands in if its program does not keep it honest."""
    opening = everything.open(places)
    count = sum(everything.is_blank(place) for place in places)
    note = forge(p, "dprk", "open", file=("sites-rows.opening", opening), ref=id_of(p, draw).hex(), declaration="sites",
                 rows=len(places) if rows is None else rows, blank=count if blank is None else blank)
    return hand_in(p, note, files=[opening])[0]


def right(p):
    accord = p.run("usa", "status", "--json").json()["accords"][0]
    return next(r for r in accord["rights"] if r["right"] == "rounds")


# Honest draws.

@case
def a_draw_is_what_hashlib_says(folder):
    """Commitments, nonces, seed, rows, replacements: all from the record, and the same for everybody."""
    p = process()
    draw = play(p, "--rows", "6")
    name = id_of(p, draw)
    for party in ("dprk", "usa"):
        nonce = bytes.fromhex(headers(acts(p, "reveal")[party])["nonce"][0])
        seed = vault_seed(p.path(party, "vaults", "delegation.vault"))
        check(nonce == hashlib.blake2b(b"lockstep draw nonce v1\0" + name, key=seed, digest_size=32).digest(), party)
        commitment = sha256(b"lockstep draw v1\0", name, bytes([len(party)]), party.encode(), nonce)
        check(headers(acts(p, "commit")[party])["commitment"] == [commitment.hex()], party)
    chosen, spare = drawn(p, draw)
    for party in p.PARTIES:
        found = verify(p, draw, party)
        check(found["stage"] == "drawn" and found["awaited"] == ["dprk"] and found["valid"], found)
        check(places(found, "missing") == chosen and places(found, "spare") == spare, found["drawn"], chosen, spare)
        check([EVERYTHING[row["position"]] for row in found["drawn"]] == chosen + spare, "other positions")


@case
def drawn_rows_are_opened_with_replacements(folder):
    """As many as are due by the truth, blank ones as blank, and nothing else; closed tranches are drawn from, too."""
    p = process()
    truth = everything()
    draw = play(p, "--rows", "6")
    rows = due(truth, *drawn(p, draw))
    opened = p.run("dprk", "open", "--draw", str(draw), "--yes", "--out", p.path("drawn.lockstep"))
    opened.says("Nothing about rows that were not drawn", f"{len(rows)} rows of sites that draw {draw} chose")
    act = headers(read_store(p.ledger)[0][p.log()[-1]["index"]])
    blank = [place for place in rows if truth.is_blank(place)]
    check(act["rows"] == [str(len(rows))] and act["blank"] == [str(len(blank))], act)
    check(len(rows) > 6, "of six rows one is blank at least")
    for party in p.PARTIES:
        found = verify(p, draw, party)
        check(found["stage"] == "opened" and found["valid"] and not failed(found), found)
        check(sorted(places(found, "opened", "blank")) == sorted(rows), found["drawn"], rows)
        check(sorted(places(found, "blank")) == sorted(blank), found["drawn"], blank)
    shown = p.run("rok", "verify", "--rows")
    real = [truth.id(place) for place in rows if place not in blank]
    check(all(f",{name}," in shown.out for name in real), shown)
    check(not any(f",{name}," in shown.out for name in REAL - set(real)), "more is known than was drawn")
    p.run("dprk", "open", "--draw", str(draw), "--yes", code=USAGE).complains("every row that is due is opened already")
    bundle = p.path("record.lockstep")
    p.run("rok", "export", bundle)
    run("verify", bundle, "--charter", p.fingerprint()).says(f"all {len(rows)} rows that are due are opened")
    run("verify", p.path("drawn.lockstep"), "--charter", p.fingerprint())


@case
def all_rows_can_be_drawn(folder):
    p = process()
    draw = play(p, "--rows", "24", under="census")
    chosen, spare = drawn(p, draw)
    check(sorted(chosen) == EVERYTHING and spare == [], "not all of them")
    p.run("dprk", "open", "--draw", str(draw), "--yes")
    found = verify(p, draw)
    check(found["stage"] == "opened" and len(places(found, "blank")) == 19, found)


@case
def replacements_end_at_their_number(folder):
    """Of eight rows at least three are blank; one replacement stands by."""
    p = process()
    draw = play(p, "--rows", "8", "--replacements", "1")
    chosen, spare = drawn(p, draw)
    p.run("dprk", "open", "--draw", str(draw), "--yes")
    found = verify(p, draw)
    check(found["stage"] == "opened" and sorted(places(found, "opened", "blank")) == sorted(chosen + spare), found)
    blank = places(found, "blank")
    check(found["drawn"][8]["in-place-of"] == EVERYTHING.index(next(place for place in chosen if place in blank)), found)


@case
def a_tranche_or_a_list_is_drawn_from(folder):
    """Positions are those of the population; the list is one form and nothing else."""
    p = process()
    draw = play(p, "--rows", "3", "--tranche", "2")
    chosen, spare = drawn(p, draw)
    check({k for k, _ in chosen + spare} == {2} and places(verify(p, draw), "missing") == chosen, chosen)
    p.run("dprk", "open", "--draw", str(draw), "--yes")
    check(verify(p, draw)["stage"] == "opened", "not opened")
    listed = write(p.path("some.csv"), "tranche,row\n1,0\n1,7\n2,3\n2,4\n2,15\n")
    draw = play(p, "--rows", "2", "--population", listed)
    chosen, spare = drawn(p, draw)
    check(len(spare) == 3 and places(verify(p, draw), "missing") == chosen, chosen, spare)
    p.run("dprk", "open", "--draw", str(draw), "--yes")
    check(verify(p, draw)["stage"] == "opened", "not opened")


KINDS = """\
tranche,id,name,lat,lon
1,a,farm,1,1
1,b,mill,1,2
1,c,farm,1,3
1,d,farm,1,4
1,e,mill,1,5
1,f,farm,1,6
2,g,school,1,7
"""


@case
def strata_are_draws_of_their_own(folder):
    """Opened rows by a column: four farms and two mills, the school is still closed; each act lists its rows."""
    p = Process(".")
    write(p.path("roadmap.yaml"), ROADMAP + INSPECTIONS.replace("quota: 2", "quota: 3"))
    p.build()
    write(p.path("sites.csv"), KINDS)
    p.declare()
    p.run("usa", "draw", "baseline", "--rows", "3", "--strata", "name", "--yes", code=USAGE).complains(
        "can read \"name\" of no opened row", "nothing is known")
    p.run("dprk", "open", "--tranche", "1", "--yes")
    for args, words in ((["--rows", "1"], "of 2 strata with 6 rows 2 to 6 can be drawn"),
                        (["--rows", "7"], "of 2 strata with 6 rows 2 to 6 can be drawn"),
                        (["--rows", "2", "--replacements", "1"], "goes with neither"),
                        (["--rows", "2", "--strata", "names"], "did you mean name?"),
                        (["--rows", "6", "--strata", "id"], "6 strata are 6 draws, and 3 are left")):
        p.run("usa", "draw", "baseline", "--strata", "name", *args, "--yes", code=USAGE).complains(words)
    check(right(p)["used"] == 0, "something was used up")
    before = len(p.log())
    told = p.run("usa", "draw", "baseline", "--rows", "3", "--strata", "name", "--yes")
    told.says("2 draws, each an act of its own", "name farm", "name mill")
    made = [entry["index"] for entry in p.log()[before:] if entry["kind"] == "draw"]
    check(len(made) == 2 and right(p)["used"] == 2, made)
    lists = [attachment(p, draw).decode().splitlines()[1:] for draw in made]
    check([len(rows) for rows in lists] == [4, 2] and not set(lists[0]) & set(lists[1]), lists)
    said = [headers(read_store(p.ledger)[0][draw]) for draw in made]
    check([(x["rows"], x["spare"]) for x in said] == [(["2"], ["0"]), (["1"], ["0"])], said)
    for draw in made:
        for party, step in (("usa", "commit"), ("dprk", "commit"), ("dprk", "reveal"), ("usa", "reveal")):
            p.run(party, "draw", step, str(draw), "--yes")
        p.run("dprk", "open", "--draw", str(draw), "--yes")
        found = verify(p, draw)
        check(found["stage"] == "opened" and places(found, "opened") == drawn(p, draw)[0], found)


@case
def a_draw_is_refused_for_what_it_asks(folder):
    """Each with what is likely meant."""
    p = process()
    bad = write(p.path("bad.csv"), "tranche,row\n2,0\n1,0\n")
    away = write(p.path("away.csv"), "tranche,row\n3,0\n")
    for args, words in (
            ([], ["the accord lets 1 to 16 rows", "lockstep plan"]),
            (["--rows", "17"], ["the accord lets 1 to 16 rows"]),
            (["--rows", "0"], ["the accord lets 1 to 16 rows"]),
            (["--rows", "9", "--tranche", "1"], ["the population has 8 rows"]),
            (["--rows", "2", "--tranche", "3"], ["the declaration has tranches 1 to 2"]),
            (["--rows", "2", "--tranche", "0"], ["the declaration has tranches 1 to 2"]),
            (["--rows", "2", "--replacements", "9"], ["9 replacements are more than there can be: 8"]),
            (["--rows", "6", "--tranche", "1", "--replacements", "3"], ["3 replacements are more than there can be: 2"]),
            (["--rows", "1", "--population", bad], ["bad.csv", "rows stand in order"]),
            (["--rows", "1", "--population", away], ["away.csv", "the declaration has no such row"]),
            (["--rows", "1", "--declaration-act", "2"], ["has no declaration with effect on the record there"]),
            (["--rows", "1", "--audience", "nobody"], ["the charter has no audience"])):
        p.run("usa", "draw", "baseline", *args, "--yes", code=USAGE).complains(*words)
    p.run("usa", "draw", "baselin", "--rows", "1", "--yes", code=USAGE).complains("did you mean baseline?")
    p.run("usa", "draw", "rounds", "--rows", "1", "--yes", code=USAGE).complains("rounds is a right")
    p.run("dprk", "draw", "baseline", "--rows", "1", "--yes", code=USAGE).complains("it is usa that draws")
    p.run("usa", "draw", "verify", code=USAGE).complains("there is no draw yet")
    p.run("usa", "draw", "commit", "--yes", code=USAGE).complains("no part in any draw")
    check(right(p)["used"] == 0, "something was used up")


@case
def what_waits_says_for_whom(folder):
    """Without a name it is the draw that waits; else the other side is named."""
    p = process()
    begin(p)
    p.run("dprk", "draw", "reveal", "--yes", code=USAGE).complains("has not committed yet")
    p.run("rok", "draw", "commit", "--yes", code=USAGE).complains("no part in any draw")
    p.run("dprk", "draw", "commit", "--yes")
    p.run("dprk", "draw", "commit", "--yes", code=USAGE).complains("has committed already")
    p.run("dprk", "draw", "reveal", "--yes", code=USAGE).complains("usa has not committed yet", "stamp")
    p.run("usa", "draw", "commit", "--yes")
    p.run("usa", "draw", "reveal", "--yes", code=USAGE).complains("dprk reveals first, and has not yet")
    p.run("dprk", "open", "--draw", "6", "--yes", code=USAGE).complains("no rows are drawn yet: it is revealing")
    p.run("dprk", "draw", "reveal", "--yes")
    p.run("dprk", "draw", "reveal", "--yes", code=USAGE).complains("has revealed already")
    p.run("usa", "draw", "choose", "6", "--position", "1", "--yes", code=USAGE).complains("its rows are drawn by lot")
    p.run("usa", "draw", "reveal", "--yes")
    p.run("usa", "open", "--draw", "6", "--yes", code=USAGE).complains("dprk's to open")
    p.run("dprk", "open", "--draw", "6", "--row", "alpha", "--yes", code=USAGE).complains("no --row")
    first, second = begin(p, "--rows", "1"), None
    check(first > 6 and second is None, first)
    p.run("usa", "draw", "commit", "--yes").says(f"draw {first} under baseline")


@case
def a_restored_workspace_reveals_the_same(folder):
    """Nonces are derived, so that nobody has two, and nobody loses one."""
    p = process()
    begin(p)
    p.run("usa", "draw", "commit", "--yes")
    p.run("dprk", "draw", "commit", "--yes")
    other = twin(p, "twin")
    p.run("dprk", "draw", "reveal", "--yes")
    other.run("dprk", "draw", "reveal", "--yes")
    nonces = [headers(acts(x, "reveal")["dprk"])["nonce"] for x in (p, other)]
    check(nonces[0] == nonces[1], nonces)
    # Another delegation's seed does not give it, and says so before it signs.
    other = twin(p, "other")
    shutil.copy(other.path("dprk", "vaults", "delegation.vault"), other.path("usa", "vaults", "delegation.vault"))
    other.run("usa", "draw", "reveal", "--yes", code=USAGE).complains("does not give the nonce")
    check(right(p)["used"] == 1, "used up more than once")


@case
def a_row_answers_a_challenge(folder):
    """The act names the challenge, and opens what had been declared before it."""
    p = process()
    p.run("usa", "challenge", "census", "--at", "39.1,125.1", "--radius", "5", "--yes")
    challenge = p.log()[-1]["index"]
    write(p.path("sites.csv"), "tranche,id,name,lat,lon\n1,afterwards,Put up in a hurry,39.1,125.1\n")
    p.run("dprk", "declare", "--inventory", p.path("sites.csv"), "--backup", p.path("more"), "--yes")
    p.run("usa", "open", "--challenge", str(challenge), "--row", "alpha", "--yes", code=USAGE)
    p.run("dprk", "open", "--challenge", "4", "--row", "alpha", "--yes", code=USAGE).complains("4 is no challenge")
    p.run("dprk", "open", "--challenge", str(challenge), "--row", "afterwards", "--yes", code=USAGE).complains(
        'no declared row has the id "afterwards"')
    p.run("dprk", "open", "--challenge", str(challenge), "--row", "alpha", "--yes").says("1 row of sites")
    act = headers(read_store(p.ledger)[0][p.log()[-1]["index"]])
    check(act["ref"] == [id_of(p, challenge).hex()] and act["rows"] == ["1"] and "blank" not in act, act)
    check("alpha" in p.run("usa", "verify", "--rows").out, "it can't be read")


# Cheats.

@case
def a_copied_commitment_opens_nothing(folder):
    """Either side can copy; the name is in the hash, so the copy has no nonce, and silence has its price."""
    p = process()
    draw = begin(p)
    p.run("dprk", "draw", "commit", "--yes")
    copied = headers(acts(p, "commit")["dprk"])["commitment"][0]
    hand_in(p, forge(p, "usa", "commit", ref=id_of(p, draw).hex(), commitment=copied))
    check(headers(acts(p, "commit")["usa"])["commitment"] == [copied], "it did not come")
    p.run("dprk", "draw", "reveal", "--yes")
    nonce = headers(acts(p, "reveal")["dprk"])["nonce"][0]
    refused = hand_in(p, forge(p, "usa", "reveal", ref=id_of(p, draw).hex(), nonce=nonce))
    check("not the nonce that this side committed to" in refused[0], refused)
    p.run("usa", "draw", "reveal", "--yes", code=USAGE).complains("does not give the nonce")
    p.clock(LATE)
    found = verify(p, draw)
    check(found["stage"] == "forfeited" and found["drawn"] == [] and right(p)["used"] == 1, found)
    # The other way round, the inspecting side chooses.
    p = process("other")
    draw = begin(p)
    p.run("usa", "draw", "commit", "--yes")
    copied = headers(acts(p, "commit")["usa"])["commitment"][0]
    hand_in(p, forge(p, "dprk", "commit", ref=id_of(p, draw).hex(), commitment=copied))
    p.run("dprk", "draw", "reveal", "--yes", code=USAGE).complains("does not give the nonce")
    p.clock(LATE)
    check(verify(p, draw)["stage"] == "free", "not free")


@case
def who_commits_late_has_not_committed(folder):
    """It is accepted, shown as late, and changes nothing."""
    for late, other, stage in (("dprk", "usa", "free"), ("usa", "dprk", "forfeited")):
        p = process(late)
        draw = begin(p)
        p.run(other, "draw", "commit", "--yes")
        p.clock(LATE)
        p.run(late, "draw", "commit", "--yes", code=USAGE).complains(f"the draw is {stage}", "counts for nothing")
        seat = hand_in(p, forge(p, late, "commit", ref=id_of(p, draw).hex(), commitment="11" * 32, at=LATE))
        check(isinstance(seat[0], int), seat)
        found = verify(p, draw)
        check(found["stage"] == stage and found["late"] == [late] and found["drawn"] == [], found)
        check(right(p)["used"] == 1, "the round is not used up")


@case
def who_withholds_a_nonce_loses(folder):
    """The inspected side its part in the choice, the inspecting side the round. Neither learns rows by it first."""
    p = process()
    draw = begin(p)
    for party in ("dprk", "usa"):
        p.run(party, "draw", "commit", "--yes")
    p.clock(LATE)
    found = verify(p, draw)
    check(found["stage"] == "free" and found["awaited"] == ["usa"] and found["drawn"] == [], found)
    p.run("dprk", "draw", "reveal", "--yes", code=USAGE).complains("the draw is free")
    p.run("dprk", "draw", "choose", str(draw), "--position", "1", "--yes", code=USAGE).complains("it is for usa to choose")
    for given, words in ((["--position", "24"], "is no position"), (["--position", "1,1"], "stands there twice"),
                         (["--position", "1,2,3,4,5"], "1 to 4 rows are chosen"), ([], "1 to 4 rows are chosen"),
                         (["--position", "x"], "is no position")):
        p.run("usa", "draw", "choose", str(draw), *given, "--yes", code=USAGE).complains(words)
    p.run("usa", "draw", "choose", str(draw), "--position", "20,3", "--position", "9", "--yes")
    found = verify(p, draw)
    check(found["stage"] == "drawn" and places(found, "missing") == [EVERYTHING[i] for i in (3, 9, 20)], found)
    p.run("dprk", "open", "--draw", str(draw), "--yes")
    found = verify(p, draw)
    check(found["stage"] == "opened" and found["valid"], found)
    check(places(found, "opened", "blank") == [EVERYTHING[i] for i in (3, 9, 20)], "blank ones are not replaced")
    check(right(p)["used"] == 1, right(p))
    # The inspecting side: it has seen the other's nonce, knows the rows, does not like them, and loses the round.
    p = process("other")
    draw = begin(p)
    for party, step in (("dprk", "commit"), ("usa", "commit"), ("dprk", "reveal")):
        p.run(party, "draw", step, "--yes")
    p.clock(LATE)
    found = verify(p, draw)
    check(found["stage"] == "forfeited" and right(p)["used"] == 1, found)
    p.run("usa", "draw", "reveal", "--yes", code=USAGE).complains("the draw is forfeited")
    p.run("dprk", "open", "--draw", str(draw), "--yes", code=USAGE).complains("no rows are drawn")


@case
def nobody_commits(folder):
    """Then it is the inspecting side's loss: it began."""
    p = process()
    draw = begin(p)
    p.clock(LATE)
    found = verify(p, draw)
    check(found["stage"] == "forfeited" and right(p)["used"] == 1, found)


@case
def the_record_refuses_what_comes_too_early(folder):
    """A nonce before both commitments are under a stamp; the inspecting side's before the other's is."""
    p = process()
    draw = begin(p)
    name = id_of(p, draw)
    p.run("dprk", "draw", "commit", "--yes")
    seed = vault_seed(p.path("dprk", "vaults", "delegation.vault"))
    nonce = hashlib.blake2b(b"lockstep draw nonce v1\0" + name, key=seed, digest_size=32).hexdigest()
    early = forge(p, "dprk", "reveal", ref=name.hex(), nonce=nonce)
    check("before both commitments are final" in hand_in(p, early)[0], "a nonce came before the other's commitment")
    # Together with the commitment that it waits for: that is on the record, and no stamp covers it.
    seed = vault_seed(p.path("usa", "vaults", "delegation.vault"))
    other = hashlib.blake2b(b"lockstep draw nonce v1\0" + name, key=seed, digest_size=32).digest()
    commitment = sha256(b"lockstep draw v1\0", name, b"\3usa", other).hex()
    commit = forge(p, "usa", "commit", ref=name.hex(), commitment=commitment)
    both = hand_in(p, commit, forge(p, "usa", "reveal", after=[commit], ref=name.hex(), nonce=other.hex()))
    check(isinstance(both[0], int) and isinstance(both[1], str), both)
    refused = hand_in(p, forge(p, "usa", "reveal", ref=name.hex(), nonce=other.hex()))
    check("the inspected side reveals first" in refused[0], refused)
    refused = hand_in(p, forge(p, "dprk", "reveal", ref=name.hex(), nonce="22" * 32))
    check("not the nonce that this side committed to" in refused[0], "another nonce than committed")
    p.run("dprk", "draw", "reveal", "--yes")
    again = hand_in(p, forge(p, "dprk", "reveal", ref=name.hex(), nonce=nonce))
    check("has revealed its nonce already" in again[0], again)
    again = hand_in(p, forge(p, "usa", "commit", ref=name.hex(), commitment="33" * 32))
    check("has committed to its nonce already" in again[0], again)
    p.run("usa", "draw", "reveal", "--yes")
    check(verify(p, draw)["stage"] == "drawn", "not drawn")
    mediator = forge(p, "rok", "commit", ref=name.hex(), commitment="44" * 32)
    check("rok does not commit under baseline" in hand_in(p, mediator)[0], "a third party took part")


@case
def another_draw_is_another_round(folder):
    """Who does not like what was drawn can draw again: other rows, one more of the quota, and the first stays due."""
    p = process()
    first = play(p)
    second = play(p)
    check(drawn(p, first) != drawn(p, second), "one draw decides the other")
    check(right(p)["used"] == 2 and right(p)["left"] == 0, right(p))
    check(verify(p, first)["awaited"] == verify(p, second)["awaited"] == ["dprk"], "one of them is forgotten")
    p.run("usa", "draw", "baseline", "--rows", "4", "--yes").says("warning: nothing is left of rounds")
    third = p.log()[-1]["index"]
    found = verify(p, third)
    check(found["stage"] == "beyond" and found["awaited"] == [] and found["drawn"] == [], found)
    p.run("dprk", "draw", "commit", str(third), "--yes", code=USAGE).complains("the draw is beyond")


@case
def another_row_than_was_drawn_shows(folder):
    """The record takes the opening, which fits the declaration; draw verify names the row, and what is missing."""
    p = process()
    truth = everything()
    draw = play(p)
    rows = due(truth, *drawn(p, draw))
    outside = next(place for place in EVERYTHING if place not in [*drawn(p, draw)[0], *drawn(p, draw)[1]])
    instead = [outside] + rows[1:]
    check(isinstance(open_forged(p, truth, draw, sorted(instead)), int), "refused")
    found = verify(p, draw, code=INVALID)
    check(any(f"row {outside[1]} of tranche {outside[0]}" in text and "was not drawn" in text for text in failed(found)),
          found["findings"])
    check(places(found, "missing")[:1] == rows[:1], found["drawn"])
    p.run("rok", "verify", code=INVALID).says("was not drawn")
    p.run("rok", "draw", "verify", code=INVALID).says("FAILED", "Something does not hold")


@case
def fewer_rows_show(folder):
    """Said openly they are awaited, and in the end missing; once they are opened, only late."""
    p = process()
    truth = everything()
    draw = play(p, "--rows", "10", under="census")
    rows = due(truth, *drawn(p, draw))
    open_forged(p, truth, draw, sorted(rows[1:]))
    found = verify(p, draw)
    check(found["stage"] == "drawn" and places(found, "missing") == rows[:1], found)
    p.clock("2018-11-01T00:00:00Z")
    found = verify(p, draw, code=INVALID)
    check(found["stage"] == "unopened" and "1 of the 10 rows" in failed(found)[0], found)
    p.run("dprk", "open", "--draw", str(draw), "--yes")  # what is left
    found = verify(p, draw)
    check(found["stage"] == "opened" and found["late"] == ["dprk"] and found["valid"], found)


@case
def a_blank_row_passed_over_shows(folder):
    """Opening its replacement alone makes up the number, and hides nothing."""
    p = process()
    truth = everything()
    draw = play(p, "--rows", "6", "--replacements", "1")
    chosen, spare = drawn(p, draw)
    blank = next(place for place in chosen if truth.is_blank(place))
    open_forged(p, truth, draw, sorted(place for place in chosen + spare if place != blank))
    p.clock("2018-11-01T00:00:00Z")
    found = verify(p, draw, code=INVALID)
    check(blank in places(found, "missing"), found["drawn"])


@case
def a_count_that_is_not_true_shows(folder):
    """More rows than are there, one row twice, blank rows that are none, real ones that are blank."""
    p = process()
    truth = everything()
    draw = play(p, "--rows", "20", under="census")
    rows = due(truth, *drawn(p, draw))
    blank = sum(truth.is_blank(place) for place in rows)
    for wrong, words in (({"blank": blank - 1}, f"says that {blank - 1} of the rows that it opens are blank, and {blank}"),
                         ({"blank": blank + 1}, f"says that {blank + 1} of the rows that it opens are blank, and {blank}"),
                         ({"rows": len(rows) + 1}, f"opens {len(rows)} rows, and says {len(rows) + 1}")):
        other = twin(p, "wrong")
        check(isinstance(open_forged(other, truth, draw, sorted(rows), **wrong), int), "refused")
        found = verify(other, draw, code=INVALID)
        check(any(words in text for text in failed(found)), words, found["findings"])
        shutil.rmtree(other.folder)
    # The same row in two acts makes up the number; the row that is missing is missing.
    open_forged(p, truth, draw, sorted(rows[1:]))
    open_forged(p, truth, draw, [rows[1]])
    found = verify(p, draw, code=INVALID)
    check(found["stage"] == "opened" and places(found, "missing") == rows[:1], found)
    # No act can be about more blank rows than rows.
    refused = open_forged(p, truth, draw, [rows[0]], blank=2)
    check("blank" in refused, refused)


@case
def a_blank_row_can_not_be_made_real(folder):
    """A value that was not committed to is no opening, and blames nobody; the row stays closed, and its time runs."""
    p = process()
    truth = everything()
    draw = play(p, "--rows", "20", under="census")
    rows = due(truth, *drawn(p, draw))
    k, row = next(place for place in rows if truth.is_blank(place))
    forged = copy.deepcopy(truth)
    part = forged.part[k]
    at = part.rows[row].index(b"\1", 8) + 17
    part.rows[row] = part.rows[row][:at] + struct.pack(">I", 4) + b"farm" + part.rows[row][at + 4:]
    check(isinstance(open_forged(p, forged, draw, sorted(rows)), int), "refused")
    found = verify(p, draw, code=INVALID)
    check(any("not under the tranche's root" in text for text in failed(found)), found["findings"])
    check((k, row) in places(found, "missing"), found["drawn"])


@case
def a_replacement_nobody_asked_for_shows(folder):
    """It can't take the place of a real row, nor come on top."""
    truth = everything()
    for attempt in range(40):  # every other act gives another draw
        p = process(str(attempt))
        draw = play(p, "--rows", "2", "--replacements", "8", "--text", str(attempt))
        rows = due(truth, *drawn(p, draw))
        left = [place for place in drawn(p, draw)[1] if place not in rows]
        real = next((place for place in rows if not truth.is_blank(place)), None)
        if left and real:
            break
    check(left and real, "no draw with a real row and a replacement left")
    other = twin(p, "other")
    open_forged(other, truth, draw, sorted([place for place in rows if place != real] + left[:1]))
    other.clock("2018-11-01T00:00:00Z")
    found = verify(other, draw, code=INVALID)
    check(real in places(found, "missing") and found["stage"] in ("opened", "unopened"), found["drawn"])
    open_forged(p, truth, draw, sorted(rows + left[:1]))
    found = verify(p, draw, code=INVALID)
    check(any("no blank row asks for it" in text for text in failed(found)), found["findings"])
    check(places(found, "early") == left[:1], found["drawn"])


@case
def a_population_that_is_not_what_it_says(folder):
    """Acceptance reads no list; whoever verifies does, and so does who is to commit."""
    p = process()
    listed = b"tranche,row\n1,0\n1,1\n1,2\n"
    note = forge(p, "usa", "draw", inspection="baseline", ref=id_of(p, 4).hex(), population=4, rows=1, spare=0,
                 file=("population.csv", listed))
    draw = hand_in(p, note, files=[listed])[0]
    check(isinstance(draw, int), draw)
    found = verify(p, draw, code=INVALID)
    check("it has 3 rows, and the draw says 4" in failed(found)[0], found)
    p.run("dprk", "draw", "commit", "--yes").complains("its population is not what it states")


@case
def each_audience_sees_its_fields_of_the_same_rows(folder):
    """Who is shown some fields can't tell which rows are blank, and is not told that something is wrong."""
    shown = "    audiences:\n      - {name: process, fields: [name]}\n      - {name: inspectors, fields: all}\n    tranches:\n"
    p = Process(".")
    write(p.path("roadmap.yaml"), ROADMAP.replace("    tranches:\n", shown, 1) + INSPECTIONS)
    p.draft_charter()
    charter = read(p.path("charter.yaml")).decode()
    write(p.path("charter.yaml"), charter + ("" if charter.endswith("\n") else "\n") + "audiences:\n  inspectors: [usa]\n")
    p.sign_charter().sign_accord()
    p.declare()
    listed = write(p.path("some.csv"), "tranche,row\n1,0\n")
    args = ["draw", "baseline", "--rows", "1", "--population", listed, "--audience", "inspectors"]
    p.run("usa", *args, "--yes", code=USAGE).complains("dprk could not read which rows are drawn from")
    note = forge(p, "usa", "draw", inspection="baseline", ref=id_of(p, 4).hex(), population=1, rows=1, spare=0,
                 file=("sealed", bytes(1024)), audience="inspectors")
    check("could not read which rows are drawn from" in hand_in(p, note)[0], "a list that the inspected side can't read")
    draw = play(p, "--rows", "16", "--replacements", "8")
    p.run("dprk", "open", "--draw", str(draw), "--yes").says("of each of these rows name", "every value of these rows")
    found, other = verify(p, draw, "usa"), verify(p, draw, "rok")
    check(found["stage"] == "opened" and found["valid"] and len(places(found, "opened", "blank")) == 24, found)
    check(other["valid"] and not failed(other), other["findings"])
    for text in ("39.1", "alpha", "gamma"):
        check(text not in p.run("rok", "verify", "--rows").out, "the mediator reads", text)
    check("gamma" in p.run("usa", "verify", "--rows").out, "the inspectors do not")


if __name__ == "__main__":
    main()
