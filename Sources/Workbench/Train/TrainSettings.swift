import History
import Llama
import Records

/// A request's settings, checked, in the terms of the finetuner.
struct TrainSettings {
  let loop: TrainingConfig
  let precision: Precision
  let adapter: AdapterConfig?

  /// - Throws: ``Failure`` of kind `usage` for a value out of range.
  init(_ request: TrainRequest) throws {
    try Self.check(request)
    guard let precision = Precision(rawValue: request.precision) else {
      throw Failure(
        .usage, "there is no precision `\(request.precision)`",
        hint: "it is `f32`, or `bf16` for products of bfloat16 with sums in single precision")
    }
    guard let schedule = LearningRateSchedule.Shape(rawValue: request.schedule) else {
      throw Failure(
        .usage, "there is no schedule `\(request.schedule)`", hint: "it is `cosine`, `linear` or `constant`")
    }
    self.precision = precision
    adapter = try request.adapter.map(Self.adapter)
    loop = TrainingConfig(
      length: request.steps.map { .steps($0) } ?? .epochs(request.epochs), batchSize: request.batch,
      accumulation: request.accumulate,
      learningRate: request.learningRate ?? (adapter == nil ? 2e-5 : 2e-4), schedule: schedule,
      warmupRatio: request.warmup, weightDecay: request.weightDecay, maxGradientNorm: request.clip,
      seed: request.seed)
    if let problem = loop.problem { throw Failure(.usage, problem) }
  }

  private static func check(_ request: TrainRequest) throws {
    if let template = request.template, !ExampleTemplate.names.contains(template) {
      throw Failure(
        .usage, "there is no template `\(template)`",
        hint: "the templates are \(ExampleTemplate.names.map { "`\($0)`" }.joined(separator: ", "))")
    }
    guard (2...1 << 20).contains(request.sequenceLength) else {
      throw Failure(.usage, "`--seq-len` must be from 2 to 1,048,576")
    }
    if let threads = request.threads, !(1...1024).contains(threads) {
      throw Failure(.usage, "`--threads` must be from 1 to 1,024")
    }
    if let records = request.records, records < 1 { throw Failure(.usage, "`--records` must be at least 1") }
    if let every = request.checkpointEvery, every < 0 {
      throw Failure(.usage, "`--checkpoint-every` must be 0 or more")
    }
    guard let validation = request.validation else { return }
    if let every = validation.every, every < 1 { throw Failure(.usage, "`--eval-every` must be at least 1") }
    guard let patience = validation.patience else { return }
    if patience < 1 { throw Failure(.usage, "`--patience` must be at least 1") }
    if validation.every == nil {
      throw Failure(
        .usage, "`--patience` counts measurements, and only the first and the last model are measured",
        hint: "say with `--eval-every N` how often to measure")
    }
  }

  private static func adapter(_ wanted: TrainRequest.Adapter) throws -> AdapterConfig {
    let known = AdapterConfig.Module.allCases
    let modules = try wanted.modules.map { name in
      guard let module = AdapterConfig.Module(rawValue: name) else {
        throw Failure(
          .usage, "there is no module `\(name)`",
          hint: "the modules are \(known.map { "`\($0.rawValue)`" }.joined(separator: ", "))")
      }
      return module
    }
    let config = AdapterConfig(
      rank: wanted.rank, alpha: wanted.alpha ?? 2 * Double(wanted.rank),
      modules: modules.isEmpty ? Set(known) : Set(modules), dropout: wanted.dropout)
    if let problem = config.problem { throw Failure(.usage, problem) }
    return config
  }
}

extension TrainRequest {
  /// Every setting that decides the result, by the names of the command line.
  func json(_ settings: TrainSettings, heldOut: Commit?) -> JSONValue {
    var members = [
      JSONMember("batch", .integer(batch)), JSONMember("accumulate", .integer(accumulate)),
      JSONMember("seq_len", .integer(sequenceLength)), JSONMember("lr", .number(settings.loop.learningRate)),
      JSONMember("schedule", .string(schedule)), JSONMember("warmup", .number(warmup)),
      JSONMember("weight_decay", .number(weightDecay)), JSONMember("clip", .number(clip)),
      JSONMember("precision", .string(precision)),
    ]
    if let steps {
      members.append(JSONMember("steps", .integer(steps)))
    } else {
      members.append(JSONMember("epochs", .integer(epochs)))
    }
    if let records { members.append(JSONMember("records", .integer(records))) }
    if let adapter = settings.adapter {
      members += [
        JSONMember("lora", .integer(adapter.rank)), JSONMember("lora_alpha", .number(adapter.alpha)),
        JSONMember("lora_dropout", .number(adapter.dropout)),
        JSONMember(
          "lora_modules",
          .array(
            AdapterConfig.Module.allCases.filter(adapter.modules.contains).map { .string($0.rawValue) })),
        JSONMember("merge_adapter", .bool(self.adapter?.isMerged == true)),
      ]
    }
    if let heldOut, let validation {
      members.append(JSONMember("validation", .string(heldOut.id.hex)))
      if let every = validation.every { members.append(JSONMember("eval_every", .integer(every))) }
      if let patience = validation.patience { members.append(JSONMember("patience", .integer(patience))) }
    }
    return .object(members)
  }
}
