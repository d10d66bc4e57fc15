/** Loads verifier and record, checks the page that the reader is on, and adds what a page can do with a script. */
import { checkPage, computedPage } from './check.ts';
import { drop } from './drop.ts';
import { explore } from './explore.ts';
import { Banner } from './marks.ts';
import { hashPairs, joinPath, pinnedCharter, placeOf, splitPath, type Place } from './place.ts';
import { OneFile, Site, fromBase64, type Embedded, type Source } from './record.ts';
import { replay } from './replay.ts';
import { mainOf, toolbox, type Session } from './session.ts';
import { addOwnTimes } from './times.ts';
import { Verifier } from './wasm.ts';
import { say, speak } from './words.ts';

declare const INTEGRITY: string; // of verifier.bin, in the form of subresource integrity

const script = document.querySelector<HTMLScriptElement>('script[src$="assets/app.js"]'); // null in one file
const root = new URL('..', script?.src ?? location.href);
const banner = new Banner();
let shown = location.pathname; // the page that is on the screen

function embedded(id: string): string | null {
    return document.getElementById(id)?.textContent?.trim() ?? null;
}

/** The verifier travels compressed, under a name that no server takes for something to unpack by itself. */
function inflate(packed: BufferSource): Promise<ArrayBuffer> {
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

/** In one file: script elements of types that no browser runs, with base64 and JSON. */
function sources(): { source: Source; code: () => Promise<BufferSource>; oneFile: boolean } {
    const data = embedded('lockstep-data');
    const verifier = embedded('lockstep-verifier');
    if (data !== null && verifier !== null) {
        const source = new OneFile(JSON.parse(data) as Embedded);
        return { source, code: () => inflate(fromBase64(verifier)), oneFile: true };
    }
    const code = async () => {
        const response = await fetch(new URL('verifier.bin', script!.src), { integrity: INTEGRITY });
        if (!response.ok) {
            throw new Error(String(response.status));
        }
        return inflate(await response.arrayBuffer());
    };
    return { source: new Site(root), code, oneFile: false };
}

/** Puts in what a page can do with a script, after it was compared. */
function enhance(session: Session): void {
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
        if (link.href.startsWith(root.href) && /\.html$/.test(link.pathname) && link.hash === '') {
            link.hash = `charter=${session.pinned}`;
        }
    }
}

function takeOver(served: Document): boolean {
    const parts = ['body > header', 'main', 'body > footer'];
    const pairs = parts.map((part) => [document.querySelector(part), served.querySelector(part)] as const);
    if (placeOf(served) === null || pairs.some(([here, there]) => here === null || there === null)) {
        return false;
    }
    pairs.forEach(([here, there]) => here!.replaceWith(document.adoptNode(there!)));
    const meta = 'meta[name="lockstep"]';
    document.querySelector(meta)!.replaceWith(document.adoptNode(served.querySelector(meta)!));
    document.title = served.title;
    document.documentElement.lang = served.documentElement.lang;
    document.documentElement.dir = served.documentElement.dir;
    return true;
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

/** Fetches a page as it is served, and checks it with the record that is here already. */
async function visit(session: Session, url: URL, push: boolean): Promise<void> {
    const page = new URL(url);
    page.hash = '';
    let served: Document;
    try {
        const response = await fetch(page, { cache: 'no-cache' });
        if (!response.ok) {
            throw new Error(String(response.status));
        }
        served = new DOMParser().parseFromString(await response.text(), 'text/html');
    } catch {
        location.href = url.href;
        return;
    }
    if (!takeOver(served)) {
        location.href = url.href;
        return;
    }
    if (push) {
        history.pushState(null, '', url);
    }
    shown = url.pathname;
    session.place = placeOf(document)!;
    speak(document.documentElement.lang);
    await checkPage(banner, session);
    enhance(session);
    settle(url.hash.includes('=') ? '' : url.hash.slice(1));
}

function plainClick(event: MouseEvent): HTMLAnchorElement | null {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
    const other = event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    return other || link === null || link.target !== '' || link.hasAttribute('download') ? null : link;
}

function followOnSite(session: Session): void {
    document.addEventListener('click', (event) => {
        const link = plainClick(event);
        const url = link === null ? null : new URL(link.getAttribute('href')!, document.baseURI);
        const samePage = url !== null && url.pathname === location.pathname && url.hash !== '';
        if (url !== null && !samePage && url.href.startsWith(root.href) && /(\.html|\/)$/.test(url.pathname)) {
            event.preventDefault();
            void visit(session, url, true);
        }
    });
    addEventListener('popstate', () => {
        if (location.pathname !== shown) {
            void visit(session, new URL(location.href), false);
        }
    });
    session.go = (full) => void visit(session, new URL(full, root), true);
}

/** In one file a page's address is "#/ko/act/17.html?charter=…". */
function virtualPath(): string {
    return /^#\/([^?]*)/.exec(location.hash)?.[1] ?? '';
}

async function download(session: Session, full: string, name: string): Promise<void> {
    const hex = /attachment\/([0-9a-f]{64})$/.exec(full)?.[1];
    if (hex === undefined) {
        banner.plain(say('onefile.gone', full));
        return;
    }
    const bytes = await session.source.file(hex);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    link.download = name || hex;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function followInFile(session: Session): void {
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
        // Links of a page are relative to it, those around it to the page that the file began with.
        const from = mainOf().contains(link) ? joinPath(session.place.path, session.place.language) : here;
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
            computedPage(banner, session);
            settle('');
        }
    };
    addEventListener('hashchange', arrive);
    if (virtualPath() !== '') {
        arrive();
    }
}

/** The pictures under maps, which one file can't load, as part of it. */
function withWorld(html: string): string {
    return html.replace(/href="[^"]*assets\/(world(-near)?)\.svg"/g, (_, name: string) => {
        const world = embedded(`lockstep-${name}`) ?? embedded('lockstep-world') ?? '';
        return `href="data:image/svg+xml;base64,${world}"`;
    });
}

/** Shows what was computed here in place of the page. */
function show(session: Session, place: Place): boolean {
    const page = session.verifier.page(place.path, place.at, place.known, place.language);
    if (page === null) {
        return false;
    }
    const main = mainOf();
    main.innerHTML = session.oneFile ? withWorld(page.html) : page.html; // our own verifier escapes what others wrote
    main.lang = place.language;
    main.classList.remove('crossed');
    document.title = page.title;
    session.place = place;
    enhance(session);
    return true;
}

async function start(): Promise<void> {
    const place = placeOf(document);
    if (place === null) {
        return;
    }
    speak(place.language);
    const pinned = pinnedCharter();
    banner.working(say('working'));
    const { source, code, oneFile } = sources();
    let verifier: Verifier;
    try {
        verifier = await Verifier.start(await code());
    } catch {
        banner.plain(say('offline', say('noverifier')));
        return;
    }
    const replayed = await replay(verifier, source, pinned ?? '', (done, of, what) => banner.progress(done, of, what));
    if (pinned === null) {
        replayed.steps.push({ ok: false, text: say('pin.bad') });
    }
    const session: Session = {
        verifier, source, replayed, place, pinned: pinned ?? '', oneFile,
        go: () => undefined,
        show: (other) => show(session, other),
    };
    await checkPage(banner, session);
    if (replayed.verdict?.valid) {
        enhance(session);
        (oneFile ? followInFile : followOnSite)(session);
    } else if (place.path === 'verify.html') {
        drop(session);
    }
    // Another pin: everything anew.
    const before = location.hash;
    addEventListener('hashchange', () => {
        if (pinnedCharter() !== pinnedCharter(before)) {
            location.reload();
        }
    });
}

void start();
