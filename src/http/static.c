#include "http/static.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A block of a tar: the header of a file, then its bytes in whole blocks. */
enum {
	BLOCK = 512,
	NAME_SIZE = 100,
	SIZE_AT = 124,
	SIZE_DIGITS = 11,
	KIND_AT = 156,
	PREFIX_AT = 345,
	PREFIX_SIZE = 155
};

static const char *type_of(ent_str path)
{
	static const struct {
		ent_str end;
		const char *type;
	} types[] = {
		{ { ".html", 5 }, "text/html; charset=utf-8" },
		{ { ".js", 3 }, "text/javascript; charset=utf-8" },
		{ { ".css", 4 }, "text/css; charset=utf-8" },
		{ { ".json", 5 }, "application/json" },
		{ { ".svg", 4 }, "image/svg+xml" },
		{ { ".png", 4 }, "image/png" },
		{ { ".ico", 4 }, "image/vnd.microsoft.icon" },
		{ { ".woff2", 6 }, "font/woff2" },
		{ { ".txt", 4 }, "text/plain; charset=utf-8" },
		{ { ".webmanifest", 12 }, "application/manifest+json" },
	};
	for (size_t i = 0; i < ENT_COUNT(types); i++) {
		ent_str end = types[i].end;
		if (path.len > end.len &&
		    memcmp(path.ptr + path.len - end.len, end.ptr, end.len) == 0) {
			return types[i].type;
		}
	}
	return "application/octet-stream";
}

static int by_path(const void *a, const void *b)
{
	const struct ent_static_file *one = a;
	const struct ent_static_file *two = b;
	return ent_str_order(one->path, two->path);
}

const struct ent_static_file *ent_static_find(const struct ent_static *pages, ent_str path)
{
	struct ent_static_file key = { .path = path };
	return pages->count == 0 ? NULL
	                         : bsearch(&key, pages->files, pages->count, sizeof(key), by_path);
}

/* The file whose compressed form this is; NULL if it is a page of its own. */
static struct ent_static_file *plain_of(struct ent_static *pages, ent_str path)
{
	static const ent_str end = { ".gz", 3 };
	if (path.len <= end.len || memcmp(path.ptr + path.len - end.len, end.ptr, end.len) != 0) {
		return NULL;
	}
	struct ent_static_file key = { .path = { path.ptr, path.len - end.len } };
	return bsearch(&key, pages->files, pages->count, sizeof(key), by_path);
}

void ent_static_finish(struct ent_static *pages)
{
	struct ent_static_file *files = pages->files;
	if (pages->count > 0) {
		qsort(files, pages->count, sizeof(*files), by_path);
	}
	for (size_t i = 0; i < pages->count; i++) {
		struct ent_static_file *plain = plain_of(pages, files[i].path);
		if (plain != NULL) {
			plain->gzip = files[i].body;
		} else {
			files[i].type = type_of(files[i].path);
		}
	}
	size_t kept = 0;
	for (size_t i = 0; i < pages->count; i++) {
		if (files[i].type != NULL) {
			files[kept++] = files[i];
		}
	}
	pages->count = kept;
	for (size_t i = 0; i < kept; i++) {
		char sum[ENT_CHECKSUM_ROOM];
		ent_checksum(files[i].body, sum);
		snprintf(files[i].etag, sizeof(files[i].etag), "\"%s\"", sum);
		snprintf(files[i].etag_gzip, sizeof(files[i].etag_gzip), "\"%s-gz\"", sum);
	}
}

static bool read_size(const char *header, size_t *out)
{
	size_t size = 0;
	for (int i = 0; i < SIZE_DIGITS; i++) {
		char digit = header[SIZE_AT + i];
		if (digit < '0' || digit > '7') {
			return false;
		}
		size = size * 8 + (size_t)(digit - '0');
	}
	*out = size;
	return true;
}

static ent_str read_name(const char *header, struct ent_arena *arena)
{
	int len = (int)strnlen(header, NAME_SIZE);
	int prefix = (int)strnlen(header + PREFIX_AT, PREFIX_SIZE);
	const char *slash = prefix > 0 ? "/" : "";
	ent_str name = ent_text_format(arena, "/%.*s%s%.*s", prefix, header + PREFIX_AT, slash,
	                               len, header);
	bool dot = ent_str_begins(name, ENT_STR("/./"));
	return dot ? (ent_str){ name.ptr + 2, name.len - 2 } : name;
}

/* Read the file at *at into *file; its path stays no text if it is a folder. */
static bool read_entry(ent_str tar, size_t *at, struct ent_arena *arena,
                       struct ent_static_file *file)
{
	const char *header = tar.ptr + *at;
	size_t size;
	if (!read_size(header, &size) || size > tar.len - *at - BLOCK) {
		return false;
	}
	char kind = header[KIND_AT];
	if (kind == '0' || kind == '\0') {
		file->path = read_name(header, arena);
		file->body = (ent_str){ header + BLOCK, size };
	} else if (kind != '5') {
		return false;
	}
	*at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
	return !ent_str_contains(file->path, ENT_STR("/../"));
}

/* Where the next header is; past the end if this one is damaged. */
static size_t next_entry(ent_str tar, size_t at)
{
	size_t size;
	if (!read_size(tar.ptr + at, &size) || size > tar.len - at - BLOCK) {
		return tar.len;
	}
	return at + BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
}

static size_t count_entries(ent_str tar)
{
	size_t count = 0;
	size_t at = 0;
	while (at + BLOCK <= tar.len && tar.ptr[at] != '\0') {
		at = next_entry(tar, at);
		count++;
	}
	return count;
}

enum ent_code ent_static_tar(ent_str tar, struct ent_arena *arena, struct ent_static *out,
                             struct ent_error *error)
{
	struct ent_static pages = { NULL, 0 };
	pages.files = ENT_NEW(arena, struct ent_static_file, count_entries(tar) + 1);
	size_t at = 0;
	while (at + BLOCK <= tar.len && tar.ptr[at] != '\0') {
		struct ent_static_file file = { 0 };
		if (!read_entry(tar, &at, arena, &file)) {
			return ent_fail(error, ENT_E_FORMAT, "damaged web pages at byte %zu", at);
		}
		if (file.path.len > 0) {
			pages.files[pages.count++] = file;
		}
	}
	ent_static_finish(&pages);
	*out = pages;
	return ENT_OK;
}
