#!/usr/bin/env python3
"""Three delegations and two outsiders, each on a host of its own, over links that lose packets, are slow, and break. In the
end all copies are the same and hold whatever was said, once; meanwhile nobody takes a checkpoint without a quorum as final."""
import random
import threading
import time

from lockstep import SOAK, act_texts, case, check, main, read_store
from network import Network
from serving import roots
from watched import PARTIES, PLACES, QUORUM, Watched, cosigned_by, cosigners_of, taken_as_final
from world import b64

ROUNDS = 12 if SOAK else 3


class Scene(Watched):
    """Watched over a network; everything that anybody takes as final is kept for the judge."""

    def __init__(self, folder):
        super().__init__(folder, net=Network(*PLACES), exercise=True)
        self.finals, self.said, self.ends = set(), [], threading.Event()
        self.observer = threading.Thread(target=self.observe, daemon=True)

    def build(self):
        # What dprk sends to the host and hears of it takes a tenth of a second more each way.
        self.through["dprk"] = self.net.relay("rok", 8080, 0.1)
        super().build()
        self.observer.start()

    def observe(self):
        while not self.ends.wait(0.2):
            for party in PARTIES:
                note = taken_as_final(self.path(party))
                if note:
                    self.finals.add(note)

    def say(self, party, text):
        """An act; True if it was acknowledged, else it waits."""
        self.said.append(text)
        return self.act(party, text, timeout=300).json()["filed"]

    def say_together(self, *parties, count=2, prefix=""):
        threads = [threading.Thread(target=lambda p=party: [self.say(p, f"{prefix} {p} {i}.") for i in range(count)])
                   for party in parties]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def converge(self):
        """Everybody is connected again: the outboxes empty, and all three have the same record, all of it final."""
        for party in PARTIES:
            self.wait_final(120, party)
        for party in PARTIES:
            waiting = self.of(party, "outbox", "--json").json()["waiting"]
            check(not waiting, party, "still waits with", waiting)
        size = len(self.wait_final(120))
        logs = [self.log(party)[:size] for party in PARTIES]
        check(logs[0] == logs[1] == logs[2], "the copies differ")
        texts = act_texts(read_store(self.ledger)[0][:size])
        for text in self.said:
            check(texts.count(text) == 1, "it is there", texts.count(text), "times:", text)

    def judge(self):
        """What anybody ever took as final had a quorum, and is a beginning of the one record."""
        self.ends.set()
        self.observer.join()
        root = [None, *roots(read_store(self.ledger)[0])]
        cosigners = cosigners_of(self.folder)
        check(len(self.finals) > 1, "nothing was watched")
        for note in self.finals:
            lines = note.split(b"\n")
            check(lines[2].decode() == b64(root[int(lines[1])]), "another history was final:", note)
            check(len(cosigned_by(note, cosigners)) >= QUORUM, "final without a quorum:", note)
        self.run("rok", "ledger", "check", self.ledger).says("acceptable where they stand")


@case
def losses_and_delays(folder):
    """A fifth of what reaches usa and iaea is lost, and dprk is far away."""
    with Scene(folder) as s:
        s.net["usa"].lose(20)
        s.net["iaea"].lose(20)
        for i in range(2):
            s.say_together(*PARTIES, prefix=f"Round {i}:")
        s.converge()
        s.judge()


@case
def a_quorum_apart(folder):
    """dprk and iaea are cut off: time stands still, for everybody, and all know why; who is cut off goes on."""
    with Scene(folder) as s:
        final = len(s.wait_final(60, "usa"))
        for place in ("dprk", "iaea"):
            s.net[place].cut()
        check(s.say("usa", "Nobody can make this final."), "not taken")
        check(not s.say("dprk", "This waits in the outbox."), "taken")
        for _ in range(8):
            said = s.sync("usa")
            check(said["final"] <= final + 1 and said["final"] < said["entries"], said)
            time.sleep(0.5)
        lacks = s.of("usa", "status", "--json").json()["lacks"]
        check(set(lacks.split(", ")) == {"dprk-cosigner", "iaea"}, lacks)
        waiting = s.of("dprk", "outbox", "--json").json()["waiting"]
        check(len(waiting) == 1, waiting)
        # One comes back: three are a quorum again, and the fourth catches up later.
        s.net["iaea"].join()
        s.wait_final(60, "usa")
        s.net["dprk"].join()
        s.converge()
        s.judge()


@case
def the_host_apart(folder):
    """Nobody reaches the host: what is said waits, and comes, each act once, when it is back."""
    with Scene(folder) as s:
        s.wait_final(60, "usa")
        s.net["rok"].cut()
        for party in ("dprk", "usa"):
            check(not s.say(party, f"{party} speaks into the void."), "taken")
        s.net["rok"].join()
        s.converge()
        s.judge()


@case
def cut_at_random(folder):
    """Any places are cut off while everybody speaks, again and again."""
    dice = random.Random(2018)
    with Scene(folder) as s:
        s.net["uni"].lose(10)
        for i in range(ROUNDS):
            apart = dice.sample(PLACES, dice.randint(1, 3))
            for place in apart:
                s.net[place].cut()
            s.say_together(*PARTIES, count=1, prefix=f"Round {i}:")
            for place in apart:
                s.net[place].join()
        s.converge()
        s.judge()


if __name__ == "__main__":
    main()
