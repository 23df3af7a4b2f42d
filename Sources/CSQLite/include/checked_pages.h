#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bytes at the end of each page that SQLite leaves alone (byte 20 of the file's header) and the check takes.
enum { MDATA_PAGE_CHECK_BYTES = 8 };

/// The check of a page of `count` bytes, a multiple of 8 with the check's own 8 at the end, which are not read.
/// `position` is the page's byte offset in its file, so a page in another's place is found too. A change of bytes
/// within one aligned word of 8 always changes the check.
uint64_t mdata_page_check(const void *page, size_t count, uint64_t position);

/// Makes SQLite's default file system one that ends each page of a database file with its check and holds every
/// page it reads to it: a page that does not agree is SQLITE_IOERR_DATA. Files made otherwise do not agree, and
/// none is mapped into memory. Journals, logs and temporary files are left as they are. Returns a result code of
/// SQLite. Call once.
int mdata_check_pages(void);
