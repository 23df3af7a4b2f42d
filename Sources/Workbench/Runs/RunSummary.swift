public import Records

/// A training run, as results name it.
public struct RunSummary: Sendable {
  /// Id of the run object, in full.
  public var run: String
  /// Its shortest unique prefix.
  public var short: String
  /// The commit it was trained on.
  public var commit: String
  /// Short form of it.
  public var commitShort: String
  /// Root of that commit's snapshot, in hex.
  public var snapshot: String
  /// What the user called the version.
  public var version: String
  /// Name of the base model's folder.
  public var model: String
  /// SHA-256 over the base model's weights and tokenizer.
  public var modelDigest: String
  /// Optimiser steps made.
  public var steps: Int
  /// Loss of the first and the last step.
  public var firstLoss: Double
  /// Loss of the last step.
  public var lastLoss: Double
  /// What was measured on held-out records: how many, of which commit, the mean loss before training and of the model that
  /// was written, and the step of that; nil when nothing was.
  public var validation: (records: Int, commit: String, before: Double, after: Double, step: Int)?
  /// Tokens trained on, answers and prompts.
  public var tokens: Int
  /// Records of the version.
  public var total: Int
  /// Records the model saw.
  public var used: Int
  /// Which: rows by batch, as ranges.
  public var seen: [(batch: String, rows: [ClosedRange<Int>])]
  /// The configuration, by name.
  public var configuration: [(name: String, value: JSONValue)]
  /// Name of the template that the examples were written in.
  public var template: String
  /// Seed of the order of the data.
  public var seed: Int
  /// Name of the folder that the result was written to, and SHA-256 over the model in it; nil when none was.
  public var output: (name: String, digest: String)?
  /// SHA-256 of `metrics.jsonl`; nil when none was written.
  public var metricsDigest: String?
  /// The program that trained, with its version.
  public var code: String
  /// The git id of the code repository's HEAD, and whether it had changes that were not committed; nil outside one.
  public var repository: (head: String, isDirty: Bool)?
  /// RFC 3339.
  public var started: String
  /// RFC 3339.
  public var ended: String
  /// How long it took, in seconds, from reading the data to the written model.
  public var seconds: Int
}
