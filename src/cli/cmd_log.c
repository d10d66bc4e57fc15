/* log, show, export: the record itself. */
#include "cli/contests.h"
#include "cli/reports.h"
#include "cli/talking.h"
#include "workspace/declare.h"
#include <stdio.h>

static const char *time_text(cli *c, uint64_t index, ls_time t)
{
    char text[LS_TIME_SIZE];
    if (index >= ls_replica_final(c->ws.replica)) {
        return "not final yet";
    }
    if (t == LS_TIME_OPEN) {
        return "not stamped yet";
    }
    ls_time_format(t, text);
    return cli_text(c, ls_bytes_str(text));
}

/* Joint acts are by those whom their act names; the ledger's by the ledger. */
static const char *author(cli *c, const ls_record_entry *e)
{
    if (e->by != LS_NOBODY) {
        return cli_party_name(c, e->by);
    }
    return ls_bytes_is(e->kind, "stamp") ? "ledger" : "jointly";
}

static const char *subject(cli *c, const ls_record_entry *e)
{
    if (e->measure < 0 || e->accord < 0) {
        return "";
    }
    return cli_text(c, ls_record_accord(c->ws.record, (size_t)e->accord)->roadmap->measures[e->measure].id);
}

/* The measure; of talks what it is about. */
static const char *about(cli *c, const ls_record_entry *e, uint64_t index)
{
    const ls_talk *t = cli_talk_at(c, index);
    return t == NULL ? subject(c, e) : cli_talk_about(c, t);
}

/* What became of it since. */
static const char *mark(const ls_record_entry *e, bool contested)
{
    return e->lapsed       ? " (lapsed)"
           : e->annulled   ? " (annulled)"
           : e->repudiated ? " (repudiated)"
           : contested     ? " (contested)"
                           : "";
}

static json_t *entry_json(cli *c, const cli_contests *contests, uint64_t i)
{
    ls_record_entry e = ls_record_at(c->ws.record, i);
    return json_pack("{s:I, s:o, s:s, s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:b, s:b}", "index", (json_int_t)i, "id",
                     cli_json_hash(&e.id), "kind", cli_text(c, e.kind), "by", author(c, &e), "measure", subject(c, &e),
                     "about", about(c, &e, i), "time", cli_json_time(e.time), "lapsed", e.lapsed, "repudiated",
                     e.repudiated, "annulled", e.annulled, "contested", cli_contested(contests, i), "final",
                     i < ls_replica_final(c->ws.replica));
}

static ls_result run_log(cli *c)
{
    LS_TRY(cli_sync(c));
    uint64_t size = ls_record_size(c->ws.record);
    bool all = cli_flag(c, "stamps");
    cli_contests contests;
    LS_TRY(cli_contests_read(c, LS_TIME_MAX, &contests));
    json_t *list = json_array();
    cli_table t = {.columns = 6, .heading = {"entry", "ledger time", "by", "act", "about", "id"}};
    for (uint64_t i = 0; i < size; i++) {
        ls_record_entry e = ls_record_at(c->ws.record, i);
        if (!all && ls_bytes_is(e.kind, "stamp")) {
            continue;
        }
        if (c->json) {
            json_array_append_new(list, entry_json(c, &contests, i));
            continue;
        }
        /* Stamps need no stamp. */
        bool stamp = ls_bytes_is(e.kind, "stamp");
        const char *cells[] = {
            ls_arena_format(&c->arena, "%llu", (unsigned long long)i),
            stamp && e.time == LS_TIME_OPEN ? "-" : time_text(c, i, e.time),
            author(c, &e),
            ls_arena_format(&c->arena, "%s%s", cli_text(c, e.kind), mark(&e, cli_contested(&contests, i))),
            about(c, &e, i),
            cli_short(c, &e.id)};
        cli_table_row(c, &t, cells);
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "entries", list));
    }
    json_decref(list);
    cli_mark(c, c->ws.exercise);
    cli_table_print(&t);
    return LS_SUCCESS;
}

const cli_verb cli_verb_log = {"log",
                               "",
                               "list the acts on the record",
                               "Lists the acts in the record's order, each with its ledger time: that of the first "
                               "stamp that covers it; and with\n"
                               "the measure that it is about, or in talks the meeting, the letter, the addressees. "
                               "What a party contests is marked.",
                               "  lockstep -C usa log",
                               0,
                               0,
                               {{"stamps", NULL, "also the ledger's stamps"}, {0}},
                               run_log};

/* show */

/* Of an act of talks: where that stands which it began, or is about. */
static ls_result show_talk(cli *c, uint64_t index, json_t *o)
{
    const ls_talk *t = cli_talk_at(c, index);
    cli_talks judged;
    if (t == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_talks_now(c, &judged));
    const char *stands = cli_talk_stands(c, &judged, t);
    const ls_talk *first = stands[0] == '\0' && t->ref != LS_NO_ENTRY ? cli_talk_at(c, t->ref) : NULL;
    stands = first == NULL ? stands : cli_talk_stands(c, &judged, first);
    const char *whose = first == NULL ? "It stands" : ls_arena_format(&c->arena, "Entry %u stands", first->index);
    if (o != NULL) {
        json_object_set_new(o, "stands", json_string(stands));
    } else if (stands[0] != '\0') {
        cli_print("\n%s: %s\n", whose, stands);
    }
    return LS_SUCCESS;
}

static ls_result show_entry(cli *c, uint64_t index, ls_buf *note, ls_buf *proof)
{
    LS_TRY(ls_workspace_prove(&c->ws, index, note, proof, &c->detail));
    ls_record_entry e = ls_record_at(c->ws.record, index); /* not before: the record was replayed again */
    cli_contests contests;
    LS_TRY(cli_contests_read(c, LS_TIME_MAX, &contests));
    if (c->json) {
        json_t *o = entry_json(c, &contests, index), *list = json_array();
        json_object_set_new(o, "contests", list);
        LS_TRY(cli_contests_json(c, &contests, index, list));
        json_object_set_new(o, "note", cli_json_bytes(ls_buf_bytes(note)));
        json_object_set_new(o, "tlog_proof", cli_json_bytes(ls_buf_bytes(proof)));
        LS_TRY(show_talk(c, index, o));
        LS_TRY(cli_show_report(c, index, o));
        return cli_print_json(c, c->ws.exercise, o);
    }
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&e.id, hex);
    cli_mark(c, c->ws.exercise);
    cli_print("entry %llu, %s\nid    %s\ntime  %s%s\n\n%s\nIts proof of inclusion (C2SP tlog-proof):\n\n%s",
              (unsigned long long)index, cli_text(c, e.kind), hex, time_text(c, index, e.time),
              e.lapsed       ? ": too late, without effect"
              : e.annulled   ? "; signed with a lost key, and without effect by consent of all others"
              : e.repudiated ? "; its party says that a lost key signed it"
              : e.receipted  ? "; cosigners' receipts say when they had it"
                             : "",
              cli_text(c, ls_buf_bytes(note)), cli_text(c, ls_buf_bytes(proof)));
    LS_TRY(cli_contests_print(c, &contests, index));
    LS_TRY(show_talk(c, index, NULL));
    return cli_show_report(c, index, NULL);
}

static ls_result run_show(cli *c)
{
    uint64_t index;
    ls_buf note = {0}, proof = {0};
    LS_TRY(cli_sync(c));
    LS_TRY(cli_find_act(c, c->argument[0], &index));
    ls_result r = show_entry(c, index, &note, &proof);
    ls_buf_free(&note);
    ls_buf_free(&proof);
    return r;
}

const cli_verb cli_verb_show = {
    "show",
    "ACT",
    "one act as it was signed, with its proof of inclusion",
    "Prints the signed note, and the proof that it stands in the record under the ledger's latest checkpoint. ACT is\n"
    "its entry number, or the beginning of its id. Of a report also what it says, and which others contradict it; of "
    "a\n"
    "letter, a proposal, a meeting, a pledge and what is said about them, where these stand.",
    "  lockstep -C usa show 4\n  lockstep -C usa show 1ceb2390",
    1,
    1,
    {{0}},
    run_show};

/* export */

static ls_result run_export(cli *c)
{
    const char *out = c->argument[0];
    LS_TRY(cli_sync(c));
    LS_TRY(ls_workspace_export(&c->ws, out, &c->detail));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:o, s:I, s:o}", "file", ls_show_text_json(out), "entries",
                                        (json_int_t)ls_record_size(c->ws.record), "charter",
                                        cli_json_hash(&c->ws.process)));
    }
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&c->ws.process, hex);
    cli_mark(c, c->ws.exercise);
    cli_print("The whole record, %llu entries with their files, is in %s. Anyone checks it with:\n"
              "  lockstep-verify %s --charter %s\n",
              (unsigned long long)ls_record_size(c->ws.record), out, out, hex);
    return LS_SUCCESS;
}

const cli_verb cli_verb_export = {
    "export",
    "FILE",
    "write the whole record into one file, to carry and to check",
    "Writes entries, checkpoint and files into one bundle (a tar archive), which lockstep-verify checks with no\n"
    "network, no workspace and no keys.",
    "  lockstep -C rok export record.lockstep",
    1,
    1,
    {{0}},
    run_export};
