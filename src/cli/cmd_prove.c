/* prove: one act with its place on the record, in a file that anyone checks who knows the C2SP form. */
#include "cli/cli.h"
#include "workspace/declare.h"

/* The act goes along as the proof's extra data, so that the file needs no other. */
static ls_result with_act(ls_bytes note, ls_bytes bare, ls_buf *out)
{
    ls_tlog_proof proof;
    ls_buf extra = {0};
    LS_TRY(ls_tlog_proof_parse(bare, &proof));
    ls_buf_put_base64(&extra, note);
    proof.extra = ls_buf_bytes(&extra);
    ls_tlog_proof_format(&proof, out);
    ls_result r = ls_buf_check(&extra);
    ls_buf_free(&extra);
    return ls_failed(r) ? r : ls_buf_check(out);
}

static ls_result report(cli *c, const char *path, uint64_t index, const char *kind)
{
    if (c->json) {
        return cli_print_json(
            c, c->ws.exercise,
            json_pack("{s:o, s:I, s:s}", "file", ls_show_text_json(path), "index", (json_int_t)index, "kind", kind));
    }
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&c->ws.process, hex);
    cli_mark(c, c->ws.exercise);
    cli_print("%s proves that this %s is entry %llu of the record. Whoever has the policy checks it with:\n"
              "  lockstep charter show --policy > policy\n"
              "  lockstep-verify %s --policy policy --charter %s\n",
              path, kind, (unsigned long long)index, path, hex);
    return LS_SUCCESS;
}

static ls_result write_proof(cli *c, uint64_t index, const char *kind, ls_buf *note, ls_buf *bare, ls_buf *file)
{
    const char *path = cli_value(c, "out");
    if (path == NULL) {
        path = ls_arena_format(&c->arena, "%s-%llu.tlog-proof", kind, (unsigned long long)index);
    }
    if (path == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_prove(&c->ws, index, note, bare, &c->detail));
    LS_TRY(with_act(ls_buf_bytes(note), ls_buf_bytes(bare), file));
    LS_TRY(ls_file_create(path, ls_buf_bytes(file), &c->detail));
    return report(c, path, index, kind);
}

static ls_result run_prove(cli *c)
{
    uint64_t index;
    ls_buf note = {0}, bare = {0}, file = {0};
    LS_TRY(cli_sync(c));
    LS_TRY(cli_find_act(c, c->argument[0], &index));
    const char *kind = cli_text(c, ls_record_at(c->ws.record, index).kind);
    ls_result r = write_proof(c, index, kind, &note, &bare, &file);
    ls_buf_free(&note);
    ls_buf_free(&bare);
    ls_buf_free(&file);
    return r;
}

const cli_verb cli_verb_prove = {
    "prove",
    "ACT [--out FILE]",
    "write one act with its proof of inclusion, to take away",
    "Writes a C2SP tlog-proof: the act itself (as extra data), its place, and the checkpoint that covers it, with "
    "every\n"
    "cosignature. It shows who said something and who confirmed that it is on the record, and never that it is true.\n"
    "ACT is its entry number, or the beginning of its id. Without --out the file is <kind>-<entry>.tlog-proof.",
    "  lockstep -C usa prove 4 --out perform-4.tlog-proof",
    1,
    1,
    {{"out", "FILE", "where to write it"}, {0}},
    run_prove};
