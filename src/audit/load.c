/* What an audit is given: sources of entries, and single signed things. */
#include "audit/internal.h"
#include "bundle/courier.h"
#include "crypto/sha256.h"
#include "os/os.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_MAX (UINT64_C(8) << 30)

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static ls_result too_many(audit *a)
{
    return ls_fail_with(&ls_fault_usage, a->detail, "too many things for one audit");
}

/* Single things. */

static bool head_known(const audit *a, ls_bytes note)
{
    for (size_t i = 0; i < a->head_count; i++) {
        if (ls_bytes_equal(a->head[i].note, note)) {
            return true;
        }
    }
    return false;
}

/* Takes a checkpoint; what is none is left. */
static ls_result add_head(audit *a, const char *from, ls_bytes note, head **added)
{
    ls_note parsed;
    ls_checkpoint c;
    *added = NULL;
    if (ls_failed(ls_note_parse(note, &parsed)) || ls_failed(ls_checkpoint_parse(parsed.text, &c)) || c.size == 0 ||
        head_known(a, note)) {
        return LS_SUCCESS;
    }
    if (a->head_count == LS_AUDIT_THINGS_MAX) {
        return too_many(a);
    }
    char *kept = ls_arena_str(a->arena, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    head *h = &a->head[a->head_count++];
    *h = (head){.from = from, .note = ls_bytes_of(kept, note.len), .ledger = -1};
    LS_TRY(ls_note_parse(h->note, &parsed));
    LS_TRY(ls_checkpoint_parse(parsed.text, &h->checkpoint));
    *added = h;
    return LS_SUCCESS;
}

static ls_result add_act(audit *a, const char *from, ls_bytes note)
{
    ls_act *act = ls_arena_alloc(a->arena, sizeof *act);
    char *kept = ls_arena_str(a->arena, note);
    if (act == NULL || kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (ls_failed(ls_act_parse(ls_bytes_of(kept, note.len), false, act, NULL))) {
        return LS_SUCCESS; /* a draft that lacks signatures says nothing */
    }
    if (a->act_count == LS_AUDIT_THINGS_MAX) {
        return too_many(a);
    }
    a->act[a->act_count++] = (loose_act){from, ls_bytes_of(kept, note.len), act};
    return LS_SUCCESS;
}

static ls_result add_receipt(audit *a, const char *from, ls_bytes note)
{
    ls_receipt_note receipt;
    ls_note parsed;
    if (ls_failed(ls_receipt_parse(note, &receipt, &parsed, NULL))) {
        return LS_SUCCESS;
    }
    if (a->receipt_count == LS_AUDIT_THINGS_MAX) {
        return too_many(a);
    }
    char *kept = ls_arena_str(a->arena, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    a->receipt[a->receipt_count++] = (loose_receipt){from, ls_bytes_of(kept, note.len), receipt};
    return LS_SUCCESS;
}

/* A proof: an act, and a checkpoint. */
static ls_result add_proof(audit *a, const char *from, ls_bytes file)
{
    ls_tlog_proof proof;
    head *h;
    size_t len;
    uint8_t *note = ls_arena_alloc(a->arena, LS_ACT_MAX);
    if (note == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_tlog_proof_parse(file, &proof));
    LS_TRY(add_head(a, from, proof.checkpoint, &h));
    return ls_base64_decode(proof.extra, note, LS_ACT_MAX, &len) ? add_act(a, from, ls_bytes_of(note, len))
                                                                 : LS_SUCCESS;
}

static ls_result add_courier(audit *a, const char *from, ls_bytes file)
{
    ls_courier *c = ls_arena_alloc(a->arena, sizeof *c);
    head *h;
    if (c == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_courier_parse(a->arena, file, c, a->detail));
    LS_TRY(add_head(a, from, c->checkpoint, &h));
    LS_TRY(add_head(a, from, c->final, &h));
    for (size_t i = 0; i < c->act_count; i++) {
        LS_TRY(add_act(a, from, c->act[i]));
    }
    return LS_SUCCESS;
}

/* Whatever acts and proofs a bundle holds, by the names of its members. */
static ls_result add_members(audit *a, const char *from, const ls_bundle *b)
{
    for (size_t i = 0; i < b->count; i++) {
        ls_bytes name = b->members[i].name, content = b->members[i].content;
        if (ls_bytes_is(name, "act.note")) {
            LS_TRY(add_act(a, from, content));
        } else if (name.len > 11 && memcmp(name.ptr + name.len - 11, ".tlog-proof", 11) == 0) {
            ls_result r = add_proof(a, from, content);
            if (ls_failed(r) && r.fault != &ls_fault_tlog_proof_form) {
                return r;
            }
        }
    }
    return LS_SUCCESS;
}

/* Sources. */

static ls_result hash_entry(void *context, uint64_t index, ls_bytes note)
{
    view *v = context;
    ls_merkle_leaf(note, &v->leaf[index]);
    return LS_SUCCESS;
}

static ls_result add_source(audit *a, const char *path)
{
    head *h;
    if (a->view_count == LS_AUDIT_SOURCES_MAX) {
        return too_many(a);
    }
    view *v = &a->view[a->view_count];
    LS_TRY(ls_source_open(path, &a->o->source, &v->source, a->detail));
    a->view_count++;
    v->leaf = calloc(v->source->size + 1, sizeof *v->leaf);
    if (v->leaf == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(v->source->read(v->source, 0, v->source->size, hash_entry, v, a->detail));
    v->size = v->source->size;
    LS_TRY(add_head(a, v->source->name, ls_buf_bytes(&v->source->latest), &h));
    return add_head(a, v->source->name, ls_buf_bytes(&v->source->final), &h);
}

/* "old <size>" and nodes, beside a kept checkpoint. */
static ls_result read_nodes(audit *a, const char *path, head *h)
{
    ls_buf file = {0};
    ls_bytes line, size;
    ls_hash node[LS_MERKLE_PROOF_MAX];
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_file_read(path, LS_NOTE_MAX, &file, a->detail);
    ls_reader reader = ls_reader_of(ls_buf_bytes(&file));
    if (ls_succeeded(r) && ls_read_line(&reader, &line) && ls_bytes_starts(line, "old ")) {
        size = ls_bytes_of(line.ptr + 4, line.len - 4);
        size_t count;
        if (ls_decimal_parse(size, INT64_MAX, &h->old) &&
            ls_succeeded(ls_nodes_parse(ls_read_bytes(&reader, ls_reader_left(&reader)), node, &count))) {
            h->node = ls_arena_array(a->arena, count, sizeof *node);
            h->node_count = h->node == NULL ? 0 : count;
            memcpy(h->node, node, h->node_count * sizeof *node);
        }
    }
    ls_buf_free(&file);
    return r;
}

/* Checkpoints that a replica kept because they contradict it. */
static ls_result add_kept(audit *a, const char *folder)
{
    char **names;
    size_t count = 0;
    const char *kept = ls_arena_format(a->arena, "%s/evidence", folder);
    LS_TRY(kept == NULL ? ls_fail(&ls_fault_memory) : ls_folder_list(a->arena, kept, &names, &count, a->detail));
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(names[i]);
        if (len < 12 || strcmp(names[i] + len - 11, ".checkpoint") != 0) {
            continue;
        }
        ls_buf file = {0};
        head *h = NULL;
        const char *path = ls_arena_format(a->arena, "%s/%s", kept, names[i]);
        const char *nodes = ls_arena_format(a->arena, "%s/%.*s.nodes", kept, (int)(len - 11), names[i]);
        ls_result r = path == NULL || nodes == NULL ? ls_fail(&ls_fault_memory)
                                                    : ls_file_read(path, LS_NOTE_MAX, &file, a->detail);
        r = ls_succeeded(r) ? add_head(a, path, ls_buf_bytes(&file), &h) : r;
        r = ls_succeeded(r) && h != NULL ? read_nodes(a, nodes, h) : r;
        ls_buf_free(&file);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

/* Files. */

static ls_result add_bundle(audit *a, const char *path, ls_bytes file)
{
    ls_bundle b;
    LS_TRY(ls_bundle_parse(a->arena, file, &b, a->detail));
    switch (b.kind) {
    case LS_BUNDLE_RECORD:
        return add_source(a, path);
    case LS_BUNDLE_COURIER:
        return add_courier(a, path, file);
    case LS_BUNDLE_DRAFT:
    case LS_BUNDLE_EXCERPT:
    case LS_BUNDLE_EVIDENCE:
    case LS_BUNDLE_PACKET:
        break;
    }
    return add_members(a, path, &b);
}

static ls_result add_note(audit *a, const char *path, ls_bytes file)
{
    size_t before = a->head_count + a->act_count + a->receipt_count;
    head *h;
    LS_TRY(add_head(a, path, file, &h));
    LS_TRY(add_receipt(a, path, file));
    LS_TRY(add_act(a, path, file));
    if (before == a->head_count + a->act_count + a->receipt_count && !head_known(a, file)) {
        ls_report_add(a->report, LS_FINDING_NOTE, path, "it is nothing that an audit can use, and left out");
    }
    return LS_SUCCESS;
}

static ls_result add_file(audit *a, const char *path)
{
    ls_buf file = {0};
    LS_TRY(ls_file_read(path, FILE_MAX, &file, a->detail));
    char *kept = ls_arena_str(a->arena, ls_buf_bytes(&file));
    ls_bytes bytes = ls_bytes_of(kept, file.len);
    ls_buf_free(&file);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (ls_bytes_starts(bytes, "lockstep-bundle")) {
        return add_bundle(a, path, bytes);
    }
    return ls_verify_is_proof(bytes) ? add_proof(a, path, bytes) : add_note(a, path, bytes);
}

/* The files of a folder whose names end so. */
static ls_result add_folder(audit *a, const char *folder, const char *ending)
{
    char **names;
    size_t count = 0, end = strlen(ending);
    LS_TRY(ls_folder_list(a->arena, folder, &names, &count, a->detail));
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(names[i]);
        const char *file = ls_arena_format(a->arena, "%s/%s", folder, names[i]);
        bool wanted = len >= end && strcmp(names[i] + len - end, ending) == 0;
        LS_TRY(file == NULL ? ls_fail(&ls_fault_memory) : wanted && !is_folder(file) ? add_file(a, file) : LS_SUCCESS);
    }
    return LS_SUCCESS;
}

/* receipts/<act>/<cosigner> */
static ls_result add_receipts(audit *a, const char *workspace)
{
    char **names;
    size_t count = 0;
    const char *receipts = ls_arena_format(a->arena, "%s/receipts", workspace);
    LS_TRY(receipts == NULL ? ls_fail(&ls_fault_memory)
                            : ls_folder_list(a->arena, receipts, &names, &count, a->detail));
    for (size_t i = 0; i < count; i++) {
        const char *folder = ls_arena_format(a->arena, "%s/%s", receipts, names[i]);
        LS_TRY(folder == NULL ? ls_fail(&ls_fault_memory) : is_folder(folder) ? add_folder(a, folder, "") : LS_SUCCESS);
    }
    return LS_SUCCESS;
}

/* A workspace: its replica, what waits in its outbox, and the receipts that it was given. */
static ls_result add_workspace(audit *a, const char *path)
{
    const char *replica = ls_arena_format(a->arena, "%s/replica", path);
    const char *outbox = ls_arena_format(a->arena, "%s/outbox", path);
    if (replica == NULL || outbox == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (!ls_source_is_store(replica)) {
        return ls_fail_with(&ls_fault_source, a->detail, "the workspace %s has no copy of the ledger yet", path);
    }
    LS_TRY(ls_audit_load(a, replica));
    LS_TRY(add_folder(a, outbox, ".lockstep"));
    return add_receipts(a, path);
}

ls_result ls_audit_load(audit *a, const char *path)
{
    const char *workspace = ls_arena_format(a->arena, "%s/workspace.json", path);
    if (workspace == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (ls_file_exists(workspace)) {
        return add_workspace(a, path);
    }
    if (ls_file_exists(path) && !is_folder(path)) {
        return add_file(a, path);
    }
    LS_TRY(add_source(a, path));
    return is_folder(path) ? add_kept(a, path) : LS_SUCCESS;
}
