#!/usr/bin/env python3
"""Every write to PostgreSQL fails once before and once after it persisted: a relay between the store and the server
reads their conversation and cuts it at one place. Afterwards everything is there once, whatever the place.
"""
import contextlib
import os
import re
import socket
import struct
import tempfile
import threading
import time

from lockstep import case, check, main
from databases import Driver, cluster, dump

WRITES = re.compile(rb"(WITH|INSERT|UPDATE|DELETE|COMMIT|CREATE)\b")
PORT = ".s.PGSQL.5432"  # the socket's name in its folder

# Files are stored in several statements, of which a lost connection takes the first ones back: then it fails, and is
# given again.
COMMANDS = ["take 60", "append 3", "publish 0", "append 2", "attach 1500000", "publish 0", "finalize 0", "renew 60",
            "append 0", "append 1", "post 1000", "post 2000", "drop 1000"]


class Relay:
    """Passes everything on, and cuts at the write with this number: `before` (the server never sees it), `after` (the
    client never sees the answer), or `within` (nobody waits for anything). Deaf: nobody is connected afterwards."""

    def __init__(self, server, number=None, how=None, deaf=False):
        self.target, self.number, self.how, self.deaf = os.path.join(server.folder, PORT), number, how, deaf
        self.folder = tempfile.mkdtemp(prefix="lockstep-relay-", dir="/tmp")
        self.uri = server.uri.replace(server.folder, self.folder)
        self.seen, self.cut_at, self.lock = [], None, threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(self.folder, PORT))
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        os.unlink(os.path.join(self.folder, PORT))
        os.rmdir(self.folder)

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.deaf and self.cut_at is not None:
                    client.close()
                else:
                    Conversation(self, client)

    def counts(self, sql):
        """True if the conversation is to be cut at this write."""
        with self.lock:
            self.seen.append(sql)
            if len(self.seen) - 1 != self.number or self.cut_at is not None:
                return False
            self.cut_at = sql
            return True


class Conversation:
    """One connection. Messages are a letter, a length that counts itself, and what it says; the first has no letter."""

    def __init__(self, relay, client):
        self.relay, self.client = relay, client
        self.server = socket.socket(socket.AF_UNIX)
        self.server.connect(relay.target)
        self.statements, self.swallow, self.answered = {}, False, threading.Event()
        for side in (self.from_client, self.from_server):
            threading.Thread(target=self.until_closed, args=(side,), daemon=True).start()

    def until_closed(self, side):
        with contextlib.suppress(OSError, EOFError):
            side()
        self.close()

    def close(self):
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    @staticmethod
    def exactly(end, count):
        data = b""
        while len(data) < count:
            more = end.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def message(self, end, letters=1):
        head = self.exactly(end, letters + 4)
        return head[:letters], head + self.exactly(end, struct.unpack(">I", head[letters:])[0] - 4)

    def from_client(self):
        self.server.sendall(self.message(self.client, 0)[1])
        while True:
            letter, message = self.message(self.client)
            sql = self.runs(letter, message[5:])
            if sql is not None and WRITES.match(sql) and self.relay.counts(sql):
                self.cut(message)
                return
            self.server.sendall(message)

    def runs(self, letter, body):
        """The statement that a message runs, if it runs one."""
        if letter == b"P":
            name, sql = body.split(b"\0")[:2]
            self.statements[name] = sql
        return self.statements.get(body.split(b"\0")[1]) if letter == b"B" else body if letter == b"Q" else None

    def cut(self, message):
        if self.relay.how == "before":
            return
        self.swallow = self.relay.how == "after"
        self.server.sendall(message)
        while message[:1] not in (b"S", b"Q"):  # up to where the server is asked to carry it out
            message = self.message(self.client)[1]
            self.server.sendall(message)
        if self.swallow:
            self.answered.wait(10)

    def from_server(self):
        while True:
            letter, message = self.message(self.server)
            if not self.swallow:
                self.client.sendall(message)
            elif letter == b"Z":  # it is done, and ready for the next
                self.answered.set()


def carry_out(uri):
    """Gives all commands; what fails is given again, once."""
    with Driver(uri, "only", "obey") as only:
        for command in COMMANDS:
            answer = only.obey(command)
            if command.startswith("attach") and answer.startswith("failed store: "):
                answer = only.obey(command)
            check(answer == "ok", f"{command!r}: {answer}")
        return only.acknowledged()


def content(uri):
    """What is in the store, without the epochs, which are times."""
    return [re.sub("epoch [0-9]+", "epoch", line) for line in dump(uri)]


def forget(server):
    server.psql("DROP SCHEMA IF EXISTS lockstep CASCADE")


@case
def every_write_fails_before_and_after_it_persisted(_folder):
    with cluster() as server:
        with Relay(server) as relay:
            carry_out(relay.uri)
            writes, wanted = list(relay.seen), content(server.uri)
        check(len(wanted) == 9 and len(writes) >= 18, wanted, writes)
        # The first write of a connection makes the tables: without it there is none, and the command is given again.
        first = next(i for i, sql in enumerate(writes) if b"clock_timestamp" in sql)
        for number in range(first, len(writes)):
            for how in ("before", "after", "within"):
                forget(server)
                with Relay(server, number, how) as relay:
                    acknowledged = carry_out(relay.uri)
                    check(relay.cut_at == writes[number], f"write {number} was another: {relay.cut_at}")
                found = content(server.uri)
                check(found == wanted, f"cut {how} {writes[number]}:\n{found}\ninstead of\n{wanted}")
                check(len(acknowledged) == 6, acknowledged)
                check(server.psql("SELECT count(DISTINCT upload) FROM lockstep.pieces") == "1", "pieces are left")


@case
def making_the_tables_fails_before_and_after(_folder):
    with cluster() as server:
        for number in range(3):
            for how in ("before", "after", "within"):
                forget(server)
                with Relay(server, number, how) as relay:
                    with Driver(relay.uri, "only", "obey") as only:
                        only.next("failed store: ")
                    carry_out(relay.uri)
                check(len(content(server.uri)) == 9, "something is missing")


@case
def a_server_that_stays_away_is_said_to(_folder):
    """The outcome is not known, and nothing is acknowledged; afterwards all is there, or nothing."""
    with cluster() as server:
        with Driver(server.uri, "before", "obey") as before:
            check(before.obey("take 0") == "ok", "the lead")
        touch_and_take = 2
        for how, found in (("before", 0), ("after", 1)):
            server.psql("DELETE FROM lockstep.entries; UPDATE lockstep.ledgers SET size = 0, expires = 'epoch'")
            with Relay(server, touch_and_take, how, deaf=True) as relay:
                with Driver(relay.uri, "only", "obey") as only:
                    answer = only.obey("take 0")
                    check(answer == "ok", answer, relay.seen)
                    began = time.monotonic()
                    answer = only.obey("append 1")
                    check(answer.startswith("failed store: PostgreSQL: "), answer)
                    check(time.monotonic() - began < 40, "it took too long")
                    check(not only.acknowledged(), "acknowledged")
            check(len(dump(server.uri)) == 1 + found, how)


if __name__ == "__main__":
    main()
