/* The overview: in plain words what the process is, who its parties are, and where it stands. */
#include "portal/page.h"
#include "portal/state.h"

static void put_parties(ls_html *w)
{
    static const char *const columns[] = {"party.party", "party.title", "party.role", NULL};
    static const char *const roles[] = {"role.party", "role.mediator", "role.inspectorate", "role.observer"};
    const ls_charter *c = ls_record_charter(w->portal->record);
    ls_html_heading(w, 2, "parties", "overview.parties");
    ls_html_table_open(w, "parties", "overview.parties", columns);
    for (size_t p = 0; p < c->party_count; p++) {
        ls_html_statement_open(w, "tr", ls_html_id(w, "party-%zu", p), NULL);
        ls_html_open(w, "th", "scope", "row", NULL);
        ls_html_party(w, p);
        ls_html_close(w, "th");
        ls_html_element(w, "td", c->party[p].title, NULL);
        ls_html_word_in(w, "td", roles[c->party[p].role]);
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

ls_result ls_page_overview(ls_html *w, ls_bytes name, const char **title)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    (void)name;
    ls_page_title(w, ls_html_cstr(w, c->title), title);
    put_parties(w);
    return LS_SUCCESS;
}
