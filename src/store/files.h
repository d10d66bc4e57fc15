/* The files of a store in a folder: each under the SHA-256 of its bytes, in hex. */
#ifndef LS_STORE_FILES_H
#define LS_STORE_FILES_H

#include "store/store.h"

/* See the methods of the same names in store.h; folder is where the files lie. */
ls_result ls_files_attach(const char *folder, const ls_hash *hash, uint64_t size, ls_store_source source,
                          ls_detail *detail);
ls_result ls_files_attached(const char *folder, const ls_hash *hash, uint64_t *size, ls_detail *detail);
ls_result ls_files_fetch(const char *folder, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
ls_result ls_files_list(const char *folder, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                        ls_detail *detail);

/* Boxes: <folder>/<to>/<hash in hex>. */
ls_result ls_boxes_post(const char *folder, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail);
ls_result ls_boxes_list(const char *folder, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                        void *context, ls_detail *detail);
ls_result ls_boxes_read(const char *folder, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out,
                        ls_detail *detail);
ls_result ls_boxes_drop(const char *folder, ls_bytes to, const ls_hash *hash, ls_detail *detail);

/* What lies in a ledger's folder. */
#define LS_STORE_RECORD "record.sqlite"
#define LS_STORE_FILES "attachments"
#define LS_STORE_BOXES "boxes"
#define LS_STORE_MOVED "moved" /* the record is elsewhere now */

#endif
