#!/usr/bin/env python3
"""Everything over TLS, under an authority of one's own: a server, a cosigner that it asks, and delegations; and what each
says to a certificate that another authority has signed."""
import os
import ssl
import subprocess
import urllib.request

from lockstep import ENVIRONMENT, case, check, main, run, write
from serving import Crowd, Daemon, free_port


class Small(Crowd):
    EXTRAS = ()


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


class Authority:
    """Makes certificates for 127.0.0.1."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.file, self.key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
                "basicConstraints=critical,CA:TRUE", "-out", self.file, "-keyout", self.key)

    def certificate(self, name):
        """Options for whoever shows it."""
        path = os.path.join(self.folder, name)
        extensions = write(path + ".ext", "subjectAltName=IP:127.0.0.1\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-out", path + ".csr", "-keyout",
                path + ".key")
        openssl("x509", "-req", "-days", "2", "-in", path + ".csr", "-CA", self.file, "-CAkey", self.key,
                "-CAcreateserial", "-extfile", extensions, "-out", path + ".pem")
        os.chmod(path + ".key", 0o600)
        return ["--certificate", path + ".pem", "--key", path + ".key"]


class Place:
    """A process with a cosigner, both to be served over TLS."""

    def __init__(self, folder):
        self.ours, self.other = Authority(folder, "ours"), Authority(folder, "other")
        self.host, self.watch = self.ours.certificate("host"), self.ours.certificate("watch")
        self.watched = free_port()
        self.p = Small(os.path.join(folder, "process"), watch=self.watched, scheme="https")

    def serve(self, *options, env=None):
        server = Daemon("serve", self.p.ledger, "--listen", "127.0.0.1:0", *self.host, *options, env=env)
        port = server.wait(r"listens on port (\d+)").group(1)
        self.url = f"https://127.0.0.1:{port}/small"
        return server

    def cosign(self, *options, env=None):
        return Daemon("cosign", self.p.path("watch"), "--listen", f"127.0.0.1:{self.watched}", "--interval", "1",
                      *self.watch, "--follow", self.url, "--charter", self.p.fingerprint(), *options,
                      env={**self.p.WATCH, **(env or {})})


@case
def daemons_trust_whom_the_environment_names(folder):
    place = Place(folder)
    trusting = {"LOCKSTEP_AUTHORITY": place.ours.file}
    server = place.serve(env=trusting)
    cosigner = place.cosign(env=trusting)
    server.wait(r"event=cosigned .*watch")
    cosigner.wait(r'event=host .*text="reached"')
    cosigner.stop()
    server.stop()


@case
def all_of_it_under_an_authority_of_ones_own(folder):
    """Which --authority names, or LOCKSTEP_AUTHORITY: everywhere the same."""
    place = Place(folder)
    p, ours, trusting = place.p, place.ours.file, {"LOCKSTEP_AUTHORITY": place.ours.file}
    server = place.serve("--authority", ours)
    cosigner = place.cosign("--authority", ours)
    server.wait(r"event=cosigned .*watch")
    cosigner.wait(r'event=host .*text="reached"')
    for options, env in ((["--authority", ours], None), ([], trusting)):
        p.run("usa", "ledger", "set", place.url)
        found = p.run("usa", "sync", "--json", *options, env=env).json()
        check(found["reached"] and found["final"] > 0, found)
        run("ledger", "check", place.url, *options, env=env)
        run("ledger", "export", os.path.join(folder, "tree"), "--from", place.url, *options, env=env)
        run("audit", place.url, p.ledger, *options, env=env)
    # What the option says goes before the environment.
    check(p.run("usa", "sync", "--json", "--authority", ours, env={"LOCKSTEP_AUTHORITY": place.other.file}).json()["reached"],
          "the option")
    with urllib.request.urlopen(place.url + "/checkpoint",
                                context=ssl.create_default_context(cafile=ours)) as answer:
        check(answer.read().startswith(b"exercise.rok.example/small\n"), "another client")
    cosigner.stop()
    server.stop()


@case
def whom_another_authority_has_certified_is_refused(folder):
    place = Place(folder)
    p, other = place.p, place.other.file
    server = place.serve("--authority", other)
    cosigner = place.cosign("--authority", other)
    server.wait(r"event=not-cosigned .*certificate")
    cosigner.wait(r"event=host .*certificate")
    p.run("usa", "ledger", "set", place.url)
    for options, env in ((["--authority", other], None), ([], {"LOCKSTEP_AUTHORITY": other}), ([], None)):
        run("ledger", "check", place.url, *options, env=env, code=ENVIRONMENT).complains(
            "certificate", "hint:", "--authority", "LOCKSTEP_AUTHORITY")
        # A delegation goes on with what it has, as with any server that it can't reach, and is told why.
        found = p.run("usa", "sync", "--json", *options, env=env, code=ENVIRONMENT).complains("certificate", "--authority").json()
        check(not found["reached"], found)
    run("ledger", "check", place.url, "--authority", "nowhere.pem", code=ENVIRONMENT).complains("nowhere.pem")
    cosigner.stop()
    server.stop()


if __name__ == "__main__":
    main()
