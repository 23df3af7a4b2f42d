import Llama
import Records

extension Probe {
  /// Writes every tensor of a GGUF file as F32 under the name it has there.
  static func dequantize(_ path: String, to target: String) throws {
    let file = try GGUFFile(path: path)
    let tensors = try file.header.tensors.map {
      OutgoingTensor(name: $0.name, shape: $0.shape, elements: try file.floats($0.name))
    }
    try SafetensorsWriter.write(tensors, to: target)
  }

  /// Writes the metadata of a GGUF file again, with its tensors as Q8_0.
  static func quantize(_ path: String, to target: String) throws {
    let file = try GGUFFile(path: path)
    let tensors = try file.header.tensors.map { tensor in
      (
        tensor: OutgoingTensor(
          name: tensor.name, shape: tensor.shape, elements: try file.floats(tensor.name)),
        type: GGUFWriter.ElementType.q8_0
      )
    }
    try GGUFWriter.write(metadata: file.header.metadata, tensors: tensors, to: target)
  }

  /// Writes a folder (a path that ends in a slash) or a GGUF file from either.
  static func convert(_ path: String, to target: String, type: String) throws {
    guard let type = ModelConversion.WeightType(rawValue: type) else { throw ProbeFailure("no type \(type)") }
    let conversion = ModelConversion(try StoredModel(path: path), to: type)
    if target.hasSuffix("/") {
      try conversion.writeFolder(String(target.dropLast()))
    } else {
      try conversion.writeGGUF(target)
    }
  }
}

extension Probe {
  /// Reads an adapter and writes it again.
  static func adapter(_ folder: String, to target: String) throws {
    try LoRAAdapter(folder: folder).write(to: target)
  }
}
