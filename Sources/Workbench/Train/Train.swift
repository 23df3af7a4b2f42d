import History
import Llama
import Objects
import Records

extension TrainRequest {
  /// What a training would be, and the memory it would take. Everything is read and verified, nothing is written.
  ///
  /// - Throws: ``Failure``.
  public func plan(in session: Session) throws -> TrainPlan {
    try Failure.wrapping { try PreparedTraining(self, in: session).plan }
  }

  /// Trains, writes the model or the adapter and `metrics.jsonl`, and records the run against the exact version and rows.
  ///
  /// - Throws: ``Failure``. Before training has begun nothing has changed; after an interruption the output folder
  ///   holds the metrics so far, the last checkpoint and no model, and no run is recorded.
  public func run(in session: Session, report: @escaping (TrainEvent) -> Void) throws -> TrainResult {
    try Failure.wrapping {
      let prepared = try PreparedTraining(self, in: session)
      if let done = try prepared.finished() { return done }
      try prepared.checkMemory()
      let begun = session.steadyClock()
      var training = try RunningTraining(prepared, report)
      try training.run()
      try write(training.model, prepared)
      let run = try prepared.record(
        training, ended: session.now + Int64(session.steadyClock() - begun))
      let transaction = try prepared.workspace.begin("train", "train \(run.model.name) on \(run.version)")
      let id = try transaction.pack.add(.run, run.canonicalBytes)
      transaction.note(id)
      try transaction.finish()
      // Only now nothing is to be gone on with.
      try CheckpointFolder(path: prepared.target.checkpoint).remove(in: session)
      return TrainResult(
        run: try prepared.workspace.summary(id, run), output: output, stoppedEarly: !training.loop.isDone)
    }
  }

  private func write(_ model: LlamaModel, _ prepared: PreparedTraining) throws {
    if adapter?.isMerged == false, let copy = model.adapterCopy(baseModel: self.model) {
      return try copy.write(to: prepared.target.path)
    }
    model.mergeAdapter()
    try prepared.base.write(model, to: prepared.target.path)
  }
}

extension PreparedTraining {
  /// The run, when all that a training was stopped before is taking its checkpoint away.
  fileprivate func finished() throws -> TrainResult? {
    guard checkpoint != nil else { return nil }
    let metrics = try RunPlace(request.output, workspace.session).metrics()?.digest
    let recorded = try workspace.runs().last { $0.run.metrics == metrics && metrics != nil }
    guard let (id, run) = recorded, run.output?.digest == (try ModelDigest.of(target.path)) else {
      return nil
    }
    try CheckpointFolder(path: target.checkpoint).remove(in: workspace.session)
    return TrainResult(
      run: try workspace.summary(id, run), output: request.output, stoppedEarly: run.steps < plan.steps)
  }

  /// The run as it is recorded.
  fileprivate func record(_ training: RunningTraining, ended: Int64) throws -> Run {
    let session = workspace.session
    let version =
      switch request.version {
      case .revision(let revision): revision
      case .locked: PinnedVersion.fileName
      }
    let state = training.loop.state
    let used = training.loop.usedExamples
    var run = Run(
      verb: "train", commit: commit.id.hex, snapshot: commit.dataset.snapshot, version: version,
      model: Run.Model(name: Session.baseName(base.stored.path), digest: digest), config: config,
      template: template.name, seed: Int(clamping: request.seed),
      records: Run.Records(total: data.total, used: used.count, seen: data.seen(used)), steps: state.steps,
      tokens: state.tokens, loss: Run.Loss(first: state.firstLoss, last: state.lastLoss),
      validation: validation(training), metrics: try training.metrics.finish(),
      output: Run.Model(name: Session.baseName(target.path), digest: try ModelDigest.of(target.path)),
      code: Version.code, started: training.started,
      ended: Timestamp(secondsSince1970: Int(ended)))
    if let code = try CodeRepository.containing(session.directory), let head = code.head {
      run.repository = Run.CodeRepository(head: head.hex, dirty: code.isDirty)
    }
    return run
  }

  private func validation(_ training: RunningTraining) -> Run.Validation? {
    guard let heldOut = training.heldOut, let before = heldOut.before else { return nil }
    let after = heldOut.weights == nil ? heldOut.last ?? before : heldOut.best?.loss ?? before
    return Run.Validation(
      commit: heldOut.commit.id.hex, records: heldOut.sequences.count, before: before, after: after,
      step: training.step)
  }
}
