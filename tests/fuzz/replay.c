/* replay.c - runs a fuzz target without libFuzzer: every file of its corpus, then
 * mutations of them. A mutation depends on its number alone: with that number as
 * the argument, only it is run again. */
#include "base/base.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

enum { MUTATIONS = 20000, FILES_MAX = 512, INPUT_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *data;
	size_t size;
};

static struct input files[FILES_MAX];
static size_t file_count;
static char doing[1024]; /* what to say if it dies */

static uint64_t next_random(uint64_t *state)
{
	*state += UINT64_C(0x9e3779b97f4a7c15); /* SplitMix64 */
	uint64_t z = *state;
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t below(uint64_t *state, size_t limit)
{
	return limit == 0 ? 0 : next_random(state) % limit;
}

#if defined(__SANITIZE_ADDRESS__)
static void died(void)
{
	fprintf(stderr, "# died in %s\n", doing);
}
#endif

/* The target gets exactly its bytes on the heap, so that the sanitizer sees a step beyond. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size == 0 ? 1 : size);
	assert(exact != NULL);
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static bool read_file(const char *path, struct input *out)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		return false;
	}
	out->data = malloc(INPUT_MAX);
	assert(out->data != NULL);
	out->size = fread(out->data, 1, INPUT_MAX, file);
	fclose(file);
	return true;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void read_corpus(void)
{
	struct dirent **entries = NULL;
	int count = scandir(ENT_CORPUS, &entries, is_visible, alphasort);
	for (int i = 0; i < count; i++) {
		char path[1024];
		snprintf(path, sizeof(path), "%s/%s", ENT_CORPUS, entries[i]->d_name);
		if (file_count < FILES_MAX && read_file(path, &files[file_count])) {
			memcpy(doing, path, sizeof(path));
			run(files[file_count].data, files[file_count].size);
			file_count++;
		}
		free(entries[i]);
	}
	free(entries);
}

/* Make room for `count` bytes at `at`; false if it would grow too large. */
static bool open_gap(struct input *in, size_t at, size_t count)
{
	if (in->size + count > INPUT_MAX) {
		return false;
	}
	memmove(in->data + at + count, in->data + at, in->size - at);
	in->size += count;
	return true;
}

static void mutate_once(struct input *in, uint64_t *random)
{
	static const uint8_t telling[] = { 0,   1,   9,   10,   13,  ' ', '"', '-',
		                           '0', ':', '}', '\\', 127, 128, 255 };
	const struct input *other = &files[below(random, file_count)];
	size_t at = below(random, in->size + 1);
	size_t count = 1 + below(random, 16);
	size_t from = below(random, other->size);
	size_t rest = in->size - at;
	switch (below(random, 6)) {
	case 0:
		if (rest > 0) {
			in->data[at] ^= (uint8_t)(1u << below(random, 8));
		}
		break;
	case 1:
		if (rest > 0) {
			in->data[at] = telling[below(random, sizeof(telling))];
		}
		break;
	case 2:
		if (open_gap(in, at, 1)) {
			in->data[at] = (uint8_t)next_random(random);
		}
		break;
	case 3:
		count = count < rest ? count : rest;
		memmove(in->data + at, in->data + at + count, rest - count);
		in->size -= count;
		break;
	case 4: /* a piece of another file */
		count = count < other->size - from ? count : other->size - from;
		if (open_gap(in, at, count)) {
			memcpy(in->data + at, other->data + from, count);
		}
		break;
	case 5: /* the same again */
		count = count < rest ? count : rest;
		if (open_gap(in, at, count)) {
			memcpy(in->data + at, in->data + at + count, count);
		}
		break;
	}
}

static void mutate(uint64_t number)
{
	static uint8_t room[INPUT_MAX];
	struct input in = { room, 0 };
	uint64_t random = number;
	const struct input *base = &files[below(&random, file_count)];
	memcpy(room, base->data, base->size);
	in.size = base->size;
	for (size_t i = 1 + below(&random, 8); i > 0; i--) {
		mutate_once(&in, &random);
	}
	snprintf(doing, sizeof(doing), "mutation %llu", (unsigned long long)number);
	run(in.data, in.size);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
#if defined(__SANITIZE_ADDRESS__)
	__sanitizer_set_death_callback(died);
#endif
	read_corpus();
	const char *verdict = file_count > 0 ? "ok" : "not ok";
	printf("%s 1 - %zu files of %s\n", verdict, file_count, ENT_CORPUS);
	if (argc > 1) {
		mutate(strtoull(argv[1], NULL, 10));
	}
	for (uint64_t i = 0; argc < 2 && file_count > 0 && i < MUTATIONS; i++) {
		mutate(i);
	}
	printf("ok 2 - %d mutations\n1..2\n", argc > 1 ? 1 : MUTATIONS);
	for (size_t i = 0; i < file_count; i++) {
		free(files[i].data);
	}
	return file_count == 0;
}
