// A shim over SQLite's own file system (https://www.sqlite.org/vfs.html). SQLite notices damage to the frame of a
// page, not to its content: a count that is one too small is a row fewer, and nobody knows.
//
// Pages in the write-ahead log have a check of SQLite's own, which it looks at when it takes the log over from a
// process that died; so the checks here are for the database file, and are made when a page gets there.
#include "checked_pages.h"
#include <sqlite3.h>
#include <string.h>

enum { SMALLEST_PAGE = 512, LARGEST_PAGE = 65536 };

typedef struct {
  sqlite3_file base;
  // The real file is behind this struct.
} checked_file;

static sqlite3_vfs checked_vfs;
static sqlite3_vfs *real_vfs;

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((checked_file *)file + 1); }

static uint64_t word_at(const unsigned char *bytes) {
  uint64_t word = 0;
  for (int byte = 0; byte < 8; byte++) word |= (uint64_t)bytes[byte] << (8 * byte);
  return word;
}

uint64_t mdata_page_check(const void *page, size_t count, uint64_t position) {
  const unsigned char *bytes = page;
  // Each step is a bijection of the state, so two states that differ stay different.
  uint64_t state = position ^ 0x9e3779b97f4a7c15u;
  for (size_t at = 0; at + 8 < count; at += 8) {
    state = (state ^ word_at(bytes + at)) * 0xff51afd7ed558ccdu;
    state ^= state >> 32;
  }
  return state;
}

static int is_page(int count, sqlite3_int64 position) {
  return count >= SMALLEST_PAGE && count <= LARGEST_PAGE && (count & (count - 1)) == 0 && position % count == 0;
}

static int checked_read(sqlite3_file *file, void *buffer, int count, sqlite3_int64 position) {
  int code = real(file)->pMethods->xRead(real(file), buffer, count, position);
  if (code != SQLITE_OK || !is_page(count, position)) return code;
  const unsigned char *stored = (const unsigned char *)buffer + count - MDATA_PAGE_CHECK_BYTES;
  if (word_at(stored) == mdata_page_check(buffer, (size_t)count, (uint64_t)position)) return SQLITE_OK;
  return SQLITE_IOERR_DATA;
}

static int checked_write(sqlite3_file *file, const void *buffer, int count, sqlite3_int64 position) {
  if (!is_page(count, position)) return real(file)->pMethods->xWrite(real(file), buffer, count, position);
  unsigned char page[LARGEST_PAGE];
  memcpy(page, buffer, (size_t)count);
  uint64_t check = mdata_page_check(buffer, (size_t)count, (uint64_t)position);
  for (int byte = 0; byte < 8; byte++) page[count - MDATA_PAGE_CHECK_BYTES + byte] = (unsigned char)(check >> (8 * byte));
  return real(file)->pMethods->xWrite(real(file), page, count, position);
}

static int checked_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }
static int checked_truncate(sqlite3_file *file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}
static int checked_sync(sqlite3_file *file, int flags) { return real(file)->pMethods->xSync(real(file), flags); }
static int checked_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
static int checked_lock(sqlite3_file *file, int lock) { return real(file)->pMethods->xLock(real(file), lock); }
static int checked_unlock(sqlite3_file *file, int lock) { return real(file)->pMethods->xUnlock(real(file), lock); }
static int checked_reserved(sqlite3_file *file, int *result) {
  return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
static int checked_control(sqlite3_file *file, int operation, void *argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int checked_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int checked_device(sqlite3_file *file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
static int checked_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
static int checked_shared_lock(sqlite3_file *file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void checked_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int checked_unmap(sqlite3_file *file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2 has the shared memory of the write-ahead log, and not the mapping of database files.
static const sqlite3_io_methods checked_methods = {
    .iVersion = 2,
    .xClose = checked_close,
    .xRead = checked_read,
    .xWrite = checked_write,
    .xTruncate = checked_truncate,
    .xSync = checked_sync,
    .xFileSize = checked_size,
    .xLock = checked_lock,
    .xUnlock = checked_unlock,
    .xCheckReservedLock = checked_reserved,
    .xFileControl = checked_control,
    .xSectorSize = checked_sector,
    .xDeviceCharacteristics = checked_device,
    .xShmMap = checked_map,
    .xShmLock = checked_shared_lock,
    .xShmBarrier = checked_barrier,
    .xShmUnmap = checked_unmap,
};

static int checked_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *opened) {
  (void)vfs;
  if (!(flags & SQLITE_OPEN_MAIN_DB)) return real_vfs->xOpen(real_vfs, name, file, flags, opened);
  file->pMethods = NULL;
  int code = real_vfs->xOpen(real_vfs, name, real(file), flags, opened);
  // What was opened is closed by SQLite when there are methods, whatever the code.
  if (real(file)->pMethods != NULL) file->pMethods = &checked_methods;
  return code;
}

int mdata_check_pages(void) {
  real_vfs = sqlite3_vfs_find(NULL);
  if (real_vfs == NULL) return SQLITE_ERROR;
  // All but opening is the real one's own: its functions are given the shim, and use what is copied here.
  checked_vfs = *real_vfs;
  checked_vfs.pNext = NULL;
  checked_vfs.zName = "mdata-checked-pages";
  checked_vfs.szOsFile = (int)sizeof(checked_file) + real_vfs->szOsFile;
  checked_vfs.xOpen = checked_open;
  return sqlite3_vfs_register(&checked_vfs, 1);
}
