import Curation
import Glibc

/// The words of each line: runs of ASCII letters, digits and any other bytes above 127, lower case. Stands in for the
/// project's tokenizers so that what is measured is the search for contamination.
func tokens(of text: UnsafeRawBufferPointer) -> TokenLists {
  var lists = TokenLists()
  var ids = Vocabulary()
  var list: [UInt32] = []
  var hash: UInt64 = 0
  var start = -1
  for place in 0...text.count {
    let byte = place < text.count ? text[place] : 0x0A
    let isUpper = byte &- 0x41 < 26
    if isUpper || byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte >= 0x80 {
      if start < 0 { start = place }
      hash = (hash ^ UInt64(isUpper ? byte | 0x20 : byte)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      continue
    }
    if start >= 0 {
      list.append(ids.id(of: hash))
      start = -1
      hash = 0
    }
    if byte == 0x0A, place < text.count || !list.isEmpty {
      lists.append(list)
      list.removeAll(keepingCapacity: true)
    }
  }
  return lists
}

/// Words by their 64-bit hashes.
private struct Vocabulary {
  private var keys = [UInt64](repeating: 0, count: 1 << 20)
  private var values = [UInt32](repeating: 0, count: 1 << 20)
  private var next: UInt32 = 0

  mutating func id(of hash: UInt64) -> UInt32 {
    let key = hash == 0 ? 1 : hash
    var slot = Int(truncatingIfNeeded: key >> 40) & (keys.count - 1)
    while keys[slot] != 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & (keys.count - 1)
    }
    precondition(next < 800_000, "more words than this benchmark's texts have")
    keys[slot] = key
    values[slot] = next
    next += 1
    return values[slot]
  }
}
