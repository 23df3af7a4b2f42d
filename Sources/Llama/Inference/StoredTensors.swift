internal import CKernels

/// The tensors of a model on disk in the form in which they are stored: matrices stay in their mapped files, vectors are
/// read as floats.
///
/// Rows of queries and keys of a GGUF file, and their biases, stay in that file's order; the rotary kernel knows it.
final class StoredTensors {
  private let model: StoredModel
  private var mapped: [String: MappedFile] = [:]
  private var arenas: [FloatArena] = []

  init(_ model: StoredModel) { self.model = model }

  /// Whether heads of queries and keys are in GGUF's order.
  var isInterleaved: Bool { if case .gguf = model.source { true } else { false } }

  /// A matrix (rows, columns). Throws what the format throws for a tensor that is missing or of another shape or type.
  func matrix(_ name: String, rows: Int, columns: Int) throws -> ck_stored {
    switch model.source {
    case .gguf(let file):
      let tensor = try file.tensor(try stored(name, in: file), shape: [rows, columns])
      return file.withBytes(of: tensor, rows: 0..<rows) {
        ck_stored(
          weights: $0.baseAddress, rows: rows, columns: columns, row_bytes: tensor.rowBytes,
          format: ck_format(rawValue: tensor.type.rawValue))
      }
    case .folder: return try safetensors(name, rows: rows, columns: columns)
    }
  }

  /// A gain or bias as floats that live as long as this object.
  func vector(_ name: String, count: Int) throws -> UnsafeMutablePointer<Float> {
    let arena = try FloatArena(count: count)
    let target = UnsafeMutableBufferPointer(start: arena.base, count: count)
    switch model.source {
    case .gguf(let file):
      let tensor = try file.tensor(try stored(name, in: file), shape: [count])
      file.read(tensor, rows: 0..<tensor.rows, into: target)
    case .folder: try model.weights.read(name, shape: [count], into: target)
    }
    arenas.append(arena)
    return arena.base
  }

  /// A matrix of these floats, which live as long as this object.
  func matrix(_ values: [Float], rows: Int, columns: Int) throws -> ck_stored {
    let arena = try FloatArena(count: values.count)
    arena.base.update(from: values, count: values.count)
    arenas.append(arena)
    return ck_stored(
      weights: arena.base, rows: rows, columns: columns, row_bytes: 4 * columns, format: CK_STORED_F32)
  }

  private func stored(_ name: String, in file: GGUFFile) throws -> String {
    guard let known = GGUFTensorName.of(name) else { throw GGUFError.missing(path: file.path, tensor: name) }
    return known
  }

  private func safetensors(_ name: String, rows: Int, columns: Int) throws -> ck_stored {
    guard let weights = model.weights as? ModelWeights else {
      throw SafetensorsError.missing(path: model.path, tensor: name)
    }
    let (file, entry) = try weights.entry(name)
    guard entry.shape == [rows, columns] else {
      throw SafetensorsError.shape(
        path: file.path, tensor: name, found: entry.shape, expected: [rows, columns])
    }
    let format: ck_format
    switch entry.type {
    case .float32: format = CK_STORED_F32
    case .float16: format = CK_STORED_F16
    case .bfloat16: format = CK_STORED_BF16
    default: throw SafetensorsError.type(path: file.path, tensor: name, found: entry.type.rawValue)
    }
    let bytes = try file.mapped(entry, in: map(file.path))
    return ck_stored(
      weights: bytes.baseAddress, rows: rows, columns: columns, row_bytes: entry.type.byteWidth * columns,
      format: format)
  }

  private func map(_ path: String) throws -> MappedFile {
    if let known = mapped[path] { return known }
    let file = try MappedFile(path: path)
    mapped[path] = file
    return file
  }
}

extension SafetensorsFile {
  /// The bytes of a tensor in a mapping of this file. Throws `FileFailure` when the mapping is shorter than the file was.
  func mapped(_ entry: TensorEntry, in mapping: MappedFile) throws -> UnsafeRawBufferPointer {
    let start = dataOffset + entry.bytes.lowerBound
    guard start + entry.bytes.count <= mapping.bytes.count else {
      throw FileFailure(action: "read", path: path, reason: "it shrank while it was read")
    }
    return UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<start + entry.bytes.count])
  }
}

extension ModelWeights {
  /// The file of a tensor and its entry there. Throws `SafetensorsError.missing`.
  func entry(_ name: String) throws -> (file: SafetensorsFile, entry: TensorEntry) {
    guard let file = file(of: name), let entry = file.entry(name) else {
      throw SafetensorsError.missing(path: place, tensor: name)
    }
    return (file, entry)
  }
}
