#!/usr/bin/env python3
"""A million acts: served, read by who trusts nobody, and their tiles beside those of nginx.

bench_serve posts them to the real server, from 64 clients, and leaves the ledger; then wrk reads a checkpoint and full
tiles from the server and, in turns, the same bytes from nginx, one worker each; then bench_replay copies, audits and
checks the whole ledger. BENCH_ACTS sets another number of acts. The server, the clients, wrk and nginx share the
machine's processors.
"""
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time

ACTS = os.environ.get("BENCH_ACTS", "1000000")
LOCKSTEP = os.environ["LOCKSTEP"]
PROGRAMS = os.path.join(os.environ["LOCKSTEP_BUILD"], "bench")
LEDGER = os.path.abspath("ledger")
ROUNDS = 5
SECONDS = 2
PATHS = {"checkpoint": "/bench/checkpoint", "tile": "/bench/tile/0/000", "entries": "/bench/tile/entries/000"}

NGINX = """
daemon off;
{user}
worker_processes 1;
error_log {folder}/error.log;
pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=100;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/root; }}
}}
"""


def figure(name, value, unit):
    print(json.dumps({"name": name, "value": value, "unit": unit}), flush=True)


def get(port, path):
    """Status and body; 0 while nobody listens."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""


def wait_for(port, path):
    until = time.monotonic() + 120
    while get(port, path)[0] != 200:
        if time.monotonic() > until:
            sys.exit(f"serve.py: nothing at port {port}")
        time.sleep(0.05)


def start_lockstep():
    with open("serve.log", "w", encoding="utf-8") as log:
        command = [LOCKSTEP, "serve", LEDGER, "--listen", "127.0.0.1:0", "--threads", "1"]
        server = subprocess.Popen(command, stderr=log)
    port = None
    while port is None:
        time.sleep(0.05)
        with open("serve.log", encoding="utf-8") as log:
            port = re.search(r"listens on port (\d+)", log.read())
    started = time.monotonic()
    wait_for(int(port[1]), PATHS["checkpoint"])
    figure("server_replays_in_s", time.monotonic() - started, "s")
    return server, int(port[1])


def start_nginx(port):
    """Serves the very bytes that our server answers with."""
    folder = os.path.abspath("nginx")
    for path in PATHS.values():
        file = folder + "/root" + path
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(get(port, path)[1])
    with open(folder + "/nginx.conf", "w", encoding="utf-8") as out:
        out.write(NGINX.format(user="user root;" if os.geteuid() == 0 else "", folder=folder, port=port + 1))
    server = subprocess.Popen(["nginx", "-c", folder + "/nginx.conf", "-e", folder + "/error.log"])
    wait_for(port + 1, PATHS["checkpoint"])
    return server, port + 1


def rate(port, path):
    """Requests a second, by the clock."""
    command = ["wrk", "-t1", "-c64", f"-d{SECONDS}s", f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit("serve.py: wrk: " + said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def bench_tiles():
    ours, port = start_lockstep()
    nginx, other = start_nginx(port)
    shares = []
    for name, path in PATHS.items():
        pairs = [(rate(port, path), rate(other, path)) for _ in range(ROUNDS)]
        shares.append(statistics.median(a / b for a, b in pairs))
        figure(f"{name}_per_s", statistics.median(a for a, _ in pairs), "requests/s")
        figure(f"{name}_vs_nginx", shares[-1], "ratio")
    figure("tiles_vs_nginx", min(shares), "ratio")
    for server in (ours, nginx):
        server.terminate()
        server.wait()


def main():
    subprocess.run([PROGRAMS + "/bench_serve", LOCKSTEP, LEDGER, ACTS], check=True)
    bench_tiles()
    subprocess.run([PROGRAMS + "/bench_replay", LOCKSTEP, LEDGER], check=True)


if __name__ == "__main__":
    main()
