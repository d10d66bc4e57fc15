#include "bundle/packet.h"
#include <inttypes.h>

const ls_fault ls_fault_packet_form = {LS_CLASS_INVALID, "packet-form", "it does not say what the packet is about"};

#define FIRST "lockstep packet v1"
static const char *const abouts[] = {"draw: ", "challenge: "};
static const char row_name[] = "row: ";

/* What follows a name that a line begins with; false if it begins otherwise. */
static bool after(ls_bytes line, const char *name, ls_bytes *value)
{
    size_t len = strlen(name);
    if (!ls_bytes_starts(line, name)) {
        return false;
    }
    *value = ls_bytes_of(line.ptr + len, line.len - len);
    return true;
}

bool ls_packet_row_parse(ls_bytes text, ls_population_row *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes tranche;
    uint64_t k, row;
    if (text.len == 0 || !ls_read_until(&r, '/', &tranche) || !ls_decimal_parse(tranche, UINT32_MAX, &k) || k == 0 ||
        !ls_decimal_parse(ls_bytes_of(r.ptr, ls_reader_left(&r)), INT64_MAX, &row)) {
        return false;
    }
    *out = (ls_population_row){(uint32_t)k, row};
    return true;
}

static bool read_about(ls_bytes line, ls_packet *p)
{
    ls_bytes id;
    p->challenge = after(line, abouts[true], &id);
    return (p->challenge || after(line, abouts[false], &id)) && ls_hash_parse(id, &p->about);
}

ls_result ls_packet_parse(ls_bytes text, ls_packet *out)
{
    ls_packet p = {0};
    ls_reader r = ls_reader_of(text);
    ls_bytes line, row;
    bool good = ls_read_line(&r, &line) && ls_bytes_is(line, FIRST) && ls_read_line(&r, &line) && read_about(line, &p);
    if (good && !ls_reader_done(&r)) {
        p.single = true;
        good = ls_read_line(&r, &line) && after(line, row_name, &row) && ls_packet_row_parse(row, &p.row);
    }
    if (!good || !ls_reader_done(&r)) {
        return ls_fail(&ls_fault_packet_form);
    }
    *out = p;
    return LS_SUCCESS;
}

void ls_packet_format(const ls_packet *p, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&p->about, hex);
    ls_buf_format(out, FIRST "\n%s%s\n", abouts[p->challenge], hex);
    if (p->single) {
        ls_buf_format(out, "%s%" PRIu32 "/%" PRIu64 "\n", row_name, p->row.tranche, p->row.row);
    }
}
