/* cosign: a cosigner at work, asked how it stands, stopped for an origin, told to forget a host, handed a succession,
 * and reached by courier. */
#include "bundle/courier.h"
#include "cli/cli.h"
#include "cosign/follow.h"
#include "cosign/service.h"
#include "ledger/carried.h"
#include "ledger/remote.h"
#include "workspace/receipts.h"
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define INTERVAL_ALONE 5    /* seconds between looks at a host that can't reach us, */
#define INTERVAL_REACHED 60 /* and at one that can */
#define CARRIED "courier"   /* instead of a URL: the host's files come by hand */

/* The passphrase of both vaults, in guarded memory. */
static ls_result ask_passphrase(cli *c, char **out)
{
    ls_passphrase p = cli_passphrase(c);
    char *text = sodium_malloc(LS_PASSPHRASE_MAX);
    if (text == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = p.ask(p.context, ls_bytes_str("the cosigner"), false, text, LS_PASSPHRASE_MAX, &c->detail);
    if (ls_failed(r)) {
        sodium_free(text);
        return r;
    }
    *out = text;
    return LS_SUCCESS;
}

static ls_result open_folder(cli *c, ls_cosign_folder *f)
{
    const char *path = c->argument[0];
    bool protected = false;
    char *passphrase = NULL;
    LS_TRY(ls_cosign_folder_protected(path, &protected, &c->detail));
    if (protected) {
        LS_TRY(ask_passphrase(c, &passphrase));
    }
    ls_result r = ls_cosign_folder_open(path, passphrase, f, &c->detail);
    sodium_free(passphrase);
    return r;
}

static ls_time system_now(void *context)
{
    (void)context;
    return ls_clock_now();
}

/* cosign */

static void print_event(void *context, const ls_cosign_event *e)
{
    ls_buf line;
    (void)context;
    cli_log_begin(&line, e->level == LS_COSIGN_INFO ? "info" : "warning", e->event);
    if (e->size > 0) {
        ls_buf_format(&line, " size=%" PRIu64, e->size);
    }
    cli_log_text(&line, "origin", e->origin);
    cli_log_text(&line, "text", e->text);
    cli_log_end(&line);
}

/* --follow and --charter belong together in their order; what was followed once is remembered. */
static ls_result remember_follows(cli *c, const ls_cosign_folder *f)
{
    size_t urls, charters;
    const char *const *url = cli_values(c, "follow", &urls), *const *charter = cli_values(c, "charter", &charters);
    if (urls != charters) {
        ls_hint(&c->detail, "the fingerprint is what makes this process no other; each party knows it");
        return ls_fail_with(&ls_fault_usage, &c->detail, "each --follow URL needs its --charter FINGERPRINT");
    }
    for (size_t i = 0; i < urls; i++) {
        ls_hash process;
        if (!ls_hash_parse(ls_bytes_str(charter[i]), &process)) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is no fingerprint: 64 hex digits", charter[i]);
        }
        if (!ls_remote_is_url(url[i])) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is no URL of a ledger", url[i]);
        }
        LS_TRY(ls_cosign_folder_follow(f, &process, url[i], &c->detail));
    }
    return LS_SUCCESS;
}

static ls_result read_logs(cli *c, ls_vkey **out, size_t *count)
{
    const char *const *text = cli_values(c, "log", count);
    ls_vkey *keys = ls_arena_array(&c->arena, *count + 1, sizeof *keys);
    if (*count > LS_COSIGN_LOGS_MAX || keys == NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "at most %d logs", LS_COSIGN_LOGS_MAX);
    }
    for (size_t i = 0; i < *count; i++) {
        if (ls_failed(ls_vkey_parse(ls_bytes_str(text[i]), &keys[i])) || keys[i].type != LS_KEY_ED25519) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is no log's key (vkey, type 01)", text[i]);
        }
    }
    *out = keys;
    return LS_SUCCESS;
}

/* Blocked in this thread, and so in all that follow: one waits for them. */
static void block_signals(sigset_t *set)
{
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
}

static ls_result work(cli *c, const ls_cosign_options *o, const sigset_t *set)
{
    ls_cosign_service *s;
    int got;
    char text[128];
    LS_TRY(ls_cosign_start(o, &s, &c->detail));
    snprintf(text, sizeof text, o->listen == NULL ? "looks at its hosts" : "listens on port %u", ls_cosign_port(s));
    print_event(NULL, &(ls_cosign_event){LS_COSIGN_INFO, "started", o->folder->key.name, text, 0});
    sigwait(set, &got);
    ls_cosign_stop(s);
    print_event(NULL, &(ls_cosign_event){LS_COSIGN_INFO, "stopped", o->folder->key.name, "", 0});
    return LS_SUCCESS;
}

static ls_result run_cosign(cli *c)
{
    ls_cosign_folder f;
    ls_vkey *logs = NULL;
    sigset_t set;
    ls_cosign_options o = {.listen = cli_value(c, "listen"),
                           .certificate = cli_value(c, "certificate"),
                           .key = cli_value(c, "key"),
                           .authority_file = cli_authority(c),
                           .event = print_event};
    uint64_t interval = o.listen == NULL ? INTERVAL_ALONE : INTERVAL_REACHED;
    LS_TRY(cli_number(c, "interval", 86400, &interval));
    LS_TRY(read_logs(c, &logs, &o.log_count));
    LS_TRY(open_folder(c, &f));
    block_signals(&set);
    o.folder = &f;
    o.log = logs;
    o.interval = interval == 0 ? 1 : (unsigned)interval;
    ls_result r = remember_follows(c, &f);
    if (ls_succeeded(r)) {
        r = work(c, &o, &set);
    }
    ls_cosign_folder_close(&f);
    return r;
}

const cli_verb cli_verb_cosign = {
    "cosign",
    "FOLDER [--listen ADDRESS] [--follow URL --charter FINGERPRINT]…",
    "work as a cosigner, until it is told to end",
    "Follows the ledgers of its processes, each in a copy of its own. It replays every entry and cosigns a checkpoint\n"
    "only if all of it is in order, time is not ahead of the clock here, every file is here, and no act is held back\n"
    "for which it gave a receipt. Where it holds a cosignature back it says why, in its log and in `cosign status`.\n"
    "With --listen the host brings its checkpoints, authors bring acts for receipts, and other logs (--log) are\n"
    "witnessed, as in C2SP tlog-witness. Without it, it looks at its hosts and brings them its cosignatures. What was\n"
    "followed once is remembered. SIGTERM ends it cleanly.",
    "  lockstep cosign watch --follow https://rok.example/pyongyang --charter 1ceb…\n"
    "  lockstep cosign watch --listen :8443 --certificate watch.pem --key watch.key",
    1,
    1,
    {{"listen", "ADDRESS", "HOST:PORT, :PORT or unix:PATH"},
     {"certificate", "FILE", "certificates for TLS (PEM), together with --key"},
     {"key", "FILE", "their key (PEM)"},
     {"follow", "URL", "a process's ledger; may be repeated, each with its --charter"},
     {"charter", "FINGERPRINT", "of the process at that URL"},
     {"log", "VKEY", "another log to witness, by consistency proofs alone; may be repeated"},
     {"interval", "SECONDS", "between looks at a host (default: 5; 60 with --listen)"},
     {0}},
    run_cosign};

/* cosign status: reads what the cosigner at work remembers. */

static ls_result read_state(cli *c, ls_cosign_state **state)
{
    const char *path = ls_arena_format(&c->arena, "%s/cosigner.sqlite", c->argument[0]);
    return path == NULL ? ls_fail(&ls_fault_memory) : ls_cosign_state_open(path, false, state, &c->detail);
}

static const char *time_text(cli *c, ls_time t)
{
    char text[LS_TIME_SIZE];
    ls_time_format(t, text);
    return t > 0 ? cli_text(c, ls_bytes_str(text)) : "never";
}

static ls_result print_standing(void *context, const ls_cosign_standing *s)
{
    cli *c = context;
    cli_print("%s\n  cosigned %llu entries, %s\n", cli_text(c, s->origin), (unsigned long long)s->last.size,
              time_text(c, s->last.time));
    if (s->stopped.len > 0) {
        cli_print("  stopped: %s\n", cli_text(c, s->stopped));
    }
    if (s->rule.len > 0) {
        cli_print("  holds its cosignature back since %s (%s): %s\n", time_text(c, s->since), cli_text(c, s->rule),
                  cli_text(c, s->text));
    }
    return LS_SUCCESS;
}

static ls_result add_standing(void *context, const ls_cosign_standing *s)
{
    return json_array_append_new(context, ls_cosign_standing_json(s)) == 0 ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

static ls_result run_status(cli *c)
{
    ls_cosign_state *state;
    LS_TRY(read_state(c, &state));
    json_t *list = json_array();
    ls_result r = c->json ? ls_cosign_state_standing(state, add_standing, list, &c->detail)
                          : ls_cosign_state_standing(state, print_standing, c, &c->detail);
    ls_cosign_state_close(state);
    if (ls_failed(r) || !c->json) {
        json_decref(list);
        return r;
    }
    return cli_print_json(c, false, json_pack("{s:o}", "origins", list));
}

const cli_verb cli_verb_cosign_status = {
    "cosign status",
    "FOLDER",
    "what a cosigner has cosigned, and what it holds back and why",
    "Lists the origins that were cosigned, how far and when; which of them are stopped; and, where a rule holds a\n"
    "cosignature back, the rule and the act. It may be asked while the cosigner works, and takes no passphrase.",
    "  lockstep cosign status watch",
    1,
    1,
    {{0}},
    run_status};

/* cosign stop */

static ls_result run_stop(cli *c)
{
    ls_cosign_state *state;
    ls_cosigned last = {0};
    const char *origin = c->argument[1];
    LS_TRY(cli_confirm(c, ls_arena_format(&c->arena, "Never cosign %s again?", origin)));
    LS_TRY(read_state(c, &state));
    ls_result r = ls_cosign_state_stop(state, ls_bytes_str(origin), NULL, "its operator has stopped it", &c->detail);
    if (ls_succeeded(r)) {
        r = ls_cosign_state_last(state, ls_bytes_str(origin), &last, NULL, &c->detail);
    }
    ls_cosign_state_close(state);
    LS_TRY(r);
    if (c->json) {
        return cli_print_json(c, false, json_pack("{s:s, s:I}", "origin", origin, "size", (json_int_t)last.size));
    }
    cli_print("Nothing more is cosigned for %s. A successor must keep at least its first %llu entries.\n", origin,
              (unsigned long long)last.size);
    return LS_SUCCESS;
}

const cli_verb cli_verb_cosign_stop = {
    "cosign stop",
    "FOLDER ORIGIN",
    "cosign nothing more for an origin, before its ledger is succeeded",
    "Before the parties sign a succession, their cosigners stop: then no later checkpoint of the old ledger can "
    "become\n"
    "final, and each says how many entries the successor must keep. It can't be undone.",
    "  lockstep cosign stop watch rok.example/pyongyang",
    2,
    2,
    {{0}},
    run_stop};

/* cosign forget */

/* Names what is followed, where what was named is not. */
static ls_result not_followed(cli *c, const char *url, const ls_cosign_source *sources, size_t count)
{
    ls_buf list = {0};
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(&list, "%s%s", i == 0 ? "" : ", ", sources[i].url);
    }
    ls_hint(&c->detail, "followed: %s", count == 0 ? "nothing" : ls_buf_cstr(&list));
    ls_buf_free(&list);
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s is not followed here", url);
}

/* Of one process, or of all that are followed at this URL. */
static ls_result forget(cli *c, const ls_cosign_folder *f, json_t *list)
{
    const char *url = c->argument[1];
    ls_cosign_source *sources;
    size_t count, forgotten = 0;
    ls_hash process;
    ls_result r = LS_SUCCESS;
    bool one = cli_fingerprint(c, &process, &r);
    LS_TRY(r);
    LS_TRY(ls_cosign_folder_sources(f, &c->arena, &sources, &count, &c->detail));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(sources[i].url, url) != 0 || (one && !ls_hash_equal(&sources[i].process, &process))) {
            continue;
        }
        LS_TRY(ls_cosign_folder_forget(&sources[i], &c->detail));
        forgotten++;
        json_array_append_new(
            list, json_pack("{s:o, s:s}", "process", cli_json_hash(&sources[i].process), "folder", sources[i].folder));
        if (!c->json) {
            cli_print("%s is followed no more for the process %s. Its copy stays in %s.\n", url,
                      cli_short(c, &sources[i].process), sources[i].folder);
        }
    }
    return forgotten > 0 ? LS_SUCCESS : not_followed(c, url, sources, count);
}

static ls_result run_forget(cli *c)
{
    ls_cosign_folder f;
    LS_TRY(ls_cosign_folder_lock(c->argument[0], &f, &c->detail));
    json_t *list = json_array();
    ls_result r = forget(c, &f, list);
    ls_cosign_folder_close(&f);
    if (ls_failed(r) || !c->json) {
        json_decref(list);
        return r;
    }
    return cli_print_json(c, false, json_pack("{s:s, s:o}", "url", c->argument[1], "forgotten", list));
}

const cli_verb cli_verb_cosign_forget = {
    "cosign forget",
    "FOLDER URL",
    "follow a host no more, as when the process has gone on to another one",
    "A cosigner looks at every host that it was told to follow, for ever, and counts the looks that fail. This ends\n"
    "it for one; the cosigner must not be at work meanwhile. What was cosigned stays known, and so do the copy of the\n"
    "record and evidence against the host: with --follow the cosigner goes on from there. Of a process that is\n"
    "followed nowhere, acts that have receipts wait until it is.",
    "  lockstep cosign forget watch https://rok.example/pyongyang",
    2,
    2,
    {{"charter", "FINGERPRINT", "of one process at that URL (default: all)"}, {0}},
    run_forget};

/* cosign hand */

/* A succession is the one act that no ledger takes which it concerns: others are handed in by `receipts`. */
static ls_result read_succession(cli *c, const char *path, ls_draft *draft, ls_act *act)
{
    LS_TRY(ls_draft_read(&c->arena, path, draft, &c->detail));
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, act, &c->detail));
    if (!ls_bytes_is(act->kind, "succeed")) {
        ls_hint(&c->detail, "for acts that the host does not take: lockstep receipts");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s is no succession", path);
    }
    if (ls_failed(ls_act_parse(ls_buf_bytes(&draft->note), false, act, NULL))) {
        ls_hint(&c->detail, "all parties but the old host do, each with: lockstep sign %s", path);
        return ls_fail_with(&ls_fault_refused, &c->detail, "not everybody who must has signed %s yet", path);
    }
    return LS_SUCCESS;
}

/* By the copy that lies in a folder: the host, which is succeeded, is not asked. */
static ls_result hand_to_copy(const ls_cosign_folder *f, const ls_cosign_source *source, ls_bytes note, ls_buf *receipt,
                              ls_detail *detail)
{
    ls_follow *follow;
    ls_cosign_answer answer = {0};
    const ls_follow_options o = {.owner = f, .folder = source->folder, .process = source->process, .now = system_now};
    LS_TRY(ls_follow_open(&o, &follow, detail));
    ls_follow_receipt(follow, note, false, &answer);
    ls_follow_close(follow);
    ls_bytes body = ls_buf_bytes(&answer.body);
    ls_result r = answer.status == 200 ? LS_SUCCESS : ls_receipt_refused(answer.status, body, detail);
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(receipt, body);
        r = ls_buf_check(receipt);
    }
    ls_buf_free(&answer.body);
    return r;
}

/* Of several copies of one process the first will do that can judge it: what is stopped is the cosigner's. */
static ls_result hand_to_folder(cli *c, const ls_act *act, ls_bytes note, ls_buf *receipt)
{
    ls_cosign_folder f;
    ls_cosign_source *sources;
    size_t count = 0;
    LS_TRY(open_folder(c, &f));
    ls_result r = ls_cosign_folder_sources(&f, &c->arena, &sources, &count, &c->detail);
    if (ls_succeeded(r)) {
        ls_hint(&c->detail, "it is followed with: lockstep cosign FOLDER --follow URL --charter FINGERPRINT");
        r = ls_fail_with(&ls_fault_usage, &c->detail, "the process of this succession is not followed here");
    }
    for (size_t i = 0; i < count && receipt->len == 0; i++) {
        if (ls_hash_equal(&sources[i].process, &act->process)) {
            c->detail = (ls_detail){0};
            r = hand_to_copy(&f, &sources[i], note, receipt, &c->detail);
        }
    }
    ls_cosign_folder_close(&f);
    return r;
}

static ls_result report_handed(cli *c, const ls_act *act, ls_bytes receipt)
{
    ls_receipt_note said;
    ls_note note;
    LS_TRY(ls_receipt_parse(receipt, &said, &note, &c->detail));
    if (!ls_hash_equal(&said.act, &act->id) || !ls_hash_equal(&said.process, &act->process)) {
        return ls_fail_with(&ls_fault_receipt, &c->detail, "it gives a receipt for something else");
    }
    if (c->json) {
        return cli_print_json(c, act->exercise,
                              json_pack("{s:o, s:s, s:o}", "act", cli_json_hash(&act->id), "cosigner", c->argument[0],
                                        "receipt", cli_json_bytes(receipt)));
    }
    cli_mark(c, act->exercise);
    /* What it says: whose signature the receipt bears is checked where it is used. */
    cli_print("%s gives a receipt for the succession %s of %s: it signs the ledger that it ends no more.\n",
              c->argument[0], cli_short(c, &act->id), time_text(c, said.time));
    return LS_SUCCESS;
}

static ls_result run_hand(cli *c)
{
    const char *to = c->argument[0];
    ls_draft draft = {0};
    ls_act act;
    ls_buf receipt = {0};
    ls_result r = read_succession(c, c->argument[1], &draft, &act);
    ls_bytes note = ls_buf_bytes(&draft.note);
    if (ls_succeeded(r)) {
        r = ls_remote_is_url(to) ? ls_receipt_ask(to, cli_authority(c), note, false, &receipt, &c->detail)
                                 : hand_to_folder(c, &act, note, &receipt);
    }
    if (ls_succeeded(r)) {
        r = report_handed(c, &act, ls_buf_bytes(&receipt));
    }
    ls_buf_free(&receipt);
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_cosign_hand = {
    "cosign hand",
    "FOLDER|URL FILE",
    "hand a succession to a cosigner, so that it signs the old ledger no more",
    "FILE is the succession that all parties but the old host have signed (lockstep ledger succeed). At its URL every\n"
    "cosigner takes it from anybody; one that is not reached takes it in its folder, while it is not at work, and "
    "judges\n"
    "it by its own copy of the record. It refuses one that is not signed, has lapsed, or would drop entries that it "
    "has\n"
    "cosigned. The receipt that it gives is printed with --json.",
    "  lockstep cosign hand https://watch.uni.example:8443 succession.lockstep\n"
    "  lockstep cosign hand watch succession.lockstep",
    2,
    2,
    {{0}},
    run_hand};

/* cosign carry */

static ls_result carried_folder(cli *c, const ls_cosign_folder *f, const ls_hash *process, const char **folder)
{
    ls_hash trusted;
    ls_result r = LS_SUCCESS;
    if (cli_fingerprint(c, &trusted, &r) && ls_succeeded(r)) {
        r = ls_cosign_folder_follow(f, &trusted, CARRIED, &c->detail);
    }
    LS_TRY(r);
    ls_cosign_source *sources;
    size_t count;
    LS_TRY(ls_cosign_folder_sources(f, &c->arena, &sources, &count, &c->detail));
    for (size_t i = 0; i < count; i++) {
        if (ls_hash_equal(&sources[i].process, process) && strcmp(sources[i].url, CARRIED) == 0) {
            *folder = sources[i].folder;
            return LS_SUCCESS;
        }
    }
    ls_hint(&c->detail, "name it the first time: --charter FINGERPRINT");
    return ls_fail_with(&ls_fault_usage, &c->detail, "the file is of a process that is not followed here by courier");
}

static ls_result cosign_carried(cli *c, const ls_cosign_folder *f, const ls_courier *courier, ls_buf *note,
                                ls_refusal *why)
{
    ls_carried source;
    ls_follow *follow;
    const char *folder = NULL;
    ls_carried_init(&source, courier);
    LS_TRY(carried_folder(c, f, &courier->process, &folder));
    const ls_follow_options o = {
        .owner = f, .folder = folder, .process = courier->process, .source = &source.base, .now = system_now};
    const ls_witness_options w = {.state = f->state, .key = &f->key, .seed = f->key_seed, .now = system_now};
    LS_TRY(ls_follow_open(&o, &follow, &c->detail));
    ls_result r = ls_follow_pull(follow, &w, note, why, &c->detail);
    /* What was cosigned before may have been lost on its way. */
    if (ls_succeeded(r) && note->len == 0 && why->rule == NULL) {
        r = ls_follow_cosigned(follow, note, &c->detail);
    }
    ls_follow_close(follow);
    return r;
}

static ls_result report_carried(cli *c, const ls_buf *note, const ls_refusal *why, const char *to)
{
    if (why->rule != NULL) {
        return ls_fail_with(&ls_fault_refused, &c->detail, "not cosigned (%s): %s", why->rule, why->text);
    }
    LS_TRY(ls_file_write(to, ls_buf_bytes(note), &c->detail));
    if (c->json) {
        return cli_print_json(c, false, json_pack("{s:s}", "file", to));
    }
    cli_print("Cosigned: carry %s back to the host.\n", to);
    return LS_SUCCESS;
}

static ls_result run_carry(cli *c)
{
    const char *from = cli_value(c, "from"), *to = cli_value(c, "to");
    ls_cosign_folder f;
    ls_bytes file;
    ls_buf note = {0};
    ls_refusal why = {0};
    ls_courier *courier = ls_arena_alloc(&c->arena, sizeof *courier);
    if (from == NULL || to == NULL || courier == NULL) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--from and --to are needed");
    }
    ls_map map;
    LS_TRY(ls_file_map(from, &map, &c->detail));
    file = map.bytes;
    ls_result r = ls_courier_parse(&c->arena, file, courier, &c->detail);
    if (ls_succeeded(r) && courier->carries != LS_COURIER_RECORD) {
        r = ls_fail_with(&ls_fault_bundle_form, &c->detail, "%s carries acts, not the record", from);
    }
    if (ls_succeeded(r) && ls_succeeded(r = open_folder(c, &f))) {
        r = cosign_carried(c, &f, courier, &note, &why);
        ls_cosign_folder_close(&f);
    }
    if (ls_succeeded(r)) {
        r = report_carried(c, &note, &why, to);
    }
    ls_buf_free(&note);
    ls_file_unmap(&map);
    return r;
}

const cli_verb cli_verb_cosign_carry = {
    "cosign carry",
    "FOLDER --from FILE --to FILE",
    "cosign by courier: from a file of the host to a file for it",
    "For a cosigner without a network. Takes the record out of a courier's file (lockstep sync --to, made at the\n"
    "host), replays it, and writes the checkpoint with its cosignature into a text file, which goes back in a "
    "courier's\n"
    "file (lockstep sync --to FILE --cosigned FILE), or as it is: POST …/cosignature.",
    "  lockstep cosign carry watch --from record.lockstep --to cosigned.txt --charter 1ceb…",
    1,
    1,
    {{"from", "FILE", "what the courier brought"},
     {"to", "FILE", "what the courier takes back"},
     {"charter", "FINGERPRINT", "the process's, the first time"},
     {0}},
    run_carry};
