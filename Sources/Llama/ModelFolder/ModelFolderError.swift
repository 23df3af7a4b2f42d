/// Why a Hugging Face model folder was refused or could not be written.
public enum ModelFolderError: Error, Equatable, CustomStringConvertible {
  /// A JSON file of the folder cannot be read as JSON of the right form.
  case malformed(path: String, reason: String)
  /// A key of a JSON file is missing or has a value of the wrong form.
  case key(path: String, key: String, reason: String)
  /// The model needs something that is not implemented; training without it would give another model.
  case unsupported(path: String, key: String, reason: String)
  /// The folder has no weights in a form that can be read.
  case noWeights(folder: String, reason: String)
  /// The tokenizer names no end-of-sequence token, without which answers cannot end.
  case noEndOfSequence(folder: String)
  /// The tokenizer has tokens that the model has no embedding for.
  case vocabulary(folder: String, tokenizer: Int, model: Int)

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .key(let path, let key, let reason): "\(path): \"\(key)\" \(reason)"
    case .unsupported(let path, let key, let reason):
      "\(path): \"\(key)\" \(reason), which mdata does not support yet"
    case .noWeights(let folder, let reason): "\(folder) has no weights to read: \(reason)"
    case .noEndOfSequence(let folder):
      "\(folder) names no end-of-sequence token: set \"eos_token\" in tokenizer_config.json or \"eos_token_id\" in config.json"
    case .vocabulary(let folder, let tokenizer, let model):
      "\(folder): the tokenizer has ids up to \(tokenizer - 1), but the model's vocabulary has \(model) rows"
        + " (\"vocab_size\" in config.json); the two files do not belong together"
    }
  }
}
