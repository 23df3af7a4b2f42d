import Objects
import Records

/// Marks every object that roots lead to: commits to their trees, trees to pairs and batches, batches to origins,
/// prompts and seeds. What was visited is not visited again, so a second walk from newer roots costs what is new.
struct ReachabilityWalk {
  private let repository: Repository
  private let marks: ObjectMarks
  private var commits: Set<CommitID> = []
  private var visited: Set<ObjectID> = []

  init(_ repository: Repository, _ marks: ObjectMarks) {
    self.repository = repository
    self.marks = marks
    // Every commit begins with the empty tree: dropping it would only have the next one write it again.
    marks.mark(candidates: ObjectID.hash(.node, TreeNodeEncoding.leaf([])))
  }

  /// Marks what the roots lead to.
  ///
  /// - Throws: what is missing or damaged among it. Then nothing may be dropped, for nobody knows what it led to.
  mutating func visit(_ roots: CollectionRoots) throws {
    try visit(roots.commits)
    for commit in roots.trained.sorted() where !commits.contains(commit) {
      let before = (commits, visited)
      do {
        try visit([commit])
      } catch ObjectsError.missing {
        // It was dropped already. What was marked of it stays this once.
        (commits, visited) = before
      }
    }
    for run in roots.runs { try marks.mark(run, .run) }
    for pair in roots.staging.compactMap(\.merge).flatMap(\.decisions).compactMap(\.pair) {
      try marks.mark(pair, .pair)
    }
    for staged in roots.staging.flatMap(\.batches) {
      try visit(batch: staged.batch)
      for pair in try repository.staging.pairs(of: staged) { try marks.mark(pair, .pair) }
    }
  }

  private mutating func visit(_ tips: Set<CommitID>) throws {
    for id in try repository.git().ancestry(from: tips.sorted()) where commits.insert(id).inserted {
      let dataset = try repository.dataset(of: id)
      try visit(dataset.snapshot, leads: .pair)
      try visit(dataset.batches, leads: .batch)
      if let report = dataset.report { try visit(report: report) }
    }
  }

  private mutating func visit(report id: ObjectID) throws {
    guard visited.insert(id).inserted else { return }
    try marks.mark(id, .report)
    for reasons in try Report(parsing: repository.store.read(id, .report)).reasons {
      try marks.mark(reasons, .reasons)
    }
  }

  /// A node, and everything below it.
  private mutating func visit(_ node: ObjectID, leads kind: ObjectKind) throws {
    guard visited.insert(node).inserted else { return }
    try marks.mark(node, .node)
    switch try TreeNodeDecoding.node(repository.store.read(node, .node), id: node) {
    case .inner(_, let children):
      for child in children { try visit(child.id, leads: kind) }
    case .leaf(let entries):
      for entry in entries {
        if kind == .batch { try visit(batch: entry.object) } else { try marks.mark(entry.object, kind) }
      }
    }
  }

  private mutating func visit(batch id: ObjectID) throws {
    guard visited.insert(id).inserted else { return }
    try marks.mark(id, .batch)
    let batch = try Batch(parsing: repository.store.read(id, .batch))
    for origins in batch.origins { try marks.mark(origins, .origins) }
    for prompt in batch.prompts { try marks.mark(prompt.object, .prompt) }
    for seed in batch.seeds { try marks.mark(seed.object, .seed) }
  }
}
