import Records

/// The objects of a pack being written by id: a table of about 60 bytes an object, where a dictionary takes twice that
/// and copies itself at every growth.
struct EntryTable {
  /// Where an object's entry is in the pack. Its kind and length are in the entry.
  private(set) var offsets: [Int] = []
  private var ids: [ObjectID] = []
  /// Positions in `ids`, by the low bits of an id's first word; each is at or after the slot its id would have. -1 is free.
  private var slots = [Int32](repeating: -1, count: 1 << 12)

  var count: Int { ids.count }

  /// The entry's offset, or nil.
  func offset(of id: ObjectID) -> Int? {
    let position = slots[slot(of: id)]
    return position < 0 ? nil : offsets[Int(position)]
  }

  /// Adds an object that is not there yet.
  mutating func add(_ id: ObjectID, at offset: Int) {
    if ids.count * 2 >= slots.count { grow() }
    slots[slot(of: id)] = Int32(ids.count)
    ids.append(id)
    offsets.append(offset)
  }

  /// Id prefixes and offsets in the order of a pack's index.
  func sorted() -> [(prefix: UInt64, offset: Int)] {
    var order = zip(ids, offsets).map { (prefix: $0.word0, offset: $1) }
    order.sort { $0.prefix != $1.prefix ? $0.prefix < $1.prefix : $0.offset < $1.offset }
    return order
  }

  /// The slot that holds the id, or the free one where it belongs.
  private func slot(of id: ObjectID) -> Int {
    let mask = slots.count - 1
    // Ids are uniform: the low bits of one are its hash.
    var slot = Int(truncatingIfNeeded: id.word0) & mask
    while slots[slot] >= 0, ids[Int(slots[slot])] != id { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (position, id) in ids.enumerated() { slots[slot(of: id)] = Int32(position) }
  }
}
