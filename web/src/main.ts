/** Loads verifier and record, and checks the page that the reader is on. */
import { remember } from './around.ts';
import { drop } from './drop.ts';
import { checkTwice, enhance, followInFile, followOnSite, show } from './follow.ts';
import { Banner } from './marks.ts';
import { pinnedCharter, placeOf, type Place } from './place.ts';
import { OneFile, Site, embedded, fromBase64, type Embedded, type Source } from './record.ts';
import { replay } from './replay.ts';
import type { Session } from './session.ts';
import { Verifier } from './wasm.ts';
import { say, speak } from './words.ts';

declare const INTEGRITY: string; // of verifier.bin, in the form of subresource integrity
declare const VERIFIER: string; // the same in hex

/** Where everything comes from. */
interface Origin {
    root: URL;
    source: Source;
    code: () => Promise<BufferSource>;
    oneFile: boolean;
}

/** The verifier travels compressed, under a name that no server takes for something to unpack by itself. */
function inflate(packed: BufferSource): Promise<ArrayBuffer> {
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

/** The one whose hash the script holds, where a browser can tell: not all do from a disk. */
async function own(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const digest = await crypto.subtle?.digest('SHA-256', packed);
    const hex =
        digest === undefined
            ? VERIFIER
            : [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
    if (hex !== VERIFIER) {
        throw new Error('another verifier');
    }
    return packed;
}

/** In one file: script elements of types that no browser runs, with base64 and JSON. */
function originInFile(): Origin | null {
    const data = embedded('lockstep-data');
    const verifier = embedded('lockstep-verifier');
    if (data === null || verifier === null) {
        return null;
    }
    const source = new OneFile(JSON.parse(data) as Embedded);
    return {
        root: new URL(location.href),
        source,
        code: async () => inflate(await own(fromBase64(verifier))),
        oneFile: true,
    };
}

function originOnSite(): Origin {
    const script = document.querySelector<HTMLScriptElement>('script[src$="assets/app.js"]')!.src;
    const root = new URL('..', script);
    const code = async () => {
        const response = await fetch(new URL('verifier.bin', script), { integrity: INTEGRITY });
        if (!response.ok) {
            throw new Error(String(response.status));
        }
        return inflate(await response.arrayBuffer());
    };
    return { root, source: new Site(root), code, oneFile: false };
}

/** Another pin: everything anew. */
function reloadForPin(pinned: string | null): void {
    addEventListener('hashchange', () => {
        if (pinnedCharter() !== pinned) {
            location.reload();
        }
    });
}

async function check(origin: Origin, verifier: Verifier, banner: Banner, place: Place): Promise<void> {
    const pinned = pinnedCharter();
    const { source, oneFile, root } = origin;
    const progress = (done: number, of: number, what: string) => banner.progress(done, of, what);
    const replayed = await replay(verifier, source, pinned ?? '', progress);
    if (pinned === null) {
        replayed.steps.push({ ok: false, text: say('pin.bad') });
    }
    const session: Session = {
        verifier,
        source,
        replayed,
        place,
        banner,
        root,
        pinned: pinned ?? '',
        oneFile,
        go: () => undefined,
        show: (other) => show(session, other),
    };
    await checkTwice(session);
    if (replayed.verdict?.valid) {
        enhance(session);
        (session.oneFile ? followInFile : followOnSite)(session);
    } else if (place.path === 'verify.html') {
        drop(session);
    }
    reloadForPin(pinned);
}

async function start(): Promise<void> {
    const place = placeOf(document);
    if (place === null) {
        return;
    }
    remember();
    speak(place.language);
    const banner = new Banner();
    banner.working(say('working'));
    let verifier: Verifier;
    const origin = originInFile() ?? originOnSite();
    try {
        verifier = await Verifier.start(await origin.code());
    } catch {
        banner.plain(say('offline', say('noverifier')));
        return;
    }
    try {
        await check(origin, verifier, banner, place);
    } catch (error) {
        banner.plain(say('offline', say('step.stopped', String(error))));
    }
}

void start();
