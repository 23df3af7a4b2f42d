import Records

/// The weights of a model folder: one `model.safetensors`, or shards listed in `model.safetensors.index.json`.
public struct ModelWeights: WeightStore {
  /// The folder or index file, for messages.
  let place: String
  private let files: [SafetensorsFile]
  private let shard: [String: Int]

  /// Opens all files and checks their headers.
  ///
  /// Throws `ModelFolderError.noWeights`, `.malformed`, `.key`; `SafetensorsError`; `FileFailure`.
  public init(folder: String) throws {
    let single = folder + "/model.safetensors"
    let index = single + ".index.json"
    if fileExists(index), !fileExists(single) {
      try self.init(index: index, folder: folder)
    } else if fileExists(single) {
      try self.init(single: SafetensorsFile(path: single))
    } else {
      let hasPickle =
        fileExists(folder + "/pytorch_model.bin") || fileExists(folder + "/pytorch_model.bin.index.json")
      throw ModelFolderError.noWeights(
        folder: folder,
        reason: hasPickle
          ? "it has pytorch_model.bin only, which can run code when read; save the model as safetensors first"
          : "neither model.safetensors nor model.safetensors.index.json is there")
    }
  }

  private init(single file: SafetensorsFile) {
    place = file.path
    files = [file]
    shard = Dictionary(file.header.tensors.map { ($0.name, 0) }) { first, _ in first }
  }

  private init(index: String, folder: String) throws {
    var files: [SafetensorsFile] = []
    var numbers: [String: Int] = [:]
    var shard: [String: Int] = [:]
    for place in try ShardIndex(json: ConfigurationFile(path: index).value, path: index).places {
      let number: Int
      if let known = numbers[place.file] {
        number = known
      } else {
        number = files.count
        files.append(try SafetensorsFile(path: folder + "/" + place.file))
        numbers[place.file] = number
      }
      guard files[number].entry(place.tensor) != nil else {
        throw SafetensorsError.missing(path: files[number].path, tensor: place.tensor)
      }
      shard[place.tensor] = number
    }
    self.place = index
    self.files = files
    self.shard = shard
  }

  /// The file that holds a tensor, or nil.
  func file(of name: String) -> SafetensorsFile? { shard[name].map { files[$0] } }

  /// Every tensor, as it is stored, file by file.
  public var stored: [StoredTensor] {
    files.flatMap { file in
      file.header.tensors.map {
        StoredTensor(name: $0.name, type: $0.type.rawValue, shape: $0.shape, byteCount: $0.bytes.count)
      }
    }
  }

  /// Reads a tensor as floats. Throws `SafetensorsError.missing`, `.shape`, `.type`; `FileFailure`.
  public func read(_ name: String, shape: [Int], into target: UnsafeMutableBufferPointer<Float>) throws {
    guard let place = shard[name] else { throw SafetensorsError.missing(path: place, tensor: name) }
    try files[place].read(name, shape: shape, into: target)
  }
}
