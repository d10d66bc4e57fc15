/* What the files that read a roadmap share. */
#ifndef LS_ACCORD_ROADMAP_PARTS_H
#define LS_ACCORD_ROADMAP_PARTS_H

#include "accord/roadmap.h"
#include "process/field.h"

typedef struct ls_roadmap_reader {
    ls_arena *arena;
    ls_diagnostics *d;
    const ls_charter *charter;
    ls_roadmap *roadmap;
    bool has_paragraphs; /* the text could be read */
    ls_ids parties;      /* of the charter */
    ls_ids tracks, steps, measures, pledges, declarations, paragraphs;
    const ls_value **source; /* of each measure */
} ls_roadmap_reader;

/* The party that a key names. Of the charter; with signs set, one that signs this accord. */
bool ls_roadmap_read_party(ls_roadmap_reader *r, const ls_value *v, bool signs, size_t *out);
/* The keys that measures and pledges share: by, what, paragraph. */
void ls_roadmap_read_promise(ls_roadmap_reader *r, const ls_value *v, size_t *by, ls_bytes *what, ls_bytes *paragraph);

void ls_roadmap_read_declarations(ls_roadmap_reader *r, const ls_value *v);
/* Steps and all of their measures. */
void ls_roadmap_read_steps(ls_roadmap_reader *r, const ls_value *v);

/* What only the whole can show. The first also fills in the order, unless there is a cycle. */
void ls_roadmap_check_cycles(ls_roadmap_reader *r);
void ls_roadmap_check_dates(ls_roadmap_reader *r);
void ls_roadmap_check_declarations(ls_roadmap_reader *r);

#endif
