#pragma once
#include <curl/curl.h>

// Swift cannot call variadic C functions: one typed wrapper for each kind of argument.
static inline CURLcode mdata_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode mdata_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode mdata_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode mdata_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
typedef size_t (*mdata_curl_write)(char *data, size_t size, size_t count, void *context);
static inline CURLcode mdata_curl_set_write(CURL *handle, CURLoption option, mdata_curl_write value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode mdata_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
