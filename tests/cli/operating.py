#!/usr/bin/env python3
"""What whoever runs a server or a cosigner relies on: lines of the log that are whole, a start that fails at once or not at
all, one server that leads, and nothing for strangers."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

from lockstep import (BINARY, ENVIRONMENT, USAGE, Skip, case, check, check_ledger, environment, main, read, read_store, run,
                      write)
from prometheus import Exposition
from serving import Crowd, Daemon, Sender, Server, free_port

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


def without_a_start(*command, code=ENVIRONMENT, env=None):
    """It ends at once, says what would mend it, and has done nothing before."""
    result = run(*command, code=code, env=env).complains("error:")
    check("event=" not in result.err, "it has begun:", result)
    return result


@case
def what_can_not_be_served_is_not_begun(folder):
    crowd = Crowd(os.path.join(folder, "process"), watch=free_port())
    key, text = write("some.key", "no key\n"), write("some.pem", "no certificate\n")
    os.chmod(key, 0o600)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = f"127.0.0.1:{taken.getsockname()[1]}"
        for _ in range(3):
            without_a_start("serve", crowd.ledger, "--listen", busy).complains(busy, "hint: something else listens")
            without_a_start("cosign", crowd.path("watch"), "--listen", busy, "--follow", "http://127.0.0.1:1/small",
                            "--charter", crowd.fingerprint(), env=crowd.WATCH).complains(busy, "hint:")
    for what, env in ((("serve", crowd.ledger), None), (("cosign", crowd.path("watch")), crowd.WATCH)):
        place = ("--listen", "127.0.0.1:0")
        without_a_start(*what, *place, "--certificate", text, "--key", key, env=env).complains("hint: are certificate")
        without_a_start(*what, *place, "--certificate", "nowhere", "--key", key, env=env).complains("nowhere")
        without_a_start(*what, *place, "--certificate", text, code=USAGE, env=env).complains("key")
        without_a_start(*what, "--listen", "192.0.2.1:0", env=env).complains("hint: it is no address of this machine")


def leading(server):
    """What a server says of its one process in both ways."""
    health = json.loads(server.ask("GET", "/healthz")[1])["processes"][0]["leading"]
    shown = Exposition(server.ask("GET", "/metrics")[1]).one("lockstep_leading", process=server.name)
    return bool(shown) if bool(shown) == health else None


def wait_for(what, seconds=15):
    until = time.monotonic() + seconds
    while not what():
        check(time.monotonic() < until, "it does not come to that in", seconds, "s")
        time.sleep(0.05)


@case
def of_two_servers_on_a_folder_one_leads(folder):
    """The other says so, serves reads, takes no acts, and takes over when the first is killed. A delegation on the folder
    appends beside both."""
    crowd = Crowd(os.path.join(folder, "process"))
    first = Server(crowd.ledger).ready()
    wait_for(lambda: leading(first))
    second = Server(crowd.ledger).ready()
    second.wait("event=following .*another server leads")
    one, two = crowd.signers(read_store(crowd.ledger)[0], ("a", "b"))
    for _ in range(30):
        check(leading(first) and leading(second) is False, leading(first), leading(second))
        time.sleep(0.1)
    note = one.next("To the one that follows.")
    status, body, _ = second.ask("POST", "/small/act", note, Content_Type="text/plain")
    check(status == 503, status, body)
    check(first.ask("POST", "/small/act", note, Content_Type="text/plain")[0] == 201, "the one that leads")
    latest = first.ask("GET", "/small/checkpoint/latest")[1]
    wait_for(lambda: second.ask("GET", "/small/checkpoint/latest")[1] == latest)
    crowd.run("usa", "rekey", "usa-1", "--yes")
    check(leading(first) and leading(second) is False, "after an act past both")
    first.kill()
    wait_for(lambda: leading(second))
    second.wait("event=leading")
    answer = second.ask("POST", "/small/act", two.next("To the one that took over."), Content_Type="text/plain")
    check(answer[0] == 201, answer)
    second.stop()
    check_ledger(crowd.ledger)


# A machine with an address that is no loopback, and nobody else on its network: 192.0.2.0/24 is for documents.
HERE = "192.0.2.7"
MACHINE = ("unshare", "--map-root-user", "--net", "sh", "-c",
           f'ip link set lo up && ip addr add {HERE}/32 dev lo && exec "$@"', "sh")


def asked(server, url, *options):
    """Status and body, as somebody on a machine of its own gets them. Whoever asks an address comes from that address."""
    done = subprocess.run(["nsenter", "--target", str(server.job.pid), "--user", "--net", "--preserve-credentials", "curl",
                           "-sS", "-w", "%{http_code}", *options, url], capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    return int(done.stdout[-3:]), done.stdout[:-3]


@case
def strangers_learn_only_whether_it_works(folder):
    """Names and sizes of processes are not for everybody who reaches a server or a cosigner."""
    if not all(map(shutil.which, ("unshare", "nsenter", "ip", "curl"))) or subprocess.run(
            [*MACHINE, "true"], capture_output=True).returncode != 0:
        raise Skip("no network of one's own can be made here")
    crowd = Crowd(os.path.join(folder, "process"), watch=free_port(), public=False)
    options = ("--listen", ":0")
    for command, env, name in ((("serve", crowd.ledger, *options), None, "small"),
                               (("cosign", crowd.path("watch"), *options, "--follow", "http://127.0.0.1:1/small",
                                 "--charter", crowd.fingerprint()), crowd.WATCH, crowd.fingerprint())):
        server = Daemon(*command, env=env, wrapper=MACHINE)
        port = server.wait(r"listens on port (\d+)").group(1)
        for address in ("127.0.0.1", "127.8.7.6", "[::1]"):
            wait_for(lambda: asked(server, f"http://{address}:{port}/healthz")[0] == 200)
            status, body = asked(server, f"http://{address}:{port}/metrics")
            check(status == 200 and name in body, address, status, body)
            Exposition(body.encode())
            check(len(json.loads(asked(server, f"http://{address}:{port}/healthz")[1])) > 1, address)
        status, body = asked(server, f"http://{HERE}:{port}/healthz")
        check(status == 200 and json.loads(body) == {"status": "ok"}, status, body)
        # The Host that a client names, or a proxy's word for whom it asks, changes nothing.
        for head in ("Accept: */*", "Host: 127.0.0.1", "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1"):
            status, body = asked(server, f"http://{HERE}:{port}/metrics", "-H", head)
            check(status == 403 and body.startswith("local-only\n") and "small" not in body, head, status, body)
        server.stop()
    place = os.path.join(folder, "socket")
    server = Daemon("serve", crowd.ledger, "--listen", "unix:" + place)
    server.wait("event=started")
    by_socket = ["curl", "-sS", "--unix-socket", place, "http://x/metrics"]
    wait_for(lambda: Exposition(subprocess.run(by_socket, capture_output=True, check=True).stdout).one(
        "lockstep_leading", process="small") == 1)
    server.stop()


if __name__ == "__main__":
    main()
