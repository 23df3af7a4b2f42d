import History
import Objects
import Records

/// Records that two sides added separately and that belong together.
struct Twins {
  /// The same pair on both sides.
  private(set) var duplicates: [(ours: TreeEntry, theirs: TreeEntry)] = []
  /// The same task with another answer.
  private(set) var sameTasks: [(ours: TreeEntry, theirs: TreeEntry)] = []

  /// Entries whose pairs a thread reads at a time.
  private static let slice = 256

  /// Finds them, each record in one couple at most: what is twice on one side stays there, which is for `dedup` to say.
  init(ours: [TreeEntry], theirs: [TreeEntry], in workspace: Workspace) throws {
    guard !ours.isEmpty, !theirs.isEmpty else { return }
    var (left, right) = (ours, theirs)
    duplicates = Self.couples(&left, &right, by: ours.map(\.object), theirs.map(\.object))
    guard !left.isEmpty, !right.isEmpty else { return }
    let (leftTasks, rightTasks) = (try Self.tasks(of: left, workspace), try Self.tasks(of: right, workspace))
    sameTasks = Self.couples(&left, &right, by: leftTasks, rightTasks)
  }

  /// Takes the couples with equal keys out of both lists, the first with the first.
  private static func couples(
    _ left: inout [TreeEntry], _ right: inout [TreeEntry], by leftKeys: [ObjectID], _ rightKeys: [ObjectID]
  ) -> [(ours: TreeEntry, theirs: TreeEntry)] {
    let wanted = Set(rightKeys)
    var waiting: [ObjectID: [Int]] = [:]
    for position in left.indices.reversed() where wanted.contains(leftKeys[position]) {
      waiting[leftKeys[position], default: []].append(position)
    }
    var couples: [(ours: TreeEntry, theirs: TreeEntry)] = []
    var taken: (left: Set<Int>, right: Set<Int>) = ([], [])
    for position in right.indices {
      guard let other = waiting[rightKeys[position]]?.popLast() else { continue }
      couples.append((left[other], right[position]))
      taken.left.insert(other)
      taken.right.insert(position)
    }
    left = left.indices.filter { !taken.left.contains($0) }.map { left[$0] }
    right = right.indices.filter { !taken.right.contains($0) }.map { right[$0] }
    return couples
  }

  /// For each entry a key that is equal for equal tasks: a pair without its answer.
  private static func tasks(of entries: [TreeEntry], _ workspace: Workspace) throws -> [ObjectID] {
    var tasks: [ObjectID] = []
    tasks.reserveCapacity(entries.count)
    let store = workspace.store
    var start = 0
    try Pipeline(threads: workspace.session.threads) { try RecordReader(store) }.run(
      next: { () -> ArraySlice<TreeEntry>? in
        guard start < entries.count else { return nil }
        defer { start += Self.slice }
        return entries[start..<min(start + Self.slice, entries.count)]
      },
      work: { reader, slice in try slice.map { try reader.task(of: $0) } },
      take: { tasks += $0 })
    return tasks
  }
}

extension RecordReader {
  /// A key that is equal for records with the same task: their pair without its answer.
  func task(of entry: TreeEntry) throws -> ObjectID { try Self.task(of: pair(entry)) }

  /// The same for a pair.
  static func task(of pair: Pair) -> ObjectID {
    var task = pair
    task.output = ""
    return ObjectID.hash(.pair, task.canonicalBytes)
  }
}
