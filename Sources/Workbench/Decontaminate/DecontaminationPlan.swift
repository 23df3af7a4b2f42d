import Curation
import History
import Objects
import Records

/// What evaluation sets have in common with the items that are looked at: computed from what it reads, changing nothing.
struct DecontaminationPlan {
  /// Something that an item has in common with an evaluation item.
  struct Hit {
    let item: Int
    let evaluation: ItemPlace
    /// Which evaluation set it is of.
    let set: Int
    /// `13-gram` for 13 words in a row, `whole` for a whole prompt that is shorter, or `rouge-l`.
    let rule: String
    /// Words in a row, or the F-measure.
    let score: Double
    /// The words in a row that both have; empty for `rouge-l`.
    let span: String
  }

  /// A form of words that so many evaluation items have that it says nothing.
  struct Form {
    let text: String
    let items: Int
    let evaluations: Int
  }

  /// The records of a version; empty for a file.
  private(set) var entries: [TreeEntry] = []
  private(set) var count = 0
  /// Items of each evaluation set.
  private(set) var evaluations: [Int] = []
  /// In the order of the items.
  private(set) var hits: [Hit] = []
  /// The most frequent first.
  private(set) var forms: [Form] = []

  init(_ settings: DecontaminationSettings, of source: PairSource, against: [NamedSource], _ session: Session)
    throws
  {
    let tokenizer = try settings.checkedTokenizer()
    var encoder = TextEncoder(tokenizer)
    var (prompts, places, sets) = (TokenTexts(), [ItemPlace](), [Int]())
    for (number, other) in against.enumerated() {
      let before = prompts.lists.count
      try other.source.read(
        session, work: { try ComparedText(of: $0, fields: [.instruction, .input], groupBy: nil) },
        take: { entry, text in
          encoder.append(text, to: &prompts)
          places.append(
            entry.map { .record($0.key) } ?? .other(file: other.name, row: prompts.lists.count - before))
          sets.append(number)
        })
      evaluations.append(prompts.lists.count - before)
    }
    let (fields, isCompared) = (settings.fields, settings.rougeL != nil)
    var (texts, tasks) = (TokenTexts(), TokenTexts())
    try source.read(
      session,
      work: { pair in
        (
          try ComparedText(of: pair, fields: fields, groupBy: nil),
          isCompared ? try ComparedText(of: pair, fields: [.instruction, .input], groupBy: nil) : nil
        )
      },
      take: { entry, text in
        if let entry { entries.append(entry) }
        encoder.append(text.0, to: &texts)
        if let task = text.1 { encoder.append(task, to: &tasks) }
      })
    count = texts.lists.count
    let report = try settings.search(in: prompts.lists).report(on: texts.lists)
    for found in report.contaminations {
      let words = texts.lists[found.training].dropFirst(found.run.trainingStart).prefix(found.run.length)
      hits.append(
        Hit(
          item: found.training, evaluation: places[found.evaluation], set: sets[found.evaluation],
          rule: found.isWhole ? "whole" : "\(settings.ngram)-gram", score: Double(found.run.length),
          span: encoder.text(of: words)))
    }
    for form in report.boilerplate {
      guard let first = form.training.first else { continue }
      let words = texts.lists[first].dropFirst(form.trainingStart).prefix(form.length)
      forms.append(
        Form(text: encoder.text(of: words), items: form.training.count, evaluations: form.evaluations))
    }
    forms.sort {
      $0.items != $1.items ? $0.items > $1.items : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
    }
    guard let threshold = settings.rougeL else { return }
    let filter = try RougeLFilter(threshold: threshold, policy: .known, threads: session.threads)
    for (item, decision) in try filter.decisions(on: tasks.lists, known: [RougeLPool(prompts.lists)])
      .enumerated()
    {
      guard let nearest = decision.nearest, case .known(let number) = nearest.item else { continue }
      hits.append(
        Hit(
          item: item, evaluation: places[number], set: sets[number], rule: FilterPlan.rougeL,
          score: nearest.score,
          span: ""))
    }
    // A run says more than a likeness: it comes first.
    hits = hits.enumerated().sorted { ($0.element.item, $0.offset) < ($1.element.item, $1.offset) }.map(
      \.element)
  }

  /// Where an item stands.
  func place(_ item: Int) -> ItemPlace { entries.isEmpty ? .row(item + 1) : .record(entries[item].key) }

  /// The first hit of each item that has one.
  var contaminated: [Hit] {
    var last = -1
    return hits.filter { hit in
      defer { last = hit.item }
      return hit.item != last
    }
  }

  /// Why each record of a version would be dropped, in ascending order.
  var reasons: [Reason] {
    guard !entries.isEmpty else { return [] }
    return contaminated.map { hit in
      Reason(
        record: entries[hit.item].key, decision: .drop, rule: hit.rule, other: hit.evaluation.record,
        score: hit.score)
    }.sorted { $0.record < $1.record }
  }
}
