/** Elements out of script: text goes in as text, never as markup. */

type Child = Node | string | null | undefined;
type Attributes = Record<string, string | boolean | null | undefined>;

/** An element. Attributes: a string is set, true is set empty, all else is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    attributes: Attributes = {},
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'string') {
            made.setAttribute(name, value);
        } else if (value === true) {
            made.setAttribute(name, '');
        }
    }
    made.append(...children.filter((child): child is Node | string => child != null && child !== ''));
    return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svgElement(tag: string, attributes: Record<string, string>, ...children: Child[]): SVGElement {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
        made.setAttribute(name, value);
    }
    made.append(...children.filter((child): child is Node | string => child != null));
    return made;
}

/** A select whose first choice is none of the values. */
export function choice(label: string, all: string, values: [string, string][], changed: (value: string) => void) {
    const select = element('select', {}, element('option', { value: '' }, all));
    for (const [value, text] of values) {
        select.append(element('option', { value }, text));
    }
    select.addEventListener('change', () => changed(select.value));
    return { label: element('label', {}, label, select), select };
}

export function button(text: string, pressed: () => void): HTMLButtonElement {
    const made = element('button', { type: 'button' }, text);
    made.addEventListener('click', pressed);
    return made;
}

/** So that the page answers between two pieces of work. setTimeout would wait four milliseconds each time. */
export function breathe(): Promise<void> {
    return new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
            channel.port1.close();
            resolve();
        };
        channel.port2.postMessage(0);
    });
}

/** Calls breathe when a slice of time is used up. */
export class Slices {
    private until = performance.now() + SLICE;

    async pause(): Promise<boolean> {
        if (performance.now() < this.until) {
            return false;
        }
        await breathe();
        this.until = performance.now() + SLICE;
        return true;
    }
}

const SLICE = 24; // milliseconds
