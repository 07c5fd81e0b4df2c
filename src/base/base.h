/* base.h - the few things every file of entitled may use. */
#ifndef ENT_BASE_BASE_H
#define ENT_BASE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef NDEBUG
#error "entitled keeps its assertions in every build"
#endif

/* Compiler attributes appear here and nowhere else. */
#define ENT_CHECK        __attribute__((warn_unused_result))
#define ENT_NORETURN     __attribute__((noreturn))
#define ENT_PRINTF(f, a) __attribute__((format(printf, f, a)))

#define ENT_COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
