/* How declarations are inspected, as people read it before they sign. */
#include "cli/listing.h"

static const char *right_text(cli_listing *l, size_t right)
{
    return cli_text(l->c, l->m->rights[right].id);
}

static const char *count_text(cli_listing *l, uint64_t count)
{
    return ls_arena_format(&l->c->arena, "%llu", (unsigned long long)count);
}

static const char *verifies_text(cli_listing *l, const ls_inspection *x)
{
    ls_buf text = {0};
    for (size_t i = 0; i < x->verify_count; i++) {
        ls_buf_put_str(&text, i > 0 ? ", " : "");
        ls_buf_put_bytes(&text, l->m->measures[x->verifies[i]].id);
    }
    return cli_listing_kept(l, &text);
}

static const char *limits_text(cli_listing *l, const ls_visit_rule *x)
{
    ls_buf text = {0};
    for (size_t i = 0; i < x->limit_count; i++) {
        ls_buf_put_str(&text, i > 0 ? ", " : "");
        ls_buf_put_bytes(&text, x->limits[i]);
    }
    return cli_listing_kept(l, &text);
}

static const char *radius_text(cli_listing *l, uint64_t radius)
{
    char text[LS_RADIUS_SIZE];
    ls_radius_format(radius, text);
    return cli_text(l->c, ls_bytes_str(text));
}

static void put_draws(cli_listing *l, const ls_draw_rule *x)
{
    if (!x->there) {
        return;
    }
    l->name = "  draws";
    cli_listing_put(l, "right", right_text(l, x->right));
    cli_listing_put(l, "rows", count_text(l, x->rows));
    cli_listing_put(l, "replacements", count_text(l, x->replacements));
    cli_listing_put(l, "commit", cli_listing_duration(l, x->commit));
    cli_listing_put(l, "reveal", cli_listing_duration(l, x->reveal));
    cli_listing_put(l, "open", cli_listing_duration(l, x->open));
}

static void put_visits(cli_listing *l, const ls_visit_rule *x)
{
    if (!x->there) {
        return;
    }
    l->name = "  visits";
    cli_listing_put(l, "right", x->right < 0 ? "none: any number" : right_text(l, (size_t)x->right));
    cli_listing_put(l, "notice", cli_listing_duration(l, x->notice));
    cli_listing_put(l, "repeat", cli_listing_duration(l, x->repeat));
    cli_listing_put(l, "postpone", x->postpone.count == 0 ? "not at all" : cli_listing_duration(l, x->postpone));
    cli_listing_put(l, "lasts", cli_listing_duration(l, x->lasts));
    cli_listing_put(l, "report", cli_listing_duration(l, x->report));
    cli_listing_put(l, "limits", x->limit_count == 0 ? "none" : limits_text(l, x));
}

static void put_challenges(cli_listing *l, const ls_challenge_rule *x)
{
    if (!x->there) {
        return;
    }
    l->name = "  challenges";
    cli_listing_put(l, "right", right_text(l, x->right));
    cli_listing_put(l, "radius", radius_text(l, x->radius));
    cli_listing_put(l, "areas", x->areas_within ? "lie within" : "touch");
    cli_listing_put(l, "without-coordinates", x->without_coordinates ? "are covered" : "are not covered");
    cli_listing_put(l, "clarify", x->clarify.count == 0 ? "not needed" : cli_listing_duration(l, x->clarify));
    cli_listing_put(l, "answer", cli_listing_duration(l, x->answer));
    cli_listing_put(l, "on-silence", x->silence_lets_visit ? "visit" : "denied");
}

void cli_print_inspections(cli_listing *l)
{
    cli_listing_begin(l, "inspection");
    for (size_t i = 0; i < l->m->inspection_count; i++) {
        const ls_inspection *x = &l->m->inspections[i];
        l->name = cli_text(l->c, x->id);
        cli_listing_put(l, "title", cli_text(l->c, x->title));
        cli_listing_put(l, "paragraph", cli_text(l->c, x->paragraph));
        cli_listing_put(l, "of", cli_listing_party(l, x->of));
        cli_listing_put(l, "by", cli_listing_party(l, x->by));
        cli_listing_put(l, "declaration", cli_text(l->c, x->declared->name));
        cli_listing_put(l, "verifies", verifies_text(l, x));
        put_draws(l, &x->draws);
        put_visits(l, &x->visits);
        put_challenges(l, &x->challenges);
    }
    cli_listing_end(l);
}
