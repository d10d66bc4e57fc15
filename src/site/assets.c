/* The front end: what a browser needs to check the pages, and how they look. */
#include "site/assets.h"
#include "crypto/sha256.h"
#include "portal/map.h"
#include "site/parts.h"
#include <stdio.h>

#define FOLDER "assets/"
#define ASSET_MAX (16u << 20)
#define LAND "world.svg" /* which the map names */

/* As of subresource integrity. In the site's arena; NULL without memory. */
static const char *integrity(site *x, ls_bytes content)
{
    ls_hash hash;
    ls_buf text = {0};
    ls_sha256_hash(content, &hash);
    ls_buf_put_str(&text, "sha256-");
    ls_buf_put_base64(&text, ls_bytes_of(hash.b, sizeof hash.b));
    const char *kept = text.failed ? NULL : ls_arena_str(&x->arena, ls_buf_bytes(&text));
    ls_buf_free(&text);
    return kept;
}

/* What pages name; all else is for the front end itself. */
static ls_result take(site *x, const char *name, ls_bytes content)
{
    if (strcmp(name, "app.js") == 0) {
        x->site.script = FOLDER "app.js";
        x->site.script_hash = integrity(x, content);
    } else if (strcmp(name, "style.css") == 0) {
        x->site.style = FOLDER "style.css";
        x->site.style_hash = integrity(x, content);
    } else if (strcmp(name, "verifier.bin") == 0) {
        ls_sha256_hash(content, &x->done.verifier);
        x->done.front_end = true;
    } else if (strcmp(name, LAND) == 0) {
        x->land = true;
    }
    return x->arena.failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result write_asset(site *x, const char *name, ls_bytes content)
{
    ls_arena arena = {0};
    const char *path = ls_arena_format(&arena, FOLDER "%s", name);
    ls_result r = path == NULL ? ls_fail(&ls_fault_memory) : ls_publish_changed(&x->out, path, content);
    ls_arena_free(&arena);
    return ls_succeeded(r) ? take(x, name, content) : r;
}

static ls_result write_from(site *x, const char *folder)
{
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    ls_result r = ls_folder_list(&arena, folder, &names, &count, x->detail);
    if (ls_succeeded(r) && count == 0) {
        r = ls_fail_with(&ls_fault_missing, x->detail, "%s holds no front end", folder);
    }
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        ls_buf content = {0};
        const char *path = ls_arena_format(&arena, "%s/%s", folder, names[i]);
        r = path == NULL ? ls_fail(&ls_fault_memory) : ls_file_read(path, ASSET_MAX, &content, x->detail);
        r = ls_succeeded(r) ? write_asset(x, names[i], ls_buf_bytes(&content)) : r;
        ls_buf_free(&content);
    }
    ls_arena_free(&arena);
    return r;
}

/* Where there is no picture of land, maps show the sea. */
static ls_result write_sea(site *x)
{
    static const char sea[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 360 180\"></svg>\n";
    LS_TRY(write_asset(x, LAND, ls_bytes_str(sea)));
    for (unsigned i = 0; i < LS_MAP_COLUMNS * LS_MAP_ROWS; i++) {
        char name[sizeof LS_MAP_PIECE + 16];
        snprintf(name, sizeof name, LS_MAP_PIECE, i / LS_MAP_ROWS, i % LS_MAP_ROWS);
        LS_TRY(write_asset(x, name, ls_bytes_str(sea)));
    }
    return LS_SUCCESS;
}

ls_result ls_site_assets(site *x)
{
    ls_result r = LS_SUCCESS;
    if (x->o->assets != NULL) {
        r = write_from(x, x->o->assets);
    }
    for (size_t i = 0; x->o->assets == NULL && ls_succeeded(r) && i < ls_site_embedded_count; i++) {
        const ls_site_asset *a = &ls_site_embedded[i];
        r = write_asset(x, a->name, ls_bytes_of(a->begin, (size_t)(a->end - a->begin)));
    }
    if (ls_succeeded(r) && !x->land) {
        r = write_sea(x);
    }
    /* A script without the verifier, or the other way round, would check nothing. */
    x->done.front_end &= x->site.script != NULL;
    x->site.script = x->done.front_end ? x->site.script : NULL;
    x->site.verifier = x->done.front_end ? &x->done.verifier : NULL;
    return r;
}
