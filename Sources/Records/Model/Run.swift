/// A training run: which records of which version a model saw, how, and what came out.
public struct Run: Sendable {
  /// A model and the digest of its files.
  public struct Model: Hashable, Sendable {
    /// The folder's or file's name.
    public var name: String
    /// The digest of its contents.
    public var digest: ContentDigest

    /// A model.
    public init(name: String, digest: ContentDigest) {
      self.name = name
      self.digest = digest
    }
  }

  /// The rows of one batch that a run saw.
  public struct SeenRows: Hashable, Sendable {
    /// The batch.
    public var batch: BatchPrefix
    /// Row numbers, from 1, ascending and apart from one another.
    public var rows: [ClosedRange<UInt32>]

    /// Seen rows of a batch.
    public init(batch: BatchPrefix, rows: [ClosedRange<UInt32>]) {
      self.batch = batch
      self.rows = rows
    }

    /// Whether the run saw a row. Takes logarithmic time.
    public func contains(_ row: UInt32) -> Bool {
      var low = 0
      var high = rows.count
      while low < high {
        let middle = (low + high) / 2
        if rows[middle].upperBound < row { low = middle + 1 } else { high = middle }
      }
      return low < rows.count && rows[low].contains(row)
    }
  }

  /// The records a run was given and those it saw.
  public struct Records: Hashable, Sendable {
    /// How many records the version has.
    public var total: Int
    /// How many of them were trained on at least once.
    public var used: Int
    /// Those, batch by batch.
    public var seen: [SeenRows]

    /// The records of a run.
    public init(total: Int, used: Int, seen: [SeenRows]) {
      self.total = total
      self.used = used
      self.seen = seen
    }
  }

  /// The mean loss a token, in nats, at the first and the last step. Not a number when training diverged, which
  /// JSON says as `null`.
  public struct Loss: Hashable, Sendable {
    /// At the first step.
    public var first: Double
    /// At the last step.
    public var last: Double

    /// The losses of a run.
    public init(first: Double, last: Double) {
      self.first = first
      self.last = last
    }
  }

  /// What was measured on records that were held out.
  public struct Validation: Hashable, Sendable {
    /// The git id of their commit.
    public var commit: String
    /// How many there are.
    public var records: Int
    /// Mean loss a token of the model before the first step, in nats.
    public var before: Double
    /// The same of the model that was written.
    public var after: Double
    /// The step whose weights were written.
    public var step: Int

    /// What was measured.
    public init(commit: String, records: Int, before: Double, after: Double, step: Int) {
      self.commit = commit
      self.records = records
      self.before = before
      self.after = after
      self.step = step
    }
  }

  /// The code repository that the run was started in.
  public struct CodeRepository: Hashable, Sendable {
    /// The git id of its HEAD.
    public var head: String
    /// Whether it had changes that were not committed.
    public var dirty: Bool

    /// A code repository.
    public init(head: String, dirty: Bool) {
      self.head = head
      self.dirty = dirty
    }
  }

  /// The verb, `train`.
  public var verb: String
  /// The git id of the commit trained on.
  public var commit: String
  /// The root node of its snapshot.
  public var snapshot: ObjectID
  /// The version as it was asked for, such as `main` or `v1.2`.
  public var version: String
  /// The model trained.
  public var model: Model
  /// Every setting of the run.
  public var config: JSONValue
  /// The prompt template, such as `alpaca`.
  public var template: String
  /// The seed of all randomness, at most 2^53.
  public var seed: Int
  /// The records given and seen.
  public var records: Records
  /// How many optimizer steps were taken.
  public var steps: Int
  /// How many tokens were trained on, prompts included.
  public var tokens: Int
  /// The losses; nil when no step was taken.
  public var loss: Loss?
  /// What was measured on held-out records; nil when none were.
  public var validation: Validation?
  /// The digest of the file with the figures of each step.
  public var metrics: ContentDigest?
  /// The model written; nil when none was.
  public var output: Model?
  /// The program and its version, such as `mdata 0.1.0`.
  public var code: String
  /// When the run began.
  public var started: Timestamp
  /// When it ended.
  public var ended: Timestamp
  /// The code repository it was started in.
  public var repository: CodeRepository?

  /// A run.
  public init(
    verb: String = "train", commit: String, snapshot: ObjectID, version: String, model: Model,
    config: JSONValue,
    template: String, seed: Int, records: Records, steps: Int, tokens: Int, loss: Loss?,
    validation: Validation? = nil, metrics: ContentDigest?, output: Model?, code: String, started: Timestamp,
    ended: Timestamp,
    repository: CodeRepository? = nil
  ) {
    self.verb = verb
    self.commit = commit
    self.snapshot = snapshot
    self.version = version
    self.model = model
    self.config = config
    self.template = template
    self.seed = seed
    self.records = records
    self.steps = steps
    self.tokens = tokens
    self.loss = loss
    self.validation = validation
    self.metrics = metrics
    self.output = output
    self.code = code
    self.started = started
    self.ended = ended
    self.repository = repository
  }

  /// Whether the run trained on the pair a record had in the run's version.
  public func saw(_ record: RecordID) -> Bool {
    records.seen.contains { $0.batch == record.batch && $0.contains(record.row) }
  }
}

extension Run: Equatable {
  /// Runs are equal when their canonical bytes are.
  public static func == (left: Run, right: Run) -> Bool { left.canonicalBytes == right.canonicalBytes }
}
