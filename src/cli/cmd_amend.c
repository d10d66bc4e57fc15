/* charter amend, annul, ledger succeed: what all parties change together. */
#include "cli/cli.h"

/* charter amend */

static ls_result party_index(cli *c, const char *name, size_t *out)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    const ls_party *p = ls_charter_party(charter, ls_bytes_str(name));
    if (p == NULL) {
        ls_hint(&c->detail, "lockstep charter show lists the parties");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%.60s is not a party of the charter", name);
    }
    *out = (size_t)(p - charter->party);
    return LS_SUCCESS;
}

static ls_result propose_amendment(cli *c, const char *path, ls_draft *draft)
{
    ls_bytes text;
    ls_time until;
    size_t without = LS_NO_PARTY;
    LS_TRY(cli_joint_begin(c, &until));
    if (cli_value(c, "without") != NULL) {
        LS_TRY(party_index(c, cli_value(c, "without"), &without));
    }
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    return ls_workspace_propose_amendment(&c->ws, text, without, until, d, draft, &c->detail);
}

static ls_result run_charter_amend(cli *c)
{
    ls_draft draft = {0};
    const char *out = cli_value(c, "out");
    ls_result r = propose_amendment(c, c->argument[0], &draft);
    if (ls_succeeded(r)) {
        r = cli_joint_sign(c, "Sign this amended charter?", out != NULL ? out : "amendment.lockstep", &draft);
    }
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_charter_amend = {
    "charter amend",
    "FILE",
    "propose an amended charter, which all parties sign",
    "Takes the whole amended charter as YAML (lockstep charter show --yaml writes the present one), signs it with "
    "this\n"
    "workspace's signers, and writes a file that the others sign. It is in force from its entry on; checkpoints are\n"
    "judged by it once a stamp covers that entry. Name, origin, zone and grace stay, parties keep their places, and "
    "each\n"
    "key that is new stands with its proof under `proofs` (lockstep keys --prove). A party that has lost every key, "
    "and\n"
    "was silent for the charter's expires-limit, can be given new ones without its signature: --without.",
    "  lockstep -C rok charter amend charter.yaml\n  lockstep -C rok charter amend charter.yaml --without dprk",
    1,
    1,
    {{"without", "PARTY", "the one that lost every key and can't sign; only its keys may change"},
     CLI_JOINT_OPTIONS("amendment.lockstep"),
     {0}},
    run_charter_amend};

/* annul */

static ls_result propose_annulment(cli *c, const char *name, ls_draft *draft)
{
    uint64_t index;
    ls_time until;
    LS_TRY(cli_joint_begin(c, &until));
    LS_TRY(cli_find_act(c, name, &index));
    ls_record_entry e = ls_record_at(c->ws.record, index);
    if (!ls_bytes_is(e.kind, "rekey")) {
        ls_hint(&c->detail, "name the rekey that repudiates the acts; lockstep log shows it");
        return ls_fail_with(&ls_fault_usage, &c->detail, "entry %llu is a %s", (unsigned long long)index,
                            cli_text(c, e.kind));
    }
    return ls_workspace_propose_annulment(&c->ws, &e.id, e.by, until, draft, &c->detail);
}

static ls_result run_annul(cli *c)
{
    ls_draft draft = {0};
    const char *out = cli_value(c, "out");
    ls_result r = propose_annulment(c, c->argument[0], &draft);
    if (ls_succeeded(r)) {
        r = cli_joint_sign(c, "Consent that the repudiated acts lose their effect?",
                           out != NULL ? out : "annulment.lockstep", &draft);
    }
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_annul = {"annul",
                                 "REKEY",
                                 "consent, with all others, that repudiated acts lose their effect",
                                 "A rekey with --since repudiates what a lost key signed; those acts keep their effect "
                                 "until all parties but that one\n"
                                 "sign this. REKEY is its entry or the beginning of its id.",
                                 "  lockstep -C usa annul 44",
                                 1,
                                 1,
                                 {CLI_JOINT_OPTIONS("annulment.lockstep"), {0}},
                                 run_annul};

/* ledger succeed */

static ls_result make_ledger(cli *c, const char *folder)
{
    const char *origin = cli_value(c, "origin");
    if (ls_file_exists(ls_arena_format(&c->arena, "%s/origin", folder))) {
        return LS_SUCCESS; /* it was made before, and the proposal was not finished or lapsed */
    }
    if (origin == NULL) {
        ls_hint(&c->detail, "a name of its own: --origin %.*s.2", (int)ls_record_charter(c->ws.record)->origin.len,
                (const char *)ls_record_charter(c->ws.record)->origin.ptr);
        return ls_fail_with(&ls_fault_usage, &c->detail, "what is the origin of the new ledger?");
    }
    if (ls_bytes_starts(ls_bytes_str(origin), "exercise.") != ls_record_charter(c->ws.record)->exercise) {
        ls_hint(&c->detail, "as the old one does: %.*s", (int)ls_record_charter(c->ws.record)->origin.len,
                (const char *)ls_record_charter(c->ws.record)->origin.ptr);
        return ls_fail_with(&ls_fault_usage, &c->detail,
                            "the origin of an exercise begins with exercise., and only there");
    }
    return ls_ledger_create(folder, origin, &c->detail);
}

static ls_result propose_succession(cli *c, const char *folder, ls_draft *draft)
{
    uint8_t proof[LS_ACT_PROOF_SIZE];
    ls_vkey key;
    ls_time until;
    LS_TRY(cli_joint_begin(c, &until));
    LS_TRY(make_ledger(c, folder));
    LS_TRY(ls_ledger_key(folder, &key, &c->detail));
    LS_TRY(ls_ledger_prove_key(folder, &c->ws.process, proof, &c->detail));
    return ls_workspace_propose_succession(&c->ws, &key, proof, until, draft, &c->detail);
}

/* The act must fit behind what is here; what is here beyond it would be dropped. */
static ls_result start_successor(cli *c, const char *folder, const char *file)
{
    ls_draft draft = {0};
    ls_act act;
    char *place;
    LS_TRY(cli_joint_sync(c));
    LS_TRY(cli_absolute(c, folder, &place));
    LS_TRY(ls_draft_read(&c->arena, file, &draft, &c->detail));
    ls_bytes note = ls_buf_bytes(&draft.note);
    ls_result r = ls_act_parse(note, false, &act, &c->detail);
    if (ls_succeeded(r)) {
        r = ls_record_accept(c->ws.record, &act, LS_CHECK_SIGNATURES, &c->detail);
    }
    if (ls_succeeded(r)) {
        r = ls_ledger_succeed(folder, ls_replica_store(c->ws.replica), ls_record_size(c->ws.record), note,
                              ls_record_time(c->ws.record), &c->detail);
    }
    ls_draft_free(&draft);
    LS_TRY(r);
    c->ws.ledger_path = place;
    LS_TRY(ls_workspace_save(&c->ws, &c->detail));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:o, s:s}", "ledger", ls_show_text_json(place), "origin", act.key.name));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s goes on as the ledger of this process, %s.\nServe it (lockstep serve %s); the others follow with: "
              "lockstep ledger set URL. Who has %s\nsigns the old one no more: hand it to each cosigner with: lockstep "
              "cosign hand FOLDER|URL %s\n",
              folder, act.key.name, folder, file, file);
    return LS_SUCCESS;
}

static ls_result run_ledger_succeed(cli *c)
{
    ls_draft draft = {0};
    const char *out = cli_value(c, "out"), *start = cli_value(c, "start");
    if (start != NULL) {
        return start_successor(c, c->argument[0], start);
    }
    ls_result r = propose_succession(c, c->argument[0], &draft);
    if (ls_succeeded(r)) {
        r = cli_joint_sign(c, "Propose this ledger in the place of the present one?",
                           out != NULL ? out : "succession.lockstep", &draft);
    }
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_ledger_succeed = {
    "ledger succeed",
    "FOLDER [--start FILE]",
    "go on with another ledger where the host is lost, or not trusted any more",
    "First, where the new ledger shall lie: makes FOLDER with a key of its own and writes a proposal, which all "
    "parties\n"
    "but the old host sign with `lockstep sign`. Then, with --start and the signed proposal: FOLDER takes over every "
    "entry\n"
    "that is known here, byte by byte, and goes on behind them. Whose domain the origin bears is the new host, and "
    "its\n"
    "cosigner counts no more. What somebody has seen beyond that is found by lockstep audit, not lost.",
    "  lockstep -C swe ledger succeed ledger-2 --origin exercise.swe.example/pyongyang\n"
    "  lockstep -C swe ledger succeed ledger-2 --start succession.lockstep",
    1,
    1,
    {{"origin", "NAME", "of the new ledger: a domain, '/', a name"},
     {"start", "FILE", "begin with the proposal that all have signed"},
     CLI_JOINT_OPTIONS("succession.lockstep"),
     {0}},
    run_ledger_succeed};
