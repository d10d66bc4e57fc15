#include "portal/acts.h"

#define NONE LS_NO_ENTRY

static bool allocate(ls_portal_acts *a, ls_arena *arena)
{
    size_t n = (size_t)a->size + 1;
    for (unsigned level = 0; level < 64 && a->size >> level > 0; level++) {
        a->node[level] = ls_arena_array(arena, (size_t)(a->size >> level), sizeof(ls_hash));
    }
    a->about = ls_arena_array(arena, n, sizeof *a->about);
    a->next = ls_arena_array(arena, n, sizeof *a->next);
    a->first = ls_arena_array(arena, n, sizeof *a->first);
    a->stamp = ls_arena_array(arena, n, sizeof *a->stamp);
    a->listed = ls_arena_array(arena, n, sizeof *a->listed);
    if (arena->failed || a->about == NULL || a->next == NULL || a->first == NULL || a->stamp == NULL ||
        a->listed == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        a->about[i] = a->next[i] = a->first[i] = a->stamp[i] = NONE;
    }
    return true;
}

/* A stamp's text is the checkpoint that it speaks of. */
static bool covered_size(const ls_act *stamp, uint64_t *size)
{
    ls_note note;
    ls_checkpoint c;
    if (ls_failed(ls_note_parse(stamp->text, &note)) || ls_failed(ls_checkpoint_parse(note.text, &c))) {
        return false;
    }
    *size = c.size;
    return true;
}

typedef struct reading {
    const ls_portal *p;
    ls_portal_acts *a;
    ls_act *act;      /* of the moment */
    uint32_t *last;   /* of each act: the last that is about it so far */
    uint64_t covered; /* entries that a stamp covers */
} reading;

static void read_act(reading *x, uint32_t index)
{
    uint64_t size, ref;
    ls_portal_acts *a = x->a;
    if (x->act->shape == LS_SHAPE_STAMP && covered_size(x->act, &size)) {
        for (; x->covered < size && x->covered < a->size; x->covered++) {
            a->stamp[x->covered] = index;
        }
    }
    if (x->act->shape != LS_SHAPE_STAMP) {
        a->listed[a->listed_count++] = index;
    }
    if (x->act->has[LS_H_REF] && ls_record_find(x->p->record, &x->act->ref, &ref) && ref < a->size) {
        uint32_t before = x->last[ref];
        a->about[index] = (uint32_t)ref;
        *(before == NONE ? &a->first[ref] : &a->next[before]) = index;
        x->last[ref] = index;
    }
}

static ls_result read_note(reading *x, uint32_t index)
{
    ls_arena scratch = {0};
    ls_bytes note;
    ls_result r = x->p->source.note(x->p->source.context, index, &scratch, &note);
    if (ls_succeeded(r)) {
        ls_merkle_leaf(note, &x->a->node[0][index]);
        r = ls_act_parse(note, false, x->act, NULL);
    }
    if (ls_succeeded(r)) {
        read_act(x, index);
    }
    ls_arena_free(&scratch);
    return r;
}

static void build_tree(ls_portal_acts *a)
{
    for (unsigned level = 1; level < 64 && a->size >> level > 0; level++) {
        ls_merkle_nodes(a->node[level - 1], (size_t)(a->size >> level), a->node[level]);
    }
}

ls_result ls_portal_acts_read(const ls_portal *p, ls_arena *arena, const ls_portal_acts **out)
{
    ls_arena scratch = {0};
    ls_portal_acts *a = ls_arena_alloc(arena, sizeof *a);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    a->size = ls_record_size(p->record);
    reading x = {.p = p, .a = a};
    x.act = ls_arena_alloc(&scratch, sizeof *x.act);
    x.last = ls_arena_array(&scratch, (size_t)a->size + 1, sizeof *x.last);
    ls_result r = x.act != NULL && x.last != NULL && allocate(a, arena) ? LS_SUCCESS : ls_fail(&ls_fault_memory);
    for (uint64_t i = 0; ls_succeeded(r) && i < a->size; i++) {
        x.last[i] = NONE;
    }
    for (uint64_t i = 0; ls_succeeded(r) && i < a->size; i++) {
        r = read_note(&x, (uint32_t)i);
    }
    if (ls_succeeded(r)) {
        build_tree(a);
        *out = a;
    }
    ls_arena_free(&scratch);
    return r;
}

/* Contests. */

static bool has_effect(const ls_portal *p, uint32_t index)
{
    ls_record_entry e = ls_record_at(p->record, index);
    return !e.lapsed && !e.annulled && (e.time == LS_TIME_OPEN || e.time <= p->known);
}

static bool has_one_about(const ls_portal *p, uint64_t index, const char *kind,
                          bool (*but)(const ls_portal *, uint64_t))
{
    for (uint32_t i = p->acts->first[index]; i != NONE; i = p->acts->next[i]) {
        if (ls_bytes_is(ls_record_at(p->record, i).kind, kind) && has_effect(p, i) && (but == NULL || !but(p, i))) {
            return true;
        }
    }
    return false;
}

static bool is_withdrawn(const ls_portal *p, uint64_t index)
{
    return has_one_about(p, index, "withdraw", NULL);
}

bool ls_portal_acts_contested(const ls_portal *p, uint64_t index)
{
    return has_one_about(p, index, "contest", is_withdrawn);
}

/* Proofs. */

static ls_result read_node(void *acts, unsigned level, uint64_t index, ls_hash *out)
{
    const ls_portal_acts *a = acts;
    if (level >= 64 || index >= a->size >> level) {
        return ls_fail(&ls_fault_merkle_form);
    }
    *out = a->node[level][index];
    return LS_SUCCESS;
}

/* The checkpoint in the stamp, or the final one. */
static ls_result checkpoint_of(const ls_portal *p, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    uint32_t stamp = p->acts->stamp[index];
    if (stamp == NONE) {
        *out = p->checkpoint;
        return LS_SUCCESS;
    }
    ls_bytes note;
    ls_act *act = ls_arena_alloc(arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(p->source.note(p->source.context, stamp, arena, &note));
    LS_TRY(ls_act_parse(note, false, act, NULL));
    *out = act->text;
    return LS_SUCCESS;
}

/* The act itself, in the data that the format leaves to applications. */
static ls_result take_note(const ls_portal *p, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    ls_bytes note;
    ls_buf text = {0};
    LS_TRY(p->source.note(p->source.context, index, arena, &note));
    ls_buf_put_base64(&text, note);
    char *kept = text.failed ? NULL : ls_arena_str(arena, ls_buf_bytes(&text));
    ls_buf_free(&text);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = ls_bytes_str(kept);
    return LS_SUCCESS;
}

ls_result ls_portal_acts_prove(const ls_portal *p, uint64_t index, bool whole, ls_arena *arena, ls_buf *out)
{
    ls_note note;
    ls_checkpoint c;
    ls_portal_acts *nodes = ls_arena_alloc(arena, sizeof *nodes); /* the reader takes no const */
    ls_tlog_proof *proof = ls_arena_alloc(arena, sizeof *proof);
    if (nodes == NULL || proof == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *nodes = *p->acts;
    *proof = (ls_tlog_proof){.index = index};
    LS_TRY(whole ? take_note(p, index, arena, &proof->extra) : LS_SUCCESS);
    LS_TRY(checkpoint_of(p, index, arena, &proof->checkpoint));
    LS_TRY(ls_note_parse(proof->checkpoint, &note));
    LS_TRY(ls_checkpoint_parse(note.text, &c));
    LS_TRY(ls_merkle_prove_inclusion(index, c.size, read_node, nodes, proof->proof, &proof->count));
    ls_tlog_proof_format(proof, out);
    return ls_buf_check(out);
}
