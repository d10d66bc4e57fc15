/* Openings that acts carry, and those of single rows that stand alone; and the rows that they show. */
#include "bundle/verifier.h"
#include "escrow/commitment.h"

typedef unsigned long long ull;

/* An opening being judged. */
typedef struct opening {
    ls_verifier *v;
    uint64_t index;    /* of the act, or LS_NO_ACT */
    const ls_act *act; /* NULL: the opening of a single row that stands alone */
    const char *subject;
    ls_bytes audience; /* of this file */
    uint64_t rows;     /* opened by parts that hold */
    bool complete;     /* every declaration that it concerns has a part */
} opening;

static bool opens_tranche(const opening *o)
{
    return o->act != NULL && o->act->has[LS_H_TRANCHE];
}

/* A declaration that this act must open: of the same accord, party and name, before the act's head. */
static bool concerns(const ls_verifier *v, const ls_known_declaration *d, const ls_act *act)
{
    return d->effective && d->index < act->head_size && ls_verify_same_accord(v, &d->accord, &act->accord) &&
           ls_bytes_equal(d->by, act->by.name[0]) && ls_bytes_equal(d->name, act->raw[LS_H_DECLARATION]);
}

static const ls_known_declaration *find_declaration(const opening *o, const ls_hash *context)
{
    for (const ls_known_declaration *d = o->v->declarations; d != NULL; d = d->next) {
        if (concerns(o->v, d, o->act) && (context == NULL || ls_hash_equal(&d->declared.context, context))) {
            return d;
        }
    }
    return NULL;
}

static ls_result remember(opening *o, const ls_opening_part *part, const ls_known_declaration *d)
{
    ls_known_opening *known = ls_arena_alloc(o->v->arena, sizeof *known);
    if (known == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *known = (ls_known_opening){.act = o->index, .part = part, .declaration = d};
    if (o->act != NULL && o->act->has[LS_H_REF]) {
        known->ref = o->act->ref;
    }
    *o->v->last_opening = known;
    o->v->last_opening = &known->next;
    return LS_SUCCESS;
}

/* A tranche's label; an act may state more tranches than the schema has. */
static ls_bytes label_of(const ls_known_declaration *d, uint32_t tranche)
{
    return tranche <= d->schema.tranche_count ? d->schema.tranches[tranche - 1] : ls_bytes_str("without a label");
}

static void tell_opened(const opening *o, const ls_opening_report *r, const ls_opening_part *part,
                        const ls_known_declaration *d)
{
    ls_bytes label = label_of(d, r->tranche);
    const char *all = o->complete ? "complete: all " : "all ";
    if (part->kind == LS_OPENING_ROWS && opens_tranche(o)) {
        ls_report_add(o->v->report, LS_FINDING_OK, o->subject,
                      "%s%llu rows of tranche %u (%.*s) opened, some fields of each; declared in act %llu", all,
                      (ull)r->rows, (unsigned)r->tranche, (int)label.len, label.ptr, (ull)d->index);
        return;
    }
    ls_report_add(o->v->report, LS_FINDING_OK, o->subject,
                  "%s%llu rows of tranche %u (%.*s) opened, %llu of them blank; declared in act %llu",
                  part->kind == LS_OPENING_ROWS ? "" : all, (ull)r->rows, (unsigned)r->tranche, (int)label.len,
                  label.ptr, (ull)r->blank, (ull)d->index);
}

static void tell_false(const opening *o, const ls_opening_report *r, const ls_known_declaration *d)
{
    ls_report *report = o->v->report;
    report->false_declaration = true;
    ls_report_add(
        report, LS_FINDING_FAILED, o->subject,
        "FALSE DECLARATION: the key and the bytes are those that %.*s committed to in act %llu for tranche %u "
        "of %.*s, and yet %s. Whoever handed them over, this proves that %.*s declared falsely",
        (int)d->by.len, d->by.ptr, (ull)d->index, (unsigned)r->tranche, (int)d->name.len, d->name.ptr, r->reason,
        (int)d->by.len, d->by.ptr);
}

/* The manifest's check compares the padded rows with the accord's, but the manifest may not be here. */
static void check_padded(const opening *o, const ls_opening_part *part, const ls_known_declaration *d)
{
    ls_tranche_leaf leaf;
    if (d->agreed == NULL || !ls_tranche_leaf_parse(part->leaf, &leaf) || leaf.tranche > d->agreed->tranche_count) {
        return;
    }
    uint64_t agreed = d->agreed->padded[leaf.tranche - 1];
    if (leaf.rows != agreed) {
        ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject,
                      "tranche %u was declared with %llu rows, and the accord fixes %llu", (unsigned)leaf.tranche,
                      (ull)leaf.rows, (ull)agreed);
    }
}

/* Holds the rows of a field opening against what the accord shows to this audience. */
typedef struct field_check {
    const ls_declared_audience *entitled;
    size_t field_count;
    bool as_agreed;
} field_check;

static ls_result check_fields(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    field_check *c = context;
    (void)tranche;
    (void)row;
    for (size_t i = 0; i < c->field_count; i++) {
        c->as_agreed = c->as_agreed && fields[i].open == c->entitled->fields[i];
    }
    return LS_SUCCESS;
}

/* Without this, an opening that opens next to nothing of every row would pass as one of the tranche. */
static ls_result check_entitled(const opening *o, const ls_opening_part *part, const ls_known_declaration *d)
{
    ls_opening_report ignored;
    if (part->kind != LS_OPENING_ROWS || !opens_tranche(o)) {
        return LS_SUCCESS;
    }
    field_check c = {d->agreed == NULL ? NULL : ls_declared_for(d->agreed, o->audience), d->schema.field_count, true};
    if (c.entitled == NULL || c.entitled->fields == NULL) {
        c.as_agreed = false;
    } else {
        LS_TRY(ls_opening_verify(part, &d->declared, check_fields, &c, &ignored));
    }
    if (!c.as_agreed) {
        ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject,
                      "of tranche %u, %.*s are shown other fields than the accord says", (unsigned)part->tranche,
                      (int)o->audience.len, o->audience.ptr);
    }
    return LS_SUCCESS;
}

static ls_result judge_part(opening *o, const ls_opening_part *part, const ls_known_declaration *d)
{
    ls_opening_report r;
    LS_TRY(ls_opening_verify(part, &d->declared, NULL, NULL, &r));
    switch (r.verdict) {
    case LS_OPENED:
        o->rows += r.rows;
        tell_opened(o, &r, part, d);
        check_padded(o, part, d);
        LS_TRY(check_entitled(o, part, d));
        return remember(o, part, d);
    case LS_FALSE_DECLARATION:
        tell_false(o, &r, d);
        break;
    case LS_NOT_AN_OPENING:
        ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject,
                      "not an opening of tranche %u: %s. This blames nobody; the tranche stays closed",
                      (unsigned)part->tranche, r.reason);
        break;
    case LS_NOT_THIS_DECLARATION:
        ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject, "not of the declaration in act %llu: %s",
                      (ull)d->index, r.reason);
        break;
    }
    return LS_SUCCESS;
}

/* A field opening: whoever is not entitled to every field is shown some of every row. */
static bool every_row(const ls_opening_part *p)
{
    ls_tranche_leaf leaf;
    return ls_tranche_leaf_parse(p->leaf, &leaf) && p->rows == leaf.rows;
}

/* What a part is that can't belong to this act, or NULL. */
static const char *misplaced(const opening *o, const ls_opening_part *parts, size_t i, const ls_known_declaration *d)
{
    const ls_opening_part *p = &parts[i];
    bool whole = o->act->has[LS_H_TRANCHE];
    if (d == NULL) {
        return "opens a declaration that is none of those that the act opens";
    }
    if (p->kind == LS_OPENING_TRANCHE && !whole) {
        return "opens a tranche, and the act opens rows";
    }
    if (p->kind == LS_OPENING_ROWS && whole && !every_row(p)) {
        return "opens some rows, and the act opens a tranche";
    }
    if (whole && p->tranche != o->act->tranche) {
        return "opens another tranche than the act";
    }
    for (size_t j = 0; j < i; j++) {
        if (ls_hash_equal(&parts[j].context, &p->context) && parts[j].tranche == p->tranche) {
            return "opens what another part opens already";
        }
    }
    return NULL;
}

static bool covered(const ls_opening_part *parts, size_t count, const ls_known_declaration *d)
{
    for (size_t i = 0; i < count; i++) {
        if (ls_hash_equal(&parts[i].context, &d->declared.context)) {
            return true;
        }
    }
    return false;
}

/* A tranche is open only if every declaration of that name opens it. */
static void check_complete(opening *o, const ls_opening_part *parts, size_t count)
{
    const ls_act *act = o->act;
    o->complete = true;
    for (const ls_known_declaration *d = o->v->declarations; d != NULL && act->has[LS_H_TRANCHE]; d = d->next) {
        if (concerns(o->v, d, act) && !covered(parts, count, d)) {
            o->complete = false;
            ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject,
                          "incomplete: tranche %llu of the declaration in act %llu is missing", (ull)act->tranche,
                          (ull)d->index);
        }
    }
}

static ls_result judge_parts(opening *o, const ls_opening_part *parts, size_t count)
{
    check_complete(o, parts, count);
    for (size_t i = 0; i < count; i++) {
        const ls_known_declaration *d = find_declaration(o, &parts[i].context);
        const char *wrong = misplaced(o, parts, i, d);
        if (wrong != NULL) {
            ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject, "part %zu of the opening %s", i + 1, wrong);
        } else {
            LS_TRY(judge_part(o, &parts[i], d));
        }
    }
    if (o->act->has[LS_H_ROWS] && o->rows != o->act->rows) {
        ls_report_add(o->v->report, LS_FINDING_FAILED, o->subject, "%llu rows are opened, and the act says %llu",
                      (ull)o->rows, (ull)o->act->rows);
    }
    return LS_SUCCESS;
}

ls_result ls_verify_opening(ls_verifier *v, uint64_t index, const ls_act *act, ls_bytes audience, ls_bytes content)
{
    opening o = {.v = v, .index = index, .act = act, .subject = ls_verify_subject(v, index, act), .audience = audience};
    const ls_known_declaration *d = find_declaration(&o, NULL);
    ls_opening_part *parts;
    size_t count;
    if (content.ptr == NULL) {
        return LS_SUCCESS; /* a finding says already that it is not here */
    }
    if (d == NULL || d->schema.field_count == 0) {
        ls_report_add(v->report, LS_FINDING_NOTE, o.subject, "its opening can't be judged here: %s",
                      d == NULL ? "the declaration that it opens is not in this file"
                                : "neither the declaration's manifest nor the accord is in this file");
        return LS_SUCCESS;
    }
    ls_result r = ls_opening_parse(v->arena, content, (uint32_t)d->schema.field_count, &parts, &count);
    if (r.fault == &ls_fault_opening_form) {
        ls_report_add(v->report, LS_FINDING_FAILED, o.subject, "its first attachment is not an opening");
        return LS_SUCCESS;
    }
    LS_TRY(r);
    return judge_parts(&o, parts, count);
}

/* The declaration that a file without an act opens a row of. Its form depends on the number of fields. */
static ls_result find_opened(ls_verifier *v, ls_bytes content, ls_opening_part **part, const ls_known_declaration **out)
{
    *out = NULL;
    for (const ls_known_declaration *d = v->declarations; d != NULL; d = d->next) {
        size_t count;
        if (d->schema.field_count == 0) {
            continue;
        }
        ls_result r = ls_opening_parse(v->arena, content, (uint32_t)d->schema.field_count, part, &count);
        if (r.fault == &ls_fault_memory) {
            return r;
        }
        if (ls_succeeded(r) && count == 1 && (*part)->kind == LS_OPENING_ROWS && (*part)->rows == 1 &&
            ls_hash_equal(&(*part)->context, &d->declared.context)) {
            *out = d;
            return LS_SUCCESS;
        }
    }
    return LS_SUCCESS;
}

ls_result ls_verify_single_opening(ls_verifier *v, const char *member, ls_bytes content)
{
    opening o = {.v = v, .index = LS_NO_ACT, .subject = member};
    const ls_known_declaration *d;
    ls_opening_part *part;
    LS_TRY(find_opened(v, content, &part, &d));
    if (d == NULL) {
        ls_report_add(v->report, LS_FINDING_FAILED, member,
                      "it is not the opening of a single row of a declaration in this file");
        return LS_SUCCESS;
    }
    return judge_part(&o, part, d);
}

/* A tranche is opened to every audience that the accord shows any of it. */
void ls_verify_opening_audiences(ls_verifier *v, const ls_act *act, const char *subject)
{
    opening o = {.v = v, .act = act, .subject = subject};
    const ls_known_declaration *d = act->has[LS_H_TRANCHE] ? find_declaration(&o, NULL) : NULL;
    for (size_t i = 0; d != NULL && d->agreed != NULL && i < d->agreed->audience_count; i++) {
        ls_bytes audience = d->agreed->audiences[i].name;
        bool named = false;
        for (size_t j = 0; j < act->attachment_count; j++) {
            named = named || ls_bytes_equal(act->attachment[j].audience, audience);
        }
        if (!named) {
            ls_report_add(v->report, LS_FINDING_FAILED, subject, "it holds no opening for %.*s, as the accord says",
                          (int)audience.len, audience.ptr);
        }
    }
}

/* Rows, last of all. */

typedef struct row_pass {
    ls_verified_row sink;
    void *context;
    const ls_known_declaration *declaration;
} row_pass;

static ls_result pass_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    const row_pass *p = context;
    const ls_known_declaration *d = p->declaration;
    return p->sink(p->context, d->name, tranche, row, d->schema.fields, fields, d->schema.field_count);
}

ls_result ls_verify_give_rows(const ls_verifier *v, ls_verified_row sink, void *context)
{
    if (sink == NULL || v->report->failed) {
        return LS_SUCCESS;
    }
    for (const ls_known_opening *o = v->openings; o != NULL; o = o->next) {
        row_pass pass = {sink, context, o->declaration};
        ls_opening_report again;
        LS_TRY(ls_opening_verify(o->part, &o->declaration->declared, pass_row, &pass, &again));
    }
    return LS_SUCCESS;
}
