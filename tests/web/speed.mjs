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
const tree = readTree(folder), charter = readFileSync(join(folder, "charter"), "utf8");
const before = process.cpuUsage(), verifier = load(path).instance(), { said, times } = replay(verifier, tree, charter);

const used = process.cpuUsage(before), busy = (used.user + used.system) / 1e6;

function figure(name, value, unit) {
    console.log(JSON.stringify({ name, value, unit }));
}

figure("browser_entries_per_s", said.size / busy, "entries/s");
figure("browser_busy", busy, "s");
figure("browser_replay", times.append / 1000, "s");
figure("browser_finish", times.finish / 1000, "s");
figure("browser_tiles", times.tiles / 1000, "s");
figure("browser_memory", verifier.exports.memory.buffer.byteLength / 1048576, "MiB");
