/// Where the matrices of an adapter lie in an arena of floats.
///
/// Matrices A of modules with the same input lie one after another, so they are one matrix to the kernels.
struct AdapterLayout: Sendable {
  /// The adapter beside one matrix of the kernels, which may be several modules with the same input.
  struct Place: Sendable {
    /// One module: `outputs` columns of the product from `column` on.
    struct Part: Sendable {
      let b: Int  // (outputs, rank)
      let column: Int
      let outputs: Int
    }

    let a: Int  // (parts * rank, inputs)
    /// Rows of A of the places before it in the block: where its product lies among those that are kept.
    let rowsBefore: Int
    let parts: [Part]
  }

  /// The places of one block; nil where no module was chosen.
  struct Layer: Sendable {
    var qkv: Place?
    var output: Place?
    var gateUp: Place?
    var down: Place?
  }

  let config: AdapterConfig
  private(set) var tensors: [ModelTensor] = []
  private(set) var layers: [Layer] = []
  private(set) var count = 0
  /// The widest product with a matrix A.
  private(set) var widest = 0
  /// Rows of all matrices A of a block.
  private(set) var rowsOfBlock = 0
  /// The most numbers that all matrices B beside one matrix take as blocks of one.
  private(set) var blocks = 0
  /// The widest input of a matrix A; 0 without dropout.
  private(set) var dropoutWidth = 0

  init(_ model: LlamaConfig, _ config: AdapterConfig) {
    self.config = config
    let (keys, width) = (model.keyValueHeads * model.headDim, model.attentionWidth)
    for index in 0..<model.layers {
      rowsOfBlock = 0
      layers.append(
        Layer(
          qkv: add(index, [(.query, width), (.key, keys), (.value, keys)], inputs: model.dim),
          output: add(index, [(.output, model.dim)], inputs: width),
          gateUp: add(index, [(.gate, model.feedForward), (.up, model.feedForward)], inputs: model.dim),
          down: add(index, [(.down, model.dim)], inputs: model.feedForward)))
    }
    count = (count + 15) & ~15
  }

  /// What `ActivationShape` asks for.
  var rows: (block: Int, place: Int, blocks: Int) { (rowsOfBlock, widest, blocks) }

  private mutating func add(
    _ layer: Int, _ modules: [(module: AdapterConfig.Module, outputs: Int)], inputs: Int
  ) -> Place? {
    let rank = config.rank
    let chosen = modules.filter { config.modules.contains($0.module) }
    guard !chosen.isEmpty else { return nil }
    count = (count + 15) & ~15
    let a = count
    for (module, _) in chosen { add(layer, module, "lora_A", [rank, inputs]) }
    var parts: [Place.Part] = []
    var column = 0
    for (module, outputs) in modules {
      if config.modules.contains(module) {
        parts.append(Place.Part(b: count, column: column, outputs: outputs))
        add(layer, module, "lora_B", [outputs, rank])
      }
      column += outputs
    }
    defer { rowsOfBlock += parts.count * rank }
    widest = max(widest, parts.count * rank)
    if config.dropout > 0 { dropoutWidth = max(dropoutWidth, inputs) }
    blocks = max(blocks, column * parts.count * rank)
    return Place(a: a, rowsBefore: rowsOfBlock, parts: parts)
  }

  private mutating func add(_ layer: Int, _ module: AdapterConfig.Module, _ half: String, _ shape: [Int]) {
    let start = count
    count += shape[0] * shape[1]
    tensors.append(
      ModelTensor(
        name: "base_model.model.model.layers.\(layer).\(module.parent).\(module.rawValue).\(half).weight",
        shape: shape, range: start..<count))
  }
}
