import History
import Objects
public import Records

/// Writes what leads from one version to another as a patch, which ``ApplyRequest`` takes back.
public struct PatchRequest: Sendable {
  /// The older version.
  public var from: String
  /// The newer version.
  public var to: String

  /// A request.
  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  /// - Parameter each: gets every line with its end, in order.
  /// - Throws: ``Failure``, or what `each` throws.
  @discardableResult
  public func run(in session: Session, each: ([UInt8]) throws -> Void) throws -> ChangeCounts {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let (old, new) = (try workspace.resolve(from), try workspace.resolve(to))
      let reader = try RecordReader(workspace.store)
      func put(_ line: PatchLine) throws { try each(line.bytes + [0x0A]) }
      try put(.header(from: old.id.hex, to: new.id.hex))
      var counts = ChangeCounts()
      var told: Set<BatchPrefix> = []
      var deltas = workspace.tree(of: old).diff(to: workspace.tree(of: new))
      while let delta = try deltas.next() {
        switch delta.kind {
        case .added: counts.added += 1
        case .edited: counts.edited += 1
        case .removed: counts.removed += 1
        }
        let prefix = delta.new?.origin.batch
        if let prefix, told.insert(prefix).inserted {
          let batch = try reader.origins.batch(prefix).batch
          try put(
            .batch(
              PatchLine.Facts(
                batch: prefix, mapping: batch.mapping, teacher: batch.teacher, license: batch.license)))
        }
        try put(
          .record(
            PatchLine.Record(
              record: delta.record, old: try delta.old.map { try reader.side($0).rowJSON },
              new: try delta.new.map { try reader.side($0).rowJSON }, batch: prefix)))
      }
      try put(.end(counts))
      return counts
    }
  }
}
