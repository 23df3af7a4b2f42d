import CGit2

/// The state of the git repository that mdata is used inside of: the one with the user's code.
public struct CodeRepository: Hashable, Sendable {
  /// The commit its HEAD leads to, nil before the first one.
  public let head: CommitID?
  /// Whether a tracked file differs from HEAD.
  public let isDirty: Bool

  /// The state of the repository that `directory` lies in, or nil when it lies in none.
  public static func containing(_ directory: String) throws(GitError) -> CodeRepository? {
    try GitCall.prepare()
    var repository: OpaquePointer?
    defer { git_repository_free(repository) }
    guard git_repository_open_ext(&repository, directory, 0, nil) == 0,
      git_repository_is_bare(repository) == 0
    else {
      return nil
    }
    var id = git_oid()
    let head = git_reference_name_to_id(&id, repository, "HEAD") == 0 ? CommitID(id) : nil

    var options = git_status_options()
    git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
    options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
    var list: OpaquePointer?
    defer { git_status_list_free(list) }
    try GitCall.check("read the state of the code repository", of: "state") {
      git_status_list_new(&list, repository, &options)
    }
    return CodeRepository(head: head, isDirty: git_status_list_entrycount(list) > 0)
  }
}
