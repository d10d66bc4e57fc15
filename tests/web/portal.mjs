/**
 * Tests of a built portal in a real browser: node portal.mjs GROUP SITE SHOTS. Prints what fails, and exits with 1 if
 * anything did. tests/cli/browser.py runs it; LOCKSTEP_NODE is the folder with the packages.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { SIZES, accessibility, crosses, launch, open, verdict, violations, visit } from './browser.mjs';
import { changeByte, changeText, copy, serve } from './site.mjs';

const [group, site, shots] = process.argv.slice(2);
let failures = 0;

function check(holds, what) {
    if (!holds) {
        failures++;
        console.error(`${group}: ${what}`);
    }
}

function list(folder, ending) {
    return readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith(ending)).sort();
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
    });
}

async function shoot(page, name) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name.replace(/\//g, '-').replace(/\.html$/, '')}.png`), fullPage: true });
}

async function holds(page, url, name) {
    await page.goto(url + name);
    await confirmed(page, name);
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
        check(false, `${name} is not confirmed: ${banner.slice(0, 400)} ${JSON.stringify(at.slice(0, 5))} ${why.slice(0, 5).join(' | ')}`);
    }
}

/** A page is no wider than its window. */
function overflow(page) {
    return page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
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

    /** Both themes, phone and desktop: axe-core, width, pictures. */
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
                    const found = await accessibility(view.page);
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
            check(await view.page.evaluate(() => getComputedStyle(document.querySelector('nav')).display === 'none'), `${name}: nav is printed`);
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
                const all = [...document.querySelectorAll(usable)].filter((e) => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }));
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
                    return { tab: e.getAttribute('data-tab'), shows: e === document.body || style.outlineStyle !== 'none' };
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
            check(reached.size === wanted, `${name}: ${wanted - reached.size} of ${wanted} can't be reached by the keyboard`);
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
            check((await view.page.locator('[data-s]').count()) > 0 || /verify|about|texts|readouts|declarations|map|timeline|roadmap/.test(name), `${name} states nothing`);
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
            const options = await select.nth(i).locator('option').evaluateAll((all) => all.map((o) => o.value).filter((v) => v !== ''));
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
        await page.waitForFunction(() => document.querySelector('meta[name=lockstep]').content.startsWith('record.html'));
        check((await verdict(page)) === 'yes', 'the page that was followed is not confirmed');
        check(await page.evaluate(() => window.kept === true), 'the record is verified again on each page');
        await page.locator('#tools input[type=search]').fill('lockstep');
        await page.waitForSelector('#tools ul.plain li');
        await page.goBack();
        await page.waitForFunction(() => document.querySelector('meta[name=lockstep]').content.startsWith('scorecard.html'));
        check((await verdict(page)) === 'yes', 'the page that was returned to is not confirmed');
        check(view.complaints.length === 0, view.complaints.join('\n'));
        await view.close();
        await close();
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
            const is = await visit(view.page, url + expected.page);
            const found = await crosses(view.page);
            const told = found.banner + found.why.join(' ');
            check(is === (expected.verdict ?? 'no'), `${name}: the verdict is "${is}"`);
            check(expected.says.test(told), `${name}: it is not said: ${told.slice(0, 300)}`);
            if (expected.at !== undefined) {
                check(found.at.some((one) => expected.at.test(one.id)), `${name}: the cross stands at ${JSON.stringify(found.at.map((o) => o.id))}`);
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

    async onefile(browser) {
        const view = await open(browser, { offline: true });
        const { page } = view;
        const file = `file://${join(site, 'portal.html')}`;
        check((await visit(page, file)) === 'yes', `the one-file edition is not confirmed: ${(await crosses(page)).banner}`);
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
    },
};

/** Entries of a tile: offsets and sizes of their bytes. */
function entriesIn(file) {
    const bytes = readFileSync(file);
    const out = [];
    for (let at = 0; at < bytes.length; ) {
        const size = bytes.readUInt16BE(at);
        out.push({ at: at + 2, text: bytes.subarray(at + 2, at + 2 + size).toString('latin1') });
        at += 2 + size;
    }
    return out;
}

/** Each changes a copy of the site, and says which page to look at and what must stand there. null: not in this site. */
function tampers() {
    const tile = (folder) => join(folder, 'tlog/tile/entries', list(join(folder, 'tlog/tile/entries'), '').find((n) => statSync(join(folder, 'tlog/tile/entries', n)).isFile() && n.startsWith('000')));
    const middle = (entries) => entries.findIndex((e, i) => i >= entries.length / 3 && /^act: (?!stamp)/m.test(e.text) && /^at: /m.test(e.text));
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
            return { page: 'record.html', says: new RegExp(`Entry ${n} does not hold`), at: new RegExp(`^act-${n}$`), ticks: false };
        },
        signature(folder) {
            const entries = entriesIn(tile(folder));
            const n = middle(entries);
            changeByte(tile(folder), entries[n].at + entries[n].text.length - 12);
            return { page: `act/${n}.html`, says: new RegExp(`Entry ${n} does not hold`), at: /^note$/, ticks: false };
        },
        hash_tile(folder) {
            const file = list(join(folder, 'tlog/tile/0'), '').map((n) => join(folder, 'tlog/tile/0', n)).find((n) => statSync(n).isFile());
            changeByte(file, 32 + 5);
            return { page: 'act/1.html', says: /hash tile 0\/000/, at: /^(proof|h1)$/ };
        },
        hash_tile_seen_elsewhere(folder) {
            const file = list(join(folder, 'tlog/tile/0'), '').map((n) => join(folder, 'tlog/tile/0', n)).find((n) => statSync(n).isFile());
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
            changeByte(join(folder, 'scorecard.html'), Buffer.byteLength(readFileSync(join(folder, 'scorecard.html'), 'utf8').slice(0, at)));
            return { page: 'scorecard.html', says: /does not match the record/, at: new RegExp(`^${id}$`) };
        },
        link(folder) {
            const name = 'scorecard.html';
            const text = readFileSync(join(folder, name), 'utf8');
            const found = /data-s="([^"]+)"[^>]*>(?:(?!data-s)[^])*?href="([^"]+)"/.exec(text);
            writeFileSync(join(folder, name), text.replace(found[0], found[0].replace(/href="[^"]+"$/, 'href="index.html"')));
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
        attachment(folder) {
            const hex = JSON.parse(readFileSync(join(folder, 'tlog/files.json'), 'utf8')).find((name) => list(folder, '.html').some((n) => /^act\//.test(n) && readFileSync(join(folder, n), 'utf8').includes(`attachment/${name}`)));
            changeByte(join(folder, 'tlog/attachment', hex), 3);
            const name = list(folder, '.html').find((n) => /^act\//.test(n) && readFileSync(join(folder, n), 'utf8').includes(`attachment/${hex}`));
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
        page_of_another(folder) {
            const act = readFileSync(join(folder, 'act/1.html'), 'utf8').replace('content="act/1.html', 'content="act/0.html');
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
