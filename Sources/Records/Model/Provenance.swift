/// Where one record came from, as far as its batch and its columns say.
public struct Provenance: Sendable {
  /// One quality score.
  public struct Score: Sendable {
    /// The score's name in the mapping, without `score.`.
    public let name: String
    /// Its value.
    public let value: Double
  }

  /// Which parts of a record's provenance are known.
  public struct Known: OptionSet, Hashable, Sendable {
    /// One bit a part.
    public let rawValue: UInt8

    /// The model that wrote the answer.
    public static let teacher = Known(rawValue: 1)
    /// At least one prompt.
    public static let prompts = Known(rawValue: 2)
    /// At least one seed task.
    public static let seeds = Known(rawValue: 4)
    /// The licence.
    public static let license = Known(rawValue: 8)
    /// At least one quality score.
    public static let scores = Known(rawValue: 16)
    /// Every part.
    public static let all: Known = [.teacher, .prompts, .seeds, .license, .scores]

    /// A set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
  }

  /// The model that wrote the answer.
  public var teacher: String?
  /// The names of the prompts it was made with.
  public var prompts: [String] = []
  /// The ids of the seed tasks it was made from; all of the batch's when the row does not say which.
  public var seeds: [String] = []
  /// The licence.
  public var license: String?
  /// Quality scores.
  public var scores: [Score] = []
  /// The parts that the row itself says; the other known parts are what the batch says of all its rows.
  public var saidByRow: Known = []

  /// Which parts are known.
  public var known: Known {
    var known: Known = []
    if teacher != nil { known.insert(.teacher) }
    if !prompts.isEmpty { known.insert(.prompts) }
    if !seeds.isEmpty { known.insert(.seeds) }
    if license != nil { known.insert(.license) }
    if !scores.isEmpty { known.insert(.scores) }
    return known
  }
}
