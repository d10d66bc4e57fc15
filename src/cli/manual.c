/* The manual page, printed from the table of verbs: `lockstep help --mdoc`. docs/lockstep.1 is its output. */
#include "cli/cli.h"

/* Text for mdoc: a line that begins with a dot or an apostrophe would be a request, backslashes are escapes, and in
 * prose each sentence begins a line. */
static void put_text(FILE *out, const char *text, bool prose)
{
    bool begins = true;
    for (const char *s = text; *s != '\0'; s++) {
        if (begins && (*s == '.' || *s == '\'')) {
            fputs("\\&", out);
        }
        if (*s == '\\') {
            fputs("\\e", out);
        } else if (*s == '-' && s[1] == '-') {
            fputs("\\-\\-", out);
            s++;
        } else if (prose && *s == ' ' && s > text && strchr(".?!", s[-1]) != NULL) {
            fputc('\n', out);
        } else {
            fputc(*s, out);
        }
        begins = *s == '\n';
    }
    fputc('\n', out);
}

static void put_options(FILE *out, const cli_option *options)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (const cli_option *o = options; o->name != NULL; o++) {
        fprintf(out, ".It Fl Fl %s%s%s\n", o->name, o->value != NULL ? " Ar " : "", o->value != NULL ? o->value : "");
        put_text(out, o->help, true);
    }
    fputs(".El\n", out);
}

/* Names of the common options that it takes, which are described above all verbs. */
static void put_common(FILE *out, unsigned takes)
{
    fputs(".Pp\nAlso:\n", out);
    for (const cli_option *o = cli_common; o->name != NULL; o++) {
        if (cli_takes(takes, o)) {
            fprintf(out, ".Fl Fl %s%s\n", o->name, o[1].name != NULL ? " ," : "");
        }
    }
}

static void put_verb(FILE *out, const cli_row *row)
{
    const cli_verb *v = row->verb;
    fprintf(out, ".Ss %s\n.Nm\n.Cm %s\n", v->name, v->name);
    if (v->arguments[0] != '\0') {
        put_text(out, v->arguments, false);
    }
    fputs(".Pp\n", out);
    put_text(out, v->details, true);
    if (v->options[0].name != NULL) {
        put_options(out, v->options);
    }
    put_common(out, row->takes);
    fputs(".Bd -literal\n", out);
    put_text(out, v->example, false);
    fputs(".Ed\n", out);
}

static const char head[] =
    ".Dd November 24, 2026\n.Dt LOCKSTEP 1\n.Os\n.Sh NAME\n.Nm lockstep\n"
    ".Nd commit to everything, open it step by step, keep the other side in pace\n"
    ".Sh SYNOPSIS\n.Nm\n.Op Fl C Ar workspace\n.Ar verb\n.Op Ar arguments\n.Op Ar options\n"
    ".Sh DESCRIPTION\n"
    "Parties who do not trust each other agree to give things up step by step.\n.Nm\n"
    "lets them commit to a complete declaration at the outset, open it step by step with proof that nothing was\n"
    "added, dropped or changed, and keep the measures of all sides in pace, on a record that none of them can rewrite\n"
    "unnoticed.\n.Pp\nA delegation works in its workspace: the folder given with\n.Fl C ,\nin\n.Ev LOCKSTEP_WORKSPACE "
    ",\n"
    "or the current one.\nEverything that is shown follows from the record, which is replayed and verified each time.\n"
    ".Pp\nOptions that several verbs take; each says below which of them are its own:\n";

static const char tail[] =
    ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev LOCKSTEP_WORKSPACE\nThe workspace, where\n.Fl C\nis not given.\n"
    ".It Ev LOCKSTEP_PASSPHRASE\nThe passphrase of all vaults, where\n.Fl Fl passphrase-file\nis not given.\n"
    "Other processes of the same user can read it there.\n"
    ".It Ev LOCKSTEP_AUTHORITY\nA file with the certificates (PEM) of those who are trusted for the TLS of the\n"
    "ledger's server; default: the system's.\n.El\n"
    ".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n.It 0\nDone, or checked and valid.\n.It 1\nChecked, and not valid.\n"
    ".It 2\nThe command, or what it was given, can't be used.\n"
    ".It 3\nThe surroundings: disk, permissions, a missing file, a ledger that\n.Cm sync\ndid not reach.\n.It 4\nA "
    "fault of the program.\n.El\n"
    ".Sh SEE ALSO\n.Pa docs/protocol.md ,\n.Pa docs/roadmap.md ,\n.Pa docs/threats.md\n";

void cli_print_manual(FILE *out)
{
    fputs(head, out);
    put_options(out, cli_common);
    fputs(".Sh VERBS\n", out);
    for (size_t i = 0; cli_verbs[i].verb != NULL; i++) {
        put_verb(out, &cli_verbs[i]);
    }
    fputs(tail, out);
}
