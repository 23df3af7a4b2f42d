internal import CKernels

/// The weights of one block.
struct InferenceLayer {
  let inputNorm: UnsafePointer<Float>
  let query: StoredLinear
  let key: StoredLinear
  let value: StoredLinear
  let output: StoredLinear
  let feedForwardNorm: UnsafePointer<Float>
  let gate: StoredLinear
  let up: StoredLinear
  let down: StoredLinear

  /// Whether gate and up stand alone, so that one pass can compute both and their product.
  var isFused: Bool { gate.adapter == nil && up.adapter == nil }

  /// Opens the weights of a block; `adapters` gives those of a layer by its name, and is asked once for each.
  init(
    _ index: Int, _ config: LlamaConfig, _ tensors: StoredTensors,
    adapters: (String, _ outputs: Int, _ inputs: Int) throws -> StoredLinear.Adapter?
  ) throws {
    let prefix = "model.layers.\(index)."
    func gain(_ name: String) throws -> UnsafePointer<Float> {
      UnsafePointer(try tensors.vector(prefix + name + ".weight", count: config.dim))
    }
    func linear(_ name: String, _ outputs: Int, _ inputs: Int, biased: Bool) throws -> StoredLinear {
      StoredLinear(
        matrix: try tensors.matrix(prefix + name + ".weight", rows: outputs, columns: inputs),
        bias: biased ? UnsafePointer(try tensors.vector(prefix + name + ".bias", count: outputs)) : nil,
        adapter: try adapters(prefix + name, outputs, inputs))
    }
    let (dim, width, wide) = (config.dim, config.attentionWidth, config.feedForward)
    let keys = config.keyValueHeads * config.headDim
    let (attention, feedForward) = (config.biases.attention, config.biases.feedForward)
    inputNorm = try gain("input_layernorm")
    query = try linear("self_attn.q_proj", width, dim, biased: attention)
    key = try linear("self_attn.k_proj", keys, dim, biased: attention)
    value = try linear("self_attn.v_proj", keys, dim, biased: attention)
    output = try linear("self_attn.o_proj", dim, width, biased: attention)
    feedForwardNorm = try gain("post_attention_layernorm")
    gate = try linear("mlp.gate_proj", wide, dim, biased: feedForward)
    up = try linear("mlp.up_proj", wide, dim, biased: feedForward)
    down = try linear("mlp.down_proj", dim, wide, biased: feedForward)
  }
}
