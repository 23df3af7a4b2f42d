import Foundation
import Testing

/// What a repository consists of is written through the `FileSystem` seam, where faults can be injected.
@Suite struct SeamTests {
  @Test func libgit2OnlyReads() throws {
    let writers = [
      "git_repository_init", "git_blob_create", "git_treebuilder", "git_commit_create", "git_odb_write",
      "git_reference_create", "git_reference_symbolic_create", "git_reference_delete",
      "git_reference_set_target",
      "git_repository_set_head", "git_tag_create", "git_packbuilder",
    ]
    for (path, lines) in try SourceTree.swiftFiles(in: "Sources") {
      for (number, line) in lines.enumerated() {
        for writer in writers where line.contains(writer) {
          Issue.record("\(path):\(number + 1) lets libgit2 write (\(writer)), past the seam")
        }
      }
    }
  }

  @Test func onlyTheSeamMakesTheSystemCalls() throws {
    let calls = [
      "Glibc.open(", "fsync(", "Glibc.rename(", "unlink(", "mkdir(", "rmdir(", "ftruncate(", "fopen(",
    ]
    let layers =
      try SourceTree.swiftFiles(in: "Sources/Objects") + SourceTree.swiftFiles(in: "Sources/History")
    // The index is SQLite's, and a cache.
    for (path, lines) in layers
    where !path.hasSuffix("POSIXFileSystem.swift") && !path.contains("History/Index/") {
      for (number, line) in lines.enumerated()
      where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        for call in calls where line.contains(call) {
          Issue.record("\(path):\(number + 1) calls \(call)…) itself")
        }
      }
    }
  }
}
