// A ledger as files, and what the portal's page does with it.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { FILE_NEEDED, OK, REFUSED } from "./verifier.mjs";

export const decoder = new TextDecoder();

export function readTree(folder) {
    const tree = new Map();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) {
            const file = join(entry.path, entry.name);
            tree.set(relative(folder, file), new Uint8Array(readFileSync(file)));
        }
    }
    return tree;
}

function tilePath(level, index, width) {
    let number = String(index % 1000).padStart(3, "0");
    for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
        number = `x${String(rest % 1000).padStart(3, "0")}/${number}`;
    }
    return `tile/${level}/${number}${width === 256 ? "" : `.p/${width}`}`;
}

/** Path, index and width of the tiles that hold `count` things. */
export function* tilesOf(level, count) {
    for (let index = 0; index * 256 < count; index++) {
        const width = Math.min(256, count - index * 256);
        yield [tilePath(level, index, width), index, width];
    }
}

export function* entriesOf(tree, size) {
    for (const [name, , width] of tilesOf("entries", size)) {
        const tile = tree.get(name);
        if (tile === undefined) throw new Error(`${name}: it is not here`);
        let at = 0;
        for (let i = 0; i < width; i++) {
            if (at + 2 > tile.length) throw new Error(`${name}: it ends within an entry`);
            const length = tile[at] << 8 | tile[at + 1];
            yield tile.subarray(at + 2, at + 2 + length);
            at += 2 + length;
        }
        if (at !== tile.length) throw new Error(`${name}: more or less than its entries`);
    }
}

function putFile(verifier, tree, hex) {
    const file = tree.get(`attachment/${hex}`);
    if (file === undefined) throw new Error(`attachment/${hex}: it is not here`);
    if (verifier.file(file) !== OK || verifier.result !== hex) throw new Error(`attachment/${hex}: another hash`);
}

function append(verifier, tree, entry) {
    let status;
    while ((status = verifier.append(entry)) === FILE_NEEDED) putFile(verifier, tree, verifier.result);
    if (status === REFUSED) throw new Error(`entry ${verifier.json.entry}: ${verifier.json.why}`);
    if (status !== OK) throw new Error(`an entry ends with ${status}`);
}

function checkTiles(verifier, tree, size) {
    for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / 256)) {
        for (const [name, index, width] of tilesOf(level, count)) {
            const tile = tree.get(name) ?? new Uint8Array();
            if (verifier.tile(level, index, width, tile) !== OK) throw new Error(`${name}: other hashes`);
        }
    }
}

export function sizeOf(tree) {
    return Number(decoder.decode(tree.get("checkpoint")).split("\n")[1]);
}

/** All that the page does, with a fresh instance; throws with what is wrong. */
export function replay(verifier, tree, charter) {
    if (verifier.begin(charter) !== OK) throw new Error("the fingerprint is none");
    for (const name of tree.keys()) {
        if (name.startsWith("attachment/")) putFile(verifier, tree, name.slice("attachment/".length));
    }
    const checkpoint = tree.get("checkpoint"), size = sizeOf(tree), start = performance.now();
    for (const entry of entriesOf(tree, size)) append(verifier, tree, entry);
    const appended = performance.now(), status = verifier.finish(checkpoint), finished = performance.now();
    const said = verifier.json;
    if (said.valid !== (status === OK)) throw new Error(`${status} and ${said.valid}`);
    if (status !== OK) {
        throw new Error(said.findings.filter((f) => f.level === "failed").map((f) => `${f.subject}: ${f.text}`).join("; "));
    }
    checkTiles(verifier, tree, size);
    const times = { append: appended - start, finish: finished - appended, tiles: performance.now() - finished };
    return { verifier, said, times };
}
