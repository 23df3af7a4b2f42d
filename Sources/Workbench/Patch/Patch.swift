import History
import Objects
public import Records

/// Writes what leads from one version to another as a patch, which ``ApplyRequest`` takes back.
public struct PatchRequest: Sendable {
  private let difference: DiffRequest

  /// - Parameter difference: the two versions; what else it asks for is of no matter.
  public init(_ difference: DiffRequest) { self.difference = difference }

  /// A request for two versions.
  public init(from: String, to: String) { self.init(DiffRequest(from: from, to: to)) }

  /// - Parameter each: gets every line with its end, in order.
  /// - Throws: ``Failure``, or what `each` throws.
  @discardableResult
  public func run(in session: Session, each: ([UInt8]) throws -> Void) throws -> ChangeCounts {
    try Failure.wrapping {
      var request = DiffRequest(from: difference.from, to: difference.to)
      request.isFromCommonVersion = difference.isFromCommonVersion
      let comparison = try Comparison(request, session)
      let reader = try RecordReader(comparison.workspace.store)
      func put(_ line: PatchLine) throws { try each(line.bytes + [0x0A]) }
      try put(.header(from: comparison.from.commit, to: comparison.to.commit))
      var counts = ChangeCounts()
      var told: Set<BatchPrefix> = []
      var deltas = comparison.deltas
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
