#!/usr/bin/env python3
"""What the record accepts about keys, charters and hosts that change (docs/protocol.md, section 7), on ledgers that
world.py builds by itself: each rule with what it lets in and what it must keep out."""
import copy
import json
import shutil

from lockstep import INVALID, OK, attempt, case, check, main, note_text
from world import COSIGNER, DAY, HOUR, Key, World, b64, headers, sha256, tree_hash, when


class Keys(World):
    """north has two signers, needs both for `open`, and has a recovery key and a reader; c1 is its cosigner. The
    expires-limit is 30 days."""

    PARTIES = ("north", "south", "east", "host")

    def __init__(self, quorum=False):
        self.second = Key("north.example/north-2")
        self.recovery = Key("north.example/recovery")
        self.reader = Key("north.example/reader")
        self.changed, self.until, self.proofs, self.more = {}, None, [], []
        super().__init__(quorum=quorum)
        self.entries = [self.charter()]
        self.process = sha256(note_text(self.entries[0])).hex()
        self.add(self.stamp())

    def value(self):
        """The charter, as signed or, with what a test has changed, as amended."""
        if not self.cosigners["c1"][0].name.startswith("north."):
            self.cosigners["c1"] = (Key("north.example/cosign", COSIGNER), Key("north.example/receipts"))
        value = json.loads(super().charter_json())
        value["title"] = self.changed.get("title", value["title"])
        north = value["parties"][0]
        north["signers"].append({"name": "north-2", "key": self.second.vkey})
        if self.until:
            north["signers"][1]["until"] = when(self.until)
        north.update(thresholds={"open": 2}, recovery=self.recovery.vkey, access=[self.reader.vkey])
        value["cosigners"] = [{"name": c, "key": k.vkey, "receipts": r.vkey} for c, (k, r) in self.cosigners.items()]
        value["cosigners"][0]["party"] = "north"
        value["parties"] += self.more
        return value

    def charter_json(self):
        return json.dumps(self.value(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def charter(self):
        names = [("north-1", self.signers["north"]), ("north-2", self.second)]
        names += [(f"{p}-1", self.signers[p]) for p in self.PARTIES[1:]]
        lines = [self.first_line(), "act: charter", "by: " + " ".join(self.PARTIES),
                 "signers: " + " ".join(n for n, _ in names), "nonce: " + "5a" * 32,
                 "open-until: " + when(self.now + 30 * DAY), "at: " + when(self.now),
                 self.attach(self.charter_json(), "charter.json", "application/json")]
        return self.sign(lines, [k for _, k in names])

    # Acts about keys.

    def proof(self, key, owner, process=None, signer=None):
        claim = f"lockstep rekey v1\n{process or self.process}\n{owner}\n{key.vkey}\n".encode()
        return b64((signer or key).raw(claim))

    def chained(self, kind, *more, by="north", signers=None, text="", entries=None):
        """more: headers behind `expires`, in their order. signers: names and keys."""
        entries = self.entries if entries is None else entries
        signers = signers or [("north-1", self.signers["north"]), ("north-2", self.second)]
        own = [n for n in entries if headers(n).get("by") == [by] and "seq" in headers(n)]
        prev = sha256(note_text(own[-1])).hex() if own else "0" * 64
        lines = [self.first_line(), f"act: {kind}", f"process: {self.process}", f"by: {by}",
                 "signers: " + " ".join(n for n, _ in signers), f"seq: {len(own) + 1}", f"prev: {prev}",
                 f"head: {len(entries)} {b64(tree_hash(entries))}", f"at: {when(self.now)}",
                 f"expires: {when(self.now + 20 * DAY)}", *more]
        return self.sign(lines, [k for _, k in signers], text)

    def joint(self, kind, *more, by=None, signers=None):
        by = by or self.PARTIES
        every = {"north": [("north-1", self.signers["north"]), ("north-2", self.second)],
                 **{p: [(f"{p}-1", self.signers[p])] for p in self.PARTIES[1:]}}
        signers = signers or [s for p in by for s in every[p]]
        nonce = sha256(f"{kind} {len(self.entries)} {more}".encode()).hex()
        lines = [self.first_line(), f"act: {kind}", f"process: {self.process}", "by: " + " ".join(by),
                 "signers: " + " ".join(n for n, _ in signers), f"nonce: {nonce}",
                 f"open-until: {when(self.now + 20 * DAY)}", f"at: {when(self.now)}", *more]
        return self.sign(lines, [k for _, k in signers])

    def rekey(self, key, *more, owner="north", proof=None, **options):
        return self.chained("rekey", f"key: {key.vkey}", f"proof: {proof or self.proof(key, owner)}", *more, **options)

    def revoke(self, key, **options):
        return self.chained("revoke", f"key: {key.vkey}", text="Lost.\n", **options)

    def delegate(self, key, *more, proof=None, **options):
        return self.chained("delegate", f"key: {key.vkey}", f"proof: {proof or self.proof(key, 'north')}", *more,
                            **options)

    def amend(self, value=None, **options):
        data = json.dumps(value or self.value(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        return self.joint("amend", self.attach(data, "charter.json", "application/json"), **options)

    def proved(self, value, *keys):
        """keys: pairs of a key and its owner."""
        value["proofs"] = [{"key": k.vkey, "proof": self.proof(k, owner)} for k, owner in keys]
        return value

    # The program's word.

    def judged(self, entries, checkpoint=None):
        shutil.rmtree("ledger", ignore_errors=True)
        self.tree("ledger", entries, checkpoint or self.final(entries))
        return attempt("ledger", "check", "ledger", "--charter", self.process)

    def fits(self, note):
        entries = self.entries + [note]
        result = self.judged(entries)
        check(result.code == OK, "refused:", result)
        self.entries = entries
        return note

    def refused(self, note, *words):
        result = self.judged(self.entries + [note])
        check(result.code == INVALID, "accepted:", result)
        for word in words:
            check(word in result.out + result.err, f"refused for another reason than {word!r}:", result)

    def pass_time(self, seconds):
        self.later(seconds)
        self.add(self.stamp())
        return self


def fresh(name, kind=None):
    fresh.count += 1
    key = {} if kind is None else {"kind": kind}
    return Key(name, seed=sha256(f"fresh {fresh.count}".encode()), **key)


fresh.count = 0


def alone(name, key):
    return [(name, key)]


@case
def rekeying(folder):
    w = Keys()
    new = fresh("north.example/north-1")
    w.refused(w.rekey(new, signers=alone("north-1", w.signers["north"])), "needs 2 signers for rekey")
    w.refused(w.chained("rekey", f"key: {new.vkey}"), "needs the header `proof`")
    w.refused(w.chained("rekey", f"proof: {w.proof(new, 'north')}"), "needs the header `key`")
    w.refused(w.rekey(new, proof=w.proof(new, "south")), "not a signature by the new key")
    w.refused(w.rekey(new, proof=w.proof(new, "north", process="00" * 32)), "not a signature by the new key")
    w.refused(w.rekey(new, proof=w.proof(new, "north", signer=w.second)), "not a signature by the new key")
    for name in ("north.example/north-3", "south.example/south-1"):
        w.refused(w.rekey(fresh(name)), "no key named")
    w.refused(w.rekey(fresh("north.example/north-1", COSIGNER)), "no key named")
    old = w.signers["north"]
    w.refused(w.rekey(old), "stood in this process before")
    w.refused(w.rekey(Key("north.example/north-1", seed=w.second.seed)), "stood in this process before")
    w.refused(w.rekey(Key("north.example/north-1", seed=w.signers["south"].seed)), "stood in this process before")
    w.refused(w.rekey(new, f"until: {when(w.now - 1)}"), "until lies before at")
    w.fits(w.rekey(new))
    w.refused(w.act("north", text="By the old one."), "does not verify")
    w.refused(w.rekey(old, signers=[("north-1", new), ("north-2", w.second)]), "stood in this process before")
    w.signers["north"] = new
    w.fits(w.act("north", text="By the new one."))
    # Others of the party's keys: reader, recovery, cosigner and receipts; never one of an outsider.
    for name, kind in (("reader", None), ("recovery", None), ("cosign", COSIGNER), ("receipts", None)):
        w.fits(w.rekey(fresh(f"north.example/{name}", kind)))
    w.refused(w.rekey(fresh("c2.example/cosign", COSIGNER)), "no key named")
    w.refused(w.rekey(fresh("north.example/cosign", COSIGNER), f"until: {when(w.now + DAY)}"), "only the keys of signers")
    w.refused(w.rekey(fresh("north.example/cosign", COSIGNER), "since: 1"), "only a signer's acts")


@case
def the_recovery_key_alone(folder):
    w = Keys()
    by = alone("recovery", w.recovery)
    w.refused(w.act("north", text="x", key=Key("north.example/north-1", seed=w.recovery.seed)), "does not verify")
    w.refused(w.delegate(fresh("north.example/press"), signers=by), "not a signer")
    w.refused(w.rekey(fresh("north.example/north-1"), signers=alone("recovery", Key("north.example/recovery", seed=w.second.seed))),
              "does not verify")
    w.refused(w.rekey(fresh("south.example/south-1"), by="south", owner="south", signers=by), "not a signer")
    new = fresh("north.example/north-2")
    w.fits(w.rekey(new, signers=by))
    w.second = new
    w.fits(w.revoke(w.signers["north"], signers=by))
    later = fresh("north.example/recovery")
    w.fits(w.rekey(later, signers=by))
    w.refused(w.rekey(fresh("north.example/north-1"), signers=by), "does not verify")
    w.recovery = later
    w.fits(w.rekey(fresh("north.example/north-1"), signers=alone("recovery", later)))
    w.fits(w.revoke(later, signers=alone("recovery", later)))
    w.refused(w.rekey(fresh("north.example/north-1"), signers=alone("recovery", later)), "")


@case
def revoking(folder):
    w = Keys()
    w.refused(w.chained("revoke", f"key: {w.second.vkey}"), "needs a text")
    w.refused(w.revoke(fresh("north.example/north-2")), "no such key in force")
    w.refused(w.revoke(w.signers["south"]), "no such key in force")
    w.refused(w.revoke(w.reader, signers=alone("north-2", w.second)), "needs 2 signers for revoke")
    w.refused(w.revoke(w.reader, signers=alone("reader", Key("north.example/reader", seed=w.second.seed))),
              "does not verify")
    w.fits(w.revoke(w.reader, signers=alone("reader", w.reader)))  # a key ends itself
    w.refused(w.revoke(w.reader), "no such key in force")
    w.fits(w.revoke(w.second))
    w.refused(w.chained("withdraw", f"ref: {'11' * 32}", signers=alone("north-2", w.second)), "was revoked")
    w.fits(w.act("north", text="The other one still signs."))
    # What needs both can't be done any more; the recovery key fills the place again.
    w.refused(w.rekey(fresh("north.example/north-2")), "was revoked")
    new = fresh("north.example/north-2")
    w.fits(w.rekey(new, signers=alone("recovery", w.recovery)))
    w.second = new
    w.fits(w.chained("withdraw", f"ref: {'11' * 32}", signers=alone("north-2", new)))


@case
def keys_that_end(folder):
    w = Keys()
    w.until = w.now + 5 * DAY
    w.entries = [w.charter()]
    w.process = sha256(note_text(w.entries[0])).hex()
    w.add(w.stamp())
    by = alone("north-2", w.second)
    w.fits(w.chained("withdraw", f"ref: {'22' * 32}", signers=by))
    w.pass_time(5 * DAY)  # exactly then
    w.fits(w.chained("withdraw", f"ref: {'23' * 32}", signers=by))
    w.pass_time(1)
    w.refused(w.chained("withdraw", f"ref: {'24' * 32}", signers=by), "has ended")
    new = fresh("north.example/north-2")
    w.fits(w.rekey(new, f"until: {when(w.now + DAY)}", signers=alone("recovery", w.recovery)))
    w.fits(w.chained("withdraw", f"ref: {'25' * 32}", signers=alone("north-2", new)))
    w.pass_time(DAY + 1)
    w.refused(w.chained("withdraw", f"ref: {'26' * 32}", signers=alone("north-2", new)), "has ended")


@case
def delegates(folder):
    w = Keys()
    press = fresh("north.example/press")
    one = alone("north-1", w.signers["north"])
    w.refused(w.chained("delegate", f"key: {press.vkey}", signers=one), "needs the header `proof`")
    w.refused(w.delegate(press, proof=w.proof(press, "south"), signers=one), "not a signature by the new key")
    w.refused(w.delegate(fresh("south.example/press"), signers=one), "named north.example/")
    w.refused(w.delegate(fresh("north.example/press", COSIGNER), signers=one), "Ed25519 key")
    w.refused(w.delegate(fresh("north.example/north-2"), signers=one), "there is a key named")
    w.refused(w.delegate(Key("north.example/press", seed=w.signers["south"].seed), signers=one), "stood in this process")
    w.refused(w.delegate(press, "since: 1", signers=one), "no header `since`")
    w.fits(w.delegate(press, signers=one))  # the threshold of its kind is one
    w.refused(w.delegate(fresh("north.example/press"), signers=one), "there is a key named")
    w.refused(w.chained("withdraw", f"ref: {'33' * 32}", signers=alone("press", press)), "not a signer")
    for i in range(14):
        w.add(w.delegate(fresh(f"north.example/r{i}"), signers=one))
    w.refused(w.delegate(fresh("north.example/more"), signers=one), "at most 16 delegates")
    w.fits(w.revoke(press))
    w.fits(w.delegate(fresh("north.example/more"), signers=one))


@case
def repudiating(folder):
    w = Keys()
    w.add(w.act("north", text="One."))
    w.add(w.act("south", text="Two."))
    w.add(w.stamp())
    by = alone("recovery", w.recovery)
    new = fresh("north.example/north-1")
    w.refused(w.rekey(new, f"since: {len(w.entries) + 1}", signers=by), "since lies outside")
    w.refused(w.joint("annul", f"ref: {'44' * 32}", by=["south", "east", "host"]), "no rekey that repudiates")
    w.fits(w.rekey(new, f"since: {len(w.entries)}", signers=by))  # nothing yet
    w.signers["north"] = new
    came = len(w.entries)
    w.add(w.act("north", text="Three."))
    newer = fresh("north.example/north-1")
    w.refused(w.rekey(newer, f"since: {came - 1}", signers=by), "since lies outside")
    rekey = w.fits(w.rekey(newer, f"since: {came}", signers=by))
    ref = f"ref: {sha256(note_text(rekey)).hex()}"
    w.refused(w.joint("annul", ref), "all parties but the one that repudiates")
    w.refused(w.joint("annul", ref, by=["south", "east"]), "all parties but the one that repudiates")
    w.refused(w.joint("annul", ref, by=["east", "south", "host"]), "all parties but the one that repudiates")
    w.refused(w.joint("annul", f"ref: {sha256(note_text(w.entries[came])).hex()}", by=["south", "east", "host"]),
              "no rekey that repudiates")
    w.fits(w.joint("annul", ref, by=["south", "east", "host"]))
    w.refused(w.joint("annul", ref, "attachment: " + "0" * 64 + " process 1 text/plain a.txt",
                      by=["south", "east", "host"]), "no header `attachment`")
    w.refused(w.joint("annul", ref, f"key: {new.vkey}", by=["south", "east", "host"]), "no header `key`")
    w.refused(w.rekey(fresh("north.example/north-1"), f"since: {came}", signers=by), "since lies outside")


@case
def an_annulment_that_lapses(folder):
    """It has no effect: all others may consent anew."""
    w = Keys()
    w.add(w.act("north", text="One."))
    w.add(w.stamp())
    rekey = w.fits(w.rekey(fresh("north.example/north-1"), "since: 1", signers=alone("recovery", w.recovery)))
    w.add(w.stamp())
    ref, by = f"ref: {sha256(note_text(rekey)).hex()}", ["south", "east", "host"]
    w.fits(w.joint("annul", ref, by=by))
    w.later(HOUR)
    w.refused(w.joint("annul", ref, by=by), "no rekey that repudiates")
    w.later(30 * DAY).add(w.stamp())
    w.fits(w.joint("annul", ref, by=by))


@case
def amending(folder):
    w = Keys()
    w.changed["title"] = "Another title"
    w.refused(w.joint("amend"), "needs the header `attachment`")
    w.refused(w.amend(signers=[("north-1", w.signers["north"]), ("south-1", w.signers["south"]),
                               ("east-1", w.signers["east"]), ("host-1", w.signers["host"])]), "needs 2 signers for amend")
    w.refused(w.amend(by=["south", "north", "east", "host"]), "takes all parties")

    def other(**changes):
        value = w.value()
        value.update(changes)
        return value

    stays = {
        "its name": other(name="else"),
        "origin": other(ledger={**w.value()["ledger"], "origin": "host.example/else",
                                "key": fresh("host.example/else").vkey}),
        "origin and key": other(ledger={**w.value()["ledger"], "key": fresh(w.origin).vkey}),
        "grace": other(grace="48 hours"),
        "closing": other(time={**w.value()["time"], "closing": "23:00"}),
        "offsets": other(time={**w.value()["time"], "offsets": [{"from": "1970-01-01T00:00:00Z", "offset": "+01:00"}]}),
        "later than": other(time={**w.value()["time"], "offsets": w.value()["time"]["offsets"] + [
            {"from": when(w.now), "offset": "+01:00"}]}),
        "their places": other(parties=[w.value()["parties"][i] for i in (1, 0, 2, 3)]),
    }
    for word, value in stays.items():
        w.refused(w.amend(value), word)
    gone = w.value()
    gone["parties"] = gone["parties"][:2] + gone["parties"][3:]
    gone["ledger"].pop("host")
    w.refused(w.amend(gone), "their places")
    w.fits(w.amend())
    # Keys: new ones with their proofs, and none that stood elsewhere.
    new = fresh("south.example/south-1")
    value = w.value()
    value["parties"][1]["signers"][0]["key"] = new.vkey
    w.refused(w.amend(value), "no proof that somebody holds")
    w.refused(w.amend(w.proved(copy.deepcopy(value), (new, "north"))), "no proof that somebody holds")
    w.fits(w.amend(w.proved(copy.deepcopy(value), (new, "south"))))
    w.refused(w.act("south", text="By the old one."), "does not verify")
    old, w.signers["south"] = w.signers["south"], new
    w.fits(w.act("south", text="By the new one."))
    back = w.value()
    back["parties"][1]["signers"][0]["key"] = old.vkey
    w.refused(w.amend(w.proved(back, (old, "south"))), "stood elsewhere in this process before")
    w.fits(w.amend(other(time={**w.value()["time"], "offsets": w.value()["time"]["offsets"] + [
        {"from": when(w.now + 1), "offset": "+01:00"}]})))
    w.refused(w.amend(), "offsets")


@case
def revoked_stays_revoked(folder):
    w = Keys()
    w.signers["third"] = fresh("north.example/north-3")
    three = w.value()
    three["parties"][0]["signers"].append({"name": "north-3", "key": w.signers["third"].vkey})
    w.fits(w.amend(w.proved(three, (w.signers["third"], "north"))))
    two = [("north-1", w.signers["north"]), ("north-3", w.signers["third"])]
    w.fits(w.revoke(w.second, signers=two))
    again = copy.deepcopy(three)
    again["title"] = "Once more"
    others = [(f"{p}-1", w.signers[p]) for p in ("south", "east", "host")]
    w.fits(w.amend(again, signers=two + others))
    w.refused(w.chained("withdraw", f"ref: {'55' * 32}", signers=alone("north-2", w.second)), "was revoked")


@case
def a_new_party(folder):
    w = Keys()
    west = fresh("west.example/west-1"), fresh("west.example/west-2")
    w.more = [{"name": "west", "title": "West", "role": "observer", "domain": "west.example", "threshold": 1,
               "sealing": b64(sha256(b"west")),
               "signers": [{"name": f"west-{i + 1}", "key": k.vkey} for i, k in enumerate(west)]}]
    value = w.proved(w.value(), *[(k, "west") for k in west])
    by = list(w.PARTIES) + ["west"]
    every = [("north-1", w.signers["north"]), ("north-2", w.second),
             *[(f"{p}-1", w.signers[p]) for p in ("south", "east", "host")]]
    w.refused(w.amend(value), "takes all parties")
    w.refused(w.amend(value, by=by, signers=every + [("west-1", west[0])]), "needs 2 signers for amend")
    w.fits(w.amend(value, by=by, signers=every + [("west-1", west[0]), ("west-2", west[1])]))
    w.fits(w.chained("withdraw", f"ref: {'66' * 32}", by="west", signers=alone("west-1", west[0])))


@case
def one_party_lost_everything(folder):
    w = Keys()
    keys = fresh("north.example/north-1"), fresh("north.example/north-2"), fresh("north.example/recovery")
    old = w.signers["north"], w.second, w.recovery
    w.fits(w.act("north", text="Still here."))
    w.add(w.stamp())
    w.signers["north"], w.second, w.recovery = keys
    value = w.proved(w.value(), *[(k, "north") for k in keys])
    others = ["south", "east", "host"]
    w.refused(w.amend(value, by=others), "has acted not long ago")
    w.pass_time(30 * DAY)  # exactly the limit
    w.refused(w.amend(value, by=others), "has acted not long ago")
    w.pass_time(1)
    more = copy.deepcopy(value)
    more["title"] = "And more"
    w.refused(w.amend(more, by=others), "north has to sign, too")
    theirs = copy.deepcopy(value)
    theirs["parties"][1]["threshold"] = 1
    theirs["parties"][1]["role"] = "observer"
    w.refused(w.amend(theirs, by=others), "north has to sign, too")
    w.refused(w.amend(value, by=["south", "host"]), "takes all parties")
    w.refused(w.amend(copy.deepcopy({k: v for k, v in value.items() if k != "proofs"}), by=others), "no proof")
    # Whoever still has a key says so in time.
    alive = w.entries + [w.chained("withdraw", f"ref: {'77' * 32}", signers=alone("north-1", old[0]))]
    saved, w.entries = w.entries, alive
    w.refused(w.amend(value, by=others), "has acted not long ago")
    w.entries = saved
    w.fits(w.amend(value, by=others))
    w.fits(w.act("north", text="With new keys."))
    w.refused(w.chained("withdraw", f"ref: {'78' * 32}", signers=alone("north-1", old[0])), "does not verify")


@case
def one_party_alone_gives_another_no_keys(folder):
    """Of two."""
    class Two(Keys):
        PARTIES = ("north", "south")

        def value(self):
            value = super().value()
            value["ledger"].pop("host", None)
            return value

    w = Two()
    w.fits(w.act("north", text="x"))
    w.pass_time(DAY).pass_time(40 * DAY)
    w.signers["north"] = fresh("north.example/north-1")
    value = w.proved(w.value(), (w.signers["north"], "north"))
    w.refused(w.amend(value, by=["south"]), "one party alone")


@case
def succeeding(folder):
    w = Keys()
    w.add(w.act("south", text="Before."))
    w.add(w.stamp())
    others = ["north", "south", "east"]
    new = fresh("east.example/world")

    def succeed(key=new, since=None, proof=None, by=others):
        return w.joint("succeed", f"key: {key.vkey}", f"proof: {proof or w.proof(key, 'ledger')}",
                       f"since: {len(w.entries) if since is None else since}", by=by)

    def judged(note):
        """The successor's checkpoint is over it."""
        entries, old = w.entries + [note], (w.origin, w.ledger)
        w.origin, w.ledger = new.name, new
        result = w.judged(entries)
        w.origin, w.ledger = old
        return result

    for note, word in ((succeed(since=len(w.entries) - 1), "it succeeds at"), (succeed(since=len(w.entries) + 1), "it succeeds at"),
                       (succeed(by=["north", "south", "east", "host"]), "all parties but the host"),
                       (succeed(by=["north", "south"]), "all parties but the host"),
                       (succeed(proof=w.proof(new, "east")), "not a signature by the new ledger's key"),
                       (succeed(fresh("exercise.east.example/world")), "exercise"),
                       (succeed(fresh(w.origin)), "origin of its own"),
                       (succeed(Key("east.example/world", seed=w.signers["south"].seed)), "stood in this process"),
                       (succeed(fresh("east.example/world", COSIGNER)), "Ed25519")):
        result = judged(note)
        check(result.code == INVALID and word in result.out + result.err, word, result)
    note = succeed()
    check(judged(note).code == OK, judged(note))
    w.entries.append(note)
    old, (w.origin, w.ledger) = (w.origin, w.ledger), (new.name, new)
    w.fits(w.stamp())
    w.fits(w.act("south", text="After."))
    # The old key signs nothing of this record any more, and no stamp.
    mine = w.origin, w.ledger
    w.origin, w.ledger = old
    stamp, checkpoint = w.stamp(), w.final()
    w.origin, w.ledger = mine
    w.refused(stamp, "")
    result = w.judged(w.entries, checkpoint)
    check(result.code == INVALID, "a checkpoint by the old key:", result)


@case
def a_quorum_without_the_new_host(folder):
    """c1 is north's: with north as the host three of c2, c3, c4 have to cosign; of two more parties' cosigners none is
    left."""
    w = Keys(quorum=True)
    by = ["north", "south", "east"]
    new = fresh("north.example/world")
    note = w.joint("succeed", f"key: {new.vkey}", f"proof: {w.proof(new, 'ledger')}", f"since: {len(w.entries)}", by=by)
    entries = w.entries + [note]
    w.origin, w.ledger = new.name, new
    for who, code in ((("c1", "c2", "c3"), INVALID), (("c2", "c3", "c4"), OK)):
        w.entries = entries
        result = w.judged(entries, w.checkpoint(entries, [(c, w.now) for c in who]))
        check(result.code == code, who, result)


@case
def the_policy_lags_behind(folder):
    """Checkpoints are judged by what a stamp covers: a change does not help to make itself final."""
    w = Keys(quorum=True)
    by = lambda *names: [(c, w.now) for c in names]
    new = fresh("c4.example/cosign", COSIGNER)
    old = w.cosigners["c4"]
    w.cosigners["c4"] = (new, old[1])
    note = w.amend(w.proved(w.value(), (new, "c4")))
    entries = w.entries + [note]
    check(w.judged(entries, w.checkpoint(entries, by("c2", "c3", "c4"))).code == INVALID, "final by the new key alone")
    w.cosigners["c4"] = old
    check(w.judged(entries, w.checkpoint(entries, by("c2", "c3", "c4"))).code == OK, "not final by the old one")
    w.entries = entries
    w.add(w.stamp())  # by c1, c2, c3: covers the amendment
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c2", "c3", "c4"))).code == INVALID, "still final by the old key")
    w.cosigners["c4"] = (new, old[1])
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c2", "c3", "c4"))).code == OK, "not final by the new key")


@case
def a_cosigners_key_lags_behind(folder):
    w = Keys(quorum=True)
    by = lambda *names: [(c, w.now) for c in names]
    old, new = w.cosigners["c1"], fresh("north.example/cosign", COSIGNER)
    w.add(w.rekey(new))
    w.cosigners["c1"] = (new, old[1])
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c1", "c2", "c3"))).code == INVALID, "the new key at once")
    w.cosigners["c1"] = old
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c1", "c2", "c3"))).code == OK, "the old key no more")
    w.add(w.stamp())
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c1", "c2", "c3"))).code == INVALID, "the old key for ever")
    w.cosigners["c1"] = (new, old[1])
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c1", "c2", "c3"))).code == OK, "the new key never")
    w.add(w.revoke(new))
    w.add(w.stamp())
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c1", "c2", "c3"))).code == INVALID, "a revoked key counts")
    check(w.judged(w.entries, w.checkpoint(w.entries, by("c2", "c3", "c4"))).code == OK, "the others do not")


@case
def receipts(folder):
    """They give an act the time at which a quorum had it, if the host was not slower than the grace."""
    def filed(w, act, names=("c1", "c2", "c3"), at=None, by="south", end="end\n"):
        notes = b"".join(w.receipt(c, act, w.now if at is None else at) for c in names)
        ref = f"ref: {sha256(note_text(act)).hex()}"
        return w.chained("receipts", ref, by=by, signers=alone(f"{by}-1", w.signers[by]), text=notes.decode() + end)

    w = Keys(quorum=True)
    act = w.act("north", text="Held back.", expires=w.now + HOUR)
    given = w.now
    w.refused(filed(w, act, names=("c1", "c2")), "no quorum")
    w.refused(filed(w, act, names=("c1", "c1", "c2")), "two receipts")
    w.refused(filed(w, act, end=""), "")
    w.refused(filed(w, act, at=2 ** 60), "no real time")
    w.refused(filed(w, w.entries[0], names=("c1", "c2", "c3"), at=given)[:-5], "")
    w.pass_time(2 * HOUR)
    w.refused(act, "expired")  # without receipts
    late = list(w.entries)
    w.fits(filed(w, act, at=given))
    w.refused(filed(w, act, at=given, by="east"), "on the record already")
    w.fits(act)  # with them, although it has expired by now
    w.pass_time(HOUR)
    # After the grace they help no more.
    w.entries, w.now = list(late), given + 2 * HOUR
    w.add(filed(w, act, at=given))
    w.pass_time(23 * HOUR)
    w.refused(act, "expired")
    # Receipts that say that it came too late help nobody.
    w.entries, w.now = list(late), given + 2 * HOUR
    w.add(filed(w, act, at=given + HOUR + 1))
    w.refused(act, "expired")


if __name__ == "__main__":
    main()
