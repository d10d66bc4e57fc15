/** One Chromium for a run; pages that report whatever a page must not do. */
import { readFileSync, readdirSync } from 'node:fs';
import { packages } from './site.mjs';

const { chromium } = packages('playwright-core');
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');

export const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };

let server;

export async function launch() {
    server = await chromium.launchServer({
        executablePath: process.env.LOCKSTEP_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    const browser = await chromium.connect(server.wsEndpoint());
    const close = browser.close.bind(browser);
    browser.close = async () => {
        await close();
        await server.close();
    };
    return browser;
}

const TICKS = 100; // of a second, in which Linux counts

/** Seconds of processors that the browser and its processes have used: what else the machine does makes no difference. */
export function busy() {
    const used = new Map();
    for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
        try {
            const fields = readFileSync(`/proc/${name}/stat`, 'latin1')
                .replace(/^.*\) /s, '')
                .split(' ');
            used.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
        } catch {
            // it has ended
        }
    }
    const root = server.process().pid;
    const ours = (pid) => pid === root || (used.has(pid) && ours(used.get(pid).parent));
    return [...used].filter(([pid]) => ours(pid)).reduce((sum, [, one]) => sum + one.ticks, 0) / TICKS;
}

/** Whatever a page says that is no good sign: scripts' errors, refusals by the policy, dialogs. */
function watch(page, complaints) {
    page.on('console', (message) => {
        if (message.type() === 'error' && !/favicon\.ico/.test(message.location().url)) {
            complaints.push(`console: ${message.text()} (${message.location().url})`);
        }
    });
    page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
    page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    page.on('popup', (popup) => complaints.push(`popup: ${popup.url()}`));
}

/** options: those of a context, such as colorScheme and viewport. Gives page, complaints, close. */
export async function open(browser, options = {}) {
    const context = await browser.newContext({
        viewport: SIZES.desktop,
        locale: 'en-GB',
        timezoneId: 'America/New_York',
        ...options,
    });
    const complaints = [];
    await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
            (window.violations ??= []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
        });
    });
    const page = await context.newPage();
    watch(page, complaints);
    return { page, complaints, context, close: () => context.close() };
}

/** Goes to a page and waits for its verdict: "yes", "no", or "none" if nothing was checked. */
export async function visit(page, url, timeout = 30_000) {
    await page.goto(url);
    return verdict(page, timeout);
}

export async function verdict(page, timeout = 30_000) {
    await page.waitForSelector('#verdict.yes, #verdict.no, #verdict.none', { timeout, state: 'attached' });
    return page.evaluate(() => document.getElementById('verdict').className);
}

export function violations(page) {
    return page.evaluate(() => window.violations ?? []);
}

/** Text of the banner and of every cross on the page. */
export function crosses(page) {
    return page.evaluate(() => ({
        banner: document.getElementById('verdict').textContent,
        ticks: document.querySelectorAll('main .check.yes').length,
        at: [...document.querySelectorAll('.crossed')].map((element) => ({
            id:
                element.getAttribute('data-s') ??
                element.closest('[data-s]')?.getAttribute('data-s') ??
                element.localName,
            text: element.textContent,
        })),
        why: [...document.querySelectorAll('main .instead')].map((element) => element.textContent),
    }));
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe-core finds against WCAG 2.2 AA. */
export async function accessibility(page) {
    await page.evaluate(axe);
    const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
    return found.violations.map(
        (v) =>
            `${v.id}: ${v.help} (${v.nodes
                .slice(0, 3)
                .map((n) => n.html.slice(0, 160) + ' ' + (n.failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 200))
                .join(' | ')}${v.nodes.length > 3 ? ` and ${v.nodes.length - 3} more` : ''})`,
    );
}
