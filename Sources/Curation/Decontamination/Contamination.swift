/// A training item that repeats a part of an evaluation item.
public struct Contamination: Hashable, Sendable {
  /// The training item's place.
  public let training: Int
  /// The evaluation item's place.
  public let evaluation: Int
  /// The longest run of words that is in both and not boilerplate alone: of several, the first in the training item, and of
  /// those the first in the evaluation item.
  public let run: SharedRun
  /// Whether the run is the whole evaluation item.
  public let isWhole: Bool
}

/// A run of words that is in a training item and in an evaluation item.
public struct SharedRun: Hashable, Sendable {
  /// The place of its first word in the training item.
  public let trainingStart: Int
  /// The place of its first word in the evaluation item.
  public let evaluationStart: Int
  /// Words.
  public let length: Int
}

/// A form of words that so many evaluation items have that finding it in a training item says nothing about any of them.
public struct Boilerplate: Hashable, Sendable {
  /// The training items that have it, ascending.
  public internal(set) var training: [Int]
  /// The place of its first word in the first of them.
  public let trainingStart: Int
  /// Words.
  public let length: Int
  /// The first evaluation item that has its beginning, and the place there.
  public let evaluation: Int
  public let evaluationStart: Int
  /// How many evaluation items have the most frequent part of it.
  public internal(set) var evaluations: Int
}

/// What training items and evaluation items share.
public struct ContaminationReport: Hashable, Sendable {
  /// One for each training and evaluation item that share a run which is not boilerplate alone, sorted by both.
  public internal(set) var contaminations: [Contamination] = []
  /// What was not counted, by its words, in the order in which it was met.
  public internal(set) var boilerplate: [Boilerplate] = []
}
