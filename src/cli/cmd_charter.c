/* charter check, sign, show. */
#include "base/value.h"
#include "cli/cli.h"
#include "process/quorums.h"
#include "yaml/yaml.h"
#include <stdio.h>

#define DAY 86400
#define OPEN_DAYS_DEFAULT 30

/* check */

static ls_result load(cli *c, const char *path, ls_charter *charter, ls_buf *json)
{
    ls_bytes text;
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    return d == NULL ? ls_fail(&ls_fault_memory) : ls_charter_load(&c->arena, text, d, charter, json);
}

static const char *role_name(ls_role role)
{
    static const char *const names[] = {"party", "mediator", "inspectorate", "observer"};
    return names[role];
}

static void print_parties(cli *c, const ls_charter *charter)
{
    cli_table t = {.columns = 5, .heading = {"party", "role", "threshold", "signer", "key"}};
    for (size_t i = 0; i < charter->party_count; i++) {
        const ls_party *p = &charter->party[i];
        for (size_t s = 0; s < p->signer_count; s++) {
            const ls_vkey *key = &p->signer[s].key;
            const char *cells[] = {s == 0 ? cli_text(c, p->title) : "", s == 0 ? role_name(p->role) : "",
                                   s == 0 ? ls_arena_format(&c->arena, "%u of %zu", p->threshold, p->signer_count) : "",
                                   cli_text(c, p->signer[s].name),
                                   ls_arena_format(&c->arena, "%s+%02x%02x%02x%02x", key->name, key->id[0], key->id[1],
                                                   key->id[2], key->id[3])};
            cli_table_row(c, &t, cells);
        }
    }
    cli_table_print(&t);
}

#define QUORUMS_SHOWN 24

static const char *names_of(cli *c, const ls_policy *p, ls_witnesses who)
{
    const char *names = "";
    for (size_t i = 0; i < p->witness_count; i++) {
        if ((who >> i & 1) != 0) {
            names = ls_arena_format(&c->arena, "%s%s%s", names, names[0] == '\0' ? "" : ", ",
                                    cli_text(c, p->witness[i].name));
        }
    }
    return names == NULL ? "" : names;
}

static void print_cosigners(cli *c, const ls_charter *charter)
{
    cli_table t = {.columns = 3, .heading = {"cosigner", "of", "key"}};
    for (size_t i = 0; i < charter->cosigner_count; i++) {
        const ls_cosigner *k = &charter->cosigner[i];
        bool hosts = k->party != LS_NO_PARTY && k->party == charter->host;
        const char *of = k->party == LS_NO_PARTY ? "an outsider" : cli_text(c, charter->party[k->party].title);
        const char *cells[] = {cli_text(c, k->name),
                               ls_arena_format(&c->arena, "%s%s", of, hosts ? " (host: does not count)" : ""),
                               ls_arena_format(&c->arena, "%s+%02x%02x%02x%02x", k->key.name, k->key.id[0],
                                               k->key.id[1], k->key.id[2], k->key.id[3])};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
}

/* Which cosigners make a checkpoint final, and what follows from it is said in warnings. */
static void print_policy_table(cli *c, const ls_charter *charter)
{
    ls_quorums q;
    const ls_policy *p = &charter->policy;
    ls_quorums_count(p, &q);
    putchar('\n');
    print_cosigners(c, charter);
    int asked = __builtin_popcount(q.used);
    cli_print(
        "\nThe policy asks %d cosigners: %llu of the %llu sets of them make a checkpoint final. Those from which\n"
        "nobody can be missing are %llu, the smallest of %u:\n\n",
        asked, (unsigned long long)q.count, 1ull << asked, (unsigned long long)q.minimal, q.smallest);
    cli_table t = {.columns = 2, .heading = {"quorum", "who"}};
    for (uint64_t i = 0; i < q.minimal && i < QUORUMS_SHOWN; i++) {
        const char *cells[] = {ls_arena_format(&c->arena, "%llu", (unsigned long long)i + 1),
                               names_of(c, p, ls_quorums_minimal(p, i))};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
    if (q.minimal > QUORUMS_SHOWN) {
        cli_print("and %llu more\n", (unsigned long long)(q.minimal - QUORUMS_SHOWN));
    }
}

static json_t *json_policy(cli *c, const ls_charter *charter)
{
    if (charter->quorum_none) {
        return json_pack("{s:n}", "quorums");
    }
    ls_quorums q;
    ls_quorums_count(&charter->policy, &q);
    json_t *shown = json_array();
    for (uint64_t i = 0; i < q.minimal && i < QUORUMS_SHOWN; i++) {
        json_array_append_new(shown,
                              json_string(names_of(c, &charter->policy, ls_quorums_minimal(&charter->policy, i))));
    }
    return json_pack("{s:I, s:I, s:i, s:o}", "quorums", (json_int_t)q.count, "minimal", (json_int_t)q.minimal,
                     "smallest", (int)q.smallest, "first", shown);
}

static json_t *json_warnings(const ls_diagnostics *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->count; i++) {
        if (d->item[i].warning) {
            json_array_append_new(list, json_pack("{s:s, s:s}", "text", d->item[i].text, "hint",
                                                  d->item[i].hint == NULL ? "" : d->item[i].hint));
        }
    }
    return list;
}

/* Where the policy stands in the document. */
static ls_mark policy_mark(cli *c)
{
    ls_diagnostics quiet = {.arena = &c->arena};
    ls_value *v = NULL;
    bool read = ls_succeeded(ls_yaml_parse(&c->arena, c->document_text, &quiet, &v)) && v != NULL;
    const ls_value *policy = read ? ls_value_get(v, "policy") : NULL;
    return policy == NULL ? (ls_mark){0} : policy->mark;
}

static ls_result run_check(cli *c)
{
    ls_buf json = {0};
    ls_charter *charter = ls_arena_alloc(&c->arena, sizeof *charter);
    ls_result r = charter == NULL ? ls_fail(&ls_fault_memory) : load(c, c->argument[0], charter, &json);
    ls_buf_free(&json);
    LS_TRY(r);
    ls_policy_warn(charter, policy_mark(c), c->diagnostics);
    ls_diagnostics_sort(c->diagnostics);
    if (c->json) {
        return cli_print_json(c, charter->exercise,
                              json_pack("{s:b, s:i, s:o, s:o}", "valid", 1, "parties", (int)charter->party_count,
                                        "policy", json_policy(c, charter), "warnings", json_warnings(c->diagnostics)));
    }
    cli_print_diagnostics(c, stdout); /* warnings */
    cli_mark(c, charter->exercise);
    cli_print("%s: a charter of %zu parties, ready to sign.\n", c->argument[0], charter->party_count);
    print_parties(c, charter);
    if (!charter->quorum_none) {
        print_policy_table(c, charter);
        return LS_SUCCESS;
    }
    putchar('\n');
    cli_paragraph(
        "warning: with quorum none the host alone keeps the record. It can show two parties two histories until"
        " they compare: each workspace remembers what it saw and refuses another.");
    return LS_SUCCESS;
}

const cli_verb cli_verb_charter_check = {
    "charter check",
    "FILE",
    "check a charter before anyone signs it",
    "Reads the YAML, says everything that is wrong at once, and shows who will sign. Of a policy with a quorum it\n"
    "shows which cosigners make a checkpoint final, and warns of what one of them could do alone or with the host,\n"
    "each time with what would mend it. Changes nothing.",
    "  lockstep charter check charter.yaml",
    1,
    1,
    {{0}},
    run_check};

/* sign */

static ls_result propose(cli *c, const char *path, ls_draft *draft)
{
    uint64_t days = OPEN_DAYS_DEFAULT;
    ls_bytes text;
    ls_time now;
    LS_TRY(cli_number(c, "open-days", 3650, &days));
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_connect(&c->ws, &c->detail));
    LS_TRY(ls_workspace_now(&c->ws, &now, &c->detail));
    return ls_workspace_propose_charter(&c->ws, text, now, now + (ls_time)days * DAY, d, draft, &c->detail);
}

static ls_result sign_charter(cli *c, const char *path, const char *out, ls_draft *draft)
{
    ls_act act;
    unsigned added;
    char missing[1024];
    LS_TRY(propose(c, path, draft));
    LS_TRY(ls_act_parse_text(ls_buf_bytes(&draft->note), &act, &c->detail));
    ls_hash id = act.id;
    LS_TRY(cli_confirm(c, "Sign this charter?"));
    LS_TRY(ls_workspace_sign(&c->ws, &draft->note, cli_signers(c), &added, &c->detail));
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    LS_TRY(ls_draft_check_signatures(&c->ws, draft, &c->detail));
    LS_TRY(ls_draft_write(draft, out, &c->detail));
    c->ws.process = id;
    c->ws.has_process = true;
    LS_TRY(ls_workspace_save(&c->ws, &c->detail));
    if (c->json) {
        return cli_print_json(c, act.exercise, cli_json_draft(c, &act, out));
    }
    ls_act_missing_signers(&act, missing, sizeof missing);
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&id, hex);
    cli_mark(c, act.exercise);
    cli_print("Signed: %u signature%s. The charter's fingerprint, which is the process's name everywhere, is\n  %s\n"
              "Still missing: %s\nHand %s to them; each adds a signature with: lockstep sign %s\n",
              added, added == 1 ? "" : "s", hex, missing, out, out);
    return LS_SUCCESS;
}

static ls_result run_sign(cli *c)
{
    const char *path = c->argument[0], *out = cli_value(c, "out");
    size_t stem = strlen(path);
    ls_draft draft = {0};
    stem -= stem > 5 && strcmp(path + stem - 5, ".yaml") == 0 ? 5 : 0;
    out = out != NULL ? out : ls_arena_format(&c->arena, "%.*s.lockstep", (int)stem, path);
    LS_TRY(cli_open(c));
    LS_TRY(cli_release_draft(c));
    if (c->ws.has_process) {
        ls_hint(&c->detail, "one workspace, one process: make another with lockstep init");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace belongs to a process already");
    }
    if (c->ws.ledger_path[0] == '\0') {
        ls_hint(&c->detail, "lockstep charter new --ledger FOLDER makes one");
        return ls_fail_with(&ls_fault_process, &c->detail, "this workspace knows no ledger");
    }
    ls_result r = sign_charter(c, path, out, &draft);
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_charter_sign = {
    "charter sign",
    "FILE",
    "sign a charter first, and make the file that the others sign",
    "Makes the charter's act from the YAML, signs it with this workspace's signers, and writes a file that the other\n"
    "delegations sign in any order with `lockstep sign`. The last one files it.",
    "  lockstep -C rok charter sign charter.yaml",
    1,
    1,
    {{"out", "FILE", "the file for the others (default: FILE with .lockstep)"},
     {"open-days", "N", "how many days it may take to sign (default: 30)"},
     {0}},
    run_sign};

/* show */

/* For verifiers of any make, of proofs that are taken away. The ledger in force is the log, whatever the text names. */
static ls_result print_policy(const ls_charter *charter)
{
    ls_buf text = {0};
    ls_policy policy = charter->policy;
    policy.has_log = true;
    policy.log = charter->ledger;
    ls_policy_format(&policy, &text);
    ls_result r = ls_buf_check(&text);
    if (ls_succeeded(r)) {
        fwrite(text.ptr, 1, text.len, stdout);
    }
    ls_buf_free(&text);
    return r;
}

static ls_result run_show(cli *c)
{
    char hex[LS_HEX_HASH_SIZE];
    LS_TRY(cli_sync(c));
    const ls_charter *charter = ls_record_charter(c->ws.record);
    if (charter == NULL) {
        ls_hint(&c->detail, "lockstep charter new drafts one");
        return ls_fail_with(&ls_fault_process, &c->detail, "there is no charter on the record yet");
    }
    if (cli_flag(c, "policy")) {
        return print_policy(charter);
    }
    if (cli_flag(c, "yaml")) {
        return cli_print_charter_yaml(c);
    }
    ls_hash_format(&c->ws.process, hex);
    if (c->json) {
        ls_bytes json = ls_record_charter_json(c->ws.record);
        return cli_print_json(c, charter->exercise,
                              json_pack("{s:s, s:o}", "fingerprint", hex, "charter",
                                        json_loadb((const char *)json.ptr, json.len, 0, NULL)));
    }
    cli_mark(c, charter->exercise);
    cli_print("%s\nledger      %s\nzone        %s\nfingerprint %s\n", cli_text(c, charter->title),
              cli_text(c, charter->origin), charter->zone.name, hex);
    cli_print_words(&c->ws.process);
    putchar('\n');
    print_parties(c, charter);
    return LS_SUCCESS;
}

const cli_verb cli_verb_charter_show = {
    "charter show",
    "[--policy | --yaml]",
    "show the charter in force, and its fingerprint",
    "Shows who the parties are and which keys speak for them. The fingerprint is what a verifier elsewhere trusts:\n"
    "read its words to each other over a channel that you trust. The keys' own: lockstep keys.",
    "  lockstep -C usa charter show",
    0,
    0,
    {{"policy", NULL, "print only the policy (C2SP tlog-policy), for whoever checks proofs"},
     {"yaml", NULL, "print the YAML that was signed, with the keys in force: to write an amendment from"},
     {0}},
    run_show};
