#include "store/inner.h"

#include <errno.h>
#include <time.h>

void ent_queue_init(struct ent_queue *queue, size_t max)
{
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->ready, &attr);
	pthread_condattr_destroy(&attr);
	queue->first = NULL;
	queue->last = &queue->first;
	queue->count = 0;
	queue->max = max;
	queue->closed = false;
}

void ent_queue_finish(struct ent_queue *queue)
{
	assert(queue->first == NULL);
	pthread_cond_destroy(&queue->ready);
	pthread_mutex_destroy(&queue->lock);
}

enum ent_code ent_queue_put(struct ent_queue *queue, struct ent_task *task)
{
	enum ent_code code = ENT_OK;
	task->next = NULL;
	pthread_mutex_lock(&queue->lock);
	if (queue->closed) {
		code = ENT_E_UNAVAILABLE;
	} else if (queue->count >= queue->max) {
		code = ENT_E_OVERLOADED;
	} else {
		*queue->last = task;
		queue->last = &task->next;
		queue->count++;
		pthread_cond_signal(&queue->ready);
	}
	pthread_mutex_unlock(&queue->lock);
	return code;
}

void ent_queue_put_first(struct ent_queue *queue, struct ent_task *task)
{
	pthread_mutex_lock(&queue->lock);
	task->next = queue->first;
	queue->first = task;
	if (task->next == NULL) {
		queue->last = &task->next;
	}
	queue->count++;
	pthread_cond_signal(&queue->ready);
	pthread_mutex_unlock(&queue->lock);
}

static void wait_for_one(struct ent_queue *queue, int wait_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	int rc = 0;
	while (queue->first == NULL && !queue->closed && rc != ETIMEDOUT) {
		rc = wait_ms < 0 ? pthread_cond_wait(&queue->ready, &queue->lock)
		                 : pthread_cond_timedwait(&queue->ready, &queue->lock, &until);
	}
}

size_t ent_queue_take(struct ent_queue *queue, struct ent_task **tasks, size_t max, int wait_ms,
                      bool *closed)
{
	size_t n = 0;
	pthread_mutex_lock(&queue->lock);
	wait_for_one(queue, wait_ms);
	while (n < max && queue->first != NULL) {
		tasks[n] = queue->first;
		queue->first = tasks[n]->next;
		n++;
	}
	queue->count -= n;
	if (queue->first == NULL) {
		queue->last = &queue->first;
	}
	*closed = n == 0 && queue->closed;
	pthread_mutex_unlock(&queue->lock);
	return n;
}

void ent_queue_close(struct ent_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_cond_broadcast(&queue->ready);
	pthread_mutex_unlock(&queue->lock);
}
