/// An expression as a tree.
indirect enum PatternNode {
  case character(ScalarSet)
  case assertion(TextPattern.Assertion)
  case sequence([PatternNode])
  case either([PatternNode])
  case repeated(PatternNode, least: Int, most: Int?, isGreedy: Bool)
}

/// Writes the program of a tree.
struct PatternCompiler {
  private(set) var program: [TextPattern.Instruction] = []

  mutating func compile(_ node: PatternNode) throws(TextPattern.Failure) {
    switch node {
    case .character(let set): try emit(.character(set))
    case .assertion(let assertion): try emit(.assert(assertion))
    case .sequence(let nodes): for node in nodes { try compile(node) }
    case .either(let nodes):
      var jumps: [Int] = []
      for node in nodes.dropLast() {
        let split = try emit(.accept)
        try compile(node)
        jumps.append(try emit(.accept))
        program[split] = .split(split + 1, program.count)
      }
      if let last = nodes.last { try compile(last) }
      for jump in jumps { program[jump] = .jump(program.count) }
    case .repeated(let node, let least, let most, let isGreedy):
      for _ in 0..<least {
        let before = program.count
        try compile(node)
        // What is nothing is nothing any number of times.
        if program.count == before { return }
      }
      guard let most else {
        let split = try emit(.accept)
        try compile(node)
        try emit(.jump(split))
        program[split] = Self.split(split + 1, program.count, isGreedy)
        return
      }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(try emit(.accept))
        try compile(node)
      }
      for split in splits { program[split] = Self.split(split + 1, program.count, isGreedy) }
    }
  }

  /// Adds an instruction, perhaps one to be replaced; returns its place.
  @discardableResult
  private mutating func emit(_ instruction: TextPattern.Instruction) throws(TextPattern.Failure) -> Int {
    guard program.count < TextPattern.largest else {
      throw TextPattern.Failure(reason: "is too large when its repetitions are written out", place: 0)
    }
    program.append(instruction)
    return program.count - 1
  }

  private static func split(_ inside: Int, _ after: Int, _ isGreedy: Bool) -> TextPattern.Instruction {
    isGreedy ? .split(inside, after) : .split(after, inside)
  }
}
