#include "escrow/row.h"
#include "escrow/text.h"

/* Closed fields bring their commitment along, opened ones have it computed: a leaf needs both kinds alike. */
static void read_field(ls_reader *r, ls_row_pass *p, uint32_t f)
{
    ls_bytes value = {0};
    bool open = ls_read_u8(r) == 1;
    if (open) {
        ls_bytes salt = ls_read_bytes(r, LS_SALT_SIZE);
        value = ls_read_bytes(r, ls_read_u32(r));
        if (!r->failed) {
            ls_field_commit(&p->prefix, salt.ptr, value, &p->commitments[f]);
        }
    } else {
        ls_read_hash(r, &p->commitments[f]);
    }
    p->fields[f] = (ls_opened_field){open, value};
    p->text = p->text && ls_text_valid(value);
    p->blank = p->blank && open && value.len == 0;
}

void ls_row_read(ls_reader *r, ls_row_pass *p)
{
    p->row = ls_read_u64(r);
    p->text = p->blank = true;
    for (uint32_t f = 0; f < p->field_count; f++) {
        read_field(r, p, f);
    }
}

void ls_row_leaf(const ls_row_pass *p, ls_hash *out)
{
    ls_merkle_leaf(ls_bytes_of(p->commitments, (size_t)p->field_count * LS_HASH_SIZE), out);
}
