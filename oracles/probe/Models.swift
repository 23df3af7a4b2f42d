import Llama
import Records

extension Probe {
  /// Writes a tiny model folder.
  static func tiny(_ folder: String, seed: String, tied: Bool) throws {
    try TinyModel(tiedHead: tied).write(to: folder, seed: UInt64(seed) ?? 0)
  }

  /// Reads a model folder and writes it again.
  static func copy(_ folder: String, to target: String) throws {
    let source = try TextModel(path: folder)
    try source.write(source.loadModel(threads: 2), to: target)
  }

  /// Prints loss, label count and gradient norm of a batch, and writes the gradient of the mean loss of every tensor.
  static func gradients(_ folder: String, batch: String, to target: String, _ precision: Precision) throws {
    let model = try StoredModel(path: folder).loadModel(threads: 2, precision: precision)
    let loss = try model.accumulateGradients(sequences(batch))
    let norm = model.clipGradients(maxNorm: nil, scale: 1 / Float(loss.count))
    let tensors = try model.tensors.map {
      OutgoingTensor(name: $0.name, shape: $0.shape, elements: try model.gradient($0.name))
    }
    try SafetensorsWriter.write(tensors, to: target)
    print("{\"loss\":\(loss.mean),\"labels\":\(loss.count),\"norm\":\(norm)}")
  }

  /// Writes the logits of one sequence, a row a position. The model is a folder or a GGUF file.
  static func logits(_ path: String, tokens: String, to target: String) throws {
    let source = try StoredModel(path: path)
    let ids = try JSON.parse(Array(tokens.utf8)).array?.compactMap(\.int).map(Int32.init) ?? []
    let logits = try source.loadModel(threads: 2).logits(ids, at: Array(ids.indices))
    let shape = [ids.count, source.config.vocabulary]
    try SafetensorsWriter.write([OutgoingTensor(name: "logits", shape: shape, elements: logits)], to: target)
  }

  /// Each line of stdin is an example; each line of stdout its tokens and labels. `template` is `own` for the model's.
  static func examples(_ folder: String, limit: String, template: String) throws {
    let source = try TextModel(path: folder)
    let own = source.chatTemplate.template
    guard
      let template = template == "own"
        ? own.map(ExampleTemplate.chat) : ExampleTemplate(name: template, model: own)
    else { throw ProbeFailure("there is no template \(template)") }
    let encoder = try ExampleEncoder(
      tokenizer: source.tokenizer, template: template, endOfSequence: source.endOfSequence,
      limit: Int(limit) ?? 512)
    while let line = readLine() {
      let value = try JSON.parse(Array(line.utf8))
      let turns = (value["turns"]?.array ?? []).compactMap { turn in
        ChatMessage.Role(rawValue: turn["role"]?.string ?? "").map {
          ChatMessage(role: $0, content: turn["content"]?.string ?? "")
        }
      }
      let sequence = try encoder.encode(
        TrainingExample(
          system: value["system"]?.string, turns: turns, instruction: value["instruction"]?.string ?? "",
          input: value["input"]?.string,
          output: value["output"]?.string ?? ""))
      print("{\"tokens\":\(sequence.tokens),\"labels\":\(sequence.labels)}")
    }
  }

  /// Trains on the sequences of a file in the given configuration; prints a line a step, and writes the model, or the
  /// adapter when it began with one.
  static func train(_ folder: String, batch: String, configuration: String, to target: String) throws {
    let source = try TextModel(path: folder)
    let values = try JSON.parse(Array(configuration.utf8))
    let adapter = try values["adapter"]?.string.map { try LoRAAdapter(folder: $0) }
    let model = try source.loadModel(threads: 2, adapter: adapter.map(AdapterConfig.init))
    for layer in adapter?.layers ?? [] {
      let name = "base_model.model.\(layer.name)."
      try layer.a.withUnsafeBufferPointer { try model.loadTrainedWeight(name + "lora_A.weight", from: $0) }
      try layer.b.withUnsafeBufferPointer { try model.loadTrainedWeight(name + "lora_B.weight", from: $0) }
    }
    var config = TrainingConfig()
    if let steps = values["steps"]?.int { config.length = .steps(steps) }
    if let epochs = values["epochs"]?.int { config.length = .epochs(epochs) }
    config.batchSize = values["batch"]?.int ?? config.batchSize
    config.accumulation = values["accumulation"]?.int ?? config.accumulation
    config.learningRate = values["lr"]?.double ?? config.learningRate
    config.warmupRatio = values["warmup"]?.double ?? config.warmupRatio
    config.weightDecay = values["decay"]?.double ?? config.weightDecay
    config.schedule =
      values["schedule"]?.string.flatMap(LearningRateSchedule.Shape.init) ?? config.schedule
    var loop = try TrainingLoop(config, model, on: sequences(batch))
    while !loop.isDone {
      let step = try loop.step(clock: { 0 })
      print(
        "{\"step\":\(step.step),\"loss\":\(step.loss),\"lr\":\(step.learningRate),\"norm\":\(step.gradientNorm),"
          + "\"epoch\":\(step.epoch),\"examples\":\(step.examples)}")
    }
    if let copy = model.adapterCopy(baseModel: folder) { return try copy.write(to: target) }
    try source.write(model, to: target)
  }

  /// Reads the first tensor of a safetensors file's header and says whether the file is accepted.
  static func safetensors(_ path: String, to target: String) throws {
    let file = try SafetensorsFile(path: path)
    let tensors = try file.header.tensors.map {
      OutgoingTensor(name: $0.name, shape: $0.shape, elements: try file.floats($0.name))
    }
    try SafetensorsWriter.write(tensors, to: target)
  }

  /// The sequences in a JSON file `[{"tokens":[…],"labels":[…]}, …]`.
  private static func sequences(_ path: String) throws -> [TrainingSequence] {
    guard case .array(let items) = try JSON.parse(contents(of: path)) else {
      throw ProbeFailure("\(path) is not a list")
    }
    return items.map { item in
      func numbers(_ key: String) -> [Int32] { item[key]?.array?.compactMap(\.int).map(Int32.init) ?? [] }
      return TrainingSequence(tokens: numbers("tokens"), labels: numbers("labels"))
    }
  }
}

extension AdapterConfig {
  /// The settings of an adapter on disk, beside the modules that it has layers for.
  fileprivate init(_ adapter: LoRAAdapter) {
    self.init(
      rank: adapter.rank, alpha: adapter.alpha, modules: Set(adapter.targetModules.compactMap(Module.init)))
  }
}
