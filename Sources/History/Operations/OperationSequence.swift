import Records

/// The operations of a log at one moment, by number. Knows what an undo takes back and what a redo brings again.
///
/// The operations that are not reversals are the line that undo walks back and redo walks forward: a position on
/// it is the number of the operation whose outcome the repository shows, 0 for its beginning.
struct OperationSequence {
  /// How many operations there are; they are numbered from 1.
  let count: Int
  private let read: (Int) throws -> LoggedOperation

  init(count: Int, read: @escaping (Int) throws -> LoggedOperation) {
    self.count = count
    self.read = read
  }

  /// The operation with a number.
  func operation(_ number: Int) throws -> LoggedOperation {
    guard (1...max(count, 1)).contains(number), count > 0 else {
      throw HistoryError.noOperation(number, newest: count)
    }
    return try read(number)
  }

  /// The operation whose outcome the repository shows: what an undo takes back. 0 when nothing is left.
  func position() throws -> Int { try position(after: count) }

  /// The same, as it was after an operation. Each step goes to a lower number.
  func position(after number: Int) throws -> Int {
    var number = number
    while number > 0 {
      switch try operation(number).operation.reversal {
      case nil: return number
      case .redoes(let redone): number = try lower(redone, than: number)
      case .undoes(let undone): number = try lower(undone, than: number) - 1
      }
    }
    return 0
  }

  /// The operation that a redo does again: the one last undone and not redone since; nil when a new one came after
  /// it.
  func redoable() throws -> Int? {
    var number = count
    var redone = 0
    while number > 0 {
      switch try operation(number).operation.reversal {
      case nil: return nil
      case .redoes: redone += 1
      case .undoes(let undone):
        if redone == 0 { return try lower(undone, than: number) }
        redone -= 1
      }
      number -= 1
    }
    return nil
  }

  /// The numbers of the operations that are undone, and not done again, at this moment.
  func undone(among numbers: ClosedRange<Int>) throws -> Set<Int> {
    var undone: Set<Int> = []
    for number in numbers {
      switch try operation(number).operation.reversal {
      case nil: continue
      case .undoes(let other): undone.insert(other)
      case .redoes(let other): undone.remove(other)
      }
    }
    return undone
  }

  private func lower(_ other: Int, than number: Int) throws -> Int {
    guard other < number else {
      throw HistoryError.badOperation(number, "it refers to operation \(other), which is not before it")
    }
    return other
  }
}
