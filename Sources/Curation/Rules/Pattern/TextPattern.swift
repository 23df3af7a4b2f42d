/// A regular expression of a user's, which no text can make slow: matching takes time in proportion to the length of the
/// text times that of the program, which is bounded.
///
/// Thompson's construction, run as Pike's virtual machine (Cox, "Regular Expression Matching: the Virtual Machine
/// Approach", 2009): all ways through the program advance together, and none is ever tried again. The syntax is that
/// part of RE2's that such machines can run: characters, `.`, classes, `\d \w \s \b` and their opposites, `\t \n \r`,
/// `\x{…}`, groups, `|`, greedy and lazy `* + ? {n} {n,} {n,m}`, `^ $`, and the flags `(?ims)` at the very beginning.
/// References to groups and looking around are refused. Of the matches that begin leftmost it finds the one that Perl and
/// Python prefer, but that what can be empty is repeated for as long as it takes characters. Classes are Unicode's: `\d` is Nd, `\w` letters, marks, numbers
/// and connectors, `\s` White_Space.
public struct TextPattern: Sendable {
  /// Why an expression is refused.
  public struct Failure: Error, Equatable {
    /// What is wrong, as the end of a sentence that begins with "the expression".
    public let reason: String
    /// Where, in characters from 0.
    public let place: Int
  }

  /// A place that is asked for, not a character.
  enum Assertion: Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
  }

  enum Instruction: Sendable {
    case character(ScalarSet)
    /// Two ways, the preferred one first.
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case accept
  }

  /// Longest expression, in characters, and longest program, in instructions.
  static let longest = 4096
  static let largest = 1000

  /// The expression as it was written.
  public let pattern: String
  let program: [Instruction]
  /// ASCII characters that a match can begin with; nil when it can be empty.
  private let beginnings: [Bool]?

  /// Reads an expression.
  public init(_ pattern: String) throws(Failure) {
    var parser = PatternParser(pattern)
    let tree = try parser.parse()
    var compiler = PatternCompiler()
    try compiler.compile(tree)
    self.pattern = pattern
    program = compiler.program + [.accept]
    beginnings = Self.beginnings(of: program)
  }

  /// The bytes of the leftmost match, of those that begin there the preferred one; nil without a match.
  /// - Parameter text: UTF-8. A byte that is none counts as U+FFFD.
  public func firstMatch(in text: [UInt8]) -> Range<Int>? {
    var machine = PatternMachine(program)
    return text.withUnsafeBufferPointer { machine.firstMatch($0, beginnings: beginnings) }
  }

  private static func beginnings(of program: [Instruction]) -> [Bool]? {
    var beginnings = [Bool](repeating: false, count: 128)
    var seen = Set<Int>()
    var waiting = [0]
    while let place = waiting.popLast() {
      guard seen.insert(place).inserted else { continue }
      switch program[place] {
      case .accept: return nil
      case .jump(let target): waiting.append(target)
      case .split(let first, let second): waiting += [first, second]
      case .assert: waiting.append(place + 1)
      case .character(let set):
        for value in UInt32(0)..<128 where set.contains(value) { beginnings[Int(value)] = true }
      }
    }
    return beginnings
  }
}
