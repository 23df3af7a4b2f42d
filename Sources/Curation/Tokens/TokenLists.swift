/// The tokens of many texts as numbers, one list after another.
public struct TokenLists: Sendable {
  /// The tokens of all lists.
  public private(set) var ids: [UInt32]
  /// Where in `ids` each list begins, and after them where the last one ends: `count` + 1 places.
  public private(set) var offsets: [Int]

  /// No lists.
  public init() {
    ids = []
    offsets = [0]
  }

  /// How many lists there are.
  public var count: Int { offsets.count - 1 }

  /// Adds a list, which may be empty.
  public mutating func append(_ ids: some Sequence<UInt32>) {
    self.ids.append(contentsOf: ids)
    offsets.append(self.ids.count)
  }

  /// The tokens of one list.
  public subscript(_ item: Int) -> ArraySlice<UInt32> { ids[offsets[item]..<offsets[item + 1]] }
}
