#include "cli/listing.h"

void cli_listing_begin(cli_listing *l, const char *heading)
{
    l->table = (cli_table){.columns = 3, .heading = {heading, "", "as agreed"}};
}

void cli_listing_put(cli_listing *l, const char *key, const char *value)
{
    if (value == NULL || *value == '\0') {
        return;
    }
    const char *cells[] = {l->name, key, value};
    cli_table_row(l->c, &l->table, cells);
    l->name = "";
}

void cli_listing_end(cli_listing *l)
{
    if (l->table.rows > 0) {
        cli_print("\n");
        cli_table_print(&l->table);
    }
}

const char *cli_listing_kept(cli_listing *l, ls_buf *text)
{
    const char *s = cli_text(l->c, ls_buf_bytes(text));
    ls_buf_free(text);
    return s;
}

const char *cli_listing_party(cli_listing *l, size_t party)
{
    return cli_text(l->c, l->charter->party[party].name);
}

const char *cli_listing_duration(cli_listing *l, ls_duration d)
{
    char text[LS_DURATION_SIZE];
    if (d.count == 0) {
        return NULL;
    }
    ls_duration_format(d, text);
    return cli_text(l->c, ls_bytes_str(text));
}
