/**
 * A page as it was served, and what is put up in its place. What is compared, and what is shown where it differs, is the
 * page's markup, read once more by itself: nothing is left of what a browser may have made of it beside (shadow roots, what
 * stands behind attributes of the root, a second element of a name that only one should have).
 */
import { difference, form, parse, type Difference } from './compare.ts';
import { element } from './dom.ts';
import { placeOf, type Place } from './place.ts';

export interface Served {
    place: Place | null; // which page it says it is; null: it does not, in the one way there is
    title: string;
    language: string;
    dir: string;
    body: HTMLElement; // of a document that is not shown
    verdict: Element | null; // the place for what was found: of all with this id, the only one
    main: Element | null;
    foreign: boolean; // it brought another style with it
}

/** What stands around a page, as it should: see web_around. */
export interface Around {
    title: string;
    dir: string;
    top: string;
    foot: string;
}

const VERDICT = '<div id="verdict" role="status" class="unchecked"></div>';
const MAIN = '<main id="main" tabindex="-1"></main>';
const OURS = ['verdict', 'main', 'tools'];
/** What could run, load or style; none of it stands in a page's body. */
const ACTIVE = 'script, style, link, meta, base, iframe, frame, frameset, object, embed, template, noscript, portal';

function only(from: Document, id: string): Element | null {
    const all = from.querySelectorAll(`[id="${id}"]`);
    return all.length === 1 && all[0]!.parentNode === from.body ? all[0]! : null;
}

export function read(markup: string): Served {
    const from = new DOMParser().parseFromString(markup, 'text/html');
    return {
        place: from.compatMode === 'CSS1Compat' ? placeOf(from) : null,
        title: from.title,
        language: from.documentElement.lang,
        dir: from.documentElement.getAttribute('dir') ?? '',
        body: from.body,
        verdict: only(from, 'verdict'),
        main: only(from, 'main'),
        foreign: false,
    };
}

/** The page that the browser shows, once it has come as a whole. */
export function readShown(): Served {
    const doctype = document.compatMode === 'CSS1Compat' ? '<!DOCTYPE html>' : '';
    return read(doctype + document.documentElement.outerHTML);
}

/** White space of markup, and no other: an em space takes room. */
function isBlank(node: Node): boolean {
    return node.nodeType === Node.TEXT_NODE && /^[\t\n\f\r ]*$/.test(node.textContent ?? '');
}

/** Of a one-file edition: its script, and blocks of data, which have a type and an id and nothing else. */
function isPart(node: Node): boolean {
    const names = node instanceof Element && node.localName === 'script' ? [...node.attributes].map((a) => a.name) : [];
    return names.join() === 'type' || names.join() === 'type,id' || names.join() === 'id,type';
}

/** The blocks of data in one file, by their ids: taken out, as they may be large, and are none of the page. */
export function takeBlocks(from: Document): Map<string, string> {
    const parts = [...from.querySelectorAll('body > script[id]')].filter(isPart);
    const blocks = new Map(parts.map((one) => [one.id, one.textContent?.trim() ?? '']));
    parts.forEach((one) => one.remove());
    return blocks;
}

function formsOf(body: Element, verdict: Element | null, main: Element | null, oneFile: boolean): string[] {
    const nodes = [...body.childNodes].filter((node) => !isBlank(node) && !(oneFile && isPart(node)));
    // Of these two the tags, as script and page fill them in.
    return nodes.map((node) => form(node === verdict || node === main ? node.cloneNode(false) : node, true));
}

function squeezed(text: string): string {
    return text.replace(/[\t\n\f\r ]+/g, ' ').trim();
}

/** Which of the elements around the page are none of it, and where what differs begins; null: nothing does. */
export function compareAround(served: Served, around: Around, oneFile: boolean): Difference {
    const sound = parse(around.top + VERDICT + MAIN + around.foot);
    const wanted = formsOf(sound, sound.querySelector('#verdict'), sound.querySelector('#main'), false);
    const found = formsOf(served.body, served.verdict, served.main, oneFile);
    const wrong = [...served.body.children].filter(
        (one) => one !== served.verdict && one !== served.main && !isPart(one) && !wanted.includes(form(one, true)),
    );
    const head = (title: string, dir: string, foreign: boolean) => JSON.stringify([squeezed(title), dir, foreign]);
    return {
        wrong,
        where: difference(
            [head(served.title, served.dir, served.foreign), ...found],
            [head(around.title, around.dir, false), ...wanted],
        ),
    };
}

let body: HTMLElement | null = null; // ours, once it is there

/** What the keyboard can reach of a page itself, in order. */
function stops(): Element[] {
    const all = document.querySelectorAll('a[href], summary, [tabindex]');
    return [...all].filter((one) => one.closest('#verdict, #tools') === null);
}

/**
 * Shows nodes before and after the banner in a body of our own, in which nothing is the site's but what is put into it. The
 * banner is a live region: it stays where it is, and so does the keyboard's focus.
 */
function putUp(before: Node[], verdict: Element, after: Node[], main: Element): void {
    const focused = stops().indexOf(document.activeElement ?? document.body);
    const holder = document.createElement('body');
    const put = (nodes: Node[]) => {
        holder.replaceChildren(...nodes);
        holder.querySelectorAll(ACTIVE).forEach((one) => one.remove());
        for (const one of holder.querySelectorAll(OURS.map((id) => `[id="${id}"]`).join())) {
            if (one !== main) {
                one.removeAttribute('id');
            }
        }
        return [...holder.childNodes];
    };
    if (body === null) {
        body = document.createElement('body');
        body.append(verdict);
        document.body.replaceWith(body);
    }
    [...body.childNodes].filter((node) => node !== verdict).forEach((node) => node.remove());
    verdict.before(...put(before));
    verdict.after(...put(after));
    if (focused >= 0) {
        (stops()[focused] as HTMLElement | undefined)?.focus({ preventScroll: true });
    }
}

/** Of the whole document. */
function dressRoot(language: string, dir: string, title: string): void {
    const root = document.documentElement;
    ['class', 'hidden', 'inert', 'popover', 'style'].forEach((name) => root.removeAttribute(name));
    root.lang = language;
    root.dir = dir === 'rtl' ? 'rtl' : 'ltr';
    document.title = title;
}

function mainWith(children: Iterable<Node>): HTMLElement {
    return element('main', { id: 'main', tabindex: '-1' }, ...children);
}

/** Shows what was served. verdict: the banner, first where something in the page does not hold. */
export function putUpServed(served: Served, verdict: HTMLElement, first: boolean): HTMLElement {
    const main = mainWith(served.main?.childNodes ?? []);
    const others = [...served.body.childNodes].filter((node) => node !== served.verdict && !isBlank(node));
    const at = served.main === null ? others.length : others.indexOf(served.main);
    const [top, foot] = [others.slice(0, at), others.slice(at + 1)];
    dressRoot(served.language, served.dir, served.title);
    putUp(first ? [] : top, verdict, [...(first ? top : []), main, ...foot], main);
    return main;
}

/** The same page for both, as one of them is taken apart when it is shown. */
export function copyOf(served: Served): Served {
    const body = served.body.cloneNode(true) as HTMLElement;
    const place = (one: Element | null) =>
        one === null ? null : body.children[[...served.body.children].indexOf(one)]!;
    return { ...served, body, verdict: place(served.verdict), main: place(served.main) };
}

/** Shows what this device computed. */
export function putUpComputed(around: Around, page: Element, language: string, verdict: HTMLElement): HTMLElement {
    const main = mainWith(page.childNodes);
    dressRoot(language, around.dir, around.title);
    putUp([...parse(around.top).childNodes], verdict, [main, ...parse(around.foot).childNodes], main);
    return main;
}
