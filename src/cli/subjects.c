/* What accords have, as people name it: measures, events, rights, dispute procedures. */
#include "cli/cli.h"

static ls_bytes measure_id(const ls_roadmap *m, size_t i)
{
    return m->measures[i].id;
}

static ls_bytes event_id(const ls_roadmap *m, size_t i)
{
    return m->events[i].id;
}

static ls_bytes right_id(const ls_roadmap *m, size_t i)
{
    return m->rights[i].id;
}

static ls_bytes dispute_id(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].id;
}

static ls_bytes inspection_id(const ls_roadmap *m, size_t i)
{
    return m->inspections[i].id;
}

static ls_bytes measure_words(const ls_roadmap *m, size_t i)
{
    return m->measures[i].what;
}

static ls_bytes event_words(const ls_roadmap *m, size_t i)
{
    return m->events[i].title;
}

static ls_bytes right_words(const ls_roadmap *m, size_t i)
{
    return m->rights[i].what;
}

static ls_bytes dispute_words(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].title;
}

static ls_bytes inspection_words(const ls_roadmap *m, size_t i)
{
    return m->inspections[i].title;
}

static const struct {
    const char *what, *article, *verbs; /* verbs: that take one */
    ls_header header;
    size_t count; /* where a roadmap has it */
    int (*find)(const ls_roadmap *m, ls_bytes id);
    ls_bytes (*id)(const ls_roadmap *m, size_t i);
    ls_bytes (*words)(const ls_roadmap *m, size_t i);
} subjects[CLI_SUBJECTS] = {
    [CLI_MEASURE] = {"measure", "a", "perform, confirm", LS_H_MEASURE, offsetof(ls_roadmap, measure_count),
                     ls_roadmap_measure, measure_id, measure_words},
    [CLI_EVENT] = {"event", "an", "attest", LS_H_EVENT, offsetof(ls_roadmap, event_count), ls_roadmap_event, event_id,
                   event_words},
    [CLI_RIGHT] = {"right", "a", "use", LS_H_RIGHT, offsetof(ls_roadmap, right_count), ls_roadmap_right, right_id,
                   right_words},
    [CLI_DISPUTE] = {"dispute procedure", "a", "dispute, settle", LS_H_DISPUTE, offsetof(ls_roadmap, dispute_count),
                     ls_roadmap_dispute, dispute_id, dispute_words},
    [CLI_INSPECTION] = {"inspection", "an", "draw, challenge, inspections", LS_H_INSPECTION,
                        offsetof(ls_roadmap, inspection_count), ls_roadmap_inspection, inspection_id, inspection_words},
};

ls_header cli_subject_header(cli_subject kind)
{
    return subjects[kind].header;
}

static size_t count_of(const ls_roadmap *m, cli_subject kind)
{
    size_t count;
    memcpy(&count, (const char *)m + subjects[kind].count, sizeof count);
    return count;
}

/* The accords that --accord leaves, of each the version in force; or one that is named by its id. */
static bool accord_fits(const cli *c, int accord)
{
    char hex[LS_HEX_HASH_SIZE];
    const ls_record *r = c->ws.record;
    const ls_accord *a = ls_record_accord(r, (size_t)accord);
    const char *wanted = cli_value(c, "accord");
    ls_hash_format(&a->id, hex);
    if (wanted != NULL && strlen(wanted) >= 6 && strncmp(hex, wanted, strlen(wanted)) == 0) {
        return true;
    }
    return ls_record_accord_in_force(r, accord) == accord &&
           (wanted == NULL || ls_bytes_is(a->roadmap->name, wanted) || strncmp(hex, wanted, strlen(wanted)) == 0);
}

/* Whether some accord has one of this name. */
static bool exists(cli *c, cli_subject kind, const char *name)
{
    for (size_t i = 0; i < ls_record_accord_count(c->ws.record); i++) {
        bool fits = accord_fits(c, (int)i);
        if (fits && subjects[kind].find(ls_record_accord(c->ws.record, i)->roadmap, ls_bytes_str(name)) >= 0) {
            return true;
        }
    }
    return false;
}

/* The name that comes nearest among all of the kind, or NULL. */
static const char *nearest(cli *c, cli_subject kind, const char *name)
{
    const ls_record *r = c->ws.record;
    size_t count = 0, room = 0;
    for (size_t i = 0; i < ls_record_accord_count(r); i++) {
        room += count_of(ls_record_accord(r, i)->roadmap, kind);
    }
    const char **names = ls_arena_array(&c->arena, room + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < ls_record_accord_count(r); i++) {
        const ls_roadmap *m = ls_record_accord(r, i)->roadmap;
        for (size_t k = 0; accord_fits(c, (int)i) && k < count_of(m, kind); k++) {
            names[count++] = cli_text(c, subjects[kind].id(m, k));
        }
    }
    return names == NULL ? NULL : ls_nearest(ls_bytes_str(name), names, count);
}

bool cli_subject_resembles(cli *c, cli_subject kind, const char *name)
{
    return nearest(c, kind, name) != NULL;
}

/* The likely mistake: something of another kind, or of nearly that name. */
static ls_result unknown_subject(cli *c, cli_subject kind, const char *name)
{
    for (cli_subject other = 0; other < CLI_SUBJECTS; other++) {
        if (other != kind && exists(c, other, name)) {
            ls_hint(&c->detail, "lockstep %s takes %s %s; for %s %s there are: %s", c->verb->name,
                    subjects[kind].article, subjects[kind].what, subjects[other].article, subjects[other].what,
                    subjects[other].verbs);
            return ls_fail_with(&ls_fault_usage, &c->detail, "%s is %s %s", name, subjects[other].article,
                                subjects[other].what);
        }
    }
    const char *near = nearest(c, kind, name);
    const char *where = kind == CLI_DISPUTE || kind == CLI_INSPECTION ? "accord show" : "status";
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s? lockstep %s lists them", near, where);
    } else {
        ls_hint(&c->detail, "lockstep %s lists them", where);
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "no accord has the %s %s", subjects[kind].what, name);
}

static ls_result several(cli *c)
{
    ls_hint(&c->detail, "say which: --accord NAME, or the beginning of its id");
    return ls_fail_with(&ls_fault_usage, &c->detail, "several accords fit");
}

ls_result cli_find_accord(cli *c, int *accord)
{
    size_t found = 0, count = ls_record_accord_count(c->ws.record);
    for (size_t i = 0; i < count; i++) {
        if (accord_fits(c, (int)i)) {
            *accord = (int)i;
            found++;
        }
    }
    if (count == 0) {
        ls_hint(&c->detail, "lockstep accord propose ROADMAP TEXT makes one");
        return ls_fail_with(&ls_fault_usage, &c->detail, "no accord is on the record yet");
    }
    if (found == 0) {
        ls_hint(&c->detail, "lockstep status names the accords");
        return ls_fail_with(&ls_fault_usage, &c->detail, "no accord has that name");
    }
    return found == 1 ? LS_SUCCESS : several(c);
}

ls_result cli_find_subject(cli *c, cli_subject kind, const char *name, int *accord, int *index)
{
    size_t found = 0, count = ls_record_accord_count(c->ws.record);
    for (size_t i = 0; i < count; i++) {
        int k = subjects[kind].find(ls_record_accord(c->ws.record, i)->roadmap, ls_bytes_str(name));
        if (k >= 0 && accord_fits(c, (int)i)) {
            *accord = (int)i;
            *index = k;
            found++;
        }
    }
    if (count == 0) {
        return cli_find_accord(c, accord);
    }
    if (found == 0) {
        return unknown_subject(c, kind, name);
    }
    return found == 1 ? LS_SUCCESS : several(c);
}

/* ": suspend large-scale exercises", for what an act names. */
const char *cli_subject_words(cli *c, const ls_act_draft *act)
{
    for (cli_subject kind = 0; kind < CLI_SUBJECTS; kind++) {
        int accord, index;
        const ls_buf *name = &act->value[subjects[kind].header];
        if (name->len > 0 && c->argument_count > 0 && ls_bytes_is(ls_buf_bytes(name), c->argument[0]) &&
            ls_succeeded(cli_find_subject(c, kind, c->argument[0], &accord, &index))) {
            const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)accord)->roadmap;
            return ls_arena_format(&c->arena, ": %s", cli_text(c, subjects[kind].words(m, (size_t)index)));
        }
    }
    return "";
}

ls_result cli_find_declared(cli *c, int *accord, const ls_declared **out)
{
    const char *name = cli_value(c, "declaration");
    const ls_charter *charter = ls_record_charter(c->ws.record);
    if (ls_workspace_party(&c->ws) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    LS_TRY(cli_find_accord(c, accord));
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)*accord)->roadmap;
    size_t found = 0;
    for (size_t i = 0; i < m->declaration_count; i++) {
        const ls_declared *d = &m->declarations[i];
        if (ls_bytes_equal(charter->party[d->by].name, c->ws.party) && (name == NULL || ls_bytes_is(d->name, name))) {
            *out = d;
            found++;
        }
    }
    if (found != 1) {
        ls_hint(&c->detail,
                found == 0 ? "lockstep accord show lists what each party declares" : "--declaration NAME says which");
        return ls_fail_with(&ls_fault_usage, &c->detail,
                            found == 0 ? "the accord has no such declaration by this party"
                                       : "several declarations fit");
    }
    return LS_SUCCESS;
}
