/** Loads verifier and record, and checks the page that the reader is on. */
import { fromBase64, integrityOf } from './bytes.ts';
import { element } from './dom.ts';
import { drop } from './drop.ts';
import { checkTwice, enhance, followInFile, followOnSite, show } from './follow.ts';
import { Banner } from './marks.ts';
import { pinnedCharter } from './place.ts';
import { OneFile, Site, type Embedded, type Source } from './record.ts';
import { replay } from './replay.ts';
import { copyOf, putUpServed, readShown, takeBlocks, type Served } from './served.ts';
import type { Session } from './session.ts';
import { Verifier } from './wasm.ts';
import { say, speak } from './words.ts';

declare const INTEGRITY: string; // of verifier.bin, in the form of subresource integrity
declare const STYLE: string; // of style.css

/** Where everything comes from. */
interface Origin {
    root: URL;
    source: Source;
    code: () => Promise<BufferSource>;
    oneFile: boolean;
    blocks: Map<string, string>;
}

/** Of this script, wherever the page says that it comes from. */
const here = new URL(import.meta.url);

/** The verifier travels compressed, under a name that no server takes for something to unpack by itself. */
function inflate(packed: BufferSource): Promise<ArrayBuffer> {
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

/** The one whose hash the script holds, or none: where a browser can't tell, there is none. */
async function own(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    if ((await integrityOf(packed)) !== INTEGRITY) {
        throw new Error('another verifier');
    }
    return packed;
}

/** In one file: script elements of types that no browser runs, with base64 and JSON. */
function originInFile(blocks: Map<string, string>): Origin {
    return {
        root: new URL(location.href),
        source: new OneFile(JSON.parse(blocks.get('lockstep-data') ?? '{}') as Embedded),
        code: async () => inflate(await own(fromBase64(blocks.get('lockstep-verifier') ?? ''))),
        oneFile: true,
        blocks,
    };
}

function originOnSite(): Origin {
    const root = new URL('..', here);
    const code = async () => {
        const response = await fetch(new URL('verifier.bin', here), { integrity: INTEGRITY });
        if (!response.ok) {
            throw new Error(String(response.status));
        }
        return inflate(await response.arrayBuffer());
    };
    return { root, source: new Site(root), code, oneFile: false, blocks: new Map() };
}

/** In one file our style alone stays: another could hide what is there. */
async function dressInFile(): Promise<void> {
    for (const style of document.querySelectorAll('style')) {
        if ((await integrityOf(new TextEncoder().encode(style.textContent ?? ''))) !== STYLE) {
            style.remove();
        }
    }
}

/** Our style, and no other of the site's. Whether there was another. */
function dressOnSite(): boolean {
    let foreign = false;
    const href = new URL('style.css', here).href;
    let dressed = false;
    for (const link of document.querySelectorAll('link')) {
        const names = [...link.attributes].map((a) => a.name).sort();
        if (link.href === href && link.integrity === STYLE && names.join() === 'href,integrity,rel') {
            dressed = true;
        } else if (/stylesheet/i.test(link.rel) && new URL(link.href, here).origin === here.origin) {
            foreign = true;
            link.remove();
        }
    }
    if (!dressed) {
        document.head.append(element('link', { rel: 'stylesheet', href, integrity: STYLE }));
    }
    return foreign;
}

/** Another pin: everything anew. */
function reloadForPin(pinned: string | null): void {
    addEventListener('hashchange', () => {
        if (pinnedCharter() !== pinned) {
            location.reload();
        }
    });
}

async function check(origin: Origin, verifier: Verifier, banner: Banner, served: Served): Promise<void> {
    const pinned = pinnedCharter();
    const progress = (done: number, of: number, what: string) => banner.progress(done, of, what);
    const replayed = await replay(verifier, origin.source, pinned ?? '', progress);
    if (pinned === null) {
        replayed.steps.push({ ok: false, text: say('pin.bad') });
    }
    const session: Session = {
        ...origin,
        verifier,
        replayed,
        served,
        place: served.place!,
        address: new URL(location.href),
        banner,
        pinned: pinned ?? '',
        go: () => undefined,
        show: (other) => show(session, other),
    };
    await checkTwice(session);
    if (replayed.verdict?.valid) {
        enhance(session);
        (session.oneFile ? followInFile : followOnSite)(session);
    } else if (session.place.path === 'verify.html') {
        drop(session);
    }
    reloadForPin(pinned);
}

/** The whole page has come. A site can have this script run before that. */
function pageIsThere(): Promise<void> {
    return new Promise((resolve) => {
        if (document.readyState === 'loading') {
            addEventListener('DOMContentLoaded', () => resolve(), { once: true });
        } else {
            resolve();
        }
    });
}

async function start(): Promise<void> {
    await pageIsThere();
    const oneFile = !here.pathname.endsWith('/assets/app.js');
    const banner = new Banner();
    const blocks = oneFile ? takeBlocks(document) : new Map<string, string>();
    const served = readShown();
    speak(served.language);
    putUpServed(copyOf(served), banner.box, false);
    if (served.place === null) {
        banner.finished(false, say('failed.page'), [{ ok: false, text: say('cross.place') }], [], []);
        return;
    }
    banner.working(say('working'));
    let origin: Origin;
    let verifier: Verifier;
    try {
        origin = oneFile ? originInFile(blocks) : originOnSite();
        if (oneFile) {
            await dressInFile();
        } else {
            served.foreign = dressOnSite();
        }
        verifier = await Verifier.start(await origin.code());
    } catch {
        banner.plain(say('offline', say('noverifier')));
        return;
    }
    try {
        await check(origin, verifier, banner, served);
    } catch (error) {
        banner.plain(say('offline', say('step.stopped', String(error))));
    }
}

void start();
