"""A host that shares no code with the program: hands out a ledger's folder over HTTP in the forms of the protocol, and
gives what is posted to the host's workspace, as a courier would.

    with Host(process) as host:                 # a Process of lockstep.py, whose workspace rok is on the folder
        run("-C", ..., "ledger", "set", host.url)
"""
import http.server
import json
import os
import socketserver
import struct
import tarfile
import threading
from io import BytesIO

from lockstep import OK, attempt, read, read_store, write
from world import bundle

NAME = "small"
MISSING = b"attachment-absent\nit is not here\n\n"
BUSY = b"server-busy\nit is busy\ntry again\n"
DENIED = b"access-note\nreading this ledger takes an access note\n\n"
NOWHERE = b"no-such-path\nthere is nothing at this path\n\n"


def acts_by_courier(process, note, files):
    head = f"lockstep courier v1\ncarries: acts\nprocess: {process}\nparty: usa\nsize: 0\n".encode()
    return bundle("courier", [("courier", head), ("act/1.note", note), *files])


def unpack(body):
    """The act of a draft bundle, and its files."""
    with tarfile.open(fileobj=BytesIO(body)) as archive:
        found = {m.name: archive.extractfile(m).read() for m in archive.getmembers()}
    return found["act.note"], [(name, found[name]) for name in found if name.startswith("attachments/")]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="text/plain; charset=utf-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        host = self.server.host
        path = self.path.removeprefix(f"/{NAME}/")
        if path == self.path:
            return self.reply(404, NOWHERE)
        if host.is_busy():
            return self.reply(503, BUSY)
        if not host.admits(self.headers["Authorization"]):
            return self.reply(401, DENIED)
        content = host.content(path)
        return self.reply(200, content) if content else self.reply(404, MISSING)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.host.is_busy():
            return self.reply(503, BUSY)
        if self.path != f"/{NAME}/act":
            return self.reply(404, NOWHERE)
        note, files = (body, []) if self.headers["Content-Type"].startswith("text/plain") else unpack(body)
        return self.reply(*self.server.host.take(note, files))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass  # clients that are killed


class Host:
    def __init__(self, process, port=0):
        self.process, self.lock = process, threading.Lock()
        self.busy = 0  # requests that are turned away first
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.host = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/{NAME}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def admits(self, authorization):
        """Who may read; everybody, unless a test says otherwise."""
        return True

    def is_busy(self):
        self.busy -= self.busy > 0
        return self.busy > 0

    def record(self):
        return read_store(self.process.ledger)

    def content(self, path):
        """What is at a path, or nothing."""
        entries, checkpoint = self.record()
        if path in ("checkpoint", "checkpoint/latest"):
            return checkpoint
        if path.startswith("tile/entries/"):
            number, _, width = path.removeprefix("tile/entries/").partition(".p/")
            first, width = 256 * int(number.replace("x", "").replace("/", "")), int(width or 256)
            tile = entries[first:first + width]
            return b"".join(struct.pack(">H", len(e)) + e for e in tile) if len(tile) == width else None
        file = os.path.join(self.process.ledger, "attachments", os.path.basename(path))
        return read(file) if path.startswith("attachment/") and os.path.exists(file) else None

    def take(self, note, files):
        """Status and body: the act's place, or why it is refused."""
        rok = self.process.path("rok")
        charter = json.loads(read(os.path.join(rok, "workspace.json")))["process"]
        with self.lock:
            file = write(self.process.path("posted.courier"), acts_by_courier(charter, note, files))
            result = attempt("-C", rok, "sync", "--from", file, "--json")
        if result.code != OK:
            return 500, b"store\nthe host could not take it\n\n"
        act = result.json()["acts"][0]
        if not act["filed"]:
            return 422, f"act-refused\n{act['reason']}\nmake it again\n".encode()
        return 201, b"%d\n\n" % act["index"] + self.content("checkpoint")
