/* Readouts on the record: those of a meeting, and what stands around each. */
#include "cli/readouts.h"
#include "cli/talking.h"
#include "crypto/sha256.h"
#include "process/sealed.h"
#include "workspace/reading.h"
#include "workspace/seen.h"
#include <stdlib.h>

bool cli_readout_has_workspace(cli *c)
{
    const char *set = getenv("LOCKSTEP_WORKSPACE");
    return cli_value(c, "workspace") != NULL || (set != NULL && set[0] != '\0') || ls_file_exists("workspace.json");
}

/* Acts of talks. */

static bool has_effect(const ls_talks *all, const ls_talk *t)
{
    return all->time(all->context, t->index) != LS_TIME_NONE;
}

ls_result cli_talks_standing(cli *c, bool **out)
{
    ls_talks all = ls_record_talks(c->ws.record);
    *out = ls_arena_array(&c->arena, all.count + 1, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all.count; i++) {
        const ls_talk *t = &all.fact[i];
        const ls_talk *back = t->kind == LS_TALK_WITHDRAW ? cli_talk_at(c, t->ref) : NULL;
        (*out)[i] = has_effect(&all, t);
        if (back != NULL && (*out)[i]) { /* only its author can have said so */
            (*out)[back - all.fact] = false;
        }
    }
    return LS_SUCCESS;
}

/* The latest of a party that stands, or NULL. */
static const ls_talk *latest_of(const ls_talks *all, const bool *standing, const ls_talk *meeting, size_t party)
{
    for (size_t i = all->count; i-- > 0;) {
        const ls_talk *t = &all->fact[i];
        if (t->kind == LS_TALK_READOUT && t->ref == meeting->index && t->by == party && standing[i]) {
            return t;
        }
    }
    return NULL;
}

ls_result cli_readout_latest(cli *c, const ls_talk *meeting, size_t party, const ls_talk **out)
{
    bool *standing;
    ls_talks all = ls_record_talks(c->ws.record);
    LS_TRY(cli_talks_standing(c, &standing));
    *out = latest_of(&all, standing, meeting, party);
    return LS_SUCCESS;
}

/* One of them. */

/* A file beside the readout. */
static void put_file(cli *c, const ls_attachment *a, ls_bytes name, ls_bytes content, cli_readout *out)
{
    if (ls_bytes_is(name, LS_READOUT_SOURCE)) {
        return;
    }
    ls_readout_file *f = &out->file[out->file_count++];
    *f = (ls_readout_file){name, a->media_type, a->size, a->hash};
    if (ls_audience_restricted(a->audience)) {
        /* The act shows the hash of what carries it. */
        const char *guessed = ls_media_type_guess(cli_text(c, name));
        f->media_type = ls_bytes_str(guessed);
        f->bytes = content.len;
        ls_sha256_hash(content, &f->hash);
    }
}

static const char *absent_words(cli *c, const ls_attachment *a)
{
    return ls_audience_restricted(a->audience)
               ? ls_arena_format(&c->arena, "its %s is not here: it is for the audience %s", LS_READOUT_FILE,
                                 cli_text(c, a->audience))
               : ls_arena_format(&c->arena, "its %s is not here", LS_READOUT_FILE);
}

static ls_result parse(cli *c, ls_bytes content, cli_readout *out, cli_unread *unread)
{
    ls_detail why = {0};
    ls_result r = ls_readout_parse(&c->arena, content, &out->readout, &why);
    if (r.fault == &ls_fault_readout_form) {
        *unread = (cli_unread){ls_arena_format(&c->arena, "its %s is not a readout: %s", LS_READOUT_FILE,
                                               why.text[0] != '\0' ? why.text : r.fault->sentence),
                               true};
        return LS_SUCCESS;
    }
    out->json = content;
    *unread = (cli_unread){0};
    return r;
}

/* Reads one attachment; found: it was the readout. */
static ls_result take_file(cli *c, const ls_attachment *a, bool *found, cli_readout *out, cli_unread *unread)
{
    ls_bytes content = {0}, name = a->file_name;
    bool sealed = ls_audience_restricted(a->audience);
    if (!sealed && (*found || !ls_bytes_is(name, LS_READOUT_FILE))) {
        put_file(c, a, name, content, out);
        return LS_SUCCESS;
    }
    ls_result r = ls_workspace_read_attachment(&c->ws, &c->arena, a, &content, &name);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        out->absent++;
        bool here = r.fault != &ls_fault_absent;
        if (!*found) {
            *unread = (cli_unread){
                here ? ls_arena_format(&c->arena, "its %s can't be read: %s", LS_READOUT_FILE, r.fault->sentence)
                     : absent_words(c, a),
                here && r.fault->class == LS_CLASS_INVALID};
        }
        return LS_SUCCESS;
    }
    if (ls_bytes_is(name, LS_READOUT_FILE) && !*found) {
        *found = true;
        return parse(c, content, out, unread);
    }
    put_file(c, a, name, content, out);
    return LS_SUCCESS;
}

ls_result cli_readout_read(cli *c, uint64_t index, bool files, cli_readout *out, cli_unread *unread)
{
    bool found = false;
    *out = (cli_readout){.published = true, .index = index};
    *unread = (cli_unread){"it has no " LS_READOUT_FILE, true};
    LS_TRY(ls_workspace_read_act(&c->ws, index, &c->arena, &out->act, &c->detail));
    out->file = ls_arena_array(&c->arena, out->act.attachment_count + 1, sizeof *out->file);
    if (out->file == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const ls_talk *t = cli_talk_at(c, index);
    out->meeting = t == NULL ? NULL : cli_talk_at(c, t->ref);
    for (size_t i = 0; i < out->act.attachment_count && (files || !found); i++) {
        LS_TRY(take_file(c, &out->act.attachment[i], &found, out, unread));
    }
    return unread->why == NULL && c->arena.failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* All of a meeting. */

static void leave_out(cli *c, const ls_talk *t, const char *why, bool malformed, cli_readouts *out)
{
    out->left[out->left_count++] = (cli_left_out){t->index, cli_party_name(c, t->by), why, malformed};
}

static ls_result take_latest(cli *c, const ls_talk *t, cli_readouts *out)
{
    cli_unread unread;
    cli_readout *r = ls_arena_alloc(&c->arena, sizeof *r);
    if (r == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_readout_read(c, t->index, false, r, &unread));
    if (unread.why != NULL) {
        leave_out(c, t, unread.why, unread.malformed, out);
    } else {
        out->readout[out->count++] = r;
    }
    return LS_SUCCESS;
}

static ls_result take_others(cli *c, const ls_talks *all, const ls_talk *meeting, const ls_talk *const *latest,
                             cli_readouts *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const ls_talk *t = &all->fact[i];
        if (t->kind != LS_TALK_READOUT || t->ref != meeting->index || t == latest[t->by]) {
            continue;
        }
        bool later = latest[t->by] != NULL && latest[t->by]->index > t->index;
        if (!has_effect(all, t)) {
            leave_out(c, t, "it has no effect: it came too late, or was annulled", false, out);
        } else if (later && out->standing[i]) {
            ls_record_entry e = ls_record_at(c->ws.record, latest[t->by]->index);
            leave_out(c, t, ls_arena_format(&c->arena, "act %s took its place", cli_short(c, &e.id)), false, out);
        } else {
            leave_out(c, t, "it was withdrawn", false, out);
        }
    }
    return c->arena.failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result cli_readouts_of(cli *c, const ls_talk *meeting, cli_readouts *out)
{
    ls_talks all = ls_record_talks(c->ws.record);
    const ls_charter *charter = ls_record_charter(c->ws.record);
    const ls_talk *latest[LS_PARTIES_MAX] = {NULL};
    *out = (cli_readouts){0};
    out->readout = ls_arena_array(&c->arena, charter->party_count, sizeof(cli_readout *));
    out->left = ls_arena_array(&c->arena, all.count + 1, sizeof *out->left);
    if (out->readout == NULL || out->left == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_talks_standing(c, &out->standing));
    for (size_t p = 0; p < charter->party_count; p++) {
        latest[p] = latest_of(&all, out->standing, meeting, p);
        if (latest[p] != NULL) {
            LS_TRY(take_latest(c, latest[p], out));
        }
    }
    return take_others(c, &all, meeting, latest, out);
}

const char *cli_readout_as_of(cli *c)
{
    uint64_t size = ls_record_size(c->ws.record), final = ls_replica_final(c->ws.replica);
    ls_time stamped = ls_record_time(c->ws.record);
    char time[LS_TIME_SIZE] = "";
    if (stamped > 0) {
        ls_time_format(stamped, time);
    }
    const char *some =
        final < size ? ls_arena_format(&c->arena, ", of which %llu are final", (unsigned long long) final) : "";
    return ls_arena_format(&c->arena, "%llu entries%s%s%s", (unsigned long long)size, some,
                           stamped > 0 ? ", stamped " : ", not stamped yet", time);
}
