import History
import Llama
import Objects
import Records

/// The records of a version as training examples, in the order of a checkout, each verified on the way.
struct TrainingData {
  let records: [RecordID]
  /// The records' pairs.
  let pairs: [ObjectID]
  let sequences: [TrainingSequence]
  /// Records of the version, used or not.
  let total: Int

  /// Reads all of a version, so that a damaged record is found whether it is drawn or not.
  ///
  /// - Parameter count: how many records to draw; nil for all.
  /// - Throws: ``Failure`` naming the record that does not verify.
  init(_ commit: Commit, in workspace: Workspace, drawing count: Int?, seed: UInt64, encoder: ExampleEncoder)
    throws
  {
    var entries: [TreeEntry] = []
    let tree = workspace.tree(of: commit)
    for (id, _) in try workspace.batches(of: commit) {
      var cursor = tree.entries(in: RecordID.range(of: BatchPrefix(of: id)))
      while let leaf = try cursor.nextLeaf() { entries += leaf }
    }
    total = entries.count
    guard total == commit.dataset.records else {
      throw Failure(
        .data, "the version says it has \(commit.dataset.records) records and has \(total)",
        hint: Failure.damageHint)
    }
    if let count, count > total {
      throw Failure(.usage, "`--records \(count)` asks for more than the version's \(total) records")
    }
    let drawn = Self.draw(count ?? total, of: total, seed: seed)
    let (store, threads) = (workspace.store, workspace.session.threads)
    let slices = stride(from: 0, to: entries.count, by: 256).map { $0..<min($0 + 256, entries.count) }
    let all = entries
    let encoded = try parallel(slices.count, threads: threads) { index in
      let reader = try ObjectReader(store)
      return try slices[index].compactMap { position -> TrainingSequence? in
        let pair: Pair
        do {
          pair = try Pair(canonical: reader.read(all[position].object, .pair))
        } catch {
          throw Failure(
            .data, "record `\(all[position].key)` does not verify: \(error)",
            hint: "nothing was trained; `mdata fsck` says what is damaged and what to do")
        }
        guard drawn[position] else { return nil }
        do {
          return try encoder.encode(TrainingExample(pair))
        } catch {
          throw Failure(
            .data, "record `\(all[position].key)`: \(error)",
            hint: "choose another `--template`, or train on a version without such conversations")
        }
      }
    }
    sequences = encoded.flatMap(\.self)
    let used = entries.indices.filter { drawn[$0] }
    records = used.map { entries[$0].key }
    pairs = used.map { entries[$0].object }
  }

  /// Which of `total` positions are drawn: the first `count` of a shuffle that is not any epoch's.
  private static func draw(_ count: Int, of total: Int, seed: UInt64) -> [Bool] {
    var drawn = [Bool](repeating: count == total, count: total)
    if count < total {
      for position in EpochOrder(seed: ~seed, count: total).indices(epoch: 0).prefix(count) {
        drawn[position] = true
      }
    }
    return drawn
  }

  /// Records by their positions, as ranges of rows by batch.
  func seen(_ positions: [Int]) -> [Run.SeenRows] {
    var ranges: [(batch: BatchPrefix, rows: [ClosedRange<UInt32>])] = []
    for record in positions.map({ records[$0] }).sorted() {
      if ranges.last?.batch != record.batch { ranges.append((record.batch, [])) }
      let last = ranges.count - 1
      if let range = ranges[last].rows.last, range.upperBound + 1 == record.row {
        ranges[last].rows[ranges[last].rows.count - 1] = range.lowerBound...record.row
      } else {
        ranges[last].rows.append(record.row...record.row)
      }
    }
    return ranges.map { Run.SeenRows(batch: $0.batch, rows: $0.rows) }
  }
}

extension TrainingExample {
  /// A pair as training sees it.
  init(_ pair: Pair) {
    self.init(
      system: pair.system,
      turns: pair.turns.map { turn in
        let role: ChatMessage.Role =
          switch turn.role {
          case .system: .system
          case .user: .user
          case .assistant: .assistant
          }
        return ChatMessage(role: role, content: turn.content)
      }, instruction: pair.instruction, input: pair.input, output: pair.output)
  }
}
