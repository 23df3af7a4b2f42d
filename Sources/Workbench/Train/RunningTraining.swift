import Llama
import Objects
import Records

/// A training under way: steps, measurements and checkpoints, in their order.
struct RunningTraining {
  private let prepared: PreparedTraining
  private let session: Session
  private let report: (TrainEvent) -> Void
  let model: LlamaModel
  private(set) var loop: TrainingLoop
  private(set) var heldOut: HeldOut?
  let metrics: MetricsFile
  private let checkpoints: CheckpointFolder
  /// When it began.
  let started: Timestamp
  private var lastCheckpoint: Double

  /// About so many seconds lie between checkpoints when nothing else is asked for.
  private static let checkpointSeconds = 300.0

  /// Loads the model, or what a checkpoint made of it.
  init(_ prepared: PreparedTraining, _ report: @escaping (TrainEvent) -> Void) throws {
    let (request, settings) = (prepared.request, prepared.settings)
    session = prepared.workspace.session
    self.prepared = prepared
    self.report = report
    model = try prepared.base.loadModel(
      threads: request.threads ?? session.threads, precision: settings.precision, adapter: settings.adapter)
    model.recomputes = request.recomputes
    model.initializeAdapter(seed: request.seed)
    checkpoints = CheckpointFolder(path: prepared.target.checkpoint)
    heldOut = prepared.heldOut
    var state = TrainingState()
    if let checkpoint = prepared.checkpoint {
      try checkpoints.restore(model, checkpoint.tensors, moments: true)
      model.optimizerSteps = checkpoint.steps
      if let kept = checkpoint.validation { heldOut?.restore(kept) }
      state = TrainingState(checkpoint)
    }
    loop = try TrainingLoop(settings.loop, model, on: prepared.data.sequences, from: state)
    var plan = prepared.plan
    let instructions = model.instructionSet
    plan.changesInstructions = prepared.checkpoint.map { $0.instructionSet != instructions } ?? false
    report(.ready(plan))
    try model.reserve(tokens: plan.tokens)
    try session.fileSystem.createDirectory(prepared.target.path)
    metrics = try MetricsFile(
      prepared.target.path + "/metrics.jsonl", keeping: prepared.checkpoint?.metricsBytes ?? 0)
    started = prepared.checkpoint?.started ?? Timestamp(secondsSince1970: Int(session.now))
    lastCheckpoint = session.steadyClock()
  }

  /// Whether the held-out loss has stopped falling.
  var isExhausted: Bool {
    guard let patience = prepared.request.validation?.patience, let heldOut else { return false }
    return heldOut.since >= patience
  }

  /// Takes the steps that are left. With a patience the model has the best weights afterwards.
  mutating func run() throws {
    if heldOut != nil, heldOut?.before == nil { try measure() }
    while !loop.isDone && !isExhausted {
      let step = try nextStep()
      try metrics.append(step)
      report(
        .step(
          TrainStep(
            step: step.step, loss: step.loss, tokens: step.tokens, tokensPerSecond: step.tokensPerSecond)))
      if isMeasured(after: step.step) { try measure() }
      if !loop.isDone && !isExhausted && isKept(after: step.step) { try keep() }
    }
    if let weights = heldOut?.weights { try checkpoints.restore(model, weights, moments: false) }
  }

  /// The step whose weights the model has.
  var step: Int { heldOut?.weights == nil ? loop.state.steps : heldOut?.best?.step ?? 0 }

  private mutating func nextStep() throws -> TrainingStep {
    do {
      return try loop.step(clock: session.steadyClock)
    } catch let error as TrainingError {
      guard case .diverged(_, _, _, let examples) = error else { throw error }
      let names = examples.prefix(8).map { "`\(prepared.data.records[$0])`" }.joined(separator: ", ")
      let more = examples.count > 8 ? " and \(examples.count - 8) more" : ""
      throw Failure(
        .other, "\(error); the records were \(names)\(more)",
        hint: "look at the records with `mdata blame RECORD`, or try a smaller `--lr`; no run was recorded")
    }
  }

  private func isMeasured(after step: Int) -> Bool {
    guard let validation = prepared.request.validation else { return false }
    return loop.isDone || validation.every.map { step % $0 == 0 } ?? false
  }

  private mutating func measure() throws {
    guard var measured = heldOut else { return }
    let step = loop.state.steps
    let loss = try measured.loss(model, batch: prepared.request.batch)
    if measured.before == nil { measured.before = loss }
    if measured.note(loss, after: step), prepared.request.validation?.patience != nil {
      measured.weights = try checkpoints.keep(
        model, as: "best-\(step).safetensors", moments: false, in: session)
    }
    measured.last = loss
    heldOut = measured
    try metrics.append(validation: loss, after: step)
    report(.validation(step: step, loss: loss))
  }

  private func isKept(after step: Int) -> Bool {
    if let every = prepared.request.checkpointEvery { return every > 0 && step % every == 0 }
    return session.steadyClock() - lastCheckpoint >= Self.checkpointSeconds
  }

  private mutating func keep() throws {
    try metrics.synchronize()
    let state = loop.state
    try checkpoints.write(model, step: state.steps, best: heldOut?.weights, in: session) { tensors in
      Checkpoint(
        identity: prepared.identity, instructionSet: model.instructionSet, steps: state.steps,
        epoch: state.epoch, examplesOfEpoch: state.examplesOfEpoch, tokens: state.tokens,
        labels: state.labels, loss: Run.Loss(first: state.firstLoss, last: state.lastLoss),
        seconds: state.seconds, started: started,
        metricsBytes: metrics.count, tensors: tensors, validation: heldOut?.checkpoint)
    }
    lastCheckpoint = session.steadyClock()
    report(.checkpoint(step: state.steps))
  }
}

extension TrainingState {
  /// How far a training had come when the checkpoint was made.
  fileprivate init(_ checkpoint: Checkpoint) {
    self.init()
    steps = checkpoint.steps
    epoch = checkpoint.epoch
    examplesOfEpoch = checkpoint.examplesOfEpoch
    tokens = checkpoint.tokens
    labels = checkpoint.labels
    firstLoss = checkpoint.loss.first
    lastLoss = checkpoint.loss.last
    seconds = checkpoint.seconds
  }
}
