import Records
import Workbench

/// What is known of a run in words, for the terminal and for pages.
enum RunFacts {
  static func all(_ details: RunDetails) -> [(name: String, value: String)] {
    var facts: [(String, String)] = []
    if let run = details.run {
      facts += recorded(run)
    } else {
      facts.append(("run", "none is recorded: training is still going on, or ended without a model"))
    }
    facts += losses(details)
    if let rate = details.curve?.tokensPerSecond {
      facts.append(("speed", "\(Int(clamping: rate).grouped) tokens/s in the steps"))
    }
    facts.append(("folder", folder(details)))
    return facts
  }

  private static func recorded(_ run: RunSummary) -> [(String, String)] {
    var facts = [
      ("run", run.run),
      (
        "trained",
        "\(time(run.started)) to \(time(run.ended)) UTC (\(duration(run.seconds))), \(run.steps.of("step")), \(run.tokens.of("token"))"
      ),
      ("version", "\(run.version) = \(run.commitShort), snapshot \(run.snapshot.prefix(12))"),
      ("model", "\(run.model), SHA-256 \(run.modelDigest.prefix(12))"),
      ("template", "\(run.template), seed \(run.seed)"),
      (
        "records",
        "\(run.used.grouped) of \(run.total.grouped) seen, \((run.total - run.used).grouped) not"
      ),
      ("code", run.code),
    ]
    if let repository = run.repository {
      facts[facts.count - 1].1 +=
        ", in a repository at \(repository.head.prefix(12))\(repository.isDirty ? " with changes" : "")"
    }
    return facts
  }

  /// First, last and least loss: of the steps where they are there, and else as recorded.
  private static func losses(_ details: RunDetails) -> [(String, String)] {
    guard let curve = details.curve, let first = curve.points.first, let last = curve.points.last else {
      guard let run = details.run else { return [] }
      let heldOut = heldOut(details).map { [("held out", $0)] } ?? []
      return [("loss", "\(run.firstLoss.fixed(4)) → \(run.lastLoss.fixed(4))")] + heldOut
    }
    var text = "\(first.loss.fixed(4)) → \(last.loss.fixed(4))"
    if let best = curve.best { text += ", least \(best.loss.fixed(4)) at step \(best.step.grouped)" }
    if let step = curve.divergence { text += ", no number from step \(step.grouped) on" }
    var facts = [("loss", text)]
    if let heldOut = heldOut(details) { facts.append(("held out", heldOut)) }
    if curve.isTorn {
      facts.append(
        ("note", "the last line of metrics.jsonl is cut off; read up to step \(last.step.grouped)"))
    }
    return facts
  }

  /// The loss of held-out records before and after: as recorded, or as far as the training has come.
  private static func heldOut(_ details: RunDetails) -> String? {
    if let measured = details.run?.validation {
      return
        "\(measured.before.fixed(4)) → \(measured.after.fixed(4)) after step \(measured.step.grouped), \(measured.records.of("record")) of \(measured.commit.prefix(8))"
    }
    guard let first = details.curve?.heldOut.first, let last = details.curve?.heldOut.last else { return nil }
    return "\(first.loss.fixed(4)) → \(last.loss.fixed(4)) after step \(last.step.grouped)"
  }

  private static func folder(_ details: RunDetails) -> String {
    guard let folder = details.folder else {
      let name = details.run?.output?.name
      return name.map { "`\($0)` is neither here nor beside the repository; `--out DIR` says where it is" }
        ?? "none was written"
    }
    return "\(folder.path): model \(folder.model.words), metrics.jsonl \(folder.metrics.words)"
  }

  /// A run in one line, for a list of those that are compared.
  static func line(_ details: RunDetails) -> String {
    var parts: [String] = []
    if let run = details.run {
      parts += [
        "run \(run.short)", run.model, "on \(run.version) (\(run.commitShort))", run.steps.of("step"),
      ]
    }
    if let folder = details.folder { parts.append("in \(folder.path)") }
    if details.run == nil { parts.append("not recorded") }
    if let loss = losses(details).first { parts.append("loss \(loss.1)") }
    return parts.joined(separator: ", ")
  }

  static func rows(_ rows: [ClosedRange<Int>]) -> String {
    rows.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ", ")
  }

  private static func time(_ text: String) -> String { text.prefix(10) + " " + text.dropFirst(11).prefix(8) }

  /// `3 h 5 min 20 s`.
  private static func duration(_ seconds: Int) -> String {
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
    let said = parts.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    return said.isEmpty ? "0 s" : said.joined(separator: " ")
  }
}

extension RunFolder.State {
  fileprivate var words: String {
    switch self {
    case .intact: "as recorded"
    case .changed: "not as recorded"
    case .missing: "missing"
    case .unchecked: "not compared"
    }
  }
}

extension JSONValue {
  /// A setting for people: a text without its quotes.
  var short: String { string ?? String(decoding: CanonicalJSON.encode(self), as: UTF8.self) }
}

extension Int {
  /// The nearest whole number, as far as there is one.
  fileprivate init(clamping value: Double) {
    self = value.isFinite ? Int(Swift.max(-9e15, Swift.min(9e15, value.rounded()))) : 0
  }
}
