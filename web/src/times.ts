/** The reader's own time beside that of the process. Only after the comparison, as it changes the page. */
import { element } from './dom.ts';
import { say, spoken } from './words.ts';

function digits(value: number): string {
    return String(value).padStart(2, '0');
}

export function addOwnTimes(main: Element): void {
    const whole = new Intl.DateTimeFormat(spoken(), { dateStyle: 'full', timeStyle: 'long' });
    for (const time of main.querySelectorAll<HTMLTimeElement>('time[datetime*="T"]')) {
        const at = new Date(time.dateTime);
        const shown = time.textContent ?? '';
        if (Number.isNaN(at.getTime()) || !/\d\d:\d\d/.test(shown)) {
            continue; // a day, of the process's calendar
        }
        const day = `${at.getFullYear()}-${digits(at.getMonth() + 1)}-${digits(at.getDate())}`;
        const clock = `${digits(at.getHours())}:${digits(at.getMinutes())}`;
        time.title = whole.format(at);
        if (!shown.includes(clock) && time.closest('svg') === null) {
            const mark = time.nextElementSibling;
            const beside = mark?.matches('.check') && mark.previousSibling === time ? mark : time;
            beside.after(
                element('span', { class: 'yours' }, say('yours', shown.includes(day) ? clock : `${day} ${clock}`)),
            );
        }
    }
}
