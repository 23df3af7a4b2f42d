/// Pike's virtual machine, with the beginning of the match as its only register.
struct PatternMachine {
  private struct Thread {
    var instruction: Int
    var start: Int
  }

  /// What is asked about a place: its bytes, and the characters before and after it.
  private struct Place {
    var position: Int
    var before: UInt32?
    var after: UInt32?
  }

  private let program: [TextPattern.Instruction]
  /// Threads that wait for a character or have matched, the preferred ones first; at most one an instruction.
  private var threads: [Thread] = []
  /// For each instruction the last step in which it was reached.
  private var reached: [Int]
  private var step = 0
  private var waiting: [Int] = []

  init(_ program: [TextPattern.Instruction]) {
    self.program = program
    reached = [Int](repeating: 0, count: program.count)
  }

  /// The leftmost match.
  /// - Parameter beginnings: ASCII characters that a match can begin with; nil when it can be empty.
  mutating func firstMatch(_ text: UnsafeBufferPointer<UInt8>, beginnings: [Bool]?) -> Range<Int>? {
    var match: Range<Int>?
    /// Threads that have taken the last character.
    var moved: [Thread] = []
    var place = Place(position: 0)
    while true {
      if moved.isEmpty {
        if match != nil { return match }
        if let beginnings { Self.skip(text, beginnings, &place) }
      }
      var following = place.position
      if let base = text.baseAddress, place.position < text.count {
        let (scalar, next) = UTF8Decoding.scalar(base, at: place.position, end: text.count)
        (place.after, following) = (scalar, next)
      }
      step += 1
      threads.removeAll(keepingCapacity: true)
      for thread in moved { follow(thread, at: place) }
      // The leftmost match wins: nothing begins behind one.
      if match == nil { follow(Thread(instruction: 0, start: place.position), at: place) }
      moved.removeAll(keepingCapacity: true)
      loop: for thread in threads {
        switch program[thread.instruction] {
        case .character(let set):
          if let scalar = place.after, set.contains(scalar) {
            moved.append(Thread(instruction: thread.instruction + 1, start: thread.start))
          }
        default:
          // Accepted: what is less preferred ends here.
          match = thread.start..<place.position
          break loop
        }
      }
      guard place.position < text.count else { return match }
      place = Place(position: following, before: place.after)
    }
  }

  /// Follows a thread to the instructions that take a character or accept.
  private mutating func follow(_ thread: Thread, at place: Place) {
    waiting.append(thread.instruction)
    while let instruction = waiting.popLast() {
      guard reached[instruction] != step else { continue }
      reached[instruction] = step
      switch program[instruction] {
      case .jump(let target): waiting.append(target)
      case .split(let first, let second):
        waiting.append(second)
        waiting.append(first)
      case .assert(let assertion): if Self.holds(assertion, at: place) { waiting.append(instruction + 1) }
      case .character, .accept: threads.append(Thread(instruction: instruction, start: thread.start))
      }
    }
  }

  private static func holds(_ assertion: TextPattern.Assertion, at place: Place) -> Bool {
    switch assertion {
    case .textStart: place.before == nil
    case .textEnd: place.after == nil
    case .lineStart: place.before == nil || place.before == 0x0A
    case .lineEnd: place.after == nil || place.after == 0x0A
    case .wordBoundary: isWord(place.before) != isWord(place.after)
    case .noWordBoundary: isWord(place.before) == isWord(place.after)
    }
  }

  private static func isWord(_ scalar: UInt32?) -> Bool { scalar.map(ScalarSet.Class.word.contains) ?? false }

  /// Passes over ASCII that no match begins with.
  private static func skip(_ text: UnsafeBufferPointer<UInt8>, _ beginnings: [Bool], _ place: inout Place) {
    var position = place.position
    while position < text.count, text[position] < 0x80, !beginnings[Int(text[position])] { position += 1 }
    guard position > place.position else { return }
    place = Place(position: position, before: UInt32(text[position - 1]))
  }
}
