/* The columns of a table that is made of features, and which of them have a role. */
#ifndef LS_TABULAR_COLUMNS_H
#define LS_TABULAR_COLUMNS_H

#include "tabular/features.h"

#define LS_NO_COLUMN SIZE_MAX

typedef struct ls_features_columns {
    ls_tabular_roles roles;
    size_t id, latitude, longitude, geometry; /* columns of the roles, or LS_NO_COLUMN */
    bool is_json;                             /* the text was read to its end, without errors */
    bool too_many;
    bool has_id, has_point, has_shape; /* some feature has */
    size_t name_count;
    ls_bytes names[LS_COLUMNS_MAX]; /* of properties, as they come; in the table's arena */
} ls_features_columns;

/* Gives the table, whose text is set, its columns. What is wrong with the text is not told. */
ls_result ls_features_find_columns(const ls_features_form *form, ls_tabular *t, ls_features_columns *out);

#endif
