#pragma once
#include <curl/curl.h>

// libcurl brings twenty libraries along, whose loading is a third of the start of a process: it is opened when the
// network is used, and is not linked. The functions are libcurl's, of the names behind `mdata_`; variadic ones, which
// Swift cannot call, have a typed wrapper for each kind of argument.

/// Opens libcurl, once for all threads, and lets it set itself up. Returns null, or why there is none.
/// Every other function needs it to have succeeded.
const char *_Nullable mdata_curl_open(void);

CURL *_Nullable mdata_curl_easy_init(void);
void mdata_curl_easy_cleanup(CURL *_Nonnull handle);
CURLcode mdata_curl_easy_perform(CURL *_Nonnull handle);
const char *_Nonnull mdata_curl_easy_strerror(CURLcode code);

CURLcode mdata_curl_set_long(CURL *_Nonnull handle, CURLoption option, long value);
CURLcode mdata_curl_set_offset(CURL *_Nonnull handle, CURLoption option, curl_off_t value);
CURLcode mdata_curl_set_string(CURL *_Nonnull handle, CURLoption option, const char *_Nonnull value);
CURLcode mdata_curl_set_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable value);
typedef size_t (*mdata_curl_write)(
    char *_Nullable data, size_t size, size_t count, void *_Nullable context);
CURLcode mdata_curl_set_write(CURL *_Nonnull handle, CURLoption option, mdata_curl_write _Nonnull value);
CURLcode mdata_curl_get_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value);

CURLU *_Nullable mdata_curl_url(void);
void mdata_curl_url_cleanup(CURLU *_Nonnull handle);
CURLUcode mdata_curl_url_set(
    CURLU *_Nonnull handle, CURLUPart part, const char *_Nonnull text, unsigned int flags);
CURLUcode mdata_curl_url_get(
    const CURLU *_Nonnull handle, CURLUPart part, char *_Nullable *_Nonnull text, unsigned int flags);
void mdata_curl_free(void *_Nullable memory);
