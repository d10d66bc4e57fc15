/** The verdict on a page: the record's, and what its statements compare to. */
import { compare, parse, type Compared, type Difference } from './compare.ts';
import { button, element } from './dom.ts';
import { cross, crossStep, lineOf, markPage, summary, tick, type Line } from './marks.ts';
import { takePictures } from './pictures.ts';
import { hashPairs, isAt, type Place } from './place.ts';
import type { Replayed } from './replay.ts';
import { mainOf, type Session } from './session.ts';
import { compareAround, putUpComputed, putUpServed, type Around } from './served.ts';
import type { Page, Verdict } from './wasm.ts';
import { say } from './words.ts';

declare const VERSION: string; // of Lockstep
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

function failedRecord({ banner, replayed, served, place }: Session): void {
    const main = putUpServed(served, banner.box, true);
    for (const step of replayed.steps.filter((one) => one.ok === false)) {
        crossStep(main, place.path, step);
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
async function checkProof(main: Element, proof: string | null, session: Session): Promise<Line[]> {
    const link = main.querySelector<HTMLAnchorElement>('a[href$=".tlog-proof"]');
    if (proof === null || link === null || session.oneFile) {
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

export function aroundOf(session: Session, place: Place, page: Page): Around {
    return session.verifier.around(place.path, place.language, page.title, VERSION, VERIFIER);
}

/** What the served page does not say as the record has it, as lines; it is on the screen then, with crosses. */
function crossPage(session: Session, compared: Compared, around: Difference | null): Line[] {
    const main = putUpServed(session.served, session.banner.box, true);
    around?.wrong.forEach((one) => one.classList.add('crossed'));
    return [
        ...(around === null ? [{ ok: false, text: say('cross.page') }] : []),
        ...(around === null || around.where === null ? [] : [{ ok: false, text: say('cross.around', around.where) }]),
        ...markPage(main, compared),
    ];
}

/** The page that the verifier computed, which is the one that was served, as lines: each statement is ticked. */
async function tickPage(session: Session, page: Page): Promise<Line[]> {
    const computed = parse(page.html);
    const proof = computed.querySelector('[data-s="proof"]')?.textContent ?? null;
    const hang = takePictures(computed, session);
    const { place, banner } = session;
    const main = putUpComputed(aroundOf(session, place, page), computed, place.language, banner.box);
    main.querySelectorAll('[data-s]').forEach(tick);
    return [...(await hang()), ...(await checkProof(main, proof, session))];
}

/**
 * Compares the page that was served, and says what came of it. What is on the screen then is the page that was computed, if
 * it is the same; else what was served, with crosses. hasty: of a page that differs nothing is said yet, and the answer is
 * false.
 */
export async function checkPage(session: Session, hasty: boolean): Promise<boolean> {
    const { replayed, place, verifier, banner, served } = session;
    if (replayed.verdict === null || !replayed.verdict.valid) {
        failedRecord(session);
        return true;
    }
    const there = session.oneFile || isAt(place, session.root, session.address);
    const page = there ? verifier.page(place.path, 0, 0, place.language) : null;
    performance.mark('lockstep.page');
    const compared = compare(served.main ?? document.createElement('main'), parse(page?.html ?? ''));
    const around = page === null ? null : compareAround(served, aroundOf(session, place, page), session.oneFile);
    const same = around?.where === null && compared.crosses.length === 0 && compared.rest === null;
    if (hasty && !same) {
        return false;
    }
    const crosses = same ? await tickPage(session, page!) : crossPage(session, compared, around);
    if (session.served !== served) {
        return true; // the reader has gone on
    }
    const lines = replayed.steps.map(lineOf);
    const broken = lines.filter((line) => line.ok === false); // tiles and files: the record itself holds
    replayed.steps.filter((s) => s.ok === false).forEach((step) => crossStep(mainOf(), place.path, step));
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
