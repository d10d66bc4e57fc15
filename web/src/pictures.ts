/** Land under maps: pictures of the site, each of which must be the one that was released with this script. */
import { fromBase64 } from './base64.ts';
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
    const address = inFile === undefined ? new URL(`assets/${name}`, session.root) : `data:image/svg+xml;base64,${inFile}`;
    try {
        if (inFile !== undefined) {
            const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', fromBase64(inFile)));
            return `sha256-${btoa(String.fromCharCode(...digest))}` === integrity ? String(address) : null;
        }
        const response = await fetch(address, { integrity });
        const text = await response.text();
        return response.ok ? `data:image/svg+xml,${encodeURIComponent(text)}` : null;
    } catch {
        return null;
    }
}

/** Takes the pictures out of a page that is to be shown. The function that is returned hangs them there again. */
export function takePictures(main: Element, session: Session): () => Promise<Line[]> {
    const taken = [...main.querySelectorAll('svg image')].map((image) => {
        const name = (image.getAttribute('href') ?? '').split('/').pop() ?? '';
        image.setAttribute('data-name', name);
        image.removeAttribute('href');
        return { image, name };
    });
    return async () => {
        let failed = 0;
        for (const { image, name } of taken) {
            const href = await picture(session, name);
            if (href === null) {
                failed++;
                cross(image.closest('figure') ?? image, say('cross.picture'));
            } else {
                image.setAttribute('href', href);
            }
        }
        return failed === 0 ? [] : [{ ok: false, text: say('cross.picture') }];
    };
}
