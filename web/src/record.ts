/** Where the record comes from: the site's tree of files (C2SP tlog-tiles), or what a one-file edition holds. */

import { fromBase64 } from './bytes.ts';

export const TILE = 256;

/** A file of the site is not there, or the site can't be reached. */
export class Missing extends Error {
    constructor(readonly path: string) {
        super(path);
    }
}

export interface Source {
    checkpoint(): Promise<Uint8Array>;
    /** width: how many entries or hashes it has, 1 to 256. */
    entries(index: number, width: number): Promise<Uint8Array>;
    /** null: this source has no hash tiles, as one file needs none. */
    tile(level: number, index: number, width: number): Promise<Uint8Array | null>;
    file(hex: string): Promise<Uint8Array>;
    /** Hashes of all public files, in hex. */
    files(): Promise<string[]>;
}

/** "x001/x234/067" of 1234067. */
export function tileNumber(index: number): string {
    const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
    return digits.replace(/\d{3}(?=\d)/g, 'x$&/');
}

export class Site implements Source {
    constructor(private readonly root: URL) {}

    private async get(path: string, fresh = false): Promise<Uint8Array> {
        let response: Response;
        try {
            response = await fetch(new URL(path, this.root), { cache: fresh ? 'no-cache' : 'default' });
        } catch {
            throw new Missing(path);
        }
        if (!response.ok) {
            throw new Missing(path);
        }
        return new Uint8Array(await response.arrayBuffer());
    }

    checkpoint(): Promise<Uint8Array> {
        return this.get('tlog/checkpoint', true);
    }

    /** A part may be gone once the whole tile is there; then the whole one's beginning is the part. */
    private async part(path: string, width: number, cut: (whole: Uint8Array) => Uint8Array): Promise<Uint8Array> {
        if (width === TILE) {
            return this.get(path);
        }
        try {
            return await this.get(`${path}.p/${width}`);
        } catch {
            return cut(await this.get(path));
        }
    }

    entries(index: number, width: number): Promise<Uint8Array> {
        return this.part(`tlog/tile/entries/${tileNumber(index)}`, width, (whole) => whole);
    }

    tile(level: number, index: number, width: number): Promise<Uint8Array> {
        return this.part(`tlog/tile/${level}/${tileNumber(index)}`, width, (whole) => whole.subarray(0, 32 * width));
    }

    file(hex: string): Promise<Uint8Array> {
        return this.get(`tlog/attachment/${hex}`);
    }

    async files(): Promise<string[]> {
        const listed: unknown = JSON.parse(new TextDecoder().decode(await this.get('tlog/files.json', true)));
        const names = Array.isArray(listed) ? listed : [];
        return names.filter((name): name is string => typeof name === 'string' && /^[0-9a-f]{64}$/.test(name));
    }
}

/** What a one-file edition embeds: everything in base64. entries: tiles, the first first. */
export interface Embedded {
    checkpoint: string;
    entries: string[];
    files: Record<string, string>;
}

export class OneFile implements Source {
    constructor(private readonly data: Embedded) {}

    async checkpoint(): Promise<Uint8Array> {
        return fromBase64(this.data.checkpoint);
    }

    async entries(index: number): Promise<Uint8Array> {
        const tile = this.data.entries[index];
        if (tile === undefined) {
            throw new Missing(`entries ${index}`);
        }
        return fromBase64(tile);
    }

    async tile(): Promise<null> {
        return null;
    }

    async file(hex: string): Promise<Uint8Array> {
        const file = Object.hasOwn(this.data.files, hex) ? this.data.files[hex] : undefined;
        if (file === undefined) {
            throw new Missing(hex);
        }
        return fromBase64(file);
    }

    async files(): Promise<string[]> {
        return Object.keys(this.data.files);
    }
}

/** The size that a checkpoint's second line says; what it is worth, the verifier says. */
export function sizeOf(checkpoint: Uint8Array): number {
    const line = new TextDecoder().decode(checkpoint).split('\n')[1] ?? '';
    return /^(0|[1-9]\d{0,14})$/.test(line) ? Number(line) : 0;
}

/** The entries of a tile: u16 length, bytes. null: it does not hold that many. */
export function split(tile: Uint8Array, width: number): Uint8Array[] | null {
    const view = new DataView(tile.buffer, tile.byteOffset, tile.byteLength);
    const out: Uint8Array[] = [];
    let at = 0;
    while (out.length < width) {
        if (at + 2 > tile.length || at + 2 + view.getUint16(at) > tile.length) {
            return null;
        }
        const start = at + 2;
        at = start + view.getUint16(at);
        out.push(tile.subarray(start, at));
    }
    return out;
}
