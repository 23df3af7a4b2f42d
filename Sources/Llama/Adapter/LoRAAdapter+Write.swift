import Records

extension LoRAAdapter {
  static let configurationName = "adapter_config.json"
  static let weightsName = "adapter_model.safetensors"
  /// What PEFT puts before the name of a layer.
  static let prefix = "base_model.model."

  /// Writes the adapter as a folder that PEFT loads, the configuration last.
  ///
  /// Throws `AdapterError.tensors` for matrices that do not fit together; `SafetensorsError`, `FileFailure`.
  public func write(to folder: String) throws {
    if let complaint { throw AdapterError.tensors(path: folder, reason: complaint) }
    let tensors = layers.flatMap { layer in
      [
        OutgoingTensor(
          name: Self.prefix + layer.name + ".lora_A.weight", shape: [rank, layer.inputs], elements: layer.a),
        OutgoingTensor(
          name: Self.prefix + layer.name + ".lora_B.weight", shape: [layer.outputs, rank], elements: layer.b),
      ]
    }
    try makeFolder(folder)
    try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: folder + "/" + Self.weightsName)
    try OutputFile.replace(
      folder + "/" + Self.configurationName, with: ConfigurationText.encode(configuration))
  }

  /// The first thing that does not fit, or nil.
  private var complaint: String? {
    if rank < 1 { return "the rank is \(rank); it must be at least 1" }
    if layers.isEmpty { return "the adapter has no layers" }
    for layer in layers {
      if layer.a.count != rank * layer.inputs || layer.b.count != layer.outputs * rank {
        return "layer \"\(layer.name)\" has matrices of \(layer.a.count) and \(layer.b.count) elements,"
          + " not of rank \(rank) for \(layer.inputs) inputs and \(layer.outputs) outputs"
      }
      if !targetModules.contains(where: { layer.name == $0 || layer.name.hasSuffix("." + $0) }) {
        return "layer \"\(layer.name)\" is not among the target modules"
      }
    }
    return nil
  }

  /// PEFT adapts every layer whose name ends in a target. Where not all of them are meant, the names are whole ones.
  private var writtenTargets: [String] {
    let names = Set(layers.map(\.name))
    let blocks = Set(layers.compactMap { $0.block })
    let isGrid =
      blocks == Set(0..<blocks.count)
      && names.count == blocks.count * targetModules.count
      && targetModules.allSatisfy { target in
        layers.count { $0.name.hasSuffix("." + target) } == blocks.count
      }
    return isGrid ? targetModules : layers.map(\.name)
  }

  /// Members in PEFT's order of the alphabet, those that change nothing left out.
  private var configuration: JSONValue {
    .object([
      JSONMember("alpha_pattern", .object([])),
      JSONMember("base_model_name_or_path", baseModel.map { .string($0) } ?? .null),
      JSONMember("bias", .string("none")), JSONMember("fan_in_fan_out", .bool(false)),
      JSONMember("inference_mode", .bool(true)), JSONMember("init_lora_weights", .bool(true)),
      JSONMember("layers_pattern", .null), JSONMember("layers_to_transform", .null),
      JSONMember("lora_alpha", .number(alpha)), JSONMember("lora_dropout", .number(dropout)),
      JSONMember("modules_to_save", .null), JSONMember("peft_type", .string("LORA")),
      JSONMember("r", .integer(rank)), JSONMember("rank_pattern", .object([])), JSONMember("revision", .null),
      JSONMember("target_modules", .array(writtenTargets.map { .string($0) })),
      JSONMember("task_type", .string("CAUSAL_LM")), JSONMember("use_dora", .bool(false)),
      JSONMember("use_rslora", .bool(scalesByRoot)),
    ])
  }
}

extension LoRAAdapter.Layer {
  /// The number of its block, or nil when it is in none.
  fileprivate var block: Int? {
    let parts = name.split(separator: ".")
    guard let place = parts.firstIndex(of: "layers"), place + 1 < parts.count else { return nil }
    return Int(parts[place + 1])
  }
}
