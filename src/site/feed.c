/* A feed of the last acts (Atom, RFC 4287), and how to cite the record (CITATION.cff). */
#include "base/value.h"
#include "portal/acts.h"
#include "process/shown.h"
#include "site/parts.h"

typedef unsigned long long ull;

#define FEED_MAX 50

static void put_element(ls_buf *out, const char *name, const char *text)
{
    ls_buf_format(out, "<%s>", name);
    ls_shown_html(out, ls_bytes_str(text), false);
    ls_buf_format(out, "</%s>\n", name);
}

/* An id that outlives every address: the ledger's name, and the day on which the process began (RFC 4151). */
static void put_tag(site *x, ls_buf *out, const char *what)
{
    char day[LS_TIME_SIZE];
    ls_time began = ls_record_at(x->record, 0).time;
    ls_time_format(began < 0 || began > LS_TIME_MAX ? 0 : began, day);
    ls_bytes origin = x->charter->origin;
    size_t host = 0;
    while (host < origin.len && origin.ptr[host] != '/') {
        host++;
    }
    ls_buf_put_str(out, "<id>tag:");
    ls_shown_html(out, ls_bytes_of(origin.ptr, host), false);
    ls_buf_format(out, ",%.10s:", day);
    ls_shown_html(out, ls_bytes_str(what), false);
    ls_buf_put_str(out, "</id>\n");
}

static void put_link(site *x, ls_buf *out, const char *rel, const char *path)
{
    ls_buf_format(out, "<link rel=\"%s\" href=\"", rel);
    ls_shown_html(out, ls_bytes_str(x->o->url == NULL ? "" : x->o->url), false);
    ls_shown_html(out, ls_bytes_str(path), false);
    ls_buf_put_str(out, "\"/>\n");
}

static void put_time(ls_buf *out, ls_time t)
{
    char text[LS_TIME_SIZE];
    ls_time_format(t < 0 || t > LS_TIME_MAX ? 0 : t, text);
    ls_buf_format(out, "<updated>%s</updated>\n", text);
}

static ls_result put_act(site *x, uint32_t index, ls_arena *arena, ls_buf *out)
{
    ls_bytes note;
    ls_act *act;
    char hex[LS_HEX_HASH_SIZE];
    LS_TRY(ls_site_act(x, index, arena, &note, &act));
    ls_record_entry e = ls_record_at(x->record, index);
    const char *subject = ls_site_subject(x, index, arena);
    const char *kind = ls_arena_format(arena, "act.%.*s", (int)e.kind.len, (const char *)e.kind.ptr);
    ls_hash_format(&e.id, hex);
    const char *author = ls_site_author(x, index, act, arena);
    const char *what = ls_arena_format(arena, "act/%s", hex);
    const char *path = ls_arena_format(arena, "act/%u.html", index);
    if (arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    const char *title =
        ls_arena_format(arena, "%s%s: %s%s%s", act->exercise ? "EXERCISE: " : "", author,
                        ls_portal_say(&ls_portal_languages[0], kind), subject[0] == '\0' ? "" : ", ", subject);
    ls_buf_put_str(out, "<entry>\n");
    put_element(out, "title", title == NULL ? "" : title);
    put_tag(x, out, what);
    put_link(x, out, "alternate", path);
    put_time(out, e.time == LS_TIME_OPEN ? ls_record_time(x->record) : e.time);
    ls_buf_put_str(out, "<author>");
    put_element(out, "name", author);
    ls_buf_put_str(out, "</author>\n<summary>");
    ls_shown_html(out, ls_bytes_is(act->kind, "receipts") ? (ls_bytes){0} : act->text, false);
    ls_buf_put_str(out, "</summary>\n</entry>\n");
    return LS_SUCCESS;
}

static ls_result put_feed(site *x, ls_buf *out)
{
    const ls_portal_acts *a = x->portal.acts;
    ls_arena arena = {0};
    const char *title = ls_arena_format(&arena, "%s%.*s", x->charter->exercise ? "EXERCISE: " : "",
                                        (int)x->charter->title.len, (const char *)x->charter->title.ptr);
    ls_buf_put_str(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    put_element(out, "title", title == NULL ? "" : title);
    put_tag(x, out, "record");
    put_link(x, out, "self", "feed.xml");
    put_link(x, out, "alternate", "index.html");
    put_time(out, ls_record_time(x->record));
    ls_buf_format(out, "<generator version=\"%s\">Lockstep</generator>\n", x->o->version);
    ls_result r = LS_SUCCESS;
    for (size_t i = a->listed_count, shown = 0; ls_succeeded(r) && i > 0 && shown < FEED_MAX; i--, shown++) {
        r = put_act(x, a->listed[i - 1], &arena, out);
    }
    ls_buf_put_str(out, "</feed>\n");
    ls_arena_free(&arena);
    return ls_succeeded(r) ? ls_buf_check(out) : r;
}

ls_result ls_site_feed(site *x)
{
    ls_buf out = {0};
    ls_result r = put_feed(x, &out);
    r = ls_succeeded(r) ? ls_publish_changed(&x->out, "feed.xml", ls_buf_bytes(&out)) : r;
    ls_buf_free(&out);
    return r;
}

/* Citation. */

/* A JSON string is one of YAML, too. */
static void put_yaml(ls_buf *out, const char *before, ls_bytes text)
{
    ls_arena arena = {0};
    const ls_value *v = ls_value_string(&arena, text);
    ls_buf_put_str(out, before);
    out->failed |= v == NULL;
    if (v != NULL) {
        ls_json_canonical(v, out);
    }
    ls_buf_put_str(out, "\n");
    ls_arena_free(&arena);
}

static void put_citation(site *x, ls_buf *out)
{
    char time[LS_TIME_SIZE], hex[LS_HEX_HASH_SIZE];
    const ls_charter *c = x->charter;
    ls_time_format(ls_record_time(x->record), time);
    ls_buf_put_str(out, "cff-version: 1.2.0\ntype: dataset\n"
                        "message: \"Cite the record with its fingerprint and the number of entries that you read.\"\n");
    put_yaml(out, "title: ", c->title);
    ls_buf_put_str(out, "authors:\n");
    for (size_t p = 0; p < c->party_count; p++) {
        put_yaml(out, "  - name: ", c->party[p].title.len > 0 ? c->party[p].title : c->party[p].name);
    }
    ls_buf_format(out, "date-released: \"%.10s\"\n", time);
    ls_buf_format(out, "version: \"%llu entries\"\n", (ull)x->head.size);
    if (x->o->url != NULL) {
        put_yaml(out, "url: ", ls_bytes_str(x->o->url));
    }
    ls_hash_format(&x->done.process, hex);
    ls_buf_format(out,
                  "identifiers:\n  - type: other\n    value: \"%s\"\n    description: \"fingerprint of the charter "
                  "(SHA-256)\"\n",
                  hex);
    ls_hash_format(&x->head.root, hex);
    ls_buf_format(out,
                  "  - type: other\n    value: \"%s\"\n    description: \"root of the record over these entries "
                  "(RFC 6962)\"\n",
                  hex);
    ls_buf_put_str(out, c->exercise ? "keywords:\n  - \"exercise: nothing in it can pass as real\"\n" : "");
}

ls_result ls_site_cite(site *x)
{
    ls_buf out = {0};
    put_citation(x, &out);
    ls_result r = ls_buf_check(&out);
    r = ls_succeeded(r) ? ls_publish_changed(&x->out, "CITATION.cff", ls_buf_bytes(&out)) : r;
    ls_buf_free(&out);
    return r;
}
