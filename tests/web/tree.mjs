// Replays an exported ledger as the portal's page does it, and then once more for each way in which somebody could have
// changed what is served: nothing of that may pass.
//
//   tree.mjs MODULE FOLDER CHARTER RECORD-JSON [PROOFS]
//
// FOLDER: what `lockstep ledger export` wrote. RECORD-JSON: what `lockstep-verify --json` says of a record bundle of the
// same ledger: the findings must be the same. PROOFS: a folder with tlog-proofs, each with NAME.json, which
// `lockstep-verify --json --policy RECORD` says of it: judged by the replayed record, the same must come out. Prints a line for each change: where it was noticed; exit status 1 if one
// was not.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decoder, entriesOf, readTree, replay, sizeOf, tilesOf } from "./ledger.mjs";
import { OK, load } from "./verifier.mjs";

const [path, folder, charter, record, proofs] = process.argv.slice(2);
const wasm = load(path);
// What somebody may have changed. Each gives a changed copy of the tree, or nothing if there is no such thing in it.

function withFile(tree, name, change) {
    const copy = new Map(tree);
    copy.set(name, change(Uint8Array.from(tree.get(name))));
    return copy;
}

function flip(bytes, at) {
    bytes[at] ^= 1;
    return bytes;
}

/** Rewrites the tiles of entries, and those of hashes not. */
function withEntries(tree, change) {
    const size = sizeOf(tree);
    const entries = change([...entriesOf(tree, size)].map((e) => Uint8Array.from(e)));
    const copy = new Map([...tree].filter(([name]) => !name.startsWith("tile/entries/")));
    for (const [name, index, width] of tilesOf("entries", entries.length)) {
        const part = entries.slice(index * 256, index * 256 + width);
        copy.set(name, Buffer.concat(part.flatMap((e) => [Buffer.from([e.length >> 8, e.length & 255]), e])));
    }
    return copy;
}

function withLine(tree, name, find, replace) {
    return withFile(tree, name, (bytes) => {
        const text = decoder.decode(bytes);
        return new TextEncoder().encode(text.replace(find, replace));
    });
}

const some = (entries) => [0, 1, Math.floor(entries.length / 2), entries.length - 1];
const indexOf = (bytes, text) => Buffer.from(bytes).indexOf(text);

/** One change of each entry of some. */
function* entryChanges(tree, size, what, change) {
    for (const i of some([...entriesOf(tree, size)])) {
        yield [`${what} of entry ${i}`, withEntries(tree, (all) => (change(all[i]), all))];
    }
}

function* changes(tree, size) {
    yield* entryChanges(tree, size, "the first byte", (e) => flip(e, 0));
    yield* entryChanges(tree, size, "a byte in a header", (e) => flip(e, indexOf(e, "\nact: ") + 7));
    yield* entryChanges(tree, size, "a signer's name", (e) => flip(e, indexOf(e, "\n\n\u2014 ") + 6));
    yield* entryChanges(tree, size, "a byte in a signature", (e) => flip(e, e.length - 20));
    yield* entryChanges(tree, size, "the last byte", (e) => flip(e, e.length - 1));
    for (const i of some([...entriesOf(tree, size)])) {
        const dropped = withEntries(tree, (all) => all.toSpliced(i, 1));
        yield [`entry ${i} dropped`, dropped];
        yield [`entry ${i} dropped, which the checkpoint does not say`,
            withLine(dropped, "checkpoint", `\n${size}\n`, `\n${size - 1}\n`)];
        if (i < size - 1) {
            yield [`entry ${i} twice`, withEntries(tree, (all) => all.toSpliced(i, 0, all[i]).slice(0, size))];
        }
    }
    yield ["two entries exchanged", withEntries(tree, (all) => all.toSpliced(1, 2, all[2], all[1]))];
    for (const name of tree.keys()) {
        if (name.startsWith("attachment/")) {
            yield [`a byte of ${name.slice(0, 19)}`, withFile(tree, name, (b) => flip(b, b.length >> 1))];
            yield [`a byte after ${name.slice(0, 19)}`, withFile(tree, name, (b) => Buffer.concat([b, Buffer.from("\n")]))];
        }
        if (/^tile\/\d/.test(name)) {
            for (const at of [0, 31, tree.get(name).length - 1]) {
                yield [`byte ${at} of ${name}`, withFile(tree, name, (b) => flip(b, at))];
            }
            yield [`${name} cut short`, withFile(tree, name, (b) => b.subarray(32))];
        }
    }
    const text = decoder.decode(tree.get("checkpoint")), lines = text.split("\n");
    yield ["the checkpoint's origin", withFile(tree, "checkpoint", (b) => flip(b, 0))];
    yield ["the checkpoint's root", withFile(tree, "checkpoint", (b) => flip(b, lines[0].length + lines[1].length + 5))];
    yield ["the checkpoint's size", withLine(tree, "checkpoint", `\n${size}\n`, `\n${size + 1}\n`)];
    const cosignatures = lines.map((line, i) => [line, i]).filter(([line, i]) => i > 4 && line.startsWith("\u2014"));
    for (const [line] of cosignatures) {
        const name = line.split(" ")[1], blob = line.split(" ")[2];
        const other = blob.slice(0, 20) + (blob[20] === "A" ? "B" : "A") + blob.slice(21);
        yield [`the cosignature of ${name}`, withLine(tree, "checkpoint", line, line.replace(blob, other))];
        yield [`no cosignature of ${name}`, withLine(tree, "checkpoint", `${line}\n`, "")];
        const key = Buffer.from(blob, "base64");
        key[4 + 7] ^= 1; // its time
        yield [`the time of ${name}`, withLine(tree, "checkpoint", blob, key.toString("base64"))];
    }
    const blob = lines[4].split(" ")[2];
    yield ["the ledger's signature", withLine(tree, "checkpoint", blob, blob.slice(0, 20) + "AAAA" + blob.slice(24))];
    yield ["no signature of the ledger", withLine(tree, "checkpoint", `${lines[4]}\n`, "")];
}

const tree = readTree(folder), { verifier, said } = replay(wasm.instance(), tree, charter);
console.log(`${said.size} entries, signed by ${said.signers.join(", ")}; confirmed by `
    + `${said.cosigners.map((c) => `${c.name} (${c.time})`).join(", ") || "nobody"}; ${said.root}`);
let failed = 0;

function expect(holds, what) {
    if (!holds) {
        failed++;
        console.log(`FAILED: ${what}`);
    }
}

expect(said.anchored === (charter !== "") && said.final && said.charter === (charter || said.charter), "anchored");
expect(said.words.split(" ").length === 16, said.words);
expect(verifier.append(new Uint8Array(10)) !== OK, "an entry after the end");
const wanted = JSON.parse(readFileSync(record, "utf8"));
expect(JSON.stringify(wanted.findings) === JSON.stringify(said.findings), "other findings than a record's");
expect(wanted.valid && wanted.exercise === said.exercise, "other than a record");
for (const name of proofs ? readdirSync(proofs).filter((n) => !n.endsWith(".json")) : []) {
    const status = verifier.verify(readFileSync(join(proofs, name)), charter), found = verifier.json;
    const of = JSON.parse(readFileSync(join(proofs, `${name}.json`), "utf8"));
    const told = (report) => JSON.stringify(report.findings.filter((f) => f.subject !== "charter"));
    expect(status === (of.valid ? 0 : 1) && found.valid === of.valid && told(found) === told(of), `${name}: ${told(found)}`);
    console.log(`${name}: ${found.valid ? "valid" : "not valid"}`);
}
for (const wrong of ["0".repeat(64), said.charter.replace(/^./, (c) => (c === "0" ? "1" : "0"))]) {
    try {
        replay(wasm.instance(), tree, wrong);
        expect(false, `another fingerprint (${wrong.slice(0, 8)}…) was taken`);
    } catch (error) {
        console.log(`another fingerprint: ${error.message}`);
    }
}
for (const [what, changed] of changes(tree, said.size)) {
    try {
        replay(wasm.instance(), changed, charter);
        expect(false, `${what}: nobody noticed`);
    } catch (error) {
        console.log(`${what}: ${error.message}`);
    }
}
process.exit(failed > 0 ? 1 : 0);
