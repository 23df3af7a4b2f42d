public import Records

/// The difference of two versions, in numbers: of what the filter left.
public struct DiffResult: Sendable {
  /// The older version.
  public var from: CommitSummary
  /// The newer version.
  public var to: CommitSummary
  /// Over all records.
  public var counts = ChangeCounts()
  /// By the batch that brought the records, in the order of their ids.
  public var batches: [BatchChange] = []
  /// By each facet that was asked for.
  public var groups: [FacetCounts] = []
  /// The distributions before and after, when they were asked for.
  public var summary: DiffSummary?
  /// Changes that were counted and not handed out, because of the limit.
  public var leftOut = 0
}

/// What changed among the rows of one batch.
public struct BatchChange: Sendable {
  /// The batch, as its shortest unique prefix.
  public var batch: String
  /// The imported file's name.
  public var name: String?
  /// How many records.
  public var counts: ChangeCounts
}

/// Changes by the values of a facet: of a removed record the value it had, of any other the value it has.
public struct FacetCounts: Sendable {
  /// The facet.
  public var facet: Facet
  private let tally: ValueTally<ChangeCounts>

  init(_ facet: Facet, _ tally: ValueTally<ChangeCounts>) {
    self.facet = facet
    self.tally = tally
  }

  /// The values with the most changes first; a nil value is none known.
  public var values: [ValueTally<ChangeCounts>.Entry] { tally.sorted(by: \.total) }
  /// Changes of values beyond those that are counted one by one; nil when there are none.
  public var others: ChangeCounts? { tally.others }
}
