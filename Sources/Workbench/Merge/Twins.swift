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
    let tasks = try Self.tasks(of: left + right, workspace)
    sameTasks = Self.couples(
      &left, &right, by: Array(tasks.prefix(left.count)), Array(tasks.dropFirst(left.count)))
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
    let store = workspace.store
    let slices = (entries.count + Self.slice - 1) / Self.slice
    return try parallel(slices, threads: workspace.session.threads) { number in
      let slice = entries[number * Self.slice..<min((number + 1) * Self.slice, entries.count)]
      let hasher = SHA256()
      return try store.withReader { (reader) throws(ObjectsError) in
        try slice.map { (entry) throws(ObjectsError) in
          let pair = try reader.bytes(of: entry.object, .pair)
          return Result { () throws(ObjectFormatError) in try PairFields.task(pair, hasher) }
        }
      }.map { try $0.get() }
    }.flatMap { $0 }
  }
}
