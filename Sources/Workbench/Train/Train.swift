import History
import Llama
import Objects
import Records

extension TrainRequest {
  /// Trains, writes the model and `metrics.jsonl`, and records the run against the exact version and rows.
  ///
  /// - Throws: ``Failure``. Before training has begun nothing has changed; after an interruption the output folder
  ///   holds the metrics so far and no model, and no run is recorded.
  public func run(in session: Session, report: (TrainEvent) -> Void) throws -> TrainResult {
    try Failure.wrapping {
      let config = try configuration()
      let workspace = try Workspace(session)
      let pinned = try Pinned(version, in: workspace)
      let target = session.path(output)
      let folder = try ModelFolder(path: session.path(model))
      try Self.check(target, named: output)
      let written = exampleTemplate(folder.chatTemplate)
      let encoder = try ExampleEncoder(
        tokenizer: folder.tokenizer, template: written, endOfSequence: folder.endOfSequence,
        limit: sequenceLength)
      let data = try TrainingData(
        pinned.commit, in: workspace, drawing: records, seed: seed, encoder: encoder)
      let digest = try ModelDigest.of(folder: folder.path)
      let llama = try folder.loadModel(threads: threads ?? session.threads, precision: operands())
      report(.ready(try plan(config, data, llama, folder, written, pinned.commit, workspace)))
      try session.fileSystem.createDirectory(target)
      let metrics = try MetricsFile(target + "/metrics.jsonl")
      let begun = session.steadyClock()
      let summary = try TrainingLoop(config).run(llama, on: data.sequences, clock: session.steadyClock) {
        step in
        try metrics.append(step)
        report(
          .step(
            TrainStep(
              step: step.step, loss: step.loss, tokens: step.tokens, tokensPerSecond: step.tokensPerSecond)))
      }
      try folder.write(llama, to: target)
      let ended = session.now + Int64(session.steadyClock() - begun)
      let run = try record(
        config, summary, data, written.name, pinned.commit, workspace,
        base: Run.Model(name: Session.baseName(folder.path), digest: digest), metrics: metrics.finish(),
        result: Run.Model(name: Session.baseName(target), digest: ModelDigest.of(folder: target)),
        ended: ended)
      let transaction = try workspace.begin("train", "train \(run.model.name) on \(run.version)")
      let id = try transaction.pack.add(.run, run.canonicalBytes)
      transaction.note(id)
      try transaction.finish()
      return TrainResult(run: try workspace.summary(id, run), output: output)
    }
  }

  /// Refuses a folder that holds a model already. It is made only when everything is read, so that a refused
  /// training leaves none.
  private static func check(_ target: String, named name: String) throws {
    let files = POSIXFileSystem()
    if let status = try files.status(target), status.kind == .regular {
      throw Failure(.usage, "`\(name)` is a file", hint: "give `--out` a folder, new or empty")
    }
    if try files.status(target + "/config.json") != nil {
      throw Failure(
        .usage, "`\(name)` holds a model already", hint: "give another `--out`, or remove it first")
    }
    guard let parent = try files.status(Session.folder(of: target)), parent.kind != .regular else {
      throw Failure(
        .missing, "there is no folder `\(Session.folder(of: name))` to make `\(name)` in",
        hint: "make it first: `mkdir -p \(Session.folder(of: name))`")
    }
  }

  /// The template that was asked for, or the model's own, or Alpaca's.
  private func exampleTemplate(_ own: ChatTemplateChoice) -> ExampleTemplate {
    if let template, let named = ExampleTemplate(name: template, model: own.template) { return named }
    return own.template.map { .chat($0) } ?? .prompt(.alpaca)
  }

  private func plan(
    _ config: TrainingConfig, _ data: TrainingData, _ model: LlamaModel, _ folder: ModelFolder,
    _ template: ExampleTemplate, _ commit: Commit, _ workspace: Workspace
  ) throws -> TrainPlan {
    let usable = data.sequences.count { $0.trainedTokens > 0 }
    if usable == 0 { throw TrainingError.nothingToLearn(examples: data.sequences.count) }
    return TrainPlan(
      commit: try workspace.repository.git().shortHex(commit.id), records: data.records.count,
      parameters: model.parameterCount, steps: config.steps(examples: usable), template: template.name,
      ignoresChatTemplate: self.template == nil && folder.chatTemplate == .unknown)
  }

  private func record(
    _ config: TrainingConfig, _ summary: TrainingSummary, _ data: TrainingData, _ template: String,
    _ commit: Commit, _ workspace: Workspace, base: Run.Model, metrics: ContentDigest, result: Run.Model,
    ended: Int64
  ) throws -> Run {
    let session = workspace.session
    let written =
      switch version {
      case .revision(let revision): revision
      case .locked: PinnedVersion.fileName
      }
    var run = Run(
      verb: "train", commit: commit.id.hex, snapshot: commit.dataset.snapshot, version: written, model: base,
      config: json(config), template: template, seed: Int(clamping: seed),
      records: Run.Records(
        total: data.total, used: summary.usedExamples.count, seen: data.seen(summary.usedExamples)),
      steps: summary.steps, tokens: summary.tokens,
      loss: Run.Loss(first: summary.firstLoss, last: summary.lastLoss),
      metrics: metrics, output: result, code: Version.code,
      started: Timestamp(secondsSince1970: Int(session.now)), ended: Timestamp(secondsSince1970: Int(ended)))
    if let code = try CodeRepository.containing(session.directory), let head = code.head {
      run.repository = Run.CodeRepository(head: head.hex, dirty: code.isDirty)
    }
    return run
  }

  private func json(_ config: TrainingConfig) -> JSONValue {
    var members = [
      JSONMember("batch", .integer(batch)), JSONMember("accumulate", .integer(accumulate)),
      JSONMember("seq_len", .integer(sequenceLength)), JSONMember("lr", .number(learningRate)),
      JSONMember("schedule", .string(config.schedule.rawValue)), JSONMember("warmup", .number(warmup)),
      JSONMember("weight_decay", .number(weightDecay)), JSONMember("clip", .number(clip)),
      JSONMember("precision", .string(precision)),
    ]
    if let steps {
      members.append(JSONMember("steps", .integer(steps)))
    } else {
      members.append(JSONMember("epochs", .integer(epochs)))
    }
    if let records { members.append(JSONMember("records", .integer(records))) }
    return .object(members)
  }
}
