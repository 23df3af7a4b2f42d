import Records
import Workbench

/// Training runs in JSON.
enum RunDocument {
  /// What `train` and the list of runs say of one.
  static func members(_ run: RunSummary) -> [JSONMember] {
    [
      JSONMember("run", .string(run.run)), JSONMember("commit", .string(run.commit)),
      JSONMember("snapshot", .string(run.snapshot)), JSONMember("version", .string(run.version)),
      JSONMember("model", .string(run.model)), JSONMember("model_digest", .string(run.modelDigest)),
      JSONMember("steps", .int(run.steps)), JSONMember("first_loss", .number(run.firstLoss)),
      JSONMember("last_loss", .number(run.lastLoss)), JSONMember("tokens", .int(run.tokens)),
      JSONMember("records", .int(run.total)), JSONMember("used", .int(run.used)),
      JSONMember(
        "seen",
        .array(
          run.seen.map { range in
            .object([
              JSONMember("batch", .string(range.batch)),
              JSONMember(
                "rows", .array(range.rows.map { .array([.int($0.lowerBound), .int($0.upperBound)]) })),
            ])
          })),
      JSONMember("validation", validation(run)),
      JSONMember("started", .string(run.started)), JSONMember("ended", .string(run.ended)),
    ]
  }

  private static func validation(_ run: RunSummary) -> JSONValue {
    guard let measured = run.validation else { return .null }
    return .object([
      JSONMember("commit", .string(measured.commit)), JSONMember("records", .int(measured.records)),
      JSONMember("before", .number(measured.before)), JSONMember("after", .number(measured.after)),
      JSONMember("step", .int(measured.step)),
    ])
  }

  /// `runs show --json`.
  static func document(_ details: RunDetails) -> JSONValue {
    .document(
      "runs-show",
      [
        JSONMember("run", run(details)), JSONMember("folder", folder(details.folder)),
        JSONMember("curve", curve(details.curve, hasSteps: true)),
      ])
  }

  /// `runs compare --json`.
  static func document(_ comparison: RunComparison) -> JSONValue {
    .document(
      "runs-compare",
      [
        JSONMember(
          "runs",
          .array(
            comparison.runs.map {
              .object([
                JSONMember("run", run($0)), JSONMember("folder", folder($0.folder)),
                JSONMember("curve", curve($0.curve, hasSteps: false)),
              ])
            })),
        JSONMember("settings", .array(comparison.settings.map(setting))),
        JSONMember("versions", .array(comparison.versions.map(version))),
        JSONMember(
          "losses",
          .array(
            comparison.losses.map {
              .object([
                JSONMember("step", .int($0.step)),
                JSONMember("values", .array($0.values.map { .number($0) })),
              ])
            })),
      ])
  }

  private static func run(_ details: RunDetails) -> JSONValue {
    guard let run = details.run else { return .null }
    return .object(
      members(run) + [
        JSONMember("seconds", .int(run.seconds)), JSONMember("template", .string(run.template)),
        JSONMember("seed", .int(run.seed)),
        JSONMember(
          "settings", .object(run.configuration.map { JSONMember($0.name, $0.value) })),
        JSONMember("code", .string(run.code)),
        JSONMember(
          "repository",
          run.repository.map {
            .object([JSONMember("head", .string($0.head)), JSONMember("dirty", .bool($0.isDirty))])
          } ?? .null),
        JSONMember(
          "output",
          run.output.map {
            .object([JSONMember("name", .string($0.name)), JSONMember("digest", .string($0.digest))])
          } ?? .null),
        JSONMember("metrics_digest", .optional(run.metricsDigest)),
      ])
  }

  private static func folder(_ folder: RunFolder?) -> JSONValue {
    guard let folder else { return .null }
    return .object([
      JSONMember("path", .string(folder.path)), JSONMember("model", .string(folder.model.rawValue)),
      JSONMember("metrics", .string(folder.metrics.rawValue)),
    ])
  }

  private static func curve(_ curve: RunCurve?, hasSteps: Bool) -> JSONValue {
    guard let curve else { return .null }
    let best = curve.best.map { best -> JSONValue in
      .object([JSONMember("step", .int(best.step)), JSONMember("loss", .number(best.loss))])
    }
    let summary = [
      JSONMember("count", .int(curve.points.count)), JSONMember("best", best ?? .null),
      JSONMember("diverged", curve.divergence.map { .int($0) } ?? .null),
      JSONMember("tokens_per_second", curve.tokensPerSecond.map { .number($0) } ?? .null),
      JSONMember("torn", .bool(curve.isTorn)),
    ]
    let heldOut = curve.heldOut.map {
      JSONValue.object([JSONMember("step", .int($0.step)), JSONMember("loss", .number($0.loss))])
    }
    let steps = [
      JSONMember("steps", .array(curve.points.map(point))), JSONMember("held_out", .array(heldOut)),
    ]
    return .object(summary + (hasSteps ? steps : []))
  }

  private static func point(_ point: MetricsLine) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    return .object([
      JSONMember("step", .int(point.step)), JSONMember("loss", .number(point.loss)),
      JSONMember("tokens", point.tokens.map { .int($0) } ?? .null),
      JSONMember("seconds", number(point.seconds)),
      JSONMember("learning_rate", number(point.learningRate)),
      JSONMember("gradient_norm", number(point.gradientNorm)),
    ])
  }

  private static func setting(_ setting: RunComparison.Setting) -> JSONValue {
    .object([
      JSONMember("name", .string(setting.name)),
      JSONMember("values", .array(setting.values.map { $0 ?? .null })),
    ])
  }

  private static func version(_ version: RunComparison.Version) -> JSONValue {
    .object([
      JSONMember("from", .string(version.from.commit)), JSONMember("to", .string(version.to.commit)),
      JSONMember("added", .int(version.counts.added)), JSONMember("edited", .int(version.counts.edited)),
      JSONMember("removed", .int(version.counts.removed)),
    ])
  }
}
