/*
 * Declaring and opening, from a delegation's workspace: the inventory's commitment with all its files, and what of it
 * is opened. Nothing is signed before everything that was promised is on disk, the backup included.
 */
#ifndef LS_WORKSPACE_DECLARE_H
#define LS_WORKSPACE_DECLARE_H

#include "bundle/drawn.h"
#include "escrow/declare.h"
#include "escrow/open.h"
#include "workspace/workspace.h"

/* Tells how far long work has come: rows done of all. */
typedef struct ls_progress {
    void (*report)(void *context, uint64_t done, uint64_t all);
    void *context;
} ls_progress;

/* An inventory read and held against the accord, before anything is committed to. */
typedef struct ls_declaring {
    int accord;
    const ls_declared *declared;
    ls_inventory inventory;
    uint64_t rows;   /* of all tranches, blank rows included */
    bool supplement; /* a declaration of this name is on the record already */
} ls_declaring;

/* What the accord says about an inventory's columns; file: the name for messages. */
ls_inventory_form ls_declaring_form(const ls_declared *d, const char *file);
/* csv stays unchanged until ls_declaring_free. */
ls_result ls_declaring_read(const ls_workspace *ws, int accord, const ls_declared *d, const char *file, ls_bytes csv,
                            ls_declaring *out, ls_detail *detail);
void ls_declaring_free(ls_declaring *d);

/* Commits: files, backup (a folder that exists or whose parent does), act. */
ls_result ls_workspace_declare(ls_workspace *ws, const ls_declaring *d, const char *backup, ls_signers as,
                               ls_progress progress, ls_filed *out, ls_detail *detail);

/* What is to be opened. */
typedef struct ls_open_request {
    int accord;
    ls_bytes declaration;
    uint32_t tranche;       /* a whole tranche, to the audiences that the accord names; or 0: */
    const char *const *ids; /* rows by id, */
    size_t id_count;
    const bool *fields; /* of these fields (NULL: all), */
    ls_bytes audience;  /* to this audience; or: */
    const ls_population_row
        *at; /* rows by number, in order, of one declaration, to the audiences that the accord names */
    size_t at_count;
    uint64_t blank; /* how many of these are blank */
    /* Only of declarations by acts from this entry on, and before that one; before 0: no limit. */
    uint64_t from, before;
    const ls_hash *ref; /* the draw or challenge that it answers, or NULL */
} ls_open_request;

/* An opening file for one audience, made and verified here, not yet shown to anyone. */
typedef struct ls_opening_file {
    char path[4096]; /* in the workspace */
    ls_bytes audience;
    const bool *fields; /* that are open; NULL: all */
    uint64_t rows, blank;
    size_t parts;
} ls_opening_file;

typedef struct ls_opening_files {
    size_t count;
    ls_opening_file file[LS_AUDIENCES_MAX];
} ls_opening_files;

/* Which of the rows `at` are blank, in their order: nothing is shown to anyone. */
ls_result ls_workspace_look(ls_workspace *ws, const ls_open_request *q, bool *blank, ls_detail *detail);
ls_result ls_workspace_make_openings(ls_workspace *ws, const ls_open_request *q, ls_opening_files *out,
                                     ls_detail *detail);
void ls_opening_files_discard(ls_opening_files *f);
/* Signs and files the `open` act with those files. */
ls_result ls_workspace_open_act(ls_workspace *ws, const ls_open_request *q, const ls_opening_files *f, ls_signers as,
                                ls_filed *out, ls_detail *detail);

/* An excerpt of the record to carry away: these entries (sorted; the charter is added), each with its proof, and all
 * their attachments. Needs a sync that covers them. */
ls_result ls_workspace_excerpt(ls_workspace *ws, const uint64_t *indices, size_t count, const char *path,
                               ls_detail *detail);
/* The acts that whoever verifies an opening needs: charter, accord, declarations of that name, the opening itself. */
ls_result ls_workspace_excerpt_opening(ls_workspace *ws, const ls_open_request *q, uint64_t opening, const char *path,
                                       ls_detail *detail);
/* The whole record as a bundle. */
ls_result ls_workspace_export(ls_workspace *ws, const char *path, ls_detail *detail);

/* The inclusion proof of an entry under the latest checkpoint. */
ls_result ls_workspace_prove(ls_workspace *ws, uint64_t index, ls_buf *note, ls_buf *tlog_proof, ls_detail *detail);

#endif
