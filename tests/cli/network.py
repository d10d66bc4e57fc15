"""Hosts on one machine: network namespaces around a bridge, with links that can be cut, lose packets, and be slow.

    with Network("usa", "dprk", "host") as net:
        server = net["host"].start([...])
        net["usa"].run([...])
        net["dprk"].cut()
        net["usa"].lose(30)                       # percent of what arrives, by nftables
        port = net.relay("host", 8080, delay=0.2) # on the bridge: who connects there reaches the host, later

tc netem is not in every kernel, so that loss is made by nftables and delay by a relay. Needs root, iproute2 and nft;
where they are missing, Network raises Skip. Everything lives in namespaces of our own making and ends with them.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import sys

from lockstep import Skip

SUBNET = "10.97.0"  # inside the namespaces only

RELAY = """
import asyncio, sys
host, port, listen, delay = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])

async def pipe(reader, writer):
    try:
        while data := await reader.read(65536):
            await asyncio.sleep(delay)
            writer.write(data)
            await writer.drain()
    except (ConnectionError, OSError):
        pass
    finally:
        writer.close()

async def serve(reader, writer):
    try:
        there = await asyncio.open_connection(host, port)
    except OSError:
        writer.close()
        return
    await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))

async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", listen)
    print("ready", flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def quiet(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Host:
    def __init__(self, net, name, number):
        self.net, self.name = net, name
        self.space = f"{net.prefix}-{name}"
        self.link = f"v{net.number}-{number}"  # its end at the bridge
        self.address = f"{SUBNET}.{number}"
        self.jobs = []

    def command(self, args):
        return ["ip", "netns", "exec", self.space, *args]

    def run(self, args, **options):
        return subprocess.run(self.command(args), **options)

    def start(self, args, **options):
        """A process that ends with the network at the latest."""
        job = subprocess.Popen(self.command(args), start_new_session=True, **options)
        self.jobs.append(job)
        return job

    def cut(self):
        self.net.at_bridge("ip", "link", "set", self.link, "down")

    def join(self):
        self.net.at_bridge("ip", "link", "set", self.link, "up")

    def lose(self, percent):
        """Drops this share of the packets that arrive; 0: none."""
        self.run(["nft", "delete", "table", "inet", "loss"], capture_output=True, check=False)
        if percent > 0:
            rules = (f"table inet loss {{\n chain in {{\n  type filter hook input priority 0;\n"
                     f"  iifname != lo numgen random mod 100 < {percent} drop;\n }}\n}}\n")
            self.run(["nft", "-f", "-"], input=rules.encode(), check=True)

    def end(self):
        for job in self.jobs:
            if job.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(job.pid, signal.SIGKILL)
                job.wait()


class Network:
    count = 0

    def __init__(self, *names):
        if os.geteuid() != 0:
            raise Skip("only root makes network namespaces")
        for tool in ("ip", "nft"):
            if shutil.which(tool) is None:
                raise Skip(f"there is no {tool}")
        Network.count += 1
        self.number = os.getpid() * 10 % 100000 + Network.count
        self.prefix = f"lockstep{self.number}"
        self.bridge = f"{self.prefix}-bridge"
        self.hosts = {name: Host(self, name, i + 2) for i, name in enumerate(names)}
        self.relays = []

    def __getitem__(self, name):
        return self.hosts[name]

    def at_bridge(self, *command):
        quiet("ip", "netns", "exec", self.bridge, *command)

    def __enter__(self):
        try:
            self.build()
        except RuntimeError as error:
            self.tear_down()
            raise Skip(f"no network namespaces here: {error}") from None
        return self

    def build(self):
        quiet("ip", "netns", "add", self.bridge)
        self.at_bridge("ip", "link", "set", "lo", "up")
        self.at_bridge("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0")
        self.at_bridge("ip", "addr", "add", f"{SUBNET}.1/24", "dev", "br0")
        self.at_bridge("ip", "link", "set", "br0", "up")
        for host in self.hosts.values():
            quiet("ip", "netns", "add", host.space)
            quiet("ip", "link", "add", host.link, "netns", self.bridge, "type", "veth", "peer", "name", "eth0", "netns",
                  host.space)
            self.at_bridge("ip", "link", "set", host.link, "master", "br0", "up")
            for command in (["ip", "addr", "add", f"{host.address}/24", "dev", "eth0"],
                            ["ip", "link", "set", "eth0", "up"], ["ip", "link", "set", "lo", "up"]):
                quiet(*host.command(command))

    def relay(self, name, port, delay):
        """Listens at the bridge, SUBNET.1, on a port of its own, which it returns."""
        listen = 9000 + len(self.relays)
        command = [sys.executable, "-c", RELAY, self.hosts[name].address, str(port), str(listen), str(delay)]
        job = subprocess.Popen(["ip", "netns", "exec", self.bridge, *command], stdout=subprocess.PIPE, text=True,
                               start_new_session=True)
        self.relays.append(job)
        if job.stdout.readline() != "ready\n":
            raise RuntimeError("the relay did not start")
        return f"{SUBNET}.1:{listen}"

    def tear_down(self):
        for host in self.hosts.values():
            host.end()
        for job in self.relays:
            os.killpg(job.pid, signal.SIGKILL)
            job.wait()
            job.stdout.close()
        for space in [host.space for host in self.hosts.values()] + [self.bridge]:
            subprocess.run(["ip", "netns", "delete", space], capture_output=True, check=False)

    def __exit__(self, *_):
        self.tear_down()
