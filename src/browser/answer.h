/* The buffer with the last answer, which all calls share. */
#ifndef LS_BROWSER_ANSWER_H
#define LS_BROWSER_ANSWER_H

#include <jansson.h>
#include <lockstep/bytes.h>

/* The answer becomes nothing; or a text: false if there is no memory. */
void ls_answer_nothing(void);
bool ls_answer_text(const char *text);
/* The answer becomes JSON; takes the reference. False if there is no memory (json may be NULL then): the answer is
 * empty. */
bool ls_answer_json(json_t *json);

#endif
