/* text accord: from a text on which all agree to the accord that all sign. */
#include "cli/texts.h"

typedef struct making {
    cli *c;
    ls_negotiation n;
    size_t language;
    cli_accord accord;
    ls_further further[LS_TEXT_LANGUAGES_MAX];
    size_t further_count;
} making;

/* What is open, and for whom. */

#define WORDS_MAX 48

static const char *stance_words(cli *c, const ls_text_cell *cell, const ls_text_position *p)
{
    if (p->stance == LS_STANCE_NONE) {
        return "nothing";
    }
    ls_bytes words = p->stance == LS_STANCE_DELETE ? ls_bytes_str("delete") : ls_text_words(cell, p);
    size_t len = words.len < WORDS_MAX ? words.len : WORDS_MAX;
    while (len < words.len && len > 0 && (words.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    char *text = ls_arena_str(&c->arena, ls_bytes_of(words.ptr, len));
    for (char *at = text; at != NULL && *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    return ls_arena_format(&c->arena, "\"%s%s\"", text == NULL ? "" : text, len < words.len ? " …" : "");
}

/* Those who hold the same stand together. */
static void print_cell(making *x, size_t paragraph, size_t index)
{
    cli *c = x->c;
    const ls_negotiation *n = &x->n;
    const ls_text_cell *cell = &n->state.paragraph[paragraph].cell[index];
    ls_party_mask done = 0;
    cli_print("%s\n", cli_text_place(c, n, paragraph, index));
    for (size_t p = 0; p < n->opening.party_count; p++) {
        ls_party_mask same = 0, ad_referendum = 0;
        for (size_t q = p; q < n->opening.party_count && (done >> p & 1) == 0; q++) {
            bool equal = ls_text_same_stance(&cell->position[p], &cell->position[q]);
            same |= equal ? (ls_party_mask)1 << q : 0;
            ad_referendum |= equal && cell->position[q].ad_referendum ? (ls_party_mask)1 << q : 0;
        }
        if (same != 0) {
            cli_print("    %s: %s\n", cli_text_parties(c, n, same, ad_referendum),
                      stance_words(c, cell, &cell->position[p]));
        }
        done |= same;
    }
}

static void print_objections(making *x)
{
    const ls_text_state *s = &x->n.state;
    for (size_t i = 0; i < s->objection_count; i++) {
        const ls_text_objection *o = &s->objection[i];
        if (!o->withdrawn) {
            cli_print("%s: %s objects that its languages differ (entry %llu)\n", s->paragraph[o->paragraph].name,
                      cli_text_parties(x->c, &x->n, (ls_party_mask)1 << o->party, 0),
                      (unsigned long long)s->act[o->act].entry);
        }
    }
}

static ls_result say_open(making *x)
{
    cli *c = x->c;
    const ls_text_state *s = &x->n.state;
    if (c->json) {
        LS_TRY(cli_print_json(c, c->ws.exercise, cli_negotiation_json(c, &x->n)));
        return ls_fail(&cli_fault_said);
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s is not agreed: %zu of %zu paragraphs are open.\n", cli_text(c, x->n.name), cli_text_open_count(&x->n),
              s->present);
    for (size_t i = 0; i < s->paragraph_count; i++) {
        const ls_text_paragraph *p = &s->paragraph[s->order[i]];
        bool any = false;
        for (size_t k = 0; k < p->cell_count; k++) {
            any = any || p->cell[k].status != LS_CELL_VACANT;
        }
        for (size_t k = 0; k < p->cell_count && !p->settled && any; k++) {
            if (p->cell[k].status != LS_CELL_AGREED) {
                print_cell(x, s->order[i], k);
            }
        }
    }
    print_objections(x);
    cli_negotiation_print_missing(c, &x->n, stdout);
    return ls_fail(&cli_fault_said);
}

/* Its files. */

static ls_result keep(cli *c, ls_result made, ls_buf *text, ls_bytes *out)
{
    const char *copy = ls_succeeded(made) ? ls_arena_str(&c->arena, ls_buf_bytes(text)) : NULL;
    *out = copy == NULL ? (ls_bytes){0} : ls_bytes_of(copy, text->len);
    ls_buf_free(text);
    return ls_succeeded(made) && copy == NULL ? ls_fail(&ls_fault_memory) : made;
}

static ls_result prose_of(making *x, size_t language, ls_bytes *out)
{
    ls_buf text = {0};
    return keep(x->c, ls_text_put_prose(&x->n.state, language, &text), &text, out);
}

static ls_result save_all(making *x)
{
    cli *c = x->c;
    const char *folder = cli_value(c, "save");
    if (folder == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_save(c, folder, "text.md", x->accord.text));
    LS_TRY(cli_save(c, folder, "roadmap.yaml", x->accord.yaml));
    for (size_t i = 0; i < x->further_count; i++) {
        LS_TRY(cli_save(c, folder, x->further[i].name, x->further[i].content));
    }
    return LS_SUCCESS;
}

static ls_result make_files(making *x)
{
    cli *c = x->c;
    ls_buf yaml = {0};
    LS_TRY(prose_of(x, x->language, &x->accord.text));
    LS_TRY(keep(c, ls_text_put_roadmap(&x->n.state, &yaml), &yaml, &x->accord.yaml));
    for (size_t i = 0; i < x->n.opening.language_count; i++) {
        if (i != x->language) {
            ls_further *f = &x->further[x->further_count++];
            f->name = ls_arena_format(&c->arena, "text.%s.md", cli_text(c, x->n.opening.language[i]));
            LS_TRY(f->name == NULL ? ls_fail(&ls_fault_memory) : prose_of(x, i, &f->content));
        }
    }
    x->accord.text_path = "text.md";
    x->accord.text_d = cli_diagnostics(c, "text.md", x->accord.text);
    x->accord.yaml_d = cli_diagnostics(c, "roadmap.yaml", x->accord.yaml);
    return x->accord.text_d == NULL || x->accord.yaml_d == NULL ? ls_fail(&ls_fault_memory) : save_all(x);
}

/* Twice the same would be two accords, each with its own measures. */
static ls_result check_new(making *x)
{
    cli *c = x->c;
    for (size_t i = 0; i < ls_record_accord_count(c->ws.record); i++) {
        const ls_accord *a = ls_record_accord(c->ws.record, i);
        if (a->amended_by < 0 && ls_bytes_equal(a->text, x->accord.text)) {
            ls_hint(&c->detail, "lockstep accord show --accord %s shows it; --amends makes a new version",
                    cli_text(c, a->roadmap->name));
            return ls_fail_with(&ls_fault_usage, &c->detail, "this text is an accord already: entry %llu",
                                (unsigned long long)a->index);
        }
    }
    return LS_SUCCESS;
}

static ls_result run_accord(cli *c)
{
    making *x = ls_arena_alloc(&c->arena, sizeof *x);
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (making){.c = c};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &x->n));
    LS_TRY(cli_text_language(c, &x->n, 0, &x->language));
    if (!x->n.state.clean) {
        return say_open(x);
    }
    LS_TRY(make_files(x));
    LS_TRY(check_new(x));
    return cli_accord_propose(c, &x->accord, x->further, x->further_count);
}

const cli_verb cli_verb_text_accord = {
    "text accord",
    "NAME",
    "make an accord of a text on which all agree",
    "Writes what all have agreed on as the accord's text and roadmap, checks them as lockstep accord check does, "
    "signs\n"
    "the accord's act with this workspace's signers, and writes the file that the others sign, in any order, also "
    "away\n"
    "from the ledger. The other languages go with it as text.LANGUAGE.md. If anything is open it says what, and who\n"
    "wants what there, and exits with 1.",
    "  lockstep -C rok text accord first-accord --out accord.lockstep",
    1,
    1,
    {{"language", "NAME", "which language is the accord's text.md, to which its measures point (default: the first)"},
     {"out", "FILE", "the file for the others (default: accord.lockstep)"},
     {"save", "FOLDER", "write text and roadmap there, too; none of these files may exist yet"},
     {"open-days", "N", "how many days it may take to sign (default: 30)"},
     {"amends", NULL, "a new version of the accord that --accord names, or of the only one"},
     {0}},
    run_accord};
