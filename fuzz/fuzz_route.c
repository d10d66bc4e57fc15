/* Paths of a server: what is found in one lies in it, and tiles have one path each. */
#include "server/route.h"
#include <lockstep/merkle.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool lies_in(ls_bytes part, ls_bytes whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes path = ls_bytes_of(data, size);
    ls_route route;
    ls_route_parse(path, &route);
    require(route.kind < LS_ROUTE_COUNT && lies_in(route.process, path) && lies_in(route.to, path));
    require(ls_route_takes(route.kind, "GET") || ls_route_takes(route.kind, "POST"));
    require(lies_in(route.file, path) &&
            (route.file.len == 0 || (route.file.ptr[0] != '.' && route.file.ptr[0] != '/')));
    for (size_t i = 1; i < route.file.len; i++) { /* never out of the site's folder */
        require(route.file.ptr[i - 1] != '/' || (route.file.ptr[i] != '.' && route.file.ptr[i] != '/'));
    }
    if (route.kind == LS_ROUTE_TILE || route.kind == LS_ROUTE_ENTRIES) {
        char again[LS_TILE_PATH_SIZE];
        ls_tile_path(route.kind == LS_ROUTE_ENTRIES ? LS_TILE_ENTRIES : (int)route.level, route.index, route.width,
                     again);
        require(ls_bytes_is(ls_bytes_of(path.ptr + route.process.len + 2, path.len - route.process.len - 2), again));
    }
    return 0;
}
