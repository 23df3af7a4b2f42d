/// The name of a tensor in both worlds. Source: `TENSOR_NAMES` and `constants.py` of the `gguf` package, for LLaMA.
enum GGUFTensorName {
  /// The tensor that holds the factors of the rotary frequencies.
  static let rotaryFactors = "rope_freqs.weight"

  private static let outer = [
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
  ]
  private static let inner = [
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
  ]

  /// A GGUF file's name for what transformers calls `name`, or nil for a tensor that LLaMA does not have.
  static func of(_ name: String) -> String? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let (module, kind) = (String(name[..<dot]), name[dot...])
    if let known = outer[module] { return known + kind }
    let parts = module.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "model", parts[1] == "layers", let known = inner[String(parts[3])]
    else {
      return nil
    }
    return "blk.\(parts[2]).\(known)\(kind)"
  }

  /// Whether the rows of this tensor (as transformers names it) are kept in `RotaryRowOrder`.
  static func isRotated(_ name: String) -> Bool {
    name.contains(".self_attn.q_proj.") || name.contains(".self_attn.k_proj.")
  }
}
