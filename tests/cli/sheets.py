#!/usr/bin/env python3
"""Sheets as they come out of a printer: drawn by pdftoppm, scanned by zbarimg, printed from HTML by Chromium where it is
installed. Codes are also read by a reader of this file, which shares no code with the program.
"""
import base64
import hashlib
import html.parser
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import zlib

from lockstep import ROOT, Skip, case, check, main, read, write

DRIVER = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.join(ROOT, "build"), "tests", "sheet_driver")
HANGUL = "녕변 원자력 연구소 12호 건물"
ARABIC = "مبنى رقم"
SHEET = {
    "exercise": True, "title": "Inspection of a drawn site", "process": "A small process",
    "charter": hashlib.sha256(b"charter").hexdigest(), "draw": hashlib.sha256(b"draw").hexdigest(),
    "site": 3, "sites": 18, "position": 41, "tranche": "first", "row": 17,
    "checkpoint_size": 1234, "checkpoint_time": 1539072000,
    "fields": [{"name": "name", "value": "Yongbyon, building 12"}, {"name": "이름", "value": HANGUL},
               {"name": "اسم", "value": ARABIC}],
    "notes": [{"name": "Notice", "value": "24 hours before arrival; 2 hours to the site."}],
    "blanks": [{"label": "Arrived and left", "lines": 1},
               {"label": "The site is", "choices": ["as declared", "not as declared", "not there"]},
               {"label": "What was seen", "lines": 6}],
    "signatures": ["Inspector", "Second inspector", "For the host"],
    "reading": "Scan every code, in any order.",
}
# The smallest payload, what bundles have, and the most that is expected of a sheet.
SIZES = (100, 8192, 20000, 61440)


def tool(name):
    if shutil.which(name) is None:
        raise Skip(f"{name} is not installed")
    return name


def drive(*args, stdin=b"", env=None, status=0):
    """Returns stdout and stderr."""
    done = subprocess.run([DRIVER, *args], input=stdin, capture_output=True, check=False,
                          env=dict(os.environ, **env or {}))
    err = done.stderr.decode(errors="backslashreplace")
    check(done.returncode == status, args, done.returncode, err)
    return done.stdout, err


def random_bytes(source, count):
    return bytes(source.randrange(256) for _ in range(count))


def bundle(size):
    """Bytes like those of an excerpt: a tar file of acts and proofs, full of hashes and signatures."""
    source, out = random.Random(size), io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(1, 2 + size // 2048):
            def code(count):
                return base64.b64encode(random_bytes(source, count)).decode()
            act = (f"lockstep exercise act v1\nact: confirm\nprocess: {hashlib.sha256(b'p').hexdigest()}\nby: usa\n"
                   f"signers: usa-1\nseq: {number}\nprev: {random_bytes(source, 32).hex()}\nhead: {number} {code(32)}\n"
                   f"at: 2018-10-09T08:00:00Z\nexpires: 2018-10-16T08:00:00Z\nref: {random_bytes(source, 32).hex()}\n\n"
                   f"— usa.example/usa-1 {code(68)}\n")
            proof = f"index {number}\n" + "".join(code(32) + "\n" for _ in range(9))
            for name, text in ((f"act/{number}.note", act), (f"act/{number}.tlog-proof", proof)):
                info = tarfile.TarInfo(name)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()[:size]


def prepare(payload, **changes):
    write("payload", payload)
    write("sheet.json", json.dumps(dict(SHEET, **changes)).encode())


def print_sheet(form, payload, **changes):
    """Writes sheet.pdf or sheet.html."""
    prepare(payload, **changes)
    out, _ = drive(form, "sheet.json", "payload")
    write("sheet." + form, out)
    return out


def rasterise(pdf, dpi):
    """The pages, as pictures in shades of grey."""
    for old in (name for name in os.listdir() if name.startswith("page-")):
        os.unlink(old)
    subprocess.run([tool("pdftoppm"), "-gray", "-r", str(dpi), pdf, "page"], check=True)
    return sorted(name for name in os.listdir() if name.startswith("page-"))


def scan(pages, *options):
    done = subprocess.run([tool("zbarimg"), "-q", *options, *pages], capture_output=True, check=False)
    return done.stdout


def text_of(pdf):
    return subprocess.run([tool("pdftotext"), "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()


# A reader by docs/sheets.md.

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def from_base45(text):
    out = b""
    for i in range(0, len(text), 3):
        value = sum(ALPHABET.index(c) * 45 ** k for k, c in enumerate(text[i:i + 3]))
        out += value.to_bytes(len(text[i:i + 3]) - 1, "big")
    return out


def read_codes(lines):
    parts, sheets, counts = {}, set(), set()
    for line in lines:
        label, sheet, number, count, crc, data = line.split(":", 5)
        head = f"{label}:{sheet}:{number}:{count}:"
        check(label == "LS1" and int(crc, 16) == zlib.crc32((head + data).encode()), "a line that is no code:", line)
        parts[int(number)] = from_base45(data)
        sheets.add(sheet)
        counts.add(int(count))
    check(len(sheets) == len(counts) == 1 and set(parts) == set(range(1, counts.pop() + 1)), "not all codes of one sheet")
    whole = b"".join(parts[number] for number in sorted(parts))
    check(hashlib.sha256(whole).hexdigest()[:16].upper() == sheets.pop(), "not what the sheet's name says")
    return zlib.decompress(whole)


# Cases.

@case
def codes_that_another_reader_reads(_):
    for size in SIZES:
        payload = bundle(size)
        write("payload", payload)
        lines = drive("codes", "payload")[0].decode().splitlines()
        check(read_codes(lines) == payload, "another payload, of", size)
        check(all(set(line) <= set(ALPHABET) for line in lines), "a character that is not of the alphanumeric mode")
        check(max(map(len, lines)) <= 1451, "a code is longer than version 25 at M can hold")
        random.Random(size).shuffle(lines)
        out, err = drive("read", stdin="\n".join(lines).encode())
        check(out == payload and err.startswith(lines[0].split(":")[1]), err)


@case
def the_reader_in_the_documentation(_):
    """As it stands there, on what zbarimg prints in either form."""
    document = read(os.path.join(ROOT, "docs", "sheets.md")).decode()
    write("reader.py", re.search(r"```python\n(.*?)```", document, re.S).group(1).encode())
    for prefix in (b"", b"QR-Code:"):
        payload = bundle(20000)
        write("original", payload)
        lines = drive("codes", "original")[0].splitlines()
        write("codes.txt", b"".join(prefix + line + b"\n" for line in lines[::-1]))
        subprocess.run([sys.executable, "reader.py"], check=True)
        check(read("payload") == payload, "it reads something else")


@case
def printed_and_scanned(_):
    """Byte for byte, at 300 dots an inch and at 200, whatever order zbarimg finds them in, with and without --raw."""
    for size in SIZES:
        payload = bundle(size)
        print_sheet("pdf", payload)
        for dpi, options in ((300, ["--raw"]), (200, [])):
            scanned = scan(rasterise("sheet.pdf", dpi), *options)
            out, err = drive("read", stdin=scanned)
            check(out == payload, size, "bytes at", dpi, err)
            check(" repeated 0 damaged 0 elsewhere 0 others 0" in err, err)
            lines = [line.removeprefix("QR-Code:") for line in scanned.decode().splitlines()]
            check(read_codes(lines) == payload, "another reader, another payload")


def grey(path):
    """A PGM file: its header, width, and pixels."""
    content = read(path)
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", content)
    return head.group(0), int(head.group(1)), bytearray(content[head.end():])


def bands(dark, least):
    """Where a list of truths is true for so long: from, to."""
    found, begin = [], None
    for i, true in enumerate(dark + [False]):
        if true and begin is None:
            begin = i
        elif not true and begin is not None:
            if i - begin >= least:
                found.append((begin, i))
            begin = None
    return found


def outlines(page):
    """Where codes lie on a page: left, top, right, bottom. They are what is dark over a third of their half of it."""
    _, width, pixels = grey(page)
    found = []
    for left in (0, width // 2):
        right, rows = left + width // 2, [pixels[y:y + width] for y in range(0, len(pixels), width)]
        dark = [sum(value < 128 for value in row[left:right]) > (right - left) // 5 for row in rows]
        for top, bottom in bands(dark, width // 5):
            columns = [sum(row[x] < 128 for row in rows[top:bottom]) > (bottom - top) // 5 for x in range(left, right)]
            found += [(left + begin, top, left + end, bottom) for begin, end in bands(columns, width // 5)]
    return found


def paint(page, box, shade):
    head, width, pixels = grey(page)
    left, top, right, bottom = box
    for y in range(top, bottom):
        pixels[y * width + left:y * width + right] = bytes([shade]) * (right - left)
    write(page, head + bytes(pixels))


def page_with_codes(pages):
    """The first, and where they lie."""
    for page in pages:
        boxes = outlines(page)
        if boxes:
            return page, boxes
    raise AssertionError("no page has codes")


@case
def a_code_that_is_blanked_out_is_named(_):
    payload = bundle(20000)
    print_sheet("pdf", payload)
    pages = rasterise("sheet.pdf", 300)
    before = set(scan(pages, "--raw").splitlines())
    page, boxes = page_with_codes(pages)
    check(len(boxes) == 4, "codes on the first page with codes:", boxes)
    paint(page, boxes[1], 255)
    scanned = scan(pages, "--raw")
    lost = before - set(scanned.splitlines())
    check(len(lost) == 1, "what was blanked out:", lost)
    number = lost.copy().pop().split(b":")[2].decode()
    out, err = drive("read", stdin=scanned, status=1)
    check(not out and f"failed codes-missing line 0: code {number} of {len(before)} is missing" in err, err)
    # The same code from another copy completes them.
    check(drive("read", stdin=scanned + lost.pop())[0] == payload, "a second copy does not help")


@case
def a_code_that_is_stained_is_read(_):
    """Drops that cover a twentieth of each code: what error correction is for."""
    payload = bundle(8192)
    print_sheet("pdf", payload)
    pages = rasterise("sheet.pdf", 300)
    page, boxes = page_with_codes(pages)
    for left, top, right, _ in boxes:
        unit = (right - left) // 20
        for shade, x, y in ((0, 10, 9), (255, 4, 10), (0, 13, 4), (255, 9, 14), (0, 16, 12)):
            paint(page, (left + x * unit, top + y * unit, left + (x + 2) * unit, top + (y + 2) * unit), shade)
    check(drive("read", stdin=scan(pages))[0] == payload, "stains were too much")


@case
def pages_of_the_document(_):
    """Marked, numbered, with a title, of A4 and within Letter, with all fonts in it, and the same again."""
    first = print_sheet("pdf", bundle(61440))
    check(first == drive("pdf", "sheet.json", "payload")[0], "two runs, two documents")
    info = subprocess.run([tool("pdfinfo"), "sheet.pdf"], capture_output=True, check=True).stdout.decode()
    pages = int(re.search(r"^Pages: +(\d+)$", info, re.M).group(1))
    check(re.search(r"^Title: +EXERCISE: Inspection of a drawn site$", info, re.M), info)
    check("A4" in info and "CreationDate" not in info and "ModDate" not in info, info)
    fonts = subprocess.run(["pdffonts", "sheet.pdf"], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    check(fonts and all(re.search(r" yes yes yes +\d+ +0$", line) for line in fonts), fonts)
    sheets = text_of("sheet.pdf").split("\f")[:-1]
    check(len(sheets) == pages, "pages:", pages, len(sheets))
    for number, text in enumerate(sheets, 1):
        for part in ("EXERCISE", f"Page {number} of {pages}", "checkpoint of 2018-10-09T08:00:00Z", "Site 3 of 18"):
            check(part in text, f"page {number} does not say {part!r}:", text)
    for page in rasterise("sheet.pdf", 50):
        head, width, pixels = grey(page)
        rows = [y for y in range(len(pixels) // width) if min(pixels[y * width:(y + 1) * width]) < 128]
        # Letter is 279.4 mm high: half of what is missing, at each end.
        cut = (297 - 279.4) / 2 / 25.4 * 50
        check(rows[0] > cut and rows[-1] < len(pixels) / width - cut, "something is beyond Letter", page, head)
    check("EXERCISE" not in text_of_plain(), "marked without a reason")


def text_of_plain():
    print_sheet("pdf", b"x", exercise=False)
    return text_of("sheet.pdf")


@case
def scripts_of_all_directions(_):
    print_sheet("pdf", b"x")
    text = text_of("sheet.pdf")
    if not subprocess.run([tool("fc-list"), ":lang=ko"], capture_output=True, check=False).stdout:
        raise Skip("no font with Hangul is installed")
    check(HANGUL in text, text)
    # Set from right to left; poppler gives the letters back in the order in which they are read.
    letters = re.sub(r"[\s\u200e\u200f\u202a-\u202e]", "", text)
    check(re.sub(r"\s", "", ARABIC) in letters, text)


@case
def without_fonts(folder):
    prepare(b"x")
    write("fonts.conf", b'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    env = {"FONTCONFIG_FILE": os.path.join(folder, "fonts.conf")}
    out, err = drive("pdf", "sheet.json", "payload", env=env, status=1)
    check(not out and "failed sheet-fonts" in err and "apt-get install" in err, err)
    check(drive("html", "sheet.json", "payload", env=env)[0].startswith(b"<!DOCTYPE html>"), "HTML needs no font")


# Hostile text.

HOSTILE = [
    "</td></tr></table><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<style>*{display:none}</style>", "<!--", "-->", "]]>",
    "\" onmouseover=\"alert(1)", "' style='display:none", "&lt;b&gt;&#60;script&#62;", "</title><meta http-equiv=refresh>",
    "<a href=javascript:alert(1)>x</a>", "\\3c script\\3e ", "{{7*7}} ${7*7} <%= 7*7 %>",
    "\u202eevil\u202c \u2066a\u2069 \u200f\u200e\u061c", "\x1b[31mred\x1b[0m\x07\x08", "a\x00b", "\u2028\u2029\x85\x9b",
    "A" * 10000, "가" * 10000, "word " * 2000, "<" * 5000, "e" + "\u0301" * 3000, "\n" * 300, "",
    "\ufdfd" * 50, "\U000e0041\U0001f600", "\ue000\uffff\U0010ffff",
    "so\u00adft\u200bly \u3164\ufeff", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
]
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "b",
            "bdi", "span", "main", "h1", "h2", "h3", "section", "ol", "li", "div", "figure", "figcaption", "svg", "path"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "role", "scope", "dir", "viewbox",
              "shape-rendering", "aria-label", "stroke", "d"}
# Default_Ignorable_Code_Point of Unicode 15, but for the joiners.
SHAPELESS = ("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
             "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff")
REFUSED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef" + SHAPELESS
                     + "".join(f"{chr(plane + 0xfffe)}{chr(plane + 0xffff)}" for plane in range(0, 0x110000, 0x10000)) + "]")


def shown(text):
    return REFUSED.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)


class Page(html.parser.HTMLParser):
    """What a browser would make of it: elements, attributes, and the text of each cell."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.attributes, self.values, self.cells, self.titles = {}, set(), set(), [], ""
        self.depth, self.open, self.unusual = [], [], []  # open: indices of the cells that are
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements[tag] = self.elements.get(tag, 0) + 1
        self.attributes |= {name for name, _ in attrs}
        self.values |= {value for name, value in attrs if name not in ("d", "viewbox", "aria-label")}
        if tag not in ("meta", "path"):
            self.depth.append(tag)
        if tag in ("td", "th"):
            self.open.append(len(self.cells))
            self.cells.append("")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        check(self.depth and self.depth.pop() == tag, f"</{tag}> closes something else")
        if tag in ("td", "th"):
            self.open.pop()

    def handle_data(self, data):
        if self.depth and self.depth[-1] in ("td", "th"):
            self.cells[self.open[-1]] += data
        if self.depth and self.depth[-1] == "title":
            self.titles += data

    def handle_comment(self, data):
        self.unusual.append(data)

    def handle_pi(self, data):
        self.unusual.append(data)

    def unknown_decl(self, data):
        self.unusual.append(data)


def hostile(text):
    """Wherever text of others can stand."""
    return {"title": text, "process": text, "tranche": text.replace("\0", ""), "reading": text,
            "fields": [{"name": text, "value": text}], "notes": [{"name": text, "value": text}],
            "blanks": [{"label": text, "choices": [text, text], "lines": 2}], "signatures": [text, text, text]}


@case
def hostile_text_is_inert_in_html(_):
    harmless = Page(print_sheet("html", b"x", **hostile("harmless")))
    check(set(harmless.elements) <= ELEMENTS and harmless.attributes <= ATTRIBUTES, harmless.elements, harmless.attributes)
    for text in HOSTILE:
        page = Page(print_sheet("html", b"x", **hostile(text)))
        what = ascii(text[:60])
        optional = {"p": 2} if not text else {}  # empty paragraphs are left out
        expected = {tag: count - optional.get(tag, 0) for tag, count in harmless.elements.items()}
        if not text:
            expected["tr"], expected["td"], expected["th"] = expected["tr"] - 1, expected["td"] - 1, expected["th"] - 1
        check(page.elements == expected, "other elements for", what, page.elements, expected)
        check(page.attributes == harmless.attributes and page.values == harmless.values, "other attributes for", what)
        check(not page.unusual and not page.depth, "comments, or open elements, for", what, page.unusual, page.depth)
        check(page.cells.count(shown(text)) >= 4, "it is not shown as it is:", what)
        title = text.split("\0")[0].replace("\n", " ")
        check(page.titles == "EXERCISE: " + shown(title), "the title of", what)
        check(not REFUSED.search("".join(page.cells)), "something invisible is left of", what)


@case
def nothing_from_elsewhere_in_html(_):
    content = print_sheet("html", bundle(20000)).decode()
    for word in ("<script", "http://", "https://", "url(", "@import", "src=", "href=", "javascript:", "<link", "<iframe"):
        check(word not in content, word, "is in the page")
    check("default-src 'none'" in content, "no policy")


@case
def hostile_text_on_paper(_):
    """No failure, no page without its frame, and nothing lost of long text."""
    for text in HOSTILE:
        print_sheet("pdf", b"x", **hostile(text))
        pages = text_of("sheet.pdf").split("\f")[:-1]
        for number, page in enumerate(pages, 1):
            check(f"Page {number} of {len(pages)}" in page, "no frame around", ascii(text[:60]), page[:500])
            check("EXERCISE" in page, "no mark with", ascii(text[:60]))
        if text.startswith("A" * 100):
            # Name, value, name, value, and the title and others that may go on.
            check(sum(page.count("A") for page in pages) >= 50000, "cut")
            check(4 < len(pages) < 60, "pages:", len(pages))
            check("A-" not in "".join(pages), "a hyphen that is not in the text")
    check(b"/JavaScript" not in read("sheet.pdf"), "a script")


# In a browser.

def chromium(*args):
    done = subprocess.run([tool("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                           f"--user-data-dir={os.path.abspath('profile')}", *args], capture_output=True, check=False,
                          timeout=240)
    check(done.returncode == 0, done.stderr.decode(errors="replace")[-2000:])


@case
def printed_by_a_browser(folder):
    """On A4 and on Letter, which is Chromium's default: the same bytes, no code across two pages, each page marked."""
    tool("chromium")
    payload = bundle(20000)
    content = print_sheet("html", payload)
    write("a4.html", content.replace(b"@page {", b"@page { size: A4;"))
    for name, size in (("sheet", "letter"), ("a4", "A4")):
        chromium(f"--print-to-pdf={folder}/{name}.pdf", f"file://{folder}/{name}.html")
        info = subprocess.run([tool("pdfinfo"), name + ".pdf"], capture_output=True, check=True).stdout.decode()
        check(f"({size})" in info, info)
        out, err = drive("read", stdin=scan(rasterise(name + ".pdf", 300)))
        check(out == payload, size, err)
        pages = text_of(name + ".pdf").split("\f")[:-1]
        for number, page in enumerate(pages, 1):
            check("EXERCISE" in page and f"Page {number} of {len(pages)}" in page, "a page without its frame:", page)


if __name__ == "__main__":
    main()
