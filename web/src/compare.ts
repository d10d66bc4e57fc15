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

/** Elements that are none of a page's, and where what differs begins; null: nothing does. */
export interface Difference {
    wrong: Element[];
    where: string | null;
}

/**
 * Markup in one form, with statements within it as their ids alone. What others wrote stands in it as JSON strings, in which
 * nothing could pass for something else.
 */
export function form(node: Node, top: boolean): string {
    if (node.nodeType === Node.TEXT_NODE) {
        return JSON.stringify(node.textContent ?? '');
    }
    if (!(node instanceof Element)) {
        return `<!${JSON.stringify([node.nodeName, node.textContent])}>`;
    }
    const id = node.getAttribute('data-s');
    if (id !== null && !top) {
        return `{${JSON.stringify(id)}}`;
    }
    const attributes = [...node.attributes].map((a) => JSON.stringify([a.name, a.value])).sort();
    const name = JSON.stringify([node.namespaceURI, node.localName]);
    return `<${name} ${attributes.join(' ')}>${inside(node).join('')}</>`;
}

function inside(node: Element): string[] {
    const content = node instanceof HTMLTemplateElement ? node.content : node;
    return [...content.childNodes].map((child) => form(child, false));
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
export function difference(a: string[], b: string[]): string | null {
    const at = [...a, ''].findIndex((one, i) => one !== (b[i] ?? ''));
    if (at < 0) {
        return null;
    }
    const [found, wanted] = [a[at] ?? '', b[at] ?? ''];
    let from = 0;
    while (from < found.length && found[from] === wanted[from]) {
        from++;
    }
    const plain = (text: string) =>
        text
            .replace(/<\[[^>]*>|<\/>|[{}"]/g, ' ')
            .replace(/\s+/g, ' ')
            .trim();
    const text = found === '' ? wanted : found.slice(Math.max(0, found.lastIndexOf('<', from - 1)), from + 60);
    return plain(text).slice(0, 80);
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
