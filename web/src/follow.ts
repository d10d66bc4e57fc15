/** From one page to the next: on a site as it serves them, in one file as the verifier computes them. */
import { aroundOf, checkPage, computedPage } from './check.ts';
import { parse } from './compare.ts';
import { drop } from './drop.ts';
import { explore } from './explore.ts';
import { takePictures } from './pictures.ts';
import { hashPairs, joinPath, splitPath, type Place } from './place.ts';
import { copyOf, putUpComputed, putUpServed, read, type Served } from './served.ts';
import { mainOf, toolbox, type Session } from './session.ts';
import { addOwnTimes } from './times.ts';
import { say, speak } from './words.ts';

const LATER = 2000; // milliseconds until what differs is looked at again
const SELDOM = 60_000; // between two reloads

let shown = ''; // the address of the page that is on the screen, without what follows "#"
let going = 0; // counts departures, so that a page that arrives late is left out

/** Puts in what a page can do with a script, after it was compared. */
export function enhance(session: Session): void {
    toolbox().replaceChildren();
    addOwnTimes(mainOf());
    keepPin(session);
    explore(session);
    if (session.place.path === 'verify.html') {
        drop(session);
    }
}

/** Links to other pages carry the pinned fingerprint on. */
function keepPin(session: Session): void {
    if (session.pinned === '' || session.oneFile) {
        return;
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
        if (link.href.startsWith(session.root.href) && /\.html$/.test(link.pathname) && link.hash === '') {
            link.hash = `charter=${session.pinned}`;
        }
    }
}

/** A page as it was fetched; one that says which it is. */
interface Fetched {
    served: Served;
    place: Place;
    address: URL;
}

/** On the screen until it is checked. */
function takeOver(session: Session, { served, place, address }: Fetched): void {
    Object.assign(session, { served, place, address });
    speak(served.language);
    session.banner.working(say('working.page'));
    putUpServed(copyOf(served), session.banner.box, false);
}

/** Where the reader looks next: at an anchor, or at the beginning. */
function settle(anchor: string): void {
    const target = anchor === '' ? null : document.getElementById(anchor);
    const main = mainOf();
    main.tabIndex = -1;
    (target ?? main).focus({ preventScroll: true });
    if (target !== null) {
        target.scrollIntoView();
    } else {
        scrollTo(0, 0);
    }
}

async function fetchPage(url: URL): Promise<Fetched | null> {
    const page = new URL(url);
    page.hash = '';
    try {
        const response = await fetch(page, { cache: 'no-cache' });
        const served = read(await response.text());
        const { place } = served;
        return response.ok && place !== null ? { served, place, address: new URL(response.url) } : null;
    } catch {
        return null;
    }
}

/** Not again and again, where a site changes all the time. */
function reloadOnce(): boolean {
    const last = Number(sessionStorage.getItem('lockstep-reload') ?? 0);
    if (Date.now() - last < SELDOM) {
        return false;
    }
    sessionStorage.setItem('lockstep-reload', String(Date.now()));
    location.reload();
    return true;
}

/** A site that is brought up to date has new pages before its new checkpoint: what differs is looked at once more. */
export async function checkTwice(session: Session): Promise<void> {
    if (await checkPage(session, !session.oneFile)) {
        return;
    }
    const { place } = session;
    session.banner.working(say('again'));
    await new Promise((resolve) => setTimeout(resolve, LATER));
    const checkpoint = await session.source.checkpoint().catch(() => session.replayed.checkpoint);
    const changed = checkpoint.join() !== session.replayed.checkpoint.join();
    const again = changed && reloadOnce() ? null : await fetchPage(new URL(location.href));
    if (session.place !== place) {
        return;
    }
    if (again !== null) {
        takeOver(session, again);
    }
    await checkPage(session, false);
}

/** Fetches a page as it is served, and checks it with the record that is here already. */
async function visit(session: Session, url: URL, push: boolean): Promise<void> {
    const departure = ++going;
    const fetched = await fetchPage(url);
    if (departure !== going) {
        return;
    }
    if (fetched === null) {
        location.href = url.href; // the browser's own way
        return;
    }
    if (push) {
        history.pushState(null, '', url);
    }
    shown = url.pathname;
    takeOver(session, fetched);
    await checkTwice(session);
    if (departure !== going) {
        return;
    }
    enhance(session);
    settle(url.hash.includes('=') ? '' : url.hash.slice(1));
}

function plainClick(event: MouseEvent): HTMLAnchorElement | null {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
    const other =
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey;
    return other || link === null || link.target !== '' || link.hasAttribute('download') ? null : link;
}

export function followOnSite(session: Session): void {
    shown = location.pathname;
    document.addEventListener('click', (event) => {
        const link = plainClick(event);
        const url = link === null ? null : new URL(link.getAttribute('href')!, document.baseURI);
        const samePage = url !== null && url.pathname === location.pathname && url.hash !== '';
        if (url !== null && !samePage && url.href.startsWith(session.root.href) && /(\.html|\/)$/.test(url.pathname)) {
            event.preventDefault();
            void visit(session, url, true);
        }
    });
    addEventListener('popstate', () => {
        if (location.pathname !== shown) {
            void visit(session, new URL(location.href), false);
        }
    });
    session.go = (full) => void visit(session, new URL(full, session.root), true);
}

/** In one file a page's address is "#/ko/act/17.html?charter=…". */
function virtualPath(): string {
    return /^#\/([^?]*)/.exec(location.hash)?.[1] ?? '';
}

async function download(session: Session, full: string, name: string): Promise<void> {
    const hex = /attachment\/([0-9a-f]{64})$/.exec(full)?.[1];
    if (hex === undefined) {
        session.banner.plain(say('onefile.gone', full));
        return;
    }
    const bytes = await session.source.file(hex);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    link.download = name || hex;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function followInFile(session: Session): void {
    const here = joinPath(session.place.path, session.place.language);
    session.go = (full) => {
        const pairs = hashPairs();
        location.hash = `/${full}${pairs.size > 0 ? `?${pairs}` : ''}`;
    };
    document.addEventListener('click', (event) => {
        const link = plainClick(event);
        const href = link?.getAttribute('href') ?? '';
        if (link === null || href.startsWith('#') || /^[a-z]+:/i.test(href)) {
            return;
        }
        const from = joinPath(session.place.path, session.place.language);
        const full = new URL(href, `https://file.invalid/${from}`).pathname.slice(1);
        event.preventDefault();
        if (/(^$|\.html|\/)$/.test(full)) {
            session.go(full);
        } else {
            void download(session, full, link.textContent ?? '');
        }
    });
    const arrive = () => {
        const { path, language } = splitPath(virtualPath() || here);
        if (path === session.place.path && language === session.place.language) {
            return;
        }
        speak(language);
        if (session.show({ path, language, at: session.place.at, known: session.place.known })) {
            computedPage(session);
            settle('');
        }
    };
    addEventListener('hashchange', arrive);
    if (virtualPath() !== '') {
        arrive();
    }
}

/** Shows what was computed here in place of the page. */
export function show(session: Session, place: Place): boolean {
    const page = session.verifier.page(place.path, place.at, place.known, place.language);
    if (page === null) {
        return false;
    }
    const computed = parse(page.html);
    const hang = takePictures(computed, session);
    session.place = place;
    putUpComputed(aroundOf(session, place, page), computed, place.language, session.banner.box);
    void hang();
    enhance(session);
    return true;
}
