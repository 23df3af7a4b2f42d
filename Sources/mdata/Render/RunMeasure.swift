import Records
import Workbench

/// What of a training is drawn.
enum RunMeasure: String, CaseIterable {
  case loss
  case learningRate = "learning rate"
  case gradientNorm = "gradient norm"

  /// What it is, with its unit.
  var title: String {
    switch self {
    case .loss: "Loss: mean cross-entropy, nats a token"
    case .learningRate: "Learning rate"
    case .gradientNorm: "Gradient norm, before clipping"
    }
  }

  /// What is drawn of one run: the measure, and beside the loss that of held-out records.
  func curves(_ curve: RunCurve) -> [PlottedCurve] {
    let heldOut = self == .loss ? PlottedCurve(heldOut: curve, number: 1) : nil
    return [self.curve(curve, named: heldOut == nil ? "" : "trained on")] + [heldOut].compactMap(\.self)
  }

  func curve(_ curve: RunCurve, named name: String, number: Int = 0) -> PlottedCurve {
    PlottedCurve(curve, named: name, number: number) { point in
      switch self {
      case .loss: point.loss
      case .learningRate: point.learningRate
      case .gradientNorm: point.gradientNorm
      }
    }
  }
}
