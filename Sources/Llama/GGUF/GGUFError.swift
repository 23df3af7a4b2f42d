/// Why a GGUF file was refused or could not be written.
public enum GGUFError: Error, Equatable, CustomStringConvertible {
  /// The file is not well-formed; `offset` is the byte at which that shows.
  case malformed(path: String, offset: Int, reason: String)
  /// The file is well-formed and holds something that is not read.
  case unsupported(path: String, what: String, reason: String)
  /// A metadata key is missing or its value has the wrong form.
  case key(path: String, key: String, reason: String)
  /// A tensor that was asked for is not in the file.
  case missing(path: String, tensor: String)
  /// A tensor has another shape than the model needs.
  case shape(path: String, tensor: String, found: [Int], expected: [Int])
  /// What was handed to the writer does not form a valid file.
  case unwritable(path: String, reason: String)

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .malformed(let path, let offset, let reason):
      "\(path) is not a valid GGUF file: at byte \(offset), \(reason)"
    case .unsupported(let path, let what, let reason):
      "\(path): \(what) \(reason), which mdata does not support yet"
    case .key(let path, let key, let reason): "\(path): \"\(key)\" \(reason)"
    case .missing(let path, let tensor): "\(path) has no tensor \"\(tensor)\", which its metadata asks for"
    case .shape(let path, let tensor, let found, let expected):
      "\(path): tensor \"\(tensor)\" has shape \(found), but the metadata asks for \(expected)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    }
  }
}
