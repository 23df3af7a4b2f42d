/// Finds the layout of a file from its first chunk, as its family of formats does.
enum RowInference {
  case json(LayoutInference)
  case csv(CSVInference)

  /// The layout; its suffix is not known yet.
  func layout(of chunk: RawChunk) -> Layout {
    switch self {
    case .json(let inference): inference.layout(of: chunk)
    case .csv(let inference): inference.layout(of: chunk)
    }
  }
}
