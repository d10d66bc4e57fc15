/** What the script says, in the page's language. The build puts the keys "app.…" of web/strings/*.json here. */

declare const WORDS: Record<string, Record<string, string>>;

let language = 'en';

export function speak(code: string): void {
    language = code in WORDS ? code : 'en';
}

export function spoken(): string {
    return language;
}

/** Codes of the languages that pages may have as a prefix: all but English. */
export function prefixes(): string[] {
    return Object.keys(WORDS).filter((code) => code !== 'en');
}

/** The text of a key, with {0} … replaced. What a language lacks stands in English. */
export function say(key: string, ...values: (string | number)[]): string {
    const text = WORDS[language]?.[`app.${key}`] ?? WORDS['en']?.[`app.${key}`] ?? key;
    return text.replace(/\{(\d)\}/g, (_, digit: string) => String(values[Number(digit)] ?? ''));
}
