extension SplitExpression {
  /// Why an expression was refused.
  struct Refusal: Error, Equatable {
    /// What it asks for.
    var what: String
  }

  /// Longest expression that is read, in characters; published ones have up to 700.
  static let longest = 4096

  /// Reads an expression in the syntax of Oniguruma, which Hugging Face tokenizers use. Throws ``Refusal``.
  init(_ text: String) throws(Refusal) {
    guard text.unicodeScalars.count <= Self.longest else {
      throw Refusal(what: "a regular expression of more than \(Self.longest) characters")
    }
    var parser = Parser(text)
    let tree = try parser.alternatives(depth: 0)
    guard parser.isAtEnd else { throw Refusal(what: "an unbalanced `)`") }
    for path in tree {
      guard Self.leastLength(path) > 0 else {
        throw Refusal(what: "a regular expression that matches nothing")
      }
      // Backtracking costs a power of the text's length for each repetition without end.
      guard Self.endlessRuns(path) <= 2 else {
        throw Refusal(what: "more than two endless repetitions in a row")
      }
    }
    var program: [Instruction] = []
    Self.compile(tree, into: &program)
    program.append(.accept)
    self.text = text
    self.program = program
  }

  /// A part of a sequence.
  fileprivate indirect enum Part {
    case run(CharacterClass, least: Int, most: Int, isPossessive: Bool)
    case group([[Part]], isOptional: Bool)
    case notFollowedBy(CharacterClass)
    case endOfLine
  }

  private static func leastLength(_ path: [Part]) -> Int {
    path.reduce(0) { length, part in
      switch part {
      case .run(_, let least, _, _): length + least
      case .group(let paths, let isOptional): length + (isOptional ? 0 : paths.map(leastLength).min() ?? 0)
      case .notFollowedBy, .endOfLine: length
      }
    }
  }

  private static func endlessRuns(_ path: [Part]) -> Int {
    path.reduce(0) { runs, part in
      switch part {
      case .run(_, _, .max, false): runs + 1
      case .group(let paths, _): runs + (paths.map(endlessRuns).max() ?? 0)
      default: runs
      }
    }
  }

  private static func compile(_ paths: [[Part]], into program: inout [Instruction]) {
    var ends: [Int] = []
    for (index, path) in paths.enumerated() {
      let split = program.count
      if index < paths.count - 1 { program.append(.split(first: split + 1, second: 0)) }
      for part in path { compile(part, into: &program) }
      if index < paths.count - 1 {
        ends.append(program.count)
        program.append(.jump(0))
        program[split] = .split(first: split + 1, second: program.count)
      }
    }
    for end in ends { program[end] = .jump(program.count) }
  }

  private static func compile(_ part: Part, into program: inout [Instruction]) {
    switch part {
    case .run(let members, let least, let most, let isPossessive):
      program.append(.run(members, least: least, most: most, isPossessive: isPossessive))
    case .group(let paths, let isOptional): compile(isOptional ? paths + [[]] : paths, into: &program)
    case .notFollowedBy(let members): program.append(.notFollowedBy(members))
    case .endOfLine: program.append(.endOfLine)
    }
  }
}

/// Reads an expression into a tree.
private struct Parser {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var ignoresCase = false

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  var isAtEnd: Bool { position == scalars.count }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  /// Sequences between `|`, up to the end or a `)` that is left in place.
  mutating func alternatives(depth: Int) throws(SplitExpression.Refusal) -> [[SplitExpression.Part]] {
    guard depth < 8 else { throw .init(what: "groups inside of groups, more than eight deep") }
    var paths: [[SplitExpression.Part]] = [[]]
    while let scalar = next, scalar != ")" {
      if take("|") {
        paths.append([])
      } else {
        paths[paths.count - 1].append(try part(depth: depth))
      }
    }
    return paths
  }

  private mutating func part(depth: Int) throws(SplitExpression.Refusal) -> SplitExpression.Part {
    if take("$") { return .endOfLine }
    if take("(?!") {
      let members = try character()
      guard take(")") else { throw .init(what: "a look-ahead at more than one character") }
      return .notFollowedBy(members)
    }
    guard next == "(" else {
      let members = try character()
      return try repeated(members)
    }
    let outer = ignoresCase
    if take("(?i:") {
      ignoresCase = true
    } else if !take("(?:") {
      throw .init(what: "a group that is neither `(?:…)`, `(?i:…)` nor `(?!…)`")
    }
    let paths = try alternatives(depth: depth + 1)
    guard take(")") else { throw .init(what: "an unbalanced `(`") }
    ignoresCase = outer
    let isOptional = take("?")
    if let scalar = next, "*+?{".unicodeScalars.contains(scalar) { throw .init(what: "a repeated group") }
    return .group(paths, isOptional: isOptional)
  }

  private mutating func repeated(_ members: CharacterClass) throws(SplitExpression.Refusal)
    -> SplitExpression.Part
  {
    var (least, most) = (1, 1)
    var takesPossessive = true
    if take("?") {
      (least, most) = (0, 1)
    } else if take("*") {
      (least, most) = (0, .max)
    } else if take("+") {
      (least, most) = (1, .max)
    } else if take("{") {
      takesPossessive = false
      let first = number()
      least = first ?? 0
      most = least
      if take(",") { most = number() ?? .max }
      guard first != nil, take("}"), least <= most, most > 0 else {
        throw .init(what: "a repetition that is not {n}, {n,} or {n,m}")
      }
    } else {
      takesPossessive = false
    }
    let isPossessive = takesPossessive && take("+")
    if let scalar = next, "*+?{".unicodeScalars.contains(scalar), (least, most) != (1, 1) {
      throw .init(what: "a lazy or repeated repetition")
    }
    return .run(members, least: least, most: most, isPossessive: isPossessive)
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let scalar = next, "0"..."9" ~= scalar, digits.utf8.count < 5 {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    return Int(digits)
  }

  /// One character, an escape, or a class in brackets.
  private mutating func character() throws(SplitExpression.Refusal) -> CharacterClass {
    guard let scalar = next else { throw .init(what: "an expression that ends too early") }
    if take("[") { return try bracketed() }
    if scalar == "\\" {
      if take("\\S") { return CharacterClass(spaces: true, negated: true) }
      var parts = Members()
      try escape(into: &parts)
      return parts.charactersClass(negated: false)
    }
    guard !"*+?{}()|^.]".unicodeScalars.contains(scalar) else {
      throw .init(what: "`\(scalar)` in this place")
    }
    position += 1
    var parts = Members()
    try add(scalar, to: &parts)
    return parts.charactersClass(negated: false)
  }

  private func add(_ scalar: Unicode.Scalar, to parts: inout Members) throws(SplitExpression.Refusal) {
    parts.ranges.append(scalar.value...scalar.value)
    guard ignoresCase else { return }
    guard scalar.isASCII else { throw .init(what: "`(?i:…)` over `\(scalar)`") }
    let lower = scalar.value | 0x20
    guard 0x61...0x7A ~= lower else { return }
    parts.ranges += [lower...lower, (lower & ~0x20)...(lower & ~0x20)]
    // Unicode folds the long s and the Kelvin sign to ASCII letters.
    if lower == 0x73 { parts.ranges.append(0x17F...0x17F) }
    if lower == 0x6B { parts.ranges.append(0x212A...0x212A) }
  }

  private mutating func bracketed() throws(SplitExpression.Refusal) -> CharacterClass {
    var parts = Members()
    let isNegated = take("^")
    while !take("]") {
      guard let scalar = next else { throw .init(what: "an unbalanced `[`") }
      guard scalar != "[", !(scalar == "&" && position + 1 < scalars.count && scalars[position + 1] == "&")
      else { throw .init(what: "a class inside of a class") }
      var first: Unicode.Scalar? = scalar
      if scalar == "\\" {
        first = try escape(into: &parts)
      } else {
        position += 1
      }
      guard let first else { continue }
      if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
        position += 1
        var last = scalars[position]
        if last == "\\" {
          var other = Members()
          guard let literal = try escape(into: &other) else {
            throw .init(what: "a range that ends in a class")
          }
          last = literal
        } else {
          position += 1
        }
        guard first <= last, !ignoresCase else { throw .init(what: "a range of this form") }
        parts.ranges.append(first.value...last.value)
      } else {
        try add(first, to: &parts)
      }
    }
    return parts.charactersClass(negated: isNegated)
  }

  /// An escape that stands for one character is returned (and added); one that stands for a class is added only.
  @discardableResult
  private mutating func escape(into parts: inout Members) throws(SplitExpression.Refusal) -> Unicode.Scalar? {
    position += 1
    guard let scalar = next else { throw .init(what: "an expression that ends in `\\`") }
    position += 1
    switch scalar {
    case "s": parts.hasSpaces = true
    case "d": parts.categories |= GeneralCategory.bit(.decimalNumber)
    case "p":
      let start = position + 1
      while let scalar = next, scalar != "}" { if scalar == "\\" { break } else { position += 1 } }
      guard next == "}", start <= position, scalars[start - 1] == "{" else {
        throw .init(what: "`\\p` without {}")
      }
      var name = ""
      name.unicodeScalars.append(contentsOf: scalars[start..<position])
      position += 1
      guard let categories = GeneralCategory.named(name[...]) else { throw .init(what: "`\\p{\(name)}`") }
      parts.categories |= categories
    case "r": return literal(0x0D, &parts)
    case "n": return literal(0x0A, &parts)
    case "t": return literal(0x09, &parts)
    default:
      let isLetter = scalar.properties.isAlphabetic || "0"..."9" ~= scalar
      guard scalar.isASCII, !isLetter else { throw .init(what: "the escape `\\\(scalar)`") }
      return literal(scalar.value, &parts)
    }
    return nil
  }

  private func literal(_ value: UInt32, _ parts: inout Members) -> Unicode.Scalar? {
    parts.ranges.append(value...value)
    return Unicode.Scalar(value)
  }

  /// What a class is made of while it is read.
  private struct Members {
    var categories: UInt32 = 0
    var hasSpaces = false
    var ranges: [ClosedRange<UInt32>] = []

    func charactersClass(negated: Bool) -> CharacterClass {
      CharacterClass(categories: categories, spaces: hasSpaces, ranges: ranges, negated: negated)
    }
  }
}
