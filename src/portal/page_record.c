/* The record: all acts but stamps, the newest first. Its pages are parts of fixed numbers, so that what stands on one
 * stays there; the first page has the newest acts, wherever a part ends. */
#include "portal/acts.h"
#include "portal/put.h"

/* Parts of the record: part k has the acts (k - 1) * 200 to k * 200 - 1 of those that are listed. */
static size_t part_count(const ls_portal *p)
{
    size_t count = (p->acts->listed_count + LS_PAGE_ACTS - 1) / LS_PAGE_ACTS;
    return count > 1 ? count : 0; /* one page has them all */
}

void ls_page_record_paths(const ls_portal *p, ls_page_paths *list)
{
    for (size_t k = 1; k <= part_count(p); k++) {
        ls_page_paths_add(list, "record-%zu.html", k);
    }
}

static void put_part(ls_html *w, size_t k)
{
    size_t first = (k - 1) * LS_PAGE_ACTS, end = k * LS_PAGE_ACTS, count = w->portal->acts->listed_count;
    const uint32_t *listed = w->portal->acts->listed;
    const char *text = ls_html_format(w, "%u–%u", listed[first], listed[(end < count ? end : count) - 1]);
    ls_html_open(w, "li", NULL);
    ls_html_link(w, ls_html_format(w, "record-%zu.html", k), ls_bytes_str(text));
    ls_html_close(w, "li");
}

/* Parts from..to, the last first. */
static void put_parts(ls_html *w, size_t from, size_t to)
{
    ls_html_open(w, "nav", "class", "parts", "aria-label", ls_html_word(w, "record.parts"), NULL);
    ls_html_open(w, "ol", NULL);
    for (size_t k = to; k >= from; k--) {
        put_part(w, k);
    }
    ls_html_close(w, "ol");
    ls_html_close(w, "nav");
    ls_html_newline(w);
}

/* Of those that are listed: from ≤ i < to, the last first. */
static ls_result put_acts(ls_html *w, size_t from, size_t to)
{
    ls_html_table_open(w, "acts", "record.acts", ls_portal_put_act_columns);
    for (size_t i = to; i > from; i--) {
        LS_TRY(ls_portal_put_act_row(w, w->portal->acts->listed[i - 1]));
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

ls_result ls_page_record(ls_html *w, ls_bytes name, const char **title)
{
    size_t count = w->portal->acts->listed_count;
    (void)name;
    ls_page_title_word(w, "nav.record", title);
    ls_html_word_in(w, "p", "record.lead");
    ls_html_state(w, "p", "record-size", "record.size",
                  LS_WITH(ls_say_number(ls_record_size(w->portal->record)), ls_say_number(count),
                          ls_say_time(ls_record_time(w->portal->record))));
    ls_html_newline(w);
    LS_TRY(put_acts(w, count > LS_PAGE_ACTS ? count - LS_PAGE_ACTS : 0, count));
    if (part_count(w->portal) > 0) {
        put_parts(w, 1, part_count(w->portal));
    }
    return LS_SUCCESS;
}

ls_result ls_page_record_part(ls_html *w, ls_bytes name, const char **title)
{
    uint64_t k;
    size_t count = w->portal->acts->listed_count;
    if (!ls_page_number(name, (uint64_t)part_count(w->portal) + 1, &k) || k == 0) {
        return ls_fail(&ls_fault_absent);
    }
    size_t from = ((size_t)k - 1) * LS_PAGE_ACTS, to = from + LS_PAGE_ACTS < count ? from + LS_PAGE_ACTS : count;
    const uint32_t *listed = w->portal->acts->listed;
    ls_page_title(w, ls_html_format(w, "%s %u–%u", ls_html_word(w, "nav.record"), listed[from], listed[to - 1]), title);
    LS_TRY(put_acts(w, from, to));
    /* Its neighbours, and no list of all, which every new act would change. */
    if (k > 1) {
        put_parts(w, (size_t)k - 1, (size_t)k - 1);
    }
    return LS_SUCCESS;
}
