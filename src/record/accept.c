/* Acceptance of any act but for signatures: what holds for all kinds. */
#include "process/sealed.h"
#include "record/internal.h"

static ls_result check_headers(const act_rule *rule, const ls_act *act, ls_detail *detail)
{
    for (ls_header h = 0; h < LS_HEADER_COUNT; h++) {
        uint64_t bit = 1ull << h;
        if (!act->has[h] && (rule->required & bit) != 0) {
            return ls_refuse(detail, NULL, "%s needs the header `%s`", rule->kind, ls_header_name(h));
        }
        if (act->has[h] && h >= LS_H_REF && ((rule->required | rule->allowed) & bit) == 0) {
            return ls_refuse(detail, NULL, "%s has no header `%s`", rule->kind, ls_header_name(h));
        }
        /* An accord or a nonce says something only in the kinds that name it. */
        bool special = h == LS_H_ACCORD || (h == LS_H_NONCE && rule->shape == LS_SHAPE_CHAINED);
        if (act->has[h] && special && ((rule->required | rule->allowed) & bit) == 0) {
            return ls_refuse(detail, NULL, "%s has no header `%s`", rule->kind, ls_header_name(h));
        }
    }
    if (rule->text == TEXT_REQUIRED && act->text.len == 0) {
        return ls_refuse(detail, "state the reason with: --text \"…\"", "%s needs a text that says why", rule->kind);
    }
    return LS_SUCCESS;
}

/* Files for an audience stand on the record only in their sealed form, which shows nothing of them. */
static ls_result check_audience(const ls_record *r, const ls_attachment *a, ls_detail *detail)
{
    if (!ls_audience_restricted(a->audience)) {
        return LS_SUCCESS;
    }
    if (r->charter == NULL || ls_audience_members(r->charter, a->audience) == 0) {
        return ls_refuse(detail, "the audiences are: public, process, and those that the charter lists",
                         "unknown audience %.*s", (int)a->audience.len, a->audience.ptr);
    }
    if (!ls_bytes_is(a->media_type, LS_SEALED_MEDIA_TYPE) || !ls_sealed_name(a->file_name) || a->size < LS_SEALED_MIN ||
        (a->size & (a->size - 1)) != 0) {
        return ls_refuse(detail, NULL, "a file for %.*s must be listed in its sealed form", (int)a->audience.len,
                         a->audience.ptr);
    }
    return LS_SUCCESS;
}

static ls_result check_attachments(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        for (size_t j = 0; j < i; j++) {
            if (ls_bytes_equal(a->file_name, act->attachment[j].file_name)) {
                return ls_refuse(detail, "give each file a name of its own", "two attachments are named %.*s",
                                 (int)a->file_name.len, a->file_name.ptr);
            }
        }
        LS_TRY(check_audience(r, a, detail));
        if (r->charter != NULL && a->size > r->charter->attachment_limit) {
            return ls_refuse(detail, NULL, "%.*s is larger than the charter's limit of %llu bytes",
                             (int)a->file_name.len, a->file_name.ptr, (unsigned long long)r->charter->attachment_limit);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_process(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    if (ls_bytes_is(act->kind, "charter")) {
        return r->charter == NULL ? LS_SUCCESS
                                  : ls_refuse(detail, NULL, "a process has one charter, and this one has it");
    }
    if (r->charter == NULL) {
        return ls_refuse(detail, "file the charter first", "a record begins with its charter");
    }
    if (!ls_hash_equal(&act->process, &r->process)) {
        return ls_refuse(detail, "it belongs to another process", "the act names another process");
    }
    if (act->exercise != r->charter->exercise) {
        return ls_refuse(detail, NULL,
                         act->exercise ? "an exercise's act can't enter a real process"
                                       : "a real act can't enter an exercise");
    }
    return LS_SUCCESS;
}

/* A charter that no stamp reached in time is void, and with it everything under it. */
static ls_result check_void(const ls_record *r, ls_detail *detail)
{
    if (r->size > 0 && !ls_entry_effective(r, 0)) {
        return ls_refuse(detail, "draw up a new charter", "the charter is void: its first stamp came too late");
    }
    return LS_SUCCESS;
}

static ls_result check_head(const ls_record *r, const ls_act *act, const chain *c, ls_detail *detail)
{
    ls_hash root;
    if (act->head_size > r->size) {
        return ls_refuse(detail, "this copy of the ledger is behind the author's",
                         "head names %llu entries, and there are %llu", (unsigned long long)act->head_size,
                         (unsigned long long)r->size);
    }
    LS_TRY(ls_root_read(r, act->head_size, &root, detail));
    if (!ls_hash_equal(&act->head_root, &root)) {
        return ls_refuse(detail, "the author was shown another history: keep both and compare",
                         "head names another root at %llu entries", (unsigned long long)act->head_size);
    }
    if (act->head_size < c->head_size) {
        return ls_refuse(detail, NULL, "head lies before that of the party's previous act");
    }
    return LS_SUCCESS;
}

bool ls_record_received(const ls_record *r, const ls_act *act)
{
    uint32_t i = ls_receipts_find(r, &act->id);
    return i != NONE && r->receipted[i].time <= act->expires && r->time <= r->receipted[i].until;
}

bool ls_record_over(const ls_record *r, const ls_act *act)
{
    return r->time > (act->shape == LS_SHAPE_JOINT ? act->open_until : act->expires + r->charter->grace);
}

static ls_result check_chain(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    const chain *c = &r->chain[e->by];
    if (act->seq != c->seq + 1 || !ls_hash_equal(&act->prev, &c->last)) {
        return ls_refuse(detail, "another act of this party came first: make this one again",
                         "seq %llu does not follow the party's last act, which has seq %llu",
                         (unsigned long long)act->seq, (unsigned long long)c->seq);
    }
    LS_TRY(check_head(r, act, c, detail));
    if (r->time > act->expires && !ls_record_received(r, act)) {
        return ls_refuse(detail, "make it again", "it expired at %.*s", (int)act->raw[LS_H_EXPIRES].len,
                         act->raw[LS_H_EXPIRES].ptr);
    }
    if (act->expires - act->at > r->charter->expires_limit) {
        return ls_refuse(detail, NULL, "expires is later than the charter's limit allows");
    }
    for (size_t i = 0; i < act->unless_acted.count; i++) {
        const ls_party *p = ls_charter_party(r->charter, act->unless_acted.name[i]);
        if (p == NULL) {
            return ls_refuse(detail, NULL, "unless-acted names an unknown party");
        }
        if (r->acted[p - r->charter->party] > act->head_size) {
            return ls_refuse(detail, "read what they said, then decide again", "%.*s has acted since", (int)p->name.len,
                             p->name.ptr);
        }
    }
    return LS_SUCCESS;
}

/* Some party in `by` took this act back, by an act that has effect. */
static const ls_bytes *withdrawer(const ls_record *r, const ls_act *act)
{
    for (uint32_t i = ls_withdrawal_find(r, &act->id); i != NONE; i = r->withdrawn[i].next) {
        uint32_t index = r->withdrawn[i].index;
        for (size_t p = 0; p < act->by.count && ls_entry_effective(r, index); p++) {
            if (ls_bytes_equal(act->by.name[p], r->charter->party[r->entry[index].by].name)) {
                return &act->by.name[p];
            }
        }
    }
    return NULL;
}

static ls_result check_joint(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    if (r->time > act->open_until) {
        return ls_refuse(detail, "propose it again", "it was open until %.*s", (int)act->raw[LS_H_OPEN_UNTIL].len,
                         act->raw[LS_H_OPEN_UNTIL].ptr);
    }
    const ls_bytes *party = withdrawer(r, act);
    return party == NULL ? LS_SUCCESS : ls_refuse(detail, NULL, "%.*s withdrew it", (int)party->len, party->ptr);
}

/* What an act names of its accord. */
static const struct {
    ls_header header;
    int (*find)(const ls_roadmap *m, ls_bytes id);
    const char *what, *hint;
} names[NAMED_KINDS] = {
    [NAMED_MEASURE] = {LS_H_MEASURE, ls_roadmap_measure, "measure", "lockstep status lists the measures"},
    [NAMED_EVENT] = {LS_H_EVENT, ls_roadmap_event, "event", "lockstep status lists the events"},
    [NAMED_RIGHT] = {LS_H_RIGHT, ls_roadmap_right, "right", "lockstep status lists the rights"},
    [NAMED_DISPUTE] = {LS_H_DISPUTE, ls_roadmap_dispute, "dispute procedure", "lockstep accord show lists them"},
    [NAMED_INSPECTION] = {LS_H_INSPECTION, ls_roadmap_inspection, "inspection", "lockstep accord show lists them"},
    [NAMED_TRACK] = {LS_H_TRACK, ls_roadmap_track, "track", "leave it out to suspend every track"},
};

static ls_result resolve_names(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    for (named n = 0; n < NAMED_KINDS; n++) {
        e->named[n] = -1;
        if (!act->has[names[n].header]) {
            continue;
        }
        ls_bytes id = act->raw[names[n].header];
        if (e->accord_index >= 0) {
            e->named[n] = names[n].find(r->accord[e->accord_index].shown.roadmap, id);
        }
        if (e->named[n] < 0) {
            return ls_refuse(detail, names[n].hint, "the accord has no %s %.*s", names[n].what, (int)id.len, id.ptr);
        }
    }
    return LS_SUCCESS;
}

/* The version that the act names, which must be the one that holds. */
static ls_result resolve_accord(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    e->accord_index = act->has[LS_H_ACCORD] ? ls_record_find_accord(r, &act->accord) : -1;
    if (!act->has[LS_H_ACCORD]) {
        return LS_SUCCESS;
    }
    if (e->accord_index < 0) {
        return ls_refuse(detail, NULL, "there is no such accord on the record");
    }
    if (r->accord[e->accord_index].shown.amended_by >= 0) {
        char id[LS_HEX_HASH_SIZE];
        ls_hash_format(&r->accord[ls_record_accord_in_force(r, e->accord_index)].shown.id, id);
        ls_hint(detail, "sign again under %s", id);
        return ls_refuse(detail, NULL, "the accord was amended");
    }
    return LS_SUCCESS;
}

/* Finds what the act's headers refer to. */
static ls_result resolve(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    e->by = LS_NOBODY;
    e->referred = NONE;
    if (act->shape == LS_SHAPE_CHAINED) {
        const ls_party *p = ls_charter_party(r->charter, act->by.name[0]);
        if (p == NULL) {
            return ls_refuse(detail, NULL, "%.*s is not a party of the charter", (int)act->by.name[0].len,
                             act->by.name[0].ptr);
        }
        e->by = (size_t)(p - r->charter->party);
    }
    if (act->has[LS_H_REF]) {
        uint64_t index;
        e->referred = ls_record_find(r, &act->ref, &index) ? (uint32_t)index : NONE;
    }
    LS_TRY(resolve_accord(r, act, e, detail));
    return resolve_names(r, act, e, detail);
}

ls_result ls_rule_judge(const ls_record *r, const act_rule *rule, const ls_act *act, effect *e, ls_detail *detail)
{
    uint64_t index;
    e->rule = rule;
    if (rule->shape != act->shape) {
        return ls_refuse(detail, NULL, "the headers are not those of a %s", rule->kind);
    }
    if (ls_record_find(r, &act->id, &index)) {
        return ls_fail_with(&ls_fault_known, detail, "the act is on the record already, as entry %llu",
                            (unsigned long long)index);
    }
    if (r->size >= ENTRIES_MAX) {
        return ls_refuse(detail, NULL, "a record has at most %u entries", ENTRIES_MAX);
    }
    LS_TRY(check_headers(rule, act, detail));
    LS_TRY(check_process(r, act, detail));
    if (act->shape != LS_SHAPE_STAMP) {
        LS_TRY(check_void(r, detail));
    }
    LS_TRY(check_attachments(r, act, detail));
    LS_TRY(resolve(r, act, e, detail));
    if (act->shape == LS_SHAPE_CHAINED) {
        LS_TRY(check_chain(r, act, e, detail));
    } else if (act->shape == LS_SHAPE_JOINT) {
        LS_TRY(check_joint(r, act, detail));
    }
    return rule->accept(r, act, e, detail);
}
