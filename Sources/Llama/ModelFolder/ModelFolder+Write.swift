import Records

extension ModelFolder {
  /// The files besides weights and configuration that transformers reads; copied byte for byte when they exist.
  private static let companions = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json", "generation_config.json",
  ]
  private static let longestCompanion = 256 << 20

  /// Writes the model as a folder that transformers loads: this folder's tokenizer files, its config.json with the
  /// element type set to float32, and the model's weights in one model.safetensors.
  ///
  /// Each file appears complete or not at all, config.json last, so a folder cut short is not taken for a model.
  /// Throws `FileFailure`, `SafetensorsError.unwritable`.
  public func write(_ model: LlamaModel, to target: String) throws {
    try makeFolder(target)
    for name in Self.companions where fileExists(path + "/" + name) {
      let bytes = try InputFile.contents(of: path + "/" + name, limit: Self.longestCompanion)
      try OutputFile.replace(target + "/" + name, with: bytes)
    }
    try Self.writeWeights(model, to: target)
    try OutputFile.replace(
      target + "/config.json", with: ConfigurationText.encode(Self.inFloat32(configuration)))
  }

  static func writeWeights(_ model: LlamaModel, to folder: String) throws {
    let tensors = model.tensors.map { tensor in
      OutgoingTensor(name: tensor.name, shape: tensor.shape) { use in try model.withWeight(tensor.name, use) }
    }
    try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: folder + "/model.safetensors")
  }

  /// transformers loads weights in the type that config.json names, under an old and a new key.
  private static func inFloat32(_ configuration: JSONValue) -> JSONValue {
    guard case .object(var members) = configuration else { return configuration }
    var isNamed = false
    for index in members.indices where members[index].name == "dtype" || members[index].name == "torch_dtype"
    {
      members[index].value = .string("float32")
      isNamed = true
    }
    if !isNamed { members.append(JSONMember("torch_dtype", .string("float32"))) }
    return .object(members)
  }
}
