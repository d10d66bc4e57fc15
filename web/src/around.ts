/**
 * What stands around a page: title, skip link, the mark of an exercise, header, foot. It is the verifier's to say, like the
 * page itself: a site could leave the mark of an exercise out, or name another fingerprint in its foot.
 */
import { difference, form, parse } from './compare.ts';
import { mainOf, type Session } from './session.ts';
import type { Around, Page } from './wasm.ts';

declare const VERSION: string; // of Lockstep
declare const VERIFIER: string; // SHA-256 of verifier.bin, in hex

export function aroundOf(session: Session, page: Page): Around {
    const { path, language } = session.place;
    return session.verifier.around(path, language, page.title, VERSION, VERIFIER);
}

const VERDICT = '\u0001verdict\u0002';
const MAIN = '\u0001main\u0002';

/** What the document came with. No script but this one runs in it, so what came later is none of the site's: extensions of
 * browsers put things of their own there. */
let served = new Set<Node>();

/** When a document has come, before anybody else had a turn. */
export function remember(): void {
    served = new Set(document.body.childNodes);
}

function isBlank(node: Node): boolean {
    return node.nodeType === Node.TEXT_NODE && /^\s*$/.test(node.textContent ?? '');
}

/** What one file is made of. */
function isData(node: Node, oneFile: boolean): boolean {
    return oneFile && node instanceof Element && node.matches('script');
}

function formOf(node: Node): string {
    if (node === document.getElementById('verdict')) {
        return VERDICT;
    }
    return node === mainOf() ? MAIN : form(node, true);
}

function expected(around: Around): string[] {
    const forms = (html: string) => [...parse(html).childNodes].filter((n) => !isBlank(n)).map((n) => form(n, true));
    return [...forms(around.top), VERDICT, MAIN, ...forms(around.foot)];
}

function squeezed(text: string): string {
    return text.replace(/\s+/g, ' ').trim();
}

/** Elements of the document that are none of this page's, and where what differs begins; null: nothing does. */
export function compareAround(around: Around, oneFile: boolean): { wrong: Element[]; where: string | null } {
    const wanted = expected(around);
    const nodes = [...served].filter((node) => !isBlank(node) && !isData(node, oneFile));
    const found = nodes.map(formOf);
    const wrong = nodes.filter((node, i) => node instanceof Element && !wanted.includes(found[i]!)) as Element[];
    const where = difference(
        `${squeezed(document.title)} ${document.documentElement.dir}${found.join('')}`,
        `${squeezed(around.title)} ${around.dir}${wanted.join('')}`,
    );
    return { wrong, where };
}

/** What the verifier says stands around this page, in the place of what was there. */
export function wear(around: Around, language: string): void {
    const stays = (node: Node) => node instanceof Element && node.matches('#verdict, #main, #tools, script');
    [...document.body.childNodes].filter((node) => !stays(node)).forEach((node) => document.body.removeChild(node));
    document.getElementById('verdict')!.before(...parse(around.top).childNodes);
    mainOf().after(...parse(around.foot).childNodes);
    remember();
    document.title = around.title;
    document.documentElement.lang = language;
    document.documentElement.dir = around.dir;
}

/** All of another document but the place of its verdict, as it was served. */
export function takeBody(other: Document): void {
    const nodes = [...other.body.childNodes];
    const at = nodes.findIndex((node) => node instanceof Element && node.id === 'verdict');
    const rest = nodes.slice(at + 1);
    const verdict = document.getElementById('verdict')!; // a live region: it stays where it is
    [...document.body.childNodes].filter((node) => node !== verdict).forEach((node) => document.body.removeChild(node));
    verdict.before(...nodes.slice(0, Math.max(at, 0)).map((node) => document.adoptNode(node)));
    document.body.append(...rest.map((node) => document.adoptNode(node)));
    remember();
    document.title = other.title;
    document.documentElement.lang = other.documentElement.lang;
    document.documentElement.dir = other.documentElement.dir;
}
