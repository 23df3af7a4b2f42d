import Llama
import Records

extension Probe {
  /// Each line of stdin is a JSON string; each line of stdout the list of its tokens.
  static func tokenize(_ path: String) throws {
    let tokenizer = try BytePairTokenizer(path: path)
    while let line = readLine() {
      guard case .string(let text) = try JSON.parse(Array(line.utf8)) else {
        throw ProbeFailure("not a JSON string: \(line)")
      }
      print(tokenizer.encode(text))
    }
  }

  /// Each line of stdin is a JSON string; each line of stdout the list of its pieces before merging.
  static func pieces(_ path: String) throws {
    let tokenizer = try BytePairTokenizer(path: path)
    while let line = readLine() {
      let text = try JSON.parse(Array(line.utf8)).string ?? ""
      let pieces = JSONValue.array(tokenizer.pieces(of: text).map { .string($0) })
      print(String(decoding: CanonicalJSON.encode(pieces), as: UTF8.self))
    }
  }

  /// Each line of stdin is a JSON list of tokens; each line of stdout their text as a JSON string.
  static func detokenize(_ path: String) throws {
    let tokenizer = try BytePairTokenizer(path: path)
    while let line = readLine() {
      guard case .array(let items) = try JSON.parse(Array(line.utf8)) else {
        throw ProbeFailure("not a JSON list: \(line)")
      }
      let ids = items.compactMap(\.int).map(Int32.init)
      print(String(decoding: CanonicalJSON.encode(.string(tokenizer.decode(ids))), as: UTF8.self))
    }
  }
}

/// A check that cannot be run as asked.
struct ProbeFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
