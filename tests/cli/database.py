#!/usr/bin/env python3
"""A ledger's store in PostgreSQL while leaders die or hang, and servers do: who leads, what is acknowledged, and what a
role may do.
"""
import os
import re
import signal
import subprocess
import sys
import time

from lockstep import ROOT, SOAK, Process, case, check, main, run
from databases import (DRIVER, NAME, Driver, check_acknowledged, cluster, dump, either, entries, first_to_acknowledge,
                       resume, stop)
from postgres import NAME as ROLE

LEASE = "4"
TAKEOVER = 10  # seconds, at most


def start_two(uri):
    """Two who want the lead; the first has it."""
    first = Driver(uri, "first", "contend", LEASE)
    first.next("ack")
    second = Driver(uri, "second", "contend", LEASE)
    second.next("failed store-led: first leads")
    return first, second


@case
def a_dead_leader_is_replaced(_folder):
    with cluster() as server:
        first, second = start_two(server.uri)
        with first, second:
            time.sleep(1)
            first.kill()
            began = time.monotonic()
            second.next("ack", TAKEOVER)
            check(time.monotonic() - began < TAKEOVER, "it took too long")
            second.kill()
            texts = check_acknowledged(server.uri, first, second)
            check(len(texts) - len(first.acknowledged()) - len(second.acknowledged()) <= 10,
                  "more than two batches were never acknowledged")


@case
def a_leader_that_hung_writes_nothing_more(_folder):
    with cluster() as server:
        first, second = start_two(server.uri)
        with first, second:
            time.sleep(1)
            first.send(signal.SIGSTOP)
            second.next("ack", TAKEOVER)
            first.forget()
            first.send(signal.SIGCONT)
            first.next("failed store-conflict: ledger test/ledger: second has taken the lead|"
                       "failed store-conflict: second leads", TAKEOVER)
            second.forget()
            second.next("ack")
            first.kill()
            second.kill()
            texts = check_acknowledged(server.uri, first, second)
            took = next(i for i, text in enumerate(texts) if text.startswith("second"))
            check(not [text for text in texts[took:] if text.startswith("first")], "the fenced leader has written")


@case
def a_promoted_standby_has_everything(_folder):
    with cluster() as primary:
        standby = primary.standby()
        first, second = start_two(either(primary, standby))
        with first, second:
            for _ in range(50):
                first.next("ack")
            primary.kill()
            standby.promote()
            first.forget()
            second.forget()
            # Whoever comes first: a promotion may take longer than the lease of who led.
            leader = first_to_acknowledge([first, second], TAKEOVER)
            leader.kill()
            other = second if leader is first else first
            other.next("ack", TAKEOVER)
            other.kill()
            check_acknowledged(standby.uri, first, second)


@case
def a_ledger_moves_from_its_folder(folder):
    """What was on the record is in the database, and is checked there; nobody goes on with the folder."""
    with cluster() as server:
        p = Process(folder).build()
        p.declare()
        said = run("ledger", "check", p.ledger).out.splitlines()[1:]
        job = subprocess.run([DRIVER, server.uri, NAME, "mover", "move", p.ledger], stdout=subprocess.PIPE, text=True,
                             check=False)
        check(job.returncode == 0, job.stdout)
        uri = server.uri.replace("@", ":sesame@")
        run("ledger", "export", p.path("tree"), "--from", uri, "--name", NAME)
        moved = run("ledger", "check", uri, "--name", NAME)
        check(moved.out.splitlines()[1:] == said and "sesame" not in moved.out, moved, said)
        run("ledger", "check", p.path("tree")).says("all 6 are acceptable", "6 of the 6")
        p.attempt("usa", "perform", "pause", "--text", "Too late.", "--yes").complains("was moved into a database")


def a_primary_that_hangs_is_left(_folder):
    """Only time tells: as long as a connection that hangs is waited for, and more."""
    with cluster() as primary:
        standby = primary.standby()
        with Driver(either(primary, standby), "only", "contend", LEASE) as only:
            only.next("ack")
            stopped = primary.pids()
            stop(stopped)
            standby.promote()
            only.forget()
            only.next("ack", 60)
            only.kill()
            check_acknowledged(standby.uri, only)
            resume(stopped)


def broken_off(primary, entries, seconds=20):
    """Breaks the wait for a standby off, whenever it begins, until the primary shows so many entries."""
    until = time.monotonic() + seconds
    while primary.psql("SELECT count(*) FROM lockstep.entries") != str(entries):
        check(time.monotonic() < until, "the wait was not broken off")
        primary.psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        time.sleep(0.05)


@case
def what_no_standby_has_is_not_acknowledged(_folder):
    """Somebody breaks off the wait for the standby: the server then says that it committed, with a warning."""
    with cluster() as primary:
        standby = primary.standby()
        with Driver(primary.uri, "only", "obey") as only:
            check(only.obey("take 60") == "ok" and only.obey("append 1") == "ok", "the first append")
            stopped = standby.pids()
            stop(stopped)
            only.forget()
            only.tell("append 2")
            only.quiet("ok|ack", 1)
            broken_off(primary, 3)
            only.quiet("ok|ack", 2)
            resume(stopped)
            only.next("ok")
            check(len(only.acknowledged()) == 3, only.lines)
            check_acknowledged(primary.uri, only)


@case
def what_no_standby_has_is_not_read(_folder):
    """A primary that comes back from a crash shows what it had committed, whoever has it."""
    with cluster() as primary:
        standby = primary.standby()
        with Driver(primary.uri, "only", "obey") as only:
            check(only.obey("take 60") == "ok", "the lead")
            stopped = standby.pids()
            stop(stopped)
            only.tell("append 1")
            only.quiet("ok|ack", 1)
            only.kill()
        primary.kill()
        primary.start()
        check(primary.psql("SELECT count(*) FROM lockstep.entries") == "1", "the crash took the commit away")
        with Driver(primary.uri, "reader", "obey") as reader:
            reader.tell("look 0")
            reader.quiet("ok", 2)
            resume(stopped)
            reader.next("ok")
        check(len(entries(primary.uri)) == 1, "the entry is not there")


@case
def standbys_and_readers_only_read(_folder):
    with cluster() as primary:
        with Driver(primary.uri, "only", "obey") as only:
            for command in ("take 1", "append 3", "publish 0", "attach 1500000"):
                check(only.obey(command) == "ok", command)
        primary.psql("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA lockstep TO reader;"
                     "GRANT SELECT ON ALL TABLES IN SCHEMA lockstep TO reader")
        standby = primary.standby()
        wanted = dump(primary.uri)
        check(len(wanted) == 5, wanted)
        as_reader = primary.uri.replace(f"//{ROLE}@", "//reader@")
        for uri in (standby.uri, as_reader):
            check(dump(uri) == wanted, f"{uri} gives something else")
        with Driver(as_reader, "reader", "obey") as reader:
            answer = reader.obey("take 5")
            check(answer.startswith("failed store: PostgreSQL: permission denied"), answer)
        with Driver(standby.uri, "on the standby", "obey") as other:
            answer = other.obey("take 5")
            check(re.match("failed store: PostgreSQL: cannot execute .* in a read-only transaction", answer), answer)


@case
def damage_is_noticed(_folder):
    cases = {
        "DELETE FROM lockstep.entries WHERE index = 1": "entry 1 is missing",
        "UPDATE lockstep.ledgers SET size = 9": "entry 4 is missing",
        "UPDATE lockstep.checkpoints SET size = 3": "not those that were published",
        "DELETE FROM lockstep.checkpoints": "not those that were published",
        "DELETE FROM lockstep.pieces WHERE number = 1": "a piece of an attachment is missing",
        "UPDATE lockstep.pieces SET content = content || 'x' WHERE number = 1": "not what its hash says",
        "UPDATE lockstep.about SET version = 2": "another version",
        "DROP TABLE lockstep.entries": "does not exist",
    }
    with cluster() as server:
        with Driver(server.uri, "only", "obey") as only:
            for command in ("take 1", "append 4", "publish 0", "attach 1500000"):
                check(only.obey(command) == "ok", command)
        for sql, words in cases.items():
            server.psql("DROP DATABASE IF EXISTS broken", database="postgres")
            server.psql(f"CREATE DATABASE broken TEMPLATE {ROLE}", database="postgres")
            server.psql(sql, database="broken")
            last = dump(server.uri.replace(f"@/{ROLE}?", "@/broken?"), code=1)[-1]
            check(last.startswith("failed store-damaged:") and words in last, sql, "gives", last)


@case
def servers_that_forget_are_refused(_folder):
    with cluster("fsync = off\n") as server:
        with Driver(server.uri, "only", "obey") as only:
            answer = only.next("failed")
            check("fsync off" in answer, answer)


@case
def commits_are_synchronous_whatever_the_settings(_folder):
    with cluster() as server:
        server.psql(f"ALTER ROLE {ROLE} SET synchronous_commit = off;"
                    f"ALTER ROLE {ROLE} SET default_transaction_isolation = 'serializable'")
        with Driver(server.uri, "only", "obey") as only:
            check(only.obey("take 60") == "ok" and only.obey("append 5") == "ok", "the append")
            server.kill()
            server.start()
            check(only.obey("append 5") == "ok", "the append after the crash")
            check(len(check_acknowledged(server.uri, only)) == 10, "entries are missing")


@case
def errors_repeat_no_password(_folder):
    for uri in ("postgresql://me:sesame@[broken/db", "host=nowhere password=sesame port", "password='sesame",
                "postgresql://me:sesame@127.0.0.1:1/db?connect_timeout=2", "postgresql://me:sesame@/db?host=/nowhere"):
        job = subprocess.run([DRIVER, uri, "x", "x", "dump"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, timeout=60, check=False)
        check(job.returncode == 1 and job.stdout.startswith("failed "), job.stdout)
        check("sesame" not in job.stdout, job.stdout)


@case
def a_server_for_tests_ends_with_them(_folder):
    tool = os.path.join(ROOT, "tools", "with-postgres")
    command = [sys.executable, tool, "sh", "-c", 'echo "$LOCKSTEP_POSTGRES"; sleep 60']
    cluster().close()
    for number in (signal.SIGTERM, signal.SIGKILL):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as job:
            uri = job.stdout.readline().strip()
            folder = uri.partition("?host=")[2]
            with open(os.path.join(folder, "data", "postmaster.pid"), encoding="utf-8") as file:
                pid = int(file.readline())
            os.killpg(job.pid, number)
            job.wait()
        end = time.monotonic() + 10
        while os.path.exists(f"/proc/{pid}"):
            check(time.monotonic() < end, "the server is still there")
            time.sleep(0.05)
        check(number == signal.SIGKILL or not os.path.exists(folder), "the folder is still there")
        subprocess.run(["rm", "-rf", folder], check=True)


if SOAK:
    case(a_primary_that_hangs_is_left)

if __name__ == "__main__":
    main()
