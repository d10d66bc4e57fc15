/** The verdict on a page: the record's, and what its statements compare to. */
import { aroundOf, compareAround } from './around.ts';
import { compare, parse } from './compare.ts';
import { button, element } from './dom.ts';
import { cross, crossStep, lineOf, markPage, summary, tick, type Banner, type Line } from './marks.ts';
import { hashPairs } from './place.ts';
import type { Replayed } from './replay.ts';
import { mainOf, type Session } from './session.ts';
import type { Verdict } from './wasm.ts';
import { say } from './words.ts';

declare const VERIFIER: string; // SHA-256 of verifier.bin, in hex

/** The form in which a reader gives a fingerprint that came by another way. */
function pinForm(): HTMLElement {
    const field = element('input', { type: 'text', size: '40', autocomplete: 'off', spellcheck: 'false' });
    const press = button(say('pin.button'), () => {
        const pairs = hashPairs();
        pairs.set('charter', field.value.trim());
        const path = location.hash.startsWith('#/') ? `${location.hash.split('?')[0]}?` : '#';
        location.hash = path + pairs.toString();
    });
    return element('p', { class: 'tools' }, element('label', { class: 'grow' }, say('pin.label'), field), press);
}

function fingerprint(verdict: Verdict | null): HTMLElement[] {
    const about =
        verdict === null
            ? []
            : [
                  element('p', {}, element('code', {}, verdict.charter)),
                  element('p', { class: 'small' }, say('pin.words', verdict.words)),
              ];
    return [
        element('p', { class: 'small' }, say('legend')),
        element('h2', {}, say('pin.title')),
        ...about,
        pinForm(),
        element('p', { class: 'small' }, say('verifier', VERIFIER)),
    ];
}

function failedRecord(banner: Banner, replayed: Replayed, place: string): void {
    const main = mainOf();
    for (const step of replayed.steps.filter((s) => s.ok === false)) {
        crossStep(main, place, step);
    }
    const lines = replayed.steps.map(lineOf);
    banner.finished(
        false,
        say('failed.record'),
        lines.filter((l) => l.ok === false),
        lines,
        fingerprint(replayed.verdict),
    );
}

function anchor(replayed: Replayed): Line {
    const anchored = replayed.verdict!.anchored;
    return { ok: anchored ? true : null, text: say(anchored ? 'pinned' : 'unpinned') };
}

/** Whether a proof as a file is the page's, with the note itself as what C2SP tlog-proof calls extra. */
function isProof(file: string, proof: string, note: Uint8Array | undefined): boolean {
    const extra = /^extra (.*)\n/m.exec(file);
    const same = note !== undefined && btoa(String.fromCharCode(...note)) === extra?.[1];
    return extra === null ? file === proof : same && file.replace(extra[0], '') === proof;
}

async function fetchText(url: string): Promise<string | null> {
    try {
        const response = await fetch(url, { cache: 'no-cache' });
        return response.ok ? await response.text() : null;
    } catch {
        return null;
    }
}

/** The proof of an act as a file, beside the page that shows the same. */
async function checkProof(main: Element, computed: Element, session: Session): Promise<Line[]> {
    const proof = computed.querySelector('[data-s="proof"]')?.textContent;
    const link = main.querySelector<HTMLAnchorElement>('a[href$=".tlog-proof"]');
    if (proof == null || link === null || session.oneFile) {
        return [];
    }
    const file = await fetchText(link.href);
    const index = Number(/(\d+)\.html$/.exec(session.place.path)?.[1]);
    if (file !== null && isProof(file, proof, session.replayed.notes[index])) {
        tick(link);
        return [];
    }
    cross(link, say('cross.proof'));
    return [{ ok: false, text: say('cross.proof'), to: link.id }];
}

/** The record holds, but has no page like this. */
function noPage(session: Session, broken: Line[], lines: Line[]): boolean {
    const none: Line = { ok: false, text: say('cross.page') };
    session.banner.finished(false, say('failed.page'), [none, ...broken], lines, fingerprint(session.replayed.verdict));
    return true;
}

/**
 * Compares the page that was served, marks it, and says what came of it. hasty: of a page that differs nothing is said yet,
 * and the answer is false.
 */
export async function checkPage(session: Session, hasty: boolean): Promise<boolean> {
    const { replayed, place, verifier, banner } = session;
    if (replayed.verdict === null || !replayed.verdict.valid) {
        failedRecord(banner, replayed, place.path);
        return true;
    }
    const main = mainOf();
    const page = verifier.page(place.path, place.at, place.known, place.language);
    performance.mark('lockstep.page');
    const lines = replayed.steps.map(lineOf);
    const broken = lines.filter((line) => line.ok === false); // tiles and files: the record itself holds
    const computed = parse(page?.html ?? '');
    const compared = compare(main, computed);
    const around = page === null ? { wrong: [], where: '' } : compareAround(aroundOf(session, page), session.oneFile);
    if (hasty && (compared.crosses.length > 0 || compared.rest !== null || around.where !== null)) {
        return false;
    }
    if (page === null) {
        return noPage(session, broken, lines);
    }
    around.wrong.forEach((element) => element.classList.add('crossed'));
    const crosses = [
        ...(around.where === null ? [] : [{ ok: false, text: say('cross.around', around.where) }]),
        ...markPage(main, compared),
        ...(await checkProof(main, computed, session)),
    ];
    if (mainOf() !== main) {
        return true; // the reader has gone on
    }
    replayed.steps.filter((s) => s.ok === false).forEach((step) => crossStep(main, place.path, step));
    const held: Line = { ok: crosses.length === 0, text: say('step.page', compared.same.length) };
    const ok = crosses.length === 0 && broken.length === 0;
    const headline = ok ? summary(replayed, compared.same.length) : say(crosses.length > 0 ? 'failed.page' : 'failed');
    banner.finished(
        ok,
        headline,
        [...crosses, ...broken],
        [anchor(replayed), ...lines, held],
        fingerprint(replayed.verdict),
    );
    return true;
}

/** A page that this device computed, so that there is nothing to compare. */
export function computedPage(session: Session): void {
    const { replayed, banner } = session;
    const lines = [anchor(replayed), ...replayed.steps.map(lineOf)];
    banner.finished(true, summary(replayed, null), [], lines, fingerprint(replayed.verdict));
}
