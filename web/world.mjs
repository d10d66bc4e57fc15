/**
 * The world, drawn from world-atlas (Natural Earth, public domain) with d3-geo's equirectangular projection: a box of 360
 * by 180, x = longitude + 180, y = 90 - latitude. Paths are relative, which halves them. Twice: for pictures of the world,
 * and finer for pictures of a part of it, in pieces of 30 by 30 degrees, of which a page loads those that it shows.
 */
import { createRequire } from 'node:module';
import { geoEquirectangular, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';

const require = createRequire(import.meta.url);

/** A number of units, so many to a degree, as short as a path allows. */
function short(units, unit) {
    return String(units / unit).replace(/^(-?)0\./, '$1.');
}

/** "l" of one step after another, with no more separators than needed. */
function steps(points, unit) {
    let out = '';
    let before = '';
    for (const value of points) {
        const text = short(value, unit);
        const separate = before !== '' && !text.startsWith('-') && !(text.startsWith('.') && before.includes('.'));
        out += (separate ? ' ' : '') + text;
        before = text;
    }
    return out === '' ? '' : `l${out}`;
}

/** An absolute path of M, L and Z, in relative steps; points that fall on the one before are left out. */
function relative(path, unit) {
    let out = '';
    for (const [, line, closed] of path.matchAll(/M([^MZ]*)(Z?)/g)) {
        const points = line.split('L').map((pair) => pair.split(',').map((value) => Math.round(Number(value) * unit)));
        const [first, ...others] = points;
        const moves = [];
        let [x, y] = first;
        for (const [toX, toY] of others) {
            if (toX !== x || toY !== y) {
                moves.push(toX - x, toY - y);
                [x, y] = [toX, toY];
            }
        }
        const start = `${short(first[0], unit)} ${short(first[1], unit)}`;
        out += moves.length === 0 ? '' : `M${start}${steps(moves, unit)}${closed.toLowerCase()}`;
    }
    return out;
}

const WORLD = { x: 0, y: 0, width: 360, height: 180 };
const PIECE = 30; // degrees; as src/portal/map_picture.c and web/src/map.ts have it
const OVER = 0.5; // pieces overlap, so that no seam shows

/** resolution: "110m" or "50m"; digits: decimals of a degree; what is drawn is cut off at the box. */
function paths(resolution, digits, { x, y, width, height }) {
    const land = require(`world-atlas/land-${resolution}.json`);
    const countries = require(`world-atlas/countries-${resolution}.json`);
    const projection = geoEquirectangular()
        .scale(180 / Math.PI)
        .translate([180, 90])
        .precision(0)
        .clipExtent([
            [x, y],
            [x + width, y + height],
        ]);
    const draw = geoPath(projection).digits(digits);
    const drawn = (shape) => relative(draw(shape) ?? '', 10 ** digits);
    return {
        land: drawn(feature(land, land.objects.land)),
        borders: drawn(mesh(countries, countries.objects.countries, (a, b) => a !== b)),
    };
}

/** A picture that follows the reader's theme. line: how wide borders are, in degrees. */
function picture({ land, borders }, { x, y, width, height }, line) {
    const style =
        `svg{background:#eef2f5}.land{fill:#d5d9d3}.border{fill:none;stroke:#fff;stroke-width:${line}}` +
        '@media(prefers-color-scheme:dark){svg{background:#181d23}.land{fill:#323940}.border{stroke:#181d23}}';
    return (
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ` +
        `${height}"><style>${style}</style>` +
        `<path class="land" d="${land}"/><path class="border" d="${borders}"/></svg>\n`
    );
}

/** A string literal, in lines that a compiler takes. */
function literal(text) {
    return text
        .match(/.{1,2000}/g)
        .map((part) => `    "${part}"`)
        .join('\n');
}

function pieces() {
    const out = {};
    for (let column = 0; column < WORLD.width / PIECE; column++) {
        for (let row = 0; row < WORLD.height / PIECE; row++) {
            const size = PIECE + 2 * OVER;
            const box = { x: column * PIECE - OVER, y: row * PIECE - OVER, width: size, height: size };
            out[`near-${column}-${row}.svg`] = picture(paths('50m', 2, box), box, 0.03);
        }
    }
    return out;
}

export function worldFiles() {
    const world = paths('110m', 1, WORLD);
    return {
        'world.json': `${JSON.stringify(world)}\n`,
        'world.h':
            '/* Made by web/world.mjs from world-atlas: paths in a box of 360 by 180, x = longitude + 180, y = 90 - latitude. */\n' +
            `#define LS_WORLD_LAND \\\n${literal(world.land).replace(/\n/g, ' \\\n')}\n` +
            `#define LS_WORLD_BORDERS \\\n${literal(world.borders).replace(/\n/g, ' \\\n')}\n`,
        'world.svg': picture(world, WORLD, 0.25),
        ...pieces(),
    };
}
