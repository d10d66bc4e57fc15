/* charter new, check, sign, show. */
#include "base/value.h"
#include "cli/cli.h"
#include "process/plain.h"
#include "yaml/yaml.h"
#include <stdio.h>

#define DAY 86400
#define OPEN_DAYS_DEFAULT 30
#define ZONE_YEARS 40
#define SPANS_MAX 256

/* new */

/* A party's card, indented as an item of the charter's list. */
static ls_result put_card(cli *c, const char *path, const char *role, ls_buf *out)
{
    ls_bytes text, line;
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    ls_value *v;
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(&c->arena, text, d, &v));
    if (v == NULL) {
        return ls_fail(&ls_fault_document);
    }
    if (ls_value_get(v, "signers") == NULL || ls_value_get(v, "name") == NULL) {
        ls_hint(&c->detail, "it is the file party.yaml that lockstep init writes");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s is not a party's card", path);
    }
    ls_reader r = ls_reader_of(text);
    for (bool first = true; ls_read_until(&r, '\n', &line);) {
        if (line.len == 0 || line.ptr[0] == '#') {
            continue;
        }
        ls_buf_put_str(out, first ? "  - " : "    ");
        if (role != NULL && ls_bytes_starts(line, "role:")) {
            ls_buf_format(out, "role: %s", role);
        } else {
            ls_buf_put_bytes(out, line);
        }
        ls_buf_put_str(out, "\n");
        first = false;
    }
    return LS_SUCCESS;
}

static ls_result put_zone(cli *c, const char *zone, ls_time now, ls_buf *out)
{
    ls_zone_span span[SPANS_MAX];
    size_t count;
    ls_time from = now - 2 * 365 * DAY;
    LS_TRY(ls_zone_system(zone, from < 0 ? 0 : from, now + (ls_time)ZONE_YEARS * 365 * DAY, span, SPANS_MAX, &count,
                          &c->detail));
    ls_buf_format(out,
                  "time:\n  zone: %s\n  # What the zone's clocks show, as signed: no later change of law or of a"
                  " program moves a deadline.\n  offsets:\n",
                  zone);
    for (size_t i = 0; i < count; i++) {
        char t[LS_TIME_SIZE];
        ls_time_format(i == 0 ? 0 : span[i].from, t);
        int minutes = span[i].offset / 60;
        ls_buf_format(out, "    - {from: \"%s\", offset: \"%c%02d:%02d\"}\n", t, minutes < 0 ? '-' : '+',
                      abs(minutes) / 60, abs(minutes) % 60);
    }
    ls_buf_put_str(out, "  closing: \"24:00\" # a day's deadline falls at this hour, local time\n");
    return LS_SUCCESS;
}

static ls_result put_parties(cli *c, ls_buf *out)
{
    size_t parties, mediators;
    const char *const *party = cli_values(c, "party", &parties);
    const char *const *mediator = cli_values(c, "mediator", &mediators);
    for (size_t i = 0; i < parties; i++) {
        LS_TRY(put_card(c, party[i], NULL, out));
    }
    for (size_t i = 0; i < mediators; i++) {
        LS_TRY(put_card(c, mediator[i], "mediator", out));
    }
    return ls_buf_check(out);
}

static ls_result put_charter(cli *c, const char *name, ls_bytes zone, ls_bytes parties, ls_buf *out)
{
    char key[LS_VKEY_SIZE];
    ls_vkey vkey;
    const char *title = cli_value(c, "title");
    LS_TRY(ls_ledger_key(c->ws.ledger_path, &vkey, &c->detail));
    ls_vkey_format(&vkey, key);
    ls_buf_format(out,
                  "# A charter: who the parties are, which keys speak for them, where the record lives, which rules"
                  " hold.\n# Change what you like, then: lockstep charter check FILE, and lockstep charter sign FILE.\n"
                  "charter: 1\nname: %s\ntitle: \"%s\"\nexercise: %s\nsemantics: 1\nsuite: 1\n\n"
                  "ledger:\n  origin: %s\n  key: \"%s\"\n"
                  "# One machine, one ledger folder: final means signed and on disk.\npolicy: |\n  quorum none\n\n",
                  name, title != NULL ? title : name, c->ws.exercise ? "true" : "false", vkey.name, key);
    ls_buf_put_bytes(out, zone);
    ls_buf_put_str(out, "\nstamp-interval: 1 day   # how often silence is put on the record\n"
                        "grace: 24 hours         # consequences of silence begin this long after a deadline\n"
                        "expires-limit: 30 days  # how long a signed act may be held back at most\n"
                        "limits:\n  rows: 4000000             # of one declaration, blank rows included\n"
                        "  attachment-bytes: 1073741824\n\nparties:\n");
    ls_buf_put_bytes(out, parties);
    return ls_buf_check(out);
}

static ls_result choose_ledger(cli *c)
{
    const char *given = cli_value(c, "ledger");
    if (given != NULL) {
        LS_TRY(cli_ledger_place(c, given, &c->ws.ledger_path));
    }
    if (c->ws.ledger_path[0] == '\0') {
        ls_hint(&c->detail, "--ledger FOLDER: it is made if it is not there");
        return ls_fail_with(&ls_fault_usage, &c->detail, "where shall the record live?");
    }
    if (!ls_workspace_embedded(&c->ws)) {
        ls_hint(&c->detail, "the host drafts it: lockstep charter new FILE --ledger FOLDER, and then serves the folder");
        return ls_fail_with(&ls_fault_usage, &c->detail, "a charter names the key of its ledger, which lies in a folder");
    }
    return LS_SUCCESS;
}

static bool ledger_is_there(const cli *c)
{
    char key_path[4096];
    snprintf(key_path, sizeof key_path, "%.4000s/key.vault", c->ws.ledger_path);
    return ls_file_exists(key_path);
}

/* The time around which the zone's table is laid: that of the ledger, if it has a clock already. */
static ls_result drafting_time(cli *c, ls_time *out)
{
    *out = ls_clock_now();
    if (!ledger_is_there(c)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_ledger_open(c->ws.ledger_path, &c->ws.ledger, &c->detail));
    return c->ws.ledger->methods->now(c->ws.ledger, out, &c->detail);
}

static ls_result ensure_ledger(cli *c, const char *name)
{
    if (!ledger_is_there(c)) {
        const char *origin = ls_arena_format(&c->arena, "%s%.*s/%s", c->ws.exercise ? "exercise." : "",
                                             (int)c->ws.domain.len, (const char *)c->ws.domain.ptr, name);
        LS_TRY(ls_ledger_create(c->ws.ledger_path, origin, &c->detail));
    }
    return ls_workspace_save(&c->ws, &c->detail);
}

/* Everything that is given is read before anything is made. */
static ls_result write_charter(cli *c, const char *name, ls_buf *zone, ls_buf *parties, ls_buf *text)
{
    ls_time now;
    const char *wanted = cli_value(c, "zone");
    LS_TRY(put_parties(c, parties));
    LS_TRY(drafting_time(c, &now));
    LS_TRY(put_zone(c, wanted != NULL ? wanted : "UTC", now, zone));
    LS_TRY(ensure_ledger(c, name));
    LS_TRY(put_charter(c, name, ls_buf_bytes(zone), ls_buf_bytes(parties), text));
    return ls_file_create(c->argument[0], ls_buf_bytes(text), &c->detail);
}

static ls_result check_new(cli *c, const char *name)
{
    size_t parties;
    const char *title = cli_value(c, "title");
    cli_values(c, "party", &parties);
    if (parties < 2) {
        ls_hint(&c->detail, "--party dprk/party.yaml --party usa/party.yaml --mediator rok/party.yaml");
        return ls_fail_with(&ls_fault_usage, &c->detail, "a process has at least two parties");
    }
    if (!ls_name_valid(ls_bytes_str(name))) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" can't be a process's name: use letters and hyphens",
                            name);
    }
    if (title != NULL && (!ls_plain_valid(ls_bytes_str(title)) || strpbrk(title, "\"\\\n") != NULL)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the title holds a character that a title can't hold");
    }
    if (ls_file_exists(c->argument[0])) {
        return ls_fail_with(&ls_fault_exists, &c->detail, "%s exists already", c->argument[0]);
    }
    return LS_SUCCESS;
}

static ls_result run_new(cli *c)
{
    ls_buf zone = {0}, parties = {0}, text = {0};
    const char *given = cli_value(c, "name"), *name = given != NULL ? given : "process";
    LS_TRY(check_new(c, name));
    LS_TRY(cli_open(c));
    LS_TRY(choose_ledger(c));
    ls_result r = write_charter(c, name, &zone, &parties, &text);
    ls_buf_free(&zone);
    ls_buf_free(&parties);
    ls_buf_free(&text);
    LS_TRY(r);
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:o, s:o}", "charter", ls_show_text_json(c->argument[0]), "ledger",
                                        ls_show_text_json(c->ws.ledger_path)));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s is a draft, and %s an empty ledger for it. Read it, change it, then:\n"
              "  lockstep charter check %s\n  lockstep charter sign %s\n",
              c->argument[0], c->ws.ledger_path, c->argument[0], c->argument[0]);
    return LS_SUCCESS;
}

const cli_verb cli_verb_charter_new = {
    "charter new",
    "FILE --party CARD --party CARD --ledger FOLDER",
    "draft a charter from the delegations' cards",
    "Writes a commented draft from the party.yaml of each delegation, and makes the ledger's folder with its key if\n"
    "it is not there yet. Whoever owns that folder is the host.",
    "  lockstep -C rok charter new charter.yaml --name pyongyang-2018 --zone Asia/Seoul --ledger ledger \\\n"
    "      --party dprk/party.yaml --party usa/party.yaml --mediator rok/party.yaml",
    1,
    1,
    {{"party", "CARD", "a delegation's party.yaml; repeat for each"},
     {"mediator", "CARD", "the mediator's party.yaml"},
     {"name", "NAME", "the process's name (default: process)"},
     {"title", "TEXT", "its name for display"},
     {"ledger", "FOLDER", "where the record lives"},
     {"zone", "ZONE", "time zone of deadlines (default: UTC)"},
     {0}},
    run_new};

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

static ls_result run_check(cli *c)
{
    ls_buf json = {0};
    ls_charter *charter = ls_arena_alloc(&c->arena, sizeof *charter);
    ls_result r = charter == NULL ? ls_fail(&ls_fault_memory) : load(c, c->argument[0], charter, &json);
    ls_buf_free(&json);
    LS_TRY(r);
    if (c->json) {
        return cli_print_json(c, charter->exercise,
                              json_pack("{s:b, s:i}", "valid", 1, "parties", (int)charter->party_count));
    }
    cli_print_diagnostics(c, stdout); /* warnings */
    cli_mark(c, charter->exercise);
    cli_print("%s: a charter of %zu parties, ready to sign.\n", c->argument[0], charter->party_count);
    print_parties(c, charter);
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
    "Reads the YAML, says everything that is wrong at once, and shows who will sign. Changes nothing.",
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
    ls_hash_format(&c->ws.process, hex);
    if (c->json) {
        ls_bytes json = ls_record_charter_json(c->ws.record);
        return cli_print_json(c, charter->exercise,
                              json_pack("{s:s, s:o}", "fingerprint", hex, "charter",
                                        json_loadb((const char *)json.ptr, json.len, 0, NULL)));
    }
    cli_mark(c, charter->exercise);
    cli_print("%s\nfingerprint %s\nledger      %s\nzone        %s\n\n", cli_text(c, charter->title), hex,
              cli_text(c, charter->origin), charter->zone.name);
    print_parties(c, charter);
    return LS_SUCCESS;
}

const cli_verb cli_verb_charter_show = {
    "charter show",
    "[--policy]",
    "show the charter in force, and its fingerprint",
    "Shows who the parties are and which keys speak for them. The fingerprint is what a verifier elsewhere trusts:\n"
    "read it to each other over a channel that you trust.",
    "  lockstep -C usa charter show",
    0,
    0,
    {{"policy", NULL, "print only the policy (C2SP tlog-policy), for whoever checks proofs"}, {0}},
    run_show};
