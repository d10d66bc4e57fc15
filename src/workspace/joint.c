/* Proposals: charters and accords, from what people wrote to the joint act that all sign. */
#include "base/value.h"
#include "process/sealed.h"
#include "workspace/workspace.h"
#include "yaml/yaml.h"
#include <stdio.h>

#define DOCUMENT_FAULT(d) ((d)->errors > 0 ? ls_fail(&ls_fault_document) : LS_SUCCESS)

static ls_result canonical(const ls_value *v, ls_buf *json)
{
    ls_json_canonical(v, json);
    return ls_buf_check(json);
}

ls_result ls_charter_load(ls_arena *arena, ls_bytes yaml, ls_diagnostics *d, ls_charter *out, ls_buf *json)
{
    ls_value *v;
    LS_TRY(ls_yaml_parse(arena, yaml, d, &v));
    if (v != NULL) {
        ls_charter_read(arena, v, d, out);
    }
    ls_diagnostics_sort(d);
    LS_TRY(DOCUMENT_FAULT(d));
    return canonical(v, json);
}

ls_result ls_roadmap_load(ls_arena *arena, ls_bytes yaml, ls_bytes text, const ls_charter *c, ls_diagnostics *yaml_d,
                          ls_diagnostics *text_d, ls_roadmap *out, ls_buf *json)
{
    ls_value *v;
    ls_paragraph *paragraphs;
    size_t count;
    /* The text first: the roadmap points into it. */
    ls_text_read(arena, text, text_d, &paragraphs, &count);
    ls_diagnostics_sort(text_d);
    LS_TRY(DOCUMENT_FAULT(text_d));
    LS_TRY(ls_yaml_parse(arena, yaml, yaml_d, &v));
    if (v != NULL) {
        ls_roadmap_read(arena, v, c, text, yaml_d, out);
    }
    ls_diagnostics_sort(yaml_d);
    LS_TRY(DOCUMENT_FAULT(yaml_d));
    return canonical(v, json);
}

/* Who signs a joint act: parties, and of each the charter by whose keys it signs. */
typedef struct joint_party {
    const ls_party *party;
    bool all; /* every signer that it lists, so that each is seen to hold its key */
} joint_party;

typedef struct joint_parties {
    size_t count;
    joint_party item[LS_PARTIES_MAX];
} joint_parties;

static void add_party(joint_parties *to, const ls_party *p, bool all)
{
    to->item[to->count++] = (joint_party){p, all};
}

/* by and signers: as many of each as it takes, leaving out those whose keys have ended. */
static void set_parties(ls_act_draft *act, const joint_parties *parties, const char *kind, ls_time stamped)
{
    ls_buf by = {0}, signers = {0};
    for (size_t i = 0; i < parties->count; i++) {
        const ls_party *p = parties->item[i].party;
        ls_buf_format(&by, "%s%.*s", i > 0 ? " " : "", (int)p->name.len, (const char *)p->name.ptr);
        size_t wanted = parties->item[i].all ? p->signer_count : ls_act_threshold(p, ls_bytes_str(kind));
        for (size_t s = 0; s < p->signer_count && wanted > 0; s++) {
            if (p->signer[s].until >= stamped) {
                ls_buf_format(&signers, "%s%.*s", signers.len > 0 ? " " : "", (int)p->signer[s].name.len,
                              (const char *)p->signer[s].name.ptr);
                wanted--;
            }
        }
    }
    ls_act_draft_set(act, LS_H_BY, "%s", ls_buf_cstr(&by));
    ls_act_draft_set(act, LS_H_SIGNERS, "%s", ls_buf_cstr(&signers));
    ls_buf_free(&by);
    ls_buf_free(&signers);
}

static void set_joint(ls_act_draft *act, const char *kind, bool exercise, ls_time at, ls_time open_until)
{
    uint8_t nonce[32];
    char hex[LS_HEX_HASH_SIZE], time[LS_TIME_SIZE];
    act->exercise = exercise;
    ls_act_draft_set(act, LS_H_ACT, "%s", kind);
    ls_random(nonce, sizeof nonce);
    ls_hex_encode(ls_bytes_of(nonce, sizeof nonce), hex);
    ls_act_draft_set(act, LS_H_NONCE, "%s", hex);
    ls_time_format(open_until, time);
    ls_act_draft_set(act, LS_H_OPEN_UNTIL, "%s", time);
    ls_time_format(at, time);
    ls_act_draft_set(act, LS_H_AT, "%s", time);
}

static ls_result propose_charter(const ls_charter *c, ls_bytes yaml, ls_bytes json, ls_time at, ls_time open_until,
                                 ls_draft *out, ls_act_draft *act, ls_detail *detail)
{
    joint_parties parties = {0};
    for (size_t i = 0; i < c->party_count; i++) {
        add_party(&parties, &c->party[i], true);
    }
    set_joint(act, "charter", c->exercise, at, open_until);
    set_parties(act, &parties, "charter", 0);
    LS_TRY(ls_draft_attach(out, act, "process", "application/json", "charter.json", json, NULL, detail));
    LS_TRY(ls_draft_attach(out, act, "process", "application/yaml", "charter.yaml", yaml, NULL, detail));
    return ls_workspace_write_act(act, &out->note, detail);
}

ls_result ls_workspace_propose_charter(ls_workspace *ws, ls_bytes yaml, ls_time at, ls_time open_until,
                                       ls_diagnostics *d, ls_draft *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_buf json = {0};
    ls_act_draft act = {0};
    ls_charter *c = ls_arena_alloc(&arena, sizeof *c);
    ls_result r = c == NULL ? ls_fail(&ls_fault_memory) : ls_charter_load(&arena, yaml, d, c, &json);
    if (ls_succeeded(r) && ls_charter_party(c, ws->party) == NULL) {
        r = ls_fail_with(&ls_fault_usage, detail, "this delegation, %.*s, is not a party of the charter",
                         (int)ws->party.len, ws->party.ptr);
    }
    if (ls_succeeded(r)) {
        r = propose_charter(c, yaml, ls_buf_bytes(&json), at, open_until, out, &act, detail);
    }
    ls_act_draft_free(&act);
    ls_buf_free(&json);
    ls_arena_free(&arena);
    return r;
}

/* Of a process that is there: the head of a joint act, signed by these parties. */
static ls_result begin_joint(ls_workspace *ws, const char *kind, const joint_parties *parties, ls_time open_until,
                             ls_act_draft *act, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_time now;
    LS_TRY(ls_workspace_now(ws, &now, detail));
    set_joint(act, kind, ls_record_charter(ws->record)->exercise, now, open_until);
    ls_hash_format(&ws->process, hex);
    ls_act_draft_set(act, LS_H_PROCESS, "%s", hex);
    set_parties(act, parties, kind, ls_record_time(ws->record));
    return LS_SUCCESS;
}

ls_result ls_workspace_begin_joint(ls_workspace *ws, const char *kind, ls_parties by, ls_time open_until,
                                   ls_act_draft *act, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(ws->record);
    joint_parties parties = {0};
    for (size_t i = 0; i < c->party_count; i++) {
        if ((by & LS_PARTY_BIT(i)) != 0) {
            add_party(&parties, &c->party[i], false);
        }
    }
    return begin_joint(ws, kind, &parties, open_until, act, detail);
}

/* All parties of the charter in force but one; LS_NO_PARTY: all. */
static joint_parties all_but(const ls_charter *c, size_t without)
{
    joint_parties parties = {0};
    for (size_t i = 0; i < c->party_count; i++) {
        if (i != without) {
            add_party(&parties, &c->party[i], false);
        }
    }
    return parties;
}

static ls_result set_amended(const ls_workspace *ws, const ls_roadmap *m, int amends, ls_act_draft *act,
                             ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    if (amends < 0) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_record_check_amendment(ws->record, amends, m, detail));
    ls_hash_format(&ls_record_accord(ws->record, (size_t)amends)->id, hex);
    ls_act_draft_set(act, LS_H_ACCORD, "%s", hex);
    return LS_SUCCESS;
}

static ls_result propose_accord(ls_workspace *ws, const ls_roadmap *m, const ls_accord_proposal *p, ls_bytes json,
                                ls_draft *out, ls_act_draft *act, ls_detail *detail)
{
    joint_parties parties = {0};
    for (size_t i = 0; i < m->party_count; i++) {
        add_party(&parties, &ls_record_charter(ws->record)->party[m->parties[i]], false);
    }
    LS_TRY(begin_joint(ws, "accord", &parties, p->open_until, act, detail));
    LS_TRY(set_amended(ws, m, p->amends, act, detail));
    LS_TRY(ls_draft_attach(out, act, "process", "application/json", "roadmap.json", json, NULL, detail));
    LS_TRY(ls_draft_attach(out, act, "process", "text/markdown", "text.md", p->text, NULL, detail));
    LS_TRY(ls_draft_attach(out, act, "process", "application/yaml", "roadmap.yaml", p->yaml, NULL, detail));
    for (size_t i = 0; i < p->further_count; i++) {
        LS_TRY(ls_draft_attach(out, act, "process", "text/markdown", p->further[i].name, p->further[i].content, NULL,
                               detail));
    }
    return ls_workspace_write_act(act, &out->note, detail);
}

ls_result ls_workspace_propose_accord(ls_workspace *ws, const ls_accord_proposal *p, ls_diagnostics *yaml_d,
                                      ls_diagnostics *text_d, ls_draft *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_buf json = {0};
    ls_act_draft act = {0};
    ls_roadmap *m = ls_arena_alloc(&arena, sizeof *m);
    ls_result r =
        m == NULL ? ls_fail(&ls_fault_memory)
                  : ls_roadmap_load(&arena, p->yaml, p->text, ls_record_charter(ws->record), yaml_d, text_d, m, &json);
    if (ls_succeeded(r)) {
        r = propose_accord(ws, m, p, ls_buf_bytes(&json), out, &act, detail);
    }
    ls_act_draft_free(&act);
    ls_buf_free(&json);
    ls_arena_free(&arena);
    return r;
}

/* What all parties change together. */

static ls_result finish(ls_act_draft *act, ls_result r, ls_draft *out, ls_detail *detail)
{
    if (ls_succeeded(r)) {
        r = ls_workspace_write_act(act, &out->note, detail);
    }
    ls_act_draft_free(act);
    return r;
}

ls_result ls_workspace_propose_annulment(ls_workspace *ws, const ls_hash *rekey, size_t party, ls_time open_until,
                                         ls_draft *out, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_act_draft act = {0};
    const joint_parties parties = all_but(ls_record_charter(ws->record), party);
    ls_result r = begin_joint(ws, "annul", &parties, open_until, &act, detail);
    ls_hash_format(rekey, hex);
    ls_act_draft_set(&act, LS_H_REF, "%s", hex);
    return finish(&act, r, out, detail);
}

ls_result ls_workspace_propose_succession(ls_workspace *ws, const ls_vkey *key,
                                          const uint8_t proof[static LS_ACT_PROOF_SIZE], ls_time open_until,
                                          ls_draft *out, ls_detail *detail)
{
    char vkey[LS_VKEY_SIZE];
    ls_act_draft act = {0};
    ls_buf text = {0};
    const ls_charter *c = ls_record_charter(ws->record);
    const joint_parties parties = all_but(c, c->host);
    ls_result r = begin_joint(ws, "succeed", &parties, open_until, &act, detail);
    ls_vkey_format(key, vkey);
    ls_buf_put_base64(&text, ls_bytes_of(proof, LS_ACT_PROOF_SIZE));
    ls_act_draft_set(&act, LS_H_KEY, "%s", vkey);
    ls_act_draft_set(&act, LS_H_PROOF, "%s", ls_buf_cstr(&text));
    ls_act_draft_set(&act, LS_H_SINCE, "%llu", (unsigned long long)ls_record_size(ws->record));
    ls_buf_free(&text);
    return finish(&act, r, out, detail);
}

/* Parties that are there sign by the charter in force, new ones by the amended one. without: the one party that lost
 * every key, or LS_NO_PARTY. */
static joint_parties amending(const ls_charter *now, const ls_charter *amended, size_t without)
{
    joint_parties parties = all_but(now, without);
    for (size_t i = now->party_count; without == LS_NO_PARTY && i < amended->party_count; i++) {
        add_party(&parties, &amended->party[i], true);
    }
    return parties;
}

static ls_result propose_amendment(ls_workspace *ws, const ls_charter *amended, ls_bytes yaml, ls_bytes json,
                                   size_t without, ls_time open_until, ls_draft *out, ls_act_draft *act,
                                   ls_detail *detail)
{
    const ls_charter *now = ls_record_charter(ws->record);
    const char *wrong = ls_charter_amended_wrongly(now, amended, ls_record_time(ws->record));
    if (wrong != NULL) {
        return ls_fail_with(&ls_fault_refused, detail, "%s", wrong);
    }
    const joint_parties parties = amending(now, amended, without);
    LS_TRY(begin_joint(ws, "amend", &parties, open_until, act, detail));
    LS_TRY(ls_draft_attach(out, act, "process", "application/json", "charter.json", json, NULL, detail));
    return ls_draft_attach(out, act, "process", "application/yaml", "charter.yaml", yaml, NULL, detail);
}

ls_result ls_workspace_propose_amendment(ls_workspace *ws, ls_bytes yaml, size_t without, ls_time open_until,
                                         ls_diagnostics *d, ls_draft *out, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_buf json = {0};
    ls_act_draft act = {0};
    ls_charter *c = ls_arena_alloc(&arena, sizeof *c);
    ls_result r = c == NULL ? ls_fail(&ls_fault_memory) : ls_charter_load(&arena, yaml, d, c, &json);
    if (ls_succeeded(r)) {
        r = propose_amendment(ws, c, yaml, ls_buf_bytes(&json), without, open_until, out, &act, detail);
    }
    r = finish(&act, r, out, detail);
    ls_buf_free(&json);
    ls_arena_free(&arena);
    return r;
}

/* The YAML beside the JSON must say the same: people read the one and sign the other. */
static const char *const derived[][2] = {
    {"charter.yaml", "charter.json"}, {"roadmap.yaml", "roadmap.json"}, {"readout.yaml", "readout.json"}};

static const ls_buf *content_of(const ls_draft *d, const ls_act *act, const char *name)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        if (ls_bytes_is(act->attachment[i].file_name, name)) {
            return &d->attachment[i].content;
        }
    }
    return NULL;
}

/* By the name that its author gave it, also of a file for an audience; ptr NULL: there is none. */
static ls_bytes file_of(const ls_draft *d, const ls_act *act, const char *name)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        ls_sealed_file f = {.name = act->attachment[i].file_name, .content = ls_buf_bytes(&d->attachment[i].content)};
        bool opens =
            !ls_audience_restricted(act->attachment[i].audience) || ls_succeeded(ls_sealed_read(f.content, &f));
        if (opens && ls_bytes_is(f.name, name)) {
            return f.content.ptr != NULL ? f.content : ls_bytes_str("");
        }
    }
    return (ls_bytes){0};
}

static ls_result check_pair(const ls_draft *d, const ls_act *act, const char *yaml_name, const char *json_name,
                            ls_detail *detail)
{
    ls_bytes yaml = file_of(d, act, yaml_name), json = file_of(d, act, json_name);
    if (yaml.ptr == NULL || json.ptr == NULL) {
        return LS_SUCCESS;
    }
    ls_arena arena = {0};
    ls_value *v = NULL;
    ls_diagnostics *diagnostics = ls_arena_alloc(&arena, sizeof *diagnostics);
    ls_result r = ls_fail(&ls_fault_memory);
    if (diagnostics != NULL) {
        diagnostics->arena = &arena;
        r = ls_yaml_parse(&arena, yaml, diagnostics, &v);
    }
    if (ls_succeeded(r)) {
        r = v == NULL ? ls_fail(&ls_fault_json) : ls_json_check_canonical(v, json);
    }
    if (r.fault == &ls_fault_json) {
        ls_hint(detail, "do not sign it: what it shows is not what it says");
        r = ls_fail_with(&ls_fault_refused, detail, "%s does not say what %s says", yaml_name, json_name);
    }
    ls_arena_free(&arena);
    return r;
}

ls_result ls_draft_check_derivation(const ls_draft *d, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&d->note), true, &act, detail));
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
        LS_TRY(check_pair(d, &act, derived[i][0], derived[i][1], detail));
    }
    return LS_SUCCESS;
}

/* The charter that a charter's draft brings along. */
static ls_result charter_of(ls_arena *arena, const ls_draft *d, const ls_act *act, ls_charter *out, ls_detail *detail)
{
    ls_value *v = NULL;
    const ls_buf *json = content_of(d, act, "charter.json");
    ls_diagnostics *diagnostics = ls_arena_alloc(arena, sizeof *diagnostics);
    if (diagnostics == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    diagnostics->arena = arena;
    if (json == NULL || ls_failed(ls_json_parse(arena, ls_buf_bytes(json), &v, NULL))) {
        return ls_fail_with(&ls_fault_refused, detail, "the draft holds no charter");
    }
    ls_charter_read(arena, v, diagnostics, out);
    return diagnostics->errors == 0 ? LS_SUCCESS
                                    : ls_fail_with(&ls_fault_refused, detail, "the draft's charter has errors: %s",
                                                   diagnostics->item[0].text);
}

static bool holds(const ls_note *one, const ls_vkey *key)
{
    ls_note_verdict verdict;
    return ls_succeeded(ls_note_verify(one, key, 1, &verdict));
}

static bool signed_by(const ls_note *one, const ls_party *p)
{
    for (size_t i = 0; p != NULL && i < p->signer_count; i++) {
        if (holds(one, &p->signer[i].key)) {
            return true;
        }
    }
    return p != NULL && p->has_recovery && holds(one, &p->recovery);
}

/* One by one, so that the one that does not hold can be named. amended: of an amendment, or NULL. */
static ls_result check_lines(const ls_act *act, const ls_charter *c, const ls_charter *amended, ls_detail *detail)
{
    for (size_t i = 0; i < act->note.count; i++) {
        ls_note one = {.text = act->note.text, .count = 1, .signature = {act->note.signature[i]}};
        bool good = act->has[LS_H_KEY] && holds(&one, &act->key); /* a key that ends itself */
        for (size_t p = 0; p < act->by.count && !good; p++) {
            const ls_party *party = ls_charter_party(c, act->by.name[p]);
            good =
                signed_by(&one, party != NULL || amended == NULL ? party : ls_charter_party(amended, act->by.name[p]));
        }
        if (!good) {
            ls_bytes name = act->note.signature[i].name;
            ls_hint(detail, "ask for the file again: it was changed, or a key in the charter is another one");
            return ls_fail_with(&ls_fault_refused, detail, "the signature of %.*s does not verify", (int)name.len,
                                (const char *)name.ptr);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_by_draft(const ls_workspace *ws, const ls_draft *d, const ls_act *act, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_charter *c = ls_arena_alloc(&arena, sizeof *c);
    const ls_charter *now = ws->record == NULL ? NULL : ls_record_charter(ws->record);
    ls_result r = c == NULL ? ls_fail(&ls_fault_memory) : charter_of(&arena, d, act, c, detail);
    if (ls_succeeded(r) && ls_bytes_is(act->kind, "charter")) {
        r = check_lines(act, c, NULL, detail);
    } else if (ls_succeeded(r) && now != NULL) {
        r = check_lines(act, now, c, detail);
    } /* else: a party to be, which can't read the record yet, believes what the others show it */
    ls_arena_free(&arena);
    return r;
}

ls_result ls_draft_check_signatures(const ls_workspace *ws, const ls_draft *d, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&d->note), true, &act, detail));
    if (ls_bytes_is(act.kind, "charter") || ls_bytes_is(act.kind, "amend")) {
        return check_by_draft(ws, d, &act, detail);
    }
    const ls_charter *c = ws->record == NULL ? NULL : ls_record_charter(ws->record);
    return c != NULL ? check_lines(&act, c, NULL, detail)
                     : ls_fail_with(&ls_fault_process, detail, "its charter is not on the record yet");
}
