/**
 * What a page can do with a script beyond being read: filters, another moment, a search in the acts, larger pictures.
 * Pages offer, and nothing else is needed: rows, items of lists and cards with data-state, data-kind or data-date, with
 * data-track, data-deadline and data-party where they have them; pictures in figure.wide.
 */
import { button, choice, element } from './dom.ts';
import { map } from './map.ts';
import { joinPath } from './place.ts';
import { toolbox, type Session } from './session.ts';
import { say } from './words.ts';

const ITEMS = ['data-state', 'data-kind', 'data-date']
    .flatMap((name) => ['tr', 'li', '.card', 'section'].map((tag) => `main ${tag}[${name}]`))
    .join(', ');

interface Wanted {
    party: string;
    track: string;
    state: string;
    kind: string;
    from: string;
    to: string;
}

function partiesOf(item: Element): string[] {
    const own = item.getAttribute('data-party')?.split(' ') ?? [];
    return own.concat([...item.querySelectorAll('[data-party]')].map((e) => e.getAttribute('data-party')!));
}

/** A deadline, or when it was. */
function dateOf(item: Element): string {
    const said = item.getAttribute('data-date') ?? item.getAttribute('data-deadline');
    return (said ?? item.querySelector('time')?.textContent ?? '').slice(0, 10);
}

function fits(item: Element, wanted: Wanted): boolean {
    const is = (name: 'track' | 'state' | 'kind') =>
        wanted[name] === '' || item.getAttribute(`data-${name}`) === wanted[name];
    const date = dateOf(item);
    const inTime =
        (wanted.from === '' || date >= wanted.from) && (wanted.to === '' || (date !== '' && date <= wanted.to));
    return (
        is('track') &&
        is('state') &&
        is('kind') &&
        inTime &&
        (wanted.party === '' || partiesOf(item).includes(wanted.party))
    );
}

/** Where an item says in words what an attribute says in one. */
const WORDS: Record<string, (item: Element) => Element | null | undefined> = {
    state: (item) => item.querySelector('.state b') ?? item.querySelector('.state'),
    track: (item) => item.closest('tr')?.querySelector('.track'),
    kind: (item) => item.querySelector('td b'),
};

/** Values that items have, with the words that the page has for them. */
function values(items: Element[], name: string): [string, string][] {
    const found = new Map<string, string>();
    for (const item of items) {
        const value = item.getAttribute(`data-${name}`);
        if (value !== null && value !== '' && !found.has(value)) {
            found.set(value, WORDS[name]?.(item)?.textContent?.trim() || value);
        }
    }
    return [...found].sort((a, b) => a[1].localeCompare(b[1]));
}

/** Rows that hold items and nothing of theirs is shown. */
function hideEmpty(items: HTMLElement[]): void {
    const rows = new Set(
        items.map((item) => item.parentElement?.closest<HTMLElement>('tr')).filter((row) => row != null),
    );
    for (const row of rows) {
        row.hidden = items.every((item) => item.hidden || !row.contains(item));
    }
}

/** With their titles. */
function parties(items: Element[]): [string, string][] {
    const names = [...new Set(items.flatMap(partiesOf))].sort();
    return names.map((name) => {
        const title = document.querySelector(`abbr[data-party="${CSS.escape(name)}"]`)?.getAttribute('title');
        return [name, title ? `${name}: ${title}` : name];
    });
}

function filters(): HTMLElement | null {
    const items = [...document.querySelectorAll<HTMLElement>(ITEMS)].filter((item) => item.closest('svg') === null);
    if (items.length < 2) {
        return null;
    }
    const wanted: Wanted = { party: '', track: '', state: '', kind: '', from: '', to: '' };
    const count = element('p', { class: 'small', role: 'status' });
    const apply = () => {
        let shown = 0;
        for (const item of items) {
            item.hidden = !fits(item, wanted);
            shown += item.hidden ? 0 : 1;
        }
        hideEmpty(items);
        count.textContent = shown === items.length ? '' : say('filter.shown', shown, items.length);
    };
    const box = element('form', { class: 'tools', role: 'search', 'aria-label': say('tools') });
    box.addEventListener('submit', (event) => event.preventDefault());
    const offered: ['party' | 'track' | 'state' | 'kind', [string, string][]][] = [
        ['party', parties(items)],
        ['track', values(items, 'track')],
        ['state', values(items, 'state')],
        ['kind', values(items, 'kind')],
    ];
    for (const [name, of] of offered) {
        if (of.length > 1) {
            const made = choice(say(`filter.${name}`), say('filter.all'), of, (value) => {
                wanted[name] = value;
                apply();
            });
            box.append(made.label);
        }
    }
    if (items.some((item) => dateOf(item) !== '')) {
        for (const name of ['from', 'to'] as const) {
            const field = element('input', { type: 'date' });
            field.addEventListener('change', () => {
                wanted[name] = field.value;
                apply();
            });
            box.append(element('label', {}, say(`filter.${name}`), field));
        }
    }
    const clear = button(say('filter.clear'), () => {
        box.reset();
        Object.assign(wanted, { party: '', track: '', state: '', kind: '', from: '', to: '' });
        apply();
    });
    box.append(clear, count);
    return box.querySelector('label') === null ? null : box;
}

/** Seconds by which the process's zone is ahead, out of a time that the page shows in it. */
function zoneOffset(): number {
    for (const time of document.querySelectorAll<HTMLTimeElement>('main time[datetime$="Z"]')) {
        const shown = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/.exec(time.textContent ?? '');
        const there = shown === null ? NaN : Date.parse(`${shown[1]}T${shown[2]}:00Z`);
        const offset = (there - Date.parse(time.dateTime.replace(/:\d\dZ$/, ':00Z'))) / 1000;
        if (Number.isFinite(offset)) {
            return offset;
        }
    }
    return 0;
}

/** The last second of a day. */
function endOf(day: string, offset: number): number {
    return Date.parse(`${day}T23:59:59Z`) / 1000 - offset;
}

function asOf(session: Session): HTMLElement {
    const offset = zoneOffset();
    const state = element('input', { type: 'date', required: true });
    const known = element('input', { type: 'date' });
    const note = element('p', { class: 'small', role: 'status' });
    const box = element(
        'form',
        { class: 'tools', 'aria-label': say('asof.title') },
        element('label', {}, say('asof.state'), state),
        element('label', {}, say('asof.known'), known),
        element('button', { type: 'submit' }, say('asof.button')),
        note,
    );
    box.addEventListener('submit', (event) => {
        event.preventDefault();
        const knownDay = known.value || state.value;
        const place = { ...session.place, at: endOf(state.value, offset), known: endOf(knownDay, offset) };
        if (!session.show(place)) {
            note.textContent = say('asof.none');
            return;
        }
        const back = button(say('asof.reset'), () => session.go(joinPath(place.path, place.language)));
        toolbox().append(element('p', { role: 'status' }, say('asof.note', state.value, knownDay), ' ', back));
    });
    return box;
}

const MOST = 100; // results that are shown

/** The words around what was found, with it marked. */
function snippet(text: string, at: number, size: number): (string | HTMLElement)[] {
    const from = Math.max(0, at - 50);
    return [
        from > 0 ? '…' : '',
        text.slice(from, at),
        element('mark', {}, text.slice(at, at + size)),
        text.slice(at + size, at + size + 80),
        '…',
    ];
}

function found(session: Session, texts: string[], wanted: string): { items: HTMLElement[]; count: number } {
    const items: HTMLElement[] = [];
    let count = 0;
    for (let i = texts.length - 1; i >= 0; i--) {
        const text = texts[i]!;
        const at = text.toLowerCase().indexOf(wanted);
        if (at < 0 || ++count > MOST) {
            continue;
        }
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
        const up = '../'.repeat(session.place.path.split('/').length - 1);
        const link = element(
            'a',
            { href: `${up}act/${i}.html` },
            `${i}: ${header('act')} ${header('by')} ${header('at').slice(0, 10)}`,
        );
        items.push(element('li', {}, link, element('br'), ...snippet(text, at, wanted.length)));
    }
    return { items, count };
}

/** In the text of all acts, as they were signed; signatures are left out. */
function search(session: Session): HTMLElement {
    let texts: string[] | null = null;
    const field = element('input', { type: 'search' });
    const note = element('p', { class: 'small', role: 'status' });
    const list = element('ul', { class: 'plain' });
    const look = () => {
        const decoder = new TextDecoder();
        texts ??= session.replayed.notes.map((note) => {
            const text = decoder.decode(note);
            return text.slice(0, text.lastIndexOf('\n\n—') + 1 || undefined);
        });
        const wanted = field.value.trim().toLowerCase();
        const { items, count } = wanted === '' ? { items: [], count: 0 } : found(session, texts, wanted);
        list.replaceChildren(...items);
        note.textContent =
            wanted === '' ? '' : count > MOST ? say('search.most', count, MOST) : say('search.found', count);
    };
    const box = element(
        'form',
        { class: 'tools', role: 'search' },
        element('label', { class: 'grow' }, say('search'), field),
        note,
    );
    let waiting = 0;
    field.addEventListener('input', () => {
        clearTimeout(waiting);
        waiting = window.setTimeout(look, 150);
    });
    box.addEventListener('submit', (event) => {
        event.preventDefault();
        look();
    });
    return element('section', { 'aria-label': say('search') }, box, list);
}

/** Larger and smaller pictures, in their own box that scrolls. */
function zoom(figure: Element, picture: SVGSVGElement): void {
    let factor = 1;
    const set = (to: number) => {
        factor = Math.min(8, Math.max(0.5, to));
        picture.style.inlineSize = `${factor * 100}%`;
        picture.style.maxInlineSize = 'none';
    };
    figure.before(
        element(
            'p',
            { class: 'tools', role: 'group', 'aria-label': say('zoom.label') },
            button(say('zoom.in'), () => set(factor * 1.5)),
            button(say('zoom.out'), () => set(factor / 1.5)),
            button(say('zoom.reset'), () => set(1)),
        ),
    );
}

export function explore(session: Session): void {
    const box = toolbox();
    const { path } = session.place;
    const timeless = path === 'verify.html' || path === 'about.html';
    if (/^record(-\d+)?\.html$/.test(path)) {
        box.append(search(session));
    }
    const filter = path === 'index.html' ? null : filters();
    if (filter !== null) {
        box.append(filter);
    }
    if (!timeless) {
        box.append(element('details', {}, element('summary', {}, say('asof.title')), asOf(session)));
    }
    for (const figure of document.querySelectorAll<HTMLElement>('main figure.wide')) {
        figure.tabIndex = 0; // it scrolls
        const picture = figure.querySelector<SVGSVGElement>(':scope > svg:not(.map)');
        if (picture !== null) {
            zoom(figure, picture);
        }
    }
    map(session);
}
