#pragma once
#include <git2.h>
#include <git2/sys/odb_backend.h>

// Swift cannot call variadic C functions: one typed wrapper for each option we set.
static inline int mdata_git_set_strict_hash(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}
static inline int mdata_git_set_owner_validation(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}
