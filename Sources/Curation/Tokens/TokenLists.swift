/// Lists of token ids, one an item, stored one after the other.
public struct TokenLists: Sendable {
  /// The ids of all items.
  public private(set) var ids: [UInt32]
  /// Where the ids of each item begin, and at last the number of ids: count + 1 places, ascending.
  public private(set) var offsets: [Int]

  /// No items.
  public init() {
    ids = []
    offsets = [0]
  }

  /// The number of items.
  public var count: Int { offsets.count - 1 }

  /// Adds an item.
  public mutating func append(_ ids: some Sequence<UInt32>) {
    self.ids.append(contentsOf: ids)
    offsets.append(self.ids.count)
  }

  /// The ids of an item.
  public subscript(_ item: Int) -> ArraySlice<UInt32> { ids[offsets[item]..<offsets[item + 1]] }
}
