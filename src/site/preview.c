/* The picture that others show beside a link: what the process is, and where it stands. */
#include "portal/acts.h"
#include "portal/put.h"
#include "process/shown.h"
#include "site/parts.h"
#include <cairo.h>
#include <pango/pangocairo.h>

#define WIDTH 1200
#define HEIGHT 630
#define MARGIN 64
#define SANS "Liberation Sans,Noto Sans,DejaVu Sans,Sans "

typedef struct picture {
    cairo_t *cr;
    double y;
} picture;

typedef struct colour {
    double r, g, b;
} colour;

static const colour ink = {0.09, 0.10, 0.11}, faint = {0.36, 0.39, 0.44}, red = {0.64, 0.13, 0.11};

static cairo_status_t keep(void *to, const unsigned char *bytes, unsigned len)
{
    ls_buf_put(to, bytes, len);
    return ((ls_buf *)to)->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* At most so many lines; what does not fit is cut with an ellipsis. */
static void put_text(picture *p, const char *font, colour c, int lines, ls_bytes text)
{
    ls_buf shown = {0};
    char one[LS_SHOWN_SIZE];
    int height;
    for (size_t offset = 0; ls_shown_next(text, false, &offset, one);) {
        ls_buf_put_str(&shown, one);
    }
    PangoLayout *layout = pango_cairo_create_layout(p->cr);
    PangoFontDescription *description = pango_font_description_from_string(font);
    pango_layout_set_font_description(layout, description);
    pango_layout_set_width(layout, (WIDTH - 2 * MARGIN) * PANGO_SCALE);
    pango_layout_set_height(layout, -lines);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_text(layout, ls_buf_cstr(&shown), -1);
    pango_layout_get_pixel_size(layout, NULL, &height);
    cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
    cairo_move_to(p->cr, MARGIN, p->y);
    pango_cairo_show_layout(p->cr, layout);
    p->y += height + 14;
    pango_font_description_free(description);
    g_object_unref(layout);
    ls_buf_free(&shown);
}

static void put_mark(picture *p)
{
    cairo_set_source_rgb(p->cr, red.r, red.g, red.b);
    cairo_set_line_width(p->cr, 12);
    cairo_rectangle(p->cr, 6, 6, WIDTH - 12, HEIGHT - 12);
    cairo_stroke(p->cr);
    put_text(p, SANS "Bold 34", red, 1, ls_bytes_str("EXERCISE – nothing here can pass as real"));
}

/* "confirmed 4, overdue 1, …", of all accords. */
static void put_counts(const site *x, ls_buf *out)
{
    const ls_portal_state *s = x->portal.state;
    for (ls_state state = 0; state < LS_STATES; state++) {
        size_t count = 0;
        for (size_t i = 0; i < s->card_count; i++) {
            for (size_t m = 0; m < s->card[i].accord->roadmap->measure_count; m++) {
                count += s->card[i].state.measure[m].state == state;
            }
        }
        if (count > 0) {
            ls_buf_format(out, "%s%s %zu", out->len == 0 ? "" : " · ", ls_state_name(state), count);
        }
    }
}

static void put_all(const site *x, picture *p)
{
    ls_buf counts = {0}, parties = {0}, foot = {0};
    char time[LS_TIME_SIZE];
    if (x->charter->exercise) {
        put_mark(p);
    }
    put_text(p, SANS "Bold 52", ink, 3, x->charter->title);
    for (size_t i = 0; i < x->charter->party_count; i++) {
        ls_buf_put_str(&parties, i == 0 ? "" : " · ");
        ls_buf_put_bytes(&parties, x->charter->party[i].title);
    }
    put_text(p, SANS "26", faint, 2, ls_buf_bytes(&parties));
    put_counts(x, &counts);
    if (counts.len > 0) {
        put_text(p, SANS "Bold 30", ink, 2, ls_buf_bytes(&counts));
    }
    ls_time_format(ls_record_time(x->record), time);
    ls_buf_format(&foot, "%zu signed acts by %.10s. Check them yourself.", x->portal.acts->listed_count, time);
    p->y = HEIGHT - MARGIN - 40;
    put_text(p, SANS "24", faint, 1, ls_buf_bytes(&foot));
    ls_buf_free(&counts);
    ls_buf_free(&parties);
    ls_buf_free(&foot);
}

static ls_result draw(const site *x, ls_buf *out)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    picture p = {.cr = cairo_create(surface), .y = MARGIN};
    cairo_set_source_rgb(p.cr, 1, 1, 1);
    cairo_paint(p.cr);
    put_all(x, &p);
    cairo_status_t status = cairo_status(p.cr);
    status = status == CAIRO_STATUS_SUCCESS ? cairo_surface_write_to_png_stream(surface, keep, out) : status;
    cairo_destroy(p.cr);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ? ls_buf_check(out)
           : status == CAIRO_STATUS_NO_MEMORY
               ? ls_fail(&ls_fault_memory)
               : ls_fail_with(&ls_fault_site, x->detail, "social.png: %s", cairo_status_to_string(status));
}

ls_result ls_site_preview(site *x)
{
    ls_buf out = {0};
    ls_result r = draw(x, &out);
    r = ls_succeeded(r) ? ls_publish_changed(&x->out, "social.png", ls_buf_bytes(&out)) : r;
    ls_buf_free(&out);
    return r;
}
