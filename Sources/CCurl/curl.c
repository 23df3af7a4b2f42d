#include "CCurl.h"

// The typechecks of libcurl's macros would call the functions that are not linked.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// libcurl's binary interface has kept this number since 2006.
static const char *const library = "libcurl.so.4";

static struct {
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *);
  CURLcode (*easy_perform)(CURL *);
  const char *(*easy_strerror)(CURLcode);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  CURLU *(*url)(void);
  void (*url_cleanup)(CURLU *);
  CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
  CURLUcode (*url_get)(const CURLU *, CURLUPart, char **, unsigned int);
  void (*free)(void *);
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char reason[256];

static void open_library(void) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    const char *error = dlerror();
    snprintf(reason, sizeof reason, "%s", error != NULL ? error : library);
    return;
  }
  const struct {
    void *place;
    const char *name;
  } functions[] = {
      {&curl.global_init, "curl_global_init"},     {&curl.easy_init, "curl_easy_init"},
      {&curl.easy_cleanup, "curl_easy_cleanup"},   {&curl.easy_perform, "curl_easy_perform"},
      {&curl.easy_strerror, "curl_easy_strerror"}, {&curl.easy_setopt, "curl_easy_setopt"},
      {&curl.easy_getinfo, "curl_easy_getinfo"},   {&curl.url, "curl_url"},
      {&curl.url_cleanup, "curl_url_cleanup"},     {&curl.url_set, "curl_url_set"},
      {&curl.url_get, "curl_url_get"},             {&curl.free, "curl_free"},
  };
  for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
    void *symbol = dlsym(handle, functions[index].name);
    if (symbol == NULL) {
      snprintf(reason, sizeof reason, "%s lacks %s", library, functions[index].name);
      return;
    }
    *(void **)functions[index].place = symbol;
  }
  CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) snprintf(reason, sizeof reason, "%s", curl.easy_strerror(code));
}

const char *mdata_curl_open(void) {
  pthread_once(&once, open_library);
  return reason[0] != 0 ? reason : NULL;
}

CURL *mdata_curl_easy_init(void) { return curl.easy_init(); }
void mdata_curl_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
CURLcode mdata_curl_easy_perform(CURL *handle) { return curl.easy_perform(handle); }
const char *mdata_curl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }

CURLcode mdata_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode mdata_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode mdata_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode mdata_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode mdata_curl_set_write(CURL *handle, CURLoption option, mdata_curl_write value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode mdata_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl.easy_getinfo(handle, info, value);
}

CURLU *mdata_curl_url(void) { return curl.url(); }
void mdata_curl_url_cleanup(CURLU *handle) { curl.url_cleanup(handle); }
CURLUcode mdata_curl_url_set(CURLU *handle, CURLUPart part, const char *text, unsigned int flags) {
  return curl.url_set(handle, part, text, flags);
}
CURLUcode mdata_curl_url_get(const CURLU *handle, CURLUPart part, char **text, unsigned int flags) {
  return curl.url_get(handle, part, text, flags);
}
void mdata_curl_free(void *memory) { curl.free(memory); }
