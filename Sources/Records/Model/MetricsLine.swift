/// A line of a training's `metrics.jsonl`.
public enum MetricsEntry: Sendable, Equatable {
  /// An optimiser step.
  case step(MetricsLine)
  /// The mean loss of held-out records after so many steps, in nats a token.
  case heldOut(step: Int, loss: Double)
}

/// What one optimiser step was like.
///
/// The file lies beside the model and may come from anybody. Lines of another kind, and members that are not known here,
/// are no mistake.
public struct MetricsLine: Sendable, Equatable {
  /// Its number, from 1.
  public var step: Int
  /// Mean cross-entropy over the answers' tokens, in nats; not a number where training diverged.
  public var loss: Double
  /// Tokens in the step; nil where the line does not say.
  public var tokens: Int?
  /// How long it took, in seconds; nil where the line does not say.
  public var seconds: Double?
  /// Its learning rate; nil where the line does not say.
  public var learningRate: Double?
  /// The L2 norm of its gradient before clipping; nil where the line does not say.
  public var gradientNorm: Double?

  /// A step of which some things are not known.
  public init(
    step: Int, loss: Double, tokens: Int? = nil, seconds: Double? = nil, learningRate: Double? = nil,
    gradientNorm: Double? = nil
  ) {
    self.step = step
    self.loss = loss
    self.tokens = tokens
    self.seconds = seconds
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
  }

  /// Bytes of a line at most: much more than any that training writes.
  public static let longest = 1 << 16
  private static let limits = JSONLimits(
    depth: 16, keys: 256, stringBytes: longest, textBytes: longest, roundsIntegers: true)

  /// Reads a line, without its end. Returns nil for one without `loss` and `validation_loss`, which tells of something else.
  ///
  /// - Throws: ``MetricsLineError``.
  public static func read(_ bytes: [UInt8]) throws(MetricsLineError) -> MetricsEntry? {
    let line: JSONValue
    do {
      line = try JSON.parse(bytes, limits: limits)
    } catch {
      throw MetricsLineError(reason: "column \(error.column): \(error.reason.message)")
    }
    guard line.object != nil else {
      throw MetricsLineError(reason: "a line is an object, with `step` and `loss`")
    }
    guard line["loss"] != nil else {
      guard line["validation_loss"] != nil else { return nil }
      return .heldOut(step: try step(line, from: 0), loss: try loss("validation_loss", line))
    }
    return .step(
      MetricsLine(
        step: try step(line, from: 1), loss: try loss("loss", line), tokens: try count("tokens", line),
        seconds: try measure("seconds", line), learningRate: try measure("learning_rate", line),
        gradientNorm: try measure("gradient_norm", line)))
  }

  private static func step(_ line: JSONValue, from least: Int) throws(MetricsLineError) -> Int {
    guard let step = line["step"]?.int, step >= least else {
      throw MetricsLineError(reason: "`step` must be a whole number from \(least)")
    }
    return step
  }

  /// JSON has no word for what is not a number: training writes null.
  private static func loss(_ name: String, _ line: JSONValue) throws(MetricsLineError) -> Double {
    guard let value = line[name], let loss = value.isNull ? .nan : value.double else {
      throw MetricsLineError(reason: "`\(name)` must be a number, or null where it was none")
    }
    return loss
  }

  /// Whether a line without an end can be one that was written to its last byte.
  public static func isWhole(_ bytes: [UInt8]) -> Bool { (try? JSON.parse(bytes, limits: limits)) != nil }

  private static func count(_ name: String, _ line: JSONValue) throws(MetricsLineError) -> Int? {
    guard let value = line[name], !value.isNull else { return nil }
    guard let count = value.int, count >= 0 else {
      throw MetricsLineError(reason: "`\(name)` must be a whole number from 0")
    }
    return count
  }

  private static func measure(_ name: String, _ line: JSONValue) throws(MetricsLineError) -> Double? {
    guard let value = line[name], !value.isNull else { return nil }
    guard let number = value.double, number >= 0 else {
      throw MetricsLineError(reason: "`\(name)` must be a number from 0")
    }
    return number
  }
}

/// What is wrong with a line of `metrics.jsonl`.
public struct MetricsLineError: Error, Equatable, Sendable {
  /// In words, without the line's number.
  public let reason: String
}
