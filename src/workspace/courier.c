/* Couriers: what is written for them, and what is taken in when they come. */
#include "bundle/courier.h"
#include "ledger/carried.h"
#include "ledger/packing.h"
#include "process/plain.h"
#include "process/sealed.h"
#include "workspace/mail.h"
#include "workspace/outbox.h"
#include <stdio.h>
#include <stdlib.h>

/* Writing. */

/* Files that are packed already. */
typedef struct packing {
    ls_workspace *ws;
    ls_file_writer w;
    ls_hash *packed;
    size_t count, capacity;
} packing;

static ls_result pack_file(packing *p, const ls_hash *hash, ls_bytes content, ls_detail *detail)
{
    if (p->count == p->capacity) {
        size_t larger = p->capacity == 0 ? 64 : 2 * p->capacity;
        ls_hash *moved = reallocarray(p->packed, larger, sizeof *moved);
        if (moved == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        p->packed = moved;
        p->capacity = larger;
    }
    p->packed[p->count++] = *hash;
    return ls_pack_attachment(&p->w, hash, content, detail);
}

static bool is_packed(const packing *p, const ls_hash *hash)
{
    for (size_t i = 0; i < p->count; i++) {
        if (ls_hash_equal(&p->packed[i], hash)) {
            return true;
        }
    }
    return false;
}

static ls_result pack_header(packing *p, const ls_courier *c, ls_detail *detail)
{
    ls_buf header = {0};
    ls_courier_put_header(c, &header);
    ls_result r = ls_buf_check(&header);
    if (ls_succeeded(r)) {
        r = ls_pack_begin(&p->w, LS_BUNDLE_COURIER, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_pack_member(&p->w, "courier", ls_buf_bytes(&header), detail);
    }
    if (ls_succeeded(r) && c->checkpoint.len > 0) {
        r = ls_pack_member(&p->w, "checkpoint", c->checkpoint, detail);
    }
    if (ls_succeeded(r) && c->final.len > 0) {
        r = ls_pack_member(&p->w, "final", c->final, detail);
    }
    if (ls_succeeded(r) && c->cosigned.len > 0) {
        r = ls_pack_member(&p->w, "cosigned", c->cosigned, detail);
    }
    ls_buf_free(&header);
    return r;
}

static ls_result write_bundle(ls_workspace *ws, const char *path,
                              ls_result (*fill)(packing *p, void *context, ls_detail *detail), void *context,
                              ls_detail *detail)
{
    packing p = {.ws = ws};
    if (!ws->has_process) {
        return ls_fail_with(&ls_fault_process, detail, "this workspace has signed no charter");
    }
    ls_result r = ls_file_begin(path, &p.w, detail);
    if (ls_succeeded(r)) {
        r = fill(&p, context, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_pack_end(&p.w, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_file_commit(&p.w, detail);
    }
    ls_file_abort(&p.w);
    free(p.packed);
    return r;
}

/* Acts of the outbox. */

static ls_result pack_box(void *context, const ls_hash *hash, size_t party, ls_bytes box, ls_detail *detail)
{
    packing *p = context;
    char name[LS_COURIER_BOX_NAME_SIZE];
    ls_courier_box_format(hash, party, name);
    return ls_pack_member(&p->w, name, box, detail);
}

/* A file that everybody may read goes along as it is; one for an audience in a box for each addressee. */
static ls_result pack_attached(packing *p, const ls_attachment *a, ls_bytes content, ls_detail *detail)
{
    if (is_packed(p, &a->hash)) {
        return LS_SUCCESS;
    }
    return ls_audience_restricted(a->audience) ? ls_mail_seal(p->ws, a, content, pack_box, p, detail)
                                               : pack_file(p, &a->hash, content, detail);
}

static ls_result pack_draft(packing *p, const ls_waiting *w, size_t number, ls_detail *detail)
{
    char name[32];
    ls_arena arena = {0};
    ls_draft draft;
    ls_act act;
    snprintf(name, sizeof name, "act/%zu.note", number);
    LS_TRY(ls_outbox_read(p->ws, &arena, w->file, &draft, detail));
    ls_result r = ls_act_parse(ls_buf_bytes(&draft.note), false, &act, detail);
    if (ls_succeeded(r)) {
        r = ls_pack_member(&p->w, name, ls_buf_bytes(&draft.note), detail);
    }
    r = ls_succeeded(r) ? ls_mail_keep(p->ws, &draft, &act, detail) : r;
    for (size_t i = 0; ls_succeeded(r) && i < draft.count && i < act.attachment_count; i++) {
        r = pack_attached(p, &act.attachment[i], ls_buf_bytes(&draft.attachment[i].content), detail);
    }
    ls_draft_free(&draft);
    ls_arena_free(&arena);
    return r;
}

/* What goes to the host. */
typedef struct handing_over {
    ls_bytes cosigned;
    size_t acts; /* how many it is */
} handing_over;

static ls_result fill_acts(packing *p, void *context, ls_detail *detail)
{
    handing_over *what = context;
    const ls_outbox *o;
    ls_courier c = {.carries = LS_COURIER_ACTS,
                    .process = p->ws->process,
                    .party = p->ws->party,
                    .size = ls_replica_size(p->ws->replica),
                    .checkpoint = ls_replica_checkpoint(p->ws->replica, LS_CHECKPOINT_LATEST),
                    .cosigned = what->cosigned};
    LS_TRY(ls_workspace_outbox(p->ws, &o, detail));
    LS_TRY(pack_header(p, &c, detail));
    for (size_t i = 0; i < o->count && what->acts < LS_COURIER_ACTS_MAX; i++) {
        if (o->waiting[i].waits == LS_WAITS_LEDGER) {
            LS_TRY(pack_draft(p, &o->waiting[i], ++what->acts, detail));
        }
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_carry_acts(ls_workspace *ws, const char *path, ls_bytes cosigned, size_t *acts,
                                  ls_detail *detail)
{
    handing_over what = {cosigned, 0};
    LS_TRY(write_bundle(ws, path, fill_acts, &what, detail));
    *acts = what.acts;
    return LS_SUCCESS;
}

/* The record. */

typedef struct carrying {
    ls_bytes party;
    uint64_t since;
    const ls_taken *receipts;
} carrying;

typedef struct tile {
    ls_buf bytes;
    packing *p;
    uint64_t since;
    ls_detail *detail;
} tile;

/* Files that everybody who reads the ledger may read. Those for an audience travel sealed, not here. */
static ls_result pack_files(packing *p, ls_bytes note, ls_detail *detail)
{
    ls_ledger *copy = ls_replica_ledger(p->ws->replica);
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, detail));
    for (size_t i = 0; i < act.attachment_count; i++) {
        const ls_attachment *a = &act.attachment[i];
        ls_buf content = {0};
        if (ls_audience_restricted(a->audience) || is_packed(p, &a->hash)) {
            continue;
        }
        ls_result r = copy->methods->fetch(copy, &a->hash, a->size, &content, detail);
        if (ls_succeeded(r)) {
            r = pack_file(p, &a->hash, ls_buf_bytes(&content), detail);
        }
        ls_buf_free(&content);
        /* What is not here can't be carried: the entry goes without it. */
        if (ls_failed(r) && r.fault != &ls_fault_absent) {
            return r;
        }
    }
    return LS_SUCCESS;
}

static ls_result take_into_tile(void *context, uint64_t index, ls_bytes note)
{
    tile *t = context;
    (void)index;
    ls_entries_put(&t->bytes, note);
    return ls_buf_check(&t->bytes);
}

static ls_result pack_entries(packing *p, uint64_t since, uint64_t size, ls_detail *detail)
{
    ls_store *store = ls_replica_store(p->ws->replica);
    for (uint64_t from = since - since % LS_TILE_WIDTH; from < size; from += LS_TILE_WIDTH) {
        unsigned width = size - from < LS_TILE_WIDTH ? (unsigned)(size - from) : LS_TILE_WIDTH;
        char name[LS_TILE_PATH_SIZE];
        tile t = {0};
        ls_tile_path(LS_TILE_ENTRIES, from / LS_TILE_WIDTH, width, name);
        ls_result r = store->methods->read(store, from, from + width, take_into_tile, &t, detail);
        if (ls_succeeded(r)) {
            r = ls_pack_member(&p->w, name, ls_buf_bytes(&t.bytes), detail);
        }
        ls_buf_free(&t.bytes);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static ls_result pack_files_of(void *context, uint64_t index, ls_bytes note)
{
    tile *t = context;
    (void)index;
    return pack_files(t->p, note, t->detail);
}

static ls_result pack_receipts(packing *p, const ls_taken *taken, ls_detail *detail)
{
    ls_buf text = {0};
    if (taken == NULL || taken->count == 0) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < taken->count; i++) {
        ls_courier_receipt r = {.id = taken->act[i].id,
                                .filed = taken->act[i].filed,
                                .index = taken->act[i].index,
                                .reason = ls_bytes_str(taken->act[i].reason)};
        ls_courier_put_receipt(&r, &text);
    }
    ls_result r = ls_buf_check(&text);
    if (ls_succeeded(r)) {
        r = ls_pack_member(&p->w, "receipts", ls_buf_bytes(&text), detail);
    }
    ls_buf_free(&text);
    return r;
}

typedef struct boxes {
    packing *p;
    ls_bytes to;
    size_t party;
    ls_detail *detail;
} boxes;

static ls_result pack_waiting_box(void *context, const ls_hash *hash)
{
    const boxes *b = context;
    ls_ledger *l = b->p->ws->ledger;
    ls_buf box = {0};
    ls_result r = l->methods->box(l, b->to, hash, UINT64_MAX, &box, b->detail);
    r = ls_succeeded(r) ? pack_box(b->p, hash, b->party, ls_buf_bytes(&box), b->detail) : r;
    ls_buf_free(&box);
    return r;
}

/* What waits for the party with a ledger in a folder, whose host this is. They stay there: a courier may get lost. */
static ls_result pack_waiting_boxes(packing *p, ls_bytes to, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(p->ws->record);
    boxes b = {p, to, (size_t)(ls_charter_party(c, to) - c->party), detail};
    ls_ledger *l = p->ws->ledger;
    return l == NULL || !ls_workspace_embedded(p->ws) ? LS_SUCCESS
                                                      : l->methods->boxes(l, to, pack_waiting_box, &b, detail);
}

static ls_result fill_record(packing *p, void *context, ls_detail *detail)
{
    const carrying *what = context;
    ls_store *store = ls_replica_store(p->ws->replica);
    uint64_t size = ls_replica_size(p->ws->replica);
    uint64_t since = what->since < size ? what->since : size;
    ls_courier c = {.carries = LS_COURIER_RECORD,
                    .process = p->ws->process,
                    .party = what->party,
                    .size = since,
                    .checkpoint = ls_replica_checkpoint(p->ws->replica, LS_CHECKPOINT_LATEST),
                    .final = ls_replica_checkpoint(p->ws->replica, LS_CHECKPOINT_FINAL)};
    LS_TRY(pack_header(p, &c, detail));
    LS_TRY(pack_entries(p, since, size, detail));
    LS_TRY(pack_receipts(p, what->receipts, detail));
    tile t = {.p = p, .detail = detail};
    LS_TRY(store->methods->read(store, since, size, pack_files_of, &t, detail));
    return pack_waiting_boxes(p, what->party, detail);
}

ls_result ls_workspace_carry_record(ls_workspace *ws, const char *path, ls_bytes party, uint64_t since,
                                    const ls_taken *receipts, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(ws->record);
    if (c == NULL) {
        return ls_fail_with(&ls_fault_process, detail, "the record is empty");
    }
    if (ls_charter_party(c, party) == NULL) {
        ls_hint(detail, "lockstep charter show lists the parties");
        return ls_fail_with(&ls_fault_usage, detail, "%.*s is not a party of the charter", (int)party.len,
                            (const char *)party.ptr);
    }
    carrying what = {party, since, receipts};
    return write_bundle(ws, path, fill_record, &what, detail);
}

/* Taking in. */

static ls_result note_receipts(ls_workspace *ws, const ls_courier *c, ls_detail *detail)
{
    for (size_t i = 0; i < c->receipt_count; i++) {
        const ls_courier_receipt *receipt = &c->receipt[i];
        ls_detail why = {0};
        if (!receipt->filed) {
            ls_hint(&why, "lockstep outbox drop gives it up; then make it again");
            snprintf(why.text, sizeof why.text, "%.*s", (int)receipt->reason.len, (const char *)receipt->reason.ptr);
            LS_TRY(ls_outbox_refused(ws, &receipt->id, &why, detail));
        }
    }
    return LS_SUCCESS;
}

static ls_result take_boxes(ls_workspace *ws, const ls_courier *c, ls_detail *detail)
{
    const ls_party *me = ls_workspace_party(ws);
    for (size_t i = 0; me != NULL && i < c->bundle.count; i++) {
        ls_hash hash;
        size_t party;
        const ls_member *m = &c->bundle.members[i];
        if (ls_courier_box(m, &hash, &party) && party == (size_t)(me - ls_record_charter(ws->record)->party)) {
            LS_TRY(ls_mail_take(ws, &hash, m->content, detail));
        }
    }
    return LS_SUCCESS;
}

static ls_result take_record(ls_workspace *ws, const ls_courier *c, ls_detail *detail)
{
    ls_carried source;
    ls_carried_init(&source, c);
    ls_replica_set_source(ws->replica, &source.base);
    ls_result r = ls_replica_sync(ws->replica, LS_CHECKPOINT_LATEST, ws->progress, detail);
    if (ls_succeeded(r) && c->final.len > 0) {
        r = ls_replica_sync(ws->replica, LS_CHECKPOINT_FINAL, ws->progress, detail);
    }
    ls_replica_set_source(ws->replica, ws->ledger);
    ws->record = ls_replica_record(ws->replica);
    ls_workspace_forget_outbox(ws);
    LS_TRY(r);
    LS_TRY(ls_workspace_see_restored(ws, detail));
    LS_TRY(note_receipts(ws, c, detail));
    LS_TRY(take_boxes(ws, c, detail));
    ls_workspace_forget_outbox(ws);
    return LS_SUCCESS;
}

/* One act, filed with the files that came with it. What is wrong with it is its receipt; failures are the ledger's. */
static ls_result file_one(ls_workspace *ws, const ls_courier *c, ls_bytes note, size_t i, ls_taken *out,
                          ls_detail *detail)
{
    struct ls_submitted_file file[LS_ACT_ATTACHMENTS_MAX] = {0};
    ls_submission s = {.note = note, .attachment = file};
    ls_bundle bundle = c->bundle;
    ls_detail why = {0};
    ls_receipt receipt = {0};
    ls_act act;
    ls_result r = ls_act_parse(note, false, &act, &why);
    for (size_t a = 0; ls_succeeded(r) && a < act.attachment_count; a++) {
        struct ls_submitted_file *f = &file[s.attachment_count];
        f->hash = act.attachment[a].hash;
        /* The ledger says which files it lacks. */
        s.attachment_count += ls_succeeded(ls_bundle_fetch(&bundle, &f->hash, UINT64_MAX, NULL, &f->content));
    }
    if (ls_succeeded(r)) {
        out->act[i].id = act.id;
        snprintf(out->act[i].kind, sizeof out->act[i].kind, "%.*s", (int)act.kind.len, (const char *)act.kind.ptr);
        r = ws->ledger->methods->submit(ws->ledger, &s, &receipt, &why);
    }
    if (ls_failed(r) && !ls_outbox_is_verdict(r)) {
        if (detail != NULL) {
            *detail = why;
        }
        return r;
    }
    out->act[i].filed = ls_succeeded(r);
    out->act[i].already = receipt.already;
    out->act[i].index = receipt.index;
    if (ls_failed(r)) {
        /* One plain line, whatever the ledger said. */
        bool plain = why.text[0] != '\0' && strchr(why.text, '\n') == NULL && ls_plain_valid(ls_bytes_str(why.text));
        snprintf(out->act[i].reason, sizeof out->act[i].reason, "%s", plain ? why.text : r.fault->sentence);
    }
    return LS_SUCCESS;
}

/* That a box belongs to one of the acts here: nobody leaves others with the host. */
static bool box_of(const ls_act *act, const ls_charter *charter, const ls_hash *hash, size_t party)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        if (ls_audience_restricted(a->audience) && ls_hash_equal(&a->hash, hash) &&
            (ls_audience_members(charter, a->audience) >> party & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* Boxes of the acts that were filed, left with the ledger for their addressees. */
static ls_result post_boxes(ls_workspace *ws, const ls_courier *c, ls_bytes note, ls_detail *detail)
{
    const ls_charter *charter = ls_record_charter(ws->record);
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, detail));
    for (size_t i = 0; charter != NULL && i < c->bundle.count; i++) {
        ls_hash hash;
        size_t party;
        const ls_member *m = &c->bundle.members[i];
        if (ls_courier_box(m, &hash, &party) && box_of(&act, charter, &hash, party)) {
            LS_TRY(ws->ledger->methods->post(ws->ledger, charter->party[party].name, &hash, m->content, detail));
        }
    }
    return LS_SUCCESS;
}

/* A cosignature that is wrong is the cosigner's to know; it stops no act. */
static ls_result hand_on_cosignature(ls_workspace *ws, const ls_courier *c, ls_taken *out, ls_detail *detail)
{
    bool final = false;
    ls_detail why = {0};
    if (c->cosigned.len == 0 || ws->ledger->methods->cosigned == NULL) {
        return LS_SUCCESS;
    }
    ls_result r = ws->ledger->methods->cosigned(ws->ledger, c->cosigned, &final, &why);
    if (ls_failed(r) && r.fault->class == LS_CLASS_ENVIRONMENT) {
        if (detail != NULL) {
            *detail = why;
        }
        return r;
    }
    out->cosigned = ls_failed(r) ? LS_COSIGNED_REFUSED : final ? LS_COSIGNED_FINAL : LS_COSIGNED_TAKEN;
    if (ls_failed(r)) {
        snprintf(out->cosigned_reason, sizeof out->cosigned_reason, "%s",
                 why.text[0] != '\0' ? why.text : r.fault->sentence);
    }
    return LS_SUCCESS;
}

static ls_result file_acts(ls_workspace *ws, const ls_courier *c, ls_taken *out, ls_detail *detail)
{
    if (ws->ledger == NULL || ws->offline) {
        ls_hint(detail, "take it in where the ledger is reached: in the host's workspace");
        return ls_fail_with(&ls_fault_workspace, detail, "the file holds acts to be filed, and no ledger is reached");
    }
    const ls_charter *charter = ls_record_charter(ws->record);
    if (charter != NULL && ls_charter_party(charter, c->party) == NULL) {
        return ls_fail_with(&ls_fault_refused, detail, "it is not from a party of the charter");
    }
    out->acts = true;
    out->size = c->size;
    snprintf(out->party, sizeof out->party, "%.*s", (int)c->party.len, (const char *)c->party.ptr);
    out->act = calloc(c->act_count + 1, sizeof *out->act);
    if (out->act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < c->act_count; i++) {
        LS_TRY(file_one(ws, c, c->act[i], i, out, detail));
        out->count++;
    }
    LS_TRY(hand_on_cosignature(ws, c, out, detail));
    LS_TRY(ls_workspace_sync(ws, detail));
    for (size_t i = 0; i < c->act_count; i++) {
        if (out->act[i].filed) {
            LS_TRY(post_boxes(ws, c, c->act[i], detail));
        }
    }
    return LS_SUCCESS;
}

static ls_result take(ls_workspace *ws, ls_arena *arena, ls_bytes file, ls_taken *out, ls_detail *detail)
{
    ls_courier *c = ls_arena_alloc(arena, sizeof *c);
    if (c == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_courier_parse(arena, file, c, detail));
    if (!ws->has_process || !ls_hash_equal(&c->process, &ws->process)) {
        return ls_fail_with(&ls_fault_process, detail, "it belongs to another process than this workspace");
    }
    return c->carries == LS_COURIER_ACTS ? file_acts(ws, c, out, detail) : take_record(ws, c, detail);
}

ls_result ls_workspace_take(ls_workspace *ws, const char *path, ls_taken *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_map map;
    *out = (ls_taken){0};
    LS_TRY(ls_file_map(path, &map, detail));
    ls_result r = take(ws, &arena, map.bytes, out, detail);
    ls_file_unmap(&map);
    ls_arena_free(&arena);
    return r;
}

void ls_taken_free(ls_taken *t)
{
    free(t->act);
    *t = (ls_taken){0};
}
