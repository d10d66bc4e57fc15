/*
 * Text of others as it is shown: what is plain (process/plain.h) as itself, what has no shape or reorders lines by its
 * number ("[U+202E]"), bytes that are no UTF-8 as U+FFFD. Total: any bytes may be shown.
 */
#ifndef LS_PROCESS_SHOWN_H
#define LS_PROCESS_SHOWN_H

#include <lockstep/bytes.h>

#define LS_SHOWN_SIZE 16 /* of one character as it is shown, with NUL */

/* The next character as it is shown, NUL-terminated; of text on one line, newlines are spaces. False at the end. */
bool ls_shown_next(ls_bytes text, bool lines, size_t *offset, char out[static LS_SHOWN_SIZE]);

/* Appends it for HTML: as text, and in attributes in double quotes. All that has a meaning there is escaped. */
void ls_shown_html(ls_buf *out, ls_bytes text, bool lines);
/* Appends an element around it. tag may have attributes, of our own: "td dir=auto". */
void ls_shown_element(ls_buf *out, const char *tag, ls_bytes text, bool lines);

#endif
