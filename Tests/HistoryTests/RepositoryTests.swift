import Objects
import Records
import Testing

@testable import History

@Suite struct RepositoryTests {
  let folder: TemporaryFolder
  let files = POSIXFileSystem()

  init() throws { folder = try TemporaryFolder() }

  @Test func `a folder that is no repository says so`() throws {
    #expect(throws: HistoryError.notARepository(folder.at(".mdata"))) {
      try Repository(path: folder.at(".mdata"), fileSystem: files)
    }
    let made = try Repository.make(in: folder)
    #expect(try made.head() == Head(branch: .branch("main"), commit: nil))
    #expect(throws: HistoryError.alreadyExists(made.path)) { try Repository.make(in: folder) }
  }

  @Test(arguments: [
    ("", "damaged"), ("{}", "damaged"), ("{\"schema\":\"x\"}", "damaged"),
    ("{\"schema\":\"mdata.repository/v2\"}", "newer"), ("{\"schema\":\"mdata.repository/v0\"}", "damaged"),
    ("{\"schema\":\"mdata.repository/v1x\"}", "damaged"), ("\0\0\0", "damaged"),
  ])
  func `the format file is held to its word`(text: String, outcome: String) throws {
    let made = try Repository.make(in: folder)
    try files.replaceAtomically(made.path + "/format", with: Array(text.utf8))
    do {
      _ = try made.reopened()
      Issue.record("\(text) was accepted")
    } catch let error as HistoryError {
      switch error {
      case .damaged: #expect(outcome == "damaged")
      case .newerFormat(_, let found): #expect(outcome == "newer" && found == "mdata.repository/v2")
      default: Issue.record(error)
      }
    }
  }

  @Test func `an interrupted creation is completed, a lost format file is damage`() throws {
    let made = try Repository.make(in: folder)
    try files.remove(made.path + "/format")
    let again = try Repository.make(in: folder)
    let transaction = try again.change()
    try transaction.commit(imported(batch(1), rows: 40), parents: [], message: "one")
    try transaction.finish()
    try files.remove(made.path + "/format")
    #expect(throws: HistoryError.self) { try Repository.make(in: folder) }
    #expect(throws: HistoryError.notARepository(made.path)) { try again.reopened() }
  }

  @Test func `commits are read back with their versions`() throws {
    let repository = try Repository.make(in: folder)
    let all = imported(batch(1), rows: 2_000)
    let first = try repository.change()
    let one = try first.commit(all, parents: [], message: "import")
    #expect(try repository.head().commit == nil)
    try first.finish()
    #expect(try repository.head().commit == one)

    let second = try repository.change("edit", at: 1_700_000_100)
    let old = try repository.commit("HEAD")
    let edited = TreeEntry(key: all[700].key, object: object(5_000), origin: all[3].key)
    let root = try second.apply(.changed([.put(edited), .remove(all[900].key)]), to: old.dataset.snapshot)
    #expect(root.count == 1_999)
    var dataset = old.dataset
    dataset.snapshot = root.id
    dataset.records = root.count
    let two = try second.commit(
      dataset, parents: [one], message: "edit\n\nwhy", files: ["recipes/a.yaml": [1, 2]], moving: .head)
    #expect(try repository.head().commit == one)
    let logged = try #require(try second.finish())

    // What it changed is counted, whatever the caller said.
    #expect(old.dataset.changes == ChangeCounts(added: 2_000, edited: 0, removed: 0))
    dataset.changes = ChangeCounts(added: 0, edited: 1, removed: 1)
    let reopened = try repository.reopened()
    let head = try reopened.commit("HEAD")
    #expect(head.id == two && head.parents == [one] && head.summary == "edit" && head.dataset == dataset)
    #expect(try reopened.log(from: [two]).map(\.id) == [two, one])
    #expect(try reopened.tree(of: head).entry(for: all[700].key) == edited)
    #expect(try reopened.tree(of: head).count() == 1_999)
    #expect(try entries(of: reopened.tree(of: reopened.commit("HEAD~1"))) == all)
    #expect(try reopened.git().file("recipes/a.yaml", in: two) == [1, 2])
    #expect(logged.sequence == 2)
    #expect(logged.operation.before == ["refs/heads/main": one.hex])
    #expect(logged.operation.after == ["refs/heads/main": two.hex])
    #expect(logged.operation.time.text == "2023-11-14T22:15:00Z")
  }

  @Test func `an abandoned or dropped transaction changes nothing`() throws {
    let repository = try Repository.make(in: folder)
    try repository.change().commit(imported(batch(1), rows: 9), parents: [], message: "dropped")
    let transaction = try repository.change()
    _ = try transaction.build(sorted: imported(batch(1), rows: 9))
    transaction.abandon()
    #expect(throws: HistoryError.transactionEnded) { try transaction.build(sorted: []) }
    #expect(throws: HistoryError.transactionEnded) { try transaction.finish() }
    #expect(try repository.change().finish() == nil)
    #expect(try repository.head().commit == nil)
    #expect(try repository.operations.latest() == nil)
  }

  @Test func `only one transaction at a time`() throws {
    let repository = try Repository.make(in: folder)
    let transaction = try repository.change()
    #expect(throws: ObjectsError.self) { try repository.reopened().change() }
    transaction.abandon()
    try repository.reopened().change().finish()
  }

  @Test func `branches, tags and HEAD move together`() throws {
    let repository = try Repository.make(in: folder)
    let first = try repository.change()
    let one = try first.commit(imported(batch(1), rows: 9), parents: [], message: "one")
    try first.move(.branch("topic/x"), to: one)
    try first.move(.tag("v1"), to: one)
    try first.setHead(to: .reference(.branch("topic/x")))
    let logged = try #require(try first.finish())
    #expect(
      logged.operation.before == ["HEAD": "refs/heads/main"]
        && logged.operation.after == [
          "HEAD": "refs/heads/topic/x", "refs/heads/main": one.hex, "refs/heads/topic/x": one.hex,
          "refs/tags/v1": one.hex,
        ])
    #expect(try repository.head() == Head(branch: .branch("topic/x"), commit: one))

    let second = try repository.change()
    let two = try second.commit(imported(batch(2), rows: 9), parents: [one], message: "two")
    try second.move(.tag("v1"), to: nil)
    try second.setHead(to: .object(two))
    try second.finish()
    #expect(try repository.head() == Head(branch: nil, commit: two))
    #expect(try repository.git().target(of: .tag("v1")) == nil)
    #expect(try repository.git().commit(at: .branch("topic/x")) == two)

    let third = try repository.change()
    let three = try third.commit(imported(batch(3), rows: 9), parents: [two], message: "three")
    try third.finish()
    #expect(try repository.head() == Head(branch: nil, commit: three))
    #expect(try repository.git().commit(at: .branch("topic/x")) == two)
    try repository.operations.verify()
  }

  @Test func `a damaged dataset file is named`() throws {
    let repository = try Repository.make(in: folder)
    let git = try repository.git()
    for (files, reason) in [
      ([:], "no dataset.json"), (["dataset.json": Array("{}".utf8)], "schema"),
      (["dataset.json": []], "dataset"),
    ] as [([String: [UInt8]], String)] {
      let id = try git.write(
        GitCommitDraft(parents: [], files: files, identity: .ada, time: GitTime(seconds: 1), message: reason))
      do {
        _ = try repository.commit(id)
        Issue.record("\(files) was accepted")
      } catch let error as HistoryError {
        guard case .notADataset(id, let text) = error else {
          Issue.record(error)
          continue
        }
        #expect(text.contains(reason))
      }
    }
  }
}
