#pragma once
#include <sys/syscall.h>
#include <unistd.h>

// `sync_file_range` with SYNC_FILE_RANGE_WRITE over the whole file: the C library declares it for `_GNU_SOURCE` only.
static inline void mdata_start_writing(int file) {
  syscall(SYS_sync_file_range, file, 0L, 0L, 2U);
}
