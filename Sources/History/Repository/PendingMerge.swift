import Objects
public import Records

/// A merge that waits for decisions. What follows from it is computed again from its two versions when it goes on, so
/// that nothing is kept here but what cannot be computed.
public struct PendingMerge: Hashable, Sendable {
  /// What brings two versions together.
  public enum Verb: String, Hashable, Sendable, CaseIterable {
    /// All that another version has changed; the new version follows both.
    case merge
    /// What one commit changed; the new version follows ours alone.
    case cherryPick = "cherry-pick"
    /// The opposite of what one commit changed; the new version follows ours alone.
    case revert
  }

  /// Which verb began it.
  public var verb: Verb
  /// Unless it is a merge, the version that theirs is compared with; nil for the empty one.
  public var base: CommitID?
  /// Our version: the commit that HEAD leads to.
  public var ours: CommitID
  /// Their version.
  public var theirs: CommitID
  /// What their version was called when the merge began.
  public var name: String
  /// The message of the commit that it will be.
  public var message: String
  /// What was decided so far, in the order of the records.
  public var decisions: [Decision]

  /// What was decided about one conflict.
  public struct Decision: Hashable, Sendable {
    /// The kinds of decision.
    public enum Choice: String, Hashable, Sendable, CaseIterable {
      /// As our side has it.
      case ours
      /// As their side has it.
      case theirs
      /// Both answers stay, as two records.
      case both
      /// Neither: ``pair`` and ``columns`` say what it shall be.
      case edited
    }

    /// The record; of two the one on our side.
    public var record: RecordID
    /// Which way.
    public var choice: Choice
    /// What it shall be when it was edited: a pair, which is in the store.
    public var pair: ObjectID?
    /// Its columns then: an object in canonical JSON.
    public var columns: [UInt8]?

    /// A decision.
    public init(record: RecordID, choice: Choice, pair: ObjectID? = nil, columns: [UInt8]? = nil) {
      self.record = record
      self.choice = choice
      self.pair = pair
      self.columns = columns
    }
  }

  /// A merge.
  public init(
    _ verb: Verb = .merge, base: CommitID? = nil, ours: CommitID, theirs: CommitID, name: String,
    message: String, decisions: [Decision] = []
  ) {
    self.verb = verb
    self.base = base
    self.ours = ours
    self.theirs = theirs
    self.name = name
    self.message = message
    self.decisions = decisions
  }

  /// Takes a decision, in the place of an earlier one about the same record.
  public mutating func decide(_ decision: Decision) {
    let place = place(of: decision.record)
    if place < decisions.count, decisions[place].record == decision.record {
      decisions[place] = decision
    } else {
      decisions.insert(decision, at: place)
    }
  }

  /// What was decided about a record; nil while that is open.
  public func decision(about record: RecordID) -> Decision? {
    let place = place(of: record)
    return place < decisions.count && decisions[place].record == record ? decisions[place] : nil
  }

  /// Takes a decision back, if there is one.
  public mutating func reopen(_ record: RecordID) {
    let place = place(of: record)
    if place < decisions.count, decisions[place].record == record { decisions.remove(at: place) }
  }

  /// Where the decision about a record is, or would be.
  private func place(of record: RecordID) -> Int {
    var (low, high) = (0, decisions.count)
    // Decisions made for many conflicts come in their order.
    if let last = decisions.last, last.record < record { return high }
    while low < high {
      let middle = (low + high) / 2
      if decisions[middle].record < record { low = middle + 1 } else { high = middle }
    }
    return low
  }

  var json: JSONValue {
    var members = [
      JSONMember("decisions", .array(decisions.map(\.json))), JSONMember("message", .string(message)),
      JSONMember("name", .string(name)), JSONMember("ours", .string(ours.hex)),
      JSONMember("theirs", .string(theirs.hex)),
    ]
    if verb != .merge {
      members.append(JSONMember("base", base.map { .string($0.hex) } ?? .null))
      members.append(JSONMember("verb", .string(verb.rawValue)))
    }
    return .object(members)
  }

  init(json: JSONValue) throws(StagingState.Flaw) {
    guard let ours = json["ours"]?.string.flatMap({ CommitID(hex: $0) }),
      let theirs = json["theirs"]?.string.flatMap({ CommitID(hex: $0) }), let name = json["name"]?.string,
      let message = json["message"]?.string, let items = json["decisions"]?.array
    else { throw StagingState.Flaw("its merge is malformed") }
    self.init(ours: ours, theirs: theirs, name: name, message: message)
    if let said = json["verb"] {
      guard let verb = said.string.flatMap({ Verb(rawValue: $0) }), verb != .merge, let base = json["base"]
      else { throw StagingState.Flaw("its merge is malformed") }
      self.verb = verb
      self.base = base.string.flatMap { CommitID(hex: $0) }
      guard self.base != nil || base.isNull else { throw StagingState.Flaw("its merge is malformed") }
    }
    for (position, item) in items.enumerated() {
      guard let decision = Decision(json: item) else {
        throw StagingState.Flaw("decision number \(position + 1) of its merge is malformed")
      }
      if let last = decisions.last, last.record >= decision.record {
        throw StagingState.Flaw("the decisions of its merge are not in order")
      }
      decisions.append(decision)
    }
  }
}

extension PendingMerge.Decision {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember("choice", .string(choice.rawValue)), JSONMember("record", .string(record.description)),
    ]
    if let pair { members.append(JSONMember("pair", .string(pair.hex))) }
    if let columns = columns.flatMap({ try? JSON.parse($0) }) {
      members.append(JSONMember("columns", columns))
    }
    return .object(members)
  }

  fileprivate init?(json: JSONValue) {
    guard let record = json["record"]?.string.flatMap({ RecordID($0) }),
      let choice = json["choice"]?.string.flatMap({ Choice(rawValue: $0) })
    else { return nil }
    let pair = json["pair"]?.string.flatMap { ObjectID(hex: $0) }
    let columns = json["columns"]
    guard (choice == .edited) == (pair != nil), (choice == .edited) == (columns?.object != nil) else {
      return nil
    }
    self.init(record: record, choice: choice, pair: pair, columns: columns.map(CanonicalJSON.encode))
  }
}
