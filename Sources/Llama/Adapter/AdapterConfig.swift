/// A low-rank adapter: beside each chosen matrix W of a frozen model, B·A with `rank` rows in A, scaled by alpha / rank.
///
/// Source: Hu et al., "LoRA", 2021 (arXiv:2106.09685); names and scale as in PEFT.
public struct AdapterConfig: Sendable, Equatable {
  /// A matrix of a block, as transformers names it.
  public enum Module: String, Sendable, CaseIterable {
    case query = "q_proj"
    case key = "k_proj"
    case value = "v_proj"
    case output = "o_proj"
    case gate = "gate_proj"
    case up = "up_proj"
    case down = "down_proj"

    /// The part of the block that it belongs to.
    var parent: String {
      switch self {
      case .query, .key, .value, .output: "self_attn"
      case .gate, .up, .down: "mlp"
      }
    }
  }

  /// Rows of A, and columns of B.
  public var rank: Int
  /// What the product is scaled by, times the rank.
  public var alpha: Double
  /// Which matrices of every block have one.
  public var modules: Set<Module>
  /// Share of A's inputs that is dropped while training.
  public var dropout: Double

  /// A configuration.
  public init(
    rank: Int, alpha: Double, modules: Set<Module> = Set(Module.allCases), dropout: Double = 0
  ) {
    self.rank = rank
    self.alpha = alpha
    self.modules = modules
    self.dropout = dropout
  }

  /// What the product is multiplied with.
  var scale: Float { Float(alpha / Double(rank)) }

  /// What is wrong with the values, or nil.
  public var problem: String? {
    if !(1...4096 ~= rank) { return "the adapter's rank must be from 1 to 4,096, not \(rank)" }
    if !(alpha > 0 && alpha.isFinite) { return "the adapter's alpha must be above 0, not \(alpha)" }
    if !(0..<1 ~= dropout) {
      return "the adapter's dropout must be 0 or more and below 1, not \(dropout)"
    }
    if modules.isEmpty { return "the adapter has no module to stand beside" }
    return nil
  }
}
