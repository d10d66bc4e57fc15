"""What the scripts about PostgreSQL share: clusters, and the store driver (tests/unit/store_driver.c), which leads,
writes and says what happened.
"""
import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time

from lockstep import ROOT, Skip, check

sys.path.insert(0, os.path.join(ROOT, "tests", "fixture"))
import postgres  # noqa: E402

DRIVER = os.path.join(os.environ.get("LOCKSTEP_BUILD") or os.path.join(ROOT, "build"), "tests", "store_driver")
NAME = "test/ledger"


def cluster(settings=""):
    """A database server; the case is skipped where there can be none."""
    try:
        return postgres.Cluster(settings)
    except postgres.Absent as why:
        raise Skip(str(why)) from None


def either(first, second):
    """The connection string that finds whichever of two servers is the primary."""
    return (f"postgresql://{postgres.NAME}@/{postgres.NAME}?host={first.folder},{second.folder}"
            "&target_session_attrs=read-write")


class Driver:
    """A process over a store. What it says is kept in `lines`, each with its time."""

    def __init__(self, uri, holder, *mode):
        self.job = subprocess.Popen([DRIVER, uri, NAME, holder, *mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    text=True)
        self.lines, self.fresh = [], queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def read(self):
        for line in self.job.stdout:
            self.lines.append((time.monotonic(), line.rstrip("\n")))
            self.fresh.put(line.rstrip("\n"))

    def next(self, pattern, seconds=30):
        """Waits for a line that begins like this, and gives it."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self.fresh.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {pattern!r} in {seconds} s; last: {self.lines[-5:]}") from None
            if re.match(pattern, line):
                return line

    def forget(self):
        """What was said up to now counts no longer for `next`."""
        while not self.fresh.empty():
            self.fresh.get_nowait()

    def quiet(self, pattern, seconds):
        """Checks that no such line comes."""
        try:
            line = self.next(pattern, seconds)
        except AssertionError:
            return
        raise AssertionError(f"it says {line!r}")

    def tell(self, command):
        self.job.stdin.write(command + "\n")
        self.job.stdin.flush()

    def obey(self, command, seconds=60):
        """Gives a command and waits for its end: `ok`, or the line that says what failed."""
        self.tell(command)
        return self.next("ok|failed", seconds)

    def send(self, number):
        self.job.send_signal(number)

    def kill(self):
        self.job.kill()
        self.job.wait()
        self.reader.join()
        self.job.stdin.close()
        self.job.stdout.close()

    def acknowledged(self):
        """Index and text of every entry that it acknowledged."""
        acks = [line.split(" ", 2) for _, line in self.lines if line.startswith("ack ")]
        return [(int(index), text) for _, index, text in acks]


def first_to_acknowledge(drivers, seconds):
    """Waits until one of them acknowledges an entry, and gives it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for driver in drivers:
            with contextlib.suppress(AssertionError):
                driver.next("ack", 0.05)
                return driver
    raise AssertionError(f"nobody acknowledges in {seconds} s; last: {[driver.lines[-3:] for driver in drivers]}")


def dump(uri, seconds=60, code=0):
    """What is in the store: lines of its head, its entries and its files."""
    job = subprocess.run([DRIVER, uri, NAME, "only", "dump"], stdout=subprocess.PIPE, text=True, timeout=seconds,
                         stdin=subprocess.DEVNULL, check=False)
    check(job.returncode == code, f"the dump ends with {job.returncode}:", job.stdout[-2000:])
    return job.stdout.splitlines()


def entries(uri):
    """The texts of all entries, in order. Checks that none is there twice, and all roots."""
    lines = [line.split(" ", 1) for line in dump(uri) if re.match("[0-9]", line)]
    check([int(index) for index, _ in lines] == list(range(len(lines))), "entries are not numbered from 0")
    texts = [text for _, text in lines]
    check(not [text for text in texts if text.endswith("another's root")], "roots and entries do not fit")
    check(len(set(texts)) == len(texts), "an entry is there twice")
    return texts


def check_acknowledged(uri, *drivers):
    """Everything that was acknowledged is where it was said to be, once. Gives all entries."""
    texts = entries(uri)
    for driver in drivers:
        for index, text in driver.acknowledged():
            check(index < len(texts) and texts[index] == text, f"acknowledged, and not there: {index} {text}")
    return texts


def stop(pids):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)


def resume(pids):
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
