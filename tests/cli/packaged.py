#!/usr/bin/env python3
"""What the packages bring along, as it stands in packaging/: the services' commands are run as systemd would run them, in
a folder instead of /var/lib/lockstep; their units and nginx's sample are read by the programs that they are for."""
import os
import re
import shlex
import shutil
import socket
import subprocess

from lockstep import BINARY, ROOT, Process, Skip, case, check, main, read, run, write
from serving import Daemon, free_port

PACKAGING = os.path.join(ROOT, "packaging")
COSIGNER = {"LOCKSTEP_PASSPHRASE": "one for the cosigner"}


def packaged(name):
    return read(os.path.join(PACKAGING, name)).decode()


def variables(text):
    """Of an EnvironmentFile, whose quotes systemd takes away."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: shlex.split(value)[0] if value else "" for name, _, value in (line.partition("=") for line in lines)}


def exec_start(unit, env):
    """systemd.service(5), "Command lines": a word that is $NAME becomes the words of its value, and ${NAME} is replaced
    wherever it stands; any other $ is the program's."""
    line, = re.findall(r"(?m)^ExecStart=(.*)$", unit)
    for word in shlex.split(line):
        if re.fullmatch(r"\$\w+", word):
            yield from env.get(word[1:], "").split()
        else:
            yield re.sub(r"\$\{(\w+)\}", lambda name: env.get(name.group(1), ""), word)


def moved(text, folder):
    """With the program that is tested, and this folder, in the place of those that a package installs."""
    return text.replace("/usr/bin/lockstep", BINARY).replace("/var/lib/lockstep", folder).replace("%i", "watch")


class Service(Daemon):
    """A unit's command, with the environment that it would have."""

    def __init__(self, unit, folder, env):
        words = list(exec_start(moved(packaged(unit), folder), env))
        if words[0] == BINARY:
            super().__init__(*words[1:], env=env)
        else:  # A shell, which takes the name of our program, that comes behind its command, for $0.
            super().__init__(env=env, wrapper=words)


@case
def the_server_starts_with_the_packaged_options(folder):
    p = Process(folder)
    os.makedirs(p.path("ledgers"))
    p.ledger = p.path("ledgers", "small")
    p.build()
    env = variables(packaged("lockstep.default"))
    check("127.0.0.1:8080" in env["LOCKSTEP_SERVE"], "nginx's sample and the services do not agree on a port", env)
    # Whatever else is on this machine has its ports.
    env = {name: value.replace("127.0.0.1:8080", "127.0.0.1:0") for name, value in env.items()}
    server = Service("lockstep-serve.service", folder, env)
    server.wait(r"event=started .*listens on port")
    server.wait(r"event=leading process=small")
    server.stop()


@case
def a_cosigner_starts_with_the_packaged_options(folder):
    home = os.path.join(folder, "cosigners", "watch")
    os.makedirs(os.path.dirname(home))
    run("init", home, "--outsider", "watch", "--domain", "watch.example", env=COSIGNER)
    write(os.path.join(folder, "passphrase"), COSIGNER["LOCKSTEP_PASSPHRASE"] + "\n")
    os.chmod(os.path.join(folder, "passphrase"), 0o400)
    for options in ("", "--listen 127.0.0.1:0"):
        cosigner = Service("lockstep-cosign@.service", folder,
                           {"CREDENTIALS_DIRECTORY": folder, "LOCKSTEP_COSIGN": options})
        cosigner.wait(r"event=started .*" + ("listens on port" if options else "looks at its hosts"))
        cosigner.stop()


@case
def systemd_understands_the_units(folder):
    if not shutil.which("systemd-analyze"):
        raise Skip("systemd-analyze is not installed")
    for name in ("lockstep-serve.service", "lockstep-cosign@.service"):
        unit = write(os.path.join(folder, name.replace("@", "@watch")), moved(packaged(name), folder))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        check(done.returncode == 0 and not done.stderr.strip(), name, done.stderr)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


def site(folder):
    """The sample, with certificates, folders and a port that there are here."""
    certificate, key = os.path.join(folder, "site.pem"), os.path.join(folder, "site.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=ledger.example",
                    "-out", certificate, "-keyout", key], check=True, capture_output=True)
    port, text = free_port(), packaged("nginx.conf")
    for found, here in ((r"/etc/letsencrypt/\S+/fullchain\.pem", certificate), (r"/etc/letsencrypt/\S+/privkey\.pem", key),
                        (r"/var/cache/nginx/lockstep", os.path.join(folder, "cache")),
                        (r"/var/log/nginx/", folder + "/"), (r"listen 443 ", f"listen 127.0.0.1:{port} "),
                        (r"listen \[::\]:443 ", f"listen [::1]:{port} ")):
        text, count = re.subn(found, here, text)
        check(count == 1, "no longer in nginx.conf:", found)
    return text if has_ipv6() else re.sub(r"(?m)^.*\[::1\].*\n", "", text)


@case
def nginx_understands_its_sample(folder):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        raise Skip("nginx is not installed")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = write(os.path.join(folder, "whole.conf"), f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
                                                      f"http {{\n{paths}{site(folder)}}}\n")
    done = subprocess.run([nginx, "-t", "-c", whole, "-p", folder, "-e", "stderr"], capture_output=True, text=True)
    check(done.returncode == 0 and "[warn]" not in done.stderr and "[emerg]" not in done.stderr, done.stderr)


if __name__ == "__main__":
    main()
