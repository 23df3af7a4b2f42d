/// How the elements of a GGUF tensor are stored: as they are, or in blocks that share a scale.
///
/// Source: `enum ggml_type` and `ggml-common.h` of ggml; sizes as in `GGML_QUANT_SIZES` of its `gguf` package.
public enum GGUFTensorType: UInt32, Sendable, CaseIterable {
  case float32 = 0
  case float16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q4K = 12
  case q5K = 13
  case q6K = 14
  case bfloat16 = 30

  /// The name that ggml gives it.
  public var name: String {
    switch self {
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .q4_0: "Q4_0"
    case .q4_1: "Q4_1"
    case .q5_0: "Q5_0"
    case .q5_1: "Q5_1"
    case .q8_0: "Q8_0"
    case .q4K: "Q4_K"
    case .q5K: "Q5_K"
    case .q6K: "Q6_K"
    }
  }

  /// Elements of one block; a row is a whole number of blocks.
  public var blockElements: Int {
    switch self {
    case .float32, .float16, .bfloat16: 1
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0: 32
    case .q4K, .q5K, .q6K: 256
    }
  }

  /// Bytes of one block.
  public var blockBytes: Int {
    switch self {
    case .float32: 4
    case .float16, .bfloat16: 2
    case .q4_0: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q8_0: 34
    case .q4K: 144
    case .q5K: 176
    case .q6K: 210
    }
  }

  /// What ggml calls a type that is not read, for messages.
  static func name(ofUnknown code: UInt32) -> String {
    let others: [UInt32: String] = [
      9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
      20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64",
      28: "F64",
      29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
    ]
    return others[code].map { "\($0) (type \(code))" } ?? "type \(code)"
  }
}
