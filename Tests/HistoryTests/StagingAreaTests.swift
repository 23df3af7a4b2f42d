import Objects
import Records
import Testing

@testable import History

@Suite struct StagingAreaTests {
  let folder: TemporaryFolder
  let repository: Repository
  let files = POSIXFileSystem()
  let pairs = (1...5).map { object($0) }

  init() throws {
    folder = try TemporaryFolder()
    repository = try Repository.make(in: folder)
  }

  private func staged(_ number: Int) -> StagedBatch {
    let hasher = SHA256()
    hasher.begin()
    for pair in pairs { pair.bytes.withUnsafeBytes { hasher.update($0) } }
    return StagedBatch(
      batch: object(100 + number), rows: 5, source: "é\u{1b}\(number).jsonl",
      pairs: ContentDigest(hasher.finish()))
  }

  private func stage(_ number: Int) throws {
    let transaction = try repository.change("add")
    try transaction.stage(staged(number), pairs: pairs)
    try transaction.finish()
  }

  @Test func `batches stay staged until the references have moved`() throws {
    let area = repository.staging
    #expect(try area.batches().isEmpty)
    for number in [1, 2, 1] { try stage(number) }
    #expect(try repository.reopened().staging.batches() == [staged(1), staged(2)])
    #expect(try area.pairs(of: staged(2)) == pairs)
    let transaction = try repository.change()
    try transaction.unstage([staged(1).batch, staged(2).batch])
    #expect(try area.batches().count == 2)
    try transaction.finish()
    #expect(try area.batches().isEmpty)
    #expect(try files.status(repository.path + "/staging/state.json") == nil)
  }

  @Test func `damage is found wherever it is`() throws {
    let area = repository.staging
    try stage(1)
    let side = repository.path + "/staging/\(staged(1).batch.hex).pairs"
    let bytes = try files.contents(of: side, limit: 1 << 20)
    for position in stride(from: 0, to: bytes.count, by: 9) {
      var damaged = bytes
      damaged[position] ^= 1
      try files.replaceAtomically(side, with: damaged)
      #expect(throws: HistoryError.self) { try area.pairs(of: staged(1)) }
    }
    for cut in [0, 31, 32, 159] {
      try files.replaceAtomically(side, with: Array(bytes.prefix(cut)))
      #expect(throws: HistoryError.self) { try area.pairs(of: staged(1)) }
    }
    let state = repository.path + "/staging/state.json"
    for text in [
      "", "{}", "[]", "{\"batches\":[],\"schema\":\"mdata.staging/v2\"}", "{\"schema\":\"mdata.staging/v1\"}",
      "{\"batches\":[{}],\"schema\":\"mdata.staging/v1\"}",
      "{\"batches\":[{\"batch\":\"../../x\",\"pairs\":\"\",\"rows\":1,\"source\":\"\"}],\"schema\":\"mdata.staging/v1\"}",
    ] {
      try files.replaceAtomically(state, with: Array(text.utf8))
      #expect(throws: HistoryError.self) { try area.batches() }
    }
    try files.remove(state)
    #expect(try area.batches().isEmpty)
  }
}
