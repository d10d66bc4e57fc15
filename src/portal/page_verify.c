/* The place where files are dropped, which takes a script; and what this site is. Both are words, and keys. */
#include "portal/facts.h"

static void put_command(ls_html *w, const char *id, const char *command)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(ls_record_process(w->portal->record), hex);
    ls_html_statement_open(w, "pre", id, NULL);
    ls_html_element(w, "code", ls_bytes_str(ls_html_format(w, "%s --charter %s", command, hex)), "lang", "en", NULL);
    ls_html_close(w, "pre");
    ls_html_newline(w);
}

ls_result ls_page_verify(ls_html *w, ls_bytes name, const char **title)
{
    (void)name;
    ls_page_title_word(w, "nav.verify", title);
    ls_html_word_in(w, "p", "verify.what");
    ls_html_open(w, "div", "id", "drop", NULL);
    ls_html_word_in(w, "p", "verify.no-script");
    ls_html_close(w, "div");
    ls_html_newline(w);
    ls_html_heading(w, 2, "command-line", "verify.command");
    ls_html_word_in(w, "p", "verify.command-what");
    put_command(w, "verify", "lockstep-verify FILE");
    return LS_SUCCESS;
}

/* Headings and paragraphs, one after the other; a heading has a level. */
static const struct {
    unsigned level;
    const char *key;
} about[] = {
    {0, "about-page.what"},      {0, "about-page.not-true"},    {2, "about-page.marks"},
    {0, "about-page.mark"},      {0, "about-page.cross"},       {0, "about-page.none"},
    {2, "about-page.trust"},     {0, "about-page.fingerprint"}, {0, "about-page.pin"},
    {0, "about-page.cosigners"}, {2, "about-page.swap"},        {0, "about-page.swap-what"},
    {0, "about-page.swap-how"},  {2, "about-page.command"},     {0, "about-page.command-what"},
};

ls_result ls_page_about(ls_html *w, ls_bytes name, const char **title)
{
    (void)name;
    ls_page_title_word(w, "nav.about", title);
    for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
        if (about[i].level > 0) {
            ls_html_heading(w, about[i].level, ls_html_format(w, "about-%s", about[i].key + strlen("about-page.")),
                            about[i].key);
        } else {
            ls_html_word_in(w, "p", about[i].key);
        }
    }
    ls_html_newline(w);
    put_command(w, "audit", "lockstep audit https://SITE/tlog");
    put_command(w, "verify", "lockstep-verify FILE");
    ls_html_heading(w, 2, "about-this", "about-page.this");
    ls_html_facts_open(w);
    ls_html_fact_open(w, "about-page.charter");
    ls_html_hash(w, ls_record_process(w->portal->record));
    ls_html_fact_close(w);
    ls_html_facts_close(w);
    return LS_SUCCESS;
}
