import Objects
import Records

/// Looks into the trees of versions: every node once, however many versions share it.
///
/// What a node's own bytes can break is refused when it is decoded; here each node is held to what its parent says of
/// it, and every object that an entry names must be there.
final class TreeCheck {
  /// What is known of the part of a tree under a node.
  private struct Facts {
    let level: Int
    let first: RecordID?
    let last: RecordID?
    let count: Int
    /// What is lost under it.
    let losses: [Int]
  }

  private enum Use: Hashable { case records, batches }

  private struct Key: Hashable {
    let id: ObjectID
    let use: Use
  }

  /// A batch that rows or versions name.
  private struct BatchFacts {
    /// Nil when the batch is lost or malformed.
    let batch: Batch?
    let losses: [Int]
    /// The origins chunks that are lost, by their place, and their losses.
    let lostChunks: [Int: Int]
  }

  /// Entries of all different leaves of records.
  private(set) var records = 0
  private let inventory: ObjectInventory
  private let losses: Losses
  /// Nil while a node is being looked at and for one that cannot be read.
  private var known: [Key: (facts: Facts?, losses: [Int])] = [:]
  private var batches: [BatchPrefix: BatchFacts] = [:]

  init(inventory: ObjectInventory, losses: Losses) {
    self.inventory = inventory
    self.losses = losses
  }

  /// Checks the two trees of a version and its report, and notes the commit with everything it lacks.
  func check(_ dataset: Dataset, of commit: CommitID) {
    // Batches first: there they are named in full, in record ids by their beginning.
    let found =
      root(dataset.batches, .batches, count: dataset.batchCount)
      + root(dataset.snapshot, .records, count: dataset.records)
      + (dataset.report.map(self.report) ?? [])
    for number in Set(found).sorted() { losses.add(commit, to: number) }
  }

  /// The losses of a report and of what it names, which must be as many reasons as it says, in the order of the records.
  private func report(_ id: ObjectID) -> [Int] {
    let own = lossesOf(id, .report)
    let report: Report
    do {
      report = try Report(parsing: try inventory.read(id, .report))
    } catch {
      return own.isEmpty ? [losses.number(.misfit(id, Self.reason(error)), kind: .report)] : own
    }
    var found = own
    var count = 0
    var last: RecordID?
    for part in report.reasons {
      let lost = lossesOf(part, .reasons)
      found += lost
      if !lost.isEmpty { return found }
      do {
        let list = try Reasons(parsing: try inventory.read(part, .reasons)).list
        if let last, let first = list.first, first.record <= last {
          found.append(losses.number(.misfit(part, "it overlaps the reasons before it"), kind: .reasons))
        }
        count += list.count
        last = list.last?.record ?? last
      } catch {
        return found + [losses.number(.misfit(part, Self.reason(error)), kind: .reasons)]
      }
    }
    if count != report.count {
      found.append(
        losses.number(.misfit(id, "it has \(count) reasons and says \(report.count)"), kind: .report))
    }
    return found
  }

  private func root(_ id: ObjectID, _ use: Use, count: Int) -> [Int] {
    let (facts, found) = visit(id, use)
    guard let facts else {
      if use == .records { for number in found { losses.add(unnamed: count, to: number) } }
      return found
    }
    var reasons: [String] = []
    if facts.count != count {
      reasons.append("it holds \(facts.count) entries, and the version says \(count)")
    }
    if facts.level > 0, hasOneChild(id) { reasons.append("a root with one child stands for that child") }
    return found + reasons.map { losses.number(.misfit(id, $0), kind: .node) }
  }

  private func hasOneChild(_ id: ObjectID) -> Bool {
    guard let bytes = try? inventory.read(id, .node),
      case .inner(_, let children)? = try? TreeNodeDecoding.node(bytes, id: id)
    else { return false }
    return children.count == 1
  }

  private func visit(_ id: ObjectID, _ use: Use) -> (facts: Facts?, losses: [Int]) {
    let key = Key(id: id, use: use)
    if let known = known[key] { return known }
    var found = lossesOf(id, .node)
    let result: (facts: Facts?, losses: [Int])
    do {
      let node = try TreeNodeDecoding.node(try inventory.read(id, .node), id: id)
      // A tree that names itself below itself would need a hash of its own hash; still nothing here loops.
      known[key] = (nil, found)
      let facts =
        switch node {
        case .leaf(let entries): leaf(entries, use, found)
        case .inner(let level, let children): inner(level, children, use, found)
        }
      result = (facts, facts.losses)
    } catch {
      if found.isEmpty { found = [losses.number(.misfit(id, Self.reason(error)), kind: .node)] }
      result = (nil, found)
    }
    known[key] = result
    return result
  }

  private static func reason(_ error: any Error) -> String {
    if case TreeError.damagedNode(_, let reason)? = error as? TreeError { return reason }
    return "\(error)"
  }

  private func inner(_ level: Int, _ children: [TreeChild], _ use: Use, _ own: [Int]) -> Facts {
    var found = Set(own)
    var first: RecordID?
    var previous: RecordID?
    for (position, child) in children.enumerated() {
      let (facts, below) = visit(child.id, use)
      found.formUnion(below)
      if let facts {
        if position == 0 { first = facts.first }
        if let reason = mismatch(facts, child, level: level - 1, after: previous) {
          found.insert(losses.number(.misfit(child.id, reason), kind: .node))
        }
      } else if use == .records {
        for number in below { losses.add(unnamed: child.count, to: number) }
      }
      previous = child.lastKey
    }
    let count = children.reduce(0) { $0 + $1.count }
    return Facts(
      level: level, first: first, last: children.last?.lastKey, count: count, losses: found.sorted())
  }

  private func mismatch(_ facts: Facts, _ child: TreeChild, level: Int, after previous: RecordID?) -> String?
  {
    if facts.level != level { return "its level is \(facts.level), and its parent says \(level)" }
    if facts.last != child.lastKey { return "its last key is not the one its parent names" }
    if facts.count != child.count {
      return "it holds \(facts.count) entries, and its parent says \(child.count)"
    }
    if let previous, let first = facts.first, first <= previous { return "it overlaps the node before it" }
    return nil
  }

  private func leaf(_ entries: [TreeEntry], _ use: Use, _ own: [Int]) -> Facts {
    var found = Set(own)
    for entry in entries {
      switch use {
      case .records:
        records += 1
        check(record: entry, &found)
      case .batches: check(batch: entry, &found)
      }
    }
    return Facts(
      level: 0, first: entries.first?.key, last: entries.last?.key, count: entries.count,
      losses: found.sorted())
  }

  private func check(batch entry: TreeEntry, _ found: inout Set<Int>) {
    let id = entry.object
    let expected = RecordID(
      batch: BatchPrefix(high: entry.key.batch.high, low: UInt32(truncatingIfNeeded: id.word0 >> 32)),
      row: UInt32(truncatingIfNeeded: id.word0))
    if entry.key != expected || entry.origin != entry.key {
      found.insert(
        losses.number(.misfit(id, "the order of batches has it at another batch's place"), kind: .batch))
    }
    let facts = batch(BatchPrefix(of: id), id: id)
    found.formUnion(facts.losses)
    found.formUnion(facts.lostChunks.values)
  }

  private func check(record entry: TreeEntry, _ found: inout Set<Int>) {
    for number in lossesOf(entry.object, .pair) {
      losses.add(entry.key, to: number)
      found.insert(number)
    }
    check(row: entry.key, of: entry.key, isOrigin: entry.origin == entry.key, &found)
    if entry.origin != entry.key { check(row: entry.origin, of: entry.key, isOrigin: true, &found) }
  }

  /// A row that a record names must be one of its batch, and when its columns come from there, its origins too.
  private func check(row: RecordID, of record: RecordID, isOrigin: Bool, _ found: inout Set<Int>) {
    let facts = batch(row.batch, id: nil)
    for number in facts.losses {
      losses.add(record, to: number)
      found.insert(number)
    }
    guard let batch = facts.batch else { return }
    guard row.row >= 1, Int(row.row) <= batch.rows else {
      let id = inventory.batch(row.batch) ?? .zeroID
      let number = losses.number(
        .misfit(id, "it has \(batch.rows) rows, and a record names row \(row.row)"), kind: .batch)
      losses.add(record, to: number)
      found.insert(number)
      return
    }
    if isOrigin, !facts.lostChunks.isEmpty, batch.chunk > 0,
      let number = facts.lostChunks[(Int(row.row) - 1) / batch.chunk]
    {
      losses.add(record, to: number)
      found.insert(number)
    }
  }

  private func batch(_ prefix: BatchPrefix, id wanted: ObjectID?) -> BatchFacts {
    if let known = batches[prefix] { return known }
    let facts = examine(prefix, wanted ?? inventory.batch(prefix))
    // A batch known by its prefix alone may be named in full later.
    if facts.batch != nil || wanted != nil { batches[prefix] = facts }
    return facts
  }

  private func examine(_ prefix: BatchPrefix, _ id: ObjectID?) -> BatchFacts {
    guard let id else {
      let number = losses.number(.misfit(.zeroID, "the batch \(prefix.hex) is in no pack"), kind: .batch)
      return BatchFacts(batch: nil, losses: [number], lostChunks: [:])
    }
    let own = lossesOf(id, .batch)
    let batch: Batch
    do {
      batch = try Batch(parsing: try inventory.read(id, .batch))
    } catch {
      let found = own.isEmpty ? [losses.number(.misfit(id, Self.reason(error)), kind: .batch)] : own
      return BatchFacts(batch: nil, losses: found, lostChunks: [:])
    }
    var found = Set(own)
    for named in batch.prompts { found.formUnion(lossesOf(named.object, .prompt)) }
    for named in batch.seeds { found.formUnion(lossesOf(named.object, .seed)) }
    var lostChunks: [Int: Int] = [:]
    for (place, chunk) in batch.origins.enumerated() {
      if let number = lossesOf(chunk, .origins).first {
        lostChunks[place] = number
      } else if let reason = flaw(of: chunk, at: place, in: batch) {
        lostChunks[place] = losses.number(.misfit(chunk, reason), kind: .origins)
      }
    }
    return BatchFacts(batch: batch, losses: found.sorted(), lostChunks: lostChunks)
  }

  /// Why an intact origins chunk cannot be the one at a place of a batch.
  private func flaw(of id: ObjectID, at place: Int, in batch: Batch) -> String? {
    do {
      let chunk = try OriginsChunk(parsing: try inventory.read(id, .origins))
      let first = place * batch.chunk + 1
      let rows = min(batch.chunk, batch.rows - first + 1)
      return chunk.first == first && chunk.count == rows
        ? nil : "it has \(chunk.count) rows from \(chunk.first), and its batch needs \(rows) from \(first)"
    } catch {
      return Self.reason(error)
    }
  }

  /// The loss that an object is: none when readers find it.
  private func lossesOf(_ id: ObjectID, _ kind: ObjectKind) -> [Int] {
    switch inventory.state(of: id, kind) {
    case .sound: []
    case .stranded(let pack): [losses.number(.pack(pack), kind: kind)]
    case .lost: [losses.number(.object(id), kind: kind)]
    }
  }
}

extension ObjectID {
  /// No object's id.
  static var zeroID: ObjectID {
    [UInt8](repeating: 0, count: byteCount).withUnsafeBytes { ObjectID(loading: $0) }
  }
}
