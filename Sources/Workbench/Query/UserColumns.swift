import History
import Objects
import Records

/// The columns that a version's rows brought along, looked for when a query names a column that no view has.
struct UserColumns {
  private let versions: QueryVersions
  private let watch: QueryWatch

  init(_ versions: QueryVersions, _ watch: QueryWatch) {
    self.versions = versions
    self.watch = watch
  }

  /// Whether a row of the version's batches has a column of this name. Finds a column at the first chunk that has it;
  /// to say that there is none it reads them all.
  func contains(_ name: String) throws -> Bool {
    try any { chunk in chunk.column(named: name) != nil }
  }

  /// The names of all columns.
  func all() throws -> [String] {
    var names: Set<[UInt8]> = []
    _ = try any { chunk in
      names.formUnion(chunk.columnNames)
      return false
    }
    return names.map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  private func any(_ isWanted: (OriginsChunk) -> Bool) throws -> Bool {
    let store = versions.workspace.store
    let reader = try ObjectReader(store)
    for id in versions.asked.batches {
      for chunk in try Batch(parsing: reader.read(id, .batch)).origins {
        try watch.check()
        if isWanted(try OriginsChunk(parsing: reader.read(chunk, .origins))) { return true }
      }
    }
    return false
  }
}
