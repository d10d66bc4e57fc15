/**
 * The verifier: the project's own C, as WebAssembly. It is given memory, and random bytes for its hash tables, and nothing
 * else: no clock, no files, no network. What it asks for beyond that is answered with "not supported".
 */

import type { Around } from './served.ts';

export interface Finding {
    level: string;
    subject: string;
    text: string;
}

/** What web_finish says of the record. */
export interface Verdict {
    valid: boolean;
    final: boolean;
    size: number;
    root: string;
    time: string; // of the last stamp
    charter: string;
    words: string;
    anchored: boolean;
    exercise: boolean;
    signers: string[];
    cosigners: { name: string; title: string; time: string }[];
    findings: Finding[];
}

/** What lockstep-verify --json says of a file. */
export interface Report {
    valid: boolean;
    anchored: boolean;
    exercise: boolean;
    charter: string;
    findings: Finding[];
}

export interface NoFile {
    error: string;
    hint?: string;
}

export interface Page {
    title: string;
    html: string;
}

export type Appended = { ok: true } | { needs: string } | { refused: string };

interface Exports extends Record<string, unknown> {
    memory: WebAssembly.Memory;
    web_alloc(size: number): number;
    web_free(pointer: number): void;
    web_result(): number;
    web_result_size(): number;
    web_begin(charter: number, size: number): number;
    web_file(pointer: number, size: number): number;
    web_append(pointer: number, size: number): number;
    web_finish(pointer: number, size: number): number;
    web_tile(level: number, index: bigint, width: number, pointer: number, size: number): number;
    web_page(path: number, size: number, at: bigint, known: bigint, language: number, length: number): number;
    web_around(...where: number[]): number;
    web_verify(pointer: number, size: number, charter: number, length: number): number;
}

const ENOSYS = 52;
const MOST_RANDOM = 65_536; // bytes that a browser gives at once

function wasi(memory: () => WebAssembly.Memory): Record<string, (...values: number[]) => number> {
    return {
        random_get: (pointer, size) => {
            for (let at = 0; at < size!; at += MOST_RANDOM) {
                const part = new Uint8Array(memory().buffer, pointer! + at, Math.min(MOST_RANDOM, size! - at));
                crypto.getRandomValues(part);
            }
            return 0;
        },
        proc_exit: (status) => {
            throw new Error(`exit ${status}`);
        },
    };
}

function imports(module: WebAssembly.Module, memory: () => WebAssembly.Memory): WebAssembly.Imports {
    const known = wasi(memory);
    const given: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
        if (kind === 'function') {
            (given[from] ??= {})[name] = known[name] ?? (() => ENOSYS);
        }
    }
    return given;
}

export class Verifier {
    private constructor(private readonly c: Exports) {}

    static async start(code: BufferSource): Promise<Verifier> {
        const module = await WebAssembly.compile(code);
        const holder: { memory?: WebAssembly.Memory } = {};
        const instance = await WebAssembly.instantiate(
            module,
            imports(module, () => holder.memory!),
        );
        const c = instance.exports as unknown as Exports;
        holder.memory = c.memory;
        if (typeof c['_initialize'] === 'function') {
            (c['_initialize'] as () => void)();
        }
        return new Verifier(c);
    }

    /** Gives bytes to a call, and takes them back after it. */
    private with(parts: (Uint8Array | string)[], call: (...where: number[]) => number): number {
        const pointers: number[] = [];
        const where: number[] = [];
        for (const part of parts) {
            const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part;
            const pointer = this.c.web_alloc(Math.max(bytes.length, 1));
            if (pointer === 0) {
                pointers.forEach((p) => this.c.web_free(p));
                throw new Error('out of memory');
            }
            new Uint8Array(this.c.memory.buffer).set(bytes, pointer);
            pointers.push(pointer);
            where.push(pointer, bytes.length);
        }
        const status = call(...where);
        pointers.forEach((p) => this.c.web_free(p));
        return status;
    }

    private result(): string {
        const start = this.c.web_result();
        return new TextDecoder().decode(new Uint8Array(this.c.memory.buffer, start, this.c.web_result_size()));
    }

    /** A new session. charter: the fingerprint that the reader pinned, 64 hex digits, or "". */
    begin(charter: string): void {
        this.with([charter], (p, n) => this.c.web_begin(p!, n!));
    }

    /** Keeps a public file under its hash, which is returned in hex. */
    file(bytes: Uint8Array): string {
        this.with([bytes], (p, n) => this.c.web_file(p!, n!));
        return this.result();
    }

    append(entry: Uint8Array): Appended {
        const status = this.with([entry], (p, n) => this.c.web_append(p!, n!));
        if (status === 0) {
            return { ok: true };
        }
        const result = this.result();
        return status === 2 ? { needs: result } : { refused: (JSON.parse(result) as { why: string }).why };
    }

    finish(checkpoint: Uint8Array): Verdict {
        this.with([checkpoint], (p, n) => this.c.web_finish(p!, n!));
        return JSON.parse(this.result()) as Verdict;
    }

    /** Whether a hash tile as it was served is the one that was computed. */
    tile(level: number, index: number, width: number, bytes: Uint8Array): boolean {
        return this.with([bytes], (p, n) => this.c.web_tile(level, BigInt(index), width, p!, n!)) === 0;
    }

    /** A page's fragment, null if the record has no such page. at, known: seconds; 0: the record's last stamp. */
    page(path: string, at: number, known: number, language: string): Page | null {
        const status = this.with([path, language], (p, n, l, m) =>
            this.c.web_page(p!, n!, BigInt(at), BigInt(known), l!, m!),
        );
        return status === 0 ? (JSON.parse(this.result()) as Page) : null;
    }

    /** What stands around a page that there is. title: the page's own; verifier: this one's hash as it was released. */
    around(path: string, language: string, title: string, version: string, verifier: string): Around {
        const status = this.with([path, language, title, version, verifier], (...where) => this.c.web_around(...where));
        if (status !== 0) {
            throw new Error(`around ${path}: ${status}`);
        }
        return JSON.parse(this.result()) as Around;
    }

    /** What lockstep-verify says of a file; or why it is none of Lockstep's. */
    verify(file: Uint8Array, charter: string): Report | NoFile {
        const status = this.with([file, charter], (p, n, c, m) => this.c.web_verify(p!, n!, c!, m!));
        const result = this.result();
        return result === '' ? { error: String(status) } : (JSON.parse(result) as Report | NoFile);
    }
}
