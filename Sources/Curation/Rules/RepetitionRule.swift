public import Records

/// `repetition-v1`: an answer that says the same again and again. The value is the share, 0 to 1, of its words that are in
/// an 8-gram that came before, none counted twice.
///
/// After the repetition filter of Gopher (Rae et al. 2021, "Scaling Language Models", table A1: at most 0.12 of a
/// document's characters in repeated 8-grams). Words instead of characters, so that languages are treated alike.
public struct RepetitionRule: Rule {
  public static let name = "repetition-v1"
  public static let severity = RuleFinding.Severity.drop

  private let most: Double

  /// - Parameter most: the largest share that is allowed. Larger than Gopher's: experts' answers that go through stages
  ///   or treatments one by one have up to 0.4, a model that is caught in a loop comes close to 1.
  public init(most: Double) { self.most = most }

  /// The rule with its default, 0.4.
  public init() { self.init(most: 0.4) }

  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) {
    self.init(most: try settings.share("most") ?? 0.4)
  }

  public var settings: [JSONMember] { [JSONMember("most", .number(most))] }

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    let words = subject.output.words
    guard words.count >= 16 else { return [] }
    var seen = OctogramTable(words)
    var repeated = 0
    var counted = 0
    for start in 0...(words.count - 8) where !seen.insert(at: start) {
      // What overlaps the repeated one before is in it already.
      repeated += start + 8 - max(start, counted)
      counted = start + 8
    }
    let share = Double(repeated) / Double(words.count)
    return share > most ? [RuleMark(subject.output, value: share)] : []
  }
}

/// The distinct runs of eight words of a text: an open-addressing table of where each stands first.
private struct OctogramTable {
  private let words: [UInt32]
  /// Where a run begins, and one; 0 in free places.
  private var places: [UInt32]
  /// Keys the hash, so that nobody can write a text whose runs collide; finds the same with any.
  private let key = UInt64.random(in: .min ... .max)

  init(_ words: [UInt32]) {
    self.words = words
    var capacity = 32
    while capacity < words.count * 2 { capacity *= 2 }
    places = [UInt32](repeating: 0, count: capacity)
  }

  /// Adds the run that begins at a place; returns false when the same run is there already.
  mutating func insert(at start: Int) -> Bool {
    var place = Int(truncatingIfNeeded: hash(start)) & (places.count - 1)
    while places[place] != 0 {
      let other = Int(places[place]) - 1
      if words[other..<(other + 8)] == words[start..<(start + 8)] { return false }
      place = (place + 1) & (places.count - 1)
    }
    places[place] = UInt32(truncatingIfNeeded: start + 1)
    return true
  }

  private func hash(_ start: Int) -> UInt64 {
    var hash = key
    for offset in stride(from: start, to: start + 8, by: 2) {
      let pair = UInt64(words[offset]) << 32 | UInt64(words[offset + 1])
      let product = (hash ^ pair).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low ^ key
    }
    return hash
  }
}

/// `repeated-lines-v1`: an answer of the same lines. The value is the share, 0 to 1, of its lines that stood before.
///
/// Gopher's limit on duplicate lines (Rae et al. 2021, table A1: 0.30). Blank lines, lines without a letter or digit and
/// answers of fewer than four lines do not count.
public struct RepeatedLinesRule: Rule {
  public static let name = "repeated-lines-v1"
  public static let severity = RuleFinding.Severity.drop

  private let most: Double

  /// - Parameter most: the largest share that is allowed.
  public init(most: Double) { self.most = most }

  /// The rule with its default, 0.3.
  public init() { self.init(most: 0.3) }

  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) {
    self.init(most: try settings.share("most") ?? 0.3)
  }

  public var settings: [JSONMember] { [JSONMember("most", .number(most))] }

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    let text = subject.output
    let lines = text.lines.map { text.bytes[$0] }
      .filter { $0.contains { $0 >= 0x80 || ASCIIRun.isMember($0) } }
    guard lines.count >= 4 else { return [] }
    let share = 1 - Double(Set(lines).count) / Double(lines.count)
    return share > most ? [RuleMark(text, value: share)] : []
  }
}
