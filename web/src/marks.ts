/** Marks beside statements, and the banner that says what was found. Always what was checked, never "true". */
import type { Compared } from './compare.ts';
import { element } from './dom.ts';
import type { Replayed, Step } from './replay.ts';
import { say, spoken } from './words.ts';

const NOT_FOR_MARKS = 'tr, table, tbody, thead, ul, ol, dl, select, img, picture';

function sign(yes: boolean): HTMLElement {
    return element(
        'span',
        { class: `check ${yes ? 'yes' : 'no'}` },
        element('span', { 'aria-hidden': 'true' }, yes ? '✓' : '✗'),
        element('span', { class: 'unseen' }, ` ${say(yes ? 'mark.yes' : 'mark.no')} `),
    );
}

/** Puts something at a statement: within blocks at their end, after what stands in a line. */
function attach(statement: Element, ...what: HTMLElement[]): void {
    if (statement instanceof SVGElement) {
        return;
    }
    let host: Element = statement;
    if (host.matches(NOT_FOR_MARKS)) {
        const inner = host.matches('tr') ? host.querySelector('th, td') : host.querySelector('caption, li, dt, td');
        if (inner === null) {
            host.after(...what);
            return;
        }
        host = inner;
    }
    while (host.lastChild instanceof HTMLElement && host.lastChild.matches('p, div, blockquote, ul, ol, li, dl, dd')) {
        host = host.lastChild; // with the last words, and not in a line of its own
    }
    if (host.parentElement?.matches('dl')) {
        host = host.matches('dt, dd') ? host : (host.querySelector('dd:last-of-type') ?? host); // a group of a list
    }
    if (host.matches('a, abbr, time, code, pre, summary, details, figure, section, article')) {
        host.after(...what);
    } else {
        host.append(...what);
    }
}

export function tick(statement: Element): void {
    attach(statement, sign(true));
}

/** why: what failed; instead: what the record gives. */
export function cross(statement: Element, why: string, instead = ''): void {
    statement.classList.add('crossed');
    if (statement.id === '') {
        statement.id = `crossed-${document.querySelectorAll('.crossed').length}`;
    }
    const text = instead === '' ? why : `${why} ${say('instead', instead)}`;
    attach(statement, sign(false), element('span', { class: 'instead' }, text));
}

/** Marks what compared; returns the crosses as lines for the banner. */
export function markPage(main: Element, compared: Compared): Line[] {
    const lines: Line[] = [];
    compared.same.forEach(tick);
    for (const one of compared.crosses) {
        const why = say(`cross.${one.kind}`);
        if (one.element === null) {
            lines.push({ ok: false, text: `${why} ${say('instead', one.instead)}` });
            continue;
        }
        const was = (one.element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 120);
        cross(one.element, why, one.instead);
        lines.push({ ok: false, text: `“${was}”: ${why}`, to: one.element.id });
    }
    if (compared.rest !== null) {
        lines.push({ ok: false, text: say('cross.rest', compared.rest) });
        main.classList.add('crossed');
    }
    return lines;
}

export interface Line {
    ok: boolean | null;
    text: string;
    to?: string;
    english?: boolean;
}

function lineItem(line: Line): HTMLElement {
    const text = element('span', { lang: line.english && spoken() !== 'en' ? 'en' : null }, line.text);
    const body = line.to === undefined ? text : element('a', { href: `#${line.to}` }, text);
    return element(
        'li',
        {},
        line.ok === null ? element('span', { class: 'check none', 'aria-hidden': 'true' }, '·') : sign(line.ok),
        ' ',
        body,
    );
}

export function lineOf(step: Step): Line {
    return { ok: step.ok, text: step.text, ...(step.english ? { english: true } : {}) };
}

/** The act that a statement is about: a row's is the one in its heading. */
function entriesOf(statement: Element): string[] {
    const heading = statement.matches('tr') ? statement.querySelector('th') : statement;
    const links = [...(heading?.querySelectorAll('a[href]') ?? [])].map((a) => a.getAttribute('href') ?? '');
    return [statement.getAttribute('href') ?? '', ...links];
}

/** Crosses at what a failed step is about: the act as it is signed, its proof, what leads to it, links to a file. */
export function crossStep(main: Element, path: string, step: Step): void {
    const page = `act/${step.entry ?? step.leaf}.html`;
    if (step.file !== undefined) {
        main.querySelectorAll(`a[href$="attachment/${step.file}"]`).forEach((link) => cross(link, step.text));
    }
    if (path === page) {
        const own = main.querySelector(step.leaf === undefined ? '[data-s="note"]' : '[data-s="proof"]');
        cross(own ?? main.querySelector('h1') ?? main, step.text);
    } else if (step.entry !== undefined) {
        const about = [...main.querySelectorAll('[data-s]')].filter((statement) =>
            entriesOf(statement).some((href) => `/${href}`.endsWith(`/${page}`)),
        );
        about.forEach((statement) => cross(statement, step.text));
    }
}

/** The banner, an element of our own wherever it stands. It is a live region: only what changes is put in, and details stay
 * folded. */
export class Banner {
    readonly box = element('div', { id: 'verdict', role: 'status' });
    private bar: HTMLProgressElement | null = null;
    private told = 0;
    private readonly count = element('span', { class: 'small', 'aria-hidden': 'true' }); // it would be read without end

    working(text: string): void {
        this.bar = element('progress', { 'aria-label': text, max: '1' });
        this.box.className = 'working';
        this.box.replaceChildren(element('p', { class: 'headline' }, text, ' ', this.bar, ' ', this.count));
    }

    progress(done: number, of: number, what: string): void {
        const now = performance.now();
        if (this.bar !== null && now - this.told > OFTEN) {
            this.told = now;
            this.bar.value = of === 0 ? 0 : done / of;
            this.count.textContent = say(`working.${what}`, done, of);
        }
    }

    /** more: further elements, such as the fingerprint's form. */
    finished(ok: boolean, headline: string, crosses: Line[], details: Line[], more: HTMLElement[]): void {
        this.bar = null;
        this.box.className = ok ? 'yes' : 'no';
        const list = (lines: Line[]) => element('ul', {}, ...lines.map(lineItem));
        this.box.replaceChildren(
            element('p', { class: 'headline' }, sign(ok), ' ', headline),
            ...(crosses.length > 0 ? [list(crosses.slice(0, MOST))] : []),
            ...(crosses.length > MOST ? [element('p', {}, say('more', crosses.length - MOST))] : []),
            element('details', {}, element('summary', {}, say('details')), list(details), ...more),
        );
    }

    /** Something that is neither: the verifier did not run. */
    plain(text: string): void {
        this.bar = null;
        this.box.className = 'none';
        this.box.replaceChildren(element('p', { class: 'headline' }, text));
    }
}

const MOST = 20; // crosses that the banner lists
const OFTEN = 150; // milliseconds between two words of progress: each has the page painted

/** "Signed by …; confirmed by …." statements: how many were compared; null: the page was computed here. */
export function summary(replayed: Replayed, statements: number | null): string {
    const v = replayed.verdict!;
    const signers = v.signers.join(', ');
    const cosigners = v.cosigners.map((c) => c.name).join(', ');
    const head = cosigners === '' ? say('signed', signers) : say('signed.confirmed', signers, cosigners);
    const root = v.root.slice(0, 8);
    const key = statements === null ? 'counts.computed' : statements === 0 ? 'counts.page' : 'counts';
    const counts = say(key, v.size, root, statements ?? 0);
    return `${head} ${counts}`;
}
