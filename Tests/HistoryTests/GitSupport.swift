import Glibc
import Subprocess
import Testing

@testable import History

extension GitIdentity {
  static let ada = GitIdentity(name: "Ada", email: "ada@example.org")
}

extension GitRepository {
  /// A commit with one file that holds its message.
  func commit(
    _ message: String, after parents: [CommitID] = [], at seconds: Int64 = 1_700_000_000
  ) throws -> CommitID {
    try write(
      GitCommitDraft(
        parents: parents, files: ["dataset.json": Array(message.utf8)], identity: .ada,
        time: GitTime(seconds: seconds, offset: 120), message: message))
  }
}

/// The real git, to compare with.
enum RealGit {
  static let isThere = (["/usr/bin/git", "/usr/local/bin/git", "/bin/git"] as [String]).contains {
    access($0, X_OK) == 0
  }

  static func run(_ arguments: String..., in repository: String) async throws -> String {
    let result = try await Subprocess.run(
      .name("git"), arguments: Arguments(["--git-dir", repository] + arguments),
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus.isSuccess, "git \(arguments): \(result.standardError)")
    return result.standardOutput + result.standardError
  }
}
