/// A regular expression of a pre-tokenizer, as a program for a backtracking matcher.
///
/// What it accepts is what the patterns of published tokenizers are made of: characters, classes, `\p{…}`, `\s`, greedy
/// and possessive repetition of one character, groups that are not repeated, `(?i:…)` over ASCII letters, `(?!x)` of
/// one character, `$`. Groups are never repeated, so a program has no cycle and every match ends.
struct SplitExpression: Sendable, Equatable {
  enum Instruction: Sendable, Equatable {
    /// Characters of a class: as many as there are, up to `most`; gives them back one by one unless `isPossessive`.
    case run(CharacterClass, least: Int, most: Int, isPossessive: Bool)
    /// Tries `first`, then `second`.
    case split(first: Int, second: Int)
    case jump(Int)
    case notFollowedBy(CharacterClass)
    case endOfLine
    case accept
  }

  /// The expression as it was written.
  let text: String
  let program: [Instruction]

  /// Where matching goes on when what was tried fails.
  private struct Alternative {
    var instruction: Int
    var position: Int
    /// Characters are given back down to here; equal to `position` when there is nothing to give back.
    var floor: Int
  }

  /// The end of the match that begins at `start`, or nil when none does.
  func matchEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    // Every instruction leaves at most one alternative behind, as the program has no cycle.
    withUnsafeTemporaryAllocation(of: Alternative.self, capacity: program.count) { alternatives in
      program.withUnsafeBufferPointer { Self.match($0, text, start, alternatives) }
    }
  }

  private static func match(
    _ program: UnsafeBufferPointer<Instruction>, _ text: UnsafeBufferPointer<UInt8>, _ start: Int,
    _ alternatives: UnsafeMutableBufferPointer<Alternative>
  ) -> Int? {
    var count = 0
    var (instruction, position) = (0, start)
    while true {
      var holds = true
      switch program[instruction] {
      case .accept: return position
      case .jump(let target):
        instruction = target
        continue
      case .split(let first, let second):
        alternatives[count] = Alternative(instruction: second, position: position, floor: position)
        count += 1
        instruction = first
        continue
      case .run(let members, let least, let most, let isPossessive):
        var (matched, end, floor) = (0, position, position)
        while matched < most, end < text.count {
          let (isMember, next) = members.read(text, at: end)
          guard isMember else { break }
          end = next
          matched += 1
          if matched == least { floor = end }
        }
        holds = matched >= least
        if holds, !isPossessive, end > floor {
          alternatives[count] = Alternative(instruction: instruction + 1, position: end, floor: floor)
          count += 1
        }
        position = end
      case .notFollowedBy(let members):
        holds = position == text.count || !members.read(text, at: position).isMember
      case .endOfLine:
        holds = position == text.count || text[position] == UInt8(ascii: "\n")
      }
      if holds {
        instruction += 1
        continue
      }
      guard count > 0 else { return nil }
      let last = alternatives[count - 1]
      (instruction, position) = (last.instruction, last.position)
      if last.position > last.floor {
        position -= 1
        while text[position] & 0xC0 == 0x80 { position -= 1 }
        alternatives[count - 1].position = position
        if position == last.floor { count -= 1 }
      } else {
        count -= 1
      }
    }
  }
}
