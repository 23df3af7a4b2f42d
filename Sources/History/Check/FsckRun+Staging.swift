import Objects
import Records

extension FsckRun {
  func checkStaging() {
    checkKeptStates()
    let state = "staging/state.json"
    let area = StagingArea(folder: at("staging"), fileSystem: fileSystem)
    var reason = ""
    var current: StagingState?
    if let bytes = contents(state, limit: StagingArea.longestState, .staging) {
      do {
        let found = try area.current()
        if found.canonicalBytes == bytes {
          current = found
        } else {
          reason = "it is not spelled as mdata writes it"
        }
      } catch HistoryError.damaged(_, let text) {
        reason = bytes.isEmpty ? "it is empty" : text
      } catch {
        reason = "\(error)"
      }
    } else {
      current = .empty
    }
    if let found = current, !ledger.isIncomplete, !ledger.allows(staged: found.digest) {
      reason =
        found.isEmpty
        ? "it is missing, and the operations left something staged"
        : "the operations left something else staged"
      current = nil
    }
    if let current, !ledger.isIncomplete, current.digest != ledger.staging {
      notice(
        .staging, state, "what is staged is as it was before the newest operation",
        next: "nothing, when that was interrupted: the next change completes or drops it")
    }
    guard let current else {
      damage(.staging, state, reason)
      return restoreState(area, reason)
    }
    let kept = StagingState(
      batches: current.batches.filter { check($0, area) }, merge: current.merge.flatMap(check))
    if kept != current {
      // What is left is another state than the log names: it is written into the log with the rest.
      let reason = "of what was staged, something is lost"
      stagingSteps.append(
        kept.isEmpty ? .quarantine(state, reason: reason) : .write(state, kept.canonicalBytes, reason: reason)
      )
      stagingSteps.append(.logReferences(reason: reason))
    }
    var named = Set(current.batches.map { $0.batch.hex + StagingArea.pairsExtension })
    for digest in ledger.states {
      named.formUnion(
        ((try? area.state(digest))?.batches ?? []).map { $0.batch.hex + StagingArea.pairsExtension })
    }
    for name in names(in: "staging") where name != "state.json" && !name.hasSuffix(StagingArea.stateExtension)
    {
      if !named.contains(name) { stranger("staging/" + name) }
    }
  }

  /// Every state that operations name is there, and every kept state is the one of its name.
  private func checkKeptStates() {
    let area = StagingArea(folder: at("staging"), fileSystem: fileSystem)
    var missing = ledger.states
    for name in names(in: "staging") where name.hasSuffix(StagingArea.stateExtension) {
      let inner = "staging/" + name
      guard let digest = ContentDigest(hex: String(name.dropLast(StagingArea.stateExtension.utf8.count)))
      else {
        stranger(inner)
        continue
      }
      let wasNeeded = missing.remove(digest) != nil
      guard let bytes = contents(inner, limit: StagingArea.longestState, .staging) else { continue }
      guard ContentDigest(ofBytes: bytes) != digest else { continue }
      damage(.staging, inner, bytes.isEmpty ? "it is empty" : "its digest is not the one in its name")
      // What is staged now is the state it names: then it is written again from there.
      if let current = try? area.current(), current.digest == digest {
        stagingSteps.append(.write(inner, current.canonicalBytes, reason: "what is staged now is this state"))
      } else {
        stagingSteps.append(
          .quarantine(
            inner, reason: wasNeeded ? "it is damaged; `undo` cannot bring it back" : "it is damaged"))
      }
    }
    for digest in missing.sorted(by: { $0.hex < $1.hex }) {
      let inner = "staging/" + digest.hex + StagingArea.stateExtension
      if let current = try? area.current(), current.digest == digest {
        damage(.staging, inner, "it is missing")
        stagingSteps.append(.write(inner, current.canonicalBytes, reason: "it was missing"))
      } else {
        notice(
          .staging, inner, "it is missing, so `undo` cannot bring back what was staged then",
          next: Finding.restore)
      }
    }
  }

  /// Whether a staged batch can be committed, as it is or after the repair.
  private func check(_ staged: StagedBatch, _ area: StagingArea) -> Bool {
    let state = "staging/state.json"
    let side = "staging/\(staged.batch.hex)\(StagingArea.pairsExtension)"
    let again = "`mdata add \(staged.source)` once more"
    guard let inventory else { return true }
    guard let batch = batch(staged.batch, inventory) else {
      damage(
        .staging, state, "the staged batch \(staged.batch) of `\(staged.source)` is lost or no batch",
        next: again)
      return false
    }
    if batch.rows != staged.rows || batch.pairs != staged.pairs
      || !(batch.source?.name ?? "").utf8.elementsEqual(staged.source.utf8)
    {
      damage(.staging, state, "it does not say of the batch \(staged.batch) what the batch says of itself")
      let right = StagedBatch(
        batch: staged.batch, rows: batch.rows, source: batch.source?.name ?? "", pairs: batch.pairs)
      return check(right, area)
    }
    let lost =
      (batch.origins.map { ($0, ObjectKind.origins) } + batch.prompts.map { ($0.object, .prompt) }
      + batch.seeds.map { ($0.object, .seed) }).filter { inventory.state(of: $0.0, $0.1) == .lost }
    for (id, kind) in lost {
      damage(
        .staging, state, "the \(kind.rawValue) \(id) of the staged batch \(staged.batch) is lost", next: again
      )
    }
    let pairs: [ObjectID]
    do {
      pairs = try area.pairs(of: staged)
    } catch {
      let reason =
        if case HistoryError.damagedStaging(_, let text) = error { text } else { "\(error)" }
      guard let found = derived(staged, inventory) else {
        damage(.staging, side, reason, next: again)
        return false
      }
      damage(.staging, side, reason)
      stagingSteps.append(.write(side, found, reason: "found again among the pairs of the batch's pack"))
      return true
    }
    let missing = pairs.count { inventory.state(of: $0, .pair) == .lost }
    if missing > 0 {
      damage(.staging, side, "\(missing) of its \(pairs.count) pairs are lost", next: again)
      return false
    }
    return lost.isEmpty
  }

  /// What can be done of a merge that waits for decisions: nil when their version is lost, and open again what was
  /// decided by a row that is lost.
  private func check(_ merge: PendingMerge) -> PendingMerge? {
    let state = "staging/state.json"
    guard let inventory else { return merge }
    for id in [merge.theirs, merge.base].compactMap({ $0 }) where commits[id]?.dataset == nil {
      damage(
        .staging, state, "the version `\(id)` that is being merged is lost", next: "`mdata merge --abort`")
      return nil
    }
    var merge = merge
    merge.decisions.removeAll { decision in
      guard let pair = decision.pair, inventory.state(of: pair, .pair) == .lost else { return false }
      damage(
        .staging, state, "the pair \(pair) that the conflict of \(decision.record) was decided with is lost",
        next: "`mdata resolve` decides it again")
      return true
    }
    return merge
  }

  private func batch(_ id: ObjectID, _ inventory: ObjectInventory) -> Batch? {
    guard let bytes = try? inventory.read(id, .batch) else { return nil }
    return try? Batch(parsing: bytes)
  }

  /// The bytes of a side file: an import writes its pairs in the order of its rows and then the batch, whose digest
  /// proves that these are they.
  private func derived(_ staged: StagedBatch, _ inventory: ObjectInventory) -> [UInt8]? {
    let pairs = inventory.pairs(before: staged.batch, .batch).suffix(staged.rows)
    guard pairs.count == staged.rows else { return nil }
    let bytes = pairs.flatMap(\.bytes)
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return ContentDigest(hasher.finish()) == staged.pairs ? bytes : nil
  }

  /// Brings back what the operations left staged: the kept state is the very file.
  private func restoreState(_ area: StagingArea, _ reason: String) {
    let state = "staging/state.json"
    guard let wanted = try? area.state(ledger.staging) else {
      stagingSteps.append(.quarantine(state, reason: reason))
      stagingSteps.append(.logReferences(reason: "what was staged is lost"))
      return
    }
    if wanted.isEmpty {
      stagingSteps.append(.quarantine(state, reason: reason))
    } else {
      stagingSteps.append(
        .write(state, wanted.canonicalBytes, reason: "\(reason); the operations name what is staged"))
    }
  }
}
