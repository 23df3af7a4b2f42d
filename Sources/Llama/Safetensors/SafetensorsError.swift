/// Why a safetensors file or its shard index was refused.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// The file is not well-formed; `reason` says where and how.
  case malformed(path: String, reason: String)
  /// A tensor that was asked for is not in the file.
  case missing(path: String, tensor: String)
  /// A tensor has another shape than the model needs.
  case shape(path: String, tensor: String, found: [Int], expected: [Int])
  /// A tensor is stored in a type that weights cannot be read from.
  case type(path: String, tensor: String, found: String)
  /// The tensors handed to the writer do not form a valid file.
  case unwritable(path: String, reason: String)

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .malformed(let path, let reason):
      "\(path) is not a valid safetensors file: \(reason)"
    case .missing(let path, let tensor):
      "\(path) has no tensor \"\(tensor)\", which the model in config.json needs"
    case .shape(let path, let tensor, let found, let expected):
      "\(path): tensor \"\(tensor)\" has shape \(found), but config.json asks for \(expected)"
    case .type(let path, let tensor, let found):
      "\(path): tensor \"\(tensor)\" is stored as \(found); weights are read from F32, F16 and BF16 only"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    }
  }
}
