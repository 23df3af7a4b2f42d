import History
import Llama
import Records

/// Everything that a training is made of, read and checked; nothing is written and no weight is loaded yet.
struct PreparedTraining {
  let request: TrainRequest
  let settings: TrainSettings
  let workspace: Workspace
  let commit: Commit
  let target: TrainTarget
  let base: TextModel
  let template: ExampleTemplate
  let data: TrainingData
  let heldOut: HeldOut?
  /// Digest of the model to begin with.
  let digest: ContentDigest
  /// The settings, as the run's record keeps them.
  let config: JSONValue
  /// What it goes on from; nil for the beginning.
  let checkpoint: Checkpoint?
  let plan: TrainPlan

  /// - Throws: ``Failure``; also when the memory that the system can give is not enough.
  init(_ request: TrainRequest, in session: Session) throws {
    self.request = request
    settings = try TrainSettings(request)
    workspace = try Workspace(session)
    commit = try Pinned(request.version, in: workspace).commit
    target = try TrainTarget(request.output, resumes: request.resumes, in: session)
    base = try TextModel(path: session.path(request.model))
    template = ExampleTemplate(request.template, own: base.chatTemplate)
    let encoder = try ExampleEncoder(
      tokenizer: base.tokenizer, template: template, endOfSequence: base.endOfSequence,
      limit: request.sequenceLength)
    data = try TrainingData(
      commit, in: workspace, drawing: request.records, seed: request.seed, encoder: encoder)
    heldOut = try request.validation.map { [workspace, data] in
      try HeldOut($0.revision, in: workspace, encoder: encoder, trained: data)
    }
    digest = try ModelDigest.of(base.stored.path)
    // What cannot be written is said before, not after the training.
    if settings.adapter == nil || request.adapter?.isMerged == true {
      try ModelConversion(base.stored, to: .f32).checkFolder()
    }
    config = request.json(settings, heldOut: heldOut?.commit)
    let kept = request.resumes ? try CheckpointFolder(path: target.checkpoint).read() : nil
    checkpoint = kept
    plan = try Self.plan(
      request, settings, base, template, data, heldOut, stepsDone: kept?.steps ?? 0,
      commit: workspace.repository.git().shortHex(commit.id), session)
    if let checkpoint { try compare(checkpoint.identity, with: identity) }
  }

  /// All that decides the result.
  var identity: JSONValue {
    .object([
      JSONMember("commit", .string(commit.id.hex)), JSONMember("model", .string(digest.hex)),
      JSONMember("template", .string(template.name)),
      JSONMember("seed", .integer(Int(clamping: request.seed))),
      JSONMember("settings", config),
    ])
  }

  private static func plan(
    _ request: TrainRequest, _ settings: TrainSettings, _ base: TextModel, _ template: ExampleTemplate,
    _ data: TrainingData, _ heldOut: HeldOut?, stepsDone: Int, commit: String, _ session: Session
  ) throws -> TrainPlan {
    let usable = data.sequences.filter { $0.trainedTokens > 0 }
    if usable.isEmpty { throw TrainingError.nothingToLearn(examples: data.sequences.count) }
    let lengths = [usable, heldOut?.sequences ?? []].map { sequences in
      sequences.map(\.tokens.count).sorted(by: >).prefix(request.batch)
    }
    let tokens = lengths.map { $0.reduce(0, +) }.max() ?? 0
    let memory = MemoryPlan(
      base.stored.config, adapter: settings.adapter, tokens: tokens,
      longest: lengths.compactMap(\.first).max() ?? 0,
      threads: request.threads ?? session.threads, recomputes: request.recomputes)
    let read = (data.sequences + (heldOut?.sequences ?? [])).reduce(0) { $0 + 8 * $1.tokens.count }
    let plan = TrainPlan(
      commit: commit, records: data.records.count, heldOut: heldOut?.sequences.count ?? 0,
      seenHeldOut: heldOut?.seen ?? 0, parameters: base.stored.config.parameterCount,
      trained: memory.gradients / 4, steps: settings.loop.steps(examples: usable.count), stepsDone: stepsDone,
      changesInstructions: false, tokens: tokens, template: template.name,
      ignoresChatTemplate: request.template == nil && base.chatTemplate == .unknown,
      memory: TrainMemory(
        weights: memory.weights, gradients: memory.gradients, moments: memory.moments,
        activations: memory.activations, workspace: memory.workspace, data: read,
        available: session.availableMemory()))
    return plan
  }

  /// Refuses to begin what would end in the middle, killed for want of memory.
  func checkMemory() throws {
    guard let available = plan.memory.available, plan.memory.total > available else { return }
    var ways: [String] = []
    if !request.recomputes { ways.append("`--recompute`") }
    if request.batch > 1 { ways.append("a smaller `--batch` with a larger `--accumulate`") }
    ways.append("a smaller `--seq-len`")
    if settings.adapter == nil { ways.append("`--lora RANK`") }
    throw Failure(
      .unavailable,
      "training takes \(plan.memory.total >> 20) MiB, and \(available >> 20) MiB are to be had",
      hint: "less memory takes \(ways.joined(separator: ", or ")); `--dry-run` says what takes how much")
  }

  /// A training that went on under other settings would be recorded as what it is not.
  private func compare(_ made: JSONValue, with wanted: JSONValue) throws {
    func members(_ value: JSONValue) -> [String: JSONValue] {
      var all: [String: JSONValue] = [:]
      for member in value.object ?? [] where member.name != "settings" { all[member.name] = member.value }
      for member in value["settings"]?.object ?? [] { all[member.name] = member.value }
      return all
    }
    let (old, new) = (members(made), members(wanted))
    let differing = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.min()
    guard let differing else { return }
    func text(_ value: JSONValue?) -> String {
      value.map { String(decoding: CanonicalJSON.encode($0), as: UTF8.self) } ?? "nothing"
    }
    throw Failure(
      .usage,
      "the training in `\(request.output)` had \(text(old[differing])) for `\(differing)`, and this one \(text(new[differing]))",
      hint: "go on with the same version, model and options, or give another `--out`")
  }
}
