#!/usr/bin/env python3
"""The public portal in a real browser (Debian's Chromium, by playwright-core): every page of the examples, in both themes
and on a phone, by keyboard, without a script, in one file; and one byte changed, of each kind. Screenshots are kept in the
build's folder. tests/web/portal.mjs holds what is looked at."""
import glob
import os
import shutil
import subprocess

from lockstep import BINARY, ROOT, Skip, case, check, main, run

NODE = os.path.join(ROOT, "build-web", "node")
SHOTS = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.dirname(BINARY), "screenshots")
SITES = {}


def site(example, party):
    """The portal of an example that was played, made once."""
    if shutil.which("node") is None or not os.path.isdir(os.path.join(NODE, "node_modules", "playwright-core")):
        raise Skip("node and the packages of tools/build-web are not here")
    if shutil.which("chromium") is None:
        raise Skip("chromium is not installed")
    if example not in SITES:
        folder = os.path.abspath(os.path.join("..", example))
        played = subprocess.run([os.path.join(ROOT, "examples", example, "demo.sh"), folder], capture_output=True, text=True,
                                env=dict(os.environ, LOCKSTEP=BINARY), check=False)
        check(played.returncode == 0, played.stdout[-2000:], played.stderr[-2000:])
        workspace = next(iter(glob.glob(os.path.join(folder, "**", party, "workspace.json"), recursive=True)))
        out = folder + "-site"
        built = run("-C", os.path.dirname(workspace), "portal", "build", out, "--publish", "all", "--json").json()
        if built["verifier"] is None:
            raise Skip("this lockstep was built without the portal's front end")
        SITES[example] = out
    return SITES[example]


def look(group, folder):
    done = subprocess.run(["node", os.path.join(ROOT, "tests", "web", "portal.mjs"), group, folder,
                           os.path.join(SHOTS, os.path.basename(folder))], capture_output=True, text=True,
                          env=dict(os.environ, LOCKSTEP_NODE=NODE), check=False)
    check(done.returncode == 0, f"{group}:", done.stdout[-4000:], done.stderr[-6000:])


@case
def every_page_is_computed_again(_folder):
    look("pages", site("talks-2018", "rok"))


@case
def pages_look_as_they_should(_folder):
    """Both themes, phone and desktop, by the rules of axe-core."""
    look("looks", site("talks-2018", "rok"))


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


@case
def one_byte_changed(_folder):
    look("tampered", site("pyongyang-2018", "rok"))


@case
def in_one_file(_folder):
    look("onefile", site("pyongyang-2018", "rok"))


if __name__ == "__main__":
    main()
