/* static.h - the web pages: files from the program itself or from a folder.
 *
 * The build puts a tar of build/web into the program (empty if that was not
 * built). A file "x.gz" in it is not a page of its own but the compressed form of
 * "x". What lies under /assets/ carries its hash in its name and never changes.
 */
#ifndef ENT_HTTP_STATIC_H
#define ENT_HTTP_STATIC_H

#include "base/arena.h"
#include "http/http.h"

struct ent_static_file {
	ent_str path;     /* "/reference/index.html" */
	const char *type; /* "text/html; charset=utf-8" */
	ent_str body;
	ent_str gzip;     /* no text: it has no compressed form */
	char etag[40];      /* "\"…\"", with the quotes */
	char etag_gzip[40]; /* each form is a representation of its own */
};

struct ent_static {
	struct ent_static_file *files; /* by path */
	size_t count;
};

/* The pages built into the program. They need no memory but the table's. */
ENT_CHECK enum ent_code ent_static_embedded(struct ent_arena *arena, struct ent_static *out,
                                            struct ent_error *error);

/* A tar; its bytes must outlive the table. FORMAT if it is damaged or names what a
 * build does not make (long names, names outside). */
ENT_CHECK enum ent_code ent_static_tar(ent_str tar, struct ent_arena *arena,
                                       struct ent_static *out, struct ent_error *error);

/* The files of a folder as they are now, copied into `arena`. SYSTEM if they
 * cannot be read. */
ENT_CHECK enum ent_code ent_static_folder(const char *folder, struct ent_arena *arena,
                                          struct ent_static *out, struct ent_error *error);

/* The file of exactly this path; NULL if there is none. */
const struct ent_static_file *ent_static_find(const struct ent_static *pages, ent_str path);

/* Used by both sources: finish a table whose files have path and body. */
void ent_static_finish(struct ent_static *pages);

enum { ENT_STATIC_HEADERS = 10, ENT_STATIC_LOCATION_MAX = 256 };

/* What a reply to a page needs; must outlive ent_http_reply(). */
struct ent_static_room {
	struct ent_http_header headers[ENT_STATIC_HEADERS];
	char location[ENT_STATIC_LOCATION_MAX];
};

/* Fill *reply if the exchange is a GET or HEAD of a page: 200, 304, or 308 to the
 * folder's own path. "/a/" is "/a/index.html". What a browser navigates to (Accept:
 * text/html) and is no file, nor below /v1/ and /reference/, is "/index.html": the
 * workspace finds its way by the address. False: it is something else. */
bool ent_static_answer(const struct ent_static *pages, const struct ent_http_exchange *exchange,
                       struct ent_static_room *room, struct ent_http_reply *reply);

#endif
