#!/usr/bin/env python3
"""A host is succeeded, and cosigners are told: over HTTP, and in their folders. What the record accepts of successions is
tested in key_changes.py, what a cosigner does with one in test_follow.c."""
import os
import time

from lockstep import ENVIRONMENT, INVALID, USAGE, Process, case, check, main, read, run, write
from serving import Crowd, Daemon, Server

PASSPHRASE = Crowd.WATCH


class Succeeded(Process):
    """Up to a charter that everybody may read, on a server that a cosigner follows."""

    def __init__(self, folder):
        super().__init__(folder)
        self.draft_charter()
        write(self.path("charter.yaml"), read(self.path("charter.yaml")).decode() + "\naccess: public\n")
        self.sign_charter()
        for party in self.PARTIES:
            self.run(party, "sync")
        self.watch = self.path("watch")
        run("init", self.watch, "--outsider", "watch", "--domain", "watch.example", env=PASSPHRASE)
        self.server = Server(self.ledger).ready()
        self.url = f"http://127.0.0.1:{self.server.port}/small"

    def propose(self):
        self.run("usa", "ledger", "succeed", self.path("ledger-2"), "--origin", "exercise.usa.example/small", "--out",
                 self.path("succession.lockstep"), "--yes")
        return self.path("succession.lockstep")

    def cosign(self, *options, url=None):
        return Daemon("cosign", self.watch, "--interval", "1", "--follow", url or self.url, "--charter",
                      self.fingerprint(), *options, env=PASSPHRASE)

    def standing(self):
        return {o["origin"]: o for o in run("cosign", "status", self.watch, "--json").json()["origins"]}


def hand(*args, **options):
    return run("cosign", "hand", *args, env=PASSPHRASE, **options)


OLD, NEW = "exercise.rok.example/small", "exercise.usa.example/small"


@case
def handed_to_a_cosigner_at_its_url(folder):
    p = Succeeded(folder)
    cosigner = p.cosign("--listen", "127.0.0.1:0")
    url = "http://127.0.0.1:" + cosigner.wait(r"listens on port (\d+)").group(1)
    cosigner.wait("event=cosigned")
    file = p.propose()
    hand(url, file, code=INVALID).complains("lockstep sign")  # the proposal of one
    check(not p.standing()[OLD]["stopped"], "stopped by what not all have signed")
    p.run("dprk", "sign", file, "--yes")
    answer = hand(url, file, "--json").json()
    check(answer["receipt"].startswith(f"lockstep receipt v1\n{p.fingerprint()}\n{answer['act']}\n"), answer)
    check(NEW in p.standing()[OLD]["stopped"], p.standing())
    check(hand(url, file, "--json").json() == answer, "another receipt")
    hand(url, file).says("signs the ledger that it ends no more")
    # What comes onto the old ledger now is not cosigned.
    size = p.standing()[OLD]["size"]
    p.run("usa", "ledger", "succeed", p.path("ledger-2"), "--start", file).says("lockstep cosign hand")
    p.run("rok", "rekey", "rok-1", "--yes")
    time.sleep(3)
    check(p.standing()[OLD]["size"] == size, p.standing())
    cosigner.stop()
    p.server.stop()
    # It goes on with the successor, and forgets the host that is gone.
    successor = Server(p.path("ledger-2")).ready()
    cosigner = p.cosign(url=f"http://127.0.0.1:{successor.port}/small")
    cosigner.wait(rf'event=cosigned .*origin="http://127.0.0.1:{successor.port}/small"')
    cosigner.stop()
    run("cosign", "forget", p.watch, p.url)
    check(p.standing()[NEW]["size"] > size and p.standing()[OLD]["size"] == size, p.standing())
    successor.stop()


@case
def handed_to_a_cosigner_in_its_folder(folder):
    """One that nobody reaches; its host is lost."""
    p = Succeeded(folder)
    cosigner = p.cosign()
    cosigner.wait("event=cosigned")
    file = p.propose()
    hand(p.watch, file, code=INVALID).complains("lockstep sign")  # the proposal of one
    p.run("dprk", "sign", file, "--yes")
    hand(p.watch, file, code=ENVIRONMENT).complains("another process is cosigning", "hint:")
    cosigner.stop()
    p.server.kill()
    hand(p.watch, p.path("charter.lockstep"), code=USAGE).complains("no succession", "lockstep receipts")
    hand(p.path("usa"), file, code=ENVIRONMENT).complains("no cosigner's folder")
    hand("http://127.0.0.1:1", file, code=ENVIRONMENT).complains("127.0.0.1:1")
    other = os.path.join(folder, "other")
    run("init", other, "--outsider", "other", "--domain", "other.example", env=PASSPHRASE)
    hand(other, file, code=USAGE).complains("not followed here", "--follow")
    check(not p.standing()[OLD]["stopped"], p.standing())
    hand(p.watch, file).says("signs the ledger that it ends no more")
    check(NEW in p.standing()[OLD]["stopped"], p.standing())


if __name__ == "__main__":
    main()
