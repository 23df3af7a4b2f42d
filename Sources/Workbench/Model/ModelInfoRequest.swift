import Llama

/// Asks what a model on disk is: a Hugging Face folder or a GGUF file. Weights are not read.
public struct ModelInfoRequest: Sendable {
  /// The folder or file.
  public var path: String

  /// A request.
  public init(path: String) { self.path = path }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> ModelInfo {
    try Failure.wrapping {
      let model = try StoredModel(path: session.path(path))
      let tokenizer = try TokenizerSummary(model)
      let stored = model.weights.stored
      return ModelInfo(
        path: path, isFile: model.isFile, config: ModelInfo.Config(model.config),
        parameters: model.tensors.reduce(0) { $0 + $1.range.count },
        tokenizer: tokenizer.map { ModelInfo.Tokenizer(kind: $0.kind, tokens: $0.tokens, pre: $0.pre) },
        tensors: stored.map {
          ModelInfo.Tensor(name: $0.name, type: $0.type, shape: $0.shape, bytes: $0.byteCount)
        })
    }
  }
}

/// What a model on disk is.
public struct ModelInfo: Sendable {
  /// The folder or file, as asked for.
  public var path: String
  /// Whether it is a GGUF file; else it is a Hugging Face folder.
  public var isFile: Bool
  /// Its numbers.
  public var config: Config
  /// Number of weights; a head that is the embedding counts once.
  public var parameters: Int
  /// The tokenizer, if it has one.
  public var tokenizer: Tokenizer?
  /// Every tensor, in the order of the files.
  public var tensors: [Tensor]

  /// What a tensor is stored as.
  public struct Tensor: Sendable {
    /// Its name in the file.
    public var name: String
    /// Its element type, in the format's terms.
    public var type: String
    /// Sizes of its dimensions, outermost first.
    public var shape: [Int]
    /// Bytes it takes.
    public var bytes: Int
  }

  /// What kind of tokenizer it is.
  public struct Tokenizer: Sendable {
    /// In words.
    public var kind: String
    /// Number of tokens, where the file says so.
    public var tokens: Int?
    /// llama.cpp's name for its way of cutting texts, where the file says so.
    public var pre: String?
  }

  /// The numbers of a LLaMA.
  public struct Config: Sendable {
    /// Rows of the embedding.
    public var vocabulary: Int
    /// Width of the residual stream.
    public var width: Int
    /// Number of blocks.
    public var layers: Int
    /// Query heads.
    public var heads: Int
    /// Key and value heads.
    public var keyValueHeads: Int
    /// Width of a head.
    public var headWidth: Int
    /// Width of the feed-forward layer.
    public var feedForward: Int
    /// The longest sequence.
    public var positions: Int
    /// Base of the rotary frequencies.
    public var ropeTheta: Double
    /// Kind and factor of the rotary scaling; nil for plain positions.
    public var ropeScaling: (kind: String, factor: Double?)?
    /// Added inside RMSNorm.
    public var normEpsilon: Double
    /// Tokens that a token sees at most; nil for all before it.
    public var slidingWindow: Int?
    /// Whether the output head is the embedding.
    public var tiedHead: Bool
    /// Whether queries, keys, values and their output have biases.
    public var attentionBias: Bool
    /// Whether the feed-forward layer has biases.
    public var feedForwardBias: Bool

    init(_ config: LlamaConfig) {
      vocabulary = config.vocabulary
      width = config.dim
      layers = config.layers
      heads = config.heads
      keyValueHeads = config.keyValueHeads
      headWidth = config.headDim
      feedForward = config.feedForward
      positions = config.maxPositions
      ropeTheta = config.ropeTheta
      ropeScaling = Self.scaling(config.ropeScaling)
      // The decimal that people wrote, not the nearest double of the nearest float.
      normEpsilon = Double("\(config.normEpsilon)") ?? Double(config.normEpsilon)
      slidingWindow = config.slidingWindow
      tiedHead = config.tiedHead
      attentionBias = config.biases.attention
      feedForwardBias = config.biases.feedForward
    }

    private static func scaling(_ scaling: RopeScaling) -> (kind: String, factor: Double?)? {
      switch scaling {
      case .none: nil
      case .linear(let factor): ("linear", factor)
      case .dynamic(let factor): ("dynamic", factor)
      case .llama3(let factor, _, _, _): ("llama3", factor)
      case .yarn(let yarn): ("yarn", yarn.factor)
      case .factors: ("factors", nil)
      }
    }
  }

  /// Tensors, weights and bytes of each element type, those with the most bytes first.
  public var types: [(type: String, tensors: Int, parameters: Int, bytes: Int)] {
    var counts: [String: (tensors: Int, parameters: Int, bytes: Int)] = [:]
    for tensor in tensors {
      let old = counts[tensor.type] ?? (0, 0, 0)
      counts[tensor.type] = (
        old.tensors + 1, old.parameters + tensor.shape.reduce(1, *), old.bytes + tensor.bytes
      )
    }
    return counts.map {
      (type: $0.key, tensors: $0.value.tensors, parameters: $0.value.parameters, bytes: $0.value.bytes)
    }
    .sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
  }

  /// Bytes of all tensors.
  public var bytes: Int { tensors.reduce(0) { $0 + $1.bytes } }
}

extension StoredModel {
  var isFile: Bool { if case .gguf = source { true } else { false } }
}
