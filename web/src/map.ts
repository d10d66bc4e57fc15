/**
 * The map's script: places that lie close together become one mark with their number, and a slider shows what was there
 * by a day. A page offers svg.map with .place elements: data-x and data-y in the picture's units, data-date of the day
 * from which they are shown, data-row of the statement that says the same; and .area and .way elements with data-date.
 */
import { button, element, svgElement } from './dom.ts';
import { picture } from './pictures.ts';
import type { Session } from './session.ts';
import { say } from './words.ts';

interface Spot {
    node: SVGGraphicsElement;
    x: number;
    y: number;
    day: number; // since 1970; -Infinity: always there
}

const DAY = 86_400_000;
const NEAR = 28; // CSS pixels within which places are one mark
const NEARER = 60; // degrees, from which on land is shown in pieces that are finer,
const PIECE = 30; // of so many, and
const OVER = 0.5; // as much more on each side: as src/portal/map_picture.c has it
const PICTURE = 750; // units of shapes in the picture's width, at any zoom

function dayOf(node: Element): number {
    return node.hasAttribute('data-date') ? Math.floor(Date.parse(node.getAttribute('data-date')!) / DAY) : -Infinity;
}

function spotsOf(picture: SVGSVGElement): Spot[] {
    return [...picture.querySelectorAll<SVGGraphicsElement>('.place')].map((node) => ({
        node,
        x: Number(node.getAttribute('data-x')),
        y: Number(node.getAttribute('data-y')),
        day: dayOf(node),
    }));
}

/** Groups of spots, each near the first of its group. Good enough for thousands, as a grid finds neighbours. */
function clusters(spots: Spot[], near: number): Spot[][] {
    const cells = new Map<string, Spot[][]>();
    const all: Spot[][] = [];
    for (const spot of spots) {
        const column = Math.floor(spot.x / near);
        const row = Math.floor(spot.y / near);
        let home: Spot[] | undefined;
        for (let i = column - 1; i <= column + 1 && home === undefined; i++) {
            for (let j = row - 1; j <= row + 1 && home === undefined; j++) {
                home = cells
                    .get(`${i} ${j}`)
                    ?.find(([first]) => Math.hypot(first!.x - spot.x, first!.y - spot.y) < near);
            }
        }
        if (home !== undefined) {
            home.push(spot);
            continue;
        }
        const group = [spot];
        all.push(group);
        const key = `${column} ${row}`;
        cells.set(key, [...(cells.get(key) ?? []), group]);
    }
    return all;
}

class Clustered {
    private until = Infinity;
    private marks: SVGElement[] = [];
    private pieces: SVGElement[] = [];
    private readonly corner: SVGElement | null;
    private readonly areas: NodeListOf<SVGElement>;
    private readonly whole: { x: number; y: number; width: number; height: number };

    constructor(
        private readonly picture: SVGSVGElement,
        readonly spots: Spot[],
        private readonly session: Session,
    ) {
        const { x, y, width, height } = picture.viewBox.baseVal;
        this.whole = { x, y, width, height };
        this.corner = picture.querySelector('.corner');
        this.areas = picture.querySelectorAll('.area, .way');
    }

    /** Picture's units of one CSS pixel. */
    private unit(): number {
        const width = this.picture.getBoundingClientRect().width || 1;
        return (this.picture.viewBox.baseVal.width || width) / width;
    }

    /** The upper right corner of what is shown. */
    private right(): string {
        const { x, y, width } = this.picture.viewBox.baseVal;
        return `${x + width} ${y}`;
    }

    draw(until = this.until): number {
        this.until = until;
        this.marks.forEach((mark) => mark.remove());
        this.marks = [];
        const shown = this.spots.filter((spot) => spot.day <= until);
        this.spots.forEach((spot) => spot.node.toggleAttribute('hidden', spot.day > until));
        this.areas.forEach((area) => area.toggleAttribute('hidden', dayOf(area) > until));
        const unit = this.unit();
        const scale = this.picture.viewBox.baseVal.width / PICTURE;
        this.corner?.setAttribute('transform', `translate(${this.right()}) scale(${scale})`); // the mark of an exercise
        for (const { node, x, y } of shown) {
            node.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
        }
        for (const group of clusters(shown, NEAR * unit)) {
            if (group.length > 1) {
                this.mark(group, unit);
            }
        }
        return shown.length;
    }

    private mark(group: Spot[], unit: number): void {
        group.forEach((spot) => spot.node.toggleAttribute('hidden', true));
        const x = group.reduce((sum, spot) => sum + spot.x, 0) / group.length;
        const y = group.reduce((sum, spot) => sum + spot.y, 0) / group.length;
        const titles = group.slice(0, 12).map((spot) => spot.node.querySelector('title')?.textContent ?? '');
        const label = [say('map.cluster', group.length), ...titles].join('\n');
        const mark = svgElement(
            'g',
            {
                class: 'cluster',
                transform: `translate(${x} ${y}) scale(${unit})`,
                tabindex: '0',
                role: 'button',
                'aria-label': label,
            },
            svgElement('title', {}, label),
            svgElement('circle', { r: String(Math.min(20, 9 + 3 * Math.log2(group.length))) }),
            svgElement('text', { y: '4', 'font-size': '12' }, String(group.length)),
        );
        const open = () => this.closer(x, y);
        mark.addEventListener('click', open);
        mark.addEventListener('keydown', (event) => {
            if (event.key === 'Enter' || event.key === ' ') {
                event.preventDefault();
                open();
            }
        });
        this.picture.append(mark);
        this.marks.push(mark);
    }

    /** Twice as close, around a point; never beyond the picture. */
    closer(x: number, y: number): void {
        const box = this.picture.viewBox.baseVal;
        const whole = this.whole;
        const width = Math.max(whole.width / 64, box.width / 2);
        const height = (width * whole.height) / whole.width;
        const clamp = (value: number, from: number, size: number, all: number) =>
            Math.min(from + all - size, Math.max(from, value));
        const left = clamp(x - width / 2, whole.x, width, whole.width);
        const top = clamp(y - height / 2, whole.y, height, whole.height);
        this.picture.setAttribute('viewBox', `${left} ${top} ${width} ${height}`);
        this.finer();
        this.draw();
    }

    /** From so near on, the coasts of the world's picture are edges: pieces of finer land are laid over it. */
    private finer(): void {
        const { x, y, width, height } = this.picture.viewBox.baseVal;
        this.pieces.forEach((piece) => piece.remove());
        this.pieces = [];
        if (this.whole.width < NEARER || width >= NEARER) {
            return; // the page has them itself; or they are not needed
        }
        const world = this.picture.querySelector('image');
        for (let column = Math.floor(x / PIECE); column * PIECE < x + width; column++) {
            for (let row = Math.floor(y / PIECE); row * PIECE < y + height; row++) {
                this.pieces.push(this.piece(column, row));
            }
        }
        world?.after(...this.pieces);
    }

    private piece(column: number, row: number): SVGElement {
        const size = String(PIECE + 2 * OVER);
        const place = { x: String(column * PIECE - OVER), y: String(row * PIECE - OVER), width: size, height: size };
        const image = svgElement('image', place);
        void picture(this.session, `near-${column}-${row}.svg`).then((href) => {
            if (href !== null) {
                image.setAttribute('href', href);
            }
        });
        return image;
    }

    farther(): void {
        const { x, y, width, height } = this.whole;
        this.picture.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
        this.finer();
        this.draw();
    }

    middle(): [number, number] {
        const { x, y, width, height } = this.picture.viewBox.baseVal;
        return [x + width / 2, y + height / 2];
    }
}

/** A place leads to the row that says the same. */
function follow(spots: Spot[]): void {
    for (const { node } of spots) {
        const row = document.querySelector(`main [data-s="${CSS.escape(node.getAttribute('data-row') ?? '')}"]`);
        node.addEventListener('click', () => row?.scrollIntoView({ block: 'center' }));
    }
}

function dayText(day: number): string {
    return new Date(day * DAY).toISOString().slice(0, 10);
}

/** From the first day on which there was something to the last. */
function slider(map: Clustered, days: number[]): HTMLElement[] {
    const first = Math.min(...days);
    const last = Math.max(...days);
    const range = element('input', { type: 'range', min: String(first), max: String(last), value: String(last) });
    const note = element('p', { class: 'small' });
    const show = () => {
        const day = Number(range.value);
        range.setAttribute('aria-valuetext', dayText(day));
        note.textContent = say('map.shown', map.draw(day), map.spots.length, dayText(day));
    };
    range.addEventListener('input', show);
    let timer = 0;
    const play = button(say('map.play'), () => {
        if (timer !== 0) {
            clearInterval(timer);
            timer = 0;
        } else {
            const step = Math.max(1, Math.round((last - first) / 60));
            range.value = range.value === String(last) ? String(first) : range.value;
            timer = window.setInterval(() => {
                range.value = String(Math.min(last, Number(range.value) + step));
                show();
                if (Number(range.value) >= last) {
                    play.click();
                }
            }, 120);
        }
        play.textContent = say(timer === 0 ? 'map.play' : 'map.stop');
    });
    return [element('label', { class: 'grow' }, say('map.time'), range), play, note];
}

export function map(session: Session): void {
    for (const drawn of document.querySelectorAll<SVGSVGElement>('main svg.map')) {
        const spots = spotsOf(drawn);
        if (spots.length === 0) {
            continue;
        }
        drawn.setAttribute('role', 'group'); // as there are buttons in it now
        const clustered = new Clustered(drawn, spots, session);
        const days = spots.map((spot) => spot.day).filter(Number.isFinite);
        const tools = element(
            'div',
            { class: 'tools' },
            button(say('zoom.in'), () => clustered.closer(...clustered.middle())),
            button(say('zoom.reset'), () => clustered.farther()),
            ...(new Set(days).size > 1 ? slider(clustered, days) : []),
        );
        (drawn.closest('figure') ?? drawn).before(tools);
        follow(spots);
        clustered.draw();
        addEventListener('resize', () => clustered.draw());
    }
}
