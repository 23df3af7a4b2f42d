/// Items with equal gram sets, collected: what is alike to one of them is alike to all.
struct SetClasses: Sendable {
  /// The first item of each class, ascending.
  let representatives: [UInt32]
  /// The class of each item; `none` of an item without grams.
  let classes: [UInt32]
  private let starts: [UInt32]
  private let members: [UInt32]

  static let none = UInt32.max

  init(_ sets: GramSets, comparer: GramComparer) {
    var representatives: [UInt32] = []
    var classes = [UInt32](repeating: Self.none, count: sets.count)
    let bits = GramOrder.bits(for: 2 * sets.count, atMost: 33)
    let mask = 1 << bits - 1
    let table = Pages<UInt32>(1 << bits)  // class + 1
    for item in 0..<sets.count where sets.sizes[item] > 0 {
      var slot = Int(truncatingIfNeeded: sets.digests[item]) & mask
      while classes[item] == Self.none {
        let entry = table[slot]
        if entry == 0 {
          classes[item] = UInt32(representatives.count)
          representatives.append(UInt32(item))
          table[slot] = UInt32(representatives.count)
        } else if Self.areEqual(sets, Int(representatives[Int(entry) - 1]), item, comparer) {
          classes[item] = entry - 1
        } else {
          slot = (slot + 1) & mask
        }
      }
    }
    var starts = [UInt32](repeating: 0, count: representatives.count + 1)
    for number in classes where number != Self.none { starts[Int(number) + 1] += 1 }
    for number in 0..<representatives.count { starts[number + 1] += starts[number] }
    var places = starts
    var members = [UInt32](repeating: 0, count: Int(starts.last ?? 0))
    for (item, number) in classes.enumerated() where number != Self.none {
      members[Int(places[Int(number)])] = UInt32(item)
      places[Int(number)] += 1
    }
    self.representatives = representatives
    self.classes = classes
    self.starts = starts
    self.members = members
  }

  var count: Int { representatives.count }

  /// The items of a class, ascending.
  func members(of number: Int) -> ArraySlice<UInt32> {
    members[Int(starts[number])..<Int(starts[number + 1])]
  }

  private static func areEqual(
    _ sets: GramSets, _ one: Int, _ other: Int, _ comparer: GramComparer
  ) -> Bool {
    guard sets.digests[one] == sets.digests[other], sets.sizes[one] == sets.sizes[other] else { return false }
    return comparer.areEqual(one, other) || comparer.common(one, other) == Int(sets.sizes[one])
  }
}
