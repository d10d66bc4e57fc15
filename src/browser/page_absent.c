/* Until there are pages: in place of page.c. */
#include "browser/answer.h"
#include "browser/browser.h"

int web_page(const char *path, size_t path_len, int64_t at, int64_t known, const char *language, size_t language_len)
{
    (void)path, (void)path_len, (void)at, (void)known, (void)language, (void)language_len;
    ls_answer_text("");
    return WEB_MISUSED;
}
