#!/usr/bin/env python3
"""Two servers on one PostgreSQL database while delegations act: the leader dies, hangs and comes back, and the database
fails over to its standby. Whatever was acknowledged is on the record, once; the other server takes over within 10 s.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request

from lockstep import BINARY, OK, Process, case, check, environment, main, read, run
from databases import cluster, either

TAKEOVER = 10  # seconds, at most
SLACK = 4      # of which a command and a busy machine take their share
ACTS = {"usa": "pause", "rok": "mediate", "dprk": "visit"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """`lockstep serve` on a folder of its own, and a database that it shares."""

    def __init__(self, folder, uri, name):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.base}/{name}"
        self.log = open(folder + ".log", "wb")
        self.job = subprocess.Popen([BINARY, "serve", folder, "--listen", f"127.0.0.1:{self.port}", "--store", uri],
                                    env=environment(), stdin=subprocess.DEVNULL, stderr=self.log, stdout=self.log,
                                    start_new_session=True)

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=2) as answer:
            return answer.read().decode()

    def leads(self):
        try:
            metrics = self.get("/metrics")
        except OSError:
            return False
        return any("leading" in line and line.endswith(" 1") for line in metrics.splitlines() if line[:1] != "#")

    def follows(self):
        """It has read the record."""
        try:
            return bool(self.get("/healthz"))
        except OSError:
            return False

    def wait(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            check(time.monotonic() < end, f"not {condition.__name__}:", read(self.log.name)[-2000:].decode())
            time.sleep(0.1)

    def send(self, number):
        self.job.send_signal(number)

    def end(self):
        self.job.kill()
        self.job.wait()
        self.log.close()


class Client(threading.Thread):
    """A delegation that acts again and again, and turns to the other server where one does not answer."""

    def __init__(self, p, party, servers):
        super().__init__(daemon=True)
        self.p, self.party, self.servers = p, party, servers
        self.made, self.acknowledged, self.last, self.ending = [], [], time.monotonic(), False

    def go_to_first(self):
        self.p.attempt(self.party, "ledger", "set", self.servers[0].url, timeout=60)

    def turn(self):
        self.servers = self.servers[1:] + self.servers[:1]
        self.go_to_first()

    def run(self):
        number = 0
        self.go_to_first()
        while not self.ending:
            text = f"{self.party} says {number}."
            number += 1
            result = self.p.attempt(self.party, "perform", ACTS[self.party], "--text", text, "--yes", timeout=120)
            self.made.append(text)
            if result.code == OK and "on the record" in result.out:
                self.acknowledged.append(text)
                self.last = time.monotonic()
            else:
                self.turn()

    def wait_acknowledged(self, since, seconds):
        end = since + seconds
        while self.last < since:
            check(time.monotonic() < end, f"{self.party}: nothing was acknowledged for {seconds} s")
            time.sleep(0.05)

    def end(self):
        self.ending = True
        self.join()


class Stage:
    """A small process, whose record moves into the database when it is first served from there; two servers on it, and
    everybody acts."""

    def __init__(self, folder, uri):
        self.p = Process(folder).build()
        self.name = name = read(os.path.join(self.p.ledger, "origin")).decode().strip().rpartition("/")[2]
        second = self.p.ledger + "-2"
        shutil.copytree(self.p.ledger, second)
        self.servers = [Server(self.p.ledger, uri, name)]
        self.servers[0].wait(self.servers[0].leads, 20)
        self.servers.append(Server(second, uri, name))
        self.servers[1].wait(self.servers[1].follows, 20)
        self.clients = [Client(self.p, party, self.servers) for party in ACTS]
        for client in self.clients:
            client.start()
        self.progress(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.ending = True
        for server in self.servers:
            server.end()

    def progress(self, seconds):
        """Everybody gets something acknowledged from now on, within this time."""
        since = time.monotonic()
        for client in self.clients:
            client.wait_acknowledged(since, seconds)

    def judge(self, database):
        """Nothing acknowledged is missing, nothing is there twice, and what waited in an outbox has come."""
        for client in self.clients:
            client.end()
        for party in ACTS:
            self.p.run(party, "sync", timeout=120)
            waiting = self.p.run(party, "outbox", "--json").json()["waiting"]
            check(not waiting, f"{party} still waits with acts:", waiting)
        logs = [self.p.log(party) for party in ACTS]
        check(all(json.dumps(log) == json.dumps(logs[0]) for log in logs), "the replicas differ")
        record = database.psql("SELECT encode(note, 'escape') FROM lockstep.entries ORDER BY index")
        for client in self.clients:
            for text in client.acknowledged:
                check(record.count(text) == 1, f"acknowledged, and there {record.count(text)} times: {text}")
            for text in client.made:
                check(record.count(text) <= 1, f"there {record.count(text)} times: {text}")
        run("ledger", "check", database.uri, "--name", self.name).says("acceptable where they stand")


@case
def a_dead_server_is_replaced(folder):
    with cluster() as database, Stage(folder, database.uri) as stage:
        stage.servers[0].send(signal.SIGKILL)
        stage.servers[1].wait(stage.servers[1].leads, TAKEOVER)
        stage.progress(TAKEOVER + SLACK)
        stage.judge(database)


@case
def a_server_that_hung_is_fenced(folder):
    with cluster() as database, Stage(folder, database.uri) as stage:
        stage.servers[0].send(signal.SIGSTOP)
        stage.servers[1].wait(stage.servers[1].leads, TAKEOVER)
        stage.servers[0].send(signal.SIGCONT)
        time.sleep(2)
        check(not stage.servers[0].leads(), "both lead")
        stage.progress(TAKEOVER + SLACK)
        stage.judge(database)


@case
def the_database_fails_over(folder):
    with cluster() as primary:
        standby = primary.standby()
        with Stage(folder, either(primary, standby)) as stage:
            primary.kill()
            standby.promote()
            stage.progress(TAKEOVER + SLACK)
            stage.judge(standby)


if __name__ == "__main__":
    main()
