/* Pictures as SVG: shapes, text, and an axis of time. */
#include "cli/svg.h"

#define TICKS_MAX 14
#define FONT "Helvetica, Arial, 'Liberation Sans', sans-serif"

/* Characters that mean something in XML; others were made harmless before. */
static void put_escaped(ls_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            ls_buf_put_str(out, "&amp;");
            break;
        case '<':
            ls_buf_put_str(out, "&lt;");
            break;
        case '>':
            ls_buf_put_str(out, "&gt;");
            break;
        case '"':
            ls_buf_put_str(out, "&quot;");
            break;
        default:
            ls_buf_put_u8(out, *text == '\n' ? ' ' : (uint8_t)*text);
        }
    }
}

void svg_begin(ls_buf *out, int width, int height, bool exercise, const char *title, const char *subtitle)
{
    ls_buf_format(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                  "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"" FONT "\">\n<title>",
                  width, height, width, height);
    put_escaped(out, title);
    ls_buf_put_str(out, "</title>\n");
    svg_rect(out, 0, 0, width, height, "#ffffff");
    svg_text(out, 20, 32, SVG_START, 18, "#111111", title);
    svg_text(out, 20, 52, SVG_START, 12, "#444444", subtitle);
    if (exercise) {
        svg_text(out, width - 20, 32, SVG_END, 18, "#b00020", "EXERCISE");
    }
}

void svg_end(ls_buf *out)
{
    ls_buf_put_str(out, "</svg>\n");
}

void svg_text(ls_buf *out, int x, int y, svg_anchor anchor, int size, const char *fill, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    ls_buf_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">", x, y,
                  anchors[anchor], size, fill);
    put_escaped(out, text);
    ls_buf_put_str(out, "</text>\n");
}

void svg_rect(ls_buf *out, int x, int y, int width, int height, const char *fill)
{
    ls_buf_format(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x, y, width, height, fill);
}

void svg_line(ls_buf *out, int x1, int y1, int x2, int y2, const char *stroke, const char *dashes)
{
    ls_buf_format(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"", x1, y1, x2, y2, stroke);
    if (dashes != NULL) {
        ls_buf_format(out, " stroke-dasharray=\"%s\"", dashes);
    }
    ls_buf_put_str(out, "/>\n");
}

void svg_curve(ls_buf *out, const int (*point)[2], size_t count, const char *stroke)
{
    ls_buf_put_str(out, "<polyline fill=\"none\" stroke-width=\"2\" points=\"");
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(out, "%s%d,%d", i == 0 ? "" : " ", point[i][0], point[i][1]);
    }
    ls_buf_format(out, "\" stroke=\"%s\"/>\n", stroke);
}

void svg_diamond(ls_buf *out, int x, int y, int radius, const char *fill)
{
    ls_buf_format(out, "<path d=\"M%d %dL%d %dL%d %dL%d %dZ\" fill=\"%s\"/>\n", x, y - radius, x + radius, y, x,
                  y + radius, x - radius, y, fill);
}

const char *svg_fit(const cli_analysis *x, const char *text, size_t columns)
{
    size_t at = 0, width = 0;
    if (cli_width(text, strlen(text)) <= columns) {
        return text;
    }
    while (width + 1 < columns) {
        at++;
        width += ((unsigned char)text[at] & 0xc0) != 0x80;
    }
    return ls_arena_format(&x->c->arena, "%.*s\xe2\x80\xa6", (int)at, text);
}

int svg_at(const svg_axis *a, ls_time t)
{
    ls_time span = a->to > a->from ? a->to - a->from : 1;
    ls_time within = t < a->from ? 0 : t > a->to ? span : t - a->from;
    return a->left + (int)(within * (a->right - a->left) / span);
}

/* Months between two lines, so that there are not too many. */
static int months_apart(const cli_analysis *x, const svg_axis *a)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240};
    ls_date from = ls_zone_date(&x->charter->zone, a->from), to = ls_zone_date(&x->charter->zone, a->to);
    int months = 12 * (to.year - from.year) + (int)to.month - (int)from.month;
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && months / steps[i] > TICKS_MAX) {
        i++;
    }
    return steps[i];
}

void svg_dates(ls_buf *out, const cli_analysis *x, const svg_axis *a, int top, int bottom)
{
    const ls_zone *zone = &x->charter->zone;
    int apart = months_apart(x, a);
    ls_date first = ls_zone_date(zone, a->from), d = {first.year, 1, 1};
    for (; d.year < 9000; d = ls_date_add_months(d, apart)) {
        char text[LS_DATE_SIZE];
        ls_time t = ls_zone_instant(zone, d, 0);
        if (t > a->to) {
            return;
        }
        if (t >= a->from) {
            ls_date_format(d, text);
            text[apart % 12 == 0 ? 4 : 7] = '\0';
            svg_line(out, svg_at(a, t), top, svg_at(a, t), bottom, "#dddddd", NULL);
            svg_text(out, svg_at(a, t), bottom + 16, SVG_MIDDLE, 11, "#444444", text);
        }
    }
}
