import Objects
import Records

extension FsckRun {
  /// Reads the operation log and the references so that they belong together: a writer may be at work.
  func readLogAndReferences() {
    var found: [OperationEntry] = []
    for _ in 0..<5 {
      let kept = findings.count
      found = operationEntries()
      references = ReferenceFiles()
      readReferences()
      if operationEntries() == found { break }
      findings.removeSubrange(kept...)
    }
    checkOperations(found)
  }

  /// Something in the folder of operations, or in that of a group.
  struct OperationEntry: Equatable {
    /// Its path in the repository.
    let inner: String
    /// The name without the folder's.
    let text: String
    /// The group whose folder it lies in.
    let group: String?
    /// Why it cannot be an operation, where its name does not say so.
    var flaw: String?

    /// Its name when it is one of an operation's file.
    var name: OperationFileName? {
      OperationFileName(text, in: group).flatMap { $0.text.utf8.elementsEqual(text.utf8) ? $0 : nil }
    }
  }

  /// What is there instead of operations or beside them, too. A group's folder is no entry, what takes its place is.
  func operationEntries() -> [OperationEntry] {
    names(in: "operations").flatMap { top in
      let inner = "operations/" + top
      var entry = OperationEntry(inner: inner, text: top, group: nil)
      guard OperationFileName.isGroup(top) else { return [entry] }
      do {
        guard let status = try fileSystem.status(at(inner)) else { return [] }
        if status.kind == .directory {
          return try fileSystem.list(at(inner)).sorted().map {
            OperationEntry(inner: inner + "/" + $0, text: $0, group: top)
          }
        }
        entry.flaw = "it is not a folder"
      } catch {
        entry.flaw = "\(error)"
      }
      return [entry]
    }
  }

  private func checkOperations(_ entries: [OperationEntry]) {
    let log = OperationLog(folder: at("operations"), fileSystem: fileSystem)
    var valid: [LoggedOperation] = []
    var broken: Set<String> = []
    func takeAway(_ inner: String, _ reason: String) {
      broken.insert(inner)
      damage(.operation, inner, reason)
      logSteps.append(.quarantine(inner, reason: reason))
    }
    for entry in entries {
      if TemporaryName.matches(entry.text) {
        stranger(entry.inner)
      } else if let name = entry.name {
        do {
          valid.append(try log.read(name))
        } catch HistoryError.damaged(_, let reason) {
          takeAway(entry.inner, reason)
        } catch {
          takeAway(entry.inner, "\(error)")
        }
      } else {
        takeAway(entry.inner, entry.flaw ?? "operations have other names")
      }
    }
    valid.sort { ($0.sequence, $0.name.start) < ($1.sequence, $1.name.start) }
    for (one, next) in zip(valid, valid.dropFirst()) where one.digest == next.digest {
      takeAway("operations/" + next.name.path, "it is operation \(next.sequence) once more")
    }
    valid.removeAll { broken.contains("operations/" + $0.name.path) }
    counts.operations = valid.count
    for operation in valid { ledger.add(operation.operation, isWhole: operation.sequence > horizon) }
    follow(valid, broken: broken)
  }

  /// Finds the operations that follow one another from the first on; the others cannot stay.
  private func follow(_ valid: [LoggedOperation], broken: Set<String>) {
    for operation in valid {
      if operation.sequence == chain.count + 1, operation.operation.parent == chain.last?.digest {
        chain.append(operation)
      }
    }
    let kept = Set(chain.map(\.name))
    let after = valid.map(\.name).filter { !kept.contains($0) }
    guard !after.isEmpty || !broken.isEmpty else { return }
    // A damaged copy beside a whole chain costs nothing.
    let isCut = !after.isEmpty || !broken.isEmpty && !indexKnowsChainIsWhole()
    ledger.isIncomplete = isCut
    if let first = after.first {
      damage(
        .operation, "operations/" + first.path,
        "it does not follow operation \(chain.count): those between are missing or damaged, so `undo` cannot go back behind it"
      )
    }
    // From the newest back, so that what is left hangs together at every moment.
    for inner in cut(after, broken: broken) {
      logSteps.append(.quarantine(inner, reason: "the operation before it is lost"))
    }
    if isCut {
      logReason = "the log is cut after operation \(chain.count), where it is damaged"
    }
  }

  /// What goes into quarantine, by paths in the repository, for these sound operations to go, newest first: whole groups
  /// where nothing of them stays, so that no empty folders are left for every verb to look into.
  private func cut(_ names: [OperationFileName], broken: Set<String>) -> [String] {
    let staying = chain.map(\.name.path) + broken.map { String($0.dropFirst("operations/".utf8.count)) }
    let partial = Set(staying.map { $0.prefix(8) })
    var (inner, seen): ([String], Set<String>) = ([], [])
    for name in names.reversed() {
      let group = OperationFileName.group(of: name.sequence)
      let path = !name.isFlat && !partial.contains(group[...]) ? group : name.path
      if seen.insert(path).inserted { inner.append("operations/" + path) }
    }
    return inner
  }

  /// Whether nothing is lost with damaged files: the references are where the operations that are left say.
  private func indexKnowsChainIsWhole() -> Bool {
    let names = Set(references.entries.keys).union(ledger.expected.keys)
    return names.allSatisfy { references.entries[$0]?.value == ledger.expected[$0] }
  }

  /// Objects that operations name must be there: nothing else leads to them.
  func checkOperationObjects() {
    guard let inventory else { return }
    for operation in chain {
      for id in operation.operation.objects where ledger.counting.contains(id) {
        guard ObjectKind.allCases.allSatisfy({ inventory.state(of: id, $0) == .lost }) else { continue }
        losses.note(
          .object(id), kind: .run,
          use: "the operation \(operation.sequence) (`\(operation.operation.verb)`) made it")
      }
    }
    let named = Set(ledger.objects)
    for id in inventory.ids(of: .run) where !named.contains(id) {
      notice(
        .operation, "operations", "no operation names the run \(id)",
        next: "nothing, when the training was interrupted; else an operation is lost")
    }
    for id in inventory.ids(of: .run) {
      do {
        _ = try Run(parsing: try inventory.read(id, .run))
      } catch {
        damage(.structure, "objects", "the run \(id) is malformed: \(error)", next: Finding.restore)
      }
    }
  }
}
