#include "browser/answer.h"
#include "browser/browser.h"
#include <stdlib.h>

static ls_buf answer;

void *web_alloc(size_t size)
{
    return malloc(size);
}

void web_free(void *ptr)
{
    free(ptr);
}

const uint8_t *web_result(void)
{
    return answer.ptr;
}

size_t web_result_size(void)
{
    return answer.failed ? 0 : answer.len;
}

void ls_answer_nothing(void)
{
    answer.len = 0;
    answer.failed = false;
}

bool ls_answer_text(const char *text)
{
    ls_answer_nothing();
    ls_buf_put_str(&answer, text);
    return !answer.failed;
}

static int put(const char *bytes, size_t size, void *buf)
{
    ls_buf_put(buf, bytes, size);
    return 0;
}

/* Laid out as the command line's programs do it. */
bool ls_answer_json(json_t *json)
{
    ls_answer_nothing();
    bool done = json != NULL && json_dump_callback(json, put, &answer, JSON_INDENT(2)) == 0;
    ls_buf_put_u8(&answer, '\n');
    json_decref(json);
    if (!done || answer.failed) {
        ls_answer_nothing();
        return false;
    }
    return true;
}
