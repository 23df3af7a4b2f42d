/// A low-rank adapter: for some linear layers, two thin matrices whose product is added to the weight.
///
/// Source: Hu et al., 2021 (arXiv:2106.09685); the form is that of PEFT's `LoraConfig`.
public struct LoRAAdapter: Sendable, Equatable {
  /// Rows of every A, columns of every B.
  public var rank: Int
  /// The product is multiplied by alpha / rank, or by alpha / √rank.
  public var alpha: Double
  /// Share of A's inputs that is dropped while training.
  public var dropout: Double
  /// Whether the divisor is the rank's root (`use_rslora`).
  public var scalesByRoot: Bool
  /// Last parts of the names of adapted layers, such as `q_proj`.
  public var targetModules: [String]
  /// The path or name of the model it was trained on.
  public var baseModel: String?
  /// The layers, in the order of their names.
  public var layers: [Layer]

  /// The matrices of one layer.
  public struct Layer: Sendable, Equatable {
    /// The layer's name in the model, such as `model.layers.0.self_attn.q_proj`.
    public var name: String
    /// Width of the layer's input.
    public var inputs: Int
    /// Width of its output.
    public var outputs: Int
    /// (rank, inputs), row-major.
    public var a: [Float]
    /// (outputs, rank), row-major.
    public var b: [Float]

    /// The matrices.
    public init(name: String, inputs: Int, outputs: Int, a: [Float], b: [Float]) {
      self.name = name
      self.inputs = inputs
      self.outputs = outputs
      self.a = a
      self.b = b
    }
  }

  /// An adapter.
  public init(
    rank: Int, alpha: Double, dropout: Double = 0, scalesByRoot: Bool = false, targetModules: [String],
    baseModel: String? = nil, layers: [Layer]
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.scalesByRoot = scalesByRoot
    self.targetModules = targetModules
    self.baseModel = baseModel
    self.layers = layers
  }

  /// What B · A is multiplied by.
  public var scale: Double { alpha / (scalesByRoot ? Double(rank).squareRoot() : Double(rank)) }
}

/// Why adapter files were refused or could not be written.
public enum AdapterError: Error, Equatable, CustomStringConvertible {
  /// A key of adapter_config.json is missing or has a value of the wrong form.
  case key(path: String, key: String, reason: String)
  /// The adapter needs something that is not implemented; leaving it out would give another model.
  case unsupported(path: String, key: String, reason: String)
  /// The tensors are not those of such an adapter.
  case tensors(path: String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .key(let path, let key, let reason): "\(path): \"\(key)\" \(reason)"
    case .unsupported(let path, let key, let reason):
      "\(path): \"\(key)\" \(reason), which mdata does not support yet"
    case .tensors(let path, let reason): "\(path): \(reason)"
    }
  }
}
