/* What was broken, as claims: split views, entries that may not be there, forked chains, cosigners ahead of their
 * clocks. */
#include "audit/internal.h"
#include <stdio.h>

typedef unsigned long long ull;

/* Split views. */

typedef struct pair {
    const head *first, *second; /* the smaller first */
    ls_hash node[LS_MERKLE_PROOF_MAX];
    size_t node_count; /* 0: of one size */
} pair;

/* Fills in the nodes; false if the two don't contradict each other, as far as can be shown. */
static ls_result contradict(pair *p, bool *proven)
{
    const head *a = p->first, *b = p->second;
    ls_hash old, new;
    *proven = false;
    p->node_count = 0;
    if (a->checkpoint.size == b->checkpoint.size) {
        *proven = !ls_hash_equal(&a->checkpoint.root, &b->checkpoint.root);
        return LS_SUCCESS;
    }
    if (b->home != NULL) {
        LS_TRY(ls_merkle_consistency_nodes(a->checkpoint.size, b->checkpoint.size, ls_merkle_read_leaves, b->home->leaf,
                                           p->node, &p->node_count));
    } else if (b->old == a->checkpoint.size && b->node_count > 0) {
        p->node_count = b->node_count;
        memcpy(p->node, b->node, b->node_count * sizeof *b->node);
    } else {
        return LS_SUCCESS;
    }
    *proven = ls_succeeded(ls_merkle_consistency_roots(a->checkpoint.size, b->checkpoint.size, p->node, p->node_count,
                                                       &old, &new)) &&
              ls_hash_equal(&new, &b->checkpoint.root) && !ls_hash_equal(&old, &a->checkpoint.root);
    return LS_SUCCESS;
}

/* An entry with its proof under a head. */
static ls_result put_entry_proof(audit *a, const head *h, uint64_t index, const char *part)
{
    ls_buf note = {0}, extra = {0}, file = {0};
    ls_tlog_proof proof = {.index = index, .checkpoint = h->note};
    ls_result r = ls_source_entry(h->home->source, index, &note, a->detail);
    if (ls_succeeded(r)) {
        r = ls_merkle_prove_inclusion(index, h->checkpoint.size, ls_merkle_read_leaves, h->home->leaf, proof.proof,
                                      &proof.count);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_base64(&extra, ls_buf_bytes(&note));
        proof.extra = ls_buf_bytes(&extra);
        ls_tlog_proof_format(&proof, &file);
        r = ls_audit_put(a, part, ls_buf_bytes(&file));
    }
    ls_buf_free(&note);
    ls_buf_free(&extra);
    ls_buf_free(&file);
    return r;
}

/* Entries that both histories have at their beginning: at most those under the smaller checkpoint, and so many if a
 * history is not at hand. */
static uint64_t common_entries(const pair *p)
{
    const view *v = p->first->home, *w = p->second->home;
    uint64_t i = 0, size = p->first->checkpoint.size;
    if (v == NULL || w == NULL) {
        return size;
    }
    while (i < size && ls_hash_equal(&v->leaf[i], &w->leaf[i])) {
        i++;
    }
    return i;
}

/* Where both histories are at hand: the first entry in which they differ. */
static ls_result put_difference(audit *a, const pair *p)
{
    uint64_t i = common_entries(p);
    if (i == p->first->checkpoint.size) {
        return LS_SUCCESS;
    }
    LS_TRY(put_entry_proof(a, p->first, i, "first.tlog-proof"));
    return put_entry_proof(a, p->second, i, "second.tlog-proof");
}

/* The entries that a third person has to replay to know the ledger, and by which keys and policy it is watched: none if
 * the charter says so. */
static const view *needed_history(const audit *a, const pair *p, uint64_t *size)
{
    const known_ledger *ledger = &a->ledger[p->first->ledger];
    const view *home = p->first->home != NULL ? p->first->home : p->second->home;
    const view *needed = p->first->ledger > 0 ? ledger->history : NULL;
    uint64_t common = common_entries(p), changed;
    *size = needed != NULL ? ledger->since : 0;
    for (size_t at = 0; home != NULL && at < home->keys.len; at += sizeof changed) {
        memcpy(&changed, home->keys.ptr + at, sizeof changed);
        if (changed <= common && changed > *size) {
            *size = changed;
            needed = home;
        }
    }
    return needed;
}

static ls_result claim_split_view(audit *a, const pair *p)
{
    ls_claim claim = {.kind = LS_CLAIM_SPLIT_VIEW};
    const view *history = needed_history(a, p, &claim.size);
    LS_TRY(ls_audit_begin_claim(a, &claim, history));
    LS_TRY(ls_audit_put(a, "first", p->first->note));
    LS_TRY(ls_audit_put(a, "second", p->second->note));
    if (p->node_count > 0) {
        ls_buf nodes = {0};
        ls_nodes_format(p->node, p->node_count, &nodes);
        ls_result r = ls_audit_put(a, "nodes", ls_buf_bytes(&nodes));
        ls_buf_free(&nodes);
        LS_TRY(r);
    }
    ls_report_add(a->report, LS_FINDING_NOTE, p->first->from,
                  "its checkpoint of %llu entries contradicts that of %llu in %s", (ull)p->first->checkpoint.size,
                  (ull)p->second->checkpoint.size, p->second->from);
    return put_difference(a, p);
}

/* One claim for two histories is enough. */
static bool is_told(const pair *told, size_t count, const pair *p)
{
    for (size_t i = 0; i < count; i++) {
        const head *a = told[i].first, *b = told[i].second;
        bool same = a->home == p->first->home && b->home == p->second->home;
        bool crossed = a->home == p->second->home && b->home == p->first->home;
        if ((same || crossed) && a->home != NULL && b->home != NULL) {
            return true;
        }
    }
    return false;
}

/* Pairs where both histories are at hand come first, as they show most. */
static ls_result find_split_views(audit *a, pair *told, size_t cap, bool whole, size_t *count)
{
    for (size_t i = 0; i < a->head_count; i++) {
        for (size_t j = i + 1; j < a->head_count && *count < cap; j++) {
            const head *x = &a->head[i], *y = &a->head[j];
            bool swap = y->checkpoint.size < x->checkpoint.size, proven;
            pair *p = &told[*count];
            *p = (pair){.first = swap ? y : x, .second = swap ? x : y};
            bool both = x->home != NULL && y->home != NULL;
            if (x->ledger < 0 || x->ledger != y->ledger || both != whole || is_told(told, *count, p)) {
                continue;
            }
            LS_TRY(contradict(p, &proven));
            if (proven) {
                LS_TRY(claim_split_view(a, p));
                (*count)++;
            }
        }
    }
    return LS_SUCCESS;
}

#define SPLIT_VIEWS_MAX 8

static ls_result claim_split_views(audit *a)
{
    pair *told = ls_arena_array(a->arena, SPLIT_VIEWS_MAX + 1, sizeof *told);
    size_t count = 0;
    if (told == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(find_split_views(a, told, SPLIT_VIEWS_MAX, true, &count));
    return find_split_views(a, told, SPLIT_VIEWS_MAX, false, &count);
}

/* Entries that may not be where they are. */

static const head *smallest_over(const audit *a, const view *v, uint64_t index)
{
    const head *found = NULL;
    for (size_t i = 0; i < a->head_count; i++) {
        const head *h = &a->head[i];
        if (h->ledger >= 0 && h->home == v && h->checkpoint.size > index &&
            (found == NULL || h->checkpoint.size < found->checkpoint.size)) {
            found = h;
        }
    }
    return found;
}

static ls_result claim_entry(audit *a, const view *v)
{
    uint64_t index = v->accepted;
    const head *h = smallest_over(a, v, index);
    if (h == NULL || !v->refused || index == 0) {
        ls_report_add(a->report, LS_FINDING_FAILED, v->source->name, "entry %llu: %s%s", (ull)index, v->refusal,
                      h == NULL ? ". No signed checkpoint covers it, so this proves nothing against the host" : "");
        return LS_SUCCESS;
    }
    const ls_claim claim = {.kind = LS_CLAIM_ENTRY, .size = index, .index = index};
    LS_TRY(ls_audit_begin_claim(a, &claim, v));
    LS_TRY(ls_audit_put(a, "checkpoint", h->note));
    if (h->checkpoint.size == index + 1) {
        return LS_SUCCESS;
    }
    ls_hash node[LS_MERKLE_PROOF_MAX];
    size_t count;
    ls_buf nodes = {0};
    LS_TRY(ls_merkle_consistency_nodes(index + 1, h->checkpoint.size, ls_merkle_read_leaves, v->leaf, node, &count));
    ls_nodes_format(node, count, &nodes);
    ls_result r = ls_audit_put(a, "nodes", ls_buf_bytes(&nodes));
    ls_buf_free(&nodes);
    return r;
}

/* Forked chains. */

/* The place of an act of the same party with the same number, below the head of this one; false if there is none. */
static bool find_earlier(const view *v, const ls_act *act, uint64_t *index)
{
    const ls_charter *c = v->charter;
    const ls_party *by = ls_charter_party(c, act->by.name[0]);
    for (size_t at = 0; by != NULL && at < v->acts.len; at += sizeof(chained)) {
        chained x;
        memcpy(&x, v->acts.ptr + at, sizeof x);
        if (x.by == (size_t)(by - c->party) && x.seq == act->seq && x.index < act->head_size) {
            *index = x.index;
            return !ls_hash_equal(&x.id, &act->id);
        }
    }
    return false;
}

static bool fork_told(const loose_act *acts, size_t count, const ls_act *act)
{
    for (size_t i = 0; i < count; i++) {
        if (ls_hash_equal(&acts[i].act->id, &act->id)) {
            return true;
        }
    }
    return false;
}

static ls_result claim_fork(audit *a, const loose_act *x)
{
    const ls_act *act = x->act;
    for (size_t i = 0; act->shape == LS_SHAPE_CHAINED && i < a->view_count; i++) {
        const view *v = &a->view[i];
        uint64_t index;
        ls_hash root;
        if (v->foreign || v->same != NULL || v->charter == NULL || v->accepted < act->head_size ||
            act->head_size == 0) {
            continue;
        }
        ls_audit_root(v, act->head_size, &root);
        if (!ls_hash_equal(&root, &act->head_root) || !find_earlier(v, act, &index)) {
            continue;
        }
        const ls_claim claim = {.kind = LS_CLAIM_FORK, .size = act->head_size, .index = index};
        ls_report_add(a->report, LS_FINDING_NOTE, x->from, "it holds another act with the number of entry %llu",
                      (ull)index);
        LS_TRY(ls_audit_begin_claim(a, &claim, v));
        return ls_audit_put(a, "act", x->note);
    }
    return LS_SUCCESS;
}

/* An entry that was refused may be the second act of a fork. */
static ls_result take_refused(audit *a, const view *v)
{
    ls_buf note = {0};
    ls_act *act = ls_arena_alloc(a->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = ls_source_entry(v->source, v->accepted, &note, a->detail);
    char *kept = ls_succeeded(r) ? ls_arena_str(a->arena, ls_buf_bytes(&note)) : NULL;
    if (kept != NULL && a->act_count < LS_AUDIT_THINGS_MAX &&
        ls_succeeded(ls_act_parse(ls_bytes_of(kept, note.len), false, act, NULL))) {
        a->act[a->act_count++] = (loose_act){v->source->name, ls_bytes_of(kept, note.len), act};
    }
    ls_buf_free(&note);
    return r;
}

static ls_result claim_forks(audit *a)
{
    for (size_t i = 0; i < a->act_count; i++) {
        const ls_act *act = a->act[i].act;
        if (!fork_told(a->act, i, act) && ls_hash_equal(&act->process, &a->process)) {
            LS_TRY(claim_fork(a, &a->act[i]));
        }
    }
    return LS_SUCCESS;
}

/* Cosigners ahead of their clocks. */

/* The record's time when it had so many entries. */
static ls_time time_at(const view *v, uint64_t size)
{
    ls_time t = 0;
    for (size_t at = 0; at < v->stamps.len; at += sizeof(stamped)) {
        stamped x;
        memcpy(&x, v->stamps.ptr + at, sizeof x);
        if (x.index >= size) {
            break;
        }
        t = x.time;
    }
    return t;
}

static ls_result look_ahead(audit *a, const view *v, uint64_t size, ls_bytes note, uint32_t *told)
{
    const ls_charter *c = v->charter;
    ls_finality f;
    ls_time now = time_at(v, size);
    if (ls_failed(ls_checkpoint_judge(c, note, NULL, &f, NULL))) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        uint32_t bit = UINT32_C(1) << i;
        if ((f.witnesses & bit) == 0 || (*told & bit) != 0 || now - f.time[i] <= LS_STAMP_AHEAD + LS_EVIDENCE_MARGIN) {
            continue;
        }
        const ls_claim claim = {.kind = LS_CLAIM_AHEAD, .size = size, .cosigner = c->policy.witness[i].name};
        *told |= bit;
        LS_TRY(ls_audit_begin_claim(a, &claim, v));
        LS_TRY(ls_audit_put(a, "checkpoint", note));
    }
    return LS_SUCCESS;
}

static ls_result claim_ahead(audit *a, const view *v)
{
    uint32_t told = 0;
    if (v->stamps.len == 0 || v->charter->exercise) {
        return LS_SUCCESS;
    }
    for (size_t at = 0; at < v->stamps.len; at += sizeof(stamped)) {
        stamped x;
        memcpy(&x, v->stamps.ptr + at, sizeof x);
        LS_TRY(look_ahead(a, v, x.size, x.note, &told));
    }
    for (size_t i = 0; i < a->head_count; i++) {
        const head *h = &a->head[i];
        if (h->home == v && h->ledger >= 0 && h->checkpoint.size <= v->accepted) {
            LS_TRY(look_ahead(a, v, h->checkpoint.size, h->note, &told));
        }
    }
    return LS_SUCCESS;
}

ls_result ls_audit_claim(audit *a)
{
    LS_TRY(claim_split_views(a));
    for (size_t i = 0; i < a->view_count; i++) {
        const view *v = &a->view[i];
        if (!v->foreign && v->same == NULL && v->refusal[0] != '\0') {
            LS_TRY(claim_entry(a, v));
            LS_TRY(take_refused(a, v));
        }
    }
    LS_TRY(claim_forks(a));
    for (size_t i = 0; i < a->view_count; i++) {
        if (!a->view[i].foreign && a->view[i].same == NULL) {
            LS_TRY(claim_ahead(a, &a->view[i]));
        }
    }
    return ls_audit_omissions(a);
}
