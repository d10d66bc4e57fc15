"""A strict reader of Prometheus' text format, version 0.0.4: what it says must be, and what it calls good manners."""
import math
import re

from lockstep import check

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
HELP = re.compile(rf"# HELP ({NAME}) ((?:[^\\]|\\[\\n])*)")
TYPE = re.compile(rf"# TYPE ({NAME}) (counter|gauge|histogram)")
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
VALUE = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN")
ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def labels(text, line):
    """{name: value} of what stands between the braces."""
    found, at = {}, 0
    while at < len(text):
        one = LABEL.match(text, at)
        check(one, "labels that can't be read:", line)
        check(one[1] not in found and not one[1].startswith("__"), "a label twice, or a reserved one:", line)
        found[one[1]] = re.sub(r"\\.", lambda escape: ESCAPES[escape[0]], one[2])
        at = one.end()
        check(at == len(text) or text[at] == ",", "labels that can't be read:", line)
        at += at < len(text)
    return found


class Exposition:
    """What a server shows at /metrics; a failure if it is not in form."""

    def __init__(self, body):
        self.types, self.helps, self.samples, self.family = {}, {}, {}, None
        text = body.decode("utf-8")
        check(text.endswith("\n"), "the last line has no end")
        for line in text.split("\n")[:-1]:
            self.take(line)
        for name, kind in self.types.items():
            check(kind != "counter" or name.endswith("_total"), "a counter that does not end in _total:", name)
            if kind == "histogram":
                self.check_histogram(name)

    def take(self, line):
        if line.startswith("#"):
            self.take_comment(line)
            return
        found = SAMPLE.fullmatch(line)
        check(found and VALUE.fullmatch(found[3]), "no sample:", line)
        name, given, value = found[1], labels(found[2] or "", line), float(found[3])
        check(self.family in self.types and name in self.names(self.family), "a sample without HELP and TYPE before it:", line)
        check("le" not in given or name.endswith("_bucket"), "le belongs to buckets:", line)
        check(self.types[self.family] == "gauge" or (value >= 0 and math.isfinite(value)), "it counts, and is", line)
        series = name, tuple(sorted(given.items()))
        check(series not in self.samples, "a series twice:", line)
        self.samples[series] = value

    def take_comment(self, line):
        helped, typed = HELP.fullmatch(line), TYPE.fullmatch(line)
        check(helped or typed, "neither HELP nor TYPE:", line)
        if helped:
            check(helped[1] not in self.helps and helped[2].strip(), "HELP twice, or empty:", line)
            self.helps[helped[1]] = helped[2]
        else:
            check(typed[1] in self.helps and typed[1] not in self.types, "TYPE without HELP before it, or twice:", line)
            self.types[typed[1]] = typed[2]
        self.family = (helped or typed)[1]

    def names(self, family):
        parts = ("_bucket", "_sum", "_count") if self.types[family] == "histogram" else ("",)
        return [family + part for part in parts]

    def check_histogram(self, name):
        """Buckets that do not fall, up to one without a bound, which is the count."""
        buckets = {}
        for (sample, given), value in self.samples.items():
            if sample == name + "_bucket":
                rest = tuple(pair for pair in given if pair[0] != "le")
                buckets.setdefault(rest, []).append((float(dict(given)["le"]), value))
        for rest, found in buckets.items():
            check([b for b, _ in found] == sorted(b for b, _ in found), "buckets out of order:", name, rest)
            check([v for _, v in found] == sorted(v for _, v in found), "buckets that fall:", name, rest)
            count, total = self.samples[name + "_count", rest], self.samples[name + "_sum", rest]
            check(found[-1] == (math.inf, count) and total >= 0, "its count is not that of all:", name, rest)

    def get(self, name, **given):
        """The values of all series of this name that have these labels."""
        return [value for (sample, has), value in self.samples.items()
                if sample == name and set(given.items()) <= set(has)]

    def one(self, name, **given):
        found = self.get(name, **given)
        check(len(found) == 1, "not one series but", found, name, given)
        return found[0]


def refuses(*bodies):
    """A reader that takes everything proves nothing."""
    for body in bodies:
        try:
            Exposition(body)
        except AssertionError:
            continue
        check(False, "this was taken:", body)


def check_reader():
    head = b"# HELP a_total A.\n# TYPE a_total counter\n"
    refuses(b"a_total 1\n", head + b"a_total 1", head + b"a_total 1\na_total 2\n", head + b'a_total{x="1",x="2"} 1\n',
            head + b'a_total{x="1"} 1\na_total{x="1"} 1\n', head + b'a_total{x="a"b"} 1\n', head + b'a_total{x="\\t"} 1\n',
            head + b"a_total one\n", head + b"b_total 1\n", head + b"a_total -1\n", head + head, head + b"\n",
            b"# TYPE a_total counter\na_total 1\n", head.replace(b"a_total", b"a") + b"a 1\n", head + b"9a 1\n",
            b"# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n")
    good = Exposition(head + b'a_total{x="a\\"\\\\\\n"} 1\na_total{x=""} 2.5e3\n')
    check(good.one("a_total", x='a"\\\n') == 1 and good.one("a_total", x="") == 2500, good.samples)
