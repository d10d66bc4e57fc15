/** A small site made by hand after the portal's contract, and the script with a verifier that is a mock. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packages } from './site.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '..', '..', 'web');
const CHARTER = 'ab'.repeat(32);
const CSP =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'";

const evidence = Buffer.from('Orders were given.\n');
const evidenceHash = createHash('sha256').update(evidence).digest('hex');
const entries = [0, 1, 2].map((i) =>
    Buffer.from(`lockstep exercise act v1\nact: perform\nby: usa\nat: 2018-10-0${i + 1}T08:00:00Z\nmeasure: m${i}\n\n— usa.example/usa-1 AAAA${i}\n`),
);

const time = (hour) => `<time datetime="2018-10-09T0${hour}:00:00Z">2018-10-09 1${hour + 9 - 10}:00</time>`;
const row = (i, party, state, word) =>
    `<tr data-s="measure-${i}" data-track="main" data-state="${state}" data-date="2018-10-0${i + 1}"><th scope="row"><a href="act/${i}.html">Measure ${i}</a></th>` +
    `<td><abbr class="party p${i}" data-party="${party}" title="Party ${party}">${party}</abbr></td><td><span class="state ${word}">${state}</span></td><td>${time(1)}</td></tr>`;

function fragments() {
    const pages = {
        'index.html': ['The process', `<h1>The process</h1><p class="lead" data-s="what">An exercise with <a href="scorecard.html">three measures</a>.</p><p data-s="root">Root <code>abcd</code></p><h2>Text</h2><p>Between statements.</p>`],
        'scorecard.html': ['Scorecard', `<h1>Scorecard</h1><div class="scroll" role="region" aria-label="Measures" tabindex="0"><table class="measures"><caption>Measures</caption><thead><tr><th scope="col">Measure</th><th scope="col">Party</th><th scope="col">State</th><th scope="col">When</th></tr></thead><tbody>${row(0, 'usa', 'performed', 'open')}${row(1, 'dprk', 'overdue', 'bad')}${row(2, 'dprk', 'confirmed', 'good')}</tbody></table></div>`],
        'map.html': ['Map', `<h1>Map</h1><figure><svg class="map" viewBox="0 0 360 180" role="img" aria-label="Map">${[300, 300.4, 301, 40].map((x, i) => `<g class="place" data-s="place-${i}" data-x="${x}" data-y="50" data-date="2018-10-0${i + 1}"><title>Place ${i}</title><circle class="good" cx="${x}" cy="50" r="2"/></g>`).join('')}</svg><figcaption>Places that were opened</figcaption></figure>`],
        'record.html': ['Record', `<h1>Record</h1><ol class="plain" reversed>${entries.map((_, i) => `<li data-s="act-${i}"><a href="act/${i}.html">${i}</a> perform ${time(i)}</li>`).reverse().join('')}</ol>`],
        'verify.html': ['Verify', '<h1>Verify</h1><p>How a file is verified.</p>'],
    };
    entries.forEach((entry, i) => {
        pages[`act/${i}.html`] = [`Act ${i}`, `<h1>Act ${i}</h1><pre class="note" data-s="note">${entry.toString()}</pre><pre data-s="proof">c2sp.org/tlog-proof@v1
index ${i}
</pre><p data-s="file"><a href="../tlog/attachment/${evidenceHash}">evidence.txt</a></p>`];
    });
    return pages;
}

function page(path, title, html) {
    const up = '../'.repeat(path.split('/').length - 1);
    const nav = ['index', 'scorecard', 'map', 'record', 'verify'].map((name) => `<li><a href="${up}${name}.html"${path === `${name}.html` ? ' aria-current="page"' : ''}>${name}</a></li>`).join('');
    return (
        `<!DOCTYPE html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}">` +
        `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="lockstep" content="${path} 0 0"><title>${title}</title>` +
        `<link rel="stylesheet" href="${up}assets/style.css"><script type="module" src="${up}assets/app.js"></script></head><body><a class="skip" href="#main">Skip</a>` +
        `<header><p class="site-title"><a href="${up}index.html">The process</a></p><nav id="pages" aria-label="Pages"><ul>${nav}</ul></nav></header>` +
        `<p class="exercise"><strong>EXERCISE</strong> Nothing here can pass as real.</p><div id="verdict" role="status" class="unchecked"><p>Not checked yet.</p></div>` +
        `<main id="main">${html}</main><footer><p>Charter <code>${CHARTER}</code></p></footer></body></html>\n`
    );
}

function put(folder, path, content) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
}

const base64 = (bytes) => Buffer.from(bytes).toString('base64');

function tileOf(list) {
    return Buffer.concat(list.flatMap((entry) => [Buffer.from([entry.length >> 8, entry.length & 255]), entry]));
}

/** assets: a folder of tools/build-web's. */
export async function makeSite(folder, assets) {
    const hashes = Buffer.concat(entries.map((entry) => createHash('sha256').update(Buffer.concat([Buffer.from([0]), entry])).digest()));
    const checkpoint = 'exercise.example/log\n3\nAAAA=\n\n— exercise.example/log BBBB\n';
    const pages = fragments();
    const made = {
        entries: entries.map(base64),
        tiles: { '0/0': base64(hashes) },
        files: { [evidenceHash]: base64(evidence) },
        needs: { 1: evidenceHash },
        checkpoint: base64(checkpoint),
        verdict: { final: true, size: 3, root: 'c0ffee00c0ffee', time: '2018-10-09T08:00:00Z', charter: CHARTER, words: 'babab-babad', exercise: true, signers: ['usa', 'dprk'], cosigners: [{ name: 'geneva', title: 'Geneva', time: '2018-10-09T08:00:00Z' }] },
        pages: Object.fromEntries(Object.entries(pages).map(([path, [title, html]]) => [`en ${path}`, { title, html }])),
        delay: 0,
    };
    made.pages['en scorecard.html then'] = { title: 'Scorecard', html: '<h1>Scorecard</h1><p data-s="none">Nothing was due.</p>' };
    put(folder, 'assets/verifier.bin', JSON.stringify(made));
    put(folder, 'tlog/checkpoint', checkpoint);
    put(folder, 'tlog/tile/entries/000.p/3', tileOf(entries));
    put(folder, 'tlog/tile/0/000.p/3', hashes);
    put(folder, `tlog/attachment/${evidenceHash}`, evidence);
    put(folder, 'tlog/files.json', JSON.stringify([evidenceHash]));
    for (const [path, [title, html]] of Object.entries(pages)) {
        put(folder, path, page(path, title, html));
    }
    copyFileSync(join(assets, 'style.css'), join(folder, 'assets/style.css'));
    await script(folder);
    return { evidenceHash, charter: CHARTER };
}

async function script(folder) {
    const { readFileSync } = await import('node:fs');
    const wasm = readFileSync(join(folder, 'assets/verifier.bin'));
    const hash = (form) => createHash('sha256').update(wasm).digest(form);
    const words = Object.fromEntries(['en', 'ko'].map((code) => [code, JSON.parse(readFileSync(join(web, 'strings', 'app', `${code}.json`)))]));
    await packages('esbuild').build({
        entryPoints: [join(web, 'src', 'main.ts')],
        outfile: join(folder, 'assets/app.js'),
        bundle: true,
        format: 'iife',
        target: 'es2022',
        tsconfigRaw: {},
        logLevel: 'warning',
        define: { WORDS: JSON.stringify(words), VERIFIER: JSON.stringify(hash('hex')), INTEGRITY: JSON.stringify(`sha256-${hash('base64')}`) },
        plugins: [{ name: 'mock', setup: (build) => build.onResolve({ filter: /\/wasm\.ts$/ }, () => ({ path: join(here, 'mock.ts') })) }],
    });
}
