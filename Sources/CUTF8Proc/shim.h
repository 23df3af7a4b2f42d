#pragma once
#include <stdlib.h>
#include <utf8proc.h>

// Options are an enum, which Swift does not combine. NFKC_Casefold of Unicode's chapter 3.13.
static const utf8proc_option_t mdata_nfkc_casefold = (utf8proc_option_t)(
    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

// NFC(toCasefold(NFD(text))) without what is ignorable by default. Decomposed first, because U+0345 folds to a letter
// that marks can no longer be ordered around.
static inline utf8proc_ssize_t mdata_nfc_casefold(
    const utf8proc_uint8_t *text, utf8proc_ssize_t length, utf8proc_uint8_t **result) {
  utf8proc_uint8_t *decomposed = NULL;
  const utf8proc_ssize_t count = utf8proc_map(text, length, &decomposed,
      (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_IGNORE));
  if (count < 0) return count;
  const utf8proc_ssize_t folded = utf8proc_map(decomposed, count, result,
      (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE));
  free(decomposed);
  return folded;
}
