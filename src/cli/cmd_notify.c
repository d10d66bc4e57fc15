/* notify: what has become of opened rows, or that the declaration was mistaken. */
#include "cli/notify.h"
#include "cli/scorecard.h"

/* What is asked for. */

static ls_result choose_change(cli *c, cli_notice *n)
{
    const char *change = cli_value(c, "change");
    if (change == NULL || !ls_change_parse(ls_bytes_str(change), &n->change)) {
        ls_hint(&c->detail, "--change moved, converted, eliminated, changed, new or corrected");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s",
                            change == NULL ? "say what kind of change it is" : "there is no such kind of change");
    }
    if (cli_flag(c, "ref") && n->change != LS_CHANGE_CORRECTED) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--ref is for --change corrected");
    }
    return LS_SUCCESS;
}

static ls_result choose_ref(cli *c, cli_notice *n)
{
    const char *ref = cli_value(c, "ref");
    if (ref == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_find_act(c, ref, &n->ref_index));
    ls_record_entry e = ls_record_at(c->ws.record, n->ref_index);
    if (!ls_bytes_is(e.kind, "notify")) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "act %s is no notification", ref);
    }
    n->has_ref = true;
    n->ref = e.id;
    return LS_SUCCESS;
}

/* Today, by the charter's zone, if nothing else is said. */
static ls_result choose_date(cli *c, cli_notice *n, ls_time *now)
{
    const ls_zone *zone = &ls_record_charter(c->ws.record)->zone;
    const char *date = cli_value(c, "date");
    LS_TRY(cli_judging_time(c, now));
    n->date = ls_zone_date(zone, *now);
    if (date != NULL && !ls_date_parse(ls_bytes_str(date), &n->date)) {
        ls_hint(&c->detail, "--date 2018-11-02");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is not a date", date);
    }
    return LS_SUCCESS;
}

/* One that waits is built upon what this one would be built upon, too: its numbers and old values are not on the record
 * yet. */
static ls_result check_outbox(cli *c)
{
    const ls_outbox *outbox;
    LS_TRY(ls_workspace_outbox(&c->ws, &outbox, &c->detail));
    for (size_t i = 0; i < outbox->count; i++) {
        if (strcmp(outbox->waiting[i].kind, "notify") == 0) {
            ls_hint(&c->detail, "lockstep outbox shows it; lockstep sync files what is signed");
            return ls_fail_with(&ls_fault_usage, &c->detail, "another notification still waits to be filed");
        }
    }
    return LS_SUCCESS;
}

static ls_result prepare(cli *c, cli_notice *n)
{
    ls_time now;
    LS_TRY(choose_change(c, n));
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_find_declared(c, &n->accord, &n->declared));
    LS_TRY(check_outbox(c));
    LS_TRY(choose_ref(c, n));
    LS_TRY(choose_date(c, n, &now));
    ls_time at = ls_zone_instant(&ls_record_charter(c->ws.record)->zone, n->date, 86400) - 1;
    return cli_living_read(c, n->accord, n->declared, at, now, &n->living);
}

/* What is made of it. */

/* Read as others will read it: what would contradict the record is never signed. */
static ls_result check_files(cli *c, const cli_notice *n, const cli_notice_files *f)
{
    uint64_t index = ls_record_size(c->ws.record);
    ls_known_change more[LS_AUDIENCES_MAX + 2];
    ls_history h;
    for (size_t i = 0; i < f->count; i++) {
        more[i] = (ls_known_change){.said = &f->file[i].said,
                                    .index = index,
                                    .known = n->living.known,
                                    .ref = n->has_ref ? n->ref_index : LS_NO_SOURCE,
                                    .audience = f->file[i].audience,
                                    .fields = f->file[i].fields};
    }
    LS_TRY(cli_living_with(&n->living, &c->arena, more, f->count, &h));
    for (size_t i = 0; i < h.count; i++) {
        for (size_t k = 0; k < h.items[i].conflict_count; k++) {
            const ls_conflict *x = &h.items[i].conflicts[k];
            if (h.items[i].events[x->event].index == index) {
                ls_hint(&c->detail, "lockstep inventory --item %s shows its history", cli_item_name(c, &h.items[i]));
                return ls_fail_with(&ls_fault_usage, &c->detail, "it would contradict the record: of %s it %s",
                                    cli_item_name(c, &h.items[i]), cli_conflict_text(c, &n->living, x));
            }
        }
    }
    return LS_SUCCESS;
}

static ls_result attach(cli *c, const cli_notice_files *f, ls_draft *draft, ls_act_draft *act)
{
    bool named = false;
    for (size_t i = 0; i < f->count; i++) {
        char audience[LS_NAME_MAX + 1], name[LS_NAME_MAX + 16] = "change.json";
        bool open = ls_bytes_is(f->file[i].audience, "public") || ls_bytes_is(f->file[i].audience, "process");
        snprintf(audience, sizeof audience, "%.*s", (int)f->file[i].audience.len,
                 (const char *)f->file[i].audience.ptr);
        if (open && named) {
            snprintf(name, sizeof name, "change-%s.json", audience);
        }
        named = named || open;
        LS_TRY(ls_draft_attach(draft, act, audience, "application/json", name, ls_buf_bytes(&f->file[i].json), NULL,
                               &c->detail));
    }
    return LS_SUCCESS;
}

static ls_result sign(cli *c, const cli_notice *n, const cli_notice_files *f)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    cli_act_accord(c, &act, n->accord);
    ls_act_draft_set(&act, LS_H_DECLARATION, "%s", cli_text(c, n->declared->name));
    ls_act_draft_set(&act, LS_H_CHANGE, "%s", ls_change_name(n->change));
    ls_result r = attach(c, f, &draft, &act);
    r = ls_succeeded(r) ? cli_act_sign(c, &draft, &act) : r;
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

static ls_result split_and_sign(cli *c, cli_notice *n)
{
    cli_notice_files files = {0};
    ls_result r = cli_notice_split(c, n, &files);
    r = ls_succeeded(r) ? check_files(c, n, &files) : r;
    if (ls_succeeded(r) && !c->json) {
        cli_notice_print(c, n, &files);
    }
    r = ls_succeeded(r) ? sign(c, n, &files) : r;
    cli_notice_files_free(&files);
    return r;
}

static ls_result run_notify(cli *c)
{
    cli_notice n = {0};
    cli_given given = {0};
    ls_result r = prepare(c, &n);
    r = ls_succeeded(r) ? cli_given_read(c, c->argument[0], n.declared, &given) : r;
    r = ls_succeeded(r) ? cli_notice_compare(c, &n, &given) : r;
    r = ls_succeeded(r) ? split_and_sign(c, &n) : r;
    cli_given_free(&given);
    cli_living_free(&n.living);
    return r;
}

const cli_verb cli_verb_notify = {
    "notify",
    "FILE --change CHANGE",
    "say what has become of opened rows, or that they were declared wrongly",
    "FILE says how rows are now: CSV or GeoJSON with columns of the inventory, or YAML, a list of rows; the "
    "identifier,\n"
    "and what has changed. The program finds what was there before, shows exactly what becomes known to whom, asks, "
    "and\n"
    "files it: to each audience, of the rows that were opened to it, what was opened of them. CHANGE is\n"
    "  moved       it stands elsewhere (latitude, longitude and geometry, and nothing else)\n"
    "  converted   it has become something else\n"
    "  changed     a count, a name or a status is another one\n"
    "  eliminated  it is no more; the file has its identifier, which never comes back\n"
    "  new         it has come into being; its identifier was never used before\n"
    "  corrected   it was always so, and declared wrongly; or, with --ref, wrongly notified\n"
    "A change to a row that is still closed comes as a padded supplement instead: lockstep declare.",
    "  lockstep -C dprk notify moved.csv --change moved --date 2018-11-02\n"
    "  lockstep -C dprk notify correct.yaml --change corrected --text \"A typing error in the list of 8 October.\"",
    1,
    1,
    {{"change", "CHANGE", "moved, converted, eliminated, changed, new or corrected"},
     {"date", "DATE", "when it happened (default: today)"},
     {"ref", "ACT", "with corrected: the notification that was mistaken (default: the declaration was)"},
     {"declaration", "NAME", "which declaration of the accord, where there are several"},
     CLI_ACT_OPTIONS},
    run_notify};
