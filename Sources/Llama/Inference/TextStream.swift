/// The answer of one stream as it grows: whole characters, held back where a stop text may begin.
struct TextStream {
  private var decoder: TokenStream
  private let stops: [[UInt8]]
  private var pending: [UInt8] = []
  /// Whether a stop text came; what follows it is not part of the answer, nor is the stop text.
  private(set) var isStopped = false

  init(_ tokenizer: Tokenizer, stops: [String]) {
    decoder = tokenizer.stream(skippingSpecialTokens: true)
    self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
  }

  /// The text that this token makes certain.
  mutating func append(_ token: Int32) -> String {
    isStopped ? "" : take(decoder.append(token), isLast: false)
  }

  /// What is left at the end.
  mutating func finish() -> String { isStopped ? "" : take(decoder.finish(), isLast: true) }

  private mutating func take(_ text: String, isLast: Bool) -> String {
    pending += Array(text.utf8)
    var end = pending.count
    if let place = firstStop() {
      isStopped = true
      end = place
    } else if !isLast {
      end -= heldBack()
    }
    defer { pending.removeFirst(isStopped ? pending.count : end) }
    return String(decoding: pending[..<end], as: UTF8.self)
  }

  private func firstStop() -> Int? {
    pending.indices.first { place in
      stops.contains { pending[place...].starts(with: $0) }
    }
  }

  /// Bytes at the end with which a stop text begins; never within a character, because stop texts are whole ones.
  private func heldBack() -> Int {
    let longest = stops.map(\.count).max() ?? 0
    for count in stride(from: min(longest - 1, pending.count), to: 0, by: -1)
    where stops.contains(where: { $0.count > count && $0.starts(with: pending.suffix(count)) }) {
      return count
    }
    return 0
  }
}
