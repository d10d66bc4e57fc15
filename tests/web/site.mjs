/** What the browser tests share: packages, a server for a folder, copies of sites with something changed. */
import { cpSync, createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, normalize } from 'node:path';

/** From the folder into which tools/build-web put them. */
export const packages = createRequire(join(process.env.LOCKSTEP_NODE, 'package.json'));

const TYPES = {
    html: 'text/html; charset=utf-8',
    js: 'text/javascript',
    css: 'text/css',
    svg: 'image/svg+xml',
    json: 'application/json',
    wasm: 'application/wasm',
    xml: 'application/atom+xml',
    png: 'image/png',
};

const PAUSE = 700; // milliseconds

/** Serves a folder. instead: contents that are served in place of files, by path; of two parts the second comes late. sent: bytes of what was asked for. */
export function serve(folder, instead = {}) {
    const sent = new Map();
    const server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
        if (Object.hasOwn(instead, path)) {
            const [first, ...late] = [instead[path]].flat();
            response.writeHead(200, { 'content-type': TYPES[path.split('.').pop()] }).write(first);
            setTimeout(() => response.end(late.join('')), late.length > 0 ? PAUSE : 0);
            return;
        }
        let file = join(folder, normalize(path));
        try {
            file = statSync(file).isDirectory() ? join(file, 'index.html') : file;
            const size = statSync(file).size;
            const type =
                TYPES[file.split('.').pop()] ??
                (/\/checkpoint$/.test(file) ? 'text/plain; charset=utf-8' : 'application/octet-stream');
            response.writeHead(200, { 'content-type': type, 'content-length': size });
            sent.set(path, (sent.get(path) ?? 0) + size);
            createReadStream(file).pipe(response);
        } catch {
            response.writeHead(404).end();
        }
    });
    return new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
            const url = `http://127.0.0.1:${server.address().port}/`;
            resolve({
                url,
                sent,
                close: () =>
                    new Promise((done) => {
                        server.closeAllConnections();
                        server.close(done);
                    }),
            });
        });
    });
}

/** A copy of a site. Hard to tell from it but for what the caller changes. */
export function copy(site, to) {
    cpSync(site, to, { recursive: true });
    return to;
}

/** Changes one byte of a file; where: an offset, or a text whose first occurrence's first byte is meant. */
export function changeByte(file, where = -1) {
    const bytes = readFileSync(file);
    const at = typeof where === 'string' ? bytes.indexOf(where) : where < 0 ? bytes.length + where : where;
    if (at < 0 || at >= bytes.length) {
        throw new Error(`${file}: nothing to change at ${where}`);
    }
    // A digit stays a digit and a letter a letter, so that forms hold and only what they say is another.
    const b = bytes[at];
    bytes[at] =
        b === 0x39 || b === 0x7a || b === 0x5a
            ? b - 1
            : (b >= 0x30 && b < 0x39) || (b >= 0x41 && b < 0x7a)
              ? b + 1
              : b ^ 1;
    writeFileSync(file, bytes);
}

export function changeText(file, from, to) {
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) {
        throw new Error(`${file} does not hold ${from}`);
    }
    writeFileSync(file, text.replace(from, to));
}
