#!/usr/bin/env python3
"""What whoever runs a server or a cosigner relies on: lines of the log that are whole."""
import os
import re
import signal
import subprocess
import time

from lockstep import BINARY, case, check, environment, main, read, read_store
from serving import Crowd, Sender, free_port

LINE = re.compile(r'time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=(info|warning|error) event=[a-z-]+'
                  r'( [a-z]+=([^\s"]+|"[^"\\\x00-\x1f\x7f]*"))*')


class Logged:
    """A part of the program at work whose stderr is a file, which it may share with others."""

    def __init__(self, log, *command, env=None):
        self.log = log
        with open(log, "ab") as file:
            self.job = subprocess.Popen([BINARY, *command], env=environment(env), stdin=subprocess.DEVNULL,
                                        stdout=file, stderr=file)

    def wait(self, pattern, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, read(self.log).decode())
            if found:
                return found
            time.sleep(0.02)
        check(False, f"not said: {pattern}\n", read(self.log).decode()[-2000:])
        return None

    def stop(self):
        self.job.send_signal(signal.SIGTERM)
        check(self.job.wait(60) == 0, "it ended with", self.job.returncode, read(self.log).decode()[-2000:])


@case
def lines_of_the_log_are_whole(folder):
    """Under load, from several threads, and from a server and a cosigner that write into one file."""
    log, port = os.path.join(folder, "log"), free_port()
    crowd = Crowd(os.path.join(folder, "process"), watch=port)
    server = Logged(log, "serve", crowd.ledger, "--listen", "127.0.0.1:0")
    at = int(server.wait(r"listens on port (\d+)").group(1))
    signers = crowd.signers(read_store(crowd.ledger)[0])
    cosigner = Logged(log, "cosign", crowd.path("watch"), "--listen", f"127.0.0.1:{port}", "--interval", "1", "--follow",
                      f"http://127.0.0.1:{at}/small", "--charter", signers[0].process, env=crowd.WATCH)
    cosigner.wait("event=cosigned")
    senders = [Sender(signer, at) for signer in signers]
    for sender in senders:
        sender.start()
    time.sleep(8)
    for sender in senders:
        sender.end()
    cosigner.stop()
    server.stop()
    lines = read(log).decode().split("\n")
    check(lines.pop() == "" and len(lines) > 100, "too few to tell:", len(lines))
    torn = [line for line in lines if not LINE.fullmatch(line)]
    check(not torn, len(torn), "of", len(lines), "lines are torn:", *torn[:5])


if __name__ == "__main__":
    main()
