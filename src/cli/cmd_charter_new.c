/* charter new: a draft from the cards of delegations and outsiders. */
#include "base/value.h"
#include "cli/cli.h"
#include "process/plain.h"
#include "yaml/yaml.h"
#include <stdio.h>

#define DAY 86400
#define ZONE_YEARS 40
#define SPANS_MAX 256

/* What the cards bring together. */
typedef struct gathered {
    ls_buf parties, cosigners, witnesses;
    size_t witness_count;
    const char *names; /* of the witnesses, each after a space */
    bool hosted;       /* the workspace's party is among the parties */
} gathered;

static ls_result read_card(cli *c, const char *path, ls_bytes *text, ls_value **out)
{
    LS_TRY(cli_read(c, path, text));
    ls_diagnostics *d = cli_diagnostics(c, path, *text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(&c->arena, *text, d, out));
    return *out == NULL ? ls_fail(&ls_fault_document) : LS_SUCCESS;
}

/* A string of a card that can stand in the draft as it is; NULL if there is none. */
static const char *card_string(const ls_value *card, const char *key)
{
    const ls_value *v = card == NULL ? NULL : ls_value_get(card, key);
    bool plain = v != NULL && v->type == LS_STRING && v->string.len > 0 && ls_plain_valid(v->string) &&
                 strpbrk((const char *)v->string.ptr, "\"\\\n") == NULL;
    return plain ? (const char *)v->string.ptr : NULL;
}

/* A cosigner's card, or the part about it in its party's; party NULL: an outsider's. */
static ls_result put_cosigner(cli *c, const ls_value *card, const char *party, bool counts, gathered *out)
{
    const char *name = card_string(card, "name"), *key = card_string(card, "key");
    const char *receipts = card_string(card, "receipts"), *title = card_string(card, "title");
    if (name == NULL || key == NULL || receipts == NULL) {
        ls_hint(&c->detail, "it is the file cosigner.yaml that lockstep init --cosigner or --outsider writes");
        return ls_fail_with(&ls_fault_usage, &c->detail, "a card lacks a cosigner's name and its two keys");
    }
    ls_buf_format(&out->cosigners, "  - name: %s\n", name);
    if (party != NULL) {
        ls_buf_format(&out->cosigners, "    party: %s\n", party);
    }
    if (title != NULL) {
        ls_buf_format(&out->cosigners, "    title: \"%s\"\n", title);
    }
    ls_buf_format(&out->cosigners, "    key: \"%s\"\n    receipts: \"%s\"\n", key, receipts);
    if (counts) {
        ls_buf_format(&out->witnesses, "  witness %s %s\n", name, key);
        out->names = ls_arena_format(&c->arena, "%s %s", out->names, name);
        out->witness_count++;
    }
    return out->names == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* A party's card, indented as an item of the charter's list, without what it says of its cosigner. */
static void put_party(ls_bytes text, const char *role, ls_buf *out)
{
    ls_reader r = ls_reader_of(text);
    bool of_cosigner = false, first = true;
    for (ls_bytes line; ls_read_until(&r, '\n', &line);) {
        if (line.len == 0 || line.ptr[0] == '#') {
            continue;
        }
        of_cosigner = ls_bytes_starts(line, "cosigner:") || (of_cosigner && line.ptr[0] == ' ');
        if (of_cosigner) {
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
}

static ls_result put_card(cli *c, const char *path, const char *role, gathered *out)
{
    ls_bytes text;
    ls_value *v;
    LS_TRY(read_card(c, path, &text, &v));
    const char *name = card_string(v, "name");
    if (ls_value_get(v, "signers") == NULL || name == NULL) {
        ls_hint(&c->detail, "it is the file party.yaml that lockstep init writes");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s is not a party's card", path);
    }
    /* Whoever drafts it makes the ledger's folder, so he is the host. */
    bool hosts = ls_bytes_is(c->ws.party, name);
    out->hosted = out->hosted || hosts;
    put_party(text, role, &out->parties);
    const ls_value *cosigner = ls_value_get(v, "cosigner");
    return cosigner == NULL ? LS_SUCCESS : put_cosigner(c, cosigner, name, !hosts, out);
}

static ls_result put_outsider(cli *c, const char *path, gathered *out)
{
    ls_bytes text;
    ls_value *v;
    LS_TRY(read_card(c, path, &text, &v));
    return put_cosigner(c, v, NULL, true, out);
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
    ls_buf_put_str(out, "  counting: from the next day # or: from the same day, which is then the first\n");
    return LS_SUCCESS;
}

static ls_result put_cards(cli *c, gathered *out)
{
    size_t parties, mediators, outsiders;
    const char *const *party = cli_values(c, "party", &parties);
    const char *const *mediator = cli_values(c, "mediator", &mediators);
    const char *const *outsider = cli_values(c, "outsider", &outsiders);
    out->names = "";
    for (size_t i = 0; i < parties; i++) {
        LS_TRY(put_card(c, party[i], NULL, out));
    }
    for (size_t i = 0; i < mediators; i++) {
        LS_TRY(put_card(c, mediator[i], "mediator", out));
    }
    for (size_t i = 0; i < outsiders; i++) {
        LS_TRY(put_outsider(c, outsider[i], out));
    }
    LS_TRY(ls_buf_check(&out->parties));
    LS_TRY(ls_buf_check(&out->witnesses));
    return ls_buf_check(&out->cosigners);
}

/* So many of n that any two quorums share two cosigners, so that none can show two histories together with the host; of
 * four or more then nobody can stop the clock alone, either. */
static size_t enough_of(size_t n)
{
    size_t k = (n + 3) / 2;
    return k < n ? k : n;
}

static void put_policy(const gathered *g, ls_buf *out)
{
    if (g->witness_count == 0) {
        ls_buf_put_str(out, "# One machine, one ledger folder: final means signed and on disk.\npolicy: |\n"
                            "  quorum none\n\n");
    } else {
        ls_buf_format(
            out,
            "# A checkpoint is final once %zu of these have cosigned it. What that lets happen, and what would be"
            " better,\n# says: lockstep charter check FILE. A cosigner that the host shall call has its URL at"
            " the end of its line.\npolicy: |\n%.*s  group enough %zu%s\n  quorum enough\n\n",
            enough_of(g->witness_count), (int)g->witnesses.len, (const char *)g->witnesses.ptr,
            enough_of(g->witness_count), g->names);
    }
    if (g->cosigners.len > 0) {
        ls_buf_put_str(out, "# They replay the record before they cosign. The host's own counts for nothing.\n"
                            "cosigners:\n");
        ls_buf_put_bytes(out, ls_buf_bytes(&g->cosigners));
        ls_buf_put_str(out, "\n");
    }
}

static ls_result put_charter(cli *c, const char *name, ls_bytes zone, const gathered *g, ls_buf *out)
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
                  "ledger:\n  origin: %s\n  key: \"%s\"\n",
                  name, title != NULL ? title : name, c->ws.exercise ? "true" : "false", vkey.name, key);
    if (g->hosted) {
        ls_buf_format(out, "  host: %.*s\n", (int)c->ws.party.len, (const char *)c->ws.party.ptr);
    }
    put_policy(g, out);
    ls_buf_put_bytes(out, zone);
    ls_buf_put_str(out, "\nstamp-interval: 1 day   # how often silence is put on the record\n"
                        "grace: 24 hours         # consequences of silence begin this long after a deadline\n"
                        "expires-limit: 30 days  # how long a signed act may be held back at most\n"
                        "limits:\n  rows: 4000000             # of one declaration, blank rows included\n"
                        "  attachment-bytes: 1073741824\n\nparties:\n");
    ls_buf_put_bytes(out, ls_buf_bytes(&g->parties));
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
        ls_hint(&c->detail,
                "the host drafts it: lockstep charter new FILE --ledger FOLDER, and then serves the folder");
        return ls_fail_with(&ls_fault_usage, &c->detail,
                            "a charter names the key of its ledger, which lies in a folder");
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
static ls_result write_charter(cli *c, const char *name, ls_buf *zone, gathered *g, ls_buf *text)
{
    ls_time now;
    const char *wanted = cli_value(c, "zone");
    LS_TRY(put_cards(c, g));
    LS_TRY(drafting_time(c, &now));
    LS_TRY(put_zone(c, wanted != NULL ? wanted : "UTC", now, zone));
    LS_TRY(ensure_ledger(c, name));
    LS_TRY(put_charter(c, name, ls_buf_bytes(zone), g, text));
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
    ls_buf zone = {0}, text = {0};
    gathered g = {0};
    const char *given = cli_value(c, "name"), *name = given != NULL ? given : "process";
    LS_TRY(check_new(c, name));
    LS_TRY(cli_open(c));
    LS_TRY(choose_ledger(c));
    ls_result r = write_charter(c, name, &zone, &g, &text);
    ls_buf_free(&zone);
    ls_buf_free(&g.parties);
    ls_buf_free(&g.cosigners);
    ls_buf_free(&g.witnesses);
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
    "it is not there yet. Whoever owns that folder is the host. If cards have cosigners, the draft has a policy by\n"
    "which most of them make a checkpoint final; of two parties, add two outsiders, so that three of four do.",
    "  lockstep -C rok charter new charter.yaml --name pyongyang-2018 --zone Asia/Seoul --ledger ledger \\\n"
    "      --party dprk/party.yaml --party usa/party.yaml --mediator rok/party.yaml",
    1,
    1,
    {{"party", "CARD", "a delegation's party.yaml; repeat for each"},
     {"mediator", "CARD", "the mediator's party.yaml"},
     {"outsider", "CARD", "the cosigner.yaml of somebody who is no party; may be repeated"},
     {"name", "NAME", "the process's name (default: process)"},
     {"title", "TEXT", "its name for display"},
     {"ledger", "FOLDER", "where the record lives"},
     {"zone", "ZONE", "time zone of deadlines (default: UTC)"},
     {0}},
    run_new};
