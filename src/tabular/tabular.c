/* Tables: values as places in the text or in a buffer of the table's own, and the names of columns. */
#include "tabular/tabular.h"
#include <stdlib.h>

const ls_fault ls_fault_table = {LS_CLASS_USAGE, "table", "the table does not have what is asked of it"};

#define FIRST_ROWS 256

ls_bytes ls_tabular_at(const ls_tabular *t, size_t row, size_t column)
{
    const ls_tabular_cell *cell = &t->cells[row * t->column_count + column];
    return cell->len == 0 ? ls_bytes_of("", 0)
                          : ls_bytes_of((cell->own ? t->own.ptr : t->text.ptr) + cell->at, cell->len);
}

bool ls_tabular_column(const ls_tabular *t, ls_bytes name, size_t *out)
{
    for (size_t i = 0; i < t->column_count; i++) {
        if (ls_bytes_equal(t->columns[i], name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

ls_result ls_tabular_find(const ls_tabular *t, ls_bytes name, size_t *out, ls_detail *detail)
{
    const char *names[LS_COLUMNS_MAX];
    ls_arena arena = {0};
    if (ls_tabular_column(t, name, out)) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < t->column_count; i++) {
        const char *copy = ls_arena_str(&arena, t->columns[i]);
        names[i] = copy == NULL ? "" : copy;
    }
    const char *near = ls_nearest(name, names, t->column_count);
    if (near != NULL) {
        ls_hint(detail, "did you mean \"%.80s\"?", near);
    }
    ls_arena_free(&arena);
    return ls_fail_with(&ls_fault_table, detail, "there is no column \"%.*s\"", (int)(name.len < 80 ? name.len : 80),
                        (const char *)name.ptr);
}

static ls_result grow(ls_tabular *t)
{
    size_t capacity = t->row_capacity == 0 ? FIRST_ROWS : 2 * t->row_capacity;
    size_t values;
    if (__builtin_mul_overflow(capacity, t->column_count, &values)) {
        return ls_fail(&ls_fault_memory);
    }
    /* Each is kept as soon as it has moved, so that a failure of the other leaves both to be freed. */
    ls_tabular_cell *cells = reallocarray(t->cells, values, sizeof *cells);
    t->cells = cells == NULL ? t->cells : cells;
    unsigned *lines = reallocarray(t->lines, capacity, sizeof *lines);
    t->lines = lines == NULL ? t->lines : lines;
    if (cells == NULL || lines == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    t->row_capacity = capacity;
    return LS_SUCCESS;
}

ls_result ls_tabular_add_row(ls_tabular *t, unsigned line)
{
    if (t->row_count == t->row_capacity) {
        LS_TRY(grow(t));
    }
    memset(&t->cells[t->row_count * t->column_count], 0, t->column_count * sizeof *t->cells);
    t->lines[t->row_count++] = line;
    return LS_SUCCESS;
}

ls_result ls_tabular_set(ls_tabular *t, size_t row, size_t column, ls_bytes value)
{
    bool stands = value.len > 0 && t->text.len > 0 && value.ptr >= t->text.ptr && value.ptr < t->text.ptr + t->text.len;
    ls_tabular_cell *cell = &t->cells[row * t->column_count + column];
    if (value.len > LS_CSV_FIELD_MAX) {
        return ls_fail(&ls_fault_memory);
    }
    *cell = (ls_tabular_cell){
        .at = stands ? (uint64_t)(value.ptr - t->text.ptr) : t->own.len, .len = (uint32_t)value.len, .own = !stands};
    if (!stands) {
        ls_buf_put_bytes(&t->own, value);
    }
    return ls_buf_check(&t->own);
}

void ls_tabular_free(ls_tabular *t)
{
    ls_buf_wipe(&t->own);
    free(t->cells);
    free(t->lines);
    ls_arena_free(&t->arena);
    *t = (ls_tabular){0};
}

/* Names that are usual, in the order in which they are looked for. */
static const char *const ids[] = {"id", NULL};
static const char *const latitudes[] = {"latitude", "lat", NULL};
static const char *const longitudes[] = {"longitude", "lon", "lng", "long", NULL};
static const char *const geometries[] = {"geometry", NULL};

static bool is_alike(ls_bytes a, const char *b)
{
    return strlen(b) == a.len && strncasecmp((const char *)a.ptr, b, a.len) == 0;
}

static ls_bytes guess(const ls_tabular *t, ls_bytes given, const char *const *usual)
{
    for (; given.len == 0 && *usual != NULL; usual++) {
        for (size_t i = 0; i < t->column_count; i++) {
            if (is_alike(t->columns[i], *usual)) {
                return t->columns[i];
            }
        }
    }
    return given;
}

void ls_tabular_guess_roles(const ls_tabular *t, ls_tabular_roles *roles)
{
    roles->id = guess(t, roles->id, ids);
    roles->geometry = guess(t, roles->geometry, geometries);
    ls_bytes latitude = guess(t, roles->latitude, latitudes), longitude = guess(t, roles->longitude, longitudes);
    if (latitude.len > 0 && longitude.len > 0) {
        roles->latitude = latitude;
        roles->longitude = longitude;
    }
}
