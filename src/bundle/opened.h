/*
 * What is known of a declaration's rows: those that some opening on the record opens whose file is here.
 */
#ifndef LS_BUNDLE_OPENED_H
#define LS_BUNDLE_OPENED_H

#include "bundle/drawing.h"

/* A row that verified; fields has as many as the declaration. A row that several acts open comes several times. */
typedef ls_result (*ls_opened_sink)(void *context, const ls_population_row *at, const ls_opened_field *fields);

/* Every row of the declaration by this act, from every `open` act with effect. Files that are not here, or do not hold,
 * are passed over: verification says what is wrong with them. Fails for lack of memory, or as read or the sink does. */
ls_result ls_opened_each(const ls_drawing_source *from, const ls_record_declaration *d, ls_opened_sink sink,
                         void *context);

#endif
