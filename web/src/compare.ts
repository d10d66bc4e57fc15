/**
 * Compares a page as it was served with the same page as this device computed it. A statement is an element with data-s;
 * what is compared of it is all of its markup, except statements within it, which are compared by themselves.
 */

export interface Cross {
    id: string;
    kind: 'differs' | 'surplus' | 'missing' | 'twice';
    element: Element | null; // null: it was not served
    instead: string; // what the record gives
}

export interface Compared {
    same: Element[];
    crosses: Cross[];
    rest: string | null; // where what is between statements begins to differ; null: nowhere
}

/** Markup in one form, with statements within it as their ids alone. */
export function form(node: Node, top: boolean): string {
    if (node.nodeType === Node.TEXT_NODE) {
        return node.textContent ?? '';
    }
    if (!(node instanceof Element)) {
        return `<!${node.nodeName}>`;
    }
    const id = node.getAttribute('data-s');
    if (id !== null && !top) {
        return `\u0001${id}\u0002`;
    }
    const attributes = [...node.attributes].map((a) => `${a.name}=${JSON.stringify(a.value)}`).sort();
    return `\u0001${node.localName} ${attributes.join(' ')}\u0002${inside(node)}\u0003`;
}

function inside(node: Element): string {
    const content = node instanceof HTMLTemplateElement ? node.content : node;
    return [...content.childNodes].map((child) => form(child, false)).join('');
}

function statements(main: Element): { first: Map<string, Element>; again: Element[] } {
    const first = new Map<string, Element>();
    const again: Element[] = [];
    for (const element of main.querySelectorAll('[data-s]')) {
        const id = element.getAttribute('data-s')!;
        if (first.has(id)) {
            again.push(element);
        } else {
            first.set(id, element);
        }
    }
    return { first, again };
}

/** The words around the first difference, for people. */
export function difference(a: string, b: string): string | null {
    if (a === b) {
        return null;
    }
    let at = 0;
    while (a[at] === b[at]) {
        at++;
    }
    const plain = (text: string) =>
        text
            .replace(/\u0001[^\u0002]*\u0002|\u0003/g, ' ')
            .replace(/\s+/g, ' ')
            .trim();
    return plain(a.slice(Math.max(0, a.lastIndexOf('\u0001', at - 1)), at + 60)).slice(0, 80);
}

function words(element: Element): string {
    return (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
}

/** Neither is changed. */
export function compare(served: Element, computed: Element): Compared {
    const left = statements(served);
    const right = statements(computed);
    const out: Compared = { same: [], crosses: [], rest: null };
    for (const element of left.again) {
        out.crosses.push({ id: element.getAttribute('data-s')!, kind: 'twice', element, instead: '' });
    }
    for (const [id, element] of left.first) {
        const other = right.first.get(id);
        if (other === undefined) {
            out.crosses.push({ id, kind: 'surplus', element, instead: '' });
        } else if (form(element, true) !== form(other, true)) {
            out.crosses.push({ id, kind: 'differs', element, instead: words(other) });
        } else {
            out.same.push(element);
        }
    }
    for (const [id, other] of right.first) {
        if (!left.first.has(id)) {
            out.crosses.push({ id, kind: 'missing', element: null, instead: words(other) });
        }
    }
    out.rest = difference(inside(served), inside(computed));
    return out;
}

/** A fragment that our own verifier rendered, as the browser reads it in a page. */
export function parse(html: string): Element {
    return new DOMParser().parseFromString(`<!DOCTYPE html><main>${html}</main>`, 'text/html').querySelector('main')!;
}
