/* Paths: one table, and tiles and attachments, which have numbers and hashes in theirs. */
#include "server/route.h"
#include <lockstep/merkle.h>

#define READ "GET, HEAD"

static const struct row {
    const char *name;
    const char *path; /* below the process, or NULL: not of one fixed form */
    bool server;      /* of the server, not below a process */
    const char *methods;
} rows[LS_ROUTE_COUNT] = {
    [LS_ROUTE_NONE] = {"none", NULL, false, READ},
    [LS_ROUTE_HEALTH] = {"healthz", "healthz", true, READ},
    [LS_ROUTE_METRICS] = {"metrics", "metrics", true, READ},
    [LS_ROUTE_CHECKPOINT] = {"checkpoint", "checkpoint", false, READ},
    [LS_ROUTE_CHECKPOINT_LATEST] = {"checkpoint-latest", "checkpoint/latest", false, READ},
    [LS_ROUTE_TILE] = {"tile", NULL, false, READ},
    [LS_ROUTE_ENTRIES] = {"entries", NULL, false, READ},
    [LS_ROUTE_ATTACHMENT] = {"attachment", NULL, false, READ},
    [LS_ROUTE_ACT] = {"act", "act", false, "POST"},
    [LS_ROUTE_COSIGNATURE] = {"cosignature", "cosignature", false, "POST"},
    [LS_ROUTE_BOXES] = {"boxes", NULL, false, READ},
    [LS_ROUTE_BOX] = {"box", NULL, false, "GET, HEAD, PUT, DELETE"},
    [LS_ROUTE_SITE] = {"site", NULL, false, READ},
};

const char *ls_route_name(ls_route_kind kind)
{
    return rows[kind].name;
}

const char *ls_route_methods(ls_route_kind kind)
{
    return rows[kind].methods;
}

bool ls_route_takes(ls_route_kind kind, const char *method)
{
    ls_reader r = ls_reader_of(ls_bytes_str(rows[kind].methods));
    for (ls_bytes word; ls_read_until(&r, ',', &word);) {
        size_t space = word.len > 0 && word.ptr[0] == ' ';
        if (ls_bytes_is(ls_bytes_of(word.ptr + space, word.len - space), method)) {
            return true;
        }
    }
    return false;
}

static ls_bytes rest_of(ls_bytes s, size_t from)
{
    return ls_bytes_of(s.ptr + from, s.len - from);
}

static ls_route_kind fixed_path(ls_bytes path, bool server)
{
    for (ls_route_kind k = LS_ROUTE_NONE; k < LS_ROUTE_COUNT; k++) {
        if (rows[k].path != NULL && rows[k].server == server && ls_bytes_is(path, rows[k].path)) {
            return k;
        }
    }
    return LS_ROUTE_NONE;
}

/* <party>, or <party>/<hash> */
static ls_route_kind parse_box(ls_bytes rest, ls_route *r)
{
    const uint8_t *slash = rest.len == 0 ? NULL : memchr(rest.ptr, '/', rest.len);
    size_t len = slash == NULL ? rest.len : (size_t)(slash - rest.ptr);
    r->to = ls_bytes_of(rest.ptr, len);
    if (!ls_name_valid(r->to)) {
        return LS_ROUTE_NONE;
    }
    if (slash == NULL) {
        return LS_ROUTE_BOXES;
    }
    return ls_hash_parse(rest_of(rest, len + 1), &r->hash) ? LS_ROUTE_BOX : LS_ROUTE_NONE;
}

static bool is_file_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

/* A file of the public site, which may lie in folders: no name in it is empty or begins with a dot. */
static ls_route_kind parse_file(ls_bytes path, ls_route *r)
{
    bool begins = true;
    for (size_t i = 0; i < path.len; i++) {
        uint8_t c = path.ptr[i];
        if (c == '/' ? begins : !is_file_character(c) || (begins && c == '.')) {
            return LS_ROUTE_NONE;
        }
        begins = c == '/';
    }
    if (path.len > LS_SITE_PATH_MAX || (begins && path.len > 0)) {
        return LS_ROUTE_NONE;
    }
    r->file = path;
    return LS_ROUTE_SITE;
}

static ls_route_kind parse_variable(ls_bytes path, ls_route *r)
{
    static const char attachment[] = "attachment/", box[] = "sealed/";
    int level;
    if (ls_bytes_starts(path, box)) {
        return parse_box(rest_of(path, sizeof box - 1), r);
    }
    if (ls_bytes_starts(path, attachment)) {
        return ls_hash_parse(rest_of(path, sizeof attachment - 1), &r->hash) ? LS_ROUTE_ATTACHMENT : LS_ROUTE_NONE;
    }
    if (!ls_tile_path_parse(path, &level, &r->index, &r->width)) {
        return parse_file(path, r);
    }
    r->level = level == LS_TILE_ENTRIES ? 0 : (unsigned)level;
    return level == LS_TILE_ENTRIES ? LS_ROUTE_ENTRIES : LS_ROUTE_TILE;
}

void ls_route_parse(ls_bytes path, ls_route *out)
{
    ls_route r = {0};
    if (path.len > 1 && path.ptr[0] == '/') {
        path = rest_of(path, 1);
        const uint8_t *slash = memchr(path.ptr, '/', path.len);
        size_t first = slash == NULL ? path.len : (size_t)(slash - path.ptr);
        if (slash == NULL) {
            r.kind = fixed_path(path, true);
        } else {
            ls_bytes below = rest_of(path, first + 1);
            r.kind = fixed_path(below, false);
            r.kind = r.kind == LS_ROUTE_NONE ? parse_variable(below, &r) : r.kind;
            r.process = r.kind == LS_ROUTE_NONE ? r.process : ls_bytes_of(path.ptr, first);
        }
    }
    *out = r;
}
