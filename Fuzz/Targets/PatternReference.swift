/// The plainest reading of a regular expression: tries everything in order and goes back. For letters, digits, spaces, `.`,
/// groups, `|`, repetitions, `^` and `$`; others are not read, nor endless repetitions of what can be empty, in which engines
/// differ.
struct PatternReference {
  private indirect enum Node {
    case letter(UInt8)
    case any, start, end
    case sequence([Node])
    case either([Node])
    case repeated(Node, least: Int, most: Int?, isGreedy: Bool)

    var canBeEmpty: Bool {
      switch self {
      case .letter, .any: false
      case .start, .end: true
      case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
      case .either(let nodes): nodes.contains(where: \.canBeEmpty)
      case .repeated(let node, let least, _, _): least == 0 || node.canBeEmpty
      }
    }
  }

  private struct Unread: Error {}

  private var rest: ArraySlice<UInt8>
  private var tree = Node.start

  /// Nil for what it does not read.
  init?(_ pattern: String) {
    rest = Array(pattern.utf8)[...]
    guard let tree = try? either(), rest.isEmpty else { return nil }
    self.tree = tree
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private mutating func either() throws -> Node {
    var nodes = [try sequence()]
    while take("|") { nodes.append(try sequence()) }
    return nodes.count == 1 ? nodes[0] : .either(nodes)
  }

  private mutating func sequence() throws -> Node {
    var nodes: [Node] = []
    while let next = rest.first, next != UInt8(ascii: "|"), next != UInt8(ascii: ")") {
      nodes.append(try repeated(try atom()))
    }
    return .sequence(nodes)
  }

  private mutating func atom() throws -> Node {
    if take("(?:") || take("(") {
      let node = try either()
      guard take(")") else { throw Unread() }
      return node
    }
    if take(".") { return .any }
    if take("^") { return .start }
    if take("$") { return .end }
    guard let letter = rest.popFirst(), "abcdefghijklmnopqrstuvwxyz0123456789 ".utf8.contains(letter) else {
      throw Unread()
    }
    return .letter(letter)
  }

  private mutating func repeated(_ node: Node) throws -> Node {
    var (least, most): (Int, Int?) = (0, nil)
    if take("*") {
    } else if take("+") {
      least = 1
    } else if take("?") {
      most = 1
    } else if take("{") {
      guard let first = number() else { throw Unread() }
      (least, most) = (first, first)
      if take(",") { most = number() }
      guard take("}") else { throw Unread() }
    } else {
      return node
    }
    if most == nil, node.canBeEmpty { throw Unread() }
    return .repeated(node, least: least, most: most, isGreedy: !take("?"))
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let digit = rest.first, 0x30...0x39 ~= digit {
      digits.unicodeScalars.append(Unicode.Scalar(digit))
      rest.removeFirst()
    }
    return Int(digits)
  }

  /// The leftmost match, if any; nil when there is more to try than so many steps.
  func firstMatch(in text: [UInt8], steps: Int) -> Range<Int>?? {
    var left = steps
    for start in 0...text.count {
      var end: Int?
      let found = Self.match(tree, text, start, &left) { place, _ in
        end = place
        return true
      }
      if left <= 0 { return nil }
      if found, let end { return start..<end }
    }
    return .some(nil)
  }

  /// Whether a node matches at a place so that `then` holds behind it.
  private static func match(
    _ node: Node, _ text: [UInt8], _ place: Int, _ left: inout Int, _ then: (Int, inout Int) -> Bool
  ) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch node {
    case .letter(let letter):
      return place < text.count && text[place] == letter && then(place + 1, &left)
    case .any: return place < text.count && text[place] != 0x0A && then(place + 1, &left)
    case .start: return place == 0 && then(place, &left)
    case .end: return place == text.count && then(place, &left)
    case .sequence(let nodes):
      guard let first = nodes.first else { return then(place, &left) }
      return match(first, text, place, &left) {
        match(.sequence(Array(nodes.dropFirst())), text, $0, &$1, then)
      }
    case .either(let nodes):
      for node in nodes where match(node, text, place, &left, then) { return true }
      return false
    case .repeated(let inner, let least, let most, let isGreedy):
      func more(_ left: inout Int) -> Bool {
        guard most != 0 else { return false }
        let rest = Node.repeated(
          inner, least: max(0, least - 1), most: most.map { $0 - 1 }, isGreedy: isGreedy)
        return match(inner, text, place, &left) { match(rest, text, $0, &$1, then) }
      }
      if least > 0 { return more(&left) }
      return isGreedy ? more(&left) || then(place, &left) : then(place, &left) || more(&left)
    }
  }
}
