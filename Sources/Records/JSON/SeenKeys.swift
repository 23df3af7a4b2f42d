/// The keys of one object, read one by one; notices the second of two equal ones without making strings.
struct SeenKeys {
  private var keys: [StringSpan] = []
  private var set: Set<NameBytes> = []

  /// Reads the key under the cursor. Refuses one that was there before, and one too many.
  mutating func next(_ scanner: inout ByteScanner) throws(ScanFailure) -> StringSpan {
    let place = scanner.at
    let key = try scanner.key()
    guard keys.count < scanner.limits.keys else {
      throw ScanFailure(.tooManyKeys(limit: scanner.limits.keys), at: place)
    }
    guard isNew(key, scanner) else { throw ScanFailure(.duplicateKey(scanner.text(of: key)), at: place) }
    keys.append(key)
    return key
  }

  /// Begins another object.
  mutating func removeAll() {
    keys.removeAll(keepingCapacity: true)
    if !set.isEmpty { set.removeAll(keepingCapacity: true) }
  }

  /// A few keys are compared one by one; from the seventeenth on a set keeps the cost linear.
  private mutating func isNew(_ key: StringSpan, _ scanner: ByteScanner) -> Bool {
    if keys.count < 16 { return !keys.contains { scanner.areEqual($0, key) } }
    if set.isEmpty { for key in keys { set.insert(NameBytes(text: scanner.text(of: key))) } }
    return set.insert(NameBytes(text: scanner.text(of: key))).inserted
  }
}
