/** Which page this is, in which site, and what its address says. */
import { prefixes } from './words.ts';

/** The page's own word: <meta name="lockstep" content="PATH AT KNOWN">. */
export interface Place {
    path: string; // "act/17.html", without a language's prefix
    language: string;
    at: number;
    known: number;
}

export function placeOf(from: Document): Place | null {
    const content = from.querySelector('meta[name="lockstep"]')?.getAttribute('content') ?? '';
    const [full = '', at = '0', known = '0'] = content.split(' ');
    if (full === '') {
        return null;
    }
    const language = from.documentElement.lang;
    const prefix = `${language}/`;
    const path = prefixes().includes(language) && full.startsWith(prefix) ? full.slice(prefix.length) : full;
    return { path, language, at: Number(at), known: Number(known) };
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
