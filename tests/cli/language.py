#!/usr/bin/env python3
"""The roadmap language as its reader, its JSON Schema and the cases of its errors know it: they have to agree. Read from
the sources, so a key or an error that is added in one place alone fails here."""
import copy
import glob
import json
import os
import re

import jsonschema
import yaml

from lockstep import ROOT, Process, case, check, main, write

# The text's errors have their own cases, in test_roadmap.c.
READER = sorted(set(glob.glob(os.path.join(ROOT, "src", "roadmap", "*.c"))) - {os.path.join(ROOT, "src", "roadmap", "text.c")})
ERRORS = os.path.join(ROOT, "tests", "unit", "roadmap", "errors.txt")
WHOLE = os.path.join(ROOT, "tests", "unit", "roadmap", "whole.yaml")
STRING = r'"(?:[^"\\]|\\.)*"'


def source():
    """All of the reader, without comments."""
    text = ""
    for path in READER:
        with open(path, encoding="utf-8") as file:
            text += re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    return re.sub(r"_Static_assert\(.*?\);", "", text, flags=re.DOTALL)


def literal(match):
    """The text of adjacent string literals."""
    return "".join(json.loads(part) for part in re.findall(STRING, match))


class Loader(yaml.SafeLoader):
    """Plain scalars as Lockstep reads them: whole numbers, true and false; everything else is text."""
    yaml_implicit_resolvers = {}


Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), list("-0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader)


def schema():
    with open(os.path.join(ROOT, "docs", "roadmap.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def validator():
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


# Errors.

LITERALS = rf"{STRING}(?:\s*{STRING})*"


def phrases():
    """Whatever the reader can say, a whole sentence or a part of one: the string literals with two spaces in them."""
    found = {literal(match) for match in re.findall(LITERALS, source())}
    return {text for text in found if text.strip().count(" ") >= 2}


def formats():
    """The formats of errors, and hints that are written where the error is. Other literals there are keys."""
    calls = re.findall(r"ls_diagnose(?:_warning)?\((.*?)\);\n", source(), re.DOTALL)
    check(len(calls) > 60, "too few errors found in the sources:", len(calls))
    found = {literal(match) for call in calls for match in re.findall(LITERALS, call)}
    return {text for text in found if " " in text.strip()}


def pattern(text):
    """What a format can become."""
    parts = re.split(r"(%(?:\.\*s|%|zu|llu|lld|u|d|s))", text)
    return re.compile("".join("%" if p == "%%" else ".*" if p.startswith("%") else re.escape(p) for p in parts))


def expected():
    with open(ERRORS, encoding="utf-8") as file:
        return [line[2:].rstrip("\n") for line in file if line[:2] in ("! ", "~ ", "? ")]


@case
def every_error_and_hint_has_a_case(_):
    said = expected()
    unsaid = [text for text in phrases() if not any(pattern(text).search(s) for s in said)]
    unsaid += [text for text in formats() - {" or "} if not any(pattern(text).fullmatch(s) for s in said)]
    check(not unsaid, "no case in tests/unit/roadmap/errors.txt says:", *(f"\n  {text}" for text in sorted(unsaid)))


@case
def rules_of_keys_have_cases(_):
    """Those errors whose sentence is made of the rows of a table: each row."""
    said = expected()
    tables = {"excludes": "{0} and {1} exclude each other", "needs": "{0} needs {1}"}
    for name, sentence in tables.items():
        body = re.search(rf"\b{name}\[\] = \{{(.*?)\n\}};", source(), re.DOTALL).group(1)
        rows = re.findall(r'\{"([a-z-]+)", \{?"([a-z-]+)"', body)
        check(len(rows) >= 4, f"table {name} not found")
        for row in rows:
            check(any(s.startswith(sentence.format(*row)) for s in said), "no case for:", sentence.format(*row))


# Keys.

def reader_keys():
    """name of a map: {key: required}"""
    found = {}
    for call in re.findall(r"ls_value_check_map\(\s*\w+,\s*(\"[a-z ]+\"|b->what),\s*LS_KEYS\((.*?)\),\s", source(), re.DOTALL):
        name = "moment" if call[0] == "b->what" else json.loads(call[0])
        found[name] = {key: need == "true" for key, need in re.findall(r'\{"([a-z-]+)", (true|false)\}', call[1])}
    return found


def schema_maps():
    root = schema()
    maps = {name.replace("-", " "): value for name, value in root["$defs"].items() if value.get("type") == "object"}
    maps["moment"] = next(form for form in root["$defs"]["moment"]["oneOf"] if form["type"] == "object")
    maps["roadmap"] = root
    return maps


@case
def schema_and_reader_know_the_same_keys(_):
    reader, maps = reader_keys(), schema_maps()
    check(len(reader) == 23, "maps found in the sources:", *reader)
    check(set(reader) == set(maps), "maps differ:", set(reader) ^ set(maps))
    for name, keys in reader.items():
        check(set(maps[name]["properties"]) == set(keys), name, set(maps[name]["properties"]) ^ set(keys))
        check(set(maps[name].get("required", [])) == {key for key, need in keys.items() if need}, name, "required")
        check(maps[name]["additionalProperties"] is False, name, "takes unknown keys")
        for key, value in maps[name]["properties"].items():
            check(len(value.get("description", "")) > 5, f"{name}: {key} has no description")


def paths(node, path=()):
    """The paths of all maps whose keys are fixed."""
    if isinstance(node, dict):
        if not path or path[-1] not in ("units", "shares"):
            yield path
        for key, value in node.items():
            yield from paths(value, path + (key,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from paths(value, path + (index,))


def at(document, path):
    for part in path:
        document = document[part]
    return document


@case
def schema_takes_the_whole_language(_):
    errors = [f"\n  {list(e.absolute_path)}: {e.message}" for e in validator().iter_errors(load(WHOLE))]
    check(not errors, "whole.yaml:", *errors)


@case
def schema_refuses_unknown_keys_everywhere(_):
    whole, judge = load(WHOLE), validator()
    places = list(paths(whole))
    check(len(places) > 40, "too few maps:", len(places))
    for path in places:
        document = copy.deepcopy(whole)
        at(document, path)["unheard-of"] = "x"
        check(not judge.is_valid(document), "an unknown key is taken at", path)


@case
def whole_has_every_key(_):
    """The document that the cases change lacks nothing of the language."""
    used = {key for path in paths(load(WHOLE)) for key in at(load(WHOLE), path)}
    known = {key for keys in reader_keys().values() for key in keys}
    check(used == known, "differ:", used ^ known)


@case
def schema_refuses_what_it_can(_):
    """One wrong value for each kind of text that the schema describes."""
    judge, whole = validator(), load(WHOLE)
    wrong = [(("name",), "The whole"), (("roadmap",), 2), (("parties",), ["usa"]), (("title",), "two\nlines"),
             (("provisional-application",), "soon after that"), (("provisional-application",), "3 day after signed"),
             (("entry-into-force",), {"latest": []}), (("entry-into-force",), {"latest": ["signed"], "earliest": ["signed"]}),
             (("date-limit",), "1 month"), (("extension", "at-most"), "1 month"), (("suspension", "clocks"), "stops"),
             (("rights", 0, "quota"), "12 per quarter"), (("steps", 0, "measures", 0, "on-silence"), "confirmed"),
             (("steps", 1, "measures", 0, "amount"), "950000.1234 t"), (("steps", 1, "measures", 0, "shares"), {"usa": 50}),
             (("steps", 1, "measures", 0, "by"), 3), (("steps", 0, "simultaneous"), "yes"),
             (("steps", 2, "measures", 0, "units"), {"Bomber": 1}), (("declarations", 0, "row-bytes"), "256"),
             (("inspections", 0, "challenges", "radius"), "30 miles"), (("inspections", 0, "challenges", "areas"), "touches"),
             (("inspections", 0, "draws", "open"), "1 year"), (("inspections", 0, "visits", "limits"), [])]
    for path, value in wrong:
        document = copy.deepcopy(whole)
        at(document, path[:-1])[path[-1]] = value
        check(not judge.is_valid(document), "the schema takes", path, value)


@case
def schema_takes_the_examples(_):
    documents = {path: load(path) for path in glob.glob(os.path.join(ROOT, "examples", "*", "*.yaml"))}
    roadmaps = {path: document for path, document in documents.items() if "roadmap" in document}
    check(roadmaps, "no examples")
    for path, document in roadmaps.items():
        errors = [f"\n  {list(e.absolute_path)}: {e.message}" for e in validator().iter_errors(document)]
        check(not errors, path, *errors)


# The whole language as `accord check` shows it: keys and values as they stand in whole.yaml.
SHOWN = {
    "entry-into-force": "latest of usa ratified, dprk ratified, 2018-11-01",
    "scope": "accord, measure", "counterpart": "may withhold", "notice": "90 days", "assessors": "rok",
    "attested-by": "usa, rok", "when": "earliest of 8 years after adopted, (latest of registered, resolution opened)",
    "unless": "resolution settled", "to-be-agreed": "yes", "quota": "12 per year", "from": "in force",
    "stage opinion": "Opinion, lasts 5 days, after ministers and board",
    "stage board": "Board, lasts 2 weeks, after commission, optional",
    "after": "declare-sites confirmed; oil performed 40 %; oil begun; in-return", "begin": "3 days after in force",
    "due": "latest of 2018-12-31, 1 month after declare-sites confirmed", "verified-by": "dprk",
    "on-silence": "disputed after 2 months", "in-presence-of": "rok", "amount": "950000 t",
    "shares": "usa: 50 %, rok: 25.5 %", "substitutes": "yes", "may-call-off": "dprk, usa", "declares": "sites",
    "opens": "tranche 1 of sites", "units": "bomber: 1, missile: 1, warhead: 0.5", "at-most": "300 kg",
    "undone-by": "sanctions-return", "continuing": "yes", "irreversible": "yes", "provisional": "yes",
    "until": "15 years after adopted", "usa of dprk": "hand over the list", "declaration": "sites",
    "verifies": "destroy, stock", "rows": "8", "replacements": "4", "commit": "2 days", "reveal": "36 hours", "open": "1 week",
    "repeat": "2 hours", "postpone": "3 days", "lasts": "10 days", "report": "1 month", "limits": "shrouding, no-photographs",
    "radius": "2500 m", "areas": "lie within", "without-coordinates": "are covered", "clarify": "48 hours",
    "answer": "5 days",
}


@case
def accord_check_shows_all_of_it(_):
    """With the three parties of the small process, so without what takes a fourth."""
    with open(WHOLE, encoding="utf-8") as file:
        text = file.read()
    for old, new in (("iaea", "rok"), (", chn: 10 %", ""), ("        may-join: [chn, jpn]\n", ""), ("inspectors", "public")):
        check(old in text, f"whole.yaml has no {old!r}")
        text = text.replace(old, new)
    p = Process().draft_charter().sign_charter()
    with open(os.path.join(os.path.dirname(WHOLE), "text.md"), encoding="utf-8") as file:
        args = ("accord", "check", write(p.path("whole.yaml"), text), write(p.path("whole.md"), file.read()))
    said = p.run("usa", *args).says("8 measures in 4 steps on 2 tracks, ready to propose.",
                                    "Step weapons: Weapons, on track Arms; its measures take effect together",
                                    "burning: burning of motors, at most 20 %, until 2 years after in force")
    for key, value in SHOWN.items():
        check(re.search(rf"(^|  ){re.escape(key)} +{re.escape(value)}$", said.out, re.M), f"not shown: {key}: {value}", said)
    check(p.run("usa", *args, "--json").json()["measures"] == 8, "measures")


if __name__ == "__main__":
    main()
