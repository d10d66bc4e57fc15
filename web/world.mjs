/**
 * The world, drawn from world-atlas (Natural Earth, public domain) with d3-geo's equirectangular projection: a box of 360
 * by 180, x = longitude + 180, y = 90 - latitude, with one decimal. Paths are relative, which halves them.
 */
import { createRequire } from 'node:module';
import { geoEquirectangular, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';

const require = createRequire(import.meta.url);

/** A number of tenths, as short as a path allows. */
function short(tenths) {
    return String(tenths / 10).replace(/^(-?)0\./, '$1.');
}

/** "l" of one step after another, with no more separators than needed. */
function steps(points) {
    let out = '';
    for (const value of points) {
        const text = short(value);
        const separate = out !== '' && !text.startsWith('-') && !(text.startsWith('.') && /\.\d*$/.test(out));
        out += (separate ? ' ' : '') + text;
    }
    return out === '' ? '' : `l${out}`;
}

/** An absolute path of M, L and Z, in relative steps; points that fall on the one before are left out. */
function relative(path) {
    let out = '';
    for (const [, line, closed] of path.matchAll(/M([^MZ]*)(Z?)/g)) {
        const points = line.split('L').map((pair) => pair.split(',').map((value) => Math.round(Number(value) * 10)));
        const [first, ...others] = points;
        const moves = [];
        let [x, y] = first;
        for (const [toX, toY] of others) {
            if (toX !== x || toY !== y) {
                moves.push(toX - x, toY - y);
                [x, y] = [toX, toY];
            }
        }
        out += moves.length === 0 ? '' : `M${short(first[0])} ${short(first[1])}${steps(moves)}${closed.toLowerCase()}`;
    }
    return out;
}

export function worldPaths() {
    const land = require('world-atlas/land-110m.json');
    const countries = require('world-atlas/countries-110m.json');
    const projection = geoEquirectangular().scale(180 / Math.PI).translate([180, 90]).precision(0);
    const draw = geoPath(projection).digits(1);
    return {
        land: relative(draw(feature(land, land.objects.land))),
        borders: relative(draw(mesh(countries, countries.objects.countries, (a, b) => a !== b))),
    };
}

/** A string literal, in lines that a compiler takes. */
function literal(text) {
    return text.match(/.{1,2000}/g).map((part) => `    "${part}"`).join('\n');
}

export function worldFiles() {
    const { land, borders } = worldPaths();
    const style =
        'svg{background:#eef2f5}.land{fill:#d5d9d3}.border{fill:none;stroke:#fff;stroke-width:.3}' +
        '@media(prefers-color-scheme:dark){svg{background:#181d23}.land{fill:#323940}.border{stroke:#181d23}}';
    return {
        'world.json': `${JSON.stringify({ land, borders })}\n`,
        'world.h':
            '/* Made by web/world.mjs from world-atlas: paths in a box of 360 by 180, x = longitude + 180, y = 90 - latitude. */\n' +
            `#define LS_WORLD_LAND \\\n${literal(land).replace(/\n/g, ' \\\n')}\n` +
            `#define LS_WORLD_BORDERS \\\n${literal(borders).replace(/\n/g, ' \\\n')}\n`,
        'world.svg':
            `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 180"><style>${style}</style>` +
            `<path class="land" d="${land}"/><path class="border" d="${borders}"/></svg>\n`,
    };
}
