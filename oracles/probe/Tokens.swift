import Llama
import Records

extension Probe {
  /// The tokenizer of a file: a SentencePiece `.model`, the values of a GGUF file as `.gguf.json`, or a tokenizer.json.
  private static func tokenizer(_ path: String) throws -> Tokenizer {
    if path.hasSuffix(".model") { return try Tokenizer(sentencePiecePath: path) }
    guard path.hasSuffix(".gguf.json") else { return try Tokenizer(jsonPath: path) }
    let values = try JSON.parse(contents(of: path))
    func strings(_ key: String) -> [[UInt8]] {
      values[key]?.array?.map { Array(($0.string ?? "").utf8) } ?? []
    }
    return try Tokenizer(
      gguf: GGUFVocabulary(
        model: values["model"]?.string ?? "", preTokenizer: values["pre"]?.string, tokens: strings("tokens"),
        scores: values["scores"]?.array?.map { Float($0.double ?? .nan) },
        types: values["types"]?.array?.map { Int32($0.int ?? 0) }, merges: strings("merges"),
        beginningOfSequence: values["bos"]?.int, endOfSequence: values["eos"]?.int,
        unknown: values["unknown"]?.int, addsBOS: values["add_bos"]?.bool, addsEOS: values["add_eos"]?.bool,
        addsSpacePrefix: values["add_space_prefix"]?.bool), path: path)
  }

  /// Each line of stdin is a JSON string; each line of stdout the list of its tokens: framed and with special tokens, or
  /// those of the plain text.
  static func tokenize(_ path: String, isPlain: Bool) throws {
    let tokenizer = try tokenizer(path)
    while let line = readLine() {
      guard case .string(let text) = try JSON.parse(Array(line.utf8)) else {
        throw ProbeFailure("not a JSON string: \(line)")
      }
      print(tokenizer.encode(text, frames: !isPlain, findsSpecial: !isPlain))
    }
  }

  /// Each line of stdin is a JSON string; each line of stdout the list of its pieces before merging.
  static func pieces(_ path: String) throws {
    let tokenizer = try tokenizer(path)
    while let line = readLine() {
      let text = try JSON.parse(Array(line.utf8)).string ?? ""
      let pieces = JSONValue.array(tokenizer.pieces(of: text).map { .string($0) })
      print(String(decoding: CanonicalJSON.encode(pieces), as: UTF8.self))
    }
  }

  /// Each line of stdin is a JSON list of tokens; each line of stdout their text as a JSON string, of all at once or of
  /// one after another.
  static func detokenize(_ path: String, isStreamed: Bool) throws {
    let tokenizer = try tokenizer(path)
    while let line = readLine() {
      guard case .array(let items) = try JSON.parse(Array(line.utf8)) else {
        throw ProbeFailure("not a JSON list: \(line)")
      }
      let ids = items.compactMap(\.int).map(Int32.init)
      var text = ""
      if isStreamed {
        var stream = tokenizer.stream()
        for id in ids { text += stream.append(id) }
        text += stream.finish()
      } else {
        text = tokenizer.decode(ids)
      }
      print(String(decoding: CanonicalJSON.encode(.string(text)), as: UTF8.self))
    }
  }

  /// Tokenizes the lines of stdin, JSON strings, and prints how long that took and how many tokens they have.
  static func throughput(_ path: String) throws {
    let tokenizer = try tokenizer(path)
    var texts: [String] = []
    while let line = readLine() { texts.append(try JSON.parse(Array(line.utf8)).string ?? "") }
    var tokens = 0
    let clock = ContinuousClock()
    let time = clock.measure { for text in texts { tokens += tokenizer.encode(text).count } }
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    let bytes = texts.reduce(0) { $0 + $1.utf8.count }
    print("{\"bytes\":\(bytes),\"seconds\":\(seconds),\"tokens\":\(tokens)}")
  }
}

/// A check that cannot be run as asked.
struct ProbeFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
