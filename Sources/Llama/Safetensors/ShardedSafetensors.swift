import Records

/// Writes the weights of a model as `model.safetensors`, or as numbered files with an index when they are large.
///
/// Source: `split_torch_state_dict_into_shards` of huggingface_hub for the names and the index.
public enum ShardedSafetensors {
  /// Bytes of tensors in one file: 5 GB, as transformers 4 cuts them. A larger tensor has a file of its own.
  public static let longestShard = 5_000_000_000

  /// Writes the files, the index last, so that a folder cut short is not taken for a model.
  ///
  /// Throws `SafetensorsError.unwritable`, `FileFailure`.
  public static func write(
    _ tensors: [OutgoingTensor], as type: SafetensorsWriter.ElementType, to folder: String,
    longestShard: Int = longestShard
  ) throws {
    let shards = shards(of: tensors, bytesPerElement: type.byteWidth, longest: longestShard)
    guard shards.count > 1 else {
      return try SafetensorsWriter.write(
        tensors, as: type, metadata: ["format": "pt"], to: folder + "/model.safetensors")
    }
    var places: [JSONMember] = []
    for (index, shard) in shards.enumerated() {
      let name = "model-\(padded(index + 1))-of-\(padded(shards.count)).safetensors"
      try SafetensorsWriter.write(shard, as: type, metadata: ["format": "pt"], to: folder + "/" + name)
      places += shard.map { JSONMember($0.name, .string(name)) }
    }
    places.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let total = tensors.reduce(0) { $0 + $1.count }
    let index = JSONValue.object([
      JSONMember(
        "metadata",
        .object([
          JSONMember("total_parameters", .integer(total)),
          JSONMember("total_size", .integer(total * type.byteWidth)),
        ])),
      JSONMember("weight_map", .object(places)),
    ])
    try OutputFile.replace(
      folder + "/model.safetensors.index.json", with: ConfigurationText.encode(index))
  }

  private static func shards(
    of tensors: [OutgoingTensor], bytesPerElement width: Int, longest: Int
  ) -> [[OutgoingTensor]] {
    var shards: [[OutgoingTensor]] = []
    var room = 0
    for tensor in tensors {
      let size = tensor.count * width
      if size > room || shards.isEmpty {
        shards.append([])
        room = longest
      }
      shards[shards.count - 1].append(tensor)
      room -= size
    }
    return shards
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
