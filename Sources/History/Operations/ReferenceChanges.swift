import Records

/// What references an operation moves.
struct ReferenceChanges {
  struct Change: Equatable {
    let name: RefName
    let old: RefTarget?
    var new: RefTarget?
  }

  /// In the order in which they are made: deletions first, since `a/b` cannot be made while `a` is there; HEAD
  /// last, so that it never names a branch that is yet to come.
  private(set) var changes: [Change] = []

  init() {}

  /// Reads the changes of a logged operation.
  init(_ operation: Operation) throws(GitError) {
    for name in Set(operation.before.keys).union(operation.after.keys) {
      let old = try operation.before[name].map { text throws(GitError) in try RefTarget(text: text) }
      let new = try operation.after[name].map { text throws(GitError) in try RefTarget(text: text) }
      if old != new { changes.append(Change(name: try RefName(full: name), old: old, new: new)) }
    }
    sort()
  }

  /// Adds a change, or continues one of the same reference.
  mutating func record(_ name: RefName, from old: RefTarget?, to new: RefTarget?) {
    if let position = changes.firstIndex(where: { $0.name == name }) {
      changes[position].new = new
    } else {
      changes.append(Change(name: name, old: old, new: new))
    }
    sort()
  }

  /// The target a reference will have, or nil when it is not changed.
  func planned(_ name: RefName) -> RefTarget?? { changes.first { $0.name == name }?.new }

  /// The changes that change something.
  var effective: [Change] { changes.filter { $0.old != $0.new } }

  var before: Operation.References { references(\.old) }
  var after: Operation.References { references(\.new) }

  private func references(_ side: KeyPath<Change, RefTarget?>) -> Operation.References {
    var references: Operation.References = [:]
    for change in effective { references[change.name.full] = change[keyPath: side]?.description }
    return references
  }

  private mutating func sort() {
    func turn(_ change: Change) -> Int { change.name == .head ? 2 : change.new == nil ? 0 : 1 }
    changes.sort { (turn($0), $0.name) < (turn($1), $1.name) }
  }
}
