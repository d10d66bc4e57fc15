/* What both sides sent in a private search, read and checked: each thing that does not hold names who did it. */
#include "crypto/sha256.h"
#include "process/sealed.h"
#include "workspace/reading.h"
#include "workspace/search.h"
#include <stdarg.h>
#include <stdio.h>

#define SENT_MAX (4u << 20) /* bytes of a file: 20,000 points have 640,000 */

typedef struct examining {
    ls_workspace *ws;
    const ls_search *s;
    const ls_search_own *own;
    const ls_search_files *files;
    ls_arena *arena;
    ls_report *report;
    ls_search_reading *out;
    unsigned side;       /* whose message is looked at, */
    ls_search_step step; /* and at which step */
} examining;

/* Findings. */

static const char *subject(const examining *x)
{
    static const char *const what[LS_SEARCH_STEPS] = {[LS_SEARCH_LIST] = "list",
                                                      [LS_SEARCH_POINTS] = "points",
                                                      [LS_SEARCH_RETURNED] = "return",
                                                      [LS_SEARCH_RANKING] = "ranking",
                                                      [LS_SEARCH_REVEALED] = "ranking"};
    const ls_talk *said = x->s->state->step[x->side][x->step];
    ls_bytes name = x->s->run.party[x->side];
    const char *text = said == NULL
                           ? ls_arena_format(x->arena, "%.*s, %s", (int)name.len, (const char *)name.ptr, what[x->step])
                           : ls_arena_format(x->arena, "%.*s, %s (act %u)", (int)name.len, (const char *)name.ptr,
                                             what[x->step], said->index);
    return text == NULL ? "" : text;
}

__attribute__((format(printf, 3, 4))) static void add(examining *x, ls_finding_level level, const char *format, ...)
{
    char text[700];
    va_list arguments;
    if (x->s->state->step[x->side][x->step] == NULL) {
        return; /* one's own, which is not sent yet */
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    x->out->failed[x->side] = x->out->failed[x->side] || level == LS_FINDING_FAILED;
    ls_report_add(x->report, level, subject(x), "%s", text);
}

/* A failure that is this side's doing becomes a finding; others stay failures. */
static ls_result judge(examining *x, ls_result r, const ls_detail *why)
{
    if (ls_failed(r) && r.fault->class == LS_CLASS_INVALID) {
        add(x, LS_FINDING_FAILED, "%s", why->text[0] != '\0' ? why->text : r.fault->sentence);
        return LS_SUCCESS;
    }
    return r;
}

/* Files. */

/* The one with this hash, of those that were brought, or of those that the workspace has; empty: it is not here. */
static ls_result find_file(examining *x, const ls_hash *hash, ls_bytes *out)
{
    *out = (ls_bytes){0};
    for (size_t i = 0; x->files != NULL && i < x->files->count; i++) {
        ls_hash actual;
        ls_sha256_hash(x->files->file[i], &actual);
        if (ls_hash_equal(&actual, hash)) {
            *out = x->files->file[i];
            return LS_SUCCESS;
        }
    }
    ls_result r = ls_workspace_fetch(x->ws, hash, SENT_MAX, x->arena, out);
    if (ls_failed(r)) {
        *out = (ls_bytes){0};
    }
    return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
}

/* What a side sent at a step, if it did and if that is here. */
static ls_result read_message(examining *x)
{
    const ls_talk *said = x->s->state->step[x->side][x->step];
    ls_arena scratch = {0};
    ls_sealed_file file;
    ls_bytes sealed;
    if (said == NULL) {
        return LS_SUCCESS;
    }
    ls_act *act = ls_arena_alloc(&scratch, sizeof *act);
    ls_result r =
        act == NULL ? ls_fail(&ls_fault_memory) : ls_workspace_read_act(x->ws, said->index, &scratch, act, NULL);
    r = ls_succeeded(r) ? find_file(x, &act->attachment[0].hash, &sealed) : r;
    ls_arena_free(&scratch);
    LS_TRY(r);
    if (sealed.len == 0) {
        add(x, LS_FINDING_NOTE, "the file is not here, or not yet");
    } else if (ls_failed(ls_sealed_read(sealed, &file))) {
        add(x, LS_FINDING_FAILED, "%.*s sent what is no file for an audience", (int)x->s->run.party[x->side].len,
            (const char *)x->s->run.party[x->side].ptr);
    } else {
        x->out->message[x->side][x->step] = file.content;
        x->out->sealed[x->side][x->step] = sealed;
    }
    return LS_SUCCESS;
}

/* One's own that was not sent yet, or whose file is lost, is made again. */
static ls_result make_message(examining *x)
{
    ls_bytes *message = &x->out->message[x->side][x->step];
    ls_buf made = {0};
    if (message->len > 0 || x->own == NULL || x->side != x->s->side) {
        return LS_SUCCESS;
    }
    ls_result r = ls_search_message(x->s, x->own, x->out, x->step, &made, NULL);
    uint8_t *kept = ls_succeeded(r) ? ls_arena_alloc(x->arena, made.len) : NULL;
    if (kept != NULL) {
        memcpy(kept, made.ptr, made.len);
        *message = ls_bytes_of(kept, made.len);
    }
    r = ls_succeeded(r) && kept == NULL ? ls_fail(&ls_fault_memory) : r;
    ls_buf_wipe(&made);
    return r;
}

static ls_result take_message(examining *x, unsigned side, ls_search_step step, bool make)
{
    x->side = side;
    x->step = step;
    LS_TRY(read_message(x));
    return make ? make_message(x) : LS_SUCCESS;
}

/* The five steps. */

static ls_result check_points(examining *x, unsigned side)
{
    ls_search_reading *out = x->out;
    ls_detail why = {0};
    LS_TRY(take_message(x, side, LS_SEARCH_POINTS, true));
    const ls_talk *committed = x->s->state->step[side][LS_SEARCH_LIST];
    ls_bytes message = out->message[side][LS_SEARCH_POINTS];
    if (message.len == 0 || committed == NULL) {
        return LS_SUCCESS;
    }
    ls_result r = ls_psi_set_parse(x->arena, &x->s->run, side, message, &committed->value, &out->set[side], &why);
    out->has_set[side] = ls_succeeded(r);
    if (ls_succeeded(r)) {
        add(x, LS_FINDING_OK, "%u points, as committed to in act %u", out->set[side].count, committed->index);
    }
    return judge(x, r, &why);
}

static ls_result check_returned(examining *x, unsigned side)
{
    ls_search_reading *out = x->out;
    ls_detail why = {0};
    if (!out->has_set[0] || !out->has_set[1]) {
        return LS_SUCCESS;
    }
    LS_TRY(take_message(x, side, LS_SEARCH_RETURNED, true));
    ls_bytes message = out->message[side][LS_SEARCH_RETURNED];
    if (message.len == 0) {
        return LS_SUCCESS;
    }
    ls_result r = ls_psi_returned_parse(x->arena, &x->s->run, &out->set[side], &out->set[1 - side], message,
                                        &out->returned[side], &why);
    out->has_returned[side] = ls_succeeded(r);
    if (ls_succeeded(r)) {
        add(x, LS_FINDING_OK, "%u points multiplied by the secret behind its key, as is proven",
            out->returned[side].count);
    }
    return judge(x, r, &why);
}

/* For who knows what points of one side stand for. A point of both sides that stands for nothing is no option. */
static ls_result match(examining *x, unsigned side)
{
    ls_search_reading *out = x->out;
    if (out->order[side] == NULL || !out->has_returned[0] || !out->has_returned[1] || out->found) {
        return LS_SUCCESS;
    }
    out->common = ls_arena_array(x->arena, out->set[side].count + 1, sizeof *out->common);
    out->tied = ls_arena_array(x->arena, out->set[side].count + 1, sizeof *out->tied);
    if (out->common == NULL || out->tied == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_psi_match(x->arena, &out->returned[1 - side], &out->returned[side], out->order[side], out->common,
                        &out->common_count));
    while (out->common_count > 0 && out->common[out->common_count - 1] >= x->s->options.count) {
        out->common_count--;
    }
    out->found = true;
    return LS_SUCCESS;
}

/* By who does not know what is common: only that it is what was committed to. */
static void check_commitment(examining *x, ls_bytes message, const ls_talk *committed)
{
    ls_hash actual;
    ls_bytes name = x->s->run.party[x->side];
    ls_psi_commitment(message, &actual);
    if (ls_hash_equal(&actual, &committed->value)) {
        add(x, LS_FINDING_OK, "it is what was committed to in act %u", committed->index);
    } else {
        add(x, LS_FINDING_FAILED, "what %.*s sent is not what it committed to", (int)name.len, (const char *)name.ptr);
    }
}

static ls_result check_ranking(examining *x, unsigned side)
{
    ls_search_reading *out = x->out;
    ls_detail why = {0};
    const ls_talk *committed = x->s->state->step[side][LS_SEARCH_RANKING];
    if (committed == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(take_message(x, side, LS_SEARCH_REVEALED, out->found));
    ls_bytes message = out->message[side][LS_SEARCH_REVEALED];
    if (message.len == 0) {
        return LS_SUCCESS;
    }
    if (!out->found) {
        check_commitment(x, message, committed);
        return LS_SUCCESS;
    }
    uint32_t *ranking = ls_arena_array(x->arena, out->common_count + 1, sizeof *ranking);
    if (ranking == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = ls_psi_ranking_parse(&x->s->run, side, out->common, out->common_count, message, &committed->value,
                                       ranking, &why);
    out->has_ranking[side] = ls_succeeded(r);
    out->ranking[side] = ranking;
    if (ls_succeeded(r)) {
        add(x, LS_FINDING_OK, "an order of the %u common options, as committed to in act %u", out->common_count,
            committed->index);
    }
    return judge(x, r, &why);
}

/* What a side disclosed. */

static bool read_disclosure(const examining *x, unsigned side, ls_bytes file, const uint8_t **scalar)
{
    static const char label[] = LS_SEARCH_DISCLOSURE;
    ls_reader r = ls_reader_of(file);
    ls_bytes name = x->s->run.party[side], begun = ls_read_bytes(&r, sizeof label);
    ls_hash sid = {0};
    ls_read_hash(&r, &sid);
    ls_bytes party = ls_read_bytes(&r, ls_read_u8(&r)), found = ls_read_bytes(&r, LS_SCALAR_SIZE);
    *scalar = found.ptr;
    return ls_reader_done(&r) && memcmp(begun.ptr, label, sizeof label) == 0 && ls_hash_equal(&sid, &x->s->run.sid) &&
           ls_bytes_equal(party, name);
}

static ls_result take_disclosure(examining *x, unsigned side, const uint8_t *scalar)
{
    const ls_psi_set *set = &x->out->set[side];
    ls_detail why = {0};
    uint32_t strange, *order = ls_arena_array(x->arena, set->count + 1, sizeof *order);
    uint8_t *chosen = ls_arena_alloc(x->arena, (size_t)x->s->options.count + 1);
    if (order == NULL || chosen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    x->side = side;
    x->step = LS_SEARCH_POINTS;
    ls_result r = ls_psi_disclosed(x->arena, &x->s->run, set, scalar, x->s->options.text, x->s->options.count, chosen,
                                   order, &strange, &why);
    if (ls_succeeded(r)) {
        x->out->order[side] = order;
        x->out->disclosed[side] = chosen;
        add(x, strange == 0 ? LS_FINDING_OK : LS_FINDING_FAILED,
            "disclosed: %u points stand for options of the list, %u %s", set->count - strange, strange, "for none");
        return LS_SUCCESS;
    }
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    /* Anybody can write such a file: it speaks against nobody. */
    add(x, LS_FINDING_NOTE, "a file that is said to open this choice does not: %s", why.text);
    return LS_SUCCESS;
}

static ls_result find_disclosures(examining *x)
{
    for (size_t i = 0; x->files != NULL && i < x->files->count; i++) {
        for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
            const uint8_t *scalar;
            if (x->out->has_set[side] && read_disclosure(x, side, x->files->file[i], &scalar)) {
                LS_TRY(take_disclosure(x, side, scalar));
            }
        }
    }
    return LS_SUCCESS;
}

/* What follows. */

static ls_result choose(examining *x)
{
    ls_search_reading *out = x->out;
    bool ranked = x->s->rule == LS_PSI_EARLIEST || (out->has_ranking[0] && out->has_ranking[1]);
    if (!out->found || out->common_count == 0 || !ranked) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_psi_choose(x->s->rule, out->common, out->common_count, out->ranking[0], out->ranking[1], &out->choice,
                         out->tied));
    out->chosen = true;
    return LS_SUCCESS;
}

ls_result ls_search_examine(ls_workspace *ws, const ls_search *s, const ls_search_own *own,
                            const ls_search_files *files, ls_arena *arena, ls_report *report, ls_search_reading *out)
{
    *out = (ls_search_reading){0};
    examining x = {.ws = ws, .s = s, .own = own, .files = files, .arena = arena, .report = report, .out = out};
    if (own != NULL) {
        out->order[s->side] = own->order;
    }
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        LS_TRY(check_points(&x, side));
    }
    LS_TRY(find_disclosures(&x));
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        LS_TRY(check_returned(&x, side));
    }
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        LS_TRY(match(&x, side));
    }
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        LS_TRY(check_ranking(&x, side));
    }
    return choose(&x);
}
