#!/usr/bin/env python3
"""Keys and who watches: what init makes, what charter new makes of the cards, what charter check says of a policy, and
fingerprints as words, which are computed here once more."""
import hashlib
import itertools
import os
import re
import stat

from lockstep import INVALID, OK, USAGE, Process, case, check, main, read, run, write

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"


def words_of(digest):
    """Proquints, arXiv:0901.4016."""
    words = []
    for i in range(0, len(digest), 2):
        n = digest[i] << 8 | digest[i + 1]
        words.append(CONSONANTS[n >> 12] + VOWELS[n >> 10 & 3] + CONSONANTS[n >> 6 & 15] + VOWELS[n >> 4 & 3] +
                     CONSONANTS[n & 15])
    return words


def vkeys(text):
    """All verifier keys of a text, in its order, each once."""
    found = re.findall(r"[a-z0-9./-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", text)
    return list(dict.fromkeys(found))


PASSPHRASE = ["--exercise", "--no-passphrase"]


def parties(*with_cosigner):
    for name, title in (("dprk", "North Korea"), ("usa", "United States"), ("rok", "South Korea")):
        more = ["--cosigner", name + "-cosigner"] if name in with_cosigner else []
        run("init", name, "--party", name, "--title", title, "--ledger", "ledger", *PASSPHRASE, *more)


def draft(*outsiders, host="rok"):
    for name in outsiders:
        run("init", name, "--outsider", name, *PASSPHRASE)
    cards = [option for name in outsiders for option in ("--outsider", f"{name}/cosigner.yaml")]
    run("-C", host, "charter", "new", "charter.yaml", "--party", "dprk/party.yaml", "--party", "usa/party.yaml",
        "--mediator", "rok/party.yaml", "--ledger", "ledger", *cards)
    return read("charter.yaml").decode()


@case
def init_makes_a_key_for_each_purpose(folder):
    parties("usa")
    names = ["access", "delegation", "recovery", "sealing", "usa-1"]
    check(sorted(os.listdir("usa/vaults")) == [n + ".vault" for n in names], os.listdir("usa/vaults"))
    check(sorted(os.listdir("usa-cosigner/vaults")) == ["cosigner.vault", "receipts.vault"])
    for path in ("usa/vaults/recovery.vault", "usa-cosigner/vaults/cosigner.vault"):
        check(stat.S_IMODE(os.stat(path).st_mode) == 0o600, path)
    card = read("usa/party.yaml").decode()
    check([key.split("+")[0] for key in vkeys(card)] ==
          [f"usa.example/{n}" for n in ("usa-1", "recovery", "access", "usa-cosigner", "usa-cosigner-receipts")], card)
    check("cosigner" not in read("dprk/party.yaml").decode())


@case
def init_refuses(folder):
    def refused(*args):
        run("init", *args, code=USAGE)
        check(not os.path.exists("new") and not os.path.exists("new-cosigner"), args)

    refused("new", "--party", "usa", "--signer", "recovery", *PASSPHRASE)
    refused("new", "--party", "usa", "--signer", "access", *PASSPHRASE)
    refused("new", "--party", "usa", "--cosigner", "new-cosigner", "--no-passphrase")
    refused("new", "--party", "U S A", "--cosigner", "new-cosigner", *PASSPHRASE)
    refused("new", "--party", "usa", "--threshold", "2", "--cosigner", "new-cosigner", *PASSPHRASE)
    refused("new", "--outsider", "iaea", "--party", "usa", *PASSPHRASE)
    refused("new", "--outsider", "iaea", "--no-passphrase")
    refused("new", "--outsider", "I A E A", *PASSPHRASE)
    run("init", "new", "--outsider", "iaea", *PASSPHRASE)
    run("init", "new", "--outsider", "iaea", *PASSPHRASE, code=USAGE)  # it is not empty


@case
def cards_make_a_policy(folder):
    parties("usa", "dprk", "rok")
    text = draft("iaea", "sweden")
    check("  host: rok\n" in text, text)
    check("  group enough 3 dprk-cosigner usa-cosigner iaea sweden\n  quorum enough\n" in text, text)
    result = run("charter", "check", "charter.yaml")
    check("warning" not in result.out, result)
    result.says("5 of the 16 sets", "South Korea (host: does not count)", "usa-cosigner, iaea, sweden")
    json = run("charter", "check", "charter.yaml", "--json").json()
    check(json["warnings"] == [] and json["policy"]["quorums"] == 5 and json["policy"]["minimal"] == 4, json)


@case
def the_simple_case_stays_simple(folder):
    parties()
    text = draft()
    check("policy: |\n  quorum none\n" in text and "cosigners" not in text, text)
    result = run("charter", "check", "charter.yaml")
    result.says("with quorum none the host alone keeps the record")
    check("hint:" not in result.out, result)


@case
def few_cosigners_are_warned_of(folder):
    parties("usa", "dprk")
    draft()
    result = run("charter", "check", "charter.yaml")
    result.says("North Korea alone could stop the clock", "United States alone could stop the clock",
                "add cosigners of outsiders")


def with_policy(text, count, names):
    return re.sub(r"  group enough .*\n", f"  group enough {count} {' '.join(names)}\n", text)


def by_trying(count, holders):
    """What each member could do: every set of witnesses, and every pair of quorums, tried."""
    names = list(holders)
    quorums = [set(c) for n in range(count, len(names) + 1) for c in itertools.combinations(names, n)]
    said = set()
    if any(not a & b for a in quorums for b in quorums):
        said.add("the host alone could show two histories")
    for member in set(holders.values()):
        his = {n for n in names if holders[n] == member}
        if all(q & his for q in quorums):
            said.add(f"{member} alone could stop the clock")
        if any(q <= his for q in quorums):
            said.add(f"{member} and the host together could make final")
        elif "the host alone could show two histories" not in said and any(not a & b - his for a in quorums for b in quorums):
            said.add(f"{member} and the host together could show two histories")
    return said


@case
def warnings_are_those_found_by_trying(folder):
    parties("usa", "dprk")
    text = draft("iaea", "sweden", "swiss")
    holders = {"dprk-cosigner": "North Korea", "usa-cosigner": "United States", "iaea": "iaea", "sweden": "sweden",
               "swiss": "swiss"}
    for size in range(1, 6):
        chosen = {name: holders[name] for name in list(holders)[:size]}
        for count in range(1, size + 1):
            write("other.yaml", with_policy(text, count, chosen))
            warnings = [w["text"] for w in run("charter", "check", "other.yaml", "--json").json()["warnings"]]
            expected = by_trying(count, chosen)
            check(len(warnings) == len(expected) and
                  all(any(w.startswith(e) for w in warnings) for e in expected), size, count, warnings, expected)


@case
def a_policy_that_contradicts_the_charter(folder):
    parties("usa", "dprk", "rok")
    text = draft("iaea")
    witness = re.search(r"  witness usa-cosigner (\S+)\n", text)
    hosts = next(key for key in vkeys(text) if key.startswith("rok.example/rok-cosigner+"))
    for changed, why in (
            (text.replace(witness.group(0), f"  witness usa-cosigner {hosts}\n"), "has another key under cosigners"),
            (text.replace(witness.group(0), f"  witness rok-cosigner {hosts}\n").replace(
                " usa-cosigner iaea", " rok-cosigner iaea"), "is the host's, whose cosigner never counts"),
            (text.replace("  - name: iaea\n", "  - name: who\n"), "is not one of the cosigners"),
            (text.replace("  quorum enough\n", ""), "needs a line quorum"),
            (text.replace("host: rok", "host: prk"), "there is no party 'prk'"),
            (text.replace("    party: usa\n", "    party: dprk\n"), "must be named dprk.example/")):
        check(changed != text, why)
        write("wrong.yaml", changed)
        run("charter", "check", "wrong.yaml", code=USAGE).complains(why)


@case
def cards_that_are_none(folder):
    parties("usa")
    run("init", "iaea", "--outsider", "iaea", *PASSPHRASE)
    new = ["-C", "rok", "charter", "new", "charter.yaml", "--ledger", "ledger", "--party", "usa/party.yaml"]
    run(*new, "--party", "iaea/cosigner.yaml", code=USAGE).complains("is not a party's card")
    run(*new, "--party", "dprk/party.yaml", "--outsider", "dprk/party.yaml", code=USAGE).complains("cosigner")
    check(not os.path.exists("charter.yaml") and not os.path.exists("ledger"))


@case
def keys_as_words(folder):
    process = Process().draft_charter().sign_charter()
    shown = process.run("usa", "keys", "--json").json()["fingerprints"]
    fingerprint = process.run("usa", "charter", "show", "--json").json()["fingerprint"]
    check(shown[0]["fingerprint"] == fingerprint and shown[0]["words"] == words_of(bytes.fromhex(fingerprint)), shown[0])
    expected = [key for key in vkeys(read("charter.yaml").decode())]
    check([entry["key"] for entry in shown[1:]] == expected, shown, expected)
    for entry in shown[1:]:
        digest = hashlib.sha256(entry["key"].encode()).digest()
        check(entry["fingerprint"] == digest.hex() and entry["words"] == words_of(digest), entry)
    text = process.run("usa", "keys").out
    for number, word in enumerate(shown[0]["words"], 1):
        check(f"{number:2} {word}" in text, number, word)
    process.run("usa", "charter", "show").says(" ".join(f"{n:2} {w}  " for n, w in enumerate(shown[0]["words"][:4], 1)).strip())
    of_draft = run("keys", "--of", "charter.yaml", "--json").json()["fingerprints"]
    check(of_draft == shown[1:], of_draft)


@case
def words_compared(folder):
    process = Process().draft_charter().sign_charter()
    words = process.run("usa", "keys", "--json").json()["fingerprints"][0]["words"]
    spoken = " ".join(words)
    process.run("dprk", "keys", "--compare", spoken).says("Match", "the charter")
    process.run("dprk", "keys", "--compare", *words).says("Match")
    numbered = ", ".join(f"{n}. {w.upper()}" for n, w in enumerate(words, 1))
    process.run("dprk", "keys", "--compare", numbered).says("Match")
    misheard = words[:6] + ["zuzuz" if words[6] != "zuzuz" else "babab"] + words[7:]
    process.run("dprk", "keys", "--compare", " ".join(misheard), code=INVALID).says(
        "No match. Nearest is the charter", f"word 7 was read as {misheard[6]}; here it is {words[6]}")
    process.run("dprk", "keys", "--compare", " ".join(words[:6] + ["lusax"] + words[7:]), code=INVALID).says(
        "lusax, which is no such word")
    process.run("dprk", "keys", "--compare", " ".join(words[:15]), code=INVALID).says("word 16 was not read")
    process.run("dprk", "keys", "--compare", spoken + " babab", code=INVALID).says("17 words were read; there are 16")
    process.run("dprk", "keys", "--compare", " ".join(words[1:]), code=INVALID).says("nothing here is like them")
    process.run("dprk", "keys", "--compare", "", code=INVALID)
    process.run("dprk", "keys", words[0], code=USAGE).complains("say --compare")
    check(process.run("dprk", "keys", "--compare", " ".join(misheard), "--json", code=INVALID).json()
          ["words-alike"] == 15)


if __name__ == "__main__":
    main()
