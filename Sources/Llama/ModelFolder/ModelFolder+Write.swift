import Records

extension ModelFolder {
  /// The files besides weights and configuration that transformers reads; copied byte for byte when they exist.
  private static let companions = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json", "generation_config.json",
  ]
  private static let longestCompanion = 256 << 20

  /// The files beside weights and configuration, as they are.
  static func companionFiles(in folder: String) throws -> [(name: String, bytes: [UInt8])] {
    try companions.filter { fileExists(folder + "/" + $0) }
      .map { ($0, try InputFile.contents(of: folder + "/" + $0, limit: longestCompanion)) }
  }

  static func writeWeights(_ model: LlamaModel, to folder: String) throws {
    let tensors = model.tensors.map { tensor in
      OutgoingTensor(name: tensor.name, shape: tensor.shape) { use in try model.withWeight(tensor.name, use) }
    }
    try ShardedSafetensors.write(tensors, as: .float32, to: folder)
  }

  /// transformers loads weights in the type that config.json names, under an old and a new key.
  static func naming(_ type: SafetensorsWriter.ElementType, in configuration: JSONValue) -> JSONValue {
    guard case .object(var members) = configuration else { return configuration }
    var isNamed = false
    for index in members.indices where members[index].name == "dtype" || members[index].name == "torch_dtype"
    {
      members[index].value = .string(type.torchName)
      isNamed = true
    }
    if !isNamed { members.append(JSONMember("torch_dtype", .string(type.torchName))) }
    return .object(members)
  }
}
