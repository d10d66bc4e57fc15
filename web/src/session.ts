/** What the parts of the script share: the verifier with its replayed record, and the page that the reader is on. */
import type { Banner } from './marks.ts';
import type { Place } from './place.ts';
import type { Source } from './record.ts';
import type { Replayed } from './replay.ts';
import type { Served } from './served.ts';
import type { Verifier } from './wasm.ts';

export interface Session {
    verifier: Verifier;
    source: Source;
    replayed: Replayed;
    served: Served;
    place: Place;
    banner: Banner;
    root: URL; // of the site
    address: URL; // of the page that was served
    pinned: string;
    oneFile: boolean;
    blocks: Map<string, string>; // of data in one file, by their ids
    /** Goes to another page of the portal, by its full path: "ko/act/17.html". */
    go(full: string): void;
    /** Shows what this device computed in place of the page. false: there is no such page. */
    show(place: Place): boolean;
}

export function mainOf(): HTMLElement {
    return document.getElementById('main')!;
}

/** Where tools of a page stand: between banner and page. It is emptied when the page changes. */
export function toolbox(): HTMLElement {
    let box = document.getElementById('tools');
    if (box === null) {
        box = document.createElement('div');
        box.id = 'tools';
        mainOf().before(box);
    }
    return box;
}
