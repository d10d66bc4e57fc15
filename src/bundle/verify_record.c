/* Record bundles: a whole ledger up to a checkpoint, replayed. */
#include "bundle/drawing.h"
#include "bundle/verifier.h"

/* The entries of a record bundle: views, in order. */
typedef struct entries {
    ls_buf list; /* of ls_bytes */
    uint64_t count;
} entries;

static ls_bytes entry_at(const entries *e, uint64_t index)
{
    ls_bytes entry;
    memcpy(&entry, e->list.ptr + index * sizeof entry, sizeof entry);
    return entry;
}

/* Splits a tile of entries; false, with a finding, if it does not hold exactly `width`. */
static bool split_tile(ls_verifier *v, const char *name, ls_bytes tile, unsigned width, entries *e)
{
    ls_reader r = ls_reader_of(tile);
    for (unsigned i = 0; i < width; i++) {
        ls_bytes entry = ls_read_bytes(&r, ls_read_u16(&r));
        if (r.failed) {
            ls_report_add(v->report, LS_FINDING_FAILED, name, "it ends within entry %llu",
                          (unsigned long long)e->count);
            return false;
        }
        ls_buf_put(&e->list, &entry, sizeof entry);
        e->count++;
    }
    if (!ls_reader_done(&r)) {
        ls_report_add(v->report, LS_FINDING_FAILED, name, "more follows after entry %llu",
                      (unsigned long long)e->count - 1);
    }
    return ls_reader_done(&r);
}

/* Collects the entries below size; a checkpoint may claim any, so the tiles that are there set the pace. */
static bool collect(ls_verifier *v, uint64_t size, entries *e)
{
    for (uint64_t tile = 0; e->count < size; tile++) {
        char name[LS_TILE_PATH_SIZE];
        unsigned width = size - e->count < LS_TILE_WIDTH ? (unsigned)(size - e->count) : LS_TILE_WIDTH;
        ls_tile_path(LS_TILE_ENTRIES, tile, width, name);
        const ls_member *m = ls_verify_take(v, name);
        if (m == NULL) {
            ls_report_add(v->report, LS_FINDING_FAILED, name, "it is missing: the checkpoint covers %llu entries",
                          (unsigned long long)size);
            return false;
        }
        if (!split_tile(v, name, m->content, width, e)) {
            return false;
        }
    }
    return true;
}

static const char *subject_of(ls_verifier *v, const entries *e, uint64_t index)
{
    ls_act act;
    if (ls_succeeded(ls_act_parse(entry_at(e, index), false, &act, NULL))) {
        return ls_verify_subject(v, index, &act);
    }
    const char *subject = ls_arena_format(v->arena, "act %llu", (unsigned long long)index);
    return subject == NULL ? "act" : subject;
}

static void say_acceptable(ls_verifier *v, uint64_t count)
{
    ls_report_add(v->report, LS_FINDING_OK, "record",
                  "all %llu acts are acceptable where they stand, and signed by those they name",
                  (unsigned long long)count);
}

/* Replays as far as acts are acceptable. Where one is not, what follows can't be judged. */
static ls_result replay(ls_verifier *v, const entries *e, ls_record *record)
{
    for (uint64_t i = 0; i < e->count; i++) {
        ls_detail detail = {0};
        ls_result r = ls_record_append(record, entry_at(e, i), LS_CHECK_SIGNATURES, &detail);
        if (r.fault == &ls_fault_memory) {
            return r;
        }
        if (ls_failed(r)) {
            ls_report_add(v->report, LS_FINDING_FAILED, subject_of(v, e, i), "%s",
                          detail.text[0] != 0 ? detail.text : r.fault->sentence);
            return LS_SUCCESS;
        }
    }
    say_acceptable(v, e->count);
    return LS_SUCCESS;
}

/* Over the bytes as they are: independent of the replay. */
static void root_of(const entries *e, ls_hash *root)
{
    ls_merkle_frontier tree = {0};
    for (uint64_t i = 0; i < e->count; i++) {
        ls_hash leaf;
        ls_merkle_leaf(entry_at(e, i), &leaf);
        ls_merkle_append(&tree, &leaf);
    }
    ls_merkle_frontier_root(&tree, root);
}

static void check_root(ls_verifier *v, const ls_hash *root, const ls_checkpoint *c)
{
    if (ls_hash_equal(root, &c->root)) {
        ls_report_add(v->report, LS_FINDING_OK, "checkpoint", "signed by %s; the %llu entries lead to its root",
                      v->charter->ledger.name, (unsigned long long)c->size);
    } else {
        ls_report_add(v->report, LS_FINDING_FAILED, "checkpoint", "the %llu entries lead to another root",
                      (unsigned long long)c->size);
    }
}

static ls_result read_entry(void *context, uint64_t index, ls_bytes *note)
{
    *note = entry_at(context, index);
    return LS_SUCCESS;
}

/* Draws. */

/* As the record's own clock has it. */
static ls_result check_draws_of(ls_verifier *v, size_t accord, const ls_drawing_source *from)
{
    ls_facts said;
    ls_state_query query;
    ls_accord_state accord_state;
    ls_inspection_state state;
    ls_inspecteds facts = ls_record_inspecteds(from->record, accord);
    ls_time now = ls_record_time(from->record);
    ls_record_query(from->record, accord, now, now, &said, &query);
    LS_TRY(ls_state_eval(&query, v->arena, &accord_state));
    const ls_inspection_query q = {&query, &accord_state, &facts};
    LS_TRY(ls_inspection_eval(&q, v->arena, &state));
    for (size_t i = 0; i < state.draw_count; i++) {
        ls_drawing ignored;
        LS_TRY(ls_drawing_read(v->arena, from, &state.draw[i], v->report, &ignored));
    }
    return LS_SUCCESS;
}

static ls_result check_draws(ls_verifier *v, const ls_record *record, ls_entry_reader read, void *context)
{
    const ls_drawing_source from = {.record = record, .read = read, .context = context, .fetch = v->fetch};
    for (size_t i = 0; i < ls_record_accord_count(record); i++) {
        if (ls_record_accord_in_force(record, (int)i) == (int)i && ls_record_inspecteds(record, i).count > 0) {
            LS_TRY(check_draws_of(v, i, &from));
        }
    }
    return LS_SUCCESS;
}

/* Every act that was accepted, with what it carries; and what follows from them together. */
static ls_result check_contents(ls_verifier *v, const ls_record *record, ls_entry_reader read, void *context)
{
    v->record = record;
    for (size_t i = 0; i < ls_record_accord_count(record); i++) {
        const ls_accord *a = ls_record_accord(record, i);
        ls_known_accord *known = ls_arena_alloc(v->arena, sizeof *known);
        if (known == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        *known = (ls_known_accord){.next = v->accords, .id = a->id, .roadmap = a->roadmap};
        if (a->amends >= 0) {
            known->amends = ls_record_accord(record, (size_t)a->amends)->id;
        }
        v->accords = known;
    }
    for (uint64_t i = 0; i < ls_record_size(record); i++) {
        ls_bytes note;
        ls_act act;
        LS_TRY(read(context, i, &note));
        LS_TRY(ls_act_parse(note, false, &act, NULL));
        LS_TRY(ls_verify_act_content(v, i, &act));
    }
    ls_verify_attachments_summary(v);
    LS_TRY(ls_verify_contradictions(v));
    LS_TRY(ls_verify_histories(v, record, read, context));
    return check_draws(v, record, read, context);
}

/* Who vouches for the entries, and what they hold. count: of all that lead to the root, acceptable or not. */
static ls_result judge(ls_verifier *v, const ls_replayed *x, uint64_t count)
{
    ls_checkpoint c;
    LS_TRY(ls_verify_charter(v, ls_record_process(x->record), ls_record_charter_json(x->record)));
    v->charter = ls_record_watched(x->record); /* with the keys and the ledger that are in force at the end */
    if (ls_verify_checkpoint(v, x->checkpoint, &c)) {
        if (c.size == count) {
            check_root(v, &x->root, &c);
        } else {
            ls_report_add(v->report, LS_FINDING_FAILED, "checkpoint", "it covers %llu entries, and there are %llu",
                          (unsigned long long)c.size, (unsigned long long)count);
        }
    }
    return check_contents(v, x->record, x->read, x->context);
}

static ls_result verify_entries(ls_verifier *v, entries *e, ls_record *record, ls_bytes checkpoint)
{
    ls_replayed x = {.record = record, .read = read_entry, .context = e, .checkpoint = checkpoint};
    LS_TRY(replay(v, e, record));
    if (ls_record_size(record) == 0) {
        return LS_SUCCESS;
    }
    root_of(e, &x.root);
    return judge(v, &x, e->count);
}

ls_result ls_verify_replayed(ls_arena *arena, const ls_replayed *replayed, const ls_hash *charter, ls_report *report)
{
    ls_verifier v;
    *report = (ls_report){.arena = arena};
    ls_verifier_start(&v, arena, report);
    v.anchor = charter;
    v.fetch = replayed->fetch;
    if (ls_record_size(replayed->record) == 0) {
        ls_report_add(report, LS_FINDING_FAILED, "record", "there is no entry, not even a charter");
    } else {
        say_acceptable(&v, ls_record_size(replayed->record));
        LS_TRY(judge(&v, replayed, ls_record_size(replayed->record)));
    }
    return report->lost ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* How many entries the checkpoint claims; false, with a finding, if it is none. */
static bool claimed_size(ls_verifier *v, const ls_member *checkpoint, uint64_t *size)
{
    ls_note note;
    ls_checkpoint c;
    if (checkpoint == NULL || ls_failed(ls_note_parse(checkpoint->content, &note)) ||
        ls_failed(ls_checkpoint_parse(note.text, &c))) {
        ls_report_add(v->report, LS_FINDING_FAILED, "checkpoint",
                      checkpoint == NULL ? "it is missing" : "it is not a signed checkpoint");
        return false;
    }
    if (c.size == 0) {
        ls_report_add(v->report, LS_FINDING_FAILED, "checkpoint", "it covers no entry, not even a charter");
    }
    *size = c.size;
    return c.size > 0;
}

ls_result ls_verify_record(ls_verifier *v)
{
    const ls_member *checkpoint = ls_verify_take(v, "checkpoint");
    uint64_t size;
    entries e = {0};
    ls_result r = LS_SUCCESS;
    if (!claimed_size(v, checkpoint, &size)) {
        return LS_SUCCESS;
    }
    if (collect(v, size, &e)) {
        r = e.list.failed ? ls_fail(&ls_fault_memory) : ls_record_new(v->fetch, &v->owned);
    }
    if (ls_succeeded(r) && v->owned != NULL) {
        r = verify_entries(v, &e, v->owned, checkpoint->content);
    }
    ls_buf_free(&e.list);
    return r;
}

ls_result ls_verify_attachments(ls_arena *arena, const ls_record *record, ls_entry_reader read, void *read_context,
                                ls_fetch fetch, ls_verified_row sink, void *context, ls_report *report)
{
    ls_verifier v;
    ls_verifier_start(&v, arena, report);
    v.charter = ls_record_charter(record);
    v.fetch = fetch;
    LS_TRY(check_contents(&v, record, read, read_context));
    LS_TRY(ls_verify_give_rows(&v, sink, context));
    return report->lost ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}
