internal import CKernels
import Glibc

/// AdamW's constants, with the defaults of transformers' trainer.
///
/// Follows `torch.optim.AdamW`: decay is decoupled and scaled by the learning rate, eps is added outside the root.
/// Source: Loshchilov and Hutter, 2019 (arXiv:1711.05101).
public struct AdamW: Sendable, Equatable {
  /// Decay of the mean of gradients.
  public var beta1: Double
  /// Decay of the mean of squared gradients.
  public var beta2: Double
  /// Added to the root of the mean square.
  public var epsilon: Double
  /// Share of a weight taken away each step, times the learning rate.
  public var weightDecay: Double
  /// Whether norm gains and biases decay too. Transformers' trainer spares them; a bare torch optimiser does not.
  public var decaysGains: Bool

  /// The constants.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    decaysGains: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decaysGains = decaysGains
  }
}

extension LlamaModel {
  /// Multiplies the gradients by `scale` (1 over the batch's label count), then scales them down if their norm is above
  /// `maxNorm`; nil never does. Returns the norm before clipping.
  ///
  /// Follows `torch.nn.utils.clip_grad_norm_`. The factor is applied when the gradients are next read, so this costs one
  /// pass of reading.
  @discardableResult
  public func clipGradients(maxNorm: Float?, scale: Float = 1) -> Float {
    let norm =
      Float(ck_sum_of_squares(kernels.context, trained.count, trained.gradients.base).squareRoot()) * scale
    gradientScale = scale
    if let maxNorm { gradientScale *= min(1, maxNorm / (norm + 1e-6)) }
    return norm
  }

  /// Takes one optimiser step with the gradients as the last clip left them.
  public func adamStep(learningRate: Double, _ optimizer: AdamW = AdamW()) {
    optimizerSteps += 1
    let correction = (
      first: 1 - pow(optimizer.beta1, Double(optimizerSteps)),
      second: 1 - pow(optimizer.beta2, Double(optimizerSteps))
    )
    var step = ck_adamw(
      beta1: Float(optimizer.beta1), beta2: Float(optimizer.beta2), new1: Float(1 - optimizer.beta1),
      new2: Float(1 - optimizer.beta2), rate: Float(learningRate / correction.first),
      root: Float(correction.second.squareRoot()), keep: Float(1 - learningRate * optimizer.weightDecay),
      eps: Float(optimizer.epsilon), gradient_scale: gradientScale)
    if optimizer.weightDecay == 0 || optimizer.decaysGains { return update(0..<trained.count, step) }
    for tensor in trained.tensors {
      step.keep = tensor.shape.count == 1 ? 1 : Float(1 - learningRate * optimizer.weightDecay)
      update(tensor.range, step)
    }
  }

  private func update(_ range: Range<Int>, _ step: ck_adamw) {
    let at = range.lowerBound
    ck_adamw_step(
      kernels.context, range.count, step, trained.gradients.base + at, trained.weights.base + at,
      trained.firstMoments.base + at, trained.secondMoments.base + at)
  }

  /// Forgets the gradients, before the next batch.
  public func zeroGradients() {
    ck_zero(kernels.context, trained.count, trained.gradients.base)
    gradientScale = 1
  }
}
