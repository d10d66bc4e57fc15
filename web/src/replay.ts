/** Replays the record in the verifier, entry by entry, and compares everything that was served beside it. */
import { Slices } from './dom.ts';
import { Missing, TILE, sizeOf, split, tileNumber, type Source } from './record.ts';
import type { Verdict, Verifier } from './wasm.ts';
import { say } from './words.ts';

/** One thing that was checked. entry, leaf, file: what it is about, an act, its hash in a tile, a public file. */
export interface Step {
    ok: boolean | null; // null: a note, neither good nor bad
    text: string;
    entry?: number;
    leaf?: number;
    file?: string;
    english?: boolean; // as the verifier says it
}

export interface Replayed {
    verdict: Verdict | null; // null: the record's end was not reached
    steps: Step[];
    ok: boolean;
    notes: Uint8Array[]; // the entries that were accepted
    checkpoint: Uint8Array; // as it was served; empty if it was not
}

export type Progress = (done: number, of: number, what: string) => void;

const AHEAD = 6; // requests under way

/** Calls work for 0 to count - 1, some ahead of others, and hands over the results in order. */
async function inOrder<T>(
    count: number,
    work: (i: number) => Promise<T>,
    take: (value: T, i: number) => Promise<boolean>,
) {
    const begun: Promise<T>[] = [];
    for (let i = 0; i < count; i++) {
        while (begun.length < Math.min(count, i + AHEAD)) {
            const one = work(begun.length);
            one.catch(() => undefined); // it is awaited below, or not needed any more
            begun.push(one);
        }
        const value = await begun[i]!;
        delete begun[i];
        if (!(await take(value, i))) {
            return;
        }
    }
}

function width(size: number, index: number): number {
    return Math.min(TILE, size - index * TILE);
}

class Replay {
    readonly steps: Step[] = [];
    readonly notes: Uint8Array[] = [];
    private readonly slices = new Slices();
    private readonly had = new Set<string>();

    constructor(
        private readonly verifier: Verifier,
        private readonly source: Source,
        private readonly progress: Progress,
    ) {}

    private failed(text: string, about: Partial<Step> = {}): false {
        this.steps.push({ ok: false, text, ...about });
        return false;
    }

    /** Takes a public file in; false if it is not there or not what its name says. */
    private async file(hex: string): Promise<boolean> {
        if (this.had.has(hex)) {
            return true;
        }
        let bytes: Uint8Array;
        try {
            bytes = await this.source.file(hex);
        } catch (error) {
            return error instanceof Missing && this.failed(say('step.nofile', hex), { file: hex });
        }
        if (this.verifier.file(bytes) !== hex) {
            return this.failed(say('step.badfile', hex), { file: hex });
        }
        this.had.add(hex);
        return true;
    }

    private async append(entry: Uint8Array, index: number): Promise<boolean> {
        const about: Partial<Step> = { entry: index };
        for (let asked = ''; ;) {
            const answer = this.verifier.append(entry);
            if ('ok' in answer) {
                this.notes.push(entry);
                return true;
            }
            if ('refused' in answer) {
                return this.failed(say('step.refused', index, answer.refused), about);
            }
            if (answer.needs === asked || !(await this.file(answer.needs))) {
                return this.failed(say('step.needs', index, answer.needs), about);
            }
            asked = answer.needs;
        }
    }

    private async tileOfEntries(bytes: Uint8Array, index: number, size: number): Promise<boolean> {
        const count = width(size, index);
        const entries = split(bytes, count);
        const from = index * TILE;
        if (entries === null) {
            return this.failed(say('step.cut', from, from + count - 1), { entry: from });
        }
        for (const [i, entry] of entries.entries()) {
            if (!(await this.append(entry, from + i))) {
                return false;
            }
            if (await this.slices.pause()) {
                this.progress(from + i, size, 'acts');
            }
        }
        return true;
    }

    async entries(size: number): Promise<boolean> {
        await inOrder(
            Math.ceil(size / TILE),
            (i) => this.source.entries(i, width(size, i)),
            (bytes, i) => this.tileOfEntries(bytes, i, size),
        );
        return this.notes.length === size && size > 0;
    }

    /** The first hash of a tile that is not what it should be: the beginning of a tile is a tile, too. */
    private firstBad(index: number, wide: number, bytes: Uint8Array): number {
        let good = 0; // hashes that are right
        let bad = wide; // so many are not
        while (bad - good > 1) {
            const middle = (good + bad) >> 1;
            if (this.verifier.tile(0, index, middle, bytes.subarray(0, 32 * middle))) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    /** Every hash tile of the size: none is needed for the verdict, but others rely on them. */
    async tiles(size: number): Promise<void> {
        const all: [number, number, number][] = [];
        for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE)) {
            for (let i = 0; i < Math.ceil(count / TILE); i++) {
                all.push([level, i, width(count, i)]);
            }
        }
        let same = 0;
        const work = async ([level, index, wide]: [number, number, number]): Promise<Uint8Array | null | false> => {
            try {
                return await this.source.tile(level, index, wide);
            } catch {
                return false;
            }
        };
        await inOrder(
            all.length,
            (i) => work(all[i]!),
            async (bytes, i) => {
                const [level, index, wide] = all[i]!;
                if (bytes === null) {
                    return false;
                }
                if (bytes !== false && this.verifier.tile(level, index, wide, bytes)) {
                    same++;
                } else {
                    const name = `${level}/${tileNumber(index)}${wide < TILE ? `.p/${wide}` : ''}`;
                    const leaf = bytes !== false && level === 0 ? index * TILE + this.firstBad(index, wide, bytes) : -1;
                    this.failed(say(bytes === false ? 'step.notile' : 'step.badtile', name), leaf < 0 ? {} : { leaf });
                }
                if (await this.slices.pause()) {
                    this.progress(i, all.length, 'tiles');
                }
                return true;
            },
        );
        if (same > 0) {
            this.steps.push({ ok: true, text: say('step.tiles', same) });
        }
    }

    async files(): Promise<void> {
        let names: string[];
        try {
            names = await this.source.files();
        } catch {
            this.failed(say('step.nofiles'));
            return;
        }
        let held = 0;
        for (const [i, name] of names.entries()) {
            held += (await this.file(name)) ? 1 : 0;
            if (await this.slices.pause()) {
                this.progress(i, names.length, 'files');
            }
        }
        if (held > 0) {
            this.steps.push({ ok: true, text: say('step.files', held) });
        }
    }
}

/** What the verifier itself says of the checkpoint. */
function verdictSteps(verdict: Verdict): Step[] {
    return verdict.findings.map((finding) => ({
        ok: finding.level === 'note' ? null : finding.level === 'ok',
        text: `${finding.subject}: ${finding.text}`,
        english: true,
    }));
}

/** null: the record's end was not reached. */
async function through(run: Replay, verifier: Verifier, checkpoint: Uint8Array): Promise<Verdict | null> {
    const size = sizeOf(checkpoint);
    if (!(await run.entries(size))) {
        if (run.steps.length === 0) {
            run.steps.push({ ok: false, text: say('step.checkpoint') });
        }
        return null;
    }
    performance.mark('lockstep.acts');
    const verdict = verifier.finish(checkpoint);
    run.steps.push({ ok: true, text: say('step.acts', size) }, ...verdictSteps(verdict));
    performance.mark('lockstep.verdict');
    await run.tiles(size);
    await run.files();
    performance.mark('lockstep.files');
    return verdict;
}

export async function replay(
    verifier: Verifier,
    source: Source,
    pinned: string,
    progress: Progress,
): Promise<Replayed> {
    const run = new Replay(verifier, source, progress);
    let verdict: Verdict | null = null;
    let checkpoint: Uint8Array = new Uint8Array();
    verifier.begin(pinned);
    try {
        checkpoint = await source.checkpoint();
        performance.mark('lockstep.begin');
        verdict = await through(run, verifier, checkpoint);
    } catch (error) {
        const text = error instanceof Missing ? say('step.missing', error.path) : say('step.stopped', String(error));
        run.steps.push({ ok: false, text });
    }
    const ok = verdict !== null && verdict.valid && run.steps.every((step) => step.ok !== false);
    return { verdict, steps: run.steps, ok, notes: run.notes, checkpoint };
}
