import Records

/// The merges of a tokenizer.json, in the order of their ranks.
enum MergeList {
  /// Reads `merges`: lines of two tokens and a space, or pairs of tokens.
  static func read(
    _ model: TokenizerMembers, ids: [TokenText: Int32]
  ) throws -> [(left: Int32, right: Int32, merged: Int32)] {
    guard case .array(let items) = model["merges"] else { throw model.malformed("merges", "is not a list") }
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    merges.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      let left: Substring
      let right: Substring
      switch item {
      case .string(let line):
        if line.hasPrefix("#version") { continue }
        let parts = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
          throw model.malformed("merges[\(index)]", "is not two tokens and a space")
        }
        (left, right) = (Substring(parts[0]), Substring(parts[1]))
      case .array(let pair):
        guard pair.count == 2, case .string(let first) = pair[0], case .string(let second) = pair[1] else {
          throw model.malformed("merges[\(index)]", "is not a pair of tokens")
        }
        (left, right) = (first[...], second[...])
      default: throw model.malformed("merges[\(index)]", "is neither a string nor a pair of tokens")
      }
      func id(_ token: String) throws -> Int32 {
        guard let id = ids[TokenText(token)] else {
          throw model.malformed("merges[\(index)]", "needs \"\(token)\", which is no token")
        }
        return id
      }
      merges.append((try id(String(left)), try id(String(right)), try id(String(left + right))))
    }
    return merges
  }
}
