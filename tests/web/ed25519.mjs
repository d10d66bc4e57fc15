// Wycheproof's Ed25519 signatures through the module, which must export ls_ed25519_verify and ls_number_overflows; and
// numbers of every size, as the browser's own reader of numbers sees them.
//
//   ed25519.mjs MODULE VECTORS
import { readFileSync } from "node:fs";
import { load } from "./verifier.mjs";

const [path, vectors] = process.argv.slice(2);
const verifier = load(path).instance();
let judged = 0, wrong = 0;

/** A slice of bytes goes by address: {address, length}. */
function verify(message, key, signature) {
    return verifier.with([message, key, signature], (at, size, keyAt, keySize, signatureAt) => {
        const slice = new Uint8Array(Uint32Array.of(at, size).buffer);
        return verifier.with([slice], (sliceAt) => verifier.exports.ls_ed25519_verify(sliceAt, keyAt, signatureAt));
    });
}

for (const group of JSON.parse(readFileSync(vectors, "utf8")).testGroups) {
    const key = Buffer.from(group.publicKey.pk, "hex");
    for (const test of group.tests) {
        const signature = Buffer.from(test.sig, "hex");
        const valid = signature.length === 64 && verify(Buffer.from(test.msg, "hex"), key, signature) === 1;
        judged++;
        if (valid !== (test.result === "valid")) {
            wrong++;
            console.log(`signature ${test.tcId} (${test.comment}): ${valid}`);
        }
    }
}
console.log(`${judged} signatures, ${wrong} judged wrongly`);

const limit = (2n ** 1024n - 2n ** 970n).toString(), below = (2n ** 1024n - 2n ** 970n - 1n).toString();
const numbers = ["0", "-0", "0e999999999", "0.0e99", "1e308", "1.7976931348623157e308", "1.7976931348623158e308",
    "1.7976931348623159e308", "1.8e308", "1e309", "-1e309", "1e-999999", "1E+400", "9e99999999999999999999",
    "9e-99999999999999999999", limit, below, `-${limit}`, `${below}.999`, `${limit}.0`, `0.${limit}e309`, `0.${below}e309`,
    `0.000${limit}e312`, `0.000${below}e312`, `0.000${limit}e311`, `${limit}0e-1`, `${below}9e-1`, "0".repeat(400),
    `0.${"0".repeat(400)}1e710`, `0.${"0".repeat(400)}1e709`, `1${"0".repeat(308)}`, `1${"0".repeat(309)}`,
    `179769313486231580793${"0".repeat(288)}`, `179769313486231580794${"0".repeat(288)}`];
for (const number of numbers) {
    const overflows = verifier.with([`${number}\0`], (at) => verifier.exports.ls_number_overflows(at)) === 1;
    if (overflows !== !Number.isFinite(Number(number))) {
        wrong++;
        console.log(`${number.slice(0, 40)}… (${number.length}): ${overflows}`);
    }
}
console.log(`${numbers.length} numbers`);
process.exit(wrong > 0 || judged === 0 ? 1 : 0);
