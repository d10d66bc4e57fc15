/** Land under maps: pictures of the site, each of which must be the one that was released with this script. */
import { fromBase64, integrityOf } from './bytes.ts';
import { cross, type Line } from './marks.ts';
import type { Session } from './session.ts';
import { say } from './words.ts';

declare const PICTURES: Record<string, string>; // name: integrity, as of subresource integrity

/** What an image takes instead of an address; null: it is not there, or another one. */
export async function picture(session: Session, name: string): Promise<string | null> {
    const integrity = Object.hasOwn(PICTURES, name) ? PICTURES[name]! : '';
    if (integrity === '') {
        return null;
    }
    const inFile = session.blocks.get(name);
    try {
        if (inFile !== undefined) {
            const same = (await integrityOf(fromBase64(inFile))) === integrity;
            return same ? `data:image/svg+xml;base64,${inFile}` : null;
        }
        const response = await fetch(new URL(`assets/${name}`, session.root), { integrity });
        return response.ok ? `data:image/svg+xml,${encodeURIComponent(await response.text())}` : null;
    } catch {
        return null;
    }
}

/** Takes the pictures out of a page that is to be shown. The function that is returned hangs them there again. */
export function takePictures(main: Element, session: Session): () => Promise<Line[]> {
    const taken = [...main.querySelectorAll('svg image')].map((image) => {
        const name = (image.getAttribute('href') ?? '').split('/').pop() ?? '';
        image.removeAttribute('href');
        return { image, name };
    });
    return async () => {
        const found = await Promise.all(taken.map(({ name }) => picture(session, name)));
        taken.forEach(({ image }, i) => found[i] !== null && image.setAttribute('href', found[i]!));
        const missing = taken.filter((_, i) => found[i] === null);
        const figures = new Set(missing.map(({ image }) => image.closest('figure') ?? image));
        figures.forEach((figure) => cross(figure, say('cross.picture')));
        return missing.length === 0 ? [] : [{ ok: false, text: say('cross.picture') }];
    };
}
