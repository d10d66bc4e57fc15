/** The reader's own time beside that of the process. Only after the comparison, as it changes the page. */
import { element } from './dom.ts';
import { say, spoken } from './words.ts';

export function addOwnTimes(main: Element): void {
    const format = new Intl.DateTimeFormat(spoken(), { dateStyle: 'medium', timeStyle: 'short' });
    const zone = new Intl.DateTimeFormat(spoken(), { dateStyle: 'full', timeStyle: 'long' });
    for (const time of main.querySelectorAll<HTMLTimeElement>('time[datetime*="T"]')) {
        const at = new Date(time.dateTime);
        const shown = time.textContent ?? '';
        const clock = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
        if (Number.isNaN(at.getTime()) || !/\d\d:\d\d/.test(shown)) {
            continue; // a day, of the process's calendar
        }
        time.title = zone.format(at);
        if (!shown.includes(clock) && time.closest('svg') === null) {
            time.after(element('span', { class: 'yours' }, say('yours', format.format(at))));
        }
    }
}
