import Records

/// A difference as a value: the changes of records, one after the other in the order of their keys, each record once.
///
/// A stream is used up by reading it; a copy made before begins where the original stood.
public protocol DeltaStream {
  /// The next change, or nil at the end.
  ///
  /// - Throws: what reading the snapshots throws.
  mutating func next() throws -> RecordDelta?
}

extension DeltaStream {
  /// The difference in the other direction: what leads from the newer snapshot back to the older one.
  public func inverted() -> InvertedDeltas<Self> { InvertedDeltas(self) }

  /// This difference and then `following`, as one. Records that the second takes back are not part of it.
  public func followed<Following: DeltaStream>(by following: Following) -> ComposedDeltas<Self, Following> {
    ComposedDeltas(self, following)
  }
}

extension TreeDiff: DeltaStream {}

/// Changes held in memory, in the order of their records.
public struct DeltaList: DeltaStream, Sendable {
  private let deltas: [RecordDelta]
  private var position = 0

  /// - Throws: ``TreeError/unsorted(_:)`` when a record comes twice or out of order.
  public init(_ deltas: [RecordDelta]) throws(TreeError) {
    for (left, right) in zip(deltas, deltas.dropFirst()) where left.record >= right.record {
      throw .unsorted(right.record)
    }
    self.deltas = deltas
  }

  public mutating func next() -> RecordDelta? {
    guard position < deltas.count else { return nil }
    defer { position += 1 }
    return deltas[position]
  }
}

/// A difference read backwards in time, record by record.
public struct InvertedDeltas<Base: DeltaStream>: DeltaStream {
  private var base: Base

  init(_ base: Base) { self.base = base }

  public mutating func next() throws -> RecordDelta? { try base.next()?.inverted() }
}

/// Two differences as one, merged record by record: nothing is held but the next change of each.
public struct ComposedDeltas<First: DeltaStream, Second: DeltaStream>: DeltaStream {
  private var first: First
  private var second: Second
  private var left: RecordDelta?
  private var right: RecordDelta?
  private var hasBegun = false

  init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  /// - Throws: ``TreeError/deltasDoNotMeet(_:)`` when a record's second change starts from another state than the
  ///   first one led to; what reading either throws.
  public mutating func next() throws -> RecordDelta? {
    if !hasBegun {
      left = try first.next()
      right = try second.next()
      hasBegun = true
    }
    while true {
      switch (left, right) {
      case (nil, nil): return nil
      case (let change?, nil):
        left = try first.next()
        return change
      case (nil, let change?):
        right = try second.next()
        return change
      case (let before?, let after?):
        if before.record < after.record {
          left = try first.next()
          return before
        }
        if after.record < before.record {
          right = try second.next()
          return after
        }
        let change = try before.followed(by: after)
        left = try first.next()
        right = try second.next()
        if let change { return change }
      }
    }
  }
}
