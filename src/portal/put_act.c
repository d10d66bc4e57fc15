/* Acts, as pages show them. */
#include "portal/acts.h"
#include "portal/put.h"

const char *ls_act_key(ls_html *w, ls_bytes kind)
{
    return ls_html_format(w, "act.%.*s", (int)kind.len, (const char *)kind.ptr);
}

ls_result ls_portal_put_read(ls_html *w, uint64_t index, ls_bytes *note, ls_act **act)
{
    ls_act *read = ls_arena_alloc(w->arena, sizeof *read);
    if (read == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(w->portal->source.note(w->portal->source.context, index, w->arena, note));
    LS_TRY(ls_act_parse(*note, false, read, NULL));
    *act = read;
    return LS_SUCCESS;
}

/* A joint act is by those whom it lists. */
void ls_portal_put_author(ls_html *w, uint64_t index, const ls_act *act)
{
    ls_record_entry e = ls_record_at(w->portal->record, index);
    const ls_charter *c = ls_record_charter(w->portal->record);
    ls_parties set = 0;
    if (act->shape != LS_SHAPE_JOINT) {
        ls_html_party(w, e.by);
        return;
    }
    for (size_t i = 0; i < act->by.count; i++) {
        const ls_party *p = ls_charter_party(c, act->by.name[i]);
        set |= p == NULL ? 0 : LS_PARTY_BIT(p - c->party);
    }
    ls_html_parties(w, set);
}

/* What an act is about, part by part: between two a comma. */
typedef struct about {
    ls_html *w;
    bool any;
} about;

static void next_part(about *x)
{
    ls_html_str(x->w, x->any ? ", " : "");
    x->any = true;
}

/* Names that have a page of their own, if there is such a page. */
static void put_page_of(ls_html *w, const char *folder, ls_bytes name)
{
    ls_page_link(w, ls_html_format(w, "%s/%.*s.html", folder, (int)name.len, (const char *)name.ptr), name);
}

static void put_named(about *x, const ls_act *act, ls_header h, const char *folder)
{
    if (act->has[h]) {
        next_part(x);
        put_page_of(x->w, folder, act->raw[h]);
    }
}

static void put_plain(about *x, const ls_act *act, ls_header h, const char *key)
{
    if (act->has[h]) {
        next_part(x);
        ls_html_say(x->w, key, LS_WITH(ls_say_text(act->raw[h])));
    }
}

static void put_subject(about *x, uint64_t index, const ls_act *act)
{
    static const struct {
        ls_header header;
        const char *key;
    } plain[] = {{LS_H_EVENT, "about.event"},     {LS_H_RIGHT, "about.right"},
                 {LS_H_DISPUTE, "about.dispute"}, {LS_H_INSPECTION, "about.inspection"},
                 {LS_H_GROUP, "about.group"},     {LS_H_ITEM, "about.item"},
                 {LS_H_TRACK, "about.track"},     {LS_H_DECLARATION, "about.declaration"},
                 {LS_H_TRANCHE, "about.tranche"}, {LS_H_PLACE, "about.place"},
                 {LS_H_FINDING, "about.finding"}, {LS_H_KEY, "about.key"}};
    ls_record_entry e = ls_record_at(x->w->portal->record, index);
    if (e.measure >= 0 && e.accord >= 0) {
        next_part(x);
        const ls_accord *a = ls_record_accord(x->w->portal->record, (size_t)e.accord);
        ls_html_link(x->w, ls_html_measure_path(x->w, (size_t)e.accord, (size_t)e.measure),
                     a->roadmap->measures[e.measure].id);
    } else if (e.accord >= 0) {
        next_part(x);
        const ls_accord *a = ls_record_accord(x->w->portal->record, (size_t)e.accord);
        ls_html_link(x->w, ls_html_format(x->w, "act/%llu.html", (unsigned long long)a->index), a->roadmap->title);
    }
    put_named(x, act, LS_H_MEETING, "meeting");
    put_named(x, act, LS_H_TEXT, "text");
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        put_plain(x, act, plain[i].header, plain[i].key);
    }
}

/* Where what this act began has a page of its own: its folder, or NULL. */
static const char *folder_of(const ls_talk *t)
{
    return t->kind == LS_TALK_MEET || t->kind == LS_TALK_APPOINT ? "meeting" : t->kind == LS_TALK_TEXT ? "text" : NULL;
}

/* "entry 17", or "hanoi (entry 99)", where what it began bears a name. */
static void put_reference(about *x, uint64_t index)
{
    uint32_t ref = x->w->portal->acts->about[index];
    if (ref == LS_NO_ENTRY) {
        return;
    }
    const ls_talk *t = ls_talks_find(&x->w->portal->state->talks, ref);
    next_part(x);
    if (t == NULL || t->name.len == 0) {
        ls_html_say(x->w, "about.entry", LS_WITH(ls_say_entry(ref)));
        return;
    }
    const char *path = ls_html_format(x->w, "%s/%.*s.html", folder_of(t) == NULL ? "" : folder_of(t), (int)t->name.len,
                                      (const char *)t->name.ptr);
    ls_html_say(x->w, "about.named",
                LS_WITH(ls_page_fits(path) ? ls_say_link(path, t->name) : ls_say_text(t->name), ls_say_entry(ref)));
}

void ls_portal_put_about(ls_html *w, uint64_t index, const ls_act *act)
{
    about x = {.w = w};
    const ls_charter *c = ls_record_charter(w->portal->record);
    ls_parties to = 0;
    put_subject(&x, index, act);
    put_reference(&x, index);
    for (size_t i = 0; i < act->to.count; i++) {
        const ls_party *p = ls_charter_party(c, act->to.name[i]);
        to |= p == NULL ? 0 : LS_PARTY_BIT(p - c->party);
    }
    if (to != 0) {
        next_part(&x);
        ls_html_say(w, "about.to", LS_WITH(ls_say_parties(to)));
    }
}

void ls_portal_put_marks(ls_html *w, uint64_t index)
{
    ls_record_entry e = ls_record_at(w->portal->record, index);
    const struct {
        bool is;
        const char *key;
    } marks[] = {{e.lapsed, "mark.lapsed"},
                 {e.annulled, "mark.annulled"},
                 {e.repudiated && !e.annulled, "mark.repudiated"},
                 {ls_portal_acts_contested(w->portal, index), "mark.contested"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].is) {
            ls_html_str(w, " ");
            ls_html_element(w, "span", ls_bytes_str(ls_html_word(w, marks[i].key)), "class", "mark", NULL);
        }
    }
}

#define EXCERPT_MAX 160

const char *ls_portal_put_excerpt(ls_html *w, const ls_act *act)
{
    ls_bytes text = act->shape == LS_SHAPE_STAMP || ls_bytes_is(act->kind, "receipts") ? (ls_bytes){0} : act->text;
    const uint8_t *end = text.len == 0 ? NULL : memchr(text.ptr, '\n', text.len);
    size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);
    bool more = end != NULL && len + 1 < text.len;
    if (len > EXCERPT_MAX) {
        for (len = EXCERPT_MAX; len > 0 && (text.ptr[len] & 0xc0) == 0x80; len--) {
        }
        more = true;
    }
    const char *line = ls_html_cstr(w, ls_bytes_of(text.ptr, len));
    return more ? ls_html_format(w, "%s …", line) : line;
}

const char *const ls_portal_put_act_columns[] = {"record.entry", "record.time",  "record.by",
                                                 "record.act",   "record.about", NULL};

ls_result ls_portal_put_act_row(ls_html *w, uint64_t index)
{
    ls_bytes note;
    ls_act *act;
    LS_TRY(ls_portal_put_read(w, index, &note, &act));
    ls_record_entry e = ls_record_at(w->portal->record, index);
    const ls_charter *c = ls_record_charter(w->portal->record);
    const char *kind = ls_html_cstr(w, e.kind);
    ls_html_statement_open(w, "tr", ls_html_format(w, "act-%llu", (unsigned long long)index), "data-kind", kind,
                           "data-party", e.by < c->party_count ? ls_html_cstr(w, c->party[e.by].name) : NULL, NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_entry(w, index);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_time(w, e.time);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_portal_put_author(w, index, act);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_word_in(w, "b", ls_act_key(w, e.kind));
    ls_portal_put_marks(w, index);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_portal_put_about(w, index, act);
    const char *words = ls_portal_put_excerpt(w, act);
    if (words[0] != '\0') {
        ls_html_element(w, "div", ls_bytes_str(words), "class", "words", "dir", "auto", NULL);
    }
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}
