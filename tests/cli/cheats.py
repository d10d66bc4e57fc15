#!/usr/bin/env python3
"""Whoever cheats is found and named, with evidence that a third person checks alone; whoever is honest never is, and
nobody can make evidence against him."""
import json
import os
import re

from ed25519 import ed25519_public
from lockstep import (BINARY, INVALID, OK, Process, Result, Skip, attempt, case, check, check_sound, headers, main, note_text,
                      read, subprocess, tree_hash, write)
from world import (COSIGNER, DAY, HOUR, MINUTE, Key, Server, World, b64, bundle, claim, nodes, sha256, tlog_proof, unbundle,
                   when)

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")


def verify(path, *args):
    """What a third person runs."""
    done = subprocess.run([VERIFIER, path, *args], capture_output=True, timeout=120)
    return check_sound(Result([VERIFIER, path, *args], done.returncode, done.stdout, done.stderr))


def audit(w, *paths, out=None):
    args = ["audit", *paths, "--charter", w.process, "--json"] + (["--out", out] if out else [])
    return attempt(*args)


def proven(result):
    """Subjects and texts of what an audit, or a verification, takes to be proven."""
    return [(f["subject"], f["text"]) for f in result.json()["findings"] if f["text"].startswith("PROVEN")]


def caught(w, kind, *paths, words=(), times=1):
    """The audit finds exactly this, in evidence that verifies by itself, and only for this process."""
    result = audit(w, *paths, out="evidence.lockstep")
    check(result.code == INVALID, "not found:", result)
    found = [text for subject, text in proven(result) if f"({kind})" in subject]
    check(len(found) == times, f"{len(found)} of kind {kind}:", result)
    for word in words:
        check(any(word in text for text in found), f"does not say {word!r}:", result)
    alone = verify("evidence.lockstep", "--charter", w.process)
    check(alone.code == OK, "does not verify:", alone)
    alone.says("PROVEN", "This does not show", "\nproven\n", *words)
    check(("EXERCISE" in alone.out) == w.exercise, "exercise mark:", alone)
    check(verify("evidence.lockstep", "--charter", "0" * 64).code == INVALID, "holds for another charter")
    data = read("evidence.lockstep")
    os.remove("evidence.lockstep")
    return data


def innocent(w, *paths):
    result = audit(w, *paths, out="nothing.lockstep")
    check(result.code == OK, "an honest one is blamed:", result)
    check(not os.path.exists("nothing.lockstep"), "evidence of nothing")


def not_proven(w, data, *words):
    """What somebody made up does not verify."""
    write("forged.lockstep", data)
    result = verify("forged.lockstep", "--charter", w.process)
    check(result.code == INVALID, "forged evidence verifies:", result)
    check("PROVEN: " not in result.out.replace("NOT PROVEN: ", ""), "and says so:", result)
    for word in words:
        check(word in result.out, f"does not say {word!r}:", result)


# A host with two histories.

@case
def two_histories(folder):
    w = World().grow(6)
    one = w.entries + [w.act("north", text="To the one.")]
    two = w.entries + [w.act("south", text="To the other.")]
    w.tree("one", one)
    w.record("two.lockstep", two)
    data = caught(w, "split-view", "one", "two.lockstep", words=[w.origin])
    members = unbundle(data)
    check("claim/1/nodes" not in members and "claim/1/first.tlog-proof" in members, sorted(members))


@case
def two_histories_of_different_sizes(folder):
    """In each way in which a smaller tree can be cut out of a larger one."""
    w = World().grow(12)
    for small, shared in ((1 + 7, 5), (8, 7), (9, 8), (13, 4)):
        one = w.entries[:shared] + [w.act("north", w.entries[:shared], text=f"Other {i}.") for i in range(small - shared)]
        write("small.checkpoint", w.final(one))
        w.tree(f"large-{small}")
        data = caught(w, "split-view", f"large-{small}", "small.checkpoint", words=[f"one of {small} entries"])
        check("claim/1/nodes" in unbundle(data), "no nodes")


@case
def entries_rewritten_dropped_and_reordered(folder):
    w = World().grow(8)
    w.tree("seen")
    e, last = w.entries, len(w.entries) - 1
    north = [i for i, note in enumerate(e) if b"by: north" in note and b"seq" in note]
    k = north[1]
    changed = w.signers["north"].note(note_text(e[k]).replace(b"Act 2.", b"Act 2, but milder."))
    for name, entries in (("rewritten", e[:k] + [changed] + e[k + 1:]), ("dropped", e[:k] + e[k + 1:]),
                          ("reordered", e[:k] + [e[k + 1], e[k]] + e[k + 2:]), ("last", e[:last] + [e[1]])):
        w.tree(name, entries)
        result = audit(w, "seen", name, out=f"{name}.lockstep")
        kinds = {subject.split("(")[1] for subject, _ in proven(result)}
        check("split-view)" in kinds and "entry)" in kinds, name, result)
        check(verify(f"{name}.lockstep", "--charter", w.process).code == OK, name)


@case
def a_history_of_another_key_is_nobodys(folder):
    """Two checkpoints prove something only under the ledger's own key."""
    w = World().grow(6)
    thief = Key(w.origin, seed=sha256(b"thief"))
    other = w.entries[:5] + [w.act("south", w.entries[:5], text="Made up.")]
    w.tree("true")
    w.tree("false", other, checkpoint=w.checkpoint(other, key=thief))
    innocent(w, "true", "false")
    not_proven(w, w.evidence([[claim("split-view"), ("first", w.checkpoint(other, key=thief)), ("second", w.final()),
                               nodes(len(other), w.entries)]]), "not a checkpoint that the ledger")


# A host that lets in what no rule lets in.

@case
def entries_without_a_right_to_be_there(folder):
    w = World().grow(6)
    stranger = Key("north.example/north-1", seed=sha256(b"stranger"))
    stamps = [i for i, n in enumerate(w.entries) if b"act: stamp" in n]
    cases = {
        "unsigned": (w.act("north", text="Forged.", key=stranger), "signature"),
        "twice": (w.entries[2], "on the record already"),
        "number": (w.act("north", text="Leaps.", seq=3, extra=()), "seq"),
        "time": (w.stamp(at=w.now - DAY), "never before the previous stamp"),
        "checkpoint": (w.stamp(checkpoint=w.final(w.entries[:2])), "checkpoint"),
        "nonsense": (b"no act at all\n", "not an act"),
        "late": (w.act("south", text="Expired.", at=w.now - 40 * DAY, expires=w.now - 20 * DAY), "expired"),
    }
    for name, (entry, words) in cases.items():
        entries = w.entries + [entry]
        w.tree(name, entries)
        caught(w, "entry", name, words=[w.origin])
        more = entries + [w.act("south", w.entries, text="After it.")]
        w.tree(f"{name}-more", more)
        data = caught(w, "entry", f"{name}-more", words=[w.origin])
        check("claim/1/nodes" in unbundle(data), "without nodes")
    check(stamps, "no stamps")


@case
def an_entry_that_is_right_is_not_evidence(folder):
    w = World().grow(6)
    size = len(w.entries)
    for index in range(1, size):
        parts = [claim("entry", (1, index), index), ("checkpoint", w.final())]
        parts += [nodes(index + 1, w.entries)] if index + 1 < size else []
        not_proven(w, w.evidence([parts], [w.entries[:index + 1]]), "is acceptable where it stands")
    bad = w.act("north", text="Forged.", key=Key("north.example/north-1", seed=sha256(b"stranger")))
    forged = w.entries[:-1] + [bad]
    # The entry is bad indeed, but the ledger did not sign for it.
    not_proven(w, w.evidence([[claim("entry", (1, size - 1), size - 1), ("checkpoint", w.final())]], [forged]),
               "not the one under the checkpoint")
    # A file that is held back makes an entry unreadable, not wrong.
    not_proven(w, w.evidence([[claim("entry", (1, 2), 2), ("checkpoint", w.final())]], [w.entries[:3]], files={}))


# A party that forks its chain.

def forked(w):
    """A second act with a number, by an author whose head shows that he had seen the first."""
    first = next(i for i, n in enumerate(w.entries) if b"by: south" in n and b"seq: 2" in n)
    return first, w.act("south", seq=2, text="I never said that.")


@case
def a_forked_chain(folder):
    w = World().grow(6)
    first, second = forked(w)
    w.tree("ledger")
    write("second.note", second)
    caught(w, "fork", "ledger", "second.note", words=["south signed two acts", f"entry {first}"])
    # In whatever it travels.
    write("draft.lockstep", bundle("draft", [("act.note", second)]))
    caught(w, "fork", "ledger", "draft.lockstep", words=["south"])
    # Let in by the host, it is the host's fault, too.
    w.tree("let-in", w.entries + [second])
    result = audit(w, "let-in")
    check(sorted(s.split("(")[1] for s, _ in proven(result)) == ["entry)", "fork)"], result)


@case
def two_acts_with_one_number_of_which_one_was_refused(folder):
    w = World().grow(6)
    before = w.entries[:]
    refused = w.act("south", before, text="It never arrived.")
    w.later(MINUTE).add(w.act("south", before, text="So I said it again."))
    w.add(w.stamp())
    w.tree("ledger")
    write("refused.note", refused)
    innocent(w, "ledger", "refused.note")
    # A restored vault that signs before it has synchronised names an old head.
    write("restored.note", w.act("north", w.entries[:4], text="From a backup."))
    innocent(w, "ledger", "restored.note", "refused.note")
    # Sent twice, it is one act.
    write("again.note", w.entries[2])
    innocent(w, "ledger", "again.note")


@case
def forks_made_up_against_an_honest_party(folder):
    w = World().grow(6)
    size = len(w.entries)
    first, second = forked(w)
    claimed = claim("fork", (1, size), first)
    stranger = Key("south.example/south-1", seed=sha256(b"stranger"))
    honest = w.act("south", text="My third.")
    unsynced = w.act("south", w.entries[:2], text="From a backup.")
    for act, history, words in (
            (w.act("south", seq=2, text="Forged.", key=stranger), w.entries, "not signed by its party"),
            (w.act("south", seq=2, text="Forged.", key=w.signers["north"]), w.entries, "NOT PROVEN"),
            (honest, w.entries, "not an act of the same party with the same number"),
            (w.entries[first], w.entries, "history is not the one"),
            (unsynced, w.entries, "history is not the one"),
            (second, w.entries[:-1] + [w.act("north", text="Another end.")], "NOT PROVEN"),
            (second.replace(b"never", b"often"), w.entries, "not signed"),
            (b"", w.entries, "none in canonical form")):
        not_proven(w, w.evidence([[claimed, ("act", act)]], [history]), words)
    not_proven(w, w.evidence([[claim("fork", (1, size), first - 1), ("act", second)]], [w.entries]))
    not_proven(w, w.evidence([[claim("fork", (1, size - 1), first), ("act", second)]], [w.entries]), "not the one")
    not_proven(w, w.evidence([[claimed, ("act", second)]], [w.entries[:4]]), "fewer entries")
    not_proven(w, w.evidence([[claimed, ("act", second)]]), "fewer entries")
    other = World(start=1_600_000_000).grow(6)
    not_proven(w, w.evidence([[claimed, ("act", forked(other)[1])]], [w.entries]))


class WithReader(World):
    """South has a delegate, who reads and signs nothing, but the end of his own key."""
    READER = Key("south.example/reader")

    def charter_json(self):
        value = json.loads(super().charter_json())
        value["parties"][1]["access"] = [self.READER.vkey]
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def ends_itself(self, seq):
        _, prev = max((int(headers(n)["seq"][0]), sha256(note_text(n)).hex())
                      for n in self.entries if b"by: south\n" in n and int(headers(n)["seq"][0]) < seq)
        head = f"{len(self.entries)} {b64(tree_hash(self.entries))}"
        lines = [self.first_line(), "act: revoke", f"process: {self.process}", "by: south", "signers: reader",
                 f"seq: {seq}", f"prev: {prev}", f"head: {head}", f"at: {when(self.now)}",
                 f"expires: {when(self.now + DAY)}", f"key: {self.READER.vkey}"]
        return self.sign(lines, [self.READER], "My laptop is gone.\n")


@case
def a_key_that_signs_alone_forks_nobodys_chain(folder):
    w = WithReader().grow(6)
    first, _ = forked(w)
    again = w.ends_itself(2)
    not_proven(w, w.evidence([[claim("fork", (1, len(w.entries)), first), ("act", again)]], [w.entries]), "alone")
    w.tree("ledger")
    write("again.note", again)
    innocent(w, "ledger", "again.note")
    # In its place it is good.
    w.add(w.ends_itself(4))
    w.add(w.stamp())
    w.tree("longer")
    innocent(w, "longer")


# Split views made up against an honest host.

@case
def split_views_made_up_against_an_honest_host(folder):
    w = World().grow(8)
    e = w.entries
    good = w.final()
    for size in range(1, len(e)):
        part = w.final(e[:size])
        not_proven(w, w.evidence([[claim("split-view"), ("first", part), ("second", good), nodes(size, e)]]),
                   "continues the first")
        not_proven(w, w.evidence([[claim("split-view"), ("first", good), ("second", part), nodes(size, e)]]),
                   "smaller one")
        lie = e[:size - 1] + [b"another\n"] + e[size:]
        not_proven(w, w.evidence([[claim("split-view"), ("first", part), ("second", good), nodes(size, lie)]]),
                   "don't lead")
        not_proven(w, w.evidence([[claim("split-view"), ("first", part), ("second", good)]]), "nodes are missing")
        hashes = nodes(size, e)[1].split(b"\n")
        for broken in (hashes[1:], hashes[:-2] + [b""], hashes[:1] + hashes):
            not_proven(w, w.evidence([[claim("split-view"), ("first", part), ("second", good),
                                       ("nodes", b"\n".join(broken))]]))
    not_proven(w, w.evidence([[claim("split-view"), ("first", good), ("second", good)]]), "one root")
    empty = w.checkpoint([])
    not_proven(w, w.evidence([[claim("split-view"), ("first", empty), ("second", good), nodes(1, e)]]), "not of nothing")
    text = note_text(good).replace(b"\n%d\n" % len(e), b"\n%d\n" % (len(e) + 1))
    not_proven(w, w.evidence([[claim("split-view"), ("first", good), ("second", text + good[len(note_text(good)):]),
                               nodes(len(e), e + [b"x"])]]), "not a checkpoint")


# Cosigners, and what they had.

def wants_quorum_stamps():
    w = World(quorum=True).grow(2)
    if attempt("ledger", "check", w.tree("probe")).code != OK:
        raise Skip("stamps of a quorum, and receipts on the record, are not there yet")


def left_out(w, delay, names=("c1", "c2", "c3")):
    """An act of the south that cosigners have, and a final checkpoint without it so much later."""
    act = w.act("south", text="Put this on the record.")
    receipts = {c: w.receipt(c, act, w.now) for c in names}
    w.later(delay)
    w.add(w.act("north", text="Business as usual."))
    write("act.note", act)
    for name, note in receipts.items():
        write(f"{name}.receipt", note)
    return act, [f"{name}.receipt" for name in receipts]


@case
def an_act_held_back(folder):
    wants_quorum_stamps()
    for exercise in (True, False):
        w = World(exercise=exercise, quorum=True).grow(4)
        act, receipts = left_out(w, 2 * HOUR)
        w.tree(f"ledger-{exercise}")
        caught(w, "omission", f"ledger-{exercise}", "act.note", *receipts, times=2,
               words=["c1, c2, c3 gave receipts", "lacks the act"])
        # Whoever gave a receipt and cosigned is named; whoever did not is not.
        data = caught(w, "omission", f"ledger-{exercise}", "act.note", "c1.receipt", words=["c1 gave receipts"])
        check(b"c2 gave" not in data, "blames others")


@case
def an_act_held_back_and_let_in_too_late(folder):
    """The record itself shows it: the stamps before the act, and the receipts that were filed after it."""
    wants_quorum_stamps()
    w = World(exercise=True, quorum=True).grow(4)
    act, _ = left_out(w, 2 * HOUR)
    w.add(w.stamp())
    receipts = [w.receipt(c, act, w.now - 2 * HOUR) for c in w.COSIGNERS[:3]]
    w.later(MINUTE).add(act)
    w.add(w.act("south", kind="receipts", ref=sha256(note_text(act)).hex(), text=b"".join(receipts).decode() + "end"))
    w.tree("ledger")
    caught(w, "omission", "ledger", times=2, words=["c1, c2, c3"])


@case
def an_act_that_nobody_held_back(folder):
    w = World(exercise=True, quorum=True).grow(4)
    act, receipts = left_out(w, 50 * MINUTE)  # not yet an hour
    w.tree("soon")
    innocent(w, "soon", "act.note", *receipts)
    w.later(14 * MINUTE)  # an hour had not passed when they looked, and had when they signed
    w.tree("just", checkpoint=w.final())
    innocent(w, "just", "act.note", *receipts)
    w.add(act)  # in time
    w.later(3 * HOUR).add(w.stamp())
    w.tree("there")
    innocent(w, "there", "act.note", *receipts)
    # Held back, but another act of its author's came: it is no longer acceptable.
    w = World(exercise=True, quorum=True).grow(4)
    act, receipts = left_out(w, 10 * MINUTE)
    w.add(w.act("south", text="Never mind."))
    w.later(3 * HOUR).add(w.stamp())
    w.tree("replaced")
    innocent(w, "replaced", "act.note", *receipts)
    # Expired meanwhile.
    w = World(exercise=True, quorum=True).grow(4)
    act = w.act("south", text="Quickly.", expires=w.now + 10 * MINUTE)
    write("act.note", act)
    write("c1.receipt", w.receipt("c1", act, w.now))
    w.later(30 * MINUTE).add(w.act("north", text="Business as usual."))
    w.add(w.stamp())
    w.later(3 * HOUR).add(w.stamp())
    w.tree("expired")
    innocent(w, "expired", "act.note", "c1.receipt")


@case
def omissions_made_up(folder):
    w = World(exercise=True, quorum=True).grow(4)
    act, _ = left_out(w, 2 * HOUR)
    size, early = len(w.entries), w.now - 2 * HOUR
    by = [(c, w.now) for c in w.COSIGNERS[:3]]

    def made(receipts, checkpoint=None, note=act, history=None):
        history = w.entries if history is None else history
        return w.evidence([[claim("omission", (1, len(history))), ("act", note),
                            ("receipts", b"".join(receipts) + b"end\n"),
                            ("checkpoint", checkpoint or w.checkpoint(history, by))]], [history])

    good = [w.receipt(c, act, early) for c in w.COSIGNERS[:3]]
    write("true.lockstep", made(good))
    check(verify("true.lockstep", "--charter", w.process).code == OK, "the true one does not verify")
    forged = Key(w.cosigners["c1"][1].name, seed=sha256(b"forger"))
    text = note_text(good[0])
    thief = Key(w.origin, seed=sha256(b"thief"))
    not_proven(w, made([forged.note(text)] + good[1:]), "receipts")
    not_proven(w, made([w.signers["south"].note(text)]), "receipts")
    not_proven(w, made([w.receipt(c, act, w.now - 10 * MINUTE) for c in w.COSIGNERS[:3]]), "not that old")
    not_proven(w, made([w.receipt("c4", act, early)]), "no cosigner")
    not_proven(w, made([w.receipt("c1", w.entries[2], early)]), "receipts")
    not_proven(w, made(good, w.checkpoint(w.entries, [("c4", w.now)])), "no cosigner")
    not_proven(w, made(good, w.checkpoint(w.entries, by, key=thief)), "not signed by the ledger")
    not_proven(w, made([w.receipt("c1", w.entries[-1], early)], note=w.entries[-1]), "is in the history")
    not_proven(w, made(good, history=w.entries + [act]), "is in the history")
    not_proven(w, made(good, history=w.entries[:-1], checkpoint=w.checkpoint(w.entries, by)), "not the one under")
    unsigned = w.act("south", text="Forged.", key=Key("south.example/south-1", seed=sha256(b"stranger")))
    not_proven(w, made([w.receipt(c, unsigned, early) for c in w.COSIGNERS[:3]], note=unsigned), "could not have been")
    check(size == len(w.entries), "changed")


@case
def a_cosigner_that_backdates(folder):
    """Or one that signs for times ahead of its clock: which of the two, nobody can tell."""
    wants_quorum_stamps()
    w = World(quorum=True).grow(4)
    behind = w.now - 16 * MINUTE
    w.add(w.act("north", text="Signed late, dated early."))
    w.tree("ledger", checkpoint=w.checkpoint(cosigned=[("c1", behind), ("c2", w.now), ("c3", w.now), ("c4", w.now)]))
    caught(w, "ahead", "ledger", words=["c1 cosigned at"])
    w.tree("fine", checkpoint=w.checkpoint(cosigned=[("c1", w.now - 11 * MINUTE), ("c2", w.now), ("c3", w.now)]))
    innocent(w, "fine")
    size = len(w.entries)
    for name, checkpoint in (("c2", w.checkpoint(cosigned=[("c1", behind), ("c2", w.now)])),
                             ("c3", w.checkpoint(cosigned=[("c1", behind), ("c2", w.now)])),
                             ("north", w.checkpoint(cosigned=[("c1", behind)]))):
        not_proven(w, w.evidence([[claim("ahead", (1, size), cosigner=name), ("checkpoint", checkpoint)]], [w.entries]))
    x = World(exercise=True, quorum=True).grow(4)
    x.tree("exercise", checkpoint=x.checkpoint(cosigned=[(c, x.now - DAY) for c in x.COSIGNERS]))
    innocent(x, "exercise")


@case
def cosigners_who_cosigned_two_histories_are_named(folder):
    w = World(exercise=True, quorum=True).grow(4)
    one, two = w.entries + [w.act("north", text="One.")], w.entries + [w.act("south", text="Two.")]
    w.tree("one", one, checkpoint=w.checkpoint(one, [(c, w.now) for c in ("c1", "c2", "c3")]))
    w.tree("two", two, checkpoint=w.checkpoint(two, [(c, w.now) for c in ("c1", "c2", "c4")]))
    caught(w, "split-view", "one", "two", times=2, words=["c1, c2 cosigned both"])


class WithCosigner(World):
    """c1 is north's."""

    def charter_json(self):
        self.cosigners["c1"] = (Key("north.example/cosign", COSIGNER), Key("north.example/receipts"))
        value = json.loads(super().charter_json())
        value["cosigners"][0]["party"] = "north"
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def rekey(self, key):
        proof = key.raw(f"lockstep rekey v1\n{self.process}\nnorth\n{key.vkey}\n".encode())
        note = self.act("north", kind="rekey", extra=(f"key: {key.vkey}", f"proof: {b64(proof)}"))
        text = re.sub(rb"ref: .*\n", b"", note_text(note))
        self.add(self.signers["north"].note(text))
        self.later(HOUR).add(self.stamp())  # by the old key, as the change counts only then
        self.cosigners["c1"] = (key, self.cosigners["c1"][1])


@case
def cosigners_are_judged_by_the_keys_in_force(folder):
    """One that got another key answers for that one, and not for the one it lost."""
    w = WithCosigner(quorum=True).grow(2)
    old, new = w.cosigners["c1"][0], Key("north.example/cosign", COSIGNER, seed=sha256(b"new"))
    w.rekey(new)
    w.later(HOUR).add(w.act("south", text="Under the new key."))
    one, two = w.entries + [w.act("north", text="One.")], w.entries + [w.act("south", text="Two.")]
    for name, key, words in (("guilty", new, "c1, c2 cosigned both"), ("robbed", old, "PROVEN: c2 cosigned both")):
        w.cosigners["c1"] = (key, w.cosigners["c1"][1])
        for side, entries in (("one", one), ("two", two)):
            w.tree(f"{name}-{side}", entries, checkpoint=w.checkpoint(entries, [(c, w.now) for c in ("c1", "c2", "c3")]
                                                                      if side == "one" else
                                                                      [(c, w.now) for c in ("c1", "c2", "c4")]))
        data = caught(w, "split-view", f"{name}-one", f"{name}-two", times=2, words=[words])
        check(any(m.startswith("history/") for m in unbundle(data)), "nobody learns of the new key")


# What a workspace sees of a host that lies.

def followed(folder="process"):
    """A process whose workspaces have seen all of it; and its host, who can lie from now on."""
    p = Process(folder).build()
    p.run("usa", "perform", "pause", "--yes")
    p.settle()
    return p, World.of(p)


@case
def a_workspace_is_shown_another_history(folder):
    """It takes nothing of it, says so, and keeps what proves it."""
    p, w = followed()
    size = len(w.entries)
    for number, (entries, again) in enumerate(((w.entries[:-1] + [w.act("rok", w.entries[:-1], text="Instead.")], 1),
                                               (w.entries[:-2] + [w.act("rok", w.entries[:-2], text="Other."),
                                                                  w.entries[1], w.entries[2], w.entries[3]], 3))):
        with Server(w.tree(f"lie-{number}", entries)) as server:
            p.run("usa", "ledger", "set", server.url)
            p.run("usa", "sync", code=INVALID).complains(f"no longer shows the {size} entries", "evidence")
            p.run("usa", "perform", "pause", "--yes", code=INVALID).complains("no longer shows")
        caught(w, "split-view", p.path("usa"), words=[w.origin], times=again)
    p.run("usa", "ledger", "set", p.ledger)
    p.run("usa", "sync")


@case
def a_workspace_is_shown_what_no_rule_lets_in(folder):
    p, w = followed()
    stranger = Key("usa.example/usa-1", seed=sha256(b"stranger"))
    for number, (entry, words) in enumerate(((w.act("usa", text="Forged.", key=stranger), "signature"),
                                             (w.stamp(at=w.now - DAY), "stamp"), (w.entries[3], "already"))):
        entries = w.entries + [entry]
        with Server(w.tree(f"bad-{number}", entries)) as server:
            p.run("usa", "ledger", "set", server.url)
            p.run("usa", "sync", code=INVALID).complains(f"entry {len(w.entries)}", words)
        caught(w, "entry", f"bad-{number}", p.path("usa"), words=[w.origin])
    innocent(w, *(p.path(party) for party in p.PARTIES), p.ledger)


@case
def an_honest_host_that_is_only_slow_or_restarted(folder):
    """It shows less than before, then the same, then more."""
    p, w = followed()
    with Server(w.tree("less", w.entries[:-1])) as server:
        p.run("usa", "ledger", "set", server.url)
        p.run("usa", "sync")
        check(not os.path.exists(p.path("usa", "replica", "evidence")), "kept as evidence")
        server.folder = w.tree("same")
        p.run("usa", "sync")
        w.add(w.act("rok", text="And on."))
        server.folder = w.tree("more")
        p.run("usa", "sync")
    innocent(w, *(p.path(party) for party in p.PARTIES), p.ledger, "less", "more")


# Who is honest.

@case
def older_copies_are_only_older(folder):
    w = World().grow(10)
    w.tree("now")
    for size in range(1, len(w.entries)):
        w.tree(f"then-{size}", w.entries[:size])
    w.record("then.lockstep", w.entries[:5])
    innocent(w, "now", "then.lockstep", *(f"then-{size}" for size in range(1, len(w.entries))))
    # The same checkpoint signed again, or with further cosignatures, is the same checkpoint.
    w = World(exercise=True, quorum=True).grow(4)
    w.tree("final")
    write("bare.checkpoint", w.checkpoint())
    write("more.checkpoint", w.checkpoint(cosigned=[("c4", w.now)]))
    innocent(w, "final", "bare.checkpoint", "more.checkpoint")


@case
def proofs_are_looked_at(folder):
    """A proof that somebody took away holds a checkpoint, which may contradict all others."""
    w = World().grow(6)
    w.tree("ledger")
    write("true.tlog-proof", tlog_proof(3, w.entries[:7], w.final(w.entries[:7])))
    innocent(w, "ledger", "true.tlog-proof")
    other = w.entries[:5] + [w.act("south", w.entries[:5], text="Said elsewhere.")]
    write("false.tlog-proof", tlog_proof(5, other, w.final(other)))
    caught(w, "split-view", "ledger", "false.tlog-proof")


# The form.

@case
def every_changed_byte_is_noticed(folder):
    """Of the claim and the signed things: a change is refused, or makes nothing else proven."""
    w = World().grow(4)
    one, two = w.entries + [w.act("north", text="One.")], w.entries + [w.act("south", text="Two.")]
    w.tree("one", one)
    w.tree("two", two)
    members = unbundle(caught(w, "split-view", "one", "two"))
    kept = [(name, members[name]) for name in list(members)[1:]]
    for name, content in kept:
        for at in range(0, len(content), 29):
            changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]
            forged = [(n, changed if n == name else c) for n, c in kept]
            write("changed.lockstep", bundle("evidence", forged))
            result = verify("changed.lockstep", "--charter", w.process)
            check(result.code == INVALID, f"{name}, byte {at}:", result)
    for gone in range(len(kept)):
        write("changed.lockstep", bundle("evidence", kept[:gone] + kept[gone + 1:]))
        check(verify("changed.lockstep", "--charter", w.process).code == INVALID or kept[gone][0].endswith("proof"),
              "without", kept[gone][0])
    write("changed.lockstep", bundle("evidence", kept + [("claim/2/more", b"x")]))
    check(verify("changed.lockstep", "--charter", w.process).code == INVALID, "something more is in it")


@case
def claims_have_one_form(folder):
    w = World().grow(2)
    one, two = w.entries + [w.act("north", text="One.")], w.entries + [w.act("south", text="Two.")]
    parts = [("first", w.final(one)), ("second", w.final(two))]
    good = b"lockstep evidence v1\nclaim: split-view\n"
    write("good.lockstep", w.evidence([[("claim", good)] + parts]))
    check(verify("good.lockstep", "--charter", w.process).code == OK, "mend this test")
    for bad in (b"", good[:-1], good + b"\n", good + b"index: 1\n", good + b"history: 0 1\n", good + b"history: 1\n",
                good + b"history: 1 0\n", good + b"history: 65 1\n", good + b"history: 1 99999999999999999999\n",
                good.replace(b"v1", b"v2"), good.replace(b"split", b"splat"), b"claim: split-view\n", good + b"x: y\n"):
        not_proven(w, w.evidence([[("claim", bad)] + parts]), "canonical form")
    not_proven(w, w.evidence([]), "claims nothing")
    check(b64(ed25519_public(w.ledger.seed)), "no key")


if __name__ == "__main__":
    main()
