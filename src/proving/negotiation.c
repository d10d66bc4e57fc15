/* Texts under negotiation: found on the record, with the files of acts about them, and evaluated. */
#include "proving/negotiation.h"

#define FILE_MAX (8u << 20) /* a file's 4 MiB, in the form in which files for audiences travel */

typedef struct taking {
    const ls_reading *reading;
    ls_arena *arena;
    ls_negotiation *out;
} taking;

static ls_bytes kept(const taking *t, ls_bytes s)
{
    const char *copy = ls_arena_str(t->arena, s);
    return copy == NULL ? (ls_bytes){0} : ls_bytes_of(copy, s.len);
}

/* Opening. */

static const ls_bytes *keep_names(const taking *t, const ls_bytes *first, const ls_names *names)
{
    size_t extra = first != NULL;
    ls_bytes *out = ls_arena_array(t->arena, names->count + extra + 1, sizeof *out);
    if (out == NULL) {
        return NULL;
    }
    if (first != NULL) {
        out[0] = kept(t, *first);
    }
    for (size_t i = 0; i < names->count; i++) {
        out[i + extra] = kept(t, names->name[i]);
    }
    return out;
}

static ls_result read_opening(const taking *t, const ls_act *act)
{
    ls_negotiation *n = t->out;
    ls_text_opening *o = &n->opening;
    n->name = kept(t, act->raw[LS_H_TEXT]);
    n->audience = act->attachment_count > 0 ? kept(t, act->attachment[0].audience) : ls_bytes_str("process");
    o->party = keep_names(t, &act->by.name[0], &act->to);
    o->party_count = act->to.count + 1;
    o->language = keep_names(t, NULL, &act->languages);
    o->language_count = act->languages.count;
    o->whole = n->opened->word == LS_TEXT_WHOLE;
    return t->arena->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* Acts about it. */

/* In the arena; text of others stands in it as it is shown. */
static const char *refused(const taking *t, const ls_detail *why, ls_result r)
{
    return ls_arena_format(t->arena, "its file is refused: %s", why->text[0] != '\0' ? why->text : r.fault->sentence);
}

static ls_result parse_file(const taking *t, ls_bytes content, ls_text_act *out)
{
    ls_detail why = {0};
    ls_text_edit *edit = ls_arena_alloc(t->arena, sizeof *edit);
    ls_text_agree *agree = ls_arena_alloc(t->arena, sizeof *agree);
    if (edit == NULL || agree == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = out->kind == LS_TEXT_EDIT ? ls_text_edit_parse(t->arena, content, edit, &why)
                                            : ls_text_agree_parse(t->arena, content, agree, &why);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        out->unreadable = refused(t, &why, r);
        return LS_SUCCESS;
    }
    out->edit = out->kind == LS_TEXT_EDIT ? edit : NULL;
    out->agree = out->kind == LS_TEXT_AGREE ? agree : NULL;
    return LS_SUCCESS;
}

static ls_result read_file(const taking *t, const ls_act *act, ls_text_act *out)
{
    ls_sealed_file file;
    if (act->attachment_count != 1 || act->attachment[0].size > FILE_MAX) {
        out->unreadable = "its file is larger than any such file";
        return LS_SUCCESS;
    }
    ls_result r = ls_reading_file(t->reading, &act->attachment[0], t->arena, &file);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        out->unreadable = r.fault == &ls_fault_absent ? NULL : r.fault->sentence;
        return LS_SUCCESS;
    }
    return parse_file(t, file.content, out);
}

static ls_result read_act(const taking *t, const ls_talk *said, const ls_act *act, ls_text_act *out)
{
    static const ls_text_act_kind kinds[LS_TALK_KINDS] = {[LS_TALK_EDIT] = LS_TEXT_EDIT,
                                                          [LS_TALK_AGREE] = LS_TEXT_AGREE,
                                                          [LS_TALK_DIVERGE] = LS_TEXT_DIVERGE,
                                                          [LS_TALK_WITHDRAW] = LS_TEXT_WITHDRAW};
    *out = (ls_text_act){.kind = kinds[said->kind],
                         .party = kept(t, act->by.name[0]),
                         .seq = act->seq,
                         .entry = said->index,
                         .id = act->id,
                         .ref = act->ref};
    if (said->kind == LS_TALK_EDIT || said->kind == LS_TALK_AGREE) {
        out->ad_referendum = said->kind == LS_TALK_AGREE && said->word == LS_AGREE_REFERENDUM;
        return read_file(t, act, out);
    }
    if (said->kind == LS_TALK_DIVERGE) {
        out->paragraph = kept(t, act->raw[LS_H_ITEM]);
        out->text = kept(t, act->text);
        for (size_t i = 0; i < 2 && i < act->languages.count; i++) {
            out->language[i] = kept(t, act->languages.name[i]);
        }
    }
    return LS_SUCCESS;
}

/* With a note of its own, so that only what is needed of it is kept; out: NULL for the opening. */
static ls_result take(const taking *t, const ls_talk *said, ls_text_act *out)
{
    ls_arena scratch = {0};
    ls_act *act = ls_arena_alloc(&scratch, sizeof *act);
    ls_result r = act == NULL ? ls_fail(&ls_fault_memory) : ls_reading_act(t->reading, said->index, &scratch, act);
    if (ls_succeeded(r)) {
        r = out == NULL ? read_opening(t, act) : read_act(t, said, act, out);
    }
    ls_arena_free(&scratch);
    return r;
}

static bool is_about(const ls_talks *all, const ls_talk *t, const ls_talk *opened)
{
    if (t->kind == LS_TALK_WITHDRAW) {
        const ls_talk *back = t->ref == LS_NO_ENTRY ? NULL : ls_talks_find(all, t->ref);
        return back != NULL && back->kind == LS_TALK_DIVERGE && back->ref == opened->index;
    }
    return (t->kind == LS_TALK_EDIT || t->kind == LS_TALK_AGREE || t->kind == LS_TALK_DIVERGE) &&
           t->ref == opened->index;
}

static ls_result take_acts(const taking *t, uint64_t last)
{
    ls_negotiation *n = t->out;
    ls_talks all = ls_record_talks(t->reading->record);
    size_t room = 0;
    for (size_t i = 0; i < all.count; i++) {
        room += is_about(&all, &all.fact[i], n->opened);
    }
    n->act = ls_arena_array(t->arena, room + 2, sizeof *n->act);
    if (n->act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all.count; i++) {
        const ls_talk *said = &all.fact[i];
        if (said->index <= last && is_about(&all, said, n->opened) && ls_reading_counts(t->reading, said)) {
            LS_TRY(take(t, said, &n->act[n->count++]));
        }
    }
    return t->arena->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result ls_negotiation_eval(const ls_reading *r, const ls_talk *opened, uint64_t last, ls_arena *arena,
                              ls_negotiation *out)
{
    const taking t = {r, arena, out};
    *out = (ls_negotiation){.opened = opened};
    LS_TRY(take(&t, opened, NULL));
    LS_TRY(take_acts(&t, last));
    return ls_text_eval(arena, &out->opening, out->count, out->act, &out->state);
}
