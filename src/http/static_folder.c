#include "http/static.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 2000, NAMES_MAX = 500, NAME_ROOM = 100, DEPTH_MAX = 8 };

struct names {
	char name[NAMES_MAX][NAME_ROOM];
	size_t count;
};

static enum ent_code could_not(const char *path, struct ent_error *error)
{
	return ent_fail(error, ENT_E_SYSTEM, "could not read %s: %s", path, strerror(errno));
}

static enum ent_code read_file(const char *path, size_t size, struct ent_arena *arena,
                               ent_str *out, struct ent_error *error)
{
	char *bytes = ent_arena_bytes(arena, size + 1);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		return could_not(path, error);
	}
	size_t have = 0;
	ssize_t some = 1;
	while (have < size && some > 0) {
		some = read(file, bytes + have, size - have);
		have += some > 0 ? (size_t)some : 0;
	}
	close(file);
	if (some < 0) {
		return could_not(path, error);
	}
	*out = (ent_str){ bytes, have };
	return ENT_OK;
}

/* `path` is a folder; what follows the first `root` bytes of a path is what is asked for. */
static enum ent_code read_folder(const char *path, size_t root, int depth,
                                 struct ent_arena *arena, struct ent_static *pages,
                                 struct ent_error *error);

static enum ent_code read_entry(ent_str path, size_t root, int depth, struct ent_arena *arena,
                                struct ent_static *pages, struct ent_error *error)
{
	struct stat info;
	if (stat(path.ptr, &info) != 0) {
		return could_not(path.ptr, error);
	}
	if (S_ISDIR(info.st_mode)) {
		return read_folder(path.ptr, root, depth + 1, arena, pages, error);
	}
	if (!S_ISREG(info.st_mode)) {
		return ENT_OK;
	}
	if (pages->count == FILES_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "more than %d web pages", FILES_MAX);
	}
	struct ent_static_file *file = &pages->files[pages->count++];
	file->path = (ent_str){ path.ptr + root, path.len - root };
	return read_file(path.ptr, (size_t)info.st_size, arena, &file->body, error);
}

/* Before anything is allocated, so that nothing is open when memory runs out. */
static enum ent_code read_names(const char *path, struct names *names, struct ent_error *error)
{
	DIR *folder = opendir(path);
	if (folder == NULL) {
		return could_not(path, error);
	}
	bool fits = true;
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		size_t len = strlen(entry->d_name);
		fits = fits && names->count < NAMES_MAX && len < NAME_ROOM;
		if (fits && entry->d_name[0] != '.') {
			memcpy(names->name[names->count++], entry->d_name, len + 1);
		}
	}
	closedir(folder);
	if (!fits) {
		return ent_fail(error, ENT_E_LIMIT, "too many or too long names in %s", path);
	}
	return ENT_OK;
}

static enum ent_code read_folder(const char *path, size_t root, int depth,
                                 struct ent_arena *arena, struct ent_static *pages,
                                 struct ent_error *error)
{
	if (depth > DEPTH_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "folders too deep: %s", path);
	}
	struct names *names = ENT_NEW(arena, struct names, 1);
	enum ent_code code = read_names(path, names, error);
	for (size_t i = 0; i < names->count && code == ENT_OK; i++) {
		ent_str inner = ent_text_format(arena, "%s/%s", path, names->name[i]);
		code = read_entry(inner, root, depth, arena, pages, error);
	}
	return code;
}

enum ent_code ent_static_folder(const char *folder, struct ent_arena *arena,
                                struct ent_static *out, struct ent_error *error)
{
	struct ent_static pages = { ENT_NEW(arena, struct ent_static_file, FILES_MAX), 0 };
	enum ent_code code = read_folder(folder, strlen(folder), 0, arena, &pages, error);
	if (code == ENT_OK) {
		ent_static_finish(&pages);
		*out = pages;
	}
	return code;
}
