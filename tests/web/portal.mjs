/**
 * Tests of a built portal in a real browser: node portal.mjs GROUP SITE SHOTS [PATTERN], which pages are meant to match.
 * Prints what fails, and exits with 1 if anything did. tests/cli/browser.py runs it; LOCKSTEP_NODE is the folder with the packages.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { SIZES, accessibility, busy, crosses, launch, open, verdict, violations, visit } from './browser.mjs';
import { changeByte, changeText, copy, serve } from './site.mjs';

const [group, site, shots, only = ''] = process.argv.slice(2);
let failures = 0;

function check(holds, what) {
    if (!holds) {
        failures++;
        console.error(`${group}: ${what}`);
    }
}

function list(folder, ending) {
    return readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(ending))
        .sort();
}

/** All pages of the site but the one-file edition; of each kind of permanent page the first three, unless all are wanted. */
function pagesOf(all) {
    const pages = list(site, '.html').filter((name) => name !== 'portal.html');
    const seen = new Map();
    return pages.filter((name) => {
        const kind = name.replace(/[^/]*$/, '');
        const many = /(act|measure|meeting|readout|text|declaration)\/$/.test(kind) || /record-\d+/.test(name);
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        return all || !many || seen.get(kind) <= 3;
    }).filter((name) => new RegExp(only).test(name));
}

async function shoot(page, name) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({
        path: join(shots, `${name.replace(/\//g, '-').replace(/\.html$/, '')}.png`),
        fullPage: true,
    });
}

async function holds(page, url, name) {
    await page.goto(url + name);
    await confirmed(page, name);
}

/** A page whose script the browser does not take stays as it was served. */
async function unchecked(page, url) {
    await page.goto(url);
    await page.waitForTimeout(1500);
    return page.evaluate(() => document.getElementById('verdict').className);
}

/** As a click on a link does. */
async function follow(page, url) {
    await page.evaluate((href) => {
        const link = document.createElement('a');
        link.href = href;
        document.getElementById('verdict').className = 'left';
        document.body.append(link);
        link.click();
        link.remove();
    }, url);
}

async function confirmed(page, name) {
    if ((await verdict(page)) !== 'yes') {
        const { banner, at, why } = await crosses(page);
        check(
            false,
            `${name} is not confirmed: ${banner.slice(0, 400)} ${JSON.stringify(at.slice(0, 5))} ${why.slice(0, 5).join(' | ')}`,
        );
    }
}

/** Waits until a page is the one that is shown. */
function current(page, name) {
    return page.waitForFunction(
        (href) => document.querySelector('header [aria-current=page]')?.getAttribute('href') === href,
        name,
    );
}

/** What a reader sees of a page that is confirmed: text, in what order from above, and how large the window on it is. */
function seen(page) {
    return page.evaluate(() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        return {
            text: document.body.innerText.replace(/\s+/g, ' '),
            visible: document.querySelector('main').checkVisibility({ opacityProperty: true, visibilityProperty: true }),
            verdict: Math.round(box('#verdict').top + scrollY),
            main: Math.round(box('main').top + scrollY),
            dir: getComputedStyle(document.querySelector('main')).direction,
            mode: document.compatMode,
        };
    });
}

/** A page is no wider than its window. */
function overflow(page) {
    return page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
}

/** In the page: notes when nothing had its turn for long, and what progress was told. */
function watchTurns() {
    window.turns = { held: 0, told: new Set() };
    let before = performance.now();
    setInterval(() => {
        const now = performance.now();
        window.turns.held = Math.max(window.turns.held, now - before);
        before = now;
        const bar = document.querySelector('#verdict progress');
        if (bar !== null) {
            window.turns.told.add(bar.value);
        }
    }, 10);
}

function readTurns() {
    const marks = performance.getEntriesByType('mark').map((m) => `${m.name} ${(m.startTime / 1000).toFixed(2)}`);
    return {
        shown: performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000,
        held: window.turns.held,
        told: window.turns.told.size,
        marks: marks.join(', '),
    };
}

const groups = {
    /** Every page holds, followed by links, so that the record is verified once. */
    async pages(browser) {
        const { url, close } = await serve(site);
        const all = await open(browser);
        await holds(all.page, url, 'index.html');
        for (const name of pagesOf(true)) {
            await follow(all.page, url + name);
            await confirmed(all.page, name);
        }
        check(all.complaints.length === 0, all.complaints.slice(0, 5).join('\n'));
        await all.close();
        await close();
    },

    /** Both themes, phone and desktop: width, pictures; and axe-core in two of the four, as colours are those of a theme and
     * sizes those of a device. */
    async looks(browser) {
        const { url, close } = await serve(site);
        for (const [size, viewport] of Object.entries(SIZES)) {
            for (const colorScheme of ['light', 'dark']) {
                const view = await open(browser, { viewport, colorScheme });
                await holds(view.page, url, 'index.html');
                for (const name of pagesOf(false)) {
                    await follow(view.page, url + name);
                    await confirmed(view.page, name);
                    await shoot(view.page, `${name}-${size}-${colorScheme}`);
                    const wide = await overflow(view.page);
                    check(wide <= 0, `${name} is ${wide} px wider than a ${size}`);
                    const asked = (size === 'phone') === (colorScheme === 'light');
                    const found = asked ? await accessibility(view.page) : [];
                    check(found.length === 0, `${name} (${size}, ${colorScheme}): ${found.join('\n  ')}`);
                }
                check((await violations(view.page)).length === 0, 'the policy was violated');
                check(view.complaints.length === 0, view.complaints.slice(0, 5).join('\n'));
                await view.close();
            }
        }
        await close();
    },

    /** In print, in a right-to-left page, and at twice the size of text. */
    async paper(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser);
        for (const name of pagesOf(false).filter((n) => !n.includes('/'))) {
            await holds(view.page, url, name);
            await view.page.emulateMedia({ media: 'print' });
            await shoot(view.page, `${name}-print`);
            check(
                await view.page.evaluate(() => getComputedStyle(document.querySelector('nav')).display === 'none'),
                `${name}: nav is printed`,
            );
            await view.page.emulateMedia({ media: 'screen' });
            await view.page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
            check((await overflow(view.page)) <= 0, `${name} does not fit from right to left`);
            await shoot(view.page, `${name}-rtl`);
        }
        await view.close();
        await close();
    },

    /** Everything that can be used is reached by the tab key, in order, and shows it. */
    async keyboard(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser);
        for (const name of pagesOf(false).filter((n) => !n.startsWith('ko/'))) {
            await holds(view.page, url, name);
            const wanted = await view.page.evaluate(() => {
                const usable = 'a[href], button, input, select, textarea, summary, [tabindex]';
                const all = [...document.querySelectorAll(usable)].filter(
                    (e) => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }),
                );
                all.forEach((e, i) => e.setAttribute('data-tab', String(i)));
                return all.length;
            });
            const reached = new Set();
            let hidden = 0;
            for (let i = 0; i < wanted * 3 + 5 && reached.size < wanted; i++) {
                await view.page.keyboard.press('Tab');
                const at = await view.page.evaluate(() => {
                    const e = document.activeElement;
                    const style = getComputedStyle(e);
                    return {
                        tab: e.getAttribute('data-tab'),
                        shows: e === document.body || style.outlineStyle !== 'none',
                    };
                });
                if (i === 0) {
                    const skip = await view.page.evaluate(() => document.activeElement.getAttribute('href'));
                    check(skip === '#main', `${name}: the first stop is not the link to the page's text`);
                }
                if (at.tab !== null) {
                    hidden += at.shows || reached.has(at.tab) ? 0 : 1; // a field for a day has stops of its own
                    reached.add(at.tab);
                }
            }
            check(
                reached.size === wanted,
                `${name}: ${wanted - reached.size} of ${wanted} can't be reached by the keyboard`,
            );
            check(hidden === 0, `${name}: focus does not show on ${hidden}`);
        }
        await view.close();
        await close();
    },

    /** Without a script the page is there, and its links lead somewhere. */
    async plain(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser, { javaScriptEnabled: false });
        const dead = new Set();
        for (const name of pagesOf(false)) {
            await view.page.goto(url + name);
            check((await view.page.locator('main h1').count()) === 1, `${name} has no heading`);
            check((await view.page.locator('main').innerText()).length > 20, `${name} is empty`);
            check(
                (await view.page.locator('[data-s]').count()) > 0 ||
                    /verify|about|texts|readouts|declarations|map|timeline|roadmap/.test(name),
                `${name} states nothing`,
            );
            const links = await view.page.locator('a[href]').evaluateAll((all) => all.map((a) => a.href));
            for (const link of new Set(links.filter((l) => l.startsWith(url)))) {
                const path = decodeURIComponent(new URL(link).pathname);
                try {
                    statSync(join(site, path));
                } catch {
                    dead.add(`${name} -> ${path}`);
                }
            }
        }
        check(dead.size === 0, `dead links: ${[...dead].slice(0, 10).join(', ')}`);
        await view.close();
        await close();
    },

    /** What a script adds: nothing that throws, and what it says. */
    async exploring(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser);
        const { page } = view;
        await holds(page, url, 'scorecard.html');
        const rows = 'main [data-state]:visible';
        const before = await page.locator(rows).count();
        const select = page.locator('#tools select').filter({ has: page.locator('option') });
        for (let i = 0; i < (await select.count()); i++) {
            const options = await select
                .nth(i)
                .locator('option')
                .evaluateAll((all) => all.map((o) => o.value).filter((v) => v !== ''));
            for (const value of options) {
                await select.nth(i).selectOption(value);
                const shown = await page.locator(rows).count();
                check(shown > 0 && shown <= before, `filter ${value} shows ${shown} of ${before}`);
            }
            await page.locator('#tools form button[type=button]').first().click();
            check((await page.locator(rows).count()) === before, 'not all are shown again');
        }
        // Pages are followed without losing what was verified.
        await page.evaluate(() => (window.kept = true));
        await page.locator('body > header nav a[href$="record.html"]').first().click();
        await current(page, 'record.html');
        check((await verdict(page)) === 'yes', 'the page that was followed is not confirmed');
        check(await page.evaluate(() => window.kept === true), 'the record is verified again on each page');
        await page.locator('#tools input[type=search]').fill('lockstep');
        await page.waitForSelector('#tools ul.plain li');
        await page.goBack();
        await current(page, 'scorecard.html');
        check((await verdict(page)) === 'yes', 'the page that was returned to is not confirmed');
        check(view.complaints.length === 0, view.complaints.join('\n'));
        await view.close();
        await close();
    },

    /** A map of the world: nearer, its land is finer; the mark of an exercise and the areas stay in sight. */
    async zoomed(browser) {
        const { url, sent, close } = await serve(site);
        const view = await open(browser);
        await holds(view.page, url, 'map.html');
        check(![...sent.keys()].some((path) => /near-/.test(path)), 'finer land is loaded before it is shown');
        for (let i = 0; i < 3; i++) {
            await view.page.locator('svg.map .cluster').first().click();
        }
        await view.page.waitForTimeout(500);
        check(sent.has('/assets/near-10-1.svg'), `no finer land: ${[...sent.keys()].join(' ')}`);
        const seen = await view.page.evaluate(() => {
            const box = document.querySelector('svg.map').getBoundingClientRect();
            const within = (r) => r.left >= box.left && r.right <= box.right && r.top >= box.top && r.bottom <= box.bottom;
            return within(document.querySelector('svg.map .corner text').getBoundingClientRect());
        });
        check(seen, 'the mark of an exercise is out of sight');
        await shoot(view.page, 'zoomed');
        await view.page.getByRole('button', { name: 'Whole' }).click();
        check((await view.page.locator('svg.map image').count()) === 1, 'finer land stays over the world');
        check(view.complaints.length === 0, view.complaints.join('\n'));
        await view.close();
        await close();
    },

    /** Who has begun to go through a page by keyboard is where he was when it is confirmed. */
    async focused(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser);
        await view.page.route('**/verifier.bin', async (route) => {
            await new Promise((resolve) => setTimeout(resolve, 1000));
            await route.continue();
        });
        await view.page.goto(`${url}index.html`);
        await view.page.waitForSelector('#verdict.working');
        await view.page.locator('header a[href="map.html"]').focus();
        check((await verdict(view.page)) === 'yes', 'it is not confirmed');
        const at = await view.page.evaluate(() => document.activeElement.getAttribute('href'));
        check(at === 'map.html', `the focus went to ${at}`);
        await view.close();
        await close();
    },

    /** What a reader's own browser puts into a page is none of the site's. */
    async extended(browser) {
        const { url, close } = await serve(site);
        for (const where of [`${url}index.html`, `file://${join(site, 'portal.html')}`]) {
            const view = await open(browser);
            await view.context.addInitScript(() => {
                addEventListener('DOMContentLoaded', () => {
                    document.body.setAttribute('data-extension', '1');
                    document.body.append(document.createElement('extension-of-the-reader'));
                    document.body.prepend('a note');
                });
            });
            await holds(view.page, where, '');
            await view.close();
        }
        await close();
    },

    /**
     * A site that would have its reader see something else under a banner that confirms. Either the page is not confirmed,
     * or what is seen is the page as it should be.
     */
    async forged(browser) {
        const { url, close } = await serve(site);
        const genuine = await open(browser);
        for (const name of ['index.html', 'scorecard.html', 'map.html', 'timeline.html']) {
            await holds(genuine.page, url, name);
            wholes[name] = { html: readFileSync(join(site, name), 'utf8'), seen: await seen(genuine.page) };
        }
        await genuine.close();
        await close();
        for (const [what, [name, forge, mustFail = false]] of Object.entries(forgeries())) {
            const instead = forge(wholes[name].html);
            const served = await serve(site, typeof instead === 'string' ? { [`/${name}`]: instead } : instead);
            const view = await open(browser);
            const is = await visit(view.page, served.url + name).catch(() => 'nothing');
            const sees = await seen(view.page).catch(() => null);
            const right = JSON.stringify(sees) === JSON.stringify(wholes[name].seen);
            check(is === 'no' || is === 'none' || (is === 'yes' && right && !mustFail), `${what}: ${is}, and is seen: ` +
                JSON.stringify(sees)?.slice(0, 600));
            check(is !== 'yes' || !/FORGED/.test(sees.text), `${what}: what is forged is confirmed`);
            await view.close();
            await served.close();
        }
    },

    /** One byte changed, of each kind: the cross stands where it was. */
    async tampered(browser) {
        const scratch = mkdtempSync(join(tmpdir(), 'portal-'));
        for (const [name, tamper] of Object.entries(tampers())) {
            const folder = copy(site, join(scratch, name));
            const expected = tamper(folder);
            if (expected === null) {
                continue;
            }
            const { url, close } = await serve(folder);
            const view = await open(browser);
            const is =
                expected.verdict === 'unchecked'
                    ? await unchecked(view.page, url + expected.page)
                    : await visit(view.page, url + expected.page);
            const found = await crosses(view.page);
            const told = found.banner + found.why.join(' ');
            check(is === (expected.verdict ?? 'no'), `${name}: the verdict is "${is}"`);
            check(expected.says.test(told), `${name}: it is not said: ${told.slice(0, 300)}`);
            if (expected.at !== undefined) {
                check(
                    found.at.some((one) => expected.at.test(one.id)),
                    `${name}: the cross stands at ${JSON.stringify(found.at.map((o) => o.id))}`,
                );
            }
            if (expected.ticks === false) {
                check(found.ticks === 0, `${name}: there are ticks`);
            }
            await shoot(view.page, `tampered-${name}`);
            await view.close();
            await close();
            rmSync(folder, { recursive: true });
        }
        rmSync(scratch, { recursive: true });
    },

    /**
     * Of a large process, pages that are opened anew: how long until each is there to be read, what was sent until then, how
     * long until all is verified, and for how long nothing else had its turn. Times are of the clock and, where other work
     * may stretch them, of processors, all of the browser's together. Prints figures.
     */
    async budgets(browser) {
        const { url, sent, close } = await serve(site);
        for (const name of ['index.html', 'record.html', 'act/1.html']) {
            const view = await open(browser);
            await view.context.addInitScript(watchTurns);
            sent.clear();
            const before = { clock: performance.now(), busy: busy() };
            const is = await visit(view.page, url + name, 120_000);
            const verified = { clock: (performance.now() - before.clock) / 1000, busy: busy() - before.busy };
            const { shown, held, told, marks } = await view.page.evaluate(readTurns);
            const size = (wanted) =>
                [...sent].filter(([path]) => wanted(path)).reduce((sum, [, bytes]) => sum + bytes, 0) / 1024;
            const first = size((path) => !path.startsWith('/tlog/'));
            console.log(
                `${name}: shown ${shown.toFixed(2)} s, ${first.toFixed(0)} KiB; verified ${verified.clock.toFixed(2)} s ` +
                    `(${verified.busy.toFixed(2)} s busy), ${size(() => true).toFixed(0)} KiB; held ${held.toFixed(0)} ms; ` +
                    `told ${told} times; ${marks}`,
            );
            check(is === 'yes', `${name}: the verdict is "${is}"`);
            check(shown < 1, `${name} is shown after ${shown} s`);
            check(first < 500, `${name} takes ${first} KiB`);
            check(
                Math.min(verified.clock, verified.busy) < 10,
                `${name} is verified after ${verified.clock} s, busy ${verified.busy} s`,
            );
            check(told > 5, `${name} told its progress ${told} times`);
            await view.close();
        }
        await close();
    },

    /** Whatever others wrote is text: nothing of it runs, loads, asks or hides something. The site is of hostile acts. */
    async inert(browser) {
        const { url, sent, close } = await serve(site);
        const view = await open(browser);
        const { page } = view;
        await holds(page, url, 'index.html');
        for (const name of pagesOf(true)) {
            await follow(page, url + name);
            await confirmed(page, name);
            const found = await page.evaluate(() => ({
                hit: window.hit !== undefined,
                tags: [
                    ...document.querySelectorAll(
                        'main :is(script, img, iframe, object, embed, style, link, meta, base, form, input, math, template)',
                    ),
                ]
                    .filter((e) => e.closest('#drop, .tools') === null)
                    .map((e) => e.localName),
                handlers: [...document.querySelectorAll('main *')]
                    .flatMap((e) => [...e.attributes].map((a) => a.name))
                    .filter((n) => n.startsWith('on') || n === 'style' || n === 'srcdoc'),
                links: [...document.querySelectorAll('a')]
                    .map((a) => a.href)
                    .filter((href) => !href.startsWith('http://127.0.0.1')),
            }));
            check(!found.hit, `${name} ran something`);
            check(found.tags.length === 0, `${name} has ${found.tags.join(', ')}`);
            check(found.handlers.length === 0, `${name} has ${found.handlers.join(', ')}`);
            check(found.links.length === 0, `${name} leads to ${found.links.join(', ')}`);
        }
        // What the script itself shows of it.
        await follow(page, `${url}record.html`);
        await confirmed(page, 'record.html');
        await page.locator('#tools input[type=search]').fill('<script');
        await page.waitForSelector('#tools ul.plain li mark');
        await follow(page, `${url}verify.html`);
        await confirmed(page, 'verify.html');
        await page.locator('input[type=file]').setInputFiles({
            name: '<img src=x onerror=hit=1>.lockstep',
            mimeType: 'text/html',
            buffer: Buffer.from('<script>hit=1</script>'),
        });
        await page.waitForSelector('.result');
        check(
            await page.evaluate(
                () => window.hit === undefined && document.querySelector('.result img, .result script') === null,
            ),
            'a dropped file ran',
        );
        check((await violations(page)).length === 0, `the policy had to stop ${await violations(page)}`);
        check(view.complaints.length === 0, view.complaints.slice(0, 5).join('\n'));
        check(
            [...sent.keys()].every((path) => !/x$|evil/.test(path)),
            'something was loaded',
        );
        await view.close();
        const one = await open(browser, { offline: true });
        await visit(one.page, `file://${join(site, 'portal.html')}`);
        await one.page.evaluate(() => (location.hash = '/scorecard.html'));
        await one.page.waitForFunction(() => document.querySelector('main h1').textContent.includes('Scorecard'));
        check(await one.page.evaluate(() => window.hit === undefined), 'the one-file edition ran something');
        check((await violations(one.page)).length === 0, 'the policy of the one-file edition had to stop something');
        await one.close();
        await close();
    },

    /** The charter's fingerprint in the address: the right one, another one, none that is one; and it stays. */
    async pinned(browser) {
        const { url, close } = await serve(site);
        const charter = /<code class="hash">([0-9a-f]{64})</.exec(
            readFileSync(join(site, 'index.html'), 'utf8').split('<footer')[1],
        )[1];
        const another = charter.replace(/^./, charter.startsWith('0') ? '1' : '0');
        for (const [value, expected, says] of [
            [charter, 'yes', /whose fingerprint you gave/],
            [another, 'no', /does not hold/],
            ['abc', 'no', /not one/],
        ]) {
            const view = await open(browser);
            const is = await visit(view.page, `${url}index.html#charter=${value}`);
            const found = await crosses(view.page);
            check(is === expected, `with ${value} the verdict is "${is}": ${found.banner.slice(0, 300)}`);
            check(says.test(found.banner), `with ${value} it is said: ${found.banner.slice(0, 500)}`);
            check(expected === 'yes' || value === 'abc' || found.ticks === 0, `with ${value} there are ticks`);
            if (expected === 'yes') {
                await view.page.locator('#pages a[href*="scorecard.html"]').click();
                await view.page.waitForFunction(() => location.pathname.endsWith('scorecard.html'));
                check(view.page.url().endsWith(`#charter=${charter}`), `the fingerprint is lost: ${view.page.url()}`);
            }
            await view.close();
        }
        // Typed into the banner.
        const view = await open(browser);
        await holds(view.page, url, 'index.html');
        await view.page.locator('#verdict summary').click();
        await view.page.locator('#verdict input').fill(another);
        await Promise.all([view.page.waitForEvent('load'), view.page.locator('#verdict button').click()]);
        check((await verdict(view.page)) === 'no', 'another fingerprint that was typed is taken');
        await view.close();
        await close();
    },

    /** Files on the page "Verify": one that holds, one that was changed, one that is none. */
    async dropping(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser);
        await holds(view.page, url, 'verify.html');
        const proof = readFileSync(join(site, 'act/1.tlog-proof'));
        const changed = Buffer.from(
            proof.toString().replace(/^([A-Za-z0-9+/]{10})(.)/m, (_, before, at) => before + (at === 'A' ? 'B' : 'A')),
        );
        for (const [name, buffer, expected] of [
            ['proof', proof, 'yes'],
            ['changed', changed, 'no'],
            ['none', Buffer.from('Hello'), 'no'],
        ]) {
            await view.page
                .locator('input[type=file]')
                .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
            await view.page.waitForFunction(
                (wanted) => document.querySelector('.result h3')?.textContent === wanted,
                name,
            );
            const result = view.page.locator('.result').first();
            check((await result.getAttribute('class')).includes(expected), `${name}: ${await result.innerText()}`);
        }
        await shoot(view.page, 'dropped');
        const found = await accessibility(view.page);
        check(found.length === 0, found.join('\n'));
        check(view.complaints.length === 0, view.complaints.join('\n'));
        await view.close();
        await close();
    },

    /** A page that differs because the site is just being brought up to date is looked at again before a cross is shown. */
    async renewed(browser) {
        const folder = copy(site, mkdtempSync(join(tmpdir(), 'portal-')));
        const file = join(folder, 'index.html');
        const whole = readFileSync(file);
        changeText(file, '</main>', '<p data-s="later">Later.</p></main>');
        const { url, close } = await serve(folder);
        const view = await open(browser);
        await view.page.goto(`${url}index.html`);
        await view.page.waitForFunction(() => /Looking again/.test(document.getElementById('verdict').textContent));
        check((await crosses(view.page)).at.length === 0, 'there is a cross already');
        writeFileSync(file, whole);
        check((await verdict(view.page)) === 'yes', 'the page that came in the meantime is not confirmed');
        await view.close();
        await close();
        rmSync(folder, { recursive: true });
    },

    /** As a page stood on another day, and back. */
    async another_day(browser) {
        const { url, close } = await serve(site);
        const view = await open(browser);
        const { page } = view;
        await holds(page, url, 'scorecard.html');
        const now = await page.locator('main').innerText();
        await page.locator('#tools summary').click();
        await page.locator('#tools input[type=date][required]').fill('2018-11-01');
        await page.locator('#tools button[type=submit]').click();
        await page.waitForFunction(() => document.getElementById('tools').textContent.includes('2018-11-01'));
        const then = await page.locator('main').innerText();
        check(then !== now && then.includes('2018-11-01'), `nothing changed: ${then.slice(0, 300)}`);
        check((await page.locator('main .check.yes').count()) === 0, 'there are ticks on what was not served');
        await shoot(page, 'another-day');
        await page.locator('#tools p[role=status] button').last().click();
        await page.waitForSelector('main .check.yes');
        check((await verdict(page)) === 'yes', 'the page of today is not confirmed');
        check(view.complaints.length === 0, view.complaints.join('\n'));
        await view.close();
        await close();
    },

    async onefile(browser) {
        const view = await open(browser, { offline: true });
        const { page } = view;
        const file = `file://${join(site, 'portal.html')}`;
        check(
            (await visit(page, file)) === 'yes',
            `the one-file edition is not confirmed: ${(await crosses(page)).banner}`,
        );
        await shoot(page, 'onefile');
        await page.locator('body > header nav a[href$="scorecard.html"]').first().click();
        await page.waitForFunction(() => location.hash.includes('scorecard.html'));
        check((await page.locator('main [data-s]').count()) > 0, 'the scorecard is not there');
        check((await verdict(page)) === 'yes', 'the scorecard is not confirmed');
        await page.locator('main a[href*="act/"]').first().click();
        await page.waitForFunction(() => location.hash.includes('/act/'));
        check((await page.locator('main pre').count()) > 0, 'the act is not there');
        const found = await accessibility(page);
        check(found.length === 0, found.join('\n'));
        check((await violations(page)).length === 0, 'the policy was violated');
        check(view.complaints.length === 0, view.complaints.join('\n'));
        await view.close();
        await changedFile(browser, 'record', '"entries":["', false);
        await changedFile(browser, 'file', '"files":{', null);
        await changedFile(browser, 'verifier', 'id="lockstep-verifier">', false);
        await brokenFile(browser);
    },
};

/** Data that are none, under a verdict that is there already: what the script can't read it does not leave standing. */
async function brokenFile(browser) {
    const folder = mkdtempSync(join(tmpdir(), 'portal-'));
    const file = join(folder, 'portal.html');
    const text = readFileSync(join(site, 'portal.html'), 'utf8')
        .replace('{"checkpoint":', '{"checkpoint"')
        .replace('<div id="verdict" role="status" class="unchecked">', '<div id="verdict" role="status" class="yes">FORGED');
    writeFileSync(file, text);
    const view = await open(browser, { offline: true });
    await view.page.goto(`file://${file}`);
    await view.page.waitForSelector('#verdict.none');
    check(!(await view.page.innerText('body')).includes('FORGED'), 'a verdict that was served stands');
    await view.close();
    rmSync(folder, { recursive: true });
}

/** A one-file edition with a byte of base64 changed, soon after `from`, is not confirmed. ticks: whether there are
 * marks all the same, as where the record itself holds; null: it depends. */
async function changedFile(browser, name, from, ticks) {
    const text = readFileSync(join(site, 'portal.html'), 'utf8');
    const at = text.indexOf(from) + from.length + 200;
    const folder = mkdtempSync(join(tmpdir(), 'portal-'));
    const file = join(folder, 'portal.html');
    writeFileSync(file, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
    const view = await open(browser, { offline: true });
    const is = await visit(view.page, `file://${file}`);
    const found = await crosses(view.page);
    check(
        is !== 'yes' && (ticks === null || found.ticks > 0 === ticks),
        `one file with another ${name} is confirmed: ${found.banner.slice(0, 300)}`,
    );
    await view.close();
    rmSync(folder, { recursive: true });
}

const wholes = {};

/** name: [page, how it is changed, whether it must not be confirmed in any case]. */
function forgeries() {
    const main = '<main id="main" tabindex="-1">';
    const verdict = '<div id="verdict" role="status" class="unchecked">';
    const shadow = (mode) => `<template shadowrootmode="${mode}"><h1>FORGED</h1></template>`;
    const mark = '<p id="exercise-mark" class="exercise">';
    const old = (html) => html.replace(/(name="lockstep" content="\S+) 0 0"/, '$1 1540080000 1540080000"');
    return {
        'shadow in main': ['index.html', (h) => h.replace(main, main + shadow('open'))],
        'shadow in the mark': ['index.html', (h) => h.replace(mark, mark + shadow('closed'))],
        'shadow in body': ['index.html', (h) => h.replace('<body>', `<body>${shadow('open')}`)],
        'shadow in the verdict': ['index.html', (h) => h.replace(verdict, verdict + shadow('open'))],
        'mark within the skip link': [
            'index.html',
            (h) =>
                h
                    .replace(/<p id="exercise-mark"[^]*?<\/p>\n/, '')
                    .replace('</a>', '&#3;\n&#1;p class="exercise" id="exercise-mark"&#2;EXERCISE&#3;</a>'),
            true,
        ],
        'text that passes for elements': ['index.html', (h) => h.replace(/(<h1[^>]*>)/, '$1&#1;b&#2;&#3;'), true],
        'main hidden': ['index.html', (h) => h.replace(main, '<main id="main" tabindex="-1" hidden>')],
        'main of another kind': ['index.html', (h) => h.replace(main, '<main id="main" tabindex="-1" class="unseen" dir="rtl">')],
        'body hidden': ['index.html', (h) => h.replace('<body>', '<body class="removed" hidden inert dir="rtl">')],
        'root of another kind': ['index.html', (h) => h.replace('<html ', '<html class="removed" hidden ')],
        'no doctype': ['index.html', (h) => h.replace('<!DOCTYPE html>', ''), true],
        'a second verdict': [
            'index.html',
            (h) => h.replace(verdict, '<div id="verdict" hidden></div><div id="verdict" class="yes"><p>FORGED</p>'),
            true,
        ],
        'a verdict elsewhere': ['index.html', (h) => h.replace(mark, `<div id="verdict" class="yes">FORGED</div>${mark}`), true],
        'no verdict': ['index.html', (h) => h.replace('id="verdict"', 'class="yes"'), true],
        'no word of the page': ['index.html', (h) => h.replace('name="lockstep"', 'name="other"'), true],
        'an old moment': ['scorecard.html', old, true],
        'another page': ['scorecard.html', () => wholes['timeline.html'].html, true],
        'far below': ['index.html', (h) => h.replace('<body>', `<body>${' \u2003'.repeat(30000)}`)],
        'a script that is shown': [
            'index.html',
            (h) => h.replace('<footer>', '<script type="text/plain" class="exercise cards">FORGED</script><footer>'),
        ],
        'another style': [
            'index.html',
            (h) => ({
                '/index.html': h.replace('</head>', '<link REL="StyleSheet" href="assets/more.css"></head>'),
                '/assets/more.css': '#exercise-mark { display: none }',
            }),
        ],
        'a style in the body': [
            'index.html',
            (h) => ({
                '/index.html': h.replace('</footer>', '</footer><link rel="stylesheet" href="assets/more.css">'),
                '/assets/more.css': '#exercise-mark { display: none }',
            }),
        ],
        'another picture': [
            'map.html',
            () => ({ '/assets/near-10-1.svg': '<svg xmlns="http://www.w3.org/2000/svg"><text y="9">FORGED</text></svg>' }),
            true,
        ],
        'data of another record': [
            'index.html',
            (h) => h.replace('</footer>', '</footer><script type="text/plain" id="lockstep-verifier">AAAA</script>'),
        ],
        'after it was confirmed': [
            'index.html',
            (h) => {
                const [first, rest] = h
                    .replace('<script type="module"', '<script async type="module"')
                    .split(/(?=<\/body>)/);
                return { '/index.html': [first, `<p class="exercise">FORGED</p>${rest}`] };
            },
            true,
        ],
        'before its end': ['index.html', (h) => h.replace('<script type="module"', '<script async type="module"')],
    };
}

/** Entries of a tile: offsets and sizes of their bytes. */
function entriesIn(file) {
    const bytes = readFileSync(file);
    const out = [];
    for (let at = 0; at < bytes.length;) {
        const size = bytes.readUInt16BE(at);
        out.push({ at: at + 2, text: bytes.subarray(at + 2, at + 2 + size).toString('latin1') });
        at += 2 + size;
    }
    return out;
}

/** Each changes a copy of the site, and says which page to look at and what must stand there. null: not in this site. */
function tampers() {
    const tile = (folder) =>
        join(
            folder,
            'tlog/tile/entries',
            list(join(folder, 'tlog/tile/entries'), '').find(
                (n) => statSync(join(folder, 'tlog/tile/entries', n)).isFile() && n.startsWith('000'),
            ),
        );
    const middle = (entries) =>
        entries.findIndex(
            (e, i) => i >= entries.length / 3 && /^act: (?!stamp)/m.test(e.text) && /^at: /m.test(e.text),
        );
    const page = (folder, pattern) => list(folder, '.html').find((n) => pattern.test(n));
    /** The first statement of a page that has words: its id, the words, and where they begin. */
    const statement = (folder, name) => {
        const text = readFileSync(join(folder, name), 'utf8');
        const main = text.indexOf('<main');
        const found = /data-s="([^"]+)"[^>]*>(?:<[^>]*>)*([^<>]*[a-z]{3}[^<>]*)</.exec(text.slice(main));
        return { id: found[1], at: main + found.index + found[0].length - 2 };
    };
    return {
        act(folder) {
            const entries = entriesIn(tile(folder));
            const n = middle(entries);
            changeByte(tile(folder), entries[n].at + entries[n].text.indexOf('\nat: ') + 14);
            return { page: `act/${n}.html`, says: new RegExp(`Entry ${n} does not hold`), at: /^note$/, ticks: false };
        },
        act_seen_from_the_record(folder) {
            const entries = entriesIn(tile(folder));
            const n = middle(entries);
            changeByte(tile(folder), entries[n].at + entries[n].text.indexOf('\nat: ') + 14);
            return {
                page: 'record.html',
                says: new RegExp(`Entry ${n} does not hold`),
                at: new RegExp(`^act-${n}$`),
                ticks: false,
            };
        },
        signature(folder) {
            const entries = entriesIn(tile(folder));
            const n = middle(entries);
            changeByte(tile(folder), entries[n].at + entries[n].text.length - 12);
            return { page: `act/${n}.html`, says: new RegExp(`Entry ${n} does not hold`), at: /^note$/, ticks: false };
        },
        hash_tile(folder) {
            const file = list(join(folder, 'tlog/tile/0'), '')
                .map((n) => join(folder, 'tlog/tile/0', n))
                .find((n) => statSync(n).isFile());
            changeByte(file, 32 + 5);
            return { page: 'act/1.html', says: /hash tile 0\/000/, at: /^(proof|h1)$/ };
        },
        hash_tile_seen_elsewhere(folder) {
            const file = list(join(folder, 'tlog/tile/0'), '')
                .map((n) => join(folder, 'tlog/tile/0', n))
                .find((n) => statSync(n).isFile());
            changeByte(file, 32 + 5);
            return { page: 'index.html', says: /hash tile 0\/000/ };
        },
        proof(folder) {
            const file = page(folder, /^act\/.*/).replace(/html$/, 'tlog-proof');
            try {
                changeByte(join(folder, file), 60);
            } catch {
                return null;
            }
            return { page: file.replace(/tlog-proof$/, 'html'), says: /proof as a file/, at: /./ };
        },
        datum(folder) {
            const { id, at } = statement(folder, 'scorecard.html');
            changeByte(
                join(folder, 'scorecard.html'),
                Buffer.byteLength(readFileSync(join(folder, 'scorecard.html'), 'utf8').slice(0, at)),
            );
            return { page: 'scorecard.html', says: /does not match the record/, at: new RegExp(`^${id}$`) };
        },
        link(folder) {
            const name = 'scorecard.html';
            const text = readFileSync(join(folder, name), 'utf8');
            const found = /data-s="([^"]+)"[^>]*>(?:(?!data-s)[^])*?href="([^"]+)"/.exec(text);
            writeFileSync(
                join(folder, name),
                text.replace(found[0], found[0].replace(/href="[^"]+"$/, 'href="index.html"')),
            );
            return { page: name, says: /does not match the record/, at: new RegExp(`^${found[1]}$`) };
        },
        left_out(folder) {
            const name = 'record.html';
            const text = readFileSync(join(folder, name), 'utf8');
            const found = /<(tr|li) data-s="[^"]+"[^]*?<\/\1>/.exec(text);
            writeFileSync(join(folder, name), text.replace(found[0], ''));
            return { page: name, says: /leaves out/ };
        },
        made_up(folder) {
            const name = 'index.html';
            changeText(join(folder, name), '</main>', '<p data-s="made-up">All is well.</p></main>');
            return { page: name, says: /is not in the record/, at: /^made-up$/ };
        },
        said_twice(folder) {
            const name = 'index.html';
            const { id } = statement(folder, name);
            changeText(join(folder, name), '</main>', `<p data-s="${id}">All is well.</p></main>`);
            return { page: name, says: /twice/, at: new RegExp(`^${id}$`) };
        },
        between(folder) {
            const name = 'index.html';
            changeText(join(folder, name), '</h2>', '?</h2>');
            return { page: name, says: /between the statements/ };
        },
        exercise_left_out(folder) {
            const file = join(folder, 'index.html');
            const text = readFileSync(file, 'utf8');
            writeFileSync(file, text.replace(/<p id="exercise-mark"[^]*?<\/p>/, ''));
            return { page: 'index.html', says: /stands around this page/ };
        },
        exercise_as_another_title(folder) {
            changeText(join(folder, 'index.html'), '<title>EXERCISE: ', '<title>');
            return { page: 'index.html', says: /stands around this page/ };
        },
        fingerprint_in_the_foot(folder) {
            const file = join(folder, 'record.html');
            const foot = readFileSync(file, 'utf8').indexOf('id="fingerprint"');
            changeByte(file, Buffer.byteLength(readFileSync(file, 'utf8').slice(0, foot)) + 90);
            return { page: 'record.html', says: /stands around this page/, at: /^footer$/ };
        },
        name_of_the_verifier(folder) {
            const text = readFileSync(join(folder, 'act/1.html'), 'utf8');
            const hex = /id="verifier"[^]*?([0-9a-f]{64})/.exec(text)[1];
            writeFileSync(join(folder, 'act/1.html'), text.replaceAll(hex, hex.replace(/^./, (d) => (d === '0' ? '1' : '0'))));
            return { page: 'act/1.html', says: /stands around this page/, at: /^footer$/ };
        },
        way_to_another_page(folder) {
            changeText(join(folder, 'ko/index.html'), '<li><a href="scorecard.html"', '<li><a href="record.html"');
            return { page: 'ko/index.html', says: /둘레/, at: /^header$/ };
        },
        praise_before_the_page(folder) {
            changeText(join(folder, 'index.html'), '<main', '<p class="yes">Verified by the United Nations.</p><main');
            return { page: 'index.html', says: /stands around this page/, at: /^p$/ };
        },
        a_second_verdict(folder) {
            changeText(join(folder, 'index.html'), '</footer>', '</footer><div id="verdict">All holds.</div>');
            return { page: 'index.html', says: /stands around this page/, at: /^div$/ };
        },
        attachment(folder) {
            const hex = JSON.parse(readFileSync(join(folder, 'tlog/files.json'), 'utf8')).find((name) =>
                list(folder, '.html').some(
                    (n) => /^act\//.test(n) && readFileSync(join(folder, n), 'utf8').includes(`attachment/${name}`),
                ),
            );
            changeByte(join(folder, 'tlog/attachment', hex), 3);
            const name = list(folder, '.html').find(
                (n) => /^act\//.test(n) && readFileSync(join(folder, n), 'utf8').includes(`attachment/${hex}`),
            );
            return { page: name, says: new RegExp(hex.slice(0, 8)), at: /./ };
        },
        checkpoint_root(folder) {
            const file = join(folder, 'tlog/checkpoint');
            const root = readFileSync(file, 'utf8').split('\n')[2];
            changeByte(file, root);
            return { page: 'index.html', says: /checkpoint/i, ticks: false };
        },
        checkpoint_signature(folder) {
            changeByte(join(folder, 'tlog/checkpoint'), -10);
            return { page: 'index.html', says: /checkpoint/i, ticks: false };
        },
        checkpoint_size(folder) {
            const file = join(folder, 'tlog/checkpoint');
            const lines = readFileSync(file, 'utf8').split('\n');
            lines[1] = String(Number(lines[1]) + 1);
            writeFileSync(file, lines.join('\n'));
            return { page: 'index.html', says: /does not hold/, ticks: false };
        },
        verifier(folder) {
            changeByte(join(folder, 'assets/verifier.bin'), 200);
            return { page: 'index.html', verdict: 'none', says: /could not be checked/, ticks: false };
        },
        script(folder) {
            writeFileSync(join(folder, 'assets/app.js'), `${readFileSync(join(folder, 'assets/app.js'), 'utf8')};`);
            return { page: 'index.html', verdict: 'unchecked', says: /./, ticks: false };
        },
        page_of_another(folder) {
            const act = readFileSync(join(folder, 'act/1.html'), 'utf8').replace(
                'content="act/1.html',
                'content="act/0.html',
            );
            writeFileSync(join(folder, 'act/0.html'), act);
            return { page: 'act/0.html', says: /does not (say what|match)/, at: /./ };
        },
    };
}

const browser = await launch();
try {
    await groups[group](browser);
} finally {
    await browser.close();
}
process.exit(failures > 0 ? 1 : 0);
