// Ledgers in which one signature is bad, and all else fits together: whoever hosts one signed its checkpoint, and its
// cosigners did, too.
//
//   forged.mjs MODULE CHARTER FOLDER…
import { readTree, replay } from "./ledger.mjs";
import { load } from "./verifier.mjs";

const [path, charter, ...folders] = process.argv.slice(2);
const wasm = load(path);
let failed = 0;

for (const folder of folders) {
    let said = "";
    try {
        replay(wasm.instance(), readTree(folder), charter);
    } catch (error) {
        said = error.message;
    }
    console.log(`${folder}: ${said}`);
    failed += !/signature|signed/.test(said);
}
process.exit(failed > 0 ? 1 : 0);
