// Holds the browser's verifier against lockstep-verify, word for word and byte for byte:
//
//   verdicts.mjs MODULE LOCKSTEP-VERIFY FOLDER FLIPS
//
// FOLDER: files to be judged, each with the fingerprint in NAME.charter, if there is one. Each is judged whole, without
// the fingerprint and with it, and so are FLIPS damaged copies of it: with a bit flipped, cut short, or with something
// in place of something else. Prints what differs; exit status 1 if anything does.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { load } from "./verifier.mjs";

const [path, program, folder, flips] = process.argv.slice(2);
const wasm = load(path);
let verifier = wasm.instance(), judged = 0, valid = 0, different = 0;

/** The same numbers in every run. */
let state = 1984;
function below(limit) {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
    const mixed = Math.imul(state ^ state >>> 12, 0x297a2d39);
    return ((mixed ^ mixed >>> 15) >>> 0) % limit;
}

/** What the program prints, and its exit status. */
function byProgram(bytes, charter) {
    const done = spawnSync(program, ["--json", ...(charter ? ["--charter", charter] : []), "-"],
        { input: bytes, maxBuffer: 1 << 28 });
    if (done.error) {
        throw done.error;
    }
    return { status: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}

/** The same by the module, with the words that the program puts around an error. */
function byModule(bytes, charter) {
    const status = verifier.verify(bytes, charter);
    const result = verifier.result;
    if (!result.includes("\"findings\"")) {
        const said = JSON.parse(result);
        const hint = said.hint === "" ? "" : `lockstep-verify: hint: ${said.hint}\n`;
        return { status, out: "", err: `lockstep-verify: error: -: ${said.error}\n${hint}` };
    }
    return { status, out: result, err: "" };
}

function compare(name, bytes, charter) {
    const wanted = byProgram(bytes, charter), found = byModule(bytes, charter);
    judged++;
    valid += wanted.status === 0;
    if (wanted.status !== found.status || wanted.out !== found.out || wanted.err !== found.err) {
        different++;
        console.log(`${name}: the program says`, wanted, "and the module", found);
    }
    if (judged % 100 === 0) {
        verifier = wasm.instance();
    }
}

function damaged(bytes) {
    const copy = Uint8Array.from(bytes), at = below(copy.length);
    switch (below(8)) {
    case 0:
        return copy.subarray(0, at);
    case 1: {
        const from = below(copy.length), size = Math.min(1 + below(64), copy.length - Math.max(at, from));
        copy.copyWithin(at, from, from + size);
        return copy;
    }
    case 2:
        copy[at] = below(256);
        return copy;
    default:
        copy[at] ^= 1 << below(8);
        return copy;
    }
}

/** Text in place of text: what parsers of acts, JSON and numbers must tell apart. */
const PIECES = ["\0", "\n", " ", "9".repeat(20), "-1", "1e999", "null", "{", "\"", "\u202e", "[".repeat(100)];

function reworded(bytes) {
    const at = below(bytes.length), piece = Buffer.from(PIECES[below(PIECES.length)]);
    const copy = Buffer.from(bytes);
    piece.copy(copy, at);
    return copy;
}

for (const name of readdirSync(folder).filter((n) => !n.endsWith(".charter")).sort()) {
    const file = join(folder, name), bytes = readFileSync(file);
    const charter = existsSync(`${file}.charter`) ? readFileSync(`${file}.charter`, "utf8").trim() : "";
    compare(name, bytes, "");
    if (charter) {
        compare(name, bytes, charter);
        compare(name, bytes, "0".repeat(64));
    }
    for (let i = 0; i < Number(flips); i++) {
        compare(`${name}, damaged (${i})`, i % 5 === 4 ? reworded(bytes) : damaged(bytes), charter);
    }
}
console.log(`${judged} judged, ${valid} valid, ${different} differently`);
process.exit(different > 0 ? 1 : 0);
