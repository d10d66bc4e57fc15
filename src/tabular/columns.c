/* The first reading of features: which columns there are. */
#include "tabular/columns.h"

static const char member_name[] = "lockstep";
static const ls_tabular_roles standard = {{(const uint8_t *)"id", 2},
                                          {(const uint8_t *)"latitude", 8},
                                          {(const uint8_t *)"longitude", 9},
                                          {(const uint8_t *)"geometry", 8}};

/* One search. */
typedef struct searching {
    const ls_features_form *form;
    ls_tabular *t;
    ls_features_columns *found;
} searching;

/* Features mostly have the same properties in the same order, so the next name is looked for where it stood last. */
static bool is_known_name(const searching *s, ls_bytes name, size_t *expected)
{
    if (*expected < s->found->name_count && ls_bytes_equal(s->found->names[*expected], name)) {
        ++*expected;
        return true;
    }
    for (size_t i = 0; i < s->found->name_count; i++) {
        if (ls_bytes_equal(s->found->names[i], name)) {
            *expected = i + 1;
            return true;
        }
    }
    return false;
}

static ls_result note_feature(void *context, const ls_feature *f, ls_diagnostics *d)
{
    searching *s = context;
    size_t expected = 0;
    (void)d;
    s->found->has_id = s->found->has_id || f->id != NULL;
    bool is_point = f->geometry != NULL && ls_geometry_kind_of(f->geometry) == LS_GEOMETRY_POINT;
    s->found->has_point = s->found->has_point || is_point;
    s->found->has_shape = s->found->has_shape || (f->geometry != NULL && !is_point);
    for (const ls_raw *p = f->properties == NULL ? NULL : f->properties->first; p != NULL; p = p->next) {
        if (is_known_name(s, p->key, &expected)) {
            continue;
        }
        if (s->found->name_count == LS_COLUMNS_MAX) {
            s->found->too_many = true;
            return LS_SUCCESS;
        }
        const char *name = ls_arena_str(&s->t->arena, p->key);
        if (name == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        s->found->names[s->found->name_count++] = ls_bytes_of(name, p->key.len);
        expected = s->found->name_count;
    }
    return LS_SUCCESS;
}

/* Columns. */

static void add_column(searching *s, ls_bytes name)
{
    size_t there;
    if (name.len == 0 || ls_tabular_column(s->t, name, &there)) {
        return;
    }
    if (s->t->column_count == LS_COLUMNS_MAX) {
        s->found->too_many = true;
        return;
    }
    s->t->columns[s->t->column_count++] = name;
}

static ls_bytes text_of(const ls_raw *map, const char *key)
{
    const ls_raw *n = ls_raw_get(map, key);
    return n != NULL && n->type == LS_RAW_STRING ? n->text : (ls_bytes){0};
}

static ls_bytes first_of(ls_bytes a, ls_bytes b, ls_bytes c)
{
    return a.len > 0 ? a : b.len > 0 ? b : c;
}

/* What was asked for, what the file says itself, what is usual; in this order. */
static void choose_roles(searching *s, const ls_raw *said)
{
    const ls_tabular_roles *asked = &s->form->roles;
    if (s->form->column_count > 0) {
        s->found->roles = *asked;
        return;
    }
    s->found->roles = (ls_tabular_roles){
        .id = first_of(asked->id, text_of(said, "id"), standard.id),
        .latitude = first_of(asked->latitude, text_of(said, "latitude"), standard.latitude),
        .longitude = first_of(asked->longitude, text_of(said, "longitude"), standard.longitude),
        .geometry = first_of(asked->geometry, text_of(said, "geometry"), standard.geometry),
    };
}

static ls_result choose_columns(searching *s, const ls_raw *said)
{
    const ls_raw *listed = ls_raw_get(said, "columns");
    s->t->columns = ls_arena_array(&s->t->arena, LS_COLUMNS_MAX, sizeof *s->t->columns);
    if (s->t->columns == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    choose_roles(s, said);
    for (size_t i = 0; i < s->form->column_count; i++) {
        add_column(s, s->form->columns[i]);
    }
    if (s->form->column_count > 0) {
        return LS_SUCCESS;
    }
    for (const ls_raw *n = listed == NULL ? NULL : listed->first; n != NULL; n = n->next) {
        add_column(s, n->type == LS_RAW_STRING ? n->text : (ls_bytes){0});
    }
    add_column(s, s->found->has_id ? s->found->roles.id : (ls_bytes){0});
    add_column(s, s->found->has_point ? s->found->roles.latitude : (ls_bytes){0});
    add_column(s, s->found->has_point ? s->found->roles.longitude : (ls_bytes){0});
    add_column(s, s->found->has_shape ? s->found->roles.geometry : (ls_bytes){0});
    for (size_t i = 0; i < s->found->name_count; i++) {
        add_column(s, s->found->names[i]);
    }
    return LS_SUCCESS;
}

static size_t column_of(const ls_tabular *t, ls_bytes name)
{
    size_t column;
    return name.len > 0 && ls_tabular_column(t, name, &column) ? column : LS_NO_COLUMN;
}

ls_result ls_features_find_columns(const ls_features_form *form, ls_tabular *t, ls_features_columns *out)
{
    searching s = {form, t, out};
    const ls_raw *top = NULL;
    ls_diagnostics *d = ls_arena_alloc(&t->arena, sizeof *d);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &t->arena;
    ls_result r = ls_geojson_read(&t->arena, t->text, false, &(ls_feature_sink){note_feature, &s}, d, &top);
    out->is_json = ls_succeeded(r);
    if (ls_failed(r) && r.fault != &ls_fault_geojson) {
        return r;
    }
    LS_TRY(choose_columns(&s, ls_raw_get(top, member_name)));
    if (t->column_count == 0) {
        add_column(&s, standard.id); /* of a file without any features */
    }
    out->id = column_of(t, out->roles.id);
    out->latitude = column_of(t, out->roles.latitude);
    out->longitude = column_of(t, out->roles.longitude);
    out->geometry = column_of(t, out->roles.geometry);
    return LS_SUCCESS;
}
