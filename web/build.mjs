/** Bundles script and style, and draws the world: build.mjs WEB OUT ASSETS. Called by tools/build-web, from where packages lie. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { worldFiles } from './world.mjs';

const [web, out, assets] = process.argv.slice(2);

function words() {
    const folder = join(web, 'strings', 'app');
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return Object.fromEntries(
        names.sort().map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name)))]),
    );
}

function digest(path, encoding) {
    return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest(encoding) : '';
}

/** As of subresource integrity; "" if there is no such file. */
function integrity(name) {
    const base64 = digest(join(assets, name), 'base64');
    return base64 === '' ? '' : `sha256-${base64}`;
}

/** Of the release, as meson.build has it. */
function version() {
    return /^\s*version: '([^']+)'/m.exec(readFileSync(join(web, '..', 'meson.build'), 'utf8'))[1];
}

const common = { bundle: true, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'warning' };
await build({
    ...common,
    entryPoints: [join(web, 'style.css')],
    outfile: join(assets, 'style.css'),
    target: ['chrome110', 'firefox115', 'safari16.4'],
});
const world = worldFiles();
for (const [name, content] of Object.entries(world)) {
    writeFileSync(join(name.endsWith('.svg') ? assets : out, name), content);
}
const pictures = Object.keys(world).filter((name) => name.endsWith('.svg'));

// Whoever knows the script's hash knows those of all else that it takes from a site.
const constants = {
    WORDS: words(),
    VERSION: version(),
    VERIFIER: digest(join(assets, 'verifier.bin'), 'hex'),
    INTEGRITY: integrity('verifier.bin'),
    STYLE: integrity('style.css'),
    PICTURES: Object.fromEntries(pictures.map((name) => [name, integrity(name)])),
};
await build({
    ...common,
    entryPoints: [join(web, 'src', 'main.ts')],
    outfile: join(assets, 'app.js'),
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: {},
    define: Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)])),
});

// What somebody needs who wants to find out whether a site swapped one of these: see docs/portal.md.
const released = ['app.js', 'verifier.bin', 'style.css', ...pictures].filter((name) => existsSync(join(assets, name)));
writeFileSync(
    join(assets, 'SHA256SUMS'),
    released.map((name) => `${digest(join(assets, name), 'hex')}  ${name}\n`).join(''),
);
