#!/usr/bin/env python3
"""Keys in real life, as delegations do it: replaced, lost and found again, ended, handed to those who only read; a
charter that is amended, a host that is succeeded. What the record accepts is tested in key_changes.py."""
import os
import shutil

from lockstep import ENVIRONMENT, INVALID, OK, USAGE, Process, case, check, check_ledger, main, read, run, write


def kinds(p, party="usa"):
    return {e["index"]: e for e in p.run(party, "log", "--json").json()["entries"]}


def last(p, kind):
    return max(i for i, e in kinds(p).items() if e["kind"] == kind)


def state(p, measure, party="dprk"):
    rows = p.run(party, "status", "--json").json()["accords"][0]["measures"]
    return next(m for m in rows if m["measure"] == measure)["state"]


def vault(p, party, name):
    return read(p.path(party, "vaults", f"{name}.vault"))


@case
def a_signer_is_replaced(folder):
    p = Process().build()
    before = vault(p, "usa", "usa-1")
    p.run("usa", "perform", "pause", "--yes")
    p.run("usa", "rekey", "usa-1", "--yes")
    check(vault(p, "usa", "usa-1") != before, "the vault is still the old one")
    check(not [n for n in os.listdir(p.path("usa", "vaults")) if ".next" in n], os.listdir(p.path("usa", "vaults")))
    p.run("usa", "perform", "relief", "--yes")  # with the new key
    entries = kinds(p)
    check(not any(e["repudiated"] for e in entries.values()), entries)
    check(state(p, "pause") == "performed", "what the old key signed has no effect any more")
    # Whoever kept the old vault signs nothing more.
    write(p.path("usa", "vaults", "usa-1.vault"), before)
    p.run("usa", "suspend", "--text", "I kept it", "--yes", code=USAGE).complains("was replaced")
    check_ledger(p.ledger)


@case
def two_signers_replace_one(folder):
    p = Process().build()
    p.run("dprk", "rekey", "dprk-2", "--yes")  # the threshold of two is met with the vaults that are here
    shutil.move(p.path("dprk", "vaults", "dprk-1.vault"), p.path("elsewhere"))
    partly = p.run("dprk", "rekey", "dprk-2", "--yes").says("dprk-1")
    check("dprk-2.next.vault" in os.listdir(p.path("dprk", "vaults")), partly)
    draft = next(n for n in os.listdir(p.path("dprk", "outbox")) if n.endswith(".lockstep"))
    p.run("dprk", "rekey", "dprk-2", "--yes", code=USAGE).complains("waits")
    shutil.move(p.path("elsewhere"), p.path("dprk", "vaults", "dprk-1.vault"))
    before = vault(p, "dprk", "dprk-2")
    p.run("dprk", "sign", p.path("dprk", "outbox", draft), "--yes")
    p.run("dprk", "sync")
    check(vault(p, "dprk", "dprk-2") != before, "the new key did not take the place of the old one")
    check(len([e for e in kinds(p).values() if e["kind"] == "rekey"]) == 2, kinds(p))
    p.run("dprk", "perform", "visit", "--yes")


@case
def a_key_in_other_hands(folder):
    """Repudiated from where it was lost; the recovery key alone does it; all others take the effect away."""
    p = Process().build()
    p.run("usa", "perform", "mediate", "--yes", code=INVALID)  # not theirs
    p.run("usa", "perform", "pause", "--yes")
    p.run("dprk", "confirm", "pause", "--yes")
    at = last(p, "perform")
    for name in ("usa-1", "usa-2"):  # all that signs is gone; what was put away is there
        os.remove(p.path("usa", "vaults", f"{name}.vault"))
    p.run("usa", "rekey", "usa-1", "--since", str(at), "--yes", code=OK).says("usa-1")  # waits for signers that are lost
    p.run("usa", "outbox", "drop", p.run("usa", "outbox", "--json").json()["waiting"][0]["id"][:12])
    p.run("usa", "rekey", "usa-1", "--as", "recovery", "--since", "1", "--yes")
    rekey = last(p, "rekey")
    check(kinds(p)[at]["repudiated"] and not kinds(p)[at]["annulled"], kinds(p))
    check(state(p, "pause") == "confirmed", "a repudiation alone takes no effect away")
    p.run("usa", "rekey", "usa-1", "--as", "recovery", "--since", "1", "--yes", code=INVALID).complains("since")
    p.run("dprk", "annul", str(at), "--yes", code=USAGE).complains("perform")
    p.run("dprk", "annul", str(rekey), "--out", p.path("annulment.lockstep"), "--yes").says("rok-1")
    check(state(p, "pause") == "confirmed", "before all have signed")
    p.run("rok", "sign", p.path("annulment.lockstep"), "--yes")
    check(kinds(p)[at]["annulled"], kinds(p))
    check(state(p, "pause") in ("due", "overdue"), state(p, "pause"))
    p.run("dprk", "annul", str(rekey), "--out", p.path("again.lockstep"), "--yes")
    p.run("rok", "sign", p.path("again.lockstep"), "--yes", code=INVALID).complains("repudiates")
    p.run("usa", "perform", "pause", "--yes")  # and now by its owner
    check(state(p, "pause") == "performed", state(p, "pause"))
    check_ledger(p.ledger)


@case
def ended_keys_and_readers(folder):
    p = Process().build()
    p.run("usa", "revoke", "usa-2", "--yes", code=USAGE).complains("why")
    p.run("usa", "revoke", "usa-9", "--text", "gone", "--yes", code=USAGE).complains("usa-1, usa-2, recovery, access")
    p.run("usa", "revoke", "usa-2", "--text", "Left the delegation.", "--yes")
    p.run("usa", "perform", "pause", "--as", "usa-2", "--yes", code=INVALID).complains("revoked")
    p.run("usa", "revoke", "usa-2", "--text", "Again.", "--yes", code=INVALID).complains("no such key in force")
    p.run("usa", "keys").says("usa.example/usa-2 (revoked)")
    p.run("usa", "delegate", "press", "--to", p.path("press"), "--until", "2018-12-31T00:00:00Z", "--yes")
    run("-C", p.path("press"), "log").says("delegate")
    check(os.listdir(p.path("press", "vaults")) == ["press.vault"], os.listdir(p.path("press", "vaults")))
    run("-C", p.path("press"), "perform", "relief", "--yes", code=USAGE).complains("only reads", "signer of usa")
    check(not run("-C", p.path("press"), "outbox", "--json").json()["waiting"], "a draft that nobody asked for")
    p.run("usa", "delegate", "press", "--to", p.path("press-2"), "--yes", code=INVALID).complains("there is a key named")
    check(not os.path.exists(p.path("press-2")), "a workspace without a right to read was left behind")
    p.run("usa", "delegate", "Press", "--to", p.path("press-2"), "--yes", code=USAGE).complains("name")
    p.run("usa", "revoke", "press", "--text", "Published.", "--yes")
    p.run("usa", "rekey", "usa-2", "--yes")  # fills the place again
    p.run("usa", "perform", "pause", "--as", "usa-2", "--yes")
    check_ledger(p.ledger)


@case
def a_workspace_that_was_left_behind(folder):
    """Its key was replaced in another copy of the workspace: it says so, instead of a signature that does not verify."""
    p = Process().build()
    shutil.copytree(p.path("usa"), p.path("old"))
    p.run("usa", "rekey", "usa-1", "--yes")
    said = p.run("old", "perform", "pause", "--yes", code=USAGE)
    said.complains("the key of usa-1 that lies here is not the charter's", "rekey", "vaults/usa-1.vault")
    p.run("old", "perform", "pause", "--as", "usa-2", "--yes")
    shutil.copy(p.path("usa", "vaults", "usa-1.vault"), p.path("old", "vaults"))
    p.run("old", "perform", "pause", "--yes")
    check_ledger(p.ledger)


@case
def an_empty_copy_says_how_it_is_filled(folder):
    p = Process().build()
    p.run("usa", "delegate", "press", "--to", p.path("press"), "--yes")
    p.run("press", "ledger", "set", "courier")
    for args in (["status"], ["perform", "pause", "--yes"]):
        said = p.run("press", *args, code=USAGE).complains("lockstep sync --from FILE")
        check("charter new" not in said.err, said)
    p.run("press", "ledger", "set", "http://127.0.0.1:9/small")
    p.run("press", "status", code=ENVIRONMENT).complains("hint: lockstep sync")
    run("init", p.path("fresh"), "--party", "fresh", "--ledger", "courier", "--exercise",
        "--no-passphrase")
    run("-C", p.path("fresh"), "status", code=USAGE).complains("lockstep charter new")


@case
def an_amended_charter(folder):
    """An outsider's cosigner and another limit; each key that is new needs its holder's proof."""
    p = Process().build()
    run("init", p.path("iaea"), "--outsider", "iaea", "--exercise", "--no-passphrase")
    p.run("usa", "rekey", "usa-1", "--yes")
    p.run("usa", "delegate", "press", "--to", p.path("press"), "--yes")
    text = p.run("rok", "charter", "show", "--yaml").out
    check("# Came since" in text and "usa.example/press" in text, text)
    card = "".join("  " + ("- " if i == 0 else "  ") + line + "\n"
                   for i, line in enumerate(read(p.path("iaea", "cosigner.yaml")).decode().splitlines())
                   if not line.startswith("#"))
    card = card if card.startswith("  - ") else "  - " + card.lstrip(" -")
    text = text.replace("expires-limit: 30 days", "expires-limit: 20 days") + "cosigners:\n" + card
    write(p.path("new.yaml"), text)
    p.run("rok", "charter", "amend", p.path("new.yaml"), "--out", p.path("unproved.lockstep"), "--yes")
    p.run("usa", "sign", p.path("unproved.lockstep"), "--yes")
    p.run("dprk", "sign", p.path("unproved.lockstep"), "--yes", code=INVALID).complains("proof")
    proofs = p.run("rok", "keys", "--prove", p.path("iaea")).out
    write(p.path("new.yaml"), text + proofs)
    p.run("rok", "charter", "amend", p.path("new.yaml"), "--out", p.path("amendment.lockstep"), "--yes")
    p.run("usa", "sign", p.path("amendment.lockstep"), "--yes")
    p.run("dprk", "sign", p.path("amendment.lockstep"), "--yes")
    check("amend" in [e["kind"] for e in kinds(p).values()], kinds(p))
    p.run("usa", "keys").says("iaea.example/iaea")
    check("expires-limit: 20 days" in p.run("dprk", "charter", "show", "--yaml").out, "another YAML is shown")
    # What stays, stays.
    write(p.path("wrong.yaml"), (text + proofs).replace("grace: ", "grace: 1"))
    p.run("rok", "charter", "amend", p.path("wrong.yaml"), "--yes", code=INVALID).complains("grace")
    p.run("rok", "export", p.path("record.lockstep"))
    run("verify", p.path("record.lockstep"))
    check_ledger(p.ledger)


@case
def a_host_is_succeeded(folder):
    p = Process().build()
    p.run("usa", "perform", "pause", "--yes")
    for party in ("dprk", "usa", "rok"):
        p.run(party, "sync")
    old, before = p.ledger, len(p.run("usa", "log", "--stamps", "--json").json()["entries"])
    new, file = p.path("ledger-2"), p.path("succession.lockstep")
    p.run("rok", "ledger", "succeed", new, "--yes", code=USAGE).complains("--origin")
    p.run("rok", "ledger", "succeed", new, "--origin", "exercise.rok.example/small-2", "--out", file, "--yes")
    p.run("rok", "ledger", "succeed", new, "--start", file, code=INVALID)  # not everybody has signed
    p.run("usa", "sign", file, "--yes")
    p.run("dprk", "sign", file, "--yes").says("All have signed")
    p.run("rok", "ledger", "succeed", new, "--start", file).says("goes on")
    for party in ("dprk", "usa"):
        p.run(party, "sync")  # the old one is there, as before
        p.run(party, "ledger", "set", new)
    entries = p.run("usa", "log", "--stamps", "--json").json()["entries"]
    check(entries[before]["kind"] == "succeed", entries)
    p.run("dprk", "confirm", "pause", "--yes")
    check(state(p, "pause") == "confirmed", state(p, "pause"))
    run("ledger", "check", new)
    run("ledger", "check", old)
    p.run("usa", "charter", "show").says("exercise.rok.example/small-2")
    p.run("usa", "export", p.path("record.lockstep"))
    run("verify", p.path("record.lockstep"), "--charter", p.run("usa", "charter", "show", "--json").json()["fingerprint"])


if __name__ == "__main__":
    main()
