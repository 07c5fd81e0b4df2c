#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

void ent_progress_show(void *arg, int64_t done, int64_t all)
{
	enum { WIDTH = 40 };
	struct ent_progress *progress = arg;
	int64_t thousandths = all > 0 ? done * 1000 / all : 1000;
	if (progress->shown == thousandths + 1 || !isatty(STDERR_FILENO)) {
		return;
	}
	progress->shown = thousandths + 1;
	char bar[WIDTH + 1];
	for (int i = 0; i < WIDTH; i++) {
		bar[i] = i * 1000 < thousandths * WIDTH ? '#' : '.';
	}
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%-20.20s [%s] %3lld.%lld%%", progress->what, bar,
	        (long long)thousandths / 10, (long long)thousandths % 10);
}

void ent_progress_end(struct ent_progress *progress)
{
	if (progress->shown > 0) {
		fprintf(stderr, "\r%*s\r", 72, "");
		progress->shown = 0;
	}
}
