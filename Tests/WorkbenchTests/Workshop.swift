import Foundation
import History
import Objects
import Records

@testable import Workbench

/// A repository in a folder of its own, used through the use cases.
final class Workshop: Sendable {
  let folder: URL
  let session: Session

  init(threads: Int = 2) throws {
    folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "mdata-workbench-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    session = Session(
      directory: folder.path, now: 1_767_225_600, utcOffset: 0, author: ("A Tester", "tester@localhost"),
      threads: threads, standardInput: -1, steadyClock: { 0 })
    _ = try InitRequest(folder: ".").run(in: session)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "fixtures")

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @discardableResult
  func commit(_ change: CommitRequest.Change, at second: Int64 = 0) throws -> CommitResult {
    var session = session
    session.now += second
    return try CommitRequest(change: change, message: "x").run(in: session)
  }

  @discardableResult
  func commit(_ name: String, at second: Int64 = 0) throws -> CommitResult {
    try commit(.files([ImportRequest(source: name)]), at: second)
  }

  func checkout(_ revision: String = "HEAD", format: String? = nil) throws -> String {
    _ = try CheckoutRequest(version: .revision(revision), target: .file("checkout.tmp"), format: format).run(
      in: session)
    return try text("checkout.tmp")
  }

  /// The records of a version with their rows: the pair's fields and the columns. None before the first.
  func records(at revision: String = "HEAD") throws -> [RecordID: [String: String]] {
    let workspace = try Workspace(session)
    guard try workspace.headCommit() != nil else { return [:] }
    let head = try workspace.resolve(revision)
    let reader = try RecordReader(workspace.store)
    var entries = workspace.tree(of: head).entries()
    var found: [RecordID: [String: String]] = [:]
    while let entry = try entries.next() {
      let side = try reader.side(entry)
      found[entry.key] = Dictionary(
        uniqueKeysWithValues: (side.fields + side.columns).map { ($0.name, $0.value.string ?? "") })
    }
    return found
  }
}

extension BlameListRequest {
  /// All rows at once.
  func rows(in session: Session) throws -> [BlameRow] {
    var rows: [BlameRow] = []
    _ = try run(in: session, each: { rows.append($0) })
    return rows
  }
}

/// Rows as JSON lines, with the members in the order of their names.
func lines(_ rows: [[String: String]]) -> String {
  rows.map { row in
    let members = row.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
    return String(decoding: CanonicalJSON.encode(.object(members)), as: UTF8.self) + "\n"
  }.joined()
}
