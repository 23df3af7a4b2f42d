import Records

/// A small LLaMA model with random weights, made on the spot: for trying a training run, for tests and demonstrations.
public struct TinyModel: Sendable {
  /// Width of the residual stream.
  public var dim: Int
  /// Number of transformer blocks.
  public var layers: Int
  /// Query heads.
  public var heads: Int
  /// Key and value heads.
  public var keyValueHeads: Int
  /// Width of the feed-forward layer.
  public var feedForward: Int
  /// The longest sequence.
  public var maxPositions: Int
  /// Whether the output head is the embedding.
  public var tiedHead: Bool
  /// Most merges the tokenizer learns.
  public var merges: Int

  /// A shape; the default has about 150,000 weights.
  public init(
    dim: Int = 64, layers: Int = 2, heads: Int = 4, keyValueHeads: Int = 2, feedForward: Int = 172,
    maxPositions: Int = 1024, tiedHead: Bool = true, merges: Int = 256
  ) {
    self.dim = dim
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.feedForward = feedForward
    self.maxPositions = maxPositions
    self.tiedHead = tiedHead
    self.merges = merges
  }

  /// Writes a folder that mdata and transformers load. The same shape, seed and texts give the same bytes everywhere.
  ///
  /// `texts` teach the tokenizer its merges; by default they are the Alpaca prompts and a few sentences.
  /// Throws `LlamaModelError.invalidConfig`, `FileFailure`.
  public func write(to folder: String, seed: UInt64, texts: [String] = TinyModel.sampleTexts) throws {
    let tokenizer = TinyTokenizer.make(texts: texts, merges: merges)
    let configuration = configuration(vocabulary: tokenizer.tokens)
    let config = try LlamaConfig(json: configuration, path: folder + "/config.json")
    let model = try LlamaModel(config: config, threads: 1)
    model.initializeWeights(seed: seed)
    try makeFolder(folder)
    try OutputFile.replace(folder + "/tokenizer.json", with: ConfigurationText.encode(tokenizer.json))
    try OutputFile.replace(
      folder + "/tokenizer_config.json",
      with: ConfigurationText.encode(TinyTokenizer.configuration(maxPositions: maxPositions)))
    try ModelFolder.writeWeights(model, to: folder)
    try OutputFile.replace(folder + "/config.json", with: ConfigurationText.encode(configuration))
  }

  private func configuration(vocabulary: Int) -> JSONValue {
    let numbers: [(String, Double)] = [
      ("eos_token_id", Double(vocabulary - 1)), ("head_dim", Double(dim / max(heads, 1))),
      ("hidden_size", Double(dim)), ("initializer_range", 0.02), ("intermediate_size", Double(feedForward)),
      ("max_position_embeddings", Double(maxPositions)), ("num_attention_heads", Double(heads)),
      ("num_hidden_layers", Double(layers)), ("num_key_value_heads", Double(keyValueHeads)),
      ("pad_token_id", Double(vocabulary - 1)), ("rms_norm_eps", 1e-5), ("rope_theta", 10_000),
      ("vocab_size", Double(vocabulary)),
    ]
    let flags = [
      ("attention_bias", false), ("mlp_bias", false), ("tie_word_embeddings", tiedHead), ("use_cache", true),
    ]
    let texts = [("hidden_act", "silu"), ("model_type", "llama"), ("torch_dtype", "float32")]
    return .object(
      [JSONMember("architectures", .array([.string("LlamaForCausalLM")]))]
        + texts.map { JSONMember($0.0, .string($0.1)) } + numbers.map { JSONMember($0.0, .number($0.1)) }
        + flags.map { JSONMember($0.0, .bool($0.1)) })
  }

  /// Texts the tokenizer learns from when none are given.
  public static let sampleTexts: [String] = {
    let template = PromptTemplate.alpaca
    let questions = [
      "What are the symptoms of asthma?", "Explain what causes high blood pressure.",
      "How is the treatment of diabetes monitored?", "List the side effects of the medication.",
      "Summarize the findings of the study for the patient.", "Is this statement true or false?",
    ]
    let answers = [
      "The most common symptoms are shortness of breath, wheezing, coughing and tightness in the chest.",
      "There is more than one cause. It can be related to other conditions, to medication and to age.",
      "Treatment depends on the type of the disease; the doctor will talk with the patient about the options.",
    ]
    return questions.flatMap { question in
      [
        template.prompt(TrainingExample(instruction: question, output: "")),
        template.prompt(
          TrainingExample(instruction: question, input: "The patient is 54 years old.", output: "")),
      ] + answers
    }
  }()
}
