/** The page "Verify": a file is dropped or chosen, and the verifier's findings are listed. It never leaves the device. */
import { element } from './dom.ts';
import { mainOf, toolbox, type Session } from './session.ts';
import type { Finding, NoFile, Report } from './wasm.ts';
import { say, spoken } from './words.ts';

const SIGNS: Record<string, [string, string]> = { ok: ['yes', '✓'], note: ['none', '·'], failed: ['no', '✗'] };

function findingItem(finding: Finding): HTMLElement {
    const [kind, sign] = SIGNS[finding.level] ?? SIGNS['failed']!;
    const word = finding.level in SIGNS ? say(`drop.${finding.level}`) : finding.level;
    return element(
        'li',
        { class: `finding ${finding.level === 'failed' ? 'bad' : ''}` },
        element(
            'span',
            { class: `check ${kind}` },
            element('span', { 'aria-hidden': 'true' }, sign),
            element('span', { class: 'unseen' }, ` ${word} `),
        ),
        element('strong', {}, finding.subject),
        element('span', { lang: spoken() === 'en' ? null : 'en' }, `: ${finding.text}`),
    );
}

function verdictOf(report: Report): string {
    return say(!report.valid ? 'drop.invalid' : report.anchored ? 'drop.valid' : 'drop.consistent');
}

function resultOf(name: string, report: Report | NoFile): HTMLElement {
    const title = element('h3', {}, name);
    if ('error' in report) {
        const why = say('drop.none', report.hint ? `${report.error}. ${report.hint}` : report.error);
        return element('section', { class: 'result no' }, title, element('p', {}, why));
    }
    return element(
        'section',
        { class: `result ${report.valid ? 'yes' : 'no'}` },
        title,
        report.exercise ? element('p', { class: 'exercise' }, say('drop.exercise')) : null,
        element('p', {}, element('strong', {}, verdictOf(report))),
        report.charter === '' ? null : element('p', { class: 'small' }, say('drop.says', report.charter)),
        element('ul', { class: 'plain' }, ...report.findings.map(findingItem)),
    );
}

export function drop(session: Session): void {
    const charter = element('input', {
        type: 'text',
        size: '40',
        spellcheck: 'false',
        autocomplete: 'off',
        value: session.pinned,
    });
    charter.addEventListener('input', () => charter.setCustomValidity(''));
    const chosen = element('input', { type: 'file', multiple: true });
    const results = element('div', { 'aria-live': 'polite' });
    const area = element(
        'div',
        { class: 'drop' },
        element('p', {}, say('drop.text')),
        element('p', {}, element('label', {}, say('drop.label'), ' ', chosen)),
    );
    const take = async (files: Iterable<File>) => {
        const hex = charter.value.trim().toLowerCase();
        charter.setCustomValidity(hex === '' || /^[0-9a-f]{64}$/.test(hex) ? '' : say('pin.bad'));
        if (!charter.reportValidity()) {
            return;
        }
        for (const file of files) {
            const bytes = new Uint8Array(await file.arrayBuffer());
            results.prepend(resultOf(file.name, session.verifier.verify(bytes, hex)));
        }
    };
    chosen.addEventListener('change', () => void take([...(chosen.files ?? [])]));
    area.addEventListener('dragover', (event) => {
        event.preventDefault();
        area.classList.add('over');
    });
    area.addEventListener('dragleave', () => area.classList.remove('over'));
    area.addEventListener('drop', (event) => {
        event.preventDefault();
        area.classList.remove('over');
        void take([...(event.dataTransfer?.files ?? [])]);
    });
    const place = mainOf().querySelector('#drop');
    const box = element(
        'section',
        { 'aria-label': say('drop.title') },
        place === null ? element('h2', {}, say('drop.title')) : null,
        element('p', { class: 'tools' }, element('label', { class: 'grow' }, say('drop.charter'), charter)),
        area,
        results,
    );
    if (place !== null) {
        place.replaceChildren(box);
    } else {
        toolbox().append(box);
    }
}
