import CGit2
import Glibc

/// Git's own configuration: of the system, the user and a repository around a folder (git-config). Used on one thread.
public final class GitSettings {
  /// Which files are read.
  public enum Trust: Sendable {
    /// Also those of a repository that belongs to somebody else.
    case anyone
    /// Those of the repository around only when it belongs to this user: a setting may name a program to run, and a
    /// stranger's folder must not (the rule of git's `safe.directory`).
    case owner
  }

  private let config: OpaquePointer?

  /// Reads the configuration that git would use in `directory`, or outside of any repository when that is nil.
  public init(near directory: String?, trusting trust: Trust = .anyone) throws(GitError) {
    try GitCall.prepare()
    var repository: OpaquePointer?
    defer { git_repository_free(repository) }
    var config: OpaquePointer?
    if let directory, git_repository_open_ext(&repository, directory, 0, nil) == 0,
      trust == .anyone || Self.isOwn(repository)
    {
      try GitCall.check("read git's configuration", of: "git configuration") {
        git_repository_config(&config, repository)
      }
    } else {
      try GitCall.check("read git's configuration", of: "git configuration") {
        git_config_open_default(&config)
      }
    }
    // What is read from a snapshot stays where it is.
    defer { git_config_free(config) }
    var snapshot: OpaquePointer?
    try GitCall.check("read git's configuration", of: "git configuration") {
      git_config_snapshot(&snapshot, config)
    }
    self.config = snapshot
  }

  deinit { git_config_free(config) }

  /// A setting's text; nil when it is not set, or empty.
  public func text(_ key: String) -> String? {
    var text: UnsafePointer<CChar>?
    guard git_config_get_string(&text, config, key) == 0, let text else { return nil }
    let value = String(cString: text)
    return value.isEmpty ? nil : value
  }

  /// A setting that is a path, with `~/` as the user's home; nil when it is not set.
  public func path(_ key: String) -> String? { text(key).map(Self.expanded) }

  /// A setting that is true or false; nil when it is not set.
  ///
  /// - Throws: ``GitError/refused(_:code:text:)`` when it is neither.
  public func flag(_ key: String) throws(GitError) -> Bool? {
    var value: Int32 = 0
    do throws(GitError) {
      try GitCall.check("read git's setting `\(key)`", of: key) { git_config_get_bool(&value, config, key) }
    } catch .notFound { return nil }
    return value != 0
  }

  /// A path with `~/` as the user's home, as git reads one.
  public static func expanded(_ path: String) -> String {
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    guard git_config_parse_path(&buffer, path) == 0, let text = buffer.ptr else { return path }
    return String(cString: text)
  }

  private static func isOwn(_ repository: OpaquePointer?) -> Bool {
    [git_repository_path(repository), git_repository_workdir(repository)].allSatisfy { path in
      guard let path else { return true }
      var found = stat()
      return lstat(path, &found) == 0 && found.st_uid == geteuid()
    }
  }
}
