import Records

/// What the operation log says about references: where each should be, where each has been.
struct Ledger {
  /// Where each reference should be; one that is absent should not exist.
  private(set) var expected: [String: String] = ["HEAD": "refs/heads/main"]
  /// The values that each reference had, oldest first.
  private(set) var past: [String: [String]] = [:]
  /// Every commit or tag that an operation names.
  private(set) var known: Set<String> = []
  /// Objects that operations name.
  private(set) var objects: [ObjectID] = []
  /// Those that count: what was undone does not.
  private(set) var counting: Set<ObjectID> = []
  /// The state of staging that the log left; nil when nothing is staged.
  private(set) var staging: ContentDigest?
  private var stagingBefore: ContentDigest?
  /// The states that operations which are kept whole name.
  private(set) var states: Set<ContentDigest> = []
  /// The commits and tags that those name.
  private var whole: Set<String> = []
  /// The newest operation's changes: after an interruption the references may still be as before.
  private(set) var newest: (before: Operation.References, after: Operation.References)?
  /// Whether operations are lost, so that what is expected may be out of date.
  var isIncomplete = false

  /// - Parameter isWhole: whether everything that the operation names is kept.
  mutating func add(_ operation: Operation, isWhole: Bool = true) {
    newest = (operation.before, operation.after)
    if isWhole { whole.formUnion(operation.before.values); whole.formUnion(operation.after.values) }
    stagingBefore = staging
    if let change = operation.staging {
      stagingBefore = change.before
      staging = change.after
      if isWhole { states.formUnion([change.before, change.after].compactMap { $0 }) }
    }
    for name in Set(operation.before.keys).union(operation.after.keys) {
      if let before = operation.before[name] { note(before, name) }
      if let after = operation.after[name] { note(after, name) }
      expected[name] = operation.after[name]
    }
    objects += operation.objects + operation.removed
    counting.formUnion(operation.objects)
    counting.subtract(operation.removed)
  }

  private mutating func note(_ value: String, _ name: String) {
    if past[name]?.last != value { past[name, default: []].append(value) }
    known.insert(value)
  }

  /// Whether a reference may be here: where the log says, or where it was before the newest operation.
  func allows(_ value: String?, for name: String) -> Bool {
    if value == expected[name] { return true }
    guard let newest, newest.before[name] != nil || newest.after[name] != nil else { return false }
    return value == newest.before[name]
  }

  /// Whether this may be staged: what the log says, or what was before the newest operation.
  func allows(staged digest: ContentDigest?) -> Bool { digest == staging || digest == stagingBefore }

  /// The commits that operations name and that must be there for `undo` to go back.
  var commits: [CommitID] { whole.compactMap { CommitID(hex: $0) }.sorted() }
}
