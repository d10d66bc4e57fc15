/* inbox: files for an audience that this party belongs to. */
#include "cli/cli.h"
#include "workspace/mail.h"
#include <stdio.h>

typedef struct inbox {
    cli *c;
    cli_table table;
    json_t *list;
    const char *folder; /* to save to, or NULL */
    unsigned expected;
} inbox;

static const char *const states[] = {[LS_MAIL_SENT] = "sent",
                                     [LS_MAIL_EXPECTED] = "not here yet",
                                     [LS_MAIL_CLOSED] = "does not open",
                                     [LS_MAIL_OPEN] = "received"};

/* <folder>/<place of the act>-<name>: two acts may send files of one name. */
static ls_result save(const inbox *in, uint64_t index, const ls_sealed_file *file)
{
    const char *name = ls_arena_format(&in->c->arena, "%llu-%.*s", (unsigned long long)index, (int)file->name.len,
                                       (const char *)file->name.ptr);
    return cli_save(in->c, in->folder, name, file->content);
}

static ls_result show_file(void *context, uint64_t index, const ls_act *act, const ls_attachment *a,
                           ls_mail_state state, const ls_sealed_file *file)
{
    inbox *in = context;
    cli *c = in->c;
    const char *name = file == NULL ? "" : cli_text(c, file->name);
    unsigned long long size = file == NULL ? 0 : (unsigned long long)file->content.len;
    in->expected += state == LS_MAIL_EXPECTED;
    if (c->json) {
        json_array_append_new(in->list, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I}", "entry", (json_int_t)index,
                                                  "by", cli_text(c, act->raw[LS_H_BY]), "act", cli_text(c, act->kind),
                                                  "audience", cli_text(c, a->audience), "state", states[state], "file",
                                                  name, "bytes", (json_int_t)size));
    } else {
        const char *cells[] = {ls_arena_format(&c->arena, "%llu", (unsigned long long)index),
                               cli_text(c, act->raw[LS_H_BY]),
                               cli_text(c, act->kind),
                               cli_text(c, a->audience),
                               states[state],
                               file == NULL ? "" : ls_arena_format(&c->arena, "%llu", size),
                               name};
        cli_table_row(c, &in->table, cells);
    }
    return file != NULL && in->folder != NULL && state == LS_MAIL_OPEN ? save(in, index, file) : LS_SUCCESS;
}

static void report(const inbox *in, unsigned bad)
{
    if (in->table.rows == 0) {
        cli_print("No file on the record is for an audience that this party belongs to.\n");
        return;
    }
    cli_table_print(&in->table);
    if (bad > 0) {
        cli_print("warning: %u box%s not hold what the act names. Keep the inbox, and ask the sender.\n", bad,
                  bad == 1 ? " does" : "es do");
    }
    if (in->expected > 0) {
        cli_print("note: files that are not here yet come with a later sync, once their author's workspace has sent "
                  "them.\n");
    }
}

static ls_result run_inbox(cli *c)
{
    unsigned opened, bad;
    inbox in = {.c = c,
                .table = {.columns = 7, .heading = {"entry", "by", "act", "audience", "state", "bytes", "file"}},
                .folder = cli_value(c, "save")};
    LS_TRY(cli_sync(c));
    LS_TRY(ls_mail_open(&c->ws, &opened, &bad, &c->detail));
    in.list = json_array();
    ls_result r = ls_mail_list(&c->ws, show_file, &in, &c->detail);
    if (ls_succeeded(r) && c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o, s:i}", "files", in.list, "unreadable", (int)bad));
    }
    json_decref(in.list);
    LS_TRY(r);
    cli_mark(c, c->ws.exercise);
    report(&in, bad);
    return LS_SUCCESS;
}

const cli_verb cli_verb_inbox = {
    "inbox",
    "[--save FOLDER]",
    "files that only some parties get: what came, what is awaited",
    "Opens what has come with this party's sealing key, holds each file against the hash that its act put on the\n"
    "record, and lists all files for audiences that this party belongs to. Files travel sealed; the ledger never sees\n"
    "their content, and deletes each box once its addressee has it.",
    "  lockstep -C iaea inbox\n  lockstep -C iaea inbox --save received",
    0,
    0,
    {{"save", "FOLDER", "write what was received there, as <entry>-<name>; what is there already stays"}, {0}},
    run_inbox};
