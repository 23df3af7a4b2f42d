/// The order in which GGUF keeps the rows of query and key projections.
///
/// transformers turns element i of a head with element i + headDim / 2, llama.cpp neighbours: 2i with 2i + 1. Its files have
/// the rows of every head interleaved so. Source: `LlamaModel.permute` of llama.cpp's `convert_hf_to_gguf.py`.
public struct RotaryRowOrder: Sendable, Equatable {
  /// Rows of one head.
  public let headDim: Int

  /// The order for heads of this width.
  public init(headDim: Int) { self.headDim = headDim }

  /// Where a GGUF file keeps a row that transformers has at `row`.
  public func stored(_ row: Int) -> Int {
    let place = row % headDim
    let half = headDim / 2
    return row - place + place % half * 2 + place / half
  }
}
