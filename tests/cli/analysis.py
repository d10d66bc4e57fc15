#!/usr/bin/env python3
"""accord analyse against a check that was written from docs/analysis.md alone: it makes every move in every order, without
any shortcut, over many small roadmaps made at random; and what the verb does with files, options and limits."""
import itertools
import json
import os
import random
import re
import xml.etree.ElementTree

from lockstep import INVALID, SOAK, TEXT, USAGE, Process, case, check, main, read, write

PARTIES = ("dprk", "usa", "rok")
POSITIONS_MAX = 20000  # of a roadmap that is still checked by brute force


# Expressions: ("bit", name), ("all", [...]), ("any", [...]). Bits are tuples.

ALWAYS, NEVER = ("all", []), ("any", [])


def bit(*name):
    return ("bit", name)


def holds(x, position):
    if x[0] == "bit":
        return x[1] in position
    return (all if x[0] == "all" else any)(holds(y, position) for y in x[1])


class Model:
    """The bits and moves of a roadmap. weights: of (measure, party)."""

    def __init__(self, roadmap, weights=None):
        self.roadmap = roadmap
        self.measures, self.step_of, self.steps = {}, {}, {}
        for step in roadmap["steps"]:
            self.steps[step["id"]] = step
            for m in step["measures"]:
                self.measures[m["id"]] = m
                self.step_of[m["id"]] = step
        self.events = {e["id"]: e for e in roadmap.get("events", [])}
        self.disputes = {d["id"]: d for d in roadmap.get("disputes", [])}
        self.weight = weights or (lambda measure, party: 1)
        self.asked, self.cuts, self.delays, self.dates = set(), {}, {}, set()
        for moment in self.all_moments():
            self.ask(moment)
        self.moves = []
        self.make_moves()

    # What moments ask for.

    def all_moments(self):
        for key in ("entry-into-force", "provisional-application"):
            if key in self.roadmap:
                yield self.roadmap[key]
        for e in self.events.values():
            yield from (e[key] for key in ("when", "unless") if key in e)
        for m in self.measures.values():
            yield from m.get("after", [])
            yield from (m[key] for key in ("due", "begin", "undone-by") if key in m)

    def leaves(self, moment):
        if isinstance(moment, dict):
            for part in next(iter(moment.values())):
                yield from self.leaves(part)
        elif " after " in moment:
            yield from self.leaves(moment.split(" after ", 1)[1])
        else:
            yield moment

    def ask(self, moment):
        for leaf in self.leaves(moment):
            subject, _, what = leaf.partition(" ")
            self.asked.add((subject, what))
            percent = re.fullmatch(r"(performed|confirmed) (\d+) %", what)
            if subject in self.measures and percent:
                self.cuts.setdefault(subject, set()).add(int(percent.group(2)))

    def is_asked(self, subject, what):
        return (subject, what) in self.asked

    # Measures.

    def by(self, m):
        by = self.measures[m]["by"]
        return frozenset([by] if isinstance(by, str) else by)

    def ends(self, m):
        return sorted(self.cuts.get(m, set()) | {100})

    def kept(self, m):
        return self.measures[m].get("continuing", False)

    def verified(self, m):
        return bool(self.measures[m].get("verified-by")) and (not self.kept(m) or self.is_asked(m, "confirmed"))

    def done(self, m, part):
        return bit("confirmed" if self.verified(m) else "performed", m, part)

    def complete(self, m):
        return self.done(m, len(self.ends(m)) - 1)

    def together(self, m, one):
        step = self.step_of[m]
        return ("all", [one(x["id"]) for x in step["measures"]]) if step.get("simultaneous") else one(m)

    def effective(self, m):
        return self.together(m, lambda x: bit("performed", x, len(self.ends(x)) - 1))

    def concluded(self, m):
        return self.together(m, self.complete)

    # Moments.

    def moment(self, x, known=False):
        if isinstance(x, dict):
            kind, parts = next(iter(x.items()))
            return ("any" if kind == "earliest" else "all", [self.moment(y, known) for y in parts])
        if " after " in x:
            length, rest = x.split(" after ", 1)
            inner = self.moment(rest, known)
            if known:
                return inner
            self.delays[(length, rest)] = inner
            return bit("delay", length, rest)
        return self.leaf(x, known)

    def leaf(self, x, known):
        subject, _, what = x.partition(" ")
        if x == "signed":
            return ALWAYS
        if x == "in force":
            return self.in_force(known)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", x):
            if not known:
                self.dates.add(x)
            return ALWAYS if known else bit("date", x)
        if subject in self.events:
            return self.event(subject, known)
        if what == "ratified":
            return bit("ratified", subject)
        if what == "complete":
            return ("all", [self.complete(m["id"]) for m in self.steps[subject]["measures"]])
        if subject in self.disputes:
            return bit(what, subject)
        return self.happened(subject, what)

    def happened(self, m, what):
        word, _, amount = what.partition(" ")
        if word in ("promised", "overdue", "breached"):
            return bit(word, m)
        if word == "begun":
            return ("any", [bit("begun", m), bit("performed", m, 0)])
        if amount and amount != "100 %":
            part = self.ends(m).index(int(amount.split()[0]))
            return self.done(m, part) if word == "confirmed" else bit("performed", m, part)
        return self.concluded(m) if word == "confirmed" else self.effective(m)

    def in_force(self, known=False):
        if "entry-into-force" not in self.roadmap:
            return ALWAYS
        come = self.moment(self.roadmap["entry-into-force"])
        return ("any", [come, self.moment(self.roadmap["entry-into-force"], True)]) if known else come

    def event(self, e, known):
        x = self.events[e]
        if x.get("to-be-agreed"):
            return NEVER
        come = self.moment(x["when"]) if "when" in x and "unless" not in x else bit("event", e)
        return ("any", [come, self.moment(x["when"], True)]) if known and "when" in x else come

    def due(self, m):
        x = self.measures[m]
        force = self.in_force()
        if x.get("provisional"):
            early = self.roadmap.get("provisional-application")
            force = ("any", [force, self.moment(early) if early else NEVER])
        return ("all", [force] + [self.moment(a) for a in x.get("after", [])])

    def deadline(self, m, key="due"):
        if self.kept(m):
            return ALWAYS
        return self.moment(self.measures[m][key], True) if key in self.measures[m] else NEVER

    # Moves: (bit, condition, bar, who, owed by, once).

    def move(self, name, condition, bar=NEVER, who=(), owed=(), once=NEVER):
        self.moves.append((name, condition, bar, frozenset(who), frozenset(owed), once))

    def make_moves(self):
        for m in self.measures:
            self.moves_of_measure(m)
        for e, x in self.events.items():
            if "attested-by" in x:
                self.move(("event", e), ALWAYS, who=x["attested-by"])
            elif "unless" in x:
                self.move(("event", e), self.moment(x["when"], True), self.moment(x["unless"]))
        for p in PARTIES:
            if self.is_asked(p, "ratified"):
                self.move(("ratified", p), ALWAYS, who=[p])
        for d, x in self.disputes.items():
            if any(self.is_asked(d, what) for what in ("opened", "settled", "exhausted")):
                for p in x["open-to"]:
                    self.move(("opened", d), self.in_force(), who=[p])
                self.move(("settled", d), bit("opened", d), bit("exhausted", d), x["settled-by"], x["settled-by"],
                          ALWAYS)
                self.move(("exhausted", d), bit("opened", d), bit("settled", d))
        self.due_bits = {m: self.due(m) for m in self.measures}  # may find further delays and dates
        if "entry-into-force" in self.roadmap:
            self.in_force()
        for m, x in self.measures.items():
            if "undone-by" in x:
                self.moment(x["undone-by"])
        for (length, rest), inner in self.delays.items():
            self.move(("delay", length, rest), inner)
        for before, day in zip([None] + sorted(self.dates), sorted(self.dates)):
            self.move(("date", day), bit("date", before) if before else ALWAYS)
        self.breaches = {name for name, *_ in self.moves if name[0] == "breached"}

    def moves_of_measure(self, m):
        x, last = self.measures[m], len(self.ends(m)) - 1
        for k in range(last + 1):
            before = [bit("performed", m, k - 1)] if k else []
            self.move(("performed", m, k), ("all", [self.due(m)] + before), who=self.by(m) | set(x.get("in-presence-of", [])),
                      owed=self.by(m), once=self.deadline(m))
            if self.verified(m):
                ready = ("all", [bit("performed", m, k)] + ([bit("confirmed", m, k - 1)] if k else []))
                self.move(("confirmed", m, k), ready, who=x["verified-by"], owed=x["verified-by"],
                          once=ALWAYS if "on-silence" in x else NEVER)
                if x.get("on-silence", "").startswith("confirmed"):
                    self.move(("confirmed", m, k), ready)
        if self.is_asked(m, "promised"):
            self.move(("promised", m), ALWAYS, who=self.by(m))
        if self.is_asked(m, "begun"):
            self.move(("begun", m), self.due(m), who=self.by(m), owed=self.by(m),
                      once=self.deadline(m, "begin" if "begin" in x else "due"))
        if self.is_asked(m, "overdue") and "due" in x:
            self.move(("overdue", m), ("all", [self.due(m), self.deadline(m)]), bit("performed", m, last))
        if self.is_asked(m, "breached"):
            self.move(("breached", m), bit("performed", m, last), who=self.by(m))

    def possible(self, position, moves=None):
        return [v for v in (self.moves if moves is None else moves)
                if v[0] not in position and holds(v[1], position) and not holds(v[2], position)]

    def reachable(self, moves=None):
        """Every position, or None if there are too many."""
        first = frozenset()
        seen, queue = {first}, [first]
        for position in queue:
            for v in self.possible(position, moves):
                after = position | {v[0]}
                if after not in seen:
                    if len(seen) == POSITIONS_MAX:
                        return None
                    seen.add(after)
                    queue.append(after)
        return queue

    # Who gives what.

    def waits(self, a):
        """{m: up to which part, from 1} for measure a."""
        found, seen = {}, set()
        x = self.measures[a]
        stack = list(x.get("after", [])) + ([] if x.get("provisional") else ["in force"])
        while stack:
            for leaf in self.leaves(stack.pop()):
                subject, _, what = leaf.partition(" ")
                if leaf in seen:
                    continue
                if leaf == "in force":
                    seen.add(leaf)
                    stack += [self.roadmap["entry-into-force"]] if "entry-into-force" in self.roadmap else []
                elif subject in self.events:
                    seen.add(leaf)
                    stack += [self.events[subject]["when"]] if "when" in self.events[subject] else []
                elif what == "complete":
                    for m in self.steps[subject]["measures"]:
                        found[m["id"]] = len(self.ends(m["id"]))
                elif subject in self.measures and what.split()[0] in ("promised", "begun", "performed", "confirmed"):
                    percent = what.split()[1:]
                    part = (1 if what == "begun" else
                            self.ends(subject).index(int(percent[0])) + 1 if percent else len(self.ends(subject)))
                    found[subject] = max(part, found.get(subject, 0))
        return found

    def others(self, a, party):
        return self.by(a) != {party}

    def chain(self, m, party, waits, forward):
        """The nearest measures of others, through the party's own."""
        seen, now = {m}, {m}
        while now:
            beyond = {a for a in waits for x in now if (x in waits[a] if forward else a in waits[x])}
            found = {a for a in beyond if self.others(a, party)}
            if found:
                return found
            now = beyond - seen
            seen |= now
        return set()

    def stakes(self):
        """(measure, party, weight, given, answered or None, undone, irreversible)."""
        waits = {a: self.waits(a) for a in self.measures}
        for m, x in self.measures.items():
            step = self.step_of[m]
            for party in sorted(self.by(m)):
                total = 1000 * self.weight(m, party)
                for k, end in enumerate(self.ends(m)):
                    answers = {y["id"] for y in step["measures"]
                               if step.get("simultaneous") and y["id"] != m and self.others(y["id"], party)}
                    parts = [waits[a][m] for a in waits
                             if waits[a].get(m, 0) > k and self.others(a, party)]
                    answers |= {a for a in waits if parts and waits[a].get(m) == min(parts) and self.others(a, party)}
                    answers = answers or self.chain(m, party, waits, True)
                    if not answers and self.chain(m, party, waits, False):
                        continue
                    before = self.ends(m)[k - 1] if k else 0
                    given = self.effective(m) if step.get("simultaneous") else bit("performed", m, k)
                    answered = ("all", [self.concluded(a) for a in answers]) if answers else None
                    undone = self.moment(x["undone-by"]) if "undone-by" in x else NEVER
                    yield (m, party, total * end // 100 - total * before // 100, given, answered, undone,
                           x.get("irreversible", False))

    def leads(self, x, position):
        """The bits that an expression still waits for."""
        found, stack = set(), [x]
        while stack:
            y = stack.pop()
            if holds(y, position):
                continue
            if y[0] == "bit" and y[1] not in found:
                found.add(y[1])
                stack += [v[1] for v in self.moves if v[0] == y[1]]
            elif y[0] != "bit":
                stack += y[1]
        return found


def exposures(model, positions):
    """{party: (most, irreversible part of it at best)}."""
    stakes, most = list(model.stakes()), {p: (0, 0) for m in model.measures for p in model.by(m)}
    for position in positions:
        now = {p: [0, 0] for p in most}
        for _, party, weight, given, answered, undone, irreversible in stakes:
            if holds(given, position) and not (answered and holds(answered, position)) and not holds(undone, position):
                now[party][0] += weight
                now[party][1] += weight if irreversible else 0
        most = {p: max(most[p], tuple(now[p])) for p in most}
    return most


def silences(model, positions):
    found, stakes = set(), list(model.stakes())
    actors = {p for v in model.moves for p in v[3]}
    for position in positions:
        moves = [v for v in model.possible(position) if v[0] not in model.breaches]
        for silent in actors:
            if any(silent not in v[3] or (silent in v[4] and holds(v[5], position)) for v in moves):
                continue
            for m, party, _, given, answered, undone, _ in stakes:
                if party == silent or answered is None or not holds(given, position):
                    continue
                if holds(answered, position) or holds(undone, position):
                    continue
                if {v[0] for v in moves} & model.leads(answered, position):
                    found.add((m, party, silent))
    return found


def lost(model, positions):
    return {m for m in model.measures if not any(holds(model.concluded(m), x) for x in positions)}


def stuck(model):
    position, more = frozenset(), True
    while more:
        new = {v[0] for v in model.moves if v[0] not in position and holds(v[1], position)}
        more = bool(new)
        position |= new
    return {m for m in model.measures if not holds(model.complete(m), position)}


# Roadmaps at random.

def pick_moment(rng, measures, events, disputes, verified):
    kinds = ["in force", "2018-12-01", "2019-03-01"]
    kinds += [f"{m} performed" for m in measures] * 2 + [f"{m} confirmed" for m in measures if m in verified] * 2
    kinds += list(events)
    kinds += [rng.choice([f"{m} promised", f"{m} begun"]) for m in measures[:1]]
    kinds += [f"{d} {what}" for d in disputes for what in ("settled", "exhausted")]
    leaf = rng.choice(kinds)
    draw = rng.random()
    if draw < 0.15 and not leaf.startswith("20"):
        return f"{rng.choice(['30 days', '2 months'])} after {leaf}"
    if draw < 0.25:
        return {rng.choice(["earliest", "latest"]): [leaf, rng.choice(kinds)]} if len(set(kinds)) > 1 else leaf
    return leaf


def random_measure(rng, name, earlier, events, disputes, verified, withdue):
    by = rng.choice(PARTIES[:2]) if rng.random() < 0.85 else sorted(rng.sample(PARTIES, 2))
    m = {"id": name, "by": by, "what": "something", "paragraph": "p1"}
    m["after"] = [pick_moment(rng, earlier, events, disputes, verified) for _ in range(rng.choice([0, 1, 1, 2]))]
    if withdue and rng.random() < 0.2:
        m["after"].append(f"{rng.choice(withdue)} overdue")
    if not m["after"]:
        del m["after"]
    if rng.random() < 0.4:
        m["due"] = rng.choice(["20 days after in force", "2019-02-01"] + [f"20 days after {x} performed" for x in earlier])
    free = [p for p in PARTIES if p not in ([by] if isinstance(by, str) else by)]
    if rng.random() < 0.6:
        m["verified-by"] = sorted(rng.sample(free, rng.choice([1, 1, len(free)])))
        if rng.random() < 0.3:
            m["on-silence"] = rng.choice(["confirmed after 30 days", "disputed after 30 days"])
    if rng.random() < 0.25:
        m["irreversible"] = True
    return m


def random_event(rng, name, earlier, events, disputes, verified):
    e = {"id": name, "title": "an event"}
    draw = rng.random()
    if draw < 0.35:
        return dict(e, **{"attested-by": [rng.choice(PARTIES)]})
    if draw < 0.4:
        return dict(e, **{"to-be-agreed": True})
    e["when"] = f"30 days after {rng.choice(['in force'] + [f'{m} performed' for m in earlier])}" \
        if draw < 0.7 else pick_moment(rng, earlier, events, disputes, verified)
    if draw < 0.7 and earlier:
        e["unless"] = rng.choice([f"{m} performed" for m in earlier])
    return e


def random_roadmap(rng):
    roadmap = {"roadmap": 1, "name": "random", "title": "A random accord", "parties": list(PARTIES),
               "tracks": [{"id": "main", "title": "Main"}], "events": [], "steps": []}
    disputes = []
    if rng.random() < 0.2:
        disputes = ["quarrel"]
        roadmap["disputes"] = [{"id": "quarrel", "title": "A quarrel", "open-to": ["dprk", "usa"],
                                "settled-by": ["dprk", "usa"],
                                "stages": [{"id": "talks", "title": "Talks", "lasts": "15 days"}]}]
    steps = [{"id": f"s{i}", "title": "A step", "track": "main", "measures": []} for i in range(rng.choice([2, 3]))]
    measures, verified, withdue = [], set(), []
    for i in range(rng.choice([2, 3, 4, 5])):
        if rng.random() < 0.4:
            roadmap["events"].append(random_event(rng, f"e{i}", measures, [e["id"] for e in roadmap["events"]],
                                                  disputes, verified))
        m = random_measure(rng, f"m{i}", measures, [e["id"] for e in roadmap["events"]], disputes, verified, withdue)
        rng.choice(steps)["measures"].append(m)
        measures.append(m["id"])
        verified |= {m["id"]} if "verified-by" in m else set()
        withdue += [m["id"]] if "due" in m else []
    roadmap["steps"] = [s for s in steps if s["measures"]]
    for step in roadmap["steps"]:
        if len(step["measures"]) > 1 and rng.random() < 0.3:
            step["simultaneous"] = True
    if rng.random() < 0.2:
        roadmap["entry-into-force"] = {"latest": ["dprk ratified", "usa ratified"]}
    if not roadmap["events"]:
        del roadmap["events"]
    return roadmap


# Comparison.

def process():
    p = Process("process").draft_charter().sign_charter()
    write(p.path("text.md"), "[p1] Something.\n")
    return p


def analyse(p, roadmap, *options):
    write(p.path("roadmap.yaml"), json.dumps(roadmap, indent=1))
    return p.attempt("usa", "accord", "analyse", p.path("roadmap.yaml"), p.path("text.md"), "--from", "2018-10-09",
                     *options)


def compare(roadmap, told, weights=None):
    """False if it is too large to be compared."""
    model = Model(roadmap, weights)
    positions = model.reachable()
    if positions is None:
        return False
    names = json.dumps(roadmap)
    check(not told["cut"], names)
    check(set(told["stuck"]) == stuck(model), "stuck", told["stuck"], stuck(model), names)
    never = {m for m in model.measures if not any(holds(model.due_bits[m], x) for x in positions)}
    check(set(told["never_due"]) == never, "never due", told["never_due"], never, names)
    most = exposures(model, positions)
    check({e["party"]: (e["most"], e["irreversible"]) for e in told["exposures"]} == most, "exposures",
          told["exposures"], most, names)
    said = {(s["measure"], s["party"], s["silent"]) for s in told["silences"]}
    check(said == silences(model, positions), "silences", said, silences(model, positions), names)
    for absence in told["absences"]:
        left = [v for v in model.moves if absence["party"] not in v[3]]
        check(set(absence["lost"]) == lost(model, model.reachable(left)), "absence", absence, names)
    for breach in told["breaches"]:
        m = breach["measure"]
        reached = model.reachable([v for v in model.moves if v[0][:2] != ("performed", m)])
        check(set(breach["lost"]) == lost(model, reached), "breach", breach, names)
        check(breach["most"] == {p: e[0] for p, e in exposures(model, reached).items()}, "breach", breach, names)
    for change in told["suggestions"]:
        check_suggestion(roadmap, change, max(e[0] for e in most.values()), names)
    return True


def check_suggestion(roadmap, change, largest, names):
    check(change["largest"] < largest, change, names)
    if change["change"] != "wait":
        return
    changed = json.loads(json.dumps(roadmap))
    model = Model(changed)
    m = model.measures[change["measure"]]
    m.setdefault("after", []).append(f"{change['other']} {'confirmed' if model.verified(change['other']) else 'performed'}")
    positions = Model(changed).reachable()
    if positions is not None:
        after = max(e[0] for e in exposures(Model(changed), positions).values())
        check(after == change["largest"], "suggestion", change, after, names)


@case
def agrees_with_brute_force(folder):
    p, rng = process(), random.Random(20181009)
    done = refused = large = 0
    while done < (2000 if SOAK else 150):
        roadmap = random_roadmap(rng)
        told = analyse(p, roadmap, "--json")
        if told.code == USAGE:
            refused += 1
            check(refused < 2 * done + 50, "too many of the random roadmaps are refused:", told)
        elif compare(roadmap, told.json()):
            done += 1
        else:
            large += 1
            check(large < done + 20, "too many are too large")


if __name__ == "__main__":
    main()
