/* sync, outbox, ledger set: following the ledger, over a connection or by courier, and what waits to be filed. */
#include "cli/cli.h"
#include "ledger/remote.h"
#include "process/finality.h"
#include "workspace/receipts.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define POLL_SECONDS                                                                                                   \
    15 /* between two looks at the ledger; each is up to a third longer, so that not all come at once */

/* The quorum. */

/* Whether what the copy says is what the ledger says now. An old copy knows nothing of a quorum that stalls. */
static bool is_recent(const ls_workspace *ws)
{
    return ws->ledger != NULL && !ws->offline && ws->behind == 0;
}

/* Names of the witnesses that have not cosigned the copy's latest checkpoint since then. */
static const char *missing_since(cli *c, const ls_charter *charter, ls_time since)
{
    const ls_judging trust = {.how = LS_SIGNATURES_TRUST}; /* it was verified when it was taken in */
    ls_bytes latest = ls_replica_checkpoint(c->ws.replica, LS_CHECKPOINT_LATEST);
    ls_finality f;
    ls_buf names = {0};
    if (ls_failed(ls_checkpoint_judge(charter, latest, &trust, &f, NULL))) {
        return "";
    }
    for (size_t i = 0; i < charter->policy.witness_count; i++) {
        const ls_witness *w = &charter->policy.witness[i];
        bool absent = (f.witnesses >> i & 1) == 0 || f.time[i] < since;
        if (absent && w->until != LS_TIME_ENDED) {
            ls_buf_format(&names, "%s%.*s", names.len > 0 ? ", " : "", (int)w->name.len, (const char *)w->name.ptr);
        }
    }
    const char *kept = cli_text(c, ls_buf_bytes(&names));
    ls_buf_free(&names);
    return kept;
}

void cli_quorum(cli *c, cli_quorum_state *out)
{
    const ls_workspace *ws = &c->ws;
    const ls_charter *charter = ls_record_watched(ws->record);
    ls_time now, stamped = ls_record_time(ws->record);
    *out =
        (cli_quorum_state){.size = ls_replica_size(ws->replica), .final = ls_replica_final(ws->replica), .missing = ""};
    if (charter == NULL || charter->quorum_none) {
        return;
    }
    out->needed = true;
    for (uint64_t i = out->final; i < ls_record_size(ws->record); i++) {
        ls_record_entry e = ls_record_at(ws->record, i);
        out->pending += !ls_bytes_is(e.kind, "stamp"); /* one of those follows each final checkpoint */
    }
    out->stalled = is_recent(ws) && stamped > 0 && ls_succeeded(ls_workspace_now(&c->ws, &now, NULL)) &&
                   now - stamped > 2 * charter->stamp_interval;
    if (out->final < out->size) {
        out->missing = missing_since(c, charter, 0);
    } else if (out->stalled) {
        /* All is final, and what time waits for is younger cosignatures of the same checkpoint. */
        out->missing = missing_since(c, charter, now - charter->stamp_interval);
    }
}

void cli_print_quorum(const cli_quorum_state *q)
{
    if (q->pending > 0) {
        cli_print("Not final yet: %llu act%s. The latest checkpoint lacks the cosignatures of: %s\n",
                  (unsigned long long)q->pending, q->pending == 1 ? "" : "s", q->missing);
    }
    if (q->stalled && q->missing[0] != '\0') {
        cli_print("warning: the quorum is stalled: no checkpoint has become final for more than two stamp intervals, "
                  "and\nthe ledger's time stands still until enough of these cosign: %s\n",
                  q->missing);
    } else if (q->stalled) {
        cli_print("warning: no stamp for more than two stamp intervals, although all have cosigned: the host writes "
                  "none.\n");
    }
}

/* sync */

static void print_entries(cli *c, uint64_t from)
{
    for (uint64_t i = from; i < ls_record_size(c->ws.record); i++) {
        ls_record_entry e = ls_record_at(c->ws.record, i);
        if (!ls_bytes_is(e.kind, "stamp")) {
            cli_print("entry %llu: %s by %s\n", (unsigned long long)i, cli_text(c, e.kind),
                      e.by == LS_NOBODY ? "all its parties" : cli_party_name(c, e.by));
        }
    }
}

/* Acts in the outbox, whatever they wait for. */
static size_t waiting(cli *c)
{
    const ls_outbox *o;
    return ls_succeeded(ls_workspace_outbox(&c->ws, &o, NULL)) ? o->count : 0;
}

static json_t *sync_json(cli *c, const cli_quorum_state *q)
{
    ls_time stamped = ls_record_time(c->ws.record);
    return json_pack("{s:I, s:I, s:o, s:b, s:b, s:s, s:I, s:I}", "entries", (json_int_t)q->size, "final",
                     (json_int_t)q->final, "stamped", stamped == 0 ? json_null() : cli_json_time(stamped), "reached",
                     c->ws.ledger != NULL && !c->ws.offline, "stalled", q->stalled, "lacks", q->missing,
                     "files_missing", (json_int_t)ls_replica_missing(c->ws.replica), "waiting", (json_int_t)waiting(c));
}

static void print_state(cli *c, const cli_quorum_state *q)
{
    char time[LS_TIME_SIZE];
    ls_time stamped = ls_record_time(c->ws.record);
    cli_print("%llu entries, %llu of them final", (unsigned long long)q->size, (unsigned long long)q->final);
    if (stamped > 0) {
        ls_time_format(stamped, time);
        cli_print(c->ws.exercise ? "; last stamp %s.\n" : "; last stamp %s, %s ago.\n", time,
                  cli_age(c, ls_clock_now() - stamped));
    } else {
        cli_print("; no stamp yet.\n");
    }
    cli_print_quorum(q);
    uint64_t missing = ls_replica_missing(c->ws.replica);
    if (missing > 0) {
        cli_print("%llu file%s that acts name %s not here: too large to copy, or not given.\n",
                  (unsigned long long)missing, missing == 1 ? "" : "s", missing == 1 ? "is" : "are");
    }
    size_t acts = waiting(c);
    if (acts > 0) {
        cli_print("%zu act%s in the outbox: lockstep outbox\n", acts, acts == 1 ? " waits" : "s wait");
    }
}

static ls_result report(cli *c, uint64_t before)
{
    cli_quorum_state q;
    cli_quorum(c, &q);
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, sync_json(c, &q));
    }
    cli_mark(c, c->ws.exercise);
    print_entries(c, before);
    print_state(c, &q);
    return LS_SUCCESS;
}

/* Couriers. */

static ls_result print_taken(cli *c, const ls_taken *t)
{
    if (!t->acts) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < t->count; i++) {
        if (t->act[i].filed) {
            cli_print("%s %s of %s is on the record as entry %llu%s\n", t->act[i].kind, cli_short(c, &t->act[i].id),
                      t->party, (unsigned long long)t->act[i].index, t->act[i].already ? ", where it was already" : "");
        } else {
            cli_print("%s %s of %s is refused: %s\n", t->act[i].kind, cli_short(c, &t->act[i].id), t->party,
                      t->act[i].reason);
        }
    }
    if (t->count == 0) {
        cli_print("The file holds no act.\n");
    }
    static const char *const cosigned[] = {[LS_COSIGNED_NONE] = "",
                                           [LS_COSIGNED_TAKEN] = "The cosignature was taken; it alone is no quorum.\n",
                                           [LS_COSIGNED_FINAL] = "With the cosignature its checkpoint is final.\n",
                                           [LS_COSIGNED_REFUSED] = "The cosignature is refused: "};
    cli_print("%s", cosigned[t->cosigned]);
    if (t->cosigned == LS_COSIGNED_REFUSED) {
        cli_print("%s\n", t->cosigned_reason);
    }
    return LS_SUCCESS;
}

static json_t *taken_json(cli *c, const ls_taken *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->count; i++) {
        json_t *act = json_pack("{s:s, s:o, s:b}", "act", t->act[i].kind, "id", cli_json_hash(&t->act[i].id), "filed",
                                t->act[i].filed);
        if (t->act[i].filed) {
            json_object_set_new(act, "index", json_integer((json_int_t)t->act[i].index));
        } else {
            json_object_set_new(act, "reason",
                                cli_json_bytes(ls_bytes_str(cli_text(c, ls_bytes_str(t->act[i].reason)))));
        }
        json_array_append_new(list, act);
    }
    return list;
}

/* Whom an answer is for, and from which entry on: as told, or as the file that was taken in says. */
static ls_result carry_record(cli *c, const char *to, const ls_taken *taken)
{
    uint64_t since = taken == NULL ? 0 : taken->size;
    const char *party = cli_value(c, "for");
    LS_TRY(cli_number(c, "since", INT64_MAX, &since));
    party = party != NULL ? party : taken->party;
    LS_TRY(ls_workspace_carry_record(&c->ws, to, ls_bytes_str(party), since, taken, &c->detail));
    if (!c->json) {
        cli_print("%s holds the record from entry %llu on, for %s. There: lockstep sync --from FILE\n", to,
                  (unsigned long long)since, party);
    }
    return LS_SUCCESS;
}

static ls_result carry(cli *c, const char *to, const ls_taken *taken)
{
    size_t acts;
    if (cli_value(c, "for") != NULL || (taken != NULL && taken->acts)) {
        return carry_record(c, to, taken);
    }
    ls_bytes cosigned = {0};
    if (cli_value(c, "cosigned") != NULL) {
        LS_TRY(cli_read(c, cli_value(c, "cosigned"), &cosigned));
    }
    LS_TRY(ls_workspace_carry_acts(&c->ws, to, cosigned, &acts, &c->detail));
    if (!c->json) {
        cli_print("%s holds %zu act%s of the outbox, for the host. There: lockstep sync --from FILE\n", to, acts,
                  acts == 1 ? "" : "s");
    }
    return LS_SUCCESS;
}

static ls_result run_courier(cli *c, const char *from, const char *to)
{
    ls_taken taken = {0};
    LS_TRY(cli_synchronise(c));
    uint64_t before = ls_record_size(c->ws.record);
    cli_mark(c, c->ws.exercise);
    ls_result r = from != NULL ? ls_workspace_take(&c->ws, from, &taken, &c->detail) : LS_SUCCESS;
    if (ls_succeeded(r) && !c->json) {
        r = print_taken(c, &taken);
    }
    if (ls_succeeded(r) && from != NULL) {
        r = cli_synchronise(c); /* what came settles some of what waits */
    }
    if (ls_succeeded(r) && to != NULL) {
        r = carry(c, to, from != NULL ? &taken : NULL);
    }
    if (ls_succeeded(r) && c->json) {
        cli_quorum_state q;
        cli_quorum(c, &q);
        json_t *o = sync_json(c, &q);
        json_object_set_new(o, "acts", taken_json(c, &taken));
        r = cli_print_json(c, c->ws.exercise, o);
    } else if (ls_succeeded(r)) {
        r = report(c, before);
    }
    ls_taken_free(&taken);
    return r;
}

/* Following. */

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

/* Until it is time to look again, or somebody says stop. */
static void wait_a_while(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long third = POLL_SECONDS * 1000 / 3;
    long milliseconds = POLL_SECONDS * 1000 + now.tv_nsec / 1000 % third;
    struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (!stopped && nanosleep(&t, &t) != 0) {
    }
}

static ls_result run_follow(cli *c)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESETHAND}; /* a second one ends it at once */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    bool reached = true;
    while (!stopped) {
        uint64_t before = c->ws.record == NULL ? 0 : ls_record_size(c->ws.record);
        ls_result r = cli_synchronise(c);
        bool now = ls_succeeded(r) && !c->ws.offline;
        if (r.fault == &ls_fault_refused) {
            /* A wrong answer proves nothing: perhaps the next one is right. */
            cli_print_to(stderr, "lockstep: warning: %s\n", c->detail.text);
            c->detail = (ls_detail){0};
        } else if (ls_failed(r)) {
            return r;
        } else if (now != reached || ls_record_size(c->ws.record) != before) {
            cli_say_stale(c);
            LS_TRY(report(c, before));
            fflush(stdout);
        }
        reached = now;
        ls_workspace_pause(&c->ws);
        wait_a_while();
        LS_TRY(ls_workspace_resume(&c->ws, &c->detail));
    }
    return LS_SUCCESS;
}

static ls_result check_options(cli *c)
{
    bool from = cli_value(c, "from") != NULL, to = cli_value(c, "to") != NULL;
    if (cli_flag(c, "follow") && (from || to)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--follow is for a connection; a courier comes and goes");
    }
    if ((cli_value(c, "for") != NULL || cli_value(c, "since") != NULL) && !to) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--for and --since say what goes into --to FILE");
    }
    if (cli_value(c, "cosigned") != NULL && (!to || from || cli_value(c, "for") != NULL)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--cosigned goes with --to FILE, to the host");
    }
    if (cli_value(c, "since") != NULL && cli_value(c, "for") == NULL && !from) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "whom is the record for? --for PARTY");
    }
    return LS_SUCCESS;
}

/* Whoever asked for what is new must be able to tell that he did not get it. */
static ls_result check_reached(cli *c)
{
    const ls_workspace *ws = &c->ws;
    if (ws->ledger == NULL || !ws->offline) {
        return LS_SUCCESS;
    }
    if (ws->denied) {
        ls_hint(&c->detail, "lockstep keys shows whether this workspace's key was revoked or replaced");
        return ls_fail_with(&ls_fault_denied, &c->detail, "the copy was not brought up to date: access was refused");
    }
    ls_hint(&c->detail, "%s",
            ws->why.hint[0] != '\0'
                ? ws->why.hint
                : "lockstep ledger set PLACE says where it is; without a connection: lockstep sync --to FILE");
    return ls_fail_with(&ls_fault_unreachable, &c->detail, "the copy was not brought up to date");
}

static ls_result run_sync(cli *c)
{
    const char *from = cli_value(c, "from"), *to = cli_value(c, "to");
    LS_TRY(check_options(c));
    LS_TRY(cli_open(c));
    if (cli_flag(c, "follow")) {
        return run_follow(c);
    }
    LS_TRY(ls_workspace_connect(&c->ws, &c->detail));
    LS_TRY(ls_workspace_load(&c->ws, &c->detail));
    if (from != NULL || to != NULL) {
        return run_courier(c, from, to);
    }
    uint64_t before = ls_record_size(c->ws.record);
    LS_TRY(cli_synchronise(c));
    cli_say_stale(c);
    LS_TRY(report(c, before));
    fflush(stdout); /* before the error */
    return check_reached(c);
}

const cli_verb cli_verb_sync = {
    "sync",
    "",
    "bring this workspace's copy of the record up to date",
    "Fetches what is new, verifies every signature, hash and rule itself, keeps it, and files what waits in the "
    "outbox.\n"
    "Every verb that reads does this first. An interrupted run goes on where it stood. Without a connection, couriers\n"
    "carry files: --to FILE writes the acts of the outbox for the host; the host takes them in with --from FILE, and\n"
    "writes an answer with --to FILE in the same command, or with --to FILE --for PARTY; which --from FILE takes in "
    "at\n"
    "home. A file that is carried twice, or late, does no harm. Exit 3: the ledger was not reached, and what was "
    "printed "
    "is\n"
    "what the copy had before.",
    "  lockstep -C usa sync\n  lockstep -C usa sync --follow\n  lockstep -C usa sync --to usa.courier\n"
    "  lockstep -C rok sync --from usa.courier --to answer.courier\n  lockstep -C usa sync --from answer.courier",
    0,
    0,
    {{"follow", NULL, "go on until stopped: looks every 15 to 20 seconds, and prints what is new"},
     {"to", "FILE", "write what a courier carries from here"},
     {"from", "FILE", "take in what a courier brought"},
     {"cosigned", "FILE", "--to the host: also what lockstep cosign carry wrote"},
     {"for", "PARTY", "--to: the record, for this party"},
     {"since", "N", "--to: from this entry on (default: what --from says the party has, else 0)"},
     {0}},
    run_sync};

/* outbox */

/* What cosigners have done about it, if they were asked. */
static const char *receipts_of(cli *c, const ls_waiting *w)
{
    ls_held_receipts held;
    if (ls_failed(ls_workspace_receipts(&c->ws, &c->arena, &w->id, &held, NULL)) || held.count == 0) {
        return "";
    }
    return ls_arena_format(&c->arena, "; %zu cosigner%s %s given a receipt%s", held.count, held.count == 1 ? "" : "s",
                           held.count == 1 ? "has" : "have", held.met ? ", a quorum" : "");
}

static const char *reason(cli *c, const ls_waiting *w)
{
    char until[LS_TIME_SIZE];
    ls_time_format(w->until, until);
    switch (w->waits) {
    case LS_WAITS_SIGNATURES:
        return ls_arena_format(&c->arena, "lacks the signatures of: %s", w->missing);
    case LS_WAITS_LEDGER:
        return ls_arena_format(&c->arena, "for the ledger; it may be filed until %s%s", until, receipts_of(c, w));
    default:
        return ls_arena_format(&c->arena, "can't be filed: %s%s%s%s", cli_text(c, ls_bytes_str(w->why.text)),
                               w->why.hint[0] != '\0' ? "; " : "", cli_text(c, ls_bytes_str(w->why.hint)),
                               receipts_of(c, w));
    }
}

static json_t *waiting_json(cli *c, const ls_waiting *w)
{
    static const char *const names[] = {"signatures", "ledger", "refused"};
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:s, s:s, s:o}", "id", cli_json_hash(&w->id), "act", w->kind, "waits",
                     names[w->waits], "since", cli_json_time(w->since), "until", cli_json_time(w->until), "missing",
                     w->missing, "reason", cli_text(c, ls_bytes_str(w->why.text)), "file", ls_show_text_json(w->file));
}

static ls_result run_outbox(cli *c)
{
    const ls_outbox *o;
    LS_TRY(cli_sync(c));
    LS_TRY(ls_workspace_outbox(&c->ws, &o, &c->detail));
    json_t *list = json_array();
    cli_table t = {.columns = 4, .heading = {"id", "act", "since", "waits"}};
    for (size_t i = 0; i < o->count; i++) {
        const ls_waiting *w = &o->waiting[i];
        char since[LS_TIME_SIZE];
        if (c->json) {
            json_array_append_new(list, waiting_json(c, w));
            continue;
        }
        ls_time_format(w->since, since);
        const char *cells[] = {cli_short(c, &w->id), w->kind, cli_text(c, ls_bytes_str(since)), reason(c, w)};
        cli_table_row(c, &t, cells);
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "waiting", list));
    }
    json_decref(list);
    cli_mark(c, c->ws.exercise);
    if (o->count == 0) {
        cli_print("Nothing waits.\n");
    } else {
        cli_table_print(&t);
    }
    return LS_SUCCESS;
}

const cli_verb cli_verb_outbox = {
    "outbox",
    "",
    "list the acts that wait to be filed, and why",
    "Lists the acts that lack signatures, that wait for the ledger, or that can't be filed any more, with the reason\n"
    "and what to do. Acts made while the ledger can't be reached wait here, each chained on the one before; the next\n"
    "run that reaches the ledger files them.",
    "  lockstep -C usa outbox",
    0,
    0,
    {{0}},
    run_outbox};

static ls_result run_drop(cli *c)
{
    ls_waiting w;
    LS_TRY(cli_open(c));
    LS_TRY(cli_follow(c));
    LS_TRY(ls_workspace_drop(&c->ws, c->argument[0], &w, &c->detail));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:o, s:s}", "dropped", cli_json_hash(&w.id), "act", w.kind));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s %s is given up. Copies that were handed to anyone can still be filed until it expires.\n", w.kind,
              cli_short(c, &w.id));
    return LS_SUCCESS;
}

const cli_verb cli_verb_outbox_drop = {"outbox drop",
                                       "ID",
                                       "give up an act that was not filed",
                                       "Removes an act from the outbox, by the beginning of its id. Acts that were "
                                       "chained on it can't be filed then. What\n"
                                       "was sent or carried before may still reach the record until it expires.",
                                       "  lockstep -C usa outbox drop 1ceb2390",
                                       1,
                                       1,
                                       {{0}},
                                       run_drop};

/* ledger set */

static ls_result run_ledger_set(cli *c)
{
    LS_TRY(cli_open(c));
    LS_TRY(cli_ledger_place(c, c->argument[0], &c->ws.ledger_path));
    LS_TRY(ls_workspace_save(&c->ws, &c->detail));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "ledger", ls_show_text_json(c->ws.ledger_path)));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("The ledger is now looked for at %s. It must show what was verified here before.\n", c->ws.ledger_path);
    return LS_SUCCESS;
}

const cli_verb cli_verb_ledger_set = {
    "ledger set",
    "PLACE",
    "say where the ledger is reached",
    "PLACE is a server's URL, a folder on this machine, or the word courier: then nothing is reached from here, and "
    "files\n"
    "are carried. What this workspace has verified stays: a ledger that shows another history is refused.",
    "  lockstep -C usa ledger set https://lockstep.rok.example/pyongyang-2018",
    1,
    1,
    {{0}},
    run_ledger_set};
