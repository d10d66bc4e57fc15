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

static void clear(void)
{
    answer.len = 0;
    answer.failed = false;
}

void ls_answer_text(const char *text)
{
    clear();
    ls_buf_put_str(&answer, text);
}

static int put(const char *bytes, size_t size, void *buf)
{
    ls_buf_put(buf, bytes, size);
    return 0;
}

/* Laid out as the command line's programs do it. */
bool ls_answer_json(json_t *json)
{
    clear();
    bool done = json != NULL && json_dump_callback(json, put, &answer, JSON_INDENT(2)) == 0;
    ls_buf_put_u8(&answer, '\n');
    json_decref(json);
    if (!done || answer.failed) {
        clear();
        return false;
    }
    return true;
}
