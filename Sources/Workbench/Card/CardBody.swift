import Records

/// The page of a card, in Markdown. Everything that comes from rows or files is escaped.
struct CardBody {
  let card: DatasetCard

  /// Rows of a table that counts values; what is left is one row.
  private static let mostValues = 20
  private static let mostSources = 50
  private static let longestRecipe = 4_000

  var text: String {
    ([title] + contents + licences + sources + provenance + making + use + limits).joined(separator: "\n\n")
      + "\n"
  }

  private func inline(_ text: String) -> String { MarkdownText.inline(text) }

  private func number(_ count: Int) -> String { "\(count)" }

  private func share(_ count: Int) -> String {
    guard card.records > 0 else { return "0 %" }
    let tenths = Int((Double(count) * 1000 / Double(card.records)).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private var title: String {
    let pairs = card.pairs == card.records ? "all different" : "\(card.pairs) of them different"
    let intro =
      "\(card.records) \(card.records == 1 ? "record" : "records") for instruction tuning, \(pairs): each an instruction and its answer, some with an input, a system message or earlier turns."
    return "# \(card.name.map(inline) ?? "Dataset card")\n\n\(intro)"
  }

  // MARK: Contents

  private var contents: [String] {
    let lengths = card.lengths.map {
      [
        $0.field, number($0.texts), number($0.least), number($0.median), tenths($0.mean),
        number($0.percentile95),
        number($0.greatest),
      ]
    }
    return [
      "## Contents",
      "Lengths in Unicode characters:",
      MarkdownText.table(
        ["field", "records", "least", "median", "mean", "95 %", "greatest"], lengths),
    ] + card.counts.flatMap(counts)
  }

  private func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private func counts(_ counts: DatasetCard.Counts) -> [String] {
    var rows = counts.values.prefix(Self.mostValues).map {
      [inline($0.value), number($0.count), share($0.count)]
    }
    let rest = counts.values.dropFirst(Self.mostValues)
    let others = rest.reduce(counts.others) { $0 + $1.count }
    if others > 0 {
      rows.append([
        counts.others > 0 ? "others" : "\(rest.count) others", number(others), share(others),
      ])
    }
    if counts.missing > 0 { rows.append(["none", number(counts.missing), share(counts.missing)]) }
    return [
      "By \(inline(counts.name)):", MarkdownText.table([inline(counts.name), "records", "share"], rows),
    ]
  }

  // MARK: Licences and sources

  private var licences: [String] {
    var rows = card.licenses.prefix(Self.mostValues).map {
      [inline($0.license), number($0.count), share($0.count)]
    }
    let others = card.licenses.dropFirst(Self.mostValues).reduce(0) { $0 + $1.count }
    if others > 0 { rows.append(["others", number(others), share(others)]) }
    if card.unlicensed > 0 { rows.append(["none stated", number(card.unlicensed), share(card.unlicensed)]) }
    let names = card.license.identifiers.map(inline).joined(separator: ", ")
    var said: String
    if card.license.isStated {
      said = "Whoever wrote this card states the licence \(names). No record states another one."
      if card.unlicensed > 0 {
        said += " \(card.unlicensed) of \(card.records) records state none of their own."
      }
    } else if card.licenses.isEmpty {
      said = "No record states a licence."
    } else {
      said = "What the records and their batches state; nobody has stated a licence for the whole."
    }
    return ["## Licences", said, MarkdownText.table(["licence", "records", "share"], rows)]
  }

  private var sources: [String] {
    let rows = card.sources.prefix(Self.mostSources).map { source in
      [
        "`\(source.batch)`", source.file.map(inline) ?? "", number(source.rows), number(source.records),
        source.teacher.map(inline) ?? "", source.license.map(inline) ?? "",
        source.sha256.map { "`\($0.prefix(16))`" } ?? "",
      ]
    }
    let rest = card.sources.count - rows.count
    return [
      "## Sources",
      MarkdownText.table(
        ["batch", "file", "rows", "records here", "teacher", "licence", "SHA-256 begins"], rows),
    ] + (rest > 0 ? ["And \(rest) more batches."] : [])
  }

  // MARK: Where it comes from

  private var provenance: [String] {
    let rows = card.answers.map {
      [$0.question == "license" ? "licence" : $0.question, number($0.count), share($0.count)]
    }
    return [
      "## Provenance", "How many records can say where they came from:",
      MarkdownText.table(["question", "records", "share"], rows),
    ]
  }

  private var making: [String] {
    let steps = card.steps.map { step in
      [
        "`\(step.short)`", String(Timestamp(secondsSince1970: Int(step.time)).text.prefix(10)),
        inline(step.summary),
        number(step.counts.added), number(step.counts.edited), number(step.counts.removed),
      ]
    }
    var parts = ["## How it was made"]
    for source in card.sources.prefix(Self.mostSources) where !source.prompts.isEmpty || source.seeds > 0 {
      let prompts = source.prompts.prefix(5).map(inline).joined(separator: ", ")
      parts.append(
        "Batch `\(source.batch)`: \(source.seeds) seeds, "
          + (source.prompts.isEmpty
            ? "no prompt." : "prompts \(prompts)\(source.prompts.count > 5 ? ", …" : "")."))
    }
    for source in card.sources.prefix(Self.mostSources) {
      guard let recipe = source.recipe else { continue }
      let json = String(decoding: CanonicalJSON.encode(recipe), as: UTF8.self)
      guard json.utf8.count <= Self.longestRecipe else { continue }
      parts.append("The recipe of batch `\(source.batch)`:")
      parts.append(MarkdownText.block(MarkdownText.visible(json), language: "json"))
    }
    parts.append(
      card.versions > steps.count
        ? "The newest \(steps.count) of \(card.versions) versions:"
        : card.versions == 1 ? "One version:" : "\(card.versions) versions, newest first:")
    parts.append(MarkdownText.table(["version", "date", "what", "added", "edited", "removed"], steps))
    return parts
  }

  private var use: [String] {
    let tags = card.tags.isEmpty ? "none" : card.tags.map(inline).joined(separator: ", ")
    let time = Timestamp(secondsSince1970: Int(card.commit.time)).text
    return [
      "## Version and reproduction",
      MarkdownText.table(
        ["", ""],
        [
          ["commit", "`\(card.commit.commit)`"], ["snapshot", "`\(card.commit.snapshot)`"], ["tags", tags],
          ["made", time],
        ]),
      "The snapshot is a digest of all records with their ids: whoever has the same snapshot has the same data. With the repository:",
      MarkdownText.block(
        """
        mdata checkout \(card.commit.commit) -o data.jsonl
        mdata audit \(card.commit.commit)
        mdata blame RECORD \(card.commit.commit)
        """, language: "sh"),
      "To cite it: \(card.name.map(inline) ?? "the dataset"), version \(card.tags.first.map(inline) ?? card.commit.short), snapshot `\(card.commit.snapshot)`.",
    ]
  }

  private var limits: [String] {
    var lines = [
      "- The counts are of what the rows and their batches state. No answer was judged for this card."
    ]
    if card.unlicensed > 0 { lines.append("- \(card.unlicensed) records state no licence.") }
    for answer in card.answers where answer.question == "teacher" && answer.count < card.records {
      lines.append(
        "- Of \(card.records - answer.count) records it is not known who or what wrote the answer.")
    }
    for anomaly in card.anomalies {
      lines.append(
        "- \(anomaly.count) \(anomaly.count == 1 ? "record has" : "records have") \(anomaly.meaning).")
    }
    return ["## Limits", lines.joined(separator: "\n")]
  }
}
