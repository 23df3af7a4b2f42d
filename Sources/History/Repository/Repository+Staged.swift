import Records

extension Repository {
  /// What the next commit will hold: the staged batches but for those that HEAD's commit brought. A commit unstages
  /// them after its branch has moved; when its process died in between, the next transaction does.
  public func stagedBatches() throws -> [StagedBatch] {
    let staged = try staging.batches()
    guard !staged.isEmpty, let id = try head().commit else { return staged }
    let head = try commit(id)
    var brought: Set<ObjectID> = []
    let before = try head.parents.first.map { batches(of: try commit($0)) }
    if let before {
      var changes = before.diff(to: batches(of: head))
      while let change = try changes.next() {
        if let entry = change.new { brought.insert(entry.object) }
      }
    } else {
      var entries = batches(of: head).entries()
      while let entry = try entries.next() { brought.insert(entry.object) }
    }
    return staged.filter { !brought.contains($0.batch) }
  }
}
