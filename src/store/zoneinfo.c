#include "store/zoneinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SLOTS = 2048,         /* a power of two, twice ENT_ZONEINFO_MAX */
	FILE_MAX = 64 * 1024, /* the largest of 2025 has 3.5 kB */
	SPAN = 32 << 20       /* of address space: ENT_ZONEINFO_MAX zones of up to 32 kB */
};

/* Open addressing; a slot is filled once and never changes. Readers look at
 * slots only; what else is here belongs to whoever holds the lock. */
static _Atomic(const struct ent_zone *) slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t loaded;
static struct ent_arena arena;
static struct ent_budget budget;
static char bytes[FILE_MAX];

bool ent_zone_name_is_valid(ent_str name)
{
	static const char *const not_zones[] = { "localtime", "posixrules", "Factory",
		                                 "leapseconds" };
	if (name.len < 1 || name.len > ENT_ZONE_NAME_MAX || name.ptr[name.len - 1] == '/' ||
	    ent_str_begins(name, ENT_STR("posix/")) || ent_str_begins(name, ENT_STR("right/"))) {
		return false;
	}
	for (size_t i = 0; i < ENT_COUNT(not_zones); i++) {
		if (ent_str_is(name, not_zones[i])) {
			return false;
		}
	}
	char before = '/';
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		            (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
		if (!word && (c != '/' || before == '/')) {
			return false;
		}
		before = c;
	}
	return true;
}

/* The slot that has the zone or, where that is NULL, should get it. FNV-1a. */
static size_t slot_of(ent_str name)
{
	uint32_t hash = 2166136261;
	for (size_t i = 0; i < name.len; i++) {
		hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619;
	}
	for (size_t i = hash;; i++) {
		const struct ent_zone *zone =
			atomic_load_explicit(&slots[i % SLOTS], memory_order_acquire);
		if (zone == NULL || ent_str_eq(zone->name, name)) {
			return i % SLOTS;
		}
	}
}

static enum ent_code unknown(ent_str name, struct ent_error *error)
{
	return ent_fail(error, ENT_E_UNKNOWN_VALUE,
	                "no time zone is named \"%.*s\"; give an IANA name such as "
	                "\"Europe/Berlin\" or \"UTC\"",
	                (int)name.len, name.ptr);
}

/* Fills bytes[]. The name is valid, so it cannot lead out of the directory. */
static enum ent_code read_file(ent_str name, size_t *len, struct ent_error *error)
{
	const char *folder = getenv("TZDIR");
	char path[512];
	int n = snprintf(path, sizeof(path), "%s/%.*s",
	                 folder != NULL && folder[0] != '\0' ? folder : "/usr/share/zoneinfo",
	                 (int)name.len, name.ptr);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		return ent_fail(error, ENT_E_SYSTEM, "TZDIR is too long");
	}
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) {
		return unknown(name, error);
	}
	if (file < 0) {
		return ent_fail(error, ENT_E_SYSTEM, "could not open %s: %s", path,
		                strerrordesc_np(errno));
	}
	struct stat about;
	ssize_t got = -1;
	*len = 0;
	if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= FILE_MAX) {
		do {
			got = read(file, bytes + *len, sizeof(bytes) - *len);
			*len += got > 0 ? (size_t)got : 0;
		} while (got > 0 || (got < 0 && errno == EINTR));
	}
	close(file);
	return got == 0 ? ENT_OK : unknown(name, error);
}

struct load {
	ent_str name;
	size_t len;
	const struct ent_zone *zone;
	enum ent_code code;
	struct ent_error *error;
};

static void parse(void *arg)
{
	struct load *load = arg;
	struct ent_arena work = arena;
	load->code = ent_zone_parse((ent_str){ bytes, load->len }, load->name, &work, &load->zone,
	                            load->error);
	if (load->code == ENT_OK) {
		arena = work;
	}
}

/* Under the lock. */
static enum ent_code load_zone(ent_str name, const struct ent_zone **out, struct ent_error *error)
{
	if (loaded == ENT_ZONEINFO_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "cannot use more than %d time zones",
		                ENT_ZONEINFO_MAX);
	}
	struct load load = { .name = name, .error = error };
	enum ent_code code = read_file(name, &load.len, error);
	if (code != ENT_OK) {
		return code;
	}
	if (arena.next == NULL && !ent_arena_reserve(SPAN, &budget, &arena)) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory for time zones");
	}
	if (!ent_guard(&budget, parse, &load)) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory for time zones");
	}
	if (load.code != ENT_OK) {
		return unknown(name, error); /* such as zone.tab, or a damaged file */
	}
	loaded++;
	*out = load.zone;
	return ENT_OK;
}

enum ent_code ent_zoneinfo_find(ent_str name, const struct ent_zone **out, struct ent_error *error)
{
	if (ent_str_eq(name, ENT_STR("UTC"))) {
		*out = &ent_zone_utc;
		return ENT_OK;
	}
	const struct ent_zone *zone =
		atomic_load_explicit(&slots[slot_of(name)], memory_order_acquire);
	if (zone != NULL) {
		*out = zone;
		return ENT_OK;
	}
	if (!ent_zone_name_is_valid(name)) {
		bool fit = name.len <= ENT_ZONE_NAME_MAX && ent_str_is_text(name);
		return unknown(fit ? name : ENT_STR(""), error);
	}
	pthread_mutex_lock(&lock);
	size_t slot = slot_of(name);
	zone = atomic_load_explicit(&slots[slot], memory_order_relaxed);
	enum ent_code code = ENT_OK;
	if (zone == NULL) {
		code = load_zone(name, &zone, error);
		if (code == ENT_OK) {
			atomic_store_explicit(&slots[slot], zone, memory_order_release);
		}
	}
	pthread_mutex_unlock(&lock);
	if (code == ENT_OK) {
		*out = zone;
	}
	return code;
}
