// How fast the browser's verifier replays a ledger, here under Node, whose engine is Chromium's. Prints figures as
// tools/run-bench reads them; busy: seconds of a processor, whatever else the machine does.
//
//   speed.mjs MODULE FOLDER
//
// FOLDER: what bench_tree wrote.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTree, replay } from "./ledger.mjs";
import { load } from "./verifier.mjs";

const [path, folder] = process.argv.slice(2);
const tree = readTree(folder), charter = readFileSync(join(folder, "charter"), "utf8"), wasm = load(path);

function figure(name, value, unit) {
    console.log(JSON.stringify({ name, value, unit }));
}

/** Seconds of a processor for all; the parts of it by the clock. */
function measure() {
    const before = process.cpuUsage(), verifier = wasm.instance();
    const { said, times } = replay(verifier, tree, charter), used = process.cpuUsage(before);
    return { said, times, busy: (used.user + used.system) / 1e6, memory: verifier.exports.memory.buffer.byteLength };
}

const found = measure();
figure("browser_entries_per_s", found.said.size / found.busy, "entries/s");
figure("browser_busy", found.busy, "s");
figure("browser_finish", found.times.finish / 1000, "s");
figure("browser_tiles", found.times.tiles / 1000, "s");
figure("browser_memory", found.memory / 1048576, "MiB");
