/* Pictures as SVG: shapes, text, and an axis of time. */
#include "svg/svg.h"
#include "process/shown.h"

#define TICKS_MAX 14
#define FONT "Helvetica, Arial, 'Liberation Sans', sans-serif"

/* fill="#16476e", stroke="#16476e", or class="given". */
static void put_paint(ls_buf *out, const char *attribute, const char *paint)
{
    ls_buf_format(out, " %s=\"%s\"", paint[0] == '#' ? attribute : "class", paint);
}

void ls_svg_begin(ls_buf *out, int width, int height, bool exercise, const char *title, const char *subtitle)
{
    ls_buf_format(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                  "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"" FONT "\">\n<title>",
                  width, height, width, height);
    ls_shown_html(out, ls_bytes_str(title), false);
    ls_buf_put_str(out, "</title>\n");
    ls_svg_rect(out, 0, 0, width, height, "#ffffff");
    ls_svg_text(out, 20, 32, LS_SVG_START, 18, "#111111", title);
    ls_svg_text(out, 20, 52, LS_SVG_START, 12, "#444444", subtitle);
    if (exercise) {
        ls_svg_text(out, width - 20, 32, LS_SVG_END, 18, "#b00020", "EXERCISE");
    }
}

void ls_svg_end(ls_buf *out)
{
    ls_buf_put_str(out, "</svg>\n");
}

void ls_svg_text(ls_buf *out, int x, int y, ls_svg_anchor anchor, int size, const char *paint, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    ls_buf_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-size=\"%d\"", x, y, anchors[anchor], size);
    put_paint(out, "fill", paint);
    ls_buf_put_u8(out, '>');
    ls_shown_html(out, ls_bytes_str(text), false);
    ls_buf_put_str(out, "</text>\n");
}

void ls_svg_rect(ls_buf *out, int x, int y, int width, int height, const char *paint)
{
    ls_buf_format(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", x, y, width, height);
    put_paint(out, "fill", paint);
    ls_buf_put_str(out, "></rect>\n");
}

void ls_svg_line(ls_buf *out, int x1, int y1, int x2, int y2, const char *paint, const char *dashes)
{
    ls_buf_format(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"", x1, y1, x2, y2);
    put_paint(out, "stroke", paint);
    if (dashes != NULL) {
        ls_buf_format(out, " stroke-dasharray=\"%s\"", dashes);
    }
    ls_buf_put_str(out, "></line>\n");
}

void ls_svg_curve(ls_buf *out, const int (*point)[2], size_t count, const char *paint)
{
    ls_buf_put_str(out, "<polyline fill=\"none\" stroke-width=\"2\" points=\"");
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(out, "%s%d,%d", i == 0 ? "" : " ", point[i][0], point[i][1]);
    }
    ls_buf_put_str(out, "\"");
    put_paint(out, "stroke", paint);
    ls_buf_put_str(out, "></polyline>\n");
}

void ls_svg_diamond(ls_buf *out, int x, int y, int radius, const char *paint)
{
    ls_buf_format(out, "<path d=\"M%d %dL%d %dL%d %dL%d %dZ\"", x, y - radius, x + radius, y, x, y + radius, x - radius,
                  y);
    put_paint(out, "fill", paint);
    ls_buf_put_str(out, "></path>\n");
}

void ls_svg_circle(ls_buf *out, int x, int y, int radius, const char *paint)
{
    ls_buf_format(out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\"", x, y, radius);
    put_paint(out, "fill", paint);
    ls_buf_put_str(out, "></circle>\n");
}

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

const char *ls_svg_fit(ls_arena *arena, const char *text, size_t columns)
{
    size_t at = 0, width = 0, all = 0;
    for (const char *c = text; *c != '\0'; c++) {
        all += begins_character(*c);
    }
    if (all <= columns) {
        return text;
    }
    while (width + 1 < columns) {
        at++;
        width += begins_character(text[at]);
    }
    return ls_arena_format(arena, "%.*s\xe2\x80\xa6", (int)at, text);
}

int ls_svg_at(const ls_svg_axis *a, ls_time t)
{
    ls_time span = a->to > a->from ? a->to - a->from : 1;
    ls_time within = t < a->from ? 0 : t > a->to ? span : t - a->from;
    return a->left + (int)(within * (a->right - a->left) / span);
}

/* Months between two lines, so that there are not too many. */
static int months_apart(const ls_svg_axis *a)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240};
    ls_date from = ls_zone_date(a->zone, a->from), to = ls_zone_date(a->zone, a->to);
    int months = 12 * (to.year - from.year) + (int)to.month - (int)from.month;
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && months / steps[i] > TICKS_MAX) {
        i++;
    }
    return steps[i];
}

void ls_svg_dates(ls_buf *out, const ls_svg_axis *a, int top, int bottom, const char *line, const char *text_paint)
{
    int apart = months_apart(a);
    ls_date first = ls_zone_date(a->zone, a->from), d = {first.year, 1, 1};
    for (; d.year < 9000; d = ls_date_add_months(d, apart)) {
        char text[LS_DATE_SIZE];
        ls_time t = ls_zone_instant(a->zone, d, 0);
        if (t > a->to) {
            return;
        }
        if (t >= a->from) {
            ls_date_format(d, text);
            text[apart % 12 == 0 ? 4 : 7] = '\0';
            ls_svg_line(out, ls_svg_at(a, t), top, ls_svg_at(a, t), bottom, line, NULL);
            ls_svg_text(out, ls_svg_at(a, t), bottom + 16, LS_SVG_MIDDLE, 11, text_paint, text);
        }
    }
}
