/*
 * The one-file edition: script, style, verifier, record and public files in one page, which checks itself from a disk
 * without any network. Of its pages it holds the first; the verifier computes the others.
 */
#include "portal/map.h"
#include "site/parts.h"
#include <lockstep/merkle.h>
#include <stdio.h>

#define FILE_MAX (4u << 20)      /* bytes of one of the acts' files that goes with it */
#define EDITION_MAX (256u << 20) /* of all of it: a browser has to hold it in memory, several times */

/* Files of the folder. */

static ls_result append_file(site *x, const char *relative, ls_buf *out)
{
    char path[LS_PUBLISH_PATH_SIZE];
    LS_TRY(ls_publish_path(&x->out, relative, path));
    return ls_file_read(path, EDITION_MAX, out, x->detail);
}

static ls_result put_base64(site *x, const char *relative, ls_buf *out)
{
    ls_buf content = {0};
    ls_result r = append_file(x, relative, &content);
    if (ls_succeeded(r)) {
        ls_buf_put_base64(out, ls_buf_bytes(&content));
    }
    ls_buf_free(&content);
    return ls_succeeded(r) && out->len > EDITION_MAX ? ls_fail(&ls_fault_large) : r;
}

/* A block that no browser runs. */
static ls_result put_block(site *x, const char *type, const char *id, const char *relative, ls_buf *out)
{
    ls_buf_format(out, "<script type=\"%s\" id=\"%s\">", type, id);
    LS_TRY(put_base64(x, relative, out));
    ls_buf_put_str(out, "</script>\n");
    return LS_SUCCESS;
}

/* Data: base64 in JSON, in which nothing could end the element. */

static ls_result put_entries(site *x, ls_buf *out)
{
    for (uint64_t i = 0; i * LS_TILE_WIDTH < x->head.size; i++) {
        char tile[LS_TILE_PATH_SIZE], relative[LS_TILE_PATH_SIZE + sizeof "tlog/"];
        uint64_t rest = x->head.size - i * LS_TILE_WIDTH;
        ls_tile_path(LS_TILE_ENTRIES, i, rest < LS_TILE_WIDTH ? (unsigned)rest : LS_TILE_WIDTH, tile);
        snprintf(relative, sizeof relative, "tlog/%s", tile);
        ls_buf_put_str(out, i == 0 ? "\"" : ",\n\"");
        LS_TRY(put_base64(x, relative, out));
        ls_buf_put_str(out, "\"");
    }
    return LS_SUCCESS;
}

static ls_result put_files(site *x, ls_buf *out)
{
    const char *between = "";
    for (size_t i = 0; i < x->file_count; i++) {
        const site_file *f = &x->file[i];
        char hex[LS_HEX_HASH_SIZE], relative[sizeof "tlog/attachment/" + LS_HEX_HASH_SIZE];
        if (!f->here || f->size > FILE_MAX) {
            continue;
        }
        ls_hash_format(&f->hash, hex);
        snprintf(relative, sizeof relative, "tlog/attachment/%s", hex);
        ls_buf_format(out, "%s\"%s\":\"", between, hex);
        LS_TRY(put_base64(x, relative, out));
        ls_buf_put_str(out, "\"");
        between = ",\n";
    }
    return LS_SUCCESS;
}

static ls_result put_data(site *x, ls_buf *out)
{
    ls_buf_put_str(out, "<script type=\"application/json\" id=\"lockstep-data\">{\"checkpoint\":\"");
    ls_buf_put_base64(out, x->portal.checkpoint);
    ls_buf_put_str(out, "\",\n\"entries\":[");
    LS_TRY(put_entries(x, out));
    ls_buf_put_str(out, "],\n\"files\":{");
    LS_TRY(put_files(x, out));
    ls_buf_put_str(out, "}}</script>\n");
    return LS_SUCCESS;
}

/* Under the names that maps have for them. */
static ls_result put_land(site *x, ls_buf *out)
{
    LS_TRY(put_block(x, "text/plain", "world.svg", "assets/world.svg", out));
    for (unsigned i = 0; i < LS_MAP_COLUMNS * LS_MAP_ROWS; i++) {
        char path[sizeof "assets/" LS_MAP_PIECE + 16];
        snprintf(path, sizeof path, "assets/" LS_MAP_PIECE, i / LS_MAP_ROWS, i % LS_MAP_ROWS);
        LS_TRY(put_block(x, "text/plain", path + strlen("assets/"), path, out));
    }
    return LS_SUCCESS;
}

static ls_result put_blocks(site *x, ls_buf *out)
{
    LS_TRY(put_block(x, "text/plain", "lockstep-verifier", "assets/verifier.bin", out));
    if (x->land) {
        LS_TRY(put_land(x, out));
    }
    return put_data(x, out);
}

/* The page. */

typedef struct edition {
    ls_buf script, style, blocks, fragment, document;
    ls_arena arena;
} edition;

static ls_result make_document(site *x, edition *e)
{
    const char *title;
    ls_portal p = x->portal;
    p.language = &ls_portal_languages[0];
    LS_TRY(append_file(x, x->site.script, &e->script));
    LS_TRY(append_file(x, x->site.style, &e->style));
    LS_TRY(put_blocks(x, &e->blocks));
    LS_TRY(ls_buf_check(&e->blocks));
    const ls_portal_inline within = {ls_buf_bytes(&e->script), ls_buf_bytes(&e->style), ls_buf_bytes(&e->blocks)};
    ls_portal_site around = x->site;
    around.within = &within;
    LS_TRY(ls_portal_page(&p, "index.html", &e->arena, &title, &e->fragment));
    return ls_portal_document(&p, &around, "index.html", title, ls_buf_bytes(&e->fragment), &e->arena, &e->document);
}

ls_result ls_site_one_file(site *x)
{
    edition e = {0};
    if (x->site.script == NULL || x->site.style == NULL) {
        return LS_SUCCESS;
    }
    ls_result r = make_document(x, &e);
    if (r.fault == &ls_fault_large) {
        r = LS_SUCCESS; /* and is left out, which the report says */
    } else if (ls_succeeded(r)) {
        r = ls_publish_changed(&x->out, LS_SITE_ONE_FILE, ls_buf_bytes(&e.document));
        x->done.one_file = e.document.len;
    }
    ls_buf_free(&e.script);
    ls_buf_free(&e.style);
    ls_buf_free(&e.blocks);
    ls_buf_free(&e.fragment);
    ls_buf_free(&e.document);
    ls_arena_free(&e.arena);
    return r;
}
