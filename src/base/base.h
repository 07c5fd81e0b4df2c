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

/* Put a file's bytes into the program, NUL-terminated, as `name` and `name`_end:
 *     extern const char name[], name_end[];
 *     ENT_EMBED(name, "/where/it/is.sql")
 * The build must name the file as a dependency of the object. */
#define ENT_EMBED(name, path)                                            \
	__asm__(".pushsection .rodata\n.globl " #name "\n" #name ":\n" \
	        ".incbin \"" path "\"\n.globl " #name "_end\n" #name "_end:\n" \
	        ".byte 0\n.popsection\n");

#endif
