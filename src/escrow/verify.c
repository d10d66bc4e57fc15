/* What one part of an opening proves. Every check of the protocol's list stands here, in the order of its verdicts. */
#include "escrow/hasher.h"
#include "escrow/row.h"
#include "escrow/seal.h"
#include <stdlib.h>

static void judge(ls_opening_report *report, ls_verdict verdict, const char *reason)
{
    report->verdict = verdict;
    report->reason = reason;
}

/* Why a part's leaf is none of this declaration's, or NULL. */
static const char *foreign(const ls_opening_part *p, const ls_declaration *d, ls_tranche_leaf *leaf)
{
    if (!ls_hash_equal(&p->context, &d->context)) {
        return "the opening names another declaration";
    }
    if (!ls_tranche_leaf_parse(p->leaf, leaf)) {
        return "the tranche's leaf is malformed";
    }
    if (!ls_hash_equal(&leaf->context, &d->context)) {
        return "the tranche's leaf belongs to another declaration";
    }
    if (leaf->tranche != p->tranche || leaf->tranche == 0) {
        return "the tranche's leaf belongs to another tranche";
    }
    if (leaf->tranches != d->tranches || leaf->tranche > d->tranches) {
        return "the tranche's leaf gives another number of tranches";
    }
    if (leaf->fields != d->fields) {
        return "the tranche's leaf gives another number of fields";
    }
    ls_hash hash;
    ls_merkle_leaf(p->leaf, &hash);
    if (ls_failed(
            ls_merkle_verify_inclusion(&hash, leaf->tranche - 1, leaf->tranches, p->path, p->path_count, &d->root))) {
        return "the tranche's leaf is not under the declaration's root";
    }
    return NULL;
}

/* Collects what is known of the rows of a tranche while they pass. */
typedef struct tranche_pass {
    ls_hasher *hasher;
    ls_opened_field *fields;
    uint32_t field_count, tranche;
    ls_row_sink sink;
    void *context;
} tranche_pass;

static ls_result pass_row(const tranche_pass *t, uint64_t row, const ls_bytes *values, bool *blank)
{
    LS_TRY(ls_hasher_row(t->hasher, values, NULL));
    size_t bytes = 0;
    for (uint32_t f = 0; f < t->field_count; f++) {
        t->fields[f] = (ls_opened_field){true, values[f]};
        bytes += values[f].len;
    }
    *blank = bytes == 0;
    return t->sink ? t->sink(t->context, t->tranche, row, t->fields) : LS_SUCCESS;
}

static ls_result pass_rows(const tranche_pass *t, ls_sealed_rows *rows, ls_opening_report *report, const char **wrong)
{
    for (;;) {
        const ls_bytes *values;
        bool blank;
        LS_TRY(ls_sealed_rows_next(rows, &values, wrong));
        if (*wrong || !values) {
            return LS_SUCCESS;
        }
        LS_TRY(pass_row(t, report->rows, values, &blank));
        report->rows++;
        report->blank += blank;
    }
}

/* Reads the sealed rows against the leaf; *wrong tells what proves the declaration false, or is NULL. */
static ls_result check_rows(const ls_opening_part *p, const ls_declaration *d, const ls_tranche_leaf *leaf,
                            const ls_tranche_keys *keys, ls_row_sink sink, void *context, ls_opening_report *report,
                            const char **wrong)
{
    ls_sealed_rows *rows = NULL;
    tranche_pass t = {.field_count = leaf->fields, .tranche = leaf->tranche, .sink = sink, .context = context};
    ls_hash root;
    ls_result r = ls_sealed_rows_open(keys->seal, p->sealed, leaf->rows, d->row_bytes, leaf->fields, &rows, wrong);
    if (ls_failed(r) || *wrong) {
        return r;
    }
    t.fields = calloc(leaf->fields, sizeof *t.fields);
    r = t.fields ? ls_hasher_open(keys, leaf->rows, leaf->fields, NULL, &t.hasher) : ls_fail(&ls_fault_memory);
    if (ls_succeeded(r)) {
        r = pass_rows(&t, rows, report, wrong);
    }
    if (ls_succeeded(r) && !*wrong) {
        r = ls_hasher_finish(t.hasher, &root, NULL);
        if (ls_succeeded(r) && !ls_hash_equal(&root, &leaf->root)) {
            *wrong = "the rows are not those that were committed to";
        }
    }
    ls_hasher_free(t.hasher);
    ls_sealed_rows_free(rows);
    free(t.fields);
    return r;
}

/* What the leaf says of itself and can't be. */
static const char *impossible(const ls_tranche_leaf *leaf, uint64_t sealed_size)
{
    if (leaf->sealed_size != sealed_size) {
        return "the leaf gives another size of the sealed rows";
    }
    if (leaf->fields == 0 || leaf->rows > LS_TRANCHE_VALUES_MAX / leaf->fields) {
        return "the leaf gives more rows than there are salts for";
    }
    return NULL;
}

/* Key and bytes first: only when both are the declarer's own can anyone be called a liar. */
static ls_result verify_tranche(const ls_opening_part *p, const ls_declaration *d, const ls_tranche_leaf *leaf,
                                ls_row_sink sink, void *context, ls_opening_report *report)
{
    ls_tranche_keys keys;
    ls_hash sealed;
    ls_tranche_keys_derive(&d->context, leaf->tranche, p->key, &keys);
    if (!ls_hash_equal(&keys.check, &leaf->check)) {
        judge(report, LS_NOT_AN_OPENING, "the key is not the tranche's");
        return LS_SUCCESS;
    }
    ls_sha256_hash(p->sealed, &sealed);
    if (!ls_hash_equal(&sealed, &leaf->sealed_hash)) {
        judge(report, LS_NOT_AN_OPENING, "the sealed rows are not the tranche's");
        return LS_SUCCESS;
    }
    /* From here on the bytes are the declarer's own, and whatever does not fit is the declarer's lie. */
    const char *wrong = impossible(leaf, p->sealed.len);
    ls_result r = wrong ? LS_SUCCESS : check_rows(p, d, leaf, &keys, sink, context, report, &wrong);
    ls_wipe(&keys, sizeof keys);
    judge(report, wrong ? LS_FALSE_DECLARATION : LS_OPENED, wrong ? wrong : "");
    return r;
}

/* Reads all rows: numbers and leaves. False if the rows are not in order or not all of this tranche. */
static bool read_rows(ls_reader *r, ls_row_pass *p, uint64_t count, uint64_t limit, uint64_t *numbers, ls_hash *leaves,
                      bool *text)
{
    for (uint64_t i = 0; i < count; i++) {
        ls_row_read(r, p);
        if (r->failed || p->row >= limit || (i > 0 && p->row <= numbers[i - 1])) {
            return false;
        }
        numbers[i] = p->row;
        ls_row_leaf(p, &leaves[i]);
        *text = *text && p->text;
    }
    return true;
}

static ls_result give_rows(const ls_opening_part *part, ls_row_pass *p, ls_row_sink sink, void *context,
                           ls_opening_report *report)
{
    ls_reader r = ls_reader_of(part->body);
    for (uint64_t i = 0; i < part->rows; i++) {
        ls_row_read(&r, p);
        report->rows++;
        report->blank += p->blank;
        if (sink) {
            LS_TRY(sink(context, part->tranche, p->row, p->fields));
        }
    }
    return LS_SUCCESS;
}

/* The verdict over the rows of a part; rows go to the sink only once they are proved. */
static ls_result judge_rows(const ls_opening_part *part, const ls_tranche_leaf *leaf, ls_row_pass *p, uint64_t *numbers,
                            ls_hash *leaves, ls_row_sink sink, void *context, ls_opening_report *report)
{
    ls_reader r = ls_reader_of(part->body);
    bool text = true;
    if (!read_rows(&r, p, part->rows, leaf->rows, numbers, leaves, &text)) {
        judge(report, LS_NOT_AN_OPENING, "the rows' numbers are out of order or beyond the tranche");
        return LS_SUCCESS;
    }
    uint32_t hashes = ls_read_u32(&r);
    ls_bytes proof = ls_read_bytes(&r, (uint64_t)hashes * LS_HASH_SIZE);
    if (!ls_reader_done(&r) || ls_failed(ls_merkle_verify_multi(numbers, leaves, (size_t)part->rows, leaf->rows,
                                                                (const ls_hash *)proof.ptr, hashes, &leaf->root))) {
        judge(report, LS_NOT_AN_OPENING, "the rows are not under the tranche's root");
        return LS_SUCCESS;
    }
    if (!text) {
        judge(report, LS_FALSE_DECLARATION, "a value is not UTF-8");
        return LS_SUCCESS;
    }
    return give_rows(part, p, sink, context, report);
}

static ls_result verify_rows(const ls_opening_part *part, const ls_declaration *d, const ls_tranche_leaf *leaf,
                             ls_row_sink sink, void *context, ls_opening_report *report)
{
    /* Each row takes at least its number's eight bytes: more rows than that can't be there. */
    if (part->rows == 0 || part->rows > part->body.len / sizeof(uint64_t)) {
        judge(report, LS_NOT_AN_OPENING, "the opening holds no rows");
        return LS_SUCCESS;
    }
    ls_row_pass p = {.field_count = leaf->fields};
    ls_hash tranche;
    ls_tranche_context(&d->context, leaf->tranche, &tranche);
    ls_field_prefix(&tranche, &p.prefix);
    p.fields = calloc(leaf->fields, sizeof *p.fields);
    p.commitments = calloc(leaf->fields, sizeof *p.commitments);
    uint64_t *numbers = calloc((size_t)part->rows, sizeof *numbers);
    ls_hash *leaves = calloc((size_t)part->rows, sizeof *leaves);
    ls_result r = ls_fail(&ls_fault_memory);
    if (p.fields && p.commitments && numbers && leaves) {
        r = judge_rows(part, leaf, &p, numbers, leaves, sink, context, report);
    }
    free(p.fields);
    free(p.commitments);
    free(numbers);
    free(leaves);
    return r;
}

ls_result ls_opening_verify(const ls_opening_part *part, const ls_declaration *d, ls_row_sink sink, void *context,
                            ls_opening_report *report)
{
    ls_opening_report found = {.verdict = LS_OPENED, .reason = "", .tranche = part->tranche};
    ls_tranche_leaf leaf;
    const char *reason = foreign(part, d, &leaf);
    if (reason) {
        judge(&found, LS_NOT_THIS_DECLARATION, reason);
    } else if (leaf.fields == 0) {
        judge(&found, LS_NOT_THIS_DECLARATION, "the declaration has no fields");
    } else if (part->kind == LS_OPENING_TRANCHE) {
        LS_TRY(verify_tranche(part, d, &leaf, sink, context, &found));
    } else {
        LS_TRY(verify_rows(part, d, &leaf, sink, context, &found));
    }
    *report = found;
    return LS_SUCCESS;
}
