// Threads, scratch memory and the chosen instruction set: everything a kernel needs besides its operands.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Instruction sets a context can be made for. CK_BEST takes the widest one this processor has.
enum ck_isa { CK_BEST = 0, CK_PORTABLE = 1, CK_AVX2 = 2, CK_AVX512 = 3, CK_AVX512_BF16 = 4 };

typedef struct ck_context ck_context;

/// Makes a context with `threads` threads (the caller's own included). NULL when the instruction set is missing
/// here or memory or threads cannot be had. One context serves one calling thread at a time.
ck_context *ck_context_create(int threads, enum ck_isa isa);
void ck_context_destroy(ck_context *context);

/// The instruction set in use: "avx512-bf16", "avx512", "avx2" or "portable".
const char *ck_context_isa_name(const ck_context *context);
int ck_context_threads(const ck_context *context);

/// Zeroed pages straight from the kernel (2 MiB pages where the system gives them): untouched parts cost nothing. NULL without memory.
void *ck_pages_allocate(size_t bytes);
void ck_pages_free(void *pages, size_t bytes);
