import Objects
import Records

extension FsckRun {
  /// Reads the operation log and the references so that they belong together: a writer may be at work.
  func readLogAndReferences() {
    for _ in 0..<5 {
      let before = names(in: "operations")
      references = ReferenceFiles()
      let kept = findings.count
      readReferences()
      if names(in: "operations") == before { break }
      findings.removeSubrange(kept...)
    }
    checkOperations()
  }

  private func checkOperations() {
    let log = OperationLog(folder: at("operations"), fileSystem: fileSystem)
    var valid: [(name: OperationLog.FileName, operation: LoggedOperation)] = []
    var broken = 0
    for text in names(in: "operations") {
      let inner = "operations/" + text
      if TemporaryName.matches(text) {
        stranger(inner)
        continue
      }
      var reason = "operations have other names"
      if let name = OperationLog.FileName(text), name.text.utf8.elementsEqual(text.utf8) {
        do {
          valid.append((name, try log.read(name)))
          continue
        } catch HistoryError.damaged(_, let text) {
          reason = text
        } catch {
          reason = "\(error)"
        }
      }
      broken += 1
      damage(.operation, inner, reason)
      logSteps.append(.quarantine(inner, reason: reason))
    }
    counts.operations = valid.count
    valid.sort { ($0.name.sequence, $0.name.start) < ($1.name.sequence, $1.name.start) }
    for (_, operation) in valid { ledger.add(operation.operation, isWhole: operation.sequence > horizon) }
    follow(valid, broken: broken)
  }

  /// Finds the operations that follow one another from the first on; the others cannot stay.
  private func follow(_ valid: [(name: OperationLog.FileName, operation: LoggedOperation)], broken: Int) {
    for (_, operation) in valid {
      if operation.sequence == chain.count + 1, operation.operation.parent == chain.last?.digest {
        chain.append(operation)
      }
    }
    let kept = Set(chain.map(\.sequence))
    var after: [OperationLog.FileName] = []
    for (name, operation) in valid
    where !(kept.contains(operation.sequence) && chain[operation.sequence - 1].digest == operation.digest) {
      after.append(name)
    }
    guard !after.isEmpty || broken > 0 else { return }
    // A damaged copy beside a whole chain costs nothing.
    let isCut = !after.isEmpty || broken > 0 && !indexKnowsChainIsWhole()
    ledger.isIncomplete = isCut
    if let first = after.first {
      damage(
        .operation, "operations/" + first.text,
        "it does not follow operation \(chain.count): those between are missing or damaged, so `undo` cannot go back behind it"
      )
    }
    // From the newest back, so that what is left hangs together at every moment.
    let cut = after.sorted { $0.sequence > $1.sequence }
    logSteps += cut.map { .quarantine("operations/" + $0.text, reason: "the operation before it is lost") }
    if isCut {
      logReason = "the log is cut after operation \(chain.count), where it is damaged"
    }
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
