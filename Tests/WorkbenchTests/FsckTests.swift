import Foundation
import History
import Objects
import Records
import Testing

@testable import Workbench

/// The catalogue of damage: what was done, what `fsck` says of it, and what is left after the repair.
@Suite struct FsckTests {
  /// One kind of damage to a repository with two versions, a tag, a branch, a staged batch and a pin.
  struct Damage: Sendable, CustomTestStringConvertible {
    /// What was done.
    let name: String
    let work: @Sendable (URL) throws -> Void
    /// The kind of a finding, the beginning of its path and part of its message.
    let kind: String
    let path: String
    let message: String
    /// Whether everything is there again after the repair.
    var isMended = true

    var testDescription: String { name }

    init(
      _ name: String, _ kind: String, _ path: String, _ message: String, isMended: Bool = true,
      _ work: @escaping @Sendable (URL) throws -> Void
    ) {
      (self.name, self.kind, self.path, self.message) = (name, kind, path, message)
      (self.isMended, self.work) = (isMended, work)
    }
  }

  static let catalogue: [Damage] = [
    Damage("an empty format file", "format", ".mdata/format", "it is empty") {
      try cut($0, ".mdata/format", to: 0)
    },
    Damage("no format file", "format", ".mdata/format", "it is missing") { try remove($0, ".mdata/format") },
    Damage(
      "a format with a flipped bit", "format", ".mdata/format", "which a newer mdata wrote", isMended: false
    ) {
      // A newer version cannot be told from a flipped digit when no operation can be read either.
      try remove($0, ".mdata/operations")
      try replace($0, ".mdata/format", Data(#"{"schema":"mdata.repository/v3"}"#.utf8))
    },
    Damage(
      "a format of version 5 over operations of version 1", "format", ".mdata/format", "mdata.repository/v5"
    ) {
      try replace($0, ".mdata/format", Data(#"{"schema":"mdata.repository/v5"}"#.utf8))
    },
    Damage("no staging folder", "folder", ".mdata/staging", "it is missing") {
      try remove($0, ".mdata/staging")
    },
    Damage("no folder of tags", "reference", ".mdata/history.git/refs/tags/v1", "it is missing") {
      try remove($0, ".mdata/history.git/refs/tags")
    },
    Damage("a damaged configuration", "configuration", ".mdata/history.git/config", "it does not say") {
      try replace($0, ".mdata/history.git/config", Data("[core]\n\tbare = falsy\n".utf8))
    },
    Damage("no HEAD", "head", ".mdata/history.git/HEAD", "it is missing") {
      try remove($0, ".mdata/history.git/HEAD")
    },
    Damage("HEAD on a branch that never was", "head", ".mdata/history.git/HEAD", "it names refs/heads/mein") {
      try replace($0, ".mdata/history.git/HEAD", Data("ref: refs/heads/mein\n".utf8))
    },
    Damage("an empty branch file", "reference", ".mdata/history.git/refs/heads/main", "it is empty") {
      try cut($0, ".mdata/history.git/refs/heads/main", to: 0)
    },
    Damage(
      "a branch at a commit that is not there", "reference", ".mdata/history.git/refs/heads/main", "not there"
    ) {
      try flip($0, ".mdata/history.git/refs/heads/main", at: 5)
    },
    Damage(
      "a tag at another version", "reference", ".mdata/history.git/refs/tags/v1", "the operations left it at"
    ) {
      let heads = $0.appending(path: ".mdata/history.git/refs/heads/main")
      try replace($0, ".mdata/history.git/refs/tags/v1", Data(contentsOf: heads))
    },
    Damage("a flipped bit in a pair", "object", ".mdata/objects/", "the pair", isMended: false) {
      try flip($0, try pack($0), at: 30)
    },
    Damage(
      "a flipped bit in a pack's index", "pack", ".mdata/objects/", "the index does not match its digest"
    ) {
      try flip($0, try pack($0), at: -140)
    },
    Damage(
      "a flipped bit in a pack's footer", "pack", ".mdata/objects/", "the footer does not match its check"
    ) {
      try flip($0, try pack($0), at: -100)
    },
    Damage("a pack cut off in its footer", "pack", ".mdata/objects/", "the footer does not match its check") {
      try cut($0, try pack($0), to: -7)
    },
    Damage("an empty pack", "pack", ".mdata/objects/", "it is empty", isMended: false) {
      try cut($0, try pack($0), to: 0)
    },
    Damage("a pack under another name", "pack", ".mdata/objects/lost", "its name is not its digest's") {
      try FileManager.default.moveItem(
        at: $0.appending(path: try pack($0)), to: $0.appending(path: ".mdata/objects/lost"))
    },
    Damage("a missing pack", "missing", ".mdata/objects", "is in no pack", isMended: false) {
      try remove($0, try pack($0))
    },
    Damage("a flipped bit in a commit", "history", ".mdata/history.git/objects/", "what is in it can be had")
    {
      try flip($0, try commitFile($0), at: 30)
    },
    Damage(
      "a commit with a byte behind it", "history", ".mdata/history.git/objects/", "one whole zlib stream"
    ) {
      let file = $0.appending(path: try commitFile($0))
      try replace($0, try commitFile($0), Data(contentsOf: file) + [1])
    },
    Damage("a lost commit", "history", ".mdata/history.git/objects/", "it is missing", isMended: false) {
      try remove($0, try commitFile($0))
    },
    Damage("a flipped bit in the newest operation", "operation", ".mdata/operations/", "its digest") {
      try flip($0, try operations($0)[3], at: 40)
    },
    Damage(
      "a flipped bit in the first operation", "operation", ".mdata/operations/",
      "it does not follow operation 0"
    ) { try flip($0, try operations($0)[0], at: 40) },
    Damage("a missing operation", "operation", ".mdata/operations/", "it does not follow operation 1") {
      try remove($0, try operations($0)[1])
    },
    Damage(
      "a file in place of a folder of operations", "operation", ".mdata/operations/0", "it is not a folder"
    ) {
      try remove($0, ".mdata/operations/00000000")
      try replace($0, ".mdata/operations/00000000", Data("x".utf8))
    },
    Damage(
      "an operation in another group's folder", "operation", ".mdata/operations/00000001/",
      "operations have other names"
    ) {
      let path = try operations($0)[3]
      let folder = $0.appending(path: ".mdata/operations/00000001")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      try FileManager.default.moveItem(
        at: $0.appending(path: path), to: folder.appending(path: String(path.suffix(32))))
    },
    Damage(
      "an operation once more where the first build wrote it", "operation", ".mdata/operations/0",
      "it is operation 2 once more"
    ) {
      let path = try operations($0)[1]
      try replace(
        $0, ".mdata/operations/" + path.suffix(32), try Data(contentsOf: $0.appending(path: path)))
    },
    Damage("a damaged list of what is staged", "staging", ".mdata/staging/state.json", "") {
      try flip($0, ".mdata/staging/state.json", at: 20)
    },
    Damage("damaged pairs of what is staged", "staging", ".mdata/staging/", "its list of pairs was altered") {
      try flip($0, try side($0), at: 20)
    },
    Damage("an altered pin", "lock", "mdata.lock", "what the commit says of itself", isMended: false) {
      let file = $0.appending(path: "mdata.lock")
      let text = try String(contentsOf: file, encoding: .utf8)
      try replace($0, "mdata.lock", Data(text.replacing("\"records\": 3", with: "\"records\": 4").utf8))
    },
    Damage("another digest in the pin", "lock", "mdata.lock", "pins", isMended: false) {
      let file = $0.appending(path: "mdata.lock")
      let text = try String(contentsOf: file, encoding: .utf8)
      let digest = try #require(text.firstMatch(of: /"sha256": "([0-9a-f])/)?.1)
      try replace(
        $0, "mdata.lock",
        Data(
          text.replacing("\"sha256\": \"\(digest)", with: "\"sha256\": \"\(digest == "0" ? "1" : "0")").utf8))
    },
    Damage("a damaged index", "index", ".mdata/index.sqlite", "") {
      try flip($0, ".mdata/index.sqlite", at: 100)
    },
    Damage("an index that is text", "index", ".mdata/index.sqlite", "SQLite cannot read it") {
      try replace($0, ".mdata/index.sqlite", Data("not a database, but long enough to look like one".utf8))
    },
  ]

  @Test(arguments: catalogue) func damageIsNamedAndRepaired(damage: Damage) throws {
    let (workshop, whole, records) = try Self.prepared()
    try damage.work(workshop.folder)
    let found = try FsckRequest().run(in: workshop.session)
    #expect(!found.isIntact)
    #expect(
      found.findings.contains {
        $0.isDamage && $0.kind == damage.kind && $0.path.hasPrefix(damage.path)
          && (damage.message.isEmpty || $0.message.contains(damage.message))
      }, "\(found.findings.map { "\($0.kind) \($0.path): \($0.message)" })")
    #expect(found.findings.allSatisfy { !$0.next.isEmpty && !$0.message.isEmpty })
    guard damage.kind != "format" || damage.isMended else {
      #expect(throws: Failure.self) { try FsckRequest(repair: true).run(in: workshop.session) }
      return
    }
    let repaired = try FsckRequest(repair: true).run(in: workshop.session)
    #expect(repaired.isIntact == damage.isMended, "\(repaired.findings.map(\.message))")
    if damage.isMended {
      #expect(try workshop.checkout() == whole)
      #expect(try workshop.checkout("v1", format: nil).hasPrefix(#"{"id":"p1""#))
      let status = try StatusRequest().run(in: workshop.session)
      #expect(status.staged.count == 1 || damage.name == "no staging folder")
    } else if damage.kind == "object" {
      // What was not hit is still read.
      let lost = Set(found.findings.flatMap(\.records))
      #expect(lost.count == 1)
      let workspace = try Workspace(workshop.session)
      let head = try #require(try workspace.headCommit())
      let reader = try RecordReader(workspace.store)
      for (id, _) in records where !lost.contains(id.description) {
        let entry = try #require(try workspace.tree(of: head).entry(for: id))
        #expect(throws: Never.self) { try reader.pair(entry) }
      }
    }
    let before = try Self.files(workshop.folder)
    let again = try FsckRequest(repair: true).run(in: workshop.session)
    #expect(again.done == [], "a second repair does nothing")
    #expect(try Self.files(workshop.folder) == before)
  }

  @Test func aVersionThatCountsItsChangesWronglyIsNamed() throws {
    let (workshop, _, _) = try Self.prepared()
    let repository = try Repository(
      path: workshop.folder.appending(path: ".mdata").path, fileSystem: POSIXFileSystem())
    let head = try repository.commit("HEAD")
    var dataset = head.dataset
    dataset.changes = ChangeCounts(added: 2, edited: 1, removed: 1)
    let draft = GitCommitDraft(
      parents: head.parents, files: [Dataset.fileName: dataset.canonicalBytes],
      identity: GitIdentity(name: "A", email: "a@localhost"), time: GitTime(seconds: 0), message: "false")
    let transaction = try repository.begin(
      verb: "tag", description: "false", identity: draft.identity, time: draft.time)
    let id = try repository.git().write(draft)
    try transaction.move(.tag("false"), to: id)
    try transaction.finish()
    let found = try FsckRequest().run(in: workshop.session).findings
    #expect(found.map(\.kind) == ["history"] && found.map(\.commits) == [[id.hex]])
    let shown = try ShowRequest(revision: "HEAD").run(in: workshop.session)
    #expect(shown.counts.added == 1 && shown.counts.edited == 0)
  }

  @Test func aDryRunSaysWhatARepairDoes() throws {
    let (workshop, _, _) = try Self.prepared()
    try Self.flip(workshop.folder, try Self.pack(workshop.folder), at: -100)
    let before = try Self.files(workshop.folder)
    let planned = try #require(try FsckRequest(repair: true, dryRun: true).run(in: workshop.session).planned)
    #expect(try Self.files(workshop.folder) == before)
    #expect(!planned.isEmpty)
    let done = try #require(try FsckRequest(repair: true).run(in: workshop.session).done)
    #expect(!done.isEmpty && done.allSatisfy(planned.contains))
  }

  @Test(arguments: [("v1", nil), ("v1~0", nil), ("HEAD^", nil), ("v9", "v9"), ("~1", "~1"), ("w1^", "w1^")])
  func theNameInAPinIsOneOfTheRepository(ref: String, remarked: String?) throws {
    let (workshop, _, _) = try Self.prepared()
    _ = try PinRequest(revision: "v1").run(in: workshop.session)
    let file = workshop.folder.appending(path: "mdata.lock")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.replacing("\"ref\": \"v1\"", with: "\"ref\": \"\(ref)\"").utf8).write(to: file)
    let found = try FsckRequest().run(in: workshop.session).findings
    #expect(found.map(\.path) == (remarked == nil ? [] : ["mdata.lock"]))
    if let remarked { #expect(found.first?.message.contains("`\(remarked)`") == true) }
  }

  /// A repair does not make durable what a verb that died had renamed, so the next verb must still know of it.
  @Test func aRepairKeepsTheNoteOfAnUnfinishedVerb() throws {
    let (workshop, _, _) = try Self.prepared()
    let lock = workshop.folder.appending(path: ".mdata/lock")
    try Self.remove(workshop.folder, ".mdata/history.git/refs/tags")
    #expect(try FsckRequest(repair: true).run(in: workshop.session).done?.isEmpty == false)
    #expect(try Data(contentsOf: lock).isEmpty)
    try Data("process 1, which runs `mdata commit`\n".utf8).write(to: lock)
    _ = try FsckRequest(repair: true).run(in: workshop.session)
    #expect(try !Data(contentsOf: lock).isEmpty)
    _ = try NamesRequest(.tag, action: .create("v2", at: "HEAD")).run(in: workshop.session)
    #expect(try Data(contentsOf: lock).isEmpty)
  }

  @Test func leftoversAreNoDamage() throws {
    let (workshop, _, _) = try Self.prepared()
    for name in [
      "objects/pack.tmp0", "format.tmp3", "operations/x.json.tmp1",
      "operations/00000000/y.json.tmp0", "history.git/objects/ab/tmp_obj_x",
      "extra",
    ] {
      let place = workshop.folder.appending(path: ".mdata/" + name)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: place)
    }
    let found = try FsckRequest().run(in: workshop.session)
    #expect(found.isIntact)
    #expect(found.findings.count == 6)
  }

  // MARK: The repository

  private static func prepared() throws -> (Workshop, String, [RecordID: [String: String]]) {
    let workshop = try Workshop(threads: 1)
    try workshop.write(
      "a.jsonl",
      lines(
        (1...3).map { ["id": "p\($0)", "instruction": "Question \($0)?", "output": "Answer \($0 * 7)."] }))
    try workshop.write("b.jsonl", lines([["id": "p4", "instruction": "Question 4?", "output": "Answer."]]))
    try workshop.write("c.jsonl", lines([["id": "p5", "instruction": "Question 5?", "output": "Staged."]]))
    try workshop.commit("a.jsonl")
    _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD")).run(in: workshop.session)
    _ = try NamesRequest(.branch, action: .create("side", at: "HEAD")).run(in: workshop.session)
    _ = try PinRequest().run(in: workshop.session)
    try workshop.commit("b.jsonl", at: 60)
    _ = try AddRequest(sources: ["c.jsonl"], provenance: ImportRequest.Provenance()).run(in: workshop.session)
    return (workshop, try workshop.checkout(), try workshop.records())
  }

  private static func names(_ folder: URL, _ inner: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: inner).path).sorted()
  }

  private static func operations(_ folder: URL) throws -> [String] {
    try names(folder, ".mdata/operations/00000000").map { ".mdata/operations/00000000/" + $0 }
  }

  /// The largest pack: the one of the first import.
  private static func pack(_ folder: URL) throws -> String {
    let sizes = try names(folder, ".mdata/objects").map { name in
      let path = ".mdata/objects/" + name
      return (path, try Data(contentsOf: folder.appending(path: path)).count)
    }
    return try #require(sizes.max { $0.1 < $1.1 }).0
  }

  private static func side(_ folder: URL) throws -> String {
    ".mdata/staging/" + (try #require(try names(folder, ".mdata/staging").first { $0.hasSuffix(".pairs") }))
  }

  /// The loose object of the newest commit of `main`.
  private static func commitFile(_ folder: URL) throws -> String {
    let id = try String(
      contentsOf: folder.appending(path: ".mdata/history.git/refs/heads/main"), encoding: .utf8)
    return ".mdata/history.git/objects/\(id.prefix(2))/\(id.dropFirst(2).prefix(38))"
  }

  // MARK: Damage

  private static func replace(_ folder: URL, _ path: String, _ bytes: Data) throws {
    let file = folder.appending(path: path)
    try? FileManager.default.removeItem(at: file)
    try bytes.write(to: file)
  }

  private static func remove(_ folder: URL, _ path: String) throws {
    try FileManager.default.removeItem(at: folder.appending(path: path))
  }

  /// Places below nought count from the end.
  private static func flip(_ folder: URL, _ path: String, at place: Int) throws {
    var bytes = try Data(contentsOf: folder.appending(path: path))
    bytes[place < 0 ? bytes.count + place : place] ^= 2
    try replace(folder, path, bytes)
  }

  private static func cut(_ folder: URL, _ path: String, to length: Int) throws {
    let bytes = try Data(contentsOf: folder.appending(path: path))
    try replace(folder, path, bytes.prefix(length < 0 ? bytes.count + length : length))
  }

  /// Every file with its content, but for the one that says who holds the lock.
  private static func files(_ folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where name != ".mdata/lock" {
      found[name] = FileManager.default.contents(atPath: folder.appending(path: name).path)
    }
    return found
  }
}
