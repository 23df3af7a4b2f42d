internal import CKernels

/// All runs of one number of words in evaluation items, found by their hashes.
struct RunIndex: Sendable {
  /// Where a run is.
  struct Occurrence: Sendable {
    let hash: UInt64
    let item: UInt32
    let start: UInt32
  }

  /// Words of a run.
  let length: Int
  /// By run, and for each by item and place.
  private let occurrences: [Occurrence]
  private let starts: [Int]
  /// How many items have each run.
  private let items: [Int]
  private let slots: [UInt64]
  private let numbers: [UInt32]

  /// The runs of `length` words of the given items, all of which have as many.
  init(_ lists: TokenLists, items: [Int], length: Int) {
    self.length = length
    var occurrences: [Occurrence] = []
    for item in items {
      for (start, hash) in lists.hashes(of: item, length: length).enumerated() {
        occurrences.append(Occurrence(hash: hash, item: UInt32(item), start: UInt32(start)))
      }
    }
    occurrences.sort { ($0.hash, $0.item, $0.start) < ($1.hash, $1.item, $1.start) }
    var starts: [Int] = []
    var counts: [Int] = []
    for (place, next) in occurrences.enumerated() {
      if place == 0 || occurrences[place - 1].hash != next.hash {
        starts.append(place)
        counts.append(1)
      } else if occurrences[place - 1].item != next.item {
        counts[counts.count - 1] += 1
      }
    }
    let size = ck_gram_table_size(starts.count)
    var slots = [UInt64](repeating: 0, count: size)
    var numbers = [UInt32](repeating: 0, count: size)
    for (number, start) in starts.enumerated() {
      var slot = Int(truncatingIfNeeded: occurrences[start].hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = occurrences[start].hash
      numbers[slot] = UInt32(number)
    }
    self.occurrences = occurrences
    self.starts = starts + [occurrences.count]
    self.items = counts
    self.slots = slots
    self.numbers = numbers
  }

  /// Where the run with a number is.
  func occurrences(of number: UInt32) -> ArraySlice<Occurrence> {
    occurrences[starts[Int(number)]..<starts[Int(number) + 1]]
  }

  /// How many items have the run with a number.
  func itemCount(of number: UInt32) -> Int { items[Int(number)] }

  /// The places at which hashes of runs of this length are among the indexed, with the runs' numbers.
  func find(_ hashes: [UInt64]) -> [(place: Int, number: UInt32)] {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * hashes.count + 1) { found in
      guard let base = found.baseAddress else { return [] }
      let count = slots.withUnsafeBufferPointer { slots in
        numbers.withUnsafeBufferPointer { numbers in
          ck_gram_find(
            ck_gram_index(slots: slots.baseAddress, numbers: numbers.baseAddress, mask: slots.count - 1),
            hashes,
            hashes.count, base, base + hashes.count)
        }
      }
      return (0..<count).map { (Int(base[$0]), base[hashes.count + $0]) }
    }
  }
}

extension TokenLists {
  /// Hashes of all runs of `length` words of a list, which has at least as many.
  func hashes(of item: Int, length: Int) -> [UInt64] {
    let tokens = self[item]
    let runs = ck_gram_count(tokens.count, length)
    return [UInt64](unsafeUninitializedCapacity: runs) { buffer, count in
      count = tokens.withUnsafeBufferPointer {
        ck_gram_hashes($0.baseAddress, $0.count, length, buffer.baseAddress)
      }
    }
  }
}
