import Objects
import Records

extension FsckRun {
  func readReferences() {
    let git = "history.git/"
    if let bytes = contents(git + "HEAD", limit: 4096, .head) {
      references.add("HEAD", path: git + "HEAD", bytes)
    }
    for folder in ["refs/heads", "refs/tags"] { readReferences(under: folder, depth: 0) }
    if let bytes = contents(git + "packed-refs", .reference),
      let line = references.add(packed: bytes, path: git + "packed-refs")
    {
      damage(
        .reference, git + "packed-refs", "the line `\(line)` is not git's",
        next: "restore `.mdata/history.git/packed-refs` from a copy")
    }
  }

  private func readReferences(under folder: String, depth: Int) {
    for name in names(in: "history.git/" + folder) {
      let full = folder + "/" + name
      let inner = "history.git/" + full
      let kind = (try? fileSystem.status(at(inner)))??.kind
      if kind == .directory {
        if depth < 100 { readReferences(under: full, depth: depth + 1) }
      } else if (try? RefName(full: full)) == nil {
        let reason = "branches and tags have other names"
        damage(.reference, inner, reason)
        historySteps.append(.quarantine(inner, reason: reason))
      } else if let bytes = contents(inner, limit: 4096, .reference) {
        references.add(full, path: inner, bytes)
      } else {
        references.add(full, path: inner, unreadable: "it cannot be read")
      }
    }
  }

  /// Holds each reference to where the operations left it and to what is intact.
  func judgeReferences() {
    for name in Set(references.entries.keys).union(ledger.expected.keys).sorted() { judge(name) }
    if !ledger.isIncomplete, let newest = ledger.newest {
      let changed = Set(newest.before.keys).union(newest.after.keys).filter {
        newest.before[$0] != newest.after[$0]
      }
      if !changed.isEmpty,
        changed.allSatisfy({ name in
          references.entries[name].map { $0.value != nil && $0.value == newest.before[name] }
            ?? (newest.before[name] == nil)
        })
      {
        notice(
          .operation, "operations", "the newest operation has not taken effect",
          next: "nothing: the next change completes or drops it")
      }
    }
  }

  private func judge(_ name: String) {
    let kind: Finding.Kind = name == "HEAD" ? .head : .reference
    let expected = ledger.expected[name]
    guard let entry = references.entries[name] else {
      guard !ledger.allows(nil, for: name) else { return }
      let inner = "history.git/" + name
      return replace(name, kind, inner, "it is missing; the operations left it at \(expected ?? "nothing")")
    }
    guard let value = entry.value else { return replace(name, kind, entry.path, entry.reason) }
    if ledger.allows(value, for: name) {
      if !isUsable(value) { moveBack(name, entry, value) }
      return
    }
    guard isUsable(value) else {
      let place = expected.map { "the operations left it at \($0)" } ?? "no operation made it"
      return replace(name, kind, entry.path, "it names \(value), which is not there; \(place)")
    }
    guard let expected else {
      logReason = logReason ?? "`\(name)` is not in the log"
      return notice(
        kind, entry.path, "no operation made it",
        next:
          "`mdata fsck --repair` writes it into the log; when nobody wants it, `mdata branch --delete` or `mdata tag --delete`"
      )
    }
    if ledger.isIncomplete { return }
    // Only git, or operations that are lost, can have brought a commit that no operation knows.
    if !ledger.known.contains(value), descends(value, from: expected) {
      notice(
        kind, entry.path,
        "it names \(value), and the operations left it at \(expected), which that commit follows",
        next: "nothing, when git moved it; `mdata fsck --repair` writes it into the log")
      logReason = logReason ?? "`\(name)` was moved by another program"
      return
    }
    replace(name, kind, entry.path, "it names \(value), and the operations left it at \(expected)")
  }

  /// Reports a reference that cannot stay, and plans to put it where the operations left it, or where it was before.
  private func replace(_ name: String, _ kind: Finding.Kind, _ inner: String, _ reason: String) {
    let expected = ledger.expected[name]
    let past = (ledger.past[name] ?? []).reversed().filter { $0 != expected }
    let target = ([expected].compactMap { $0 } + past).first(where: isUsable)
    damage(kind, inner, reason, commits: [expected].compactMap { $0.flatMap { CommitID(hex: $0) } })
    if inner.hasSuffix("packed-refs") { return }
    if let target, expected != nil {
      historySteps.append(
        .write("history.git/" + name, Self.text(target), reason: "\(reason); now it names \(target)"))
      if target != expected { logReason = logReason ?? "`\(name)` went back to a commit that is intact" }
    } else {
      historySteps.append(.quarantine(inner, reason: reason))
    }
  }

  /// The commit that the operations left a reference at is lost: it goes back to the newest one that is not.
  private func moveBack(_ name: String, _ entry: ReferenceFiles.Entry, _ value: String) {
    guard let target = (ledger.past[name] ?? []).reversed().first(where: { $0 != value && isUsable($0) })
    else {
      return
    }
    historySteps.append(
      .write(
        "history.git/" + name, Self.text(target),
        reason: "the commit \(value) is lost; now it names \(target), the newest one before it that is intact"
      ))
    logReason = logReason ?? "`\(name)` went back to a commit that is intact"
  }

  private static func text(_ value: String) -> [UInt8] {
    Array(((CommitID(hex: value) == nil ? "ref: " : "") + value + "\n").utf8)
  }

  /// Whether a value leads to a commit whose version can be read; a branch that HEAD names need not exist yet.
  private func isUsable(_ value: String) -> Bool {
    guard let id = CommitID(hex: value) else {
      return references.entries[value] != nil || ledger.expected[value] != nil || ledger.past[value] == nil
    }
    return peeled(id).flatMap { commits[$0] }?.dataset != nil
  }

  /// The commit under an annotated tag, or the commit itself; nil when it cannot be read.
  func peeled(_ id: CommitID) -> CommitID? {
    let end = followed(id)
    return gitText(end)?.type == .commit ? end : nil
  }

  /// Where tag objects lead, as far as they can be read: the commit, or what is missing on the way to it.
  func followed(_ id: CommitID) -> CommitID {
    var id = id
    for _ in 0..<8 {
      guard let (type, bytes) = gitText(id), type == .tag, let next = GitText.taggedObject(bytes) else {
        break
      }
      id = next
    }
    return id
  }

  /// A git object, also one of a damaged file that a repair brings back.
  private func gitText(_ id: CommitID) -> (type: GitObjects.ObjectType, bytes: [UInt8])? {
    if case .success(let found)? = git?.read(id) { return found }
    guard let whole = salvagedGitObjects[id], let end = whole.firstIndex(of: 0) else { return nil }
    let type: GitObjects.ObjectType =
      whole.starts(with: "commit ".utf8) ? .commit : whole.starts(with: "tag ".utf8) ? .tag : .other
    return (type, Array(whole[(end + 1)...]))
  }

  private func descends(_ value: String, from ancestor: String) -> Bool {
    guard let start = CommitID(hex: value).flatMap(peeled), let goal = CommitID(hex: ancestor).flatMap(peeled)
    else {
      return false
    }
    var seen: Set<CommitID> = [start]
    var waiting = [start]
    while let id = waiting.popLast() {
      if id == goal { return true }
      for parent in commits[id]?.parents ?? [] where seen.insert(parent).inserted { waiting.append(parent) }
    }
    return false
  }
}
