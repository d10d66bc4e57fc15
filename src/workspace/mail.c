/* Files for audiences: kept before their act is filed, sealed and sent once it is on the record, collected and opened
 * by their addressees. */
#include "workspace/mail.h"
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include <sodium.h>
#include <stdio.h>

#define KEPT "files"
#define SENDING "sending"
#define SEALING "sealing" /* the vault whose key opens boxes */
#define INBOX "inbox"
#define SEALED_MAX (1ull << 31) /* bytes of a file in its sealed form: both ends hold it in memory */

static ls_result path_in(const ls_workspace *ws, const char *folder, const ls_hash *name, char out[static 4096])
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(name, hex);
    return ls_workspace_path(ws, out, "%s/%s", folder, hex);
}

/* Workspaces made before there were such files lack the folders. */
static ls_result make_folder(const ls_workspace *ws, const char *folder, ls_detail *detail)
{
    char path[4096];
    LS_TRY(ls_workspace_path(ws, path, "%s", folder));
    return ls_folder_make(path, detail);
}

static ls_result keep(const ls_workspace *ws, const char *folder, const ls_hash *name, ls_bytes content,
                      ls_detail *detail)
{
    char path[4096];
    LS_TRY(make_folder(ws, folder, detail));
    LS_TRY(path_in(ws, folder, name, path));
    return ls_file_write(path, content, detail);
}

static bool is_here(const ls_workspace *ws, const char *folder, const ls_hash *name)
{
    char path[4096];
    return ls_succeeded(path_in(ws, folder, name, path)) && ls_file_exists(path);
}

static ls_result discard(const ls_workspace *ws, const char *folder, const ls_hash *name, ls_detail *detail)
{
    char path[4096];
    LS_TRY(path_in(ws, folder, name, path));
    return ls_file_exists(path) ? ls_file_remove(path, detail) : LS_SUCCESS;
}

/* Does something with each of the names in a folder that are hashes. */
typedef ls_result (*name_sink)(ls_workspace *ws, const ls_hash *name, void *context, ls_detail *detail);

static ls_result each_name(ls_workspace *ws, const char *folder, name_sink sink, void *context, ls_detail *detail)
{
    char path[4096];
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    LS_TRY(ls_workspace_path(ws, path, "%s", folder));
    ls_result r = ls_folder_list(&arena, path, &names, &count, detail);
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        ls_hash name;
        if (ls_hash_parse(ls_bytes_str(names[i]), &name)) {
            r = sink(ws, &name, context, detail);
        }
    }
    ls_arena_free(&arena);
    return r;
}

/* Sending. */

ls_result ls_mail_keep(ls_workspace *ws, const ls_draft *draft, const ls_act *act, ls_detail *detail)
{
    bool any = false;
    for (size_t i = 0; i < draft->count && i < act->attachment_count; i++) {
        if (ls_audience_restricted(act->attachment[i].audience)) {
            any = true;
            LS_TRY(keep(ws, KEPT, &act->attachment[i].hash, ls_buf_bytes(&draft->attachment[i].content), detail));
        }
    }
    return any ? keep(ws, SENDING, &act->id, ls_buf_bytes(&draft->note), detail) : LS_SUCCESS;
}

static ls_result seal_to(const ls_party *to, ls_bytes file, ls_buf *box, ls_detail *detail)
{
    uint8_t *out = ls_buf_extend(box, file.len + LS_BOX_SEAL_SIZE);
    if (out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    return ls_box_seal(to->sealing, file, out)
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_process, detail, "nothing can be sealed to the key of %.*s", (int)to->name.len,
                              (const char *)to->name.ptr);
}

/* To every party of the audience but this one. */
ls_result ls_mail_seal(const ls_workspace *ws, const ls_attachment *a, ls_bytes file, ls_box_sink sink, void *context,
                       ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(ws->record);
    uint32_t members = ls_audience_members(c, a->audience);
    ls_result r = LS_SUCCESS;
    for (size_t p = 0; ls_succeeded(r) && p < c->party_count; p++) {
        if ((members >> p & 1) == 0 || ls_bytes_equal(c->party[p].name, ws->party)) {
            continue;
        }
        ls_buf box = {0};
        r = seal_to(&c->party[p], file, &box, detail);
        r = ls_succeeded(r) ? sink(context, &a->hash, p, ls_buf_bytes(&box), detail) : r;
        ls_buf_free(&box);
    }
    return r;
}

typedef struct sending {
    ls_workspace *ws;
    unsigned *count;
} sending;

static ls_result post_box(void *context, const ls_hash *hash, size_t party, ls_bytes box, ls_detail *detail)
{
    const sending *s = context;
    const ls_party *to = &ls_record_charter(s->ws->record)->party[party];
    LS_TRY(s->ws->ledger->methods->post(s->ws->ledger, to->name, hash, box, detail));
    ++*s->count;
    return LS_SUCCESS;
}

static ls_result send_file(sending *s, const ls_attachment *a, ls_detail *detail)
{
    ls_buf file = {0};
    LS_TRY(ls_mail_fetch(s->ws, &a->hash, SEALED_MAX, &file, detail));
    ls_result r = ls_mail_seal(s->ws, a, ls_buf_bytes(&file), post_box, s, detail);
    ls_buf_wipe(&file);
    return r;
}

static ls_result send_files(sending *s, const ls_act *act, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        if (ls_audience_restricted(act->attachment[i].audience)) {
            LS_TRY(send_file(s, &act->attachment[i], detail));
        }
    }
    return LS_SUCCESS;
}

/* The mark goes once every box was posted; posted twice, a box is only replaced. */
static ls_result send_one(ls_workspace *ws, const ls_hash *id, void *context, ls_detail *detail)
{
    char path[4096];
    ls_buf note = {0};
    ls_act act;
    uint64_t index;
    LS_TRY(path_in(ws, SENDING, id, path));
    LS_TRY(ls_file_read(path, LS_ACT_MAX, &note, detail));
    ls_result r = ls_act_parse(ls_buf_bytes(&note), false, &act, detail);
    bool recorded = ls_record_find(ws->record, id, &index);
    /* Where couriers come, the boxes went with the act. */
    if (ls_succeeded(r) && recorded && ws->ledger != NULL) {
        r = send_files(context, &act, detail);
    }
    /* An act that never came on the record takes its files along. */
    if (ls_succeeded(r) && (recorded || ls_record_over(ws->record, &act))) {
        r = ls_file_remove(path, detail);
    }
    ls_buf_free(&note);
    return r;
}

ls_result ls_mail_send(ls_workspace *ws, unsigned *count, ls_detail *detail)
{
    sending s = {ws, count};
    *count = 0;
    return each_name(ws, SENDING, send_one, &s, detail);
}

/* Collecting. */

typedef struct collection {
    ls_workspace *ws;
    unsigned *count;
    ls_detail *detail;
} collection;

ls_result ls_mail_take(ls_workspace *ws, const ls_hash *hash, ls_bytes box, ls_detail *detail)
{
    return is_here(ws, KEPT, hash) ? LS_SUCCESS : keep(ws, INBOX, hash, box, detail);
}

/* On disk here before it is gone there. */
static ls_result collect_one(void *context, const ls_hash *hash)
{
    collection *c = context;
    ls_ledger *l = c->ws->ledger;
    ls_buf box = {0};
    ls_result r = l->methods->box(l, c->ws->party, hash, SEALED_MAX + LS_BOX_SEAL_SIZE, &box, c->detail);
    if (ls_succeeded(r)) {
        r = ls_mail_take(c->ws, hash, ls_buf_bytes(&box), c->detail);
    }
    if (ls_succeeded(r)) {
        r = l->methods->drop(l, c->ws->party, hash, c->detail);
        ++*c->count;
    }
    ls_buf_free(&box);
    return r;
}

ls_result ls_mail_collect(ls_workspace *ws, unsigned *count, ls_detail *detail)
{
    collection c = {ws, count, detail};
    char vault[4096];
    *count = 0;
    LS_TRY(ls_workspace_path(ws, vault, "vaults/" SEALING ".vault"));
    /* A delegate, who only reads, has no key to open boxes, and gets none. */
    if (ws->ledger == NULL || ls_workspace_party(ws) == NULL || !ls_file_exists(vault)) {
        return LS_SUCCESS;
    }
    return ws->ledger->methods->boxes(ws->ledger, ws->party, collect_one, &c, detail);
}

/* Opening. */

typedef struct opener {
    uint8_t public_key[LS_BOX_KEY_SIZE];
    uint8_t *secret_key;
    unsigned *opened, *bad;
} opener;

/* The file in a box, if it is the one that the hash names. */
static bool open_box(const opener *o, const ls_hash *hash, ls_bytes box, ls_buf *file)
{
    ls_hash actual;
    ls_sealed_file parts;
    uint8_t *out = box.len > LS_BOX_SEAL_SIZE ? ls_buf_extend(file, box.len - LS_BOX_SEAL_SIZE) : NULL;
    if (out == NULL || !ls_box_open(o->public_key, o->secret_key, box, out)) {
        return false;
    }
    ls_sha256_hash(ls_buf_bytes(file), &actual);
    return ls_hash_equal(&actual, hash) && ls_succeeded(ls_sealed_read(ls_buf_bytes(file), &parts));
}

static ls_result open_one(ls_workspace *ws, const ls_hash *hash, void *context, ls_detail *detail)
{
    opener *o = context;
    char path[4096];
    ls_buf box = {0}, file = {0};
    LS_TRY(path_in(ws, INBOX, hash, path));
    LS_TRY(ls_file_read(path, SEALED_MAX + LS_BOX_SEAL_SIZE, &box, detail));
    ls_result r = LS_SUCCESS;
    if (open_box(o, hash, ls_buf_bytes(&box), &file)) {
        r = keep(ws, KEPT, hash, ls_buf_bytes(&file), detail);
        r = ls_succeeded(r) ? discard(ws, INBOX, hash, detail) : r;
        *o->opened += ls_succeeded(r);
    } else {
        ++*o->bad;
    }
    ls_buf_free(&box);
    ls_buf_wipe(&file);
    return r;
}

static ls_result count_one(ls_workspace *ws, const ls_hash *hash, void *context, ls_detail *detail)
{
    (void)ws;
    (void)hash;
    (void)detail;
    ++*(unsigned *)context;
    return LS_SUCCESS;
}

ls_result ls_mail_open(ls_workspace *ws, unsigned *opened, unsigned *bad, ls_detail *detail)
{
    opener o = {.opened = opened, .bad = bad};
    ls_secret *seed = NULL;
    unsigned waiting = 0;
    *opened = *bad = 0;
    LS_TRY(each_name(ws, INBOX, count_one, &waiting, detail));
    if (waiting == 0) {
        return LS_SUCCESS; /* nobody is asked for a passphrase for nothing */
    }
    LS_TRY(ls_workspace_unseal(ws, LS_VAULT_SEALING, ls_bytes_str(SEALING), &seed, detail));
    o.secret_key = sodium_malloc(LS_BOX_KEY_SIZE);
    ls_result r = o.secret_key == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        ls_box_keypair(ls_secret_bytes(seed), o.public_key, o.secret_key);
        r = each_name(ws, INBOX, open_one, &o, detail);
    }
    sodium_free(o.secret_key);
    ls_secret_free(seed);
    return r;
}

ls_result ls_mail_fetch(const ls_workspace *ws, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    char path[4096];
    size_t before = out->len;
    LS_TRY(path_in(ws, KEPT, hash, path));
    if (!ls_file_exists(path)) {
        return ls_fail_with(&ls_fault_absent, detail, "this workspace does not have the file");
    }
    LS_TRY(ls_file_read(path, limit, out, detail));
    ls_hash actual;
    ls_sha256_hash(ls_bytes_of(out->ptr + before, out->len - before), &actual);
    if (!ls_hash_equal(&actual, hash)) {
        out->len = before;
        return ls_fail_with(&ls_fault_workspace, detail, "%s is damaged", path);
    }
    return LS_SUCCESS;
}

/* Listing. */

typedef struct listing {
    ls_workspace *ws;
    ls_mail_sink sink;
    void *context;
    ls_detail *detail;
} listing;

static ls_mail_state state_of(const ls_workspace *ws, const ls_act *act, const ls_attachment *a)
{
    if (ls_bytes_equal(act->by.name[0], ws->party)) {
        return LS_MAIL_SENT;
    }
    return is_here(ws, KEPT, &a->hash)    ? LS_MAIL_OPEN
           : is_here(ws, INBOX, &a->hash) ? LS_MAIL_CLOSED
                                          : LS_MAIL_EXPECTED;
}

static ls_result list_file(const listing *l, uint64_t index, const ls_act *act, const ls_attachment *a)
{
    ls_buf file = {0};
    ls_sealed_file parts;
    ls_mail_state state = state_of(l->ws, act, a);
    bool open = (state == LS_MAIL_OPEN || state == LS_MAIL_SENT) &&
                ls_succeeded(ls_mail_fetch(l->ws, &a->hash, SEALED_MAX, &file, NULL)) &&
                ls_succeeded(ls_sealed_read(ls_buf_bytes(&file), &parts));
    ls_result r = l->sink(l->context, index, act, a, state, open ? &parts : NULL);
    ls_buf_wipe(&file);
    return r;
}

static ls_result list_entry(void *context, uint64_t index, ls_bytes note)
{
    const listing *l = context;
    const ls_charter *c = ls_record_charter(l->ws->record);
    size_t me = (size_t)(ls_workspace_party(l->ws) - c->party);
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, l->detail));
    for (size_t i = 0; i < act.attachment_count; i++) {
        const ls_attachment *a = &act.attachment[i];
        if (ls_audience_restricted(a->audience) && (ls_audience_members(c, a->audience) >> me & 1) != 0) {
            LS_TRY(list_file(l, index, &act, a));
        }
    }
    return LS_SUCCESS;
}

ls_result ls_mail_list(ls_workspace *ws, ls_mail_sink sink, void *context, ls_detail *detail)
{
    listing l = {ws, sink, context, detail};
    if (ls_workspace_party(ws) == NULL) {
        return LS_SUCCESS;
    }
    ls_store *store = ls_replica_store(ws->replica);
    return store->methods->read(store, 0, ls_record_size(ws->record), list_entry, &l, detail);
}
