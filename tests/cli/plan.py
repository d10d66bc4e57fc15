#!/usr/bin/env python3
"""plan against exact fractions: every small population, large ones by another formula with sixty digits, games by their
recursion, intervals by what they promise; and what the verb says of numbers, files, declarations and mistakes."""
import csv
import decimal
import fractions
import functools
import math
import os
import random
import re
import subprocess
import xml.etree.ElementTree

from lockstep import INVALID, MARK, OK, ROOT, SOAK, USAGE, Process, Skip, attempt, case, check, main, read, run, write

F = fractions.Fraction
DRIVER = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.join(ROOT, "build"), "tests", "sampling_driver")
POPULATION_MAX = 10**9


def ask(questions):
    """The answers of the driver (tests/unit/sampling_driver.c), one a question."""
    if not os.path.exists(DRIVER):
        raise Skip("the sampling driver is not built")
    lines = [" ".join(str(word) for word in question) for question in questions]
    out = subprocess.run([DRIVER], input="\n".join(lines) + "\n", check=True, text=True, stdout=subprocess.PIPE).stdout
    answers = out.splitlines()
    check(len(answers) == len(lines), len(answers), "answers to", len(lines), "questions")
    return answers


def compare(questions, wanted):
    for question, answer, value in zip(questions, ask(questions), wanted):
        check(answer == value, question, "gave", answer, "and not", value)


# The definition, in fractions.

def hypergeometric(rows, special, drawn, k):
    return F(math.comb(special, k) * math.comb(rows - special, drawn - k), math.comb(rows, drawn))


def support(rows, special, drawn):
    return range(max(0, drawn + special - rows), min(drawn, special) + 1)


def detection(rows, violations, sensitivity, drawn):
    return 1 - sum(hypergeometric(rows, violations, drawn, k) * (1 - sensitivity)**k
                   for k in support(rows, violations, drawn))


def least(curve, target):
    return next((str(n) for n, p in enumerate(curve) if p >= target), "-")


@case
def every_small_population(folder):
    """All N, all D; targets that are hit exactly too, as every P(n) that has at most nine decimals is made one."""
    questions, wanted = [], []
    for rows in range(1, 30 if SOAK else 19):
        for violations in range(1, rows + 1):
            for q in ("1", "0.9", "0.75", "0.5", "0.05", "0.000000001"):
                curve = [detection(rows, violations, F(q), n) for n in range(rows + 1)]
                hit = [p for p in curve if 0 < p < 1 and 10**9 % p.denominator == 0]
                targets = ["0.2", "0.5", "0.9", "0.95", "0.000000001", "0.999999999"]
                targets += [str(decimal.Decimal(p.numerator) / p.denominator) for p in hit if p >= F(1, 1000)]
                for target in targets:
                    questions.append(("least", rows, violations, q, target))
                    wanted.append(least(curve, F(target)))
    compare(questions, wanted)
    check(any(answer == "-" for answer in wanted), "nothing was out of reach")


@case
def perfect_inspections_below_400(folder):
    """In whole numbers: C(N-D,n) / C(N,n) is at most 1 - target at the least n, and not at the one before."""
    targets = {"0.2": F(2, 10), "0.5": F(5, 10), "0.9": F(9, 10), "0.95": F(95, 100)}
    step = 1 if SOAK else 7
    questions = [("least", rows, violations, "1", target) for rows in range(1, 400, step)
                 for violations in range(1, rows + 1) for target in targets]
    for (_, rows, violations, _, target), answer in zip(questions, ask(questions)):
        beta, n = 1 - targets[target], int(answer)
        for drawn, reached in ((n, True), (n - 1, False)):
            missed = math.comb(rows - violations, drawn) * beta.denominator
            check((missed <= beta.numerator * math.comb(rows, drawn)) == reached, rows, violations, target, answer)


@case
def shown_probabilities(folder):
    questions, values = [], []
    for rows in range(1, 16):
        for violations in range(1, rows + 1):
            for q in ("1", "0.9", "0.001"):
                for n in range(rows + 1):
                    questions.append(("detect", rows, violations, q, n))
                    values.append(detection(rows, violations, F(q), n))
    for question, answer, value in zip(questions, ask(questions), values):
        check(abs(F(float(answer)) - value) <= value / 10**13, question, answer, float(value))


# Large populations: the same expectation as an alternating series in factorial moments, which has few terms where much is
# missed: sum over j of (-q)^j C(D,j) C(n,j) / C(N,j).

def missed_by_moments(rows, violations, q, drawn):
    with decimal.localcontext() as context:
        context.prec = 120
        term = total = decimal.Decimal(1)
        for j in range(min(violations, drawn)):
            term *= -q * (violations - j) * (drawn - j)
            term /= (j + 1) * (rows - j)
            total += term
            if abs(term) < decimal.Decimal(10)**-110 and j > q * violations * drawn / rows:
                break
        return total


@case
def large_populations(folder):
    chance = random.Random(1962)
    questions = []
    for _ in range(400):
        rows = chance.choice([POPULATION_MAX, chance.randint(10**3, 10**6), chance.randint(10**6, POPULATION_MAX)])
        violations = min(rows, int(10**chance.uniform(0, math.log10(rows) + 0.1)))
        q = chance.choice(["1", "0.9", "0.8", "0.5", "0.999999999", f"{10**chance.uniform(-4, 0):.9f}"])
        target = chance.choice(["0.2", "0.5", "0.9", "0.95", "0.999999", "0.000001", f"{chance.uniform(0.01, 0.99):.9f}"])
        questions.append(("least", rows, violations, q, target))
    reached = 0
    for (_, rows, violations, q, target), answer in zip(questions, ask(questions)):
        q, beta = decimal.Decimal(q), 1 - decimal.Decimal(target)
        if answer == "-":
            check((1 - q)**violations > beta, rows, violations, q, target)
            continue
        reached += 1
        n = int(answer)
        check(missed_by_moments(rows, violations, q, n) <= beta, rows, violations, q, target, n, "is too few")
        check(missed_by_moments(rows, violations, q, n - 1) > beta, rows, violations, q, target, n, "is too many")
    check(reached > 300, reached)


@case
def work_is_bounded(folder):
    """The most terms that there can be: half of the largest population in violation, hardly ever noticed."""
    questions = [("least", POPULATION_MAX, POPULATION_MAX // 2, "0.00000001", "0.9"),
                 ("least", POPULATION_MAX, POPULATION_MAX, "0.000000003", "0.9"),
                 ("least", POPULATION_MAX, 30000, "1", "0.999999999")]
    for (_, rows, violations, q, target), answer in zip(questions, ask(questions)):
        q, beta, n = decimal.Decimal(q), 1 - decimal.Decimal(target), int(answer)
        check(missed_by_moments(rows, violations, q, n) <= beta < missed_by_moments(rows, violations, q, n - 1), rows, n)


@case
def formulas_round_up_exactly(folder):
    """ceil(N (1 - beta^(1/D))) and the refined one, by powers of fractions."""
    questions = [(kind, rows, violations, "1", target) for kind in ("iaea", "refined") for rows in range(1, 60)
                 for violations in range(1, rows + 1) for target in ("0.2", "0.5", "0.75", "0.9", "0.875", "0.999")]
    questions += [("iaea", 10**9, 1, "1", "0.123456789"), ("iaea", 10**9, 2, "1", "0.75"),
                  ("refined", 10**9 - 1, 2, "1", "0.75"), ("iaea", 10**9, 9, "1", "0.998046875")]
    for (kind, rows, violations, _, target), answer in zip(questions, ask(questions)):
        beta, n = 1 - F(target), int(answer)
        among = F(rows) - (F(violations - 1, 2) if kind == "refined" else 0)
        check((1 - n / among)**violations <= beta or n >= among, kind, rows, violations, target, n, "is too few")
        check(n == 1 or (1 - (n - 1) / among)**violations > beta, kind, rows, violations, target, n, "is too many")


# What blank rows tell.

def tails(rows, blanks, drawn, seen):
    probability = {k: hypergeometric(rows, blanks, drawn, k) for k in support(rows, blanks, drawn)}
    return (sum(p for k, p in probability.items() if k >= seen), sum(p for k, p in probability.items() if k <= seen))


@case
def intervals_by_their_definition(folder):
    questions = [("estimate", rows, drawn, seen) for rows in range(1, 23) for drawn in range(1, rows + 1)
                 for seen in range(drawn + 1)]
    wanted = []
    for _, rows, drawn, seen in questions:
        within = [blanks for blanks in range(seen, rows - drawn + seen + 1)
                  if min(tails(rows, blanks, drawn, seen)) >= F(25, 1000)]
        check(within == list(range(within[0], within[-1] + 1)), "no interval", rows, drawn, seen)
        real = math.floor(F(rows * (drawn - seen), drawn) + F(1, 2))
        wanted.append(f"{real} {rows - within[-1]} {rows - within[0]}")
    compare(questions, wanted)


@case
def intervals_hold_what_they_promise(folder):
    """Whatever the real number is: the probability of drawing so that it lies in the interval is at least 95 %."""
    for rows, drawn in ((128, 20), (300, 35), (60, 59)):
        answers = ask([("estimate", rows, drawn, seen) for seen in range(drawn + 1)])
        interval = [tuple(int(word) for word in answer.split()[1:]) for answer in answers]
        for real in range(rows + 1):
            covered = sum(hypergeometric(rows, rows - real, drawn, seen) for seen in support(rows, rows - real, drawn)
                          if interval[seen][0] <= real <= interval[seen][1])
            check(covered >= F(95, 100), rows, drawn, real, float(covered))


# Strata.

def in_turn(strata, n):
    """Rows to strata one by one, by the definition of the method of Webster."""
    turns = sorted((F(2 * j + 1, rows), i) for i, rows in enumerate(strata) for j in range(rows))
    return [sum(1 for _, i in turns[:n] if i == k) for k in range(len(strata))]


@case
def shares_are_in_proportion(folder):
    chance = random.Random(7)
    lists = [[chance.randint(1, 30) for _ in range(chance.randint(1, 9))] for _ in range(40)] + [[5, 5, 5], [1] * 20]
    questions = [("share", n, *strata) for strata in lists for n in range(sum(strata) + 1)]
    compare(questions, [" ".join(map(str, in_turn(question[2:], question[1]))) for question in questions])


@case
def budgets_buy_the_most(folder):
    chance = random.Random(11)
    questions, wanted = [], []
    for _ in range(300):
        strata = [(chance.randint(1, 12), chance.randint(0, 5000)) for _ in range(chance.randint(1, 5))]
        rows = [s[0] for s in strata]
        budget = chance.randint(0, 12000)

        def price(n):
            return sum(-(-share * cost // count) for share, (count, cost) in zip(in_turn(rows, n), strata))
        n = max(n for n in range(sum(rows) + 1) if price(n) <= budget)
        questions.append(("afford", budget, *(number for s in strata for number in s)))
        wanted.append(f"{n} {price(n)}")
    compare(questions, wanted)


# Games.

@functools.cache
def game(periods, inspections):
    """Dresher's recursion, each period a game of two times two: -1 for a violation that is seen, 1 for one that is not."""
    if inspections >= periods:
        return F(0)
    if inspections == 0:
        return F(1)
    seen, unseen = F(-1), F(1)
    looked, not_looked = game(periods - 1, inspections - 1), game(periods - 1, inspections)
    return (seen * not_looked - unseen * looked) / (seen + not_looked - unseen - looked)


@case
def games_by_recursion(folder):
    questions = [("game", periods, inspections) for periods in range(1, 25) for inspections in range(periods + 1)]
    compare(questions, ["{0.numerator} {0.denominator}".format(game(*question[1:])) for question in questions])
    check(game(2, 1) == F(1, 3))
    said = run("plan", "--periods", "12", "--inspections", "4", "--json").json()
    check((said["numerator"], said["denominator"]) == ("165", "397"), said)
    check(abs(said["inspect_now"] - float((1 - game(12, 4)) / 2)) < 1e-12, said)
    run("plan", "--periods", "2", "--inspections", "1").says("1/3", "probability 0.3333")


# The verb.

def plan(*args, code=OK):
    return run("plan", *args, code=code)


def plan_json(*args, code=OK):
    return plan(*args, "--json", code=code).json()


@case
def one_population(folder):
    said = plan_json("--population", "141", "--violations", "5", "--detect", "high", "--sensitivity", "0.8", "--sample", "53")
    check(said["rows"] == 141 and said["target"] == 0.9 and said["reached"] and not said["padded"], said)
    curve = [detection(141, 5, F("0.8"), n) for n in range(142)]
    expected = {"least": int(least(curve, F("0.9"))), "sample": 53, "iaea": 53, "refined": 52}
    for name, n in expected.items():
        got = said["plans"][name]
        p = float(curve[n])
        check(got["rows"] == n and abs(got["detection"] - p) < 1e-12, name, got, p)
        check(abs(got["posterior"] - 0.5 * (1 - p) / (1 - 0.5 * p)) < 1e-12, name, got)
        check(abs(got["found_on_average"] - 0.8 * n * 5 / 141) < 1e-12, name, got)
    check(said["plans"].keys() == expected.keys() and said["estimates"] == [], said)
    text = plan("--population", "141", "--violations", "5", "--sensitivity", "0.8", "--sample", "53")
    text.says("141 rows, as given", "least for 0.9", "sample of 53", "0.8364", "0.1406", "take every inspected violation as noticed")
    check(not os.listdir("."), os.listdir("."))


@case
def levels_and_ties(folder):
    for name, n in (("high", 90), ("medium", 50), ("low", 20), ("0.90", 90), ("0.910", 91)):
        said = plan_json("--population", "100", "--violations", "1", "--detect", name)
        check(said["plans"]["least"]["rows"] == n and said["plans"]["iaea"]["rows"] == n, name, said)
    said = plan_json("--population", "1000000000", "--violations", "10", "--sensitivity", "0.9")
    check(said["plans"]["least"]["rows"] == 228524183, said)  # also that of missed_by_moments
    check(missed_by_moments(10**9, 10, decimal.Decimal("0.9"), 228524183) <= decimal.Decimal("0.1"))
    check(missed_by_moments(10**9, 10, decimal.Decimal("0.9"), 228524182) > decimal.Decimal("0.1"))


@case
def a_clean_inspection_proves_little(folder):
    said = plan_json("--population", "141", "--violations", "1", "--sensitivity", "0.9", "--sample", "20", "--detect", "low")
    check(abs(said["plans"]["sample"]["posterior"] - 0.466) < 0.0005, said)
    said = plan_json("--population", "141", "--violations", "1", "--sample", "20", "--prior", "0.1")
    p = 20 / 141
    check(abs(said["plans"]["sample"]["posterior"] - 0.1 * (1 - p) / (1 - 0.1 * p)) < 1e-12, said)


@case
def what_can_not_be_reached(folder):
    result = plan("--population", "141", "--violations", "1", "--sensitivity", "0.8", code=INVALID)
    result.says("No sample reaches 0.9", "0.8000", "every row")
    said = plan_json("--population", "141", "--violations", "1", "--sensitivity", "0.8", code=INVALID)
    check(not said["reached"] and said["plans"]["least"]["rows"] == 141, said)
    said = plan_json("--population", "141", "--violations", "1", "--sensitivity", "0.8", "--sample", "30")
    check(not said["reached"] and abs(said["plans"]["sample"]["detection"] - 0.8 * 30 / 141) < 1e-12, said)


@case
def strata_given_as_numbers(folder):
    said = plan_json("--population", "a=100,b=41,c=2", "--violations", "5", "--sample", "20", "--cost", "2.5", "--budget", "60")
    check([s["violations"] for s in said["strata"]] == [5, 5, 2] and said["rows"] == 143, said)
    check([s["cost"] for s in said["strata"]] == ["250", "102.500", "5"], said["strata"])
    for name, shares in (("sample", in_turn([100, 41, 2], 20)), ("budget", in_turn([100, 41, 2], 24))):
        got = said["plans"][name]
        check([s["rows"] for s in got["strata"]] == shares, name, got)
        parts = [detection(rows, violations, F(1), n) for rows, violations, n in zip((100, 41, 2), (5, 5, 2), shares)]
        check(abs(got["detection"] - float(min(parts))) < 1e-12, got)
        check(abs(got["if_in_all"] - float(1 - math.prod(1 - p for p in parts))) < 1e-12, got)
    check(said["plans"]["budget"]["cost"] == "60" and said["plans"]["sample"]["cost"] == "50", said["plans"])
    wanted = [int(least([detection(rows, d, F(1), n) for n in range(rows + 1)], F("0.9")))
              for rows, d in ((100, 5), (41, 5), (2, 2))]
    check([s["rows"] for s in said["plans"]["least"]["strata"]] == wanted, said["plans"]["least"])
    check(said["least_over_all"] == int(least([detection(143, 5, F(1), n) for n in range(80)], F("0.9"))), said)


FACILITIES = os.path.join(ROOT, "examples", "pyongyang-2018", "facilities.csv")


@case
def files(folder):
    with open(FACILITIES, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = {}
    for row in rows:
        counts[row["province"]] = counts.get(row["province"], 0) + 1
    said = plan_json("--population", FACILITIES, "--strata", "province", "--violations", "2")
    check({s["stratum"]: s["rows"] for s in said["strata"]} == counts, said["strata"])
    said = plan_json("--population", FACILITIES, "--violations", "2")
    check(said["rows"] == len(rows) and not said["padded"] and "real" in said["population"], said)

    write("costs.csv", "site;kind;days\r\n1;mine;2\r\n2;mine;1.5\r\n3;mine;1\r\n4;\"open; pit\";0.25\r\n")
    said = plan_json("--population", "./costs.csv", "--strata", "kind", "--cost", "days", "--violations", "1", "--budget", "3.25")
    check([(s["stratum"], s["rows"], s["cost"]) for s in said["strata"]]
          == [("mine", 3, "4.500"), ("open; pit", 1, "0.250")], said["strata"])
    check([s["rows"] for s in said["plans"]["budget"]["strata"]] == [2, 1], said["plans"]["budget"])
    check(said["plans"]["budget"]["cost"] == "3.250", said["plans"]["budget"])


@case
def files_that_can_not_be_read(folder):
    for name, text, says in (
            ("empty.csv", "", "no rows"), ("header.csv", "a,b\n", "no rows"), ("short.csv", "a,b\n1\n", "2:1: this row has 1 values"),
            ("blank.csv", "a,b\n1,2\n\n", "3:1: an empty line"), ("cost.csv", "a,b\n1,2\n1,1e3\n", "3:3: a row costs 0 to"),
            ("minus.csv", "a,b\n1,-2\n", "2:3: a row costs"), ("quote.csv", "a,b\n\"1,2\n", "never closed"),
            ("nul.csv", "a,b\n1,\0\n", "NUL")):
        write(name, text)
        column = ["--cost", "b"] if name in ("cost.csv", "minus.csv") else []
        plan("--population", name, "--violations", "1", *column, code=USAGE).complains(says, "hint: ")
    write("good.csv", "name,provinz\n1,x\n2,y\n")
    plan("--population", "good.csv", "--strata", "province", "--violations", "1", code=USAGE).complains("did you mean provinz?")
    plan("--population", "good.csv", "--cost", "nam", "--violations", "1", code=USAGE).complains("did you mean name?")
    write("ids.csv", "id\n" + "".join(f"{i}\n" for i in range(2000)))
    plan("--population", "ids.csv", "--strata", "id", "--violations", "1", code=USAGE).complains("1002:1: more than 1000 strata")
    attempt("plan", "--population", "nothing.csv", "--violations", "1").complains("nothing.csv")
    attempt("plan", "--population", ".", "--violations", "1").complains("lockstep: error:")
    write("odd.csv", "kind\n\x1b[2J\n\xc2\x9b1m\n".encode("latin-1"))
    plan("--population", "odd.csv", "--strata", "kind", "--violations", "1")  # sound: no escape reaches the terminal


@case
def declarations(folder):
    p = Process().build()
    before = p.run("usa", "plan", "--population", "sites", "--violations", "2", "--json").json()
    check(before["rows"] == 24 and before["padded"] and "not declared yet" in before["population"], before)
    p.declare()
    said = p.run("usa", "plan", "--population", "sites", "--violations", "2", "--json").json()
    check(said["rows"] == 24 and said["exercise"] and "not declared" not in said["population"], said)
    n = int(least([detection(24, 2, F(1), n) for n in range(25)], F("0.9")))
    check(said["plans"]["least"]["rows"] == n, said["plans"])
    check([e["blank"] for e in said["estimates"]] == [0, n // 4, n // 2, 3 * n // 4], said["estimates"])
    for e in said["estimates"]:
        within = [blanks for blanks in range(e["blank"], 24 - n + e["blank"] + 1)
                  if min(tails(24, blanks, n, e["blank"])) >= F(25, 1000)]
        check((e["low"], e["high"]) == (24 - within[-1], 24 - within[0]) and e["drawn"] == n, e)
    text = p.run("usa", "plan", "--population", "sites", "--violations", "2")
    text.says(MARK, "24 rows, padded: blank rows included", "To be announced to the declaring side", "width")

    said = p.run("usa", "plan", "--population", "sites", "--strata", "tranche", "--violations", "2", "--json").json()
    check([(s["stratum"], s["rows"]) for s in said["strata"]] == [("1", 8), ("2", 16)], said["strata"])
    own = p.run("dprk", "plan", "--population", p.path("sites.csv"), "--violations", "2", "--json").json()
    check(own["rows"] == 5 and not own["padded"] and own["estimates"] == [], own)

    p.declare()  # supplements: all of the padded rows once more
    said = p.run("usa", "plan", "--population", "sites", "--violations", "2", "--json").json()
    check(said["rows"] == 48 and "declared 2 times" in said["population"], said)

    wrong = p.run("usa", "plan", "--population", "site", "--violations", "2", code=USAGE)
    wrong.complains("no declaration site", "did you mean sites?")
    p.run("usa", "plan", "--population", "sites", "--strata", "name", "--violations", "2", code=USAGE) \
        .complains("only their tranche is known", "--strata tranche")
    p.run("usa", "plan", "--population", "sites", "--cost", "name", "--violations", "2", code=USAGE).complains("a row costs")
    run("plan", "--population", "sites", "--violations", "2", code=USAGE)  # no workspace here


@case
def mistakes(folder):
    base = ["--population", "141", "--violations", "5"]
    for args, error, hint in (
            ([], "how many rows?", "--population 141"),
            (["--population", "141"], "how many violations", "--violations 1"),
            (["--population", "0", "--violations", "1"], "1 to 1000000000 rows", "whole number"),
            (["--population", "1000000001", "--violations", "1"], "1 to 1000000000 rows", "whole number"),
            (["--population", "-5", "--violations", "1"], "1 to 1000000000 rows", "whole number"),
            (["--population", "1e9", "--violations", "1"], "1 to 1000000000 rows", "whole number"),
            (["--population", "1,000", "--violations", "1"], "1 to 1000000000 rows", "without separators"),
            (["--population", "", "--violations", "1"], "1 to 1000000000 rows", "whole number"),
            (["--population", "a=1,b", "--violations", "1"], "not \"b\"", "a=100,b=41"),
            (["--population", "a=1,=2", "--violations", "1"], "not \"=2\"", "a=100,b=41"),
            (["--population", "a=1,", "--violations", "1"], "not \"\"", "a=100,b=41"),
            (["--population", "a=0", "--violations", "1"], "not \"a=0\"", "a=100,b=41"),
            (["--population", "a=1,a=2", "--violations", "1"], "stands twice", ""),
            (["--population", "a=1000000000,b=1", "--violations", "1"], "at most 1000000000 rows", ""),
            (["--population", "141", "--violations", "142"], "1 to 141, not \"142\"", "--violations"),
            (["--population", "141", "--violations", "0"], "1 to 141, not \"0\"", "--violations"),
            (["--population", "141", "--violations", "-1"], "1 to 141, not \"-1\"", "--violations"),
            (["--population", "a=3,b=4", "--violations", "8"], "1 to 7", ""),
            (base + ["--detect", "1"], "between 0 and 1", "for 90 percent"),
            (base + ["--detect", "0"], "between 0 and 1", "0.9"),
            (base + ["--detect", "1.5"], "between 0 and 1", "0.9"),
            (base + ["--detect", "90"], "between 0 and 1", "for 90 percent write --detect 0.9"),
            (base + ["--detect", "90%"], "between 0 and 1", "for 90 percent write --detect 0.9"),
            (base + ["--detect", "0,9"], "between 0 and 1", "decimals have a point"),
            (base + ["--detect", "-0.5"], "between 0 and 1", "0.9"),
            (base + ["--detect", "0.1234567891"], "at most 9 decimals", "0.9"),
            (base + ["--detect", "hihg"], "high (0.9), medium (0.5) and low (0.2)", "--detect 0.95"),
            (base + ["--sensitivity", "0"], "above 0, at most 1", "0.9"),
            (base + ["--sensitivity", "1.01"], "above 0, at most 1", "0.9"),
            (base + ["--prior", "1"], "between 0 and 1", "0.9"),
            (base + ["--sample", "0"], "1 to 141, not \"0\"", "--sample"),
            (base + ["--sample", "142"], "1 to 141, not \"142\"", "--sample"),
            (base + ["--strata", "kind"], "names a column", "sites.csv --strata kind"),
            (base + ["--budget", "9"], "without --cost", "--cost 3.5 --budget 9"),
            (base + ["--cost", "-1"], "a row costs 0 to", "with a point"),
            (base + ["--cost", "2.0001"], "a row costs 0 to", "at most 3 decimals"),
            (base + ["--cost", "days"], "a row costs 0 to", "--cost COLUMN"),
            (base + ["--cost", "1", "--budget", "much"], "is no budget", "1000"),
            (base + ["--periods", "3", "--inspections", "1"], "no population", "--periods 12"),
            (["--periods", "3"], "--inspections", "--periods 12"),
            (["--inspections", "3"], "--periods", "--periods 12"),
            (["--periods", "0", "--inspections", "0"], "1 to 1000", "--periods"),
            (["--periods", "1001", "--inspections", "0"], "1 to 1000", "--periods"),
            (["--periods", "3", "--inspections", "4"], "0 to 3", "--inspections"),
            (["--population", "a=3,b=4", "--violations", "1", "--svg", "x.svg"], "without strata", "--population 7"),
            (base + ["141"], "too many arguments", "usage:")):
        result = plan(*args, code=USAGE).complains("lockstep: error: ", error)
        check(not hint or ("lockstep: hint: " in result.err and hint in result.err), hint, result)
        check(result.out == "", "it printed something:", result)
    check(not os.path.exists("x.svg"), "a picture of a mistake")


@case
def pictures(folder):
    space = "{http://www.w3.org/2000/svg}"
    for name, args in (("one", ["141", "5", "--sample", "20", "--cost", "1", "--budget", "100"]), ("few", ["1", "1"]),
                       ("large", ["1000000000", "10", "--sensitivity", "0.9"])):
        plan("--population", args[0], "--violations", args[1], *args[2:], "--svg", name + ".svg")
        text = read(name + ".svg").decode()
        root = xml.etree.ElementTree.fromstring(text)
        check(root.tag == space + "svg" and "script" not in text, text)
        points = [tuple(map(int, pair.split(","))) for pair in root.find(space + "polyline").get("points").split()]
        check(points == sorted(points, key=lambda point: point[0]), "goes back")
        check([y for _, y in points] == sorted((y for _, y in points), reverse=True), "detection falls")
        words = " ".join(t.text or "" for t in root.iter(space + "text"))
        check("wanted: 0.9" in words and "IAEA formula" in words and "the least: " in words, words)
    check("the sample: 20 rows" in read("one.svg").decode() and "the budget: 100 rows" in read("one.svg").decode())


@case
def help_has_examples_that_work(folder):
    said = run("help", "plan")
    examples = [line.strip() for line in said.out.split("example:\n")[1].splitlines() if line.strip()]
    write("facilities.csv", read(FACILITIES))
    for line in examples:
        words = line.split()
        check(words[0] == "lockstep", line)
        if "-C" not in words:
            run(*words[1:])


@case
def the_page_shows_what_is_printed(folder):
    """docs/plan.md, where it names a command that needs no workspace (tools/refresh-docs)."""
    page = read(os.path.join(ROOT, "docs", "plan.md")).decode()
    shown = re.findall(r"<!-- run: (.*?) -->\n```\n\$ (.*?)\n(.*?)\n```", page, re.S)
    check(len(shown) == 3, len(shown), "commands")
    write("facilities.csv", read(FACILITIES))
    for command, again, output in shown:
        check(command == again and run(*command.split()[1:]).out.strip("\n") == output, command)


if __name__ == "__main__":
    main()
