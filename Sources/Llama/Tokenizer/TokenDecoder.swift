/// How tokens become text again.
struct TokenDecoder: Sendable {
  /// What is written between tokens and before them.
  enum Form: Sendable, Equatable {
    /// Tokens follow each other.
    case plain
    /// A space between tokens: a tokenizer.json without a decoder.
    case spaced
    /// This many spaces at the beginning of the text are dropped.
    case stripped(Int)
    /// Spaces of the first token are dropped.
    case firstTokenStripped
  }

  /// Where a text that is being decoded stands.
  struct Start {
    fileprivate var tokens = 0
    fileprivate var stripped = 0
  }

  let form: Form
  private let texts: ByteStrings
  /// Tokens that stand for one byte each, as `<0x0A>` does.
  private let isByte: [Bool]

  /// - Parameter texts: what each token stands for. A token of `byteTokens` stands for that byte.
  init(form: Form, texts: ByteStrings, byteTokens: [Int32]? = nil) {
    self.form = form
    self.texts = texts
    var isByte: [Bool] = []
    if let byteTokens {
      isByte = [Bool](repeating: false, count: texts.count)
      for id in byteTokens where id >= 0 { isByte[Int(id)] = true }
    }
    self.isByte = isByte
  }

  /// What the token stands for in the middle of a text.
  func bytes(of id: Int) -> [UInt8] { Array(texts[id]) }

  /// Appends what a token stands for in its place, as far as spaces between tokens and inside of the first go.
  private func place(_ id: Int, _ start: inout Start, in bytes: inout [UInt8]) {
    let space = UInt8(ascii: " ")
    if form == .spaced, start.tokens > 0 { bytes.append(space) }
    if form == .firstTokenStripped, start.tokens == 0 {
      bytes += texts[id].filter { $0 != space }
    } else {
      bytes += texts[id]
    }
    start.tokens += 1
  }

  /// Appends what a token stands for in its place.
  func append(_ id: Int, to bytes: inout [UInt8], _ start: inout Start) {
    let end = bytes.count
    place(id, &start, in: &bytes)
    guard case .stripped(let count) = form else { return }
    while start.stripped < count, end < bytes.count {
      guard bytes[end] == UInt8(ascii: " ") else {
        start.stripped = count
        break
      }
      bytes.remove(at: end)
      start.stripped += 1
    }
  }

  /// The text of tokens of the vocabulary.
  ///
  /// Source: the ByteFallback decoder of Hugging Face tokenizers: bytes of a run of byte tokens that is no valid UTF-8 as
  /// a whole become one U+FFFD each.
  func decode(_ ids: some Sequence<Int>) -> String {
    var bytes: [UInt8] = []
    var start = Start()
    var runStart: Int?
    func endRun() {
      guard let begin = runStart else { return }
      runStart = nil
      guard String(validating: bytes[begin...], as: UTF8.self) == nil else { return }
      let count = bytes.count - begin
      bytes.removeSubrange(begin...)
      for _ in 0..<count { bytes += [0xEF, 0xBF, 0xBD] }
    }
    for id in ids {
      if !isByte.isEmpty {
        if !isByte[id] { endRun() } else if runStart == nil { runStart = bytes.count }
      }
      place(id, &start, in: &bytes)
    }
    endRun()
    var first = 0
    if case .stripped(let count) = form {
      while first < count, first < bytes.count, bytes[first] == UInt8(ascii: " ") { first += 1 }
    }
    return String(decoding: bytes[first...], as: UTF8.self)
  }
}
