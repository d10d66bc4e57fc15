#!/usr/bin/env python3
"""Inventories as files: CSV into GeoJSON and back, versions compared, totals; and GeoJSON declared. What is expected is
worked out here with Python's csv, json and fractions."""
import collections
import csv
import fractions
import io
import json
import os
import random

from lockstep import (INVENTORY, SHARED, USAGE, Process, Skip, case, check, main, read, run, write)


def data(*parts):
    path = os.path.join(SHARED, "data", *parts)
    if not SHARED or not os.path.exists(path):
        raise Skip("the shared data is not here")
    return path


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def dicts_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def csv_text(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def convert(*args, **options):
    return run("inventory", "convert", *args, **options)


def collection(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def feature(geometry=None, properties=None, **members):
    return {"type": "Feature", "geometry": geometry, "properties": properties, **members}


def point(*coordinates):
    return {"type": "Point", "coordinates": list(coordinates)}


SQUARE = {"type": "Polygon", "coordinates": [[[125, 39], [126, 39], [126, 40], [125, 40], [125, 39]]]}


# Conversion.

@case
def sites_there_and_back(folder):
    path = data("dprk", "dprk_sites.csv")
    made = convert(path, "--to", "geojson", "--out", "sites.geojson", "--json").json()
    check(made["rows"] == 71 and made["without_place"] == 2, made)
    check(os.stat("sites.geojson").st_mode & 0o777 == 0o600, "others can read it")
    check(convert("sites.geojson").raw_out == read(path), "not the same CSV again")
    with open("sites.geojson", encoding="utf-8") as file:
        features = json.load(file, parse_float=str, parse_int=str)["features"]
    rows = dicts_of(path)
    check(len(features) == len(rows), "features")
    for row, f in zip(rows, features):
        place = f["geometry"] and f["geometry"]["coordinates"]
        check(f["id"] == row["id"] and place == ([row["lon"], row["lat"]] if row["lat"] else None), row, f)
        kept = {name: value for name, value in row.items() if name not in ("id", "lat", "lon")}
        check(f["properties"] == kept, row, f)
    check("bbox" not in read("sites.geojson").decode(), "a bbox")


@case
def sites_in_both_forms_agree(folder):
    csv_path, geojson_path = data("dprk", "dprk_sites.csv"), data("dprk", "dprk_sites.geojson")
    for pair in ((csv_path, geojson_path), (geojson_path, csv_path), (geojson_path, geojson_path)):
        found = run("inventory", "compare", *pair, "--json").json()
        check(found["same"] == 71 and not (found["added"] or found["removed"] or found["changed"]), pair, found)
        check(not found["columns_added"] and not found["columns_removed"], pair, found)
    text = convert(geojson_path, "--latitude", "lat", "--longitude", "lon").out
    expected = {row["id"]: row for row in dicts_of(csv_path)}
    got = {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    check(got == expected, "the converted file says something else")


@case
def plants_there_and_back(folder):
    path = data("nuclear", "geonuclear_plants.csv")
    convert(path, "--out", "plants.geojson")
    check(convert("plants.geojson", "--to", "csv").raw_out == read(path), "not the same CSV again")


VALUES = ["", "a", "é", "平壤", "a,b", "say \"so\"", "two\nlines", "cr\rlf\r\n", " spaces ", "\ttab", ";", "1.50", "-0", "\u2028",
          "\U0001f600", "\\", "{}", "[1]", "null", "'", "\x01\x1f\x7f", "NaN"]
DEGREES = ["0", "-0.5", "39.7956", "40.8499966", "-90", "90.000", "0.0000000001", "-0"]
BAD_DEGREES = ["", "north", "91", "1e1", "39,5", "1.", "\n"]


@case
def any_table_there_and_back(folder):
    """Values of all kinds, quoted as Python quotes them."""
    chosen = random.Random(4180)
    for number in range(60):
        names = chosen.sample(["id", "name", "type", "Größe", "a,b", "x;y", "note"], chosen.randint(1, 6))
        places = chosen.random() < 0.7
        names += ["lat", "lon"] if places else []
        chosen.shuffle(names)
        rows = [names]
        for _ in range(chosen.randint(0, 12)):
            row = {name: chosen.choice(VALUES) for name in names}
            if places:
                good = chosen.random() < 0.7
                row["lat"], row["lon"] = (chosen.choice(DEGREES if good else BAD_DEGREES) for _ in range(2))
            rows.append([row[name] for name in names])
        text = csv_text(rows)
        write("t.csv", text)
        made = convert("t.csv", "--to", "geojson")
        parsed = json.loads(made.out)
        check(len(parsed["features"]) == len(rows) - 1, made)
        write("t.geojson", made.raw_out)
        back = convert("t.geojson", "--to", "csv")
        check(rows_of(back.out) == rows_of(text), number, repr(text), made, back)


@case
def numbers_stay_as_they_stand(folder):
    write("n.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","id":007.0,"properties":{},"geometry":null}]}')
    convert("n.geojson", code=USAGE)
    write("n.geojson", '{"features":[{"type":"Feature","id":1.50,"properties":{"n":12345678901234567890.10,"e":1E+2,"t":true,"x":'
          'null,"s":"\\u00e9\\n"},"geometry":{"type":"Point","coordinates":[125.7550,-0.10,0.0]}}],"type":"FeatureCollection"}')
    check(convert("n.geojson").out == 'id,latitude,longitude,n,e,t,x,s\n1.50,-0.10,125.7550,12345678901234567890.10,1E+2,true,,"é\n"\n',
          convert("n.geojson"))


@case
def coordinates_that_json_spells_otherwise(folder):
    write("c.csv", "id,lat,lon\na,+39.5,025.0\nb,-007,1\n")
    made = convert("c.csv")
    check('"coordinates":[25.0,39.5]' in made.out and '"coordinates":[1,-7]' in made.out, made)
    made.complains("'+'")


@case
def shapes_become_a_column(folder):
    write("s.geojson", collection(feature(SQUARE, {"name": "area"}, id="a"), feature(point(1, 2), {"name": "spot"}, id="b")))
    made = convert("s.geojson")
    rows = rows_of(made.out)
    check(rows[0] == ["id", "latitude", "longitude", "geometry", "name"], rows)
    check(json.loads(rows[1][3]) == SQUARE and " " not in rows[1][3] and rows[1][1:3] == ["", ""], rows)
    check(rows[2] == ["b", "2", "1", "", "spot"], rows)
    write("s.csv", made.raw_out)
    again = json.loads(convert("s.csv").out)["features"]
    check(again[0]["geometry"] == SQUARE and again[1]["geometry"] == point(1, 2), again)


@case
def ids_that_are_properties(folder):
    write("i.geojson", collection(feature(point(1, 2), {"Nr": "7", "x": 1}), feature(None, {"Nr": "8", "x": 2})))
    check(convert("i.geojson", "--id", "Nr").out.startswith("latitude,longitude,Nr,x\n2,1,7,1\n"), convert("i.geojson"))
    write("i.geojson", collection(feature(None, {"id": "7"}, id=7)))
    check(convert("i.geojson").out == "id\n7\n", convert("i.geojson"))
    write("i.geojson", collection(feature(None, {"id": "8"}, id=7)))
    convert("i.geojson", code=USAGE).complains("not the same")


@case
def geojson_refused(folder):
    """What an inventory can't hold, and what people get wrong, with place and hint."""
    cases = [
        (collection(feature(point(39.7956, 125.755), {})), "latitude beyond 90", "longitude first"),
        (collection(feature(point(500000, 4400000), {})), "latitude beyond 90", ""),
        (collection(feature(point(1, 2, 300), {})), "altitude", "property"),
        (collection(feature(point(1, 2), {"a": {"b": 1}})), 'property "a" is an object', "flat"),
        (collection(feature(point(1, 2), {"a": [1]})), 'property "a" is a list', "flat"),
        (collection(feature(point(1, 2), {}, color="red")), '"color" of a feature', "property"),
        (collection(feature({**point(1, 2), "accuracy": 5}, {})), '"accuracy" of a geometry', "property"),
        (collection(feature({"type": "GeometryCollection", "geometries": []}, {})), "without any position", "null"),
        (collection(feature({"type": "LineString", "coordinates": [[170, 0], [-170, 0]]}, {})), "180 degrees", "antimeridian"),
        (collection(feature(point(1, 2), {"": 1})), "without a name", ""),
        (collection(feature(point(1, 2), {}), crs={"type": "name", "properties": {"name": "EPSG:3857"}}), 'no other "crs"', "WGS84"),
        ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e-7,1]}}]}',
         "no exponent", "0.0000001"),
        ('{"type":"FeatureCollection","features":[\n{"type":"Feature","properties":{"a":1,"a":2},"geometry":null}]}', "duplicate", ""),
        ('{"type":"FeatureCollection","features":[', "", ""),
        ("{", "name of a member", ""),
        ("{}", '"type"', "FeatureCollection"),
    ]
    for text, says, hint in cases:
        write("bad.geojson", text)
        result = convert("bad.geojson", code=USAGE)
        result.complains(says, hint, "bad.geojson:1:" if "\n" not in text else "bad.geojson:2:", "has 1 error")
        check(not result.out, "prints something all the same:", result)


@case
def geojson_all_errors_at_once(folder):
    write("bad.geojson", collection(feature(point(1, 200), {}), feature(point(3, 4), {"a": []}), feature(point(5, 600), {})))
    convert("bad.geojson", code=USAGE).complains("has 3 errors")


@case
def conversions_refused(folder):
    write("a.csv", "id,lat,lon,geometry\nx,1,2,\n")
    convert("a.csv", "--to", "kml", code=USAGE).complains("not kml")
    convert("a.csv", "--latitude", "lat", code=USAGE).complains("together")
    convert("a.csv", "--latitude", "lat", "--longitude", "lons", code=USAGE).complains('no column "lons"', 'did you mean "lon"')
    convert("a.csv", "--json", code=USAGE).complains("--out")
    convert("a.csv", "--out", write("there", "kept"), code=USAGE)
    check(read("there") == b"kept", "overwritten")
    convert("never.csv", code=3)
    for value, says in (("x", "geometry of this row"), ('"{""type"":""Point"",""coordinates"":[1,2]}"', "latitude and longitude"),
                        ('"{""type"":""Point"",""coordinates"":[1,200]}"', "beyond 90")):
        write("a.csv", "id,lat,lon,geometry\nx,,,\ny,,," + value + "\n")
        convert("a.csv", code=USAGE).complains(says, "a.csv:3:")
    for text, says in (("", "empty"), ("a,a\n", "two columns"), ("a,\n", "without a name"), ("a,b\n1\n", "has 1 values"), ("a,b\n\n", "empty line"),
                       ("a\n\"", "never closed")):
        write("a.csv", text)
        convert("a.csv", code=USAGE).complains(says)


# Comparison.

def compared(before, after, key, ignored=()):
    """What csv says: keys added, removed, and changed with their fields."""
    x, y = ({row[key]: row for row in rows} for rows in (before, after))
    changed = {k: {c: (x[k][c], y[k][c]) for c in y[k] if c in x[k] and c not in ignored and x[k][c] != y[k][c]}
               for k in y if k in x}
    return [k for k in y if k not in x], [k for k in x if k not in y], {k: v for k, v in changed.items() if v}


def check_comparison(found, expected, key):
    added, removed, changed = expected
    check([row[key] for row in found["added"]] == added, "added", found["added"])
    check([row[key] for row in found["removed"]] == removed, "removed", found["removed"])
    got = {row["key"]: {f["column"]: (f["before"], f["after"]) for f in row["fields"]} for row in found["changed"]}
    check(got == changed, "changed", got, changed)


@case
def plants_compared(folder):
    names = ["geonuclear_plants_2022-12-30.csv", "geonuclear_plants_2023-08-28.csv", "geonuclear_plants.csv"]
    paths = [data("nuclear", name) for name in names]
    counts = []
    for before, after in zip(paths, paths[1:]):
        for ignored in ([], ["LastUpdatedAt"]):
            options = [part for name in ignored for part in ("--ignore", name)]
            found = run("inventory", "compare", before, after, "--json", *options).json()
            check_comparison(found, compared(dicts_of(before), dicts_of(after), "Id", ignored), "Id")
            counts.append((len(found["added"]), len(found["removed"]), len(found["changed"])))
    check(counts == [(2, 0, 51), (2, 0, 51), (1, 0, 13), (1, 0, 13)], counts)
    run("inventory", "compare", *paths[:2]).says("2 added, 0 removed, 51 changed, 750 the same", "Türkiye")


@case
def random_tables_compared(folder):
    chosen = random.Random(51)
    for _ in range(40):
        names = ["k"] + chosen.sample(["a", "b", "c", "d"], chosen.randint(1, 4))
        keys = chosen.sample(range(1000), 30)
        before = [{n: str(k) if n == "k" else chosen.choice("xyz") for n in names} for k in keys[:20]]
        after = [dict(row) if chosen.random() < 0.5 else {n: row[n] if n == "k" else chosen.choice("xyz") for n in names}
                 for row in before if chosen.random() < 0.8]
        after += [{n: str(k) if n == "k" else "new" for n in names} for k in keys[20:]]
        chosen.shuffle(after)
        shown = chosen.sample(names, len(names))
        write("1.csv", csv_text([names] + [[row[n] for n in names] for row in before]))
        write("2.csv", csv_text([shown] + [[row[n] for n in shown] for row in after]))
        check_comparison(run("inventory", "compare", "1.csv", "2.csv", "--key", "k", "--json").json(), compared(before, after, "k"), "k")


@case
def columns_that_come_and_go(folder):
    write("1.csv", "id,a,b\n1,x,y\n")
    write("2.csv", "c,id,a\nz,1,x\n")
    found = run("inventory", "compare", "1.csv", "2.csv", "--json").json()
    check(found["columns_added"] == ["c"] and found["columns_removed"] == ["b"] and found["same"] == 1, found)
    run("inventory", "compare", "1.csv", "2.csv").says("columns that were added: c", "columns that were removed: b", "1 the same")
    found = run("inventory", "compare", "1.csv", "2.csv", "--ignore", "b", "--ignore", "c", "--json").json()
    check(not found["columns_added"] and not found["columns_removed"], found)


@case
def comparisons_refused(folder):
    write("1.csv", "id,a\n1,x\n2,y\n1,z\n")
    write("2.csv", "id,a\n1,x\n")
    write("3.csv", "nr,a\n1,x\n")
    run("inventory", "compare", "1.csv", "2.csv", code=USAGE).complains("1.csv:4:", "line 2", "--key")
    run("inventory", "compare", "2.csv", "1.csv", code=USAGE).complains("1.csv:4:")
    run("inventory", "compare", "2.csv", "3.csv", code=USAGE).complains("told apart")
    run("inventory", "compare", "3.csv", "2.csv", code=USAGE).complains('no column "id"')
    run("inventory", "compare", "2.csv", "2.csv", "--ignore", "ib", code=USAGE).complains('no column "ib"', 'did you mean "id"')
    run("inventory", "compare", "2.csv", code=USAGE)


@case
def many_changes_are_cut(folder):
    write("1.csv", "id,a\n" + "".join(f"{i},x\n" for i in range(3000)))
    write("2.csv", "id,a\n" + "".join(f"{i},y\n" for i in range(3000)))
    result = run("inventory", "compare", "1.csv", "2.csv").says("3000 changed", "2000 more lines")
    check(len(result.out.splitlines()) < 1010, "not cut")
    check(len(run("inventory", "compare", "1.csv", "2.csv", "--json").json()["changed"]) == 3000, "JSON is cut")


# Totals.

DEPLOYED = ["Deployed ICBMs", "Deployed SLBMs", "Deployed Heavy Bombers"]
LAUNCHERS = ["Deployed and Non-deployed Launchers of ICBMs", "Deployed and Non-deployed Launchers of SLBMs",
             "Deployed Heavy Bombers", "Non-deployed Heavy Bombers"]


@case
def totals_of_new_start(folder):
    path = data("treaty", "newstart_us_2020-09-01.csv")
    for items, total in ((DEPLOYED, "675"), (LAUNCHERS, "800")):
        where = [part for item in items for part in ("--where", "item=" + item)]
        found = run("inventory", "totals", path, "--by", "item", "--sum", "count", *where, "--json").json()
        check(found["all"]["sum"] == total, found)
        expected = collections.Counter()
        for row in dicts_of(path):
            expected[row["item"]] += int(row["count"])
        check({g["by"]["item"]: int(g["sum"]) for g in found["groups"]} == {item: expected[item] for item in items}, found)
        run("inventory", "totals", path, "--by", "item,system", "--sum", "count", *where).says(total, "B-52H")


def fraction_text(value):
    """A decimal without zeros at its end."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value.numerator, value.denominator)
    digits = str(rest * 10**9 // value.denominator).rjust(9, "0").rstrip("0")
    return f"{sign}{whole}{'.' if digits else ''}{digits}"


@case
def random_totals(folder):
    chosen = random.Random(675)
    for _ in range(30):
        rows = []
        for _ in range(chosen.randint(1, 60)):
            number = chosen.choice(["", str(chosen.randint(-10**18 + 1, 10**18 - 1)), f"{chosen.uniform(-9, 9):.{chosen.randint(1, 9)}f}", "+007.50", "0"])
            rows.append({"a": chosen.choice("xyz"), "b": chosen.choice(["p", "q,r"]), "n": number})
        write("t.csv", csv_text([["a", "b", "n"]] + [[row[c] for c in "abn"] for row in rows]))
        found = run("inventory", "totals", "t.csv", "--by", "b,a", "--sum", "n", "--where", "a=x", "--where", "a=z", "--json").json()
        groups = {}
        for row in rows:
            if row["a"] != "y":
                groups.setdefault((row["b"], row["a"]), []).append(row["n"])
        got = [((g["by"]["b"], g["by"]["a"]), g["rows"], g["numbers"], g["sum"]) for g in found["groups"]]
        wanted = [(k, len(v), sum(n != "" for n in v), fraction_text(sum(fractions.Fraction(n) for n in v if n))) for k, v in groups.items()]
        check(got == wanted, got, wanted)
        everything = [n for v in groups.values() for n in v]
        check(found["all"]["sum"] == fraction_text(sum(fractions.Fraction(n) for n in everything if n) or fractions.Fraction(0)), found)


@case
def totals_without_sum(folder):
    write("t.csv", "a,b\nx,1\ny,2\nx,3\n")
    found = run("inventory", "totals", "t.csv", "--by", "a", "--json").json()
    check(found == {"groups": [{"rows": 2, "by": {"a": "x"}}, {"rows": 1, "by": {"a": "y"}}], "all": {"rows": 3}, "exercise": False}, found)
    found = run("inventory", "totals", "t.csv", "--sum", "b", "--json").json()
    check(found["all"]["sum"] == "6" and found["groups"][0]["rows"] == 3, found)


@case
def totals_refused(folder):
    write("t.csv", "a,n\nx,1\ny,many\n")
    run("inventory", "totals", "t.csv", "--by", "a", "--sum", "n", code=USAGE).complains("t.csv:3:", '"many"')
    run("inventory", "totals", "t.csv", "--by", "b", code=USAGE).complains('no column "b"')
    run("inventory", "totals", "t.csv", "--by", "a", "--sum", "m", code=USAGE).complains('no column "m"')
    run("inventory", "totals", "t.csv", "--by", "a", "--where", "n", code=USAGE).complains("COLUMN=VALUE")
    run("inventory", "totals", "t.csv", "--by", "a", "--where", "m=1", code=USAGE).complains('no column "m"')
    run("inventory", "totals", "t.csv", "--by", ",".join("a" * 9), code=USAGE).complains("at most 8")
    for number in ("1e3", "1,5", "0x1", "1.0000000001", "1234567890123456789", ".5", "5.", "--1", " 1", "nan"):
        write("t.csv", csv_text([["a", "n"], ["x", number]]))
        run("inventory", "totals", "t.csv", "--by", "a", "--sum", "n", code=USAGE).complains("is no number")


# Declaring.

def as_features(text):
    """The inventory of the small process as a GIS would have it."""
    return collection(*(feature(point(float(r["lon"]), float(r["lat"])), {"name": r["name"], "tranche": int(r["tranche"])}, id=r["id"])
                        for r in csv.DictReader(io.StringIO(text))))


@case
def declare_geojson(folder):
    p = Process("process").build()
    path = write(p.path("sites.geojson"), as_features(INVENTORY))
    files = set(os.listdir(p.folder))
    preview = p.run("dprk", "declare", "--inventory", path, "--preview", "--json").json()
    check([t["rows"] for t in preview["tranches"]] == [2, 3] and not any(preview["remarks"].values()), preview)
    p.run("dprk", "declare", "--inventory", path, "--backup", p.path("safe"), "--yes")
    check(set(os.listdir(p.folder)) - files == {"safe"}, "files are left:", os.listdir(p.folder))
    p.run("dprk", "open", "--tranche", "2", "--out", p.path("open.lockstep"), "--yes")
    opened = csv.DictReader(io.StringIO(run("verify", p.path("open.lockstep"), "--charter", p.fingerprint(), "--rows").out))
    got = {row["id"]: (row["name"], row["lat"], row["lon"]) for row in opened if row["id"]}
    wanted = {row["id"]: (row["name"], row["lat"], row["lon"]) for row in csv.DictReader(io.StringIO(INVENTORY))
              if row["tranche"] == "2"}
    check(got == wanted, got, wanted)


@case
def declare_geojson_refused(folder):
    p = Process("process").build()
    good = json.loads(as_features(INVENTORY))
    def refused(says, change, code=USAGE):
        altered = json.loads(json.dumps(good))
        change(altered["features"])
        path = write(p.path("bad.geojson"), json.dumps(altered))
        p.run("dprk", "declare", "--inventory", path, "--preview", code=code).complains(*says)
    refused(['no column "nam"', 'did you mean "name"'], lambda f: f[0]["properties"].update(nam="x"))
    refused(["no column for a Polygon", "geometry"], lambda f: f[1].update(geometry=SQUARE))
    refused(['no feature has the property "name"'], lambda f: [x["properties"].pop("name") for x in f])
    refused(["there is no tranche '9'", "as CSV:2:"], lambda f: f[0]["properties"].update(tranche=9))
    refused(["longitude first"], lambda f: f[0]["geometry"]["coordinates"].reverse())
    refused(["flat"], lambda f: f[0]["properties"].update(name=["x"]))


@case
def usage(folder):
    run("inventory", code=USAGE).complains("is not a workspace")  # that verb is about what was declared: living.py
    run("inventory", "conver", code=USAGE)
    run("help").says("inventory convert", "inventory compare", "inventory totals")
    for verb in ("convert", "compare", "totals"):
        run("help", "inventory", verb).says("example:", f"lockstep inventory {verb} ")


if __name__ == "__main__":
    main()
