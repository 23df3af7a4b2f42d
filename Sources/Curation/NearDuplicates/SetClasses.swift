internal import CKernels

/// Items with equal gram sets, collected: what is alike to one of them is alike to all.
struct SetClasses: Sendable {
  /// The first item of each class, ascending.
  let representatives: [UInt32]
  /// The class of each item; `none` of an item without grams.
  let classes: [UInt32]
  private let starts: [UInt32]
  private let members: [UInt32]

  static let none = UInt32.max

  init(_ corpus: GramCorpus) {
    let comparer = GramComparer(corpus)
    var representatives: [UInt32] = []
    var classes = [UInt32](repeating: Self.none, count: corpus.count)
    let bits = GramOrder.bits(for: 2 * corpus.count, atMost: 33)
    let mask = 1 << bits - 1
    let table = Pages<UInt32>(1 << bits)  // class + 1
    for item in 0..<corpus.count where corpus.size(of: item) > 0 {
      var slot = Int(truncatingIfNeeded: corpus.heads[item].digest) & mask
      while classes[item] == Self.none {
        let entry = table[slot]
        if entry == 0 {
          classes[item] = UInt32(representatives.count)
          representatives.append(UInt32(item))
          table[slot] = UInt32(representatives.count)
        } else if comparer.areEqual(Int(representatives[Int(entry) - 1]), item) {
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
}
