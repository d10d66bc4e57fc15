#include "cli/reports.h"
#include "workspace/seen.h"

static void print_lines(cli *c, const char *what, const ls_bytes *line, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cli_print("%s%s\n", what, cli_text(c, line[i]));
    }
}

static void print_values(cli *c, const ls_site_report *r)
{
    cli_table t = {.columns = 4, .heading = {"", "what", "declared", "found"}};
    for (size_t i = 0; i < r->field_count; i++) {
        const ls_report_field *f = &r->field[i];
        bool differs = f->established && !ls_bytes_equal(f->declared, f->found);
        const char *const cells[] = {differs ? "differs" : "", cli_text(c, f->name), cli_text(c, f->declared),
                                     f->established ? cli_text(c, f->found) : "(not established)"};
        cli_table_row(c, &t, cells);
    }
    for (size_t i = 0; i < r->count_count; i++) {
        const ls_report_count *n = &r->count[i];
        const char *const cells[] = {n->declared != n->found ? "differs" : "",
                                     ls_arena_format(&c->arena, "count of %s", cli_text(c, n->what)),
                                     ls_arena_format(&c->arena, "%lld", (long long)n->declared),
                                     ls_arena_format(&c->arena, "%lld", (long long)n->found)};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_table_print(&t);
    }
}

void cli_print_site_report(cli *c, const ls_site_report *r)
{
    char from[LS_DATE_SIZE], to[LS_DATE_SIZE], hex[LS_HEX_HASH_SIZE];
    ls_date_format(r->from, from);
    ls_date_format(r->to, to);
    cli_print("about      %s", cli_short(c, &r->about));
    if (r->has_row) {
        cli_print(", row %u/%llu", (unsigned)r->row.tranche, (unsigned long long)r->row.row);
    }
    cli_print("\nfrom       %s to %s\nfinding    %s\n", from, to, ls_conclusion_name(r->finding));
    print_lines(c, "inspector  ", r->inspector, r->inspector_count);
    print_values(c, r);
    print_lines(c, "anomaly    ", r->anomaly, r->anomaly_count);
    for (size_t i = 0; i < r->seal_count; i++) {
        cli_print("seal       %s: %s\n", cli_text(c, r->seal[i].number), ls_seal_state_name(r->seal[i].state));
    }
    for (size_t i = 0; i < r->file_count; i++) {
        ls_hash_format(&r->file[i].hash, hex);
        cli_print("file       %s: %s (%s)\n", cli_text(c, r->file[i].name), cli_text(c, r->file[i].what), hex);
    }
    if (r->remarks.len > 0) {
        cli_print("remarks    %s\n", cli_text(c, r->remarks));
    }
}

json_t *cli_site_report_json(const ls_site_report *r)
{
    ls_buf text = {0};
    json_t *json = NULL;
    if (ls_succeeded(ls_site_report_format(r, &text))) {
        json = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    }
    ls_buf_free(&text);
    return json;
}

static void print_differences(cli *c, const ls_seen_report *a, const ls_seen_report *b, const ls_report_difference *x,
                              size_t count)
{
    cli_table t = {.columns = 3, .heading = {"what", cli_text(c, a->act.by.name[0]), cli_text(c, b->act.by.name[0])}};
    cli_print("\nCONTRADICTION: the report in act %llu, by %s, says of the same\n", (unsigned long long)b->index,
              cli_text(c, b->act.by.name[0]));
    for (size_t i = 0; i < count; i++) {
        const char *const cells[] = {cli_text(c, ls_bytes_str(x[i].what)), cli_text(c, ls_bytes_str(x[i].a)),
                                     cli_text(c, ls_bytes_str(x[i].b))};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
}

static json_t *differences_json(cli *c, const ls_seen_report *b, const ls_report_difference *x, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "what", ls_show_text_json(x[i].what), "here",
                                              ls_show_text_json(x[i].a), "there", ls_show_text_json(x[i].b)));
    }
    return json_pack("{s:I, s:s, s:o}", "entry", (json_int_t)b->index, "by", cli_text(c, b->act.by.name[0]),
                     "differences", list);
}

static ls_result compare_with(cli *c, const ls_seen_report *own, uint64_t index, json_t *contradictions)
{
    ls_seen_report *other = ls_arena_alloc(&c->arena, sizeof *other);
    ls_report_difference *differences;
    size_t count;
    if (other == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_seen_report(&c->ws, &c->arena, index, other, &c->detail));
    if (!other->here) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_reports_compare(&c->arena, &own->report, &other->report, &differences, &count));
    if (count > 0 && contradictions != NULL) {
        json_array_append_new(contradictions, differences_json(c, other, differences, count));
    } else if (count > 0) {
        print_differences(c, own, other, differences, count);
    }
    return LS_SUCCESS;
}

/* All other reports about the same that have effect. */
static ls_result compare_others(cli *c, const ls_seen_report *own, int accord, json_t *contradictions)
{
    const ls_inspecteds all = ls_record_inspecteds(c->ws.record, (size_t)accord);
    uint64_t about = 0;
    if (!ls_record_find(c->ws.record, &own->act.ref, &about)) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < all.count; i++) {
        const ls_inspected *x = &all.fact[i];
        bool counts = all.time(all.context, x->index) != LS_TIME_NONE;
        if (x->kind == LS_INSPECTED_REPORT && x->ref == about && x->index != own->index && counts) {
            LS_TRY(compare_with(c, own, x->index, contradictions));
        }
    }
    return LS_SUCCESS;
}

ls_result cli_show_report(cli *c, uint64_t index, json_t *json)
{
    ls_record_entry e = ls_record_at(c->ws.record, index);
    ls_seen_report *own = ls_arena_alloc(&c->arena, sizeof *own);
    json_t *contradictions = json == NULL ? NULL : json_array();
    if (!ls_bytes_is(e.kind, "report") || e.accord < 0) {
        json_decref(contradictions);
        return LS_SUCCESS;
    }
    ls_result r =
        own == NULL ? ls_fail(&ls_fault_memory) : ls_workspace_seen_report(&c->ws, &c->arena, index, own, &c->detail);
    if (ls_succeeded(r) && own->here) {
        if (json == NULL) {
            cli_print("\nIts report:\n\n");
            cli_print_site_report(c, &own->report);
        } else {
            json_object_set_new(json, "report", cli_site_report_json(&own->report));
        }
        r = compare_others(c, own, e.accord, contradictions);
    }
    if (json != NULL) {
        json_object_set_new(json, "contradictions", contradictions);
    }
    return r;
}
