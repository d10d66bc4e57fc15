/* Readouts for people and programs: text, JSON, pages. */
#include "cli/readouts.h"

static const ls_party *party_of(cli *c, const cli_readout *r)
{
    const ls_charter *charter = c->ws.record == NULL ? NULL : ls_record_charter(c->ws.record);
    return charter == NULL || !r->published ? NULL : ls_charter_party(charter, r->act.by.name[0]);
}

void cli_readout_page(cli *c, const cli_readout *r, ls_readout_page *out)
{
    const ls_charter *charter = c->ws.record == NULL ? NULL : ls_record_charter(c->ws.record);
    const ls_party *party = party_of(c, r);
    *out = (ls_readout_page){.file_count = r->file_count, .file = r->file};
    if (charter != NULL) {
        out->exercise = charter->exercise;
        out->process = charter->title.len > 0 ? charter->title : charter->name;
    }
    if (party != NULL) {
        out->party = party->title.len > 0 ? party->title : party->name;
    }
    if (r->published) {
        out->act = &r->act.id;
    }
    if (r->meeting != NULL) {
        out->meeting = r->meeting->name;
    }
}

static const char *published_at(cli *c, const cli_readout *r)
{
    char time[LS_TIME_SIZE];
    ls_time t = ls_record_at(c->ws.record, r->index).time;
    if (t == LS_TIME_OPEN || t == LS_TIME_NONE) {
        return t == LS_TIME_OPEN ? "not stamped yet" : "without effect";
    }
    ls_time_format(t, time);
    return cli_text(c, ls_bytes_str(time));
}

static void print_act(cli *c, const cli_readout *r)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&r->act.id, hex);
    cli_print("by       %s, signed by %s\n", cli_text(c, r->act.raw[LS_H_BY]), cli_text(c, r->act.raw[LS_H_SIGNERS]));
    cli_print("act      %s\nentry    %llu, %s\n", hex, (unsigned long long)r->index, published_at(c, r));
    if (r->meeting != NULL) {
        cli_print("meeting  %s\n", cli_text(c, r->meeting->name));
    }
    if (r->absent > 0) {
        cli_print("missing  %zu of its files %s not here\n", r->absent, r->absent == 1 ? "is" : "are");
    }
    cli_print("\n");
}

ls_result cli_print_readout(cli *c, const cli_readout *r)
{
    ls_readout_page page;
    ls_buf text = {0};
    cli_readout_page(c, r, &page);
    cli_mark(c, page.exercise);
    if (r->published) {
        print_act(c, r);
    }
    ls_result result = ls_readout_text(&r->readout, &page, &text);
    if (ls_succeeded(result)) {
        cli_print("%s", cli_text(c, ls_buf_bytes(&text)));
    }
    ls_buf_free(&text);
    return result;
}

static json_t *files_json(const cli_readout *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->file_count; i++) {
        const ls_readout_file *f = &r->file[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:I, s:o}", "file", cli_json_bytes(f->name), "media_type",
                                              cli_json_bytes(f->media_type), "bytes", (json_int_t)f->bytes, "hash",
                                              cli_json_hash(&f->hash)));
    }
    return list;
}

static json_t *signers_json(const cli_readout *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->act.signers.count; i++) {
        json_array_append_new(list, cli_json_bytes(r->act.signers.name[i]));
    }
    return list;
}

json_t *cli_readout_json(cli *c, const cli_readout *r)
{
    json_t *o = json_pack("{s:o, s:b, s:i}", "readout", json_loadb((const char *)r->json.ptr, r->json.len, 0, NULL),
                          "published", r->published, "reading_minutes", (int)ls_reading_minutes(r->readout.body));
    if (o == NULL || !r->published) {
        return o;
    }
    json_t *act = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:I}", "act", cli_json_hash(&r->act.id), "entry",
                            (json_int_t)r->index, "by", cli_json_bytes(r->act.by.name[0]), "signers", signers_json(r),
                            "time", cli_json_time(ls_record_at(c->ws.record, r->index).time), "meeting",
                            r->meeting == NULL ? json_null() : cli_json_bytes(r->meeting->name), "files", files_json(r),
                            "absent_files", (json_int_t)r->absent);
    if (act == NULL || json_object_update(o, act) != 0) {
        json_decref(o);
        o = NULL;
    }
    json_decref(act);
    return o;
}

ls_result cli_readout_write(cli *c, ls_result made, ls_buf *html)
{
    if (ls_succeeded(made)) {
        made = ls_file_write(cli_value(c, "html"), ls_buf_bytes(html), &c->detail);
    }
    ls_buf_free(html);
    return made;
}
