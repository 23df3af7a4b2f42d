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
