/** Which page this is, in which site, and what its address says. */
import { prefixes } from './words.ts';

/** Which page, and of which moment. */
export interface Place {
    path: string; // "act/17.html", without a language's prefix
    language: string;
    at: number;
    known: number;
}

/** A page's own word: <meta name="lockstep" content="PATH 0 0">. What is served is as of the record's last moment. */
export function placeOf(from: Document): Place | null {
    const all = from.querySelectorAll('meta[name="lockstep"]');
    const path = /^(\S+) 0 0$/.exec(all[0]?.getAttribute('content') ?? '')?.[1];
    return all.length !== 1 || path === undefined
        ? null
        : { path, language: from.documentElement.lang, at: 0, known: 0 };
}

/** Whether a page stands at its own address in the site. Some servers leave endings out. */
export function isAt(place: Place, root: URL, address: URL): boolean {
    if (!address.href.startsWith(root.href)) {
        return false;
    }
    const path = decodeURI(address.pathname.slice(root.pathname.length));
    const names = [path, `${path}.html`, `${path}${path === '' || path.endsWith('/') ? '' : '/'}index.html`];
    return names.includes(joinPath(place.path, place.language));
}

/** "ko/act/17.html" as path and language. */
export function splitPath(full: string): { path: string; language: string } {
    const language = prefixes().find((code) => full.startsWith(`${code}/`));
    return language === undefined
        ? { path: full || 'index.html', language: 'en' }
        : { path: full.slice(language.length + 1) || 'index.html', language };
}

export function joinPath(path: string, language: string): string {
    return prefixes().includes(language) ? `${language}/${path}` : path;
}

/** The address' fragment as pairs: #charter=HEX&party=usa. An anchor of the page has no "=". */
export function hashPairs(hash = location.hash): URLSearchParams {
    const text = hash.replace(/^#/, '');
    return new URLSearchParams(text.includes('=') ? text.slice(text.indexOf('?') + 1) : '');
}

/** The fingerprint that the reader pinned. "": none; null: what stands there is none. */
export function pinnedCharter(hash = location.hash): string | null {
    const value = hashPairs(hash).get('charter');
    if (value === null || value === '') {
        return '';
    }
    const hex = value.trim().toLowerCase();
    return /^[0-9a-f]{64}$/.test(hex) ? hex : null;
}
