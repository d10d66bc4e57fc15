/* text accept, retract, reopen, note, diverge: paragraph by paragraph. */
#include "cli/texts.h"

typedef struct marking {
    cli *c;
    ls_negotiation n;
    size_t language;   /* or LS_TEXT_NOWHERE: all */
    size_t of;         /* whose words, or LS_TEXT_NOWHERE: those of whoever has some */
    bool all;          /* open ones only, and the others in silence */
    size_t left;       /* of all: where several stand */
    ls_buf items, ops; /* of ls_text_acceptance; of ls_text_op */
} marking;

static ls_result begin(cli *c, marking **out)
{
    marking *x = ls_arena_alloc(&c->arena, sizeof *x);
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (marking){.c = c, .all = cli_flag(c, "all"), .of = LS_TEXT_NOWHERE};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &x->n));
    LS_TRY(cli_negotiation_take_part(c, &x->n));
    LS_TRY(cli_text_language(c, &x->n, LS_TEXT_NOWHERE, &x->language));
    cli_negotiation_print_missing(c, &x->n, stderr);
    *out = x;
    return LS_SUCCESS;
}

typedef ls_result (*each_cell)(marking *x, size_t paragraph, size_t cell);

static ls_result in_paragraph(marking *x, size_t paragraph, each_cell visit)
{
    const ls_text_paragraph *p = &x->n.state.paragraph[paragraph];
    for (size_t i = 0; i < p->cell_count; i++) {
        if (p->kind == LS_TEXT_ROADMAP || x->language == LS_TEXT_NOWHERE || i == x->language) {
            LS_TRY(visit(x, paragraph, i));
        }
    }
    return LS_SUCCESS;
}

static ls_result in_all(marking *x, each_cell visit)
{
    cli *c = x->c;
    for (size_t i = 0; x->all && i < x->n.state.paragraph_count; i++) {
        LS_TRY(in_paragraph(x, x->n.state.order[i], visit));
    }
    for (int i = 1; i < c->argument_count; i++) {
        size_t paragraph;
        LS_TRY(cli_text_paragraph(c, &x->n, c->argument[i], &paragraph));
        LS_TRY(in_paragraph(x, paragraph, visit));
    }
    return LS_SUCCESS;
}

static ls_text_id name_of(const marking *x, size_t paragraph)
{
    return x->n.state.paragraph[paragraph].id;
}

static ls_bytes language_of(const marking *x, size_t paragraph, size_t cell)
{
    return ls_text_cell_language(&x->n.opening, &x->n.state.paragraph[paragraph], cell);
}

/* accept */

static const ls_text_cell *cell_at(const marking *x, size_t paragraph, size_t cell)
{
    return &x->n.state.paragraph[paragraph].cell[cell];
}

/* What a party wants there: instead of what is agreed, if that is asked for. */
static const ls_text_position *wanted(const ls_text_cell *cell, size_t party)
{
    return cell->locked ? &cell->reopening[party] : &cell->position[party];
}

/* The one thing that the others want; NULL: nothing, or, several, different things. */
static const ls_text_position *only_one(const marking *x, const ls_text_cell *cell, bool *several)
{
    const ls_text_position *found = NULL;
    *several = false;
    for (size_t p = 0; p < x->n.opening.party_count; p++) {
        const ls_text_position *at = wanted(cell, p);
        if (p == cli_negotiator(x->c, &x->n) || at->stance == LS_STANCE_NONE) {
            continue;
        }
        if (found != NULL && !ls_text_same_stance(found, at)) {
            *several = true;
            return NULL;
        }
        found = found == NULL ? at : found;
    }
    return found;
}

static void add_acceptance(marking *x, size_t paragraph, size_t cell, const ls_text_position *at)
{
    ls_text_acceptance a = {.paragraph = name_of(x, paragraph),
                            .language = language_of(x, paragraph, cell),
                            .deletion = at->stance == LS_STANCE_DELETE};
    if (!a.deletion) {
        a.content = cell_at(x, paragraph, cell)->variant[at->variant].hash;
    }
    ls_buf_put(&x->items, &a, sizeof a);
}

static ls_result refuse_cell(marking *x, size_t paragraph, size_t cell, bool several)
{
    cli *c = x->c;
    const char *place = cli_text_place(c, &x->n, paragraph, cell);
    if (several) {
        ls_hint(&c->detail, "whose words? --of PARTY; lockstep text show %s shows who wants what",
                cli_text(c, x->n.name));
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s: the others want different things", place);
    }
    return x->of == LS_TEXT_NOWHERE
               ? ls_fail_with(&ls_fault_usage, &c->detail, "%s: nobody else wants anything there", place)
               : ls_fail_with(&ls_fault_usage, &c->detail, "%s: %s wants nothing there", place,
                              cli_text(c, x->n.opening.party[x->of]));
}

static bool is_held(const marking *x, const ls_text_cell *cell, const ls_text_position *at)
{
    const ls_text_position *own = wanted(cell, cli_negotiator(x->c, &x->n));
    return ls_text_same_stance(own, at) && (!own->ad_referendum || cli_flag(x->c, "ad-referendum"));
}

/* Nobody gives up words of his own by saying yes to all. */
static bool holds_other(const marking *x, const ls_text_cell *cell, const ls_text_position *at)
{
    const ls_text_position *own = wanted(cell, cli_negotiator(x->c, &x->n));
    return own->stance != LS_STANCE_NONE && !ls_text_same_stance(own, at);
}

static ls_result accept_cell(marking *x, size_t paragraph, size_t index)
{
    const ls_text_cell *cell = cell_at(x, paragraph, index);
    bool several = false;
    if (x->all && (cell->locked || cell->status == LS_CELL_AGREED)) {
        return LS_SUCCESS;
    }
    const ls_text_position *at = x->of != LS_TEXT_NOWHERE ? wanted(cell, x->of) : only_one(x, cell, &several);
    bool none = at == NULL || at->stance == LS_STANCE_NONE;
    if (x->all) {
        bool other = !none && x->of == LS_TEXT_NOWHERE && holds_other(x, cell, at);
        x->left += several || other;
        if (!none && !other && !is_held(x, cell, at)) {
            add_acceptance(x, paragraph, index, at);
        }
        return LS_SUCCESS;
    }
    /* Of all languages of a paragraph those that say anything. */
    bool silent = none && !several && x->language == LS_TEXT_NOWHERE && x->n.state.paragraph[paragraph].cell_count > 1;
    if (silent || (!none && is_held(x, cell, at))) {
        return LS_SUCCESS;
    }
    if (none) {
        return refuse_cell(x, paragraph, index, several);
    }
    add_acceptance(x, paragraph, index, at);
    return LS_SUCCESS;
}

static ls_result find_of(marking *x)
{
    cli *c = x->c;
    const char *name = cli_value(c, "of");
    if (name == NULL) {
        return LS_SUCCESS;
    }
    x->of = ls_text_party(&x->n.opening, ls_bytes_str(name));
    if (x->of != LS_TEXT_NOWHERE && x->of != cli_negotiator(x->c, &x->n)) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "one of the other negotiators: lockstep text show %s", cli_text(c, x->n.name));
    return ls_fail_with(&ls_fault_usage, &c->detail, "--of: \"%.60s\" is no other negotiator of this text", name);
}

static ls_result sign_acceptances(marking *x)
{
    cli *c = x->c;
    const ls_text_agree agree = {x->items.len / sizeof(ls_text_acceptance), (ls_text_acceptance *)(void *)x->items.ptr};
    LS_TRY(ls_buf_check(&x->items));
    if (x->left > 0) {
        cli_print_to(stderr, "warning: %zu place%s left as %s: parties want different things there (--of PARTY)\n",
                     x->left, x->left == 1 ? " is" : "s are", x->left == 1 ? "it is" : "they are");
    }
    if (agree.count == 0) {
        ls_hint(&c->detail, "lockstep text show %s shows who wants what", cli_text(c, x->n.name));
        return ls_fail_with(&ls_fault_usage, &c->detail, "there is nothing to accept that this party does not hold");
    }
    const cli_text_deed deed = {.agree = &agree, .ad_referendum = cli_flag(c, "ad-referendum"), .what = "acceptance"};
    return cli_text_sign(c, &x->n, &deed);
}

static ls_result accept_all(marking *x)
{
    LS_TRY(find_of(x));
    LS_TRY(in_all(x, accept_cell));
    return sign_acceptances(x);
}

/* All, or some by name. */
static ls_result check_named(cli *c)
{
    bool named = c->argument_count > 1;
    if (named != cli_flag(c, "all")) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "lockstep text show %s names paragraphs; --all means all that is open", c->argument[0]);
    return ls_fail_with(&ls_fault_usage, &c->detail, named ? "either paragraphs or --all" : "which paragraphs?");
}

static ls_result run_accept(cli *c)
{
    marking *x;
    LS_TRY(check_named(c));
    LS_TRY(begin(c, &x));
    ls_result r = accept_all(x);
    ls_buf_free(&x->items);
    return r;
}

const cli_verb cli_verb_text_accept = {
    "text accept",
    "NAME PARAGRAPH… | --all",
    "accept what others propose in a text",
    "Takes the others' words, or their wish to delete, as this party's own. Where they want different things, --of "
    "says\n"
    "whose. When all hold the same, the paragraph is agreed, and stays so until all reopen it. With --ad-referendum "
    "it\n"
    "waits for word from the capital: accepting again, without, confirms it. Of what is agreed: their wish to reopen.",
    "  lockstep -C usa text accept first-accord dprk-4-1 usa-2-5\n"
    "  lockstep -C rok text accept first-accord --all --of dprk --ad-referendum",
    1,
    CLI_VALUES_MAX,
    {{"all", NULL, "every open paragraph where this party has no other words; with --of, every one"},
     {"of", "PARTY", "whose words"},
     {"language", "NAME", "in this language only (default: in all)"},
     {"ad-referendum", NULL, "subject to word from the capital"},
     {0}},
    run_accept};

/* retract, reopen, note */

static void add_op(marking *x, ls_text_op_kind kind, size_t paragraph, size_t cell, ls_bytes text)
{
    const ls_text_op op = {
        .kind = kind, .paragraph = name_of(x, paragraph), .language = language_of(x, paragraph, cell), .text = text};
    ls_buf_put(&x->ops, &op, sizeof op);
}

static ls_result retract_cell(marking *x, size_t paragraph, size_t cell)
{
    if (wanted(cell_at(x, paragraph, cell), cli_negotiator(x->c, &x->n))->stance != LS_STANCE_NONE) {
        add_op(x, LS_OP_RETRACT, paragraph, cell, (ls_bytes){0});
    }
    return LS_SUCCESS;
}

static ls_result reopen_cell(marking *x, size_t paragraph, size_t cell)
{
    if (cell_at(x, paragraph, cell)->locked) {
        add_op(x, LS_OP_REOPEN, paragraph, cell, (ls_bytes){0});
    }
    return LS_SUCCESS;
}

static ls_result note_cell(marking *x, size_t paragraph, size_t cell)
{
    add_op(x, LS_OP_NOTE, paragraph, cell, ls_bytes_str(cli_value(x->c, "note")));
    return LS_SUCCESS;
}

static ls_result sign_ops(marking *x, const char *what, const char *nothing)
{
    const ls_text_edit edit = {x->ops.len / sizeof(ls_text_op), (ls_text_op *)(void *)x->ops.ptr};
    LS_TRY(ls_buf_check(&x->ops));
    if (edit.count == 0) {
        ls_hint(&x->c->detail, "lockstep text show %s shows where it stands", cli_text(x->c, x->n.name));
        return ls_fail_with(&ls_fault_usage, &x->c->detail, "%s", nothing);
    }
    const cli_text_deed deed = {.edit = &edit, .what = what};
    return cli_text_sign(x->c, &x->n, &deed);
}

static ls_result change(cli *c, each_cell visit, const char *what, const char *nothing)
{
    marking *x;
    LS_TRY(begin(c, &x));
    ls_result r = in_all(x, visit);
    r = ls_succeeded(r) ? sign_ops(x, what, nothing) : r;
    ls_buf_free(&x->ops);
    return r;
}

static ls_result run_retract(cli *c)
{
    return change(c, retract_cell, "retraction", "this party has no position there");
}

static ls_result run_reopen(cli *c)
{
    return change(c, reopen_cell, "wish to reopen", "nothing of that is agreed for good: text propose changes it");
}

static ls_result run_note(cli *c)
{
    if (cli_value(c, "note") == NULL) {
        ls_hint(&c->detail, "--note \"As in the agreement of 1994.\"; an empty one takes it back");
        return ls_fail_with(&ls_fault_usage, &c->detail, "what does the note say?");
    }
    return change(c, note_cell, "note", "there is no such place");
}

#define LANGUAGE                                                                                                       \
    {                                                                                                                  \
        "language", "NAME", "in this language only (default: in all)"                                                  \
    }

const cli_verb cli_verb_text_retract = {
    "text retract",
    "NAME PARAGRAPH…",
    "give up this party's position on paragraphs of a text",
    "Takes this party's words, its acceptance or its wish to delete back; of what is agreed, its wish to reopen. What\n"
    "nobody else wants is gone from the text, and stays in its history.",
    "  lockstep -C dprk text retract first-accord dprk-4-1",
    2,
    CLI_VALUES_MAX,
    {LANGUAGE, {0}},
    run_retract};

const cli_verb cli_verb_text_reopen = {
    "text reopen",
    "NAME PARAGRAPH…",
    "be willing to reopen what is agreed",
    "Says that this party would talk again about paragraphs that are agreed, and has no other words for them. Who has "
    "some\n"
    "proposes them: lockstep text propose. A paragraph is open again once all have said one or the other; while all "
    "want\n"
    "the words that stand, it is agreed anew at once.",
    "  lockstep -C usa text reopen first-accord dprk-4-1",
    2,
    CLI_VALUES_MAX,
    {LANGUAGE, {0}},
    run_reopen};

const cli_verb cli_verb_text_note = {
    "text note",
    "NAME PARAGRAPH… --note TEXT",
    "put a footnote to this party's position",
    "Explains this party's position on a paragraph, also where it has none yet; printed as a footnote, for those who "
    "may\n"
    "read the text. An empty note takes it back.",
    "  lockstep -C rok text note first-accord dprk-4-1 --note \"Pending advice on the date.\"",
    2,
    CLI_VALUES_MAX,
    {LANGUAGE, {"note", "TEXT", "what it says"}, {0}},
    run_note};

/* diverge */

static ls_result fill_diverge(cli *c, ls_act_draft *act)
{
    ls_negotiation n;
    size_t paragraph;
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &n));
    LS_TRY(cli_negotiation_take_part(c, &n));
    LS_TRY(cli_text_paragraph(c, &n, c->argument[1], &paragraph));
    LS_TRY(cli_talk_headers(c, act));
    ls_reader r = ls_reader_of(ls_buf_bytes(&act->value[LS_H_LANGUAGES]));
    size_t count = 0;
    for (ls_bytes name; ls_read_until(&r, ' ', &name); count++) {
        if (ls_text_language(&n.opening, name) == LS_TEXT_NOWHERE) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "%s has no language \"%s\"", c->argument[0],
                                cli_text(c, name));
        }
    }
    if (count != 2) {
        ls_hint(&c->detail, "--languages en,ko");
        return ls_fail_with(&ls_fault_usage, &c->detail, "which two languages say different things?");
    }
    if (n.state.paragraph[paragraph].kind == LS_TEXT_ROADMAP) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s is a piece of the roadmap, which has no languages",
                            c->argument[1]);
    }
    cli_act_ref_entry(c, act, n.opened->index);
    ls_act_draft_set(act, LS_H_ITEM, "%s", c->argument[1]);
    return LS_SUCCESS;
}

static ls_result run_diverge(cli *c)
{
    LS_TRY(cli_needs_text(c, "an objection says what differs", "The Korean says shall, the English may."));
    return cli_act_as(c, "diverge", false, fill_diverge);
}

const cli_verb cli_verb_text_diverge = {
    "text diverge",
    "NAME PARAGRAPH --languages NAMES --text WHY",
    "object that two languages of a paragraph say different things",
    "An objection of its own: it changes nobody's position, and while it stands the text is not clean. Its author "
    "takes\n"
    "it back with lockstep withdraw. What it says stands in the act itself, for all who read the record.",
    "  lockstep -C rok text diverge declaration usa-2-3 --languages en,ko --text \"The Korean says shall.\"",
    2,
    2,
    {{"languages", "NAMES", "the two that differ, with a comma: en,ko"}, CLI_ACT_OPTIONS},
    run_diverge};
