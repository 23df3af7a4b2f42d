import GRDB
import Records
import Testing

@testable import History
@testable import Workbench

/// `commit --update --key` finds rows through an index that compares hashes only.
@Suite struct UpdateLookupTests {
  @Test func aHashThatLeadsAstrayChangesNothing() throws {
    let shop = try Workshop()
    try shop.write(
      "a.jsonl", lines((0..<100).map { ["id": "row-\($0)", "instruction": "q\($0)", "output": "a\($0)"] }))
    try shop.commit("a.jsonl")
    try shop.write("e.jsonl", lines([["id": "row-7", "instruction": "q7", "output": "better"]]))
    let edit = CommitRequest.Change.update(ImportRequest(source: "e.jsonl"), key: "id")
    _ = try CommitRequest(change: edit, message: "x", dryRun: true).run(in: shop.session)
    let repository = try Workspace(shop.session).repository
    try repository.index().database.writeOnce {
      try $0.execute(sql: "UPDATE key_values SET origin_row = origin_row + 1")
    }
    #expect(throws: Failure.self) { try shop.commit(edit, at: 1) }
    #expect(try shop.records().values.allSatisfy { $0["output"] != "better" })
    try repository.index().rebuild()
    try shop.commit(edit, at: 1)
    let changed = try shop.records().values.filter { $0["output"] == "better" }
    #expect(changed.map { $0["id"] } == ["row-7"])
  }
}
