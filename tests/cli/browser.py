#!/usr/bin/env python3
"""The public portal in a real browser (Debian's Chromium, by playwright-core): every page of the examples, in both themes
and on a phone, by keyboard, without a script, in one file; one byte changed, of each kind; hostile words; a verifier that
was swapped; a large process. Screenshots are kept in the build's folder. tests/web/portal.mjs holds what is looked at."""
import base64
import functools
import glob
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import threading
import types

from lockstep import BINARY, INVALID, OK, ROOT, USAGE, Process, Skip, case, check, main, read, run, write
from world import act_of

NODE = os.path.join(ROOT, "build-web", "node")
ASSETS = os.path.join(ROOT, "build-web", "assets")
SHOTS = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.dirname(BINARY), "screenshots")
SITES = {}


def needs_a_browser():
    if shutil.which("node") is None or not os.path.isdir(os.path.join(NODE, "node_modules", "playwright-core")):
        raise Skip("node and the packages of tools/build-web are not here")
    if shutil.which("chromium") is None:
        raise Skip("chromium is not installed")


def build(out, *workspace, source=None):
    source = ("--from", source) if source else ()
    built = run(*workspace, "portal", "build", out, *source, "--publish", "all", "--json", timeout=600).json()
    if built["verifier"] is None:
        raise Skip("this lockstep was built without the portal's front end")
    return out


def site(example, party):
    """The portal of an example that was played, made once."""
    needs_a_browser()
    if example not in SITES:
        folder = os.path.abspath(os.path.join("..", example))
        played = subprocess.run([os.path.join(ROOT, "examples", example, "demo.sh"), folder], capture_output=True, text=True,
                                env=dict(os.environ, LOCKSTEP=BINARY), check=False)
        check(played.returncode == 0, played.stdout[-2000:], played.stderr[-2000:])
        workspace = next(iter(glob.glob(os.path.join(folder, "**", party, "workspace.json"), recursive=True)))
        SITES[example] = build(folder + "-site", "-C", os.path.dirname(workspace))
    return SITES[example]


def look(group, folder, pages=""):
    done = subprocess.run(["node", os.path.join(ROOT, "tests", "web", "portal.mjs"), group, folder,
                           os.path.join(SHOTS, os.path.basename(folder)), pages], capture_output=True, text=True,
                          env=dict(os.environ, LOCKSTEP_NODE=NODE), check=False)
    check(done.returncode == 0, f"{group}:", done.stdout[-4000:], done.stderr[-6000:])
    return done.stdout


@case
def every_page_is_computed_again(_folder):
    look("pages", site("talks-2018", "rok"))
    look("pages", site("pyongyang-2018", "rok"), "^(?!ko/)")
    look("pages", site("inspections-2018", "usa"), "^(?!act/|ko/)")


@case
def pages_look_as_they_should(_folder):
    """Both themes, phone and desktop, by the rules of axe-core."""
    look("looks", site("talks-2018", "rok"))
    look("looks", site("inspections-2018", "usa"), "^(map|roadmap|declaration/.*|timeline)")


@case
def without_a_script(_folder):
    look("plain", site("talks-2018", "rok"))


@case
def by_keyboard(_folder):
    look("keyboard", site("talks-2018", "rok"))


@case
def on_paper(_folder):
    look("paper", site("talks-2018", "rok"))


@case
def what_a_script_adds(_folder):
    look("exploring", site("pyongyang-2018", "rok"))
    look("extended", site("pyongyang-2018", "rok"))
    look("focused", site("pyongyang-2018", "rok"))


@case
def one_byte_changed(_folder):
    look("tampered", site("pyongyang-2018", "rok"))


@case
def what_is_forged_is_not_confirmed(_folder):
    look("forged", site("pyongyang-2018", "rok"))


@case
def in_one_file(_folder):
    look("onefile", site("pyongyang-2018", "rok"))


@case
def the_charter_is_pinned(_folder):
    look("pinned", site("pyongyang-2018", "rok"))


@case
def files_are_dropped(_folder):
    look("dropping", site("pyongyang-2018", "rok"))


@case
def as_of_another_day(_folder):
    look("another_day", site("pyongyang-2018", "rok"))


@case
def while_the_site_is_brought_up_to_date(_folder):
    look("renewed", site("pyongyang-2018", "rok"))


@case
def a_map_of_the_world_is_zoomed(folder):
    needs_a_browser()
    p = Process(os.path.join(folder, "world"))
    write(p.path("sites.csv"), "tranche,id,name,lat,lon\n" +
          "".join(f"1,{name},{name},{lat},{lon}\n" for name, lat, lon in
                  (("a", "39.1", "125.1"), ("b", "39.11", "125.1"), ("c", "-10.5", "20.5"), ("d", "45", "-100"))))
    p.build().declare()
    p.run("dprk", "open", "--tranche", "1", "--yes")
    p.run("usa", "sync")
    look("zoomed", build(p.path("site"), *p.as_("usa")))


# Hostile content.

HIT = "window.hit=1"
CORPUS = [
    f"<script>{HIT}</script>",
    f"</pre></main></script><script>{HIT}</script>",
    f'"><img src=x onerror="{HIT}">',
    f"'><svg onload={HIT}>",
    f"<a href=javascript:{HIT}>x</a>",
    f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=q>",
    f"<math><mtext></form><form><mglyph><style></math><img src=x onerror={HIT}>",
    f"<template><script>{HIT}</script></template>",
    "<!-- <![CDATA[ ]]> <? ?> &lt;script&gt; &#x3c;b&#x3e;",
    f"{{{{constructor.constructor('{HIT}')()}}}} ${{{HIT}}} {{0}} %s",
    "__proto__ constructor",
    f"\\u003cscript\\u003e{HIT}\\u003c/script\\u003e",
    f"<details open ontoggle={HIT}>",
    "<plaintext>",
    "<textarea>",
    "<noscript><p title='</noscript><img src=x>'>",
]


def replace(path, *pairs):
    text = read(path).decode()
    for old, new in pairs:
        check(old in text, path, "does not hold", old)
        text = text.replace(old, new)
    write(path, text)


@functools.lru_cache(None)
def hostile_process():
    """Whatever a party can put into words is hostile: titles, measures, free text, venues, names of files."""
    p = Process(os.path.abspath("../hostile"))
    p.draft_charter()
    every = " ".join(CORPUS[:4])
    replace(p.path("charter.yaml"), ('title: "The North"', f"title: {json.dumps(CORPUS[0])}"),
            ('title: "The South"', f"title: {json.dumps(CORPUS[2])}"))
    replace(p.path("roadmap.yaml"), ("title: A small accord", f"title: {json.dumps(every)}"),
            ("title: Calm", f"title: {json.dumps(CORPUS[3])}"),
            ("what: pause exercises", f"what: {json.dumps(CORPUS[1])}"))
    replace(p.path("text.md"), ("The others pause", "\n".join(CORPUS)))
    p.sign_charter().sign_accord()
    words = "\n".join(CORPUS)
    p.run("usa", "perform", "pause", "--yes", "--text", words)
    p.run("dprk", "object", "pause", "--yes", "--text", words)
    for i, word in enumerate(CORPUS):
        p.run("usa", "pledge", f"calm-{i}", "--yes", "--text", word)
    act_of(p, "usa", "meet", "to: dprk", "meeting: constructor", "venue: " + every[:150].strip())
    act_of(p, "usa", "meet", "to: dprk", "meeting: script", "venue: " + CORPUS[3])
    p.run("usa", "sync")
    return p


@case
def hostile_words_are_inert(_folder):
    needs_a_browser()
    p = hostile_process()
    look("inert", build(p.path("site"), *p.as_("usa")))


# A verifier that was swapped: the procedure of docs/portal.md.

class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def checked(where, sums=os.path.join(ASSETS, "SHA256SUMS")):
    done = subprocess.run([os.path.join(ROOT, "tools", "check-portal"), sums, where], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def served(folder):
    """What check-portal says of a site that is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return checked(f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()


def swap(folder, path, old, new):
    path = os.path.join(folder, path)
    content = read(path)
    check(old in content, path, "does not hold", old)
    write(path, content.replace(old, new, 1))


def with_new_hash(folder):
    """A script that marks everything, and pages that say its hash."""
    path = os.path.join(folder, "assets", "app.js")
    old = integrity(path)
    write(path, b"document.getElementById('verdict').className='yes'")
    for page in glob.glob(os.path.join(folder, "**", "*.html"), recursive=True):
        write(page, read(page).replace(old, integrity(path)))


def integrity(path):
    return base64.b64encode(hashlib.sha256(read(path)).digest())


SWAPS = {
    "another script": (with_new_hash, "app.js"),
    "another verifier": (lambda f: write(os.path.join(f, "assets", "verifier.bin"), b"\0asm"), "verifier.bin"),
    "another style": (lambda f: write(os.path.join(f, "assets", "style.css"), b"*{}"), "style.css"),
    "a second script": (lambda f: swap(f, "scorecard.html", b"</head>", b'<script src="more.js"></script></head>'),
                        "scorecard.html has another head"),
    "a script within": (lambda f: swap(f, "act/1.html", b"</main>", b"</main><script>1</script>"),
                        "act/1.html has markup"),
    "a handler": (lambda f: swap(f, "index.html", b"<h1", b'<h1 onclick="x()"'), "index.html has <h1 onclick>"),
    "another policy": (lambda f: swap(f, "index.html", b"script-src ", b"script-src * "),
                       "index.html does not carry"),
    "no policy": (lambda f: swap(f, "ko/index.html", b"Content-Security-Policy", b"X-Policy"), "ko/index.html"),
    "a frame": (lambda f: swap(f, "record.html", b"</main>", b'<iframe src="x"></iframe></main>'),
                "record.html has markup"),
    "a hidden policy": (lambda f: swap(f, "index.html", b"<meta http-equiv", b"<!-- --><meta http-equiv"),
                        "index.html does not carry"),
    "another picture": (lambda f: write(os.path.join(f, "assets", "near-10-1.svg"), b"<svg/>"), "near-10-1.svg"),
}


@case
def a_swapped_verifier_is_found(_folder):
    whole = site("pyongyang-2018", "rok")
    code, said = served(whole)
    check(code == OK and "those that were released" in said, said)
    code, said = checked(whole)
    check(code == OK, said)
    for name, (change, says) in SWAPS.items():
        copy = os.path.abspath(name.replace(" ", "-"))
        shutil.copytree(whole, copy)
        change(copy)
        code, said = served(copy)
        check(code == INVALID and says in said, name, said)
        shutil.rmtree(copy)
    check(checked(whole, write("none", "abc"))[0] == USAGE, "a list without hashes is taken")


MAIN = '<main id="main" tabindex="-1">'
# What browsers read otherwise than a parser that means well, and what would hide or move what is there.
READ_OTHERWISE = {
    "two sources": ("<script type=", '<script src="assets/evil.js" integrity type='),
    "a policy before it": ('content="default-src', 'content="" content="default-src'),
    "two types": ("</body>", '<script type="text/javascript" type="text/plain">1</script></body>'),
    "a script in a picture": ("</main>", "<svg><script href=evil.js></script></svg></main>"),
    "a script in a title": ("</title>", "<script></title><script src=evil.js></script>"),
    "a title in the page": (MAIN, MAIN + "<title><a></title><img src=x onerror=1></a>"),
    "a script that ends itself": ("></script>", '/><a title="</script><script src=evil.js></script>">'),
    "another namespace": (MAIN, MAIN + '<x:script xmlns:x="http://www.w3.org/1999/xhtml" src="evil.js">'),
    "a style in capitals": ("</head>", '<link REL="STYLESHEET" href="assets/evil.css"></head>'),
    "a module loaded early": ("</head>", '<link rel="ModulePreload" href="evil.js"></head>'),
    "no script": ('<script type="module"', '<script type="text/plain"'),
    "a script before the end": ('<script type="module"', '<script async type="module"'),
    "a shadow": (MAIN, MAIN + '<template shadowrootmode="open">x</template>'),
    "a control character": ("<h1", "&#1;<h1"),
    "one in hex": ("<h1", "&#x01;<h1"),
    "main hidden": (MAIN, MAIN.replace(">", " hidden>")),
    "main twice": ("</main>", '</main><div id="main">x</div>'),
    "a verdict twice": (MAIN, '<div id="verdict" class="yes">x</div>' + MAIN),
    "no verdict": ('<div id="verdict" role="status"', '<div role="status"'),
    "an old moment": ("index.html 0 0", "index.html 1 1"),
    "another page": ("index.html 0 0", "about.html 0 0"),
    "no doctype": ("<!DOCTYPE html>\n", ""),
    "a body with a class": ("<body>", '<body class="removed">'),
    "data that are shown": ("<footer>", '<script type="text/plain" class="cards">x</script><footer>'),
    "an attribute without quotes": (MAIN, MAIN + "<p class=x>"),
    "a link that runs": (MAIN, MAIN + '<a href="&#106;avascript:1">x</a>'),
    "after the end": ("</html>\n", "</html>\n<script>1</script>"),
    "a comment": (MAIN, MAIN + "<!-- x -->"),
}


@case
def what_is_read_otherwise_is_found(_folder):
    """Markup that would pass where check-portal and a browser do not read the same."""
    tool = types.ModuleType("check_portal")
    exec(compile(read(os.path.join(ROOT, "tools", "check-portal")), "check-portal", "exec"), tool.__dict__)
    sums = tool.read_sums(os.path.join(ASSETS, "SHA256SUMS"))
    text = read(os.path.join(site("pyongyang-2018", "rok"), "index.html")).decode()
    check(tool.faults_of_page("index.html", text, sums) == [], "the page itself does not pass")
    for name, (old, new) in READ_OTHERWISE.items():
        check(old in text, name, "is not there:", old)
        check(tool.faults_of_page("index.html", text.replace(old, new, 1), sums), "it passes:", name)


@case
def a_swapped_verifier_in_one_file_is_found(_folder):
    whole = read(os.path.join(site("pyongyang-2018", "rok"), "portal.html"))
    file = write("portal.html", whole)
    code, said = checked(file)
    check(code == OK, said)
    start = whole.index(b'id="lockstep-verifier">') + 200
    for name, changed in {
            "verifier": whole[:start] + (b"A" if whole[start:start + 1] != b"A" else b"B") + whole[start + 1:],
            "script": whole.replace(b"</main>", b"</main><script>1</script>", 1),
            "policy": whole.replace(b"wasm-unsafe-eval", b"unsafe-inline", 1)}.items():
        code, said = checked(write("portal.html", changed))
        check(code == INVALID, name, said)


@case
def by_hand(_folder):
    """The commands of docs/portal.md, as they stand there."""
    whole = site("pyongyang-2018", "rok")
    sums = dict(reversed(line.split()) for line in read(os.path.join(ASSETS, "SHA256SUMS")).decode().splitlines())
    for name, digest in sums.items():
        check(hashlib.sha256(read(os.path.join(whole, "assets", name))).hexdigest() == digest, name)
    scripts = subprocess.run(["grep", "-o", "<script[^>]*>", os.path.join(whole, "index.html")], capture_output=True,
                             text=True, check=True).stdout
    check(scripts.count("<script") == 1 and 'src="assets/app.js"' in scripts, scripts)


# A large process.

@case
def ten_thousand_acts(folder):
    needs_a_browser()
    bench = os.path.join(os.path.dirname(BINARY), "bench", "bench_portal")
    built = subprocess.run(["ninja", "-C", os.path.dirname(BINARY), "bench/bench_portal"], capture_output=True, text=True,
                           check=False)
    if built.returncode != 0 and not os.path.exists(bench):
        raise Skip("bench_portal can't be built")
    made = os.path.join(folder, "made")
    subprocess.run([bench, "10000", made], check=True, stdout=subprocess.DEVNULL)
    large = os.path.join(folder, "large")
    print(look("budgets", build(large, source=os.path.join(made, "tlog"))))


if __name__ == "__main__":
    main()
