/// Reads an expression into a tree.
struct PatternParser {
  /// Most groups inside of groups, and most repetitions of one thing that are counted.
  private static let deepest = 50
  private static let mostCounted = 255

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var ignoresCase = false
  private var isMultiline = false
  private var dotTakesNewline = false

  init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  mutating func parse() throws(TextPattern.Failure) -> PatternNode {
    guard scalars.count <= TextPattern.longest else {
      throw failure("is longer than \(TextPattern.longest) characters")
    }
    try flags()
    let tree = try alternatives(depth: 0)
    guard position == scalars.count else { throw failure("has a `)` without a `(`") }
    return tree
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ text: String) -> Bool {
    let wanted = text.unicodeScalars
    guard scalars[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private func failure(_ reason: String) -> TextPattern.Failure {
    TextPattern.Failure(reason: reason, place: position)
  }

  private mutating func flags() throws(TextPattern.Failure) {
    guard scalars.starts(with: "(?".unicodeScalars), scalars.count > 2,
      "ims".unicodeScalars.contains(scalars[2])
    else { return }
    position = 2
    while let flag = next, flag != ")" {
      switch flag {
      case "i": ignoresCase = true
      case "m": isMultiline = true
      case "s": dotTakesNewline = true
      default: throw failure("has a flag that is neither i, m nor s")
      }
      position += 1
    }
    guard take(")") else { throw failure("has a `(` without a `)`") }
  }

  /// Sequences between `|`, up to the end or a `)` that is left in place.
  private mutating func alternatives(depth: Int) throws(TextPattern.Failure) -> PatternNode {
    guard depth <= Self.deepest else { throw failure("has groups more than \(Self.deepest) deep") }
    var paths: [[PatternNode]] = [[]]
    while let scalar = next, scalar != ")" {
      if take("|") {
        paths.append([])
      } else {
        let node = try atom(depth: depth)
        paths[paths.count - 1].append(try repeated(node))
      }
    }
    return paths.count == 1 ? .sequence(paths[0]) : .either(paths.map { .sequence($0) })
  }

  private mutating func repeated(_ node: PatternNode) throws(TextPattern.Failure) -> PatternNode {
    var (least, most): (Int, Int?) = (0, nil)
    if take("*") {
    } else if take("+") {
      least = 1
    } else if take("?") {
      most = 1
    } else if take("{") {
      guard let first = number() else {
        throw failure("has a `{` without a number; write `\\{` for the character")
      }
      (least, most) = (first, first)
      if take(",") { most = number() }
      guard take("}"), least <= most ?? least, max(least, most ?? 0) <= Self.mostCounted else {
        throw failure("has a repetition that is not {n}, {n,} or {n,m} of at most \(Self.mostCounted)")
      }
    } else {
      return node
    }
    let isGreedy = !take("?")
    if let scalar = next, "*+?{".unicodeScalars.contains(scalar) {
      throw failure("repeats a repetition; put it into a group")
    }
    return .repeated(node, least: least, most: most, isGreedy: isGreedy)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let scalar = next, "0"..."9" ~= scalar, digits.utf8.count < 5 {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    return Int(digits)
  }

  private mutating func atom(depth: Int) throws(TextPattern.Failure) -> PatternNode {
    if take("(") {
      if take("?"), !take(":") { throw failure("has a group that is neither `(…)` nor `(?:…)`") }
      let node = try alternatives(depth: depth + 1)
      guard take(")") else { throw failure("has a `(` without a `)`") }
      return node
    }
    if take("^") { return .assertion(isMultiline ? .lineStart : .textStart) }
    if take("$") { return .assertion(isMultiline ? .lineEnd : .textEnd) }
    if take("\\b") { return .assertion(.wordBoundary) }
    if take("\\B") { return .assertion(.noWordBoundary) }
    if take(".") {
      let newline: [ClosedRange<UInt32>] = dotTakesNewline ? [] : [0x0A...0x0A]
      return .character(ScalarSet(ScalarSet.Members(ranges: newline), isNegated: true))
    }
    if take("[") { return try bracketed() }
    var members = ScalarSet.Members()
    if take("\\") {
      try escape(into: &members)
    } else if let scalar = next {
      guard !"*+?{".unicodeScalars.contains(scalar) else { throw failure("repeats nothing") }
      position += 1
      members.ranges = [scalar.value...scalar.value]
    }
    return .character(ScalarSet(members, ignoresCase: ignoresCase))
  }

  private mutating func bracketed() throws(TextPattern.Failure) -> PatternNode {
    var members = ScalarSet.Members()
    let isNegated = take("^")
    var isFirst = true
    while isFirst || next != "]" {
      isFirst = false
      guard let first = try member(of: &members) else { continue }
      if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
        position += 1
        guard let last = try member(of: &members), first <= last else {
          throw failure("has a range in `[…]` that ends before it begins, or in a class")
        }
        members.ranges.append(first...last)
      } else {
        members.ranges.append(first...first)
      }
    }
    position += 1
    return .character(ScalarSet(members, isNegated: isNegated, ignoresCase: ignoresCase))
  }

  /// A character of a bracketed class; nil when it was a class of its own, which is added.
  private mutating func member(of members: inout ScalarSet.Members) throws(TextPattern.Failure) -> UInt32? {
    guard let scalar = next else { throw failure("has a `[` without a `]`") }
    position += 1
    if scalar == "[", next == ":" { throw failure("has a class of POSIX; use \\d, \\w or \\s") }
    guard scalar == "\\" else { return scalar.value }
    var escaped = ScalarSet.Members()
    try escape(into: &escaped)
    if let range = escaped.ranges.first { return range.lowerBound }
    members.classes.formUnion(escaped.classes)
    members.opposites.formUnion(escaped.opposites)
    return nil
  }

  /// What stands behind a backslash.
  private mutating func escape(into members: inout ScalarSet.Members) throws(TextPattern.Failure) {
    guard let scalar = next else { throw failure("ends in a `\\`") }
    position += 1
    switch scalar {
    case "d": members.classes = [.digit]
    case "w": members.classes = [.word]
    case "s": members.classes = [.space]
    case "D": members.opposites = [.digit]
    case "W": members.opposites = [.word]
    case "S": members.opposites = [.space]
    case "n": members.ranges = [0x0A...0x0A]
    case "r": members.ranges = [0x0D...0x0D]
    case "t": members.ranges = [0x09...0x09]
    case "x":
      guard let value = codePoint() else { throw failure("has a `\\x` that is no `\\x{…}` of a character") }
      members.ranges = [value...value]
    default:
      guard scalar.isASCII, !ASCIIRun.isMember(UInt8(truncatingIfNeeded: scalar.value)) else {
        throw failure("has `\\\(scalar)`, which is not known here")
      }
      members.ranges = [scalar.value...scalar.value]
    }
  }

  private mutating func codePoint() -> UInt32? {
    guard take("{") else { return nil }
    var digits = ""
    while let scalar = next, scalar != "}", digits.utf8.count < 8 {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    guard take("}"), digits.utf8.allSatisfy({ FieldText.isDigit($0) || 0x61...0x66 ~= $0 | 0x20 }) else {
      return nil
    }
    return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)?.value
  }
}
