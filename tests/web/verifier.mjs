// The browser's verifier under Node, without any package: what the tests need of it, and no more.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

export const OK = 0, REFUSED = 1, FILE_NEEDED = 2, MEMORY = 3, MISUSED = 4;

/** Compiles the module; each `instance()` has a memory of its own. */
export function load(path) {
    const module = new WebAssembly.Module(readFileSync(path));
    return { module, instance: () => new Verifier(module) };
}

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true });

function bytesOf(data) {
    return typeof data === "string" ? encoder.encode(data) : data;
}

class Verifier {
    constructor(module) {
        const system = {
            random_get: (at, size) => {
                webcrypto.getRandomValues(new Uint8Array(this.exports.memory.buffer, at, size));
                return 0;
            },
        };
        this.exports = new WebAssembly.Instance(module, { wasi_snapshot_preview1: system }).exports;
        this.exports._initialize();
    }

    /** Lends bytes to the module while it works. */
    with(pieces, work) {
        const lent = pieces.map((piece) => {
            const bytes = bytesOf(piece), at = this.exports.web_alloc(bytes.length + 1);
            if (at === 0) throw new Error("the module has no memory");
            new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
            return [at, bytes.length];
        });
        try {
            return work(...lent.flat());
        } finally {
            for (const [at] of lent) this.exports.web_free(at);
        }
    }

    get result() {
        return decoder.decode(new Uint8Array(this.exports.memory.buffer, this.exports.web_result(),
            this.exports.web_result_size()));
    }

    get json() {
        return JSON.parse(this.result);
    }

    begin(charter = "") {
        return this.with([charter], (at, size) => this.exports.web_begin(at, size));
    }

    file(bytes) {
        return this.with([bytes], (at, size) => this.exports.web_file(at, size));
    }

    append(entry) {
        return this.with([entry], (at, size) => this.exports.web_append(at, size));
    }

    finish(checkpoint) {
        return this.with([checkpoint], (at, size) => this.exports.web_finish(at, size));
    }

    tile(level, index, width, bytes) {
        return this.with([bytes], (at, size) => this.exports.web_tile(level, BigInt(index), width, at, size));
    }

    verify(file, charter = "") {
        return this.with([file, charter], (...lent) => this.exports.web_verify(...lent));
    }
}
