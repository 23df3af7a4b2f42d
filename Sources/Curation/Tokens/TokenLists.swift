/// Lists of token ids, one after the other in one array.
public struct TokenLists: Sendable {
  /// The ids of all lists.
  public private(set) var ids: [UInt32] = []
  /// Where each list begins in ``ids``, and where the last one ends: one more than there are lists.
  public private(set) var offsets: [Int] = [0]

  /// No lists.
  public init() {}

  /// How many lists there are.
  public var count: Int { offsets.count - 1 }

  /// Adds a list after the others.
  public mutating func append(_ ids: some Sequence<UInt32>) {
    self.ids.append(contentsOf: ids)
    offsets.append(self.ids.count)
  }

  /// The list at a place.
  public subscript(_ item: Int) -> ArraySlice<UInt32> { ids[offsets[item]..<offsets[item + 1]] }
}
