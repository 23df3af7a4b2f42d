import Objects
import Records

/// What versions need and cannot have, each with the commits and records that it concerns.
final class Losses {
  /// What is lost or out of reach.
  enum What: Hashable {
    /// An object that no pack has intact.
    case object(ObjectID)
    /// The intact objects of a pack that readers cannot use.
    case pack(Int)
    /// An object that is intact and is not what it is used as.
    case misfit(ObjectID, String)
  }

  struct Loss {
    let what: What
    let kind: ObjectKind
    var commits: [CommitID] = []
    var records = ConcernedRecords()
    /// Who needs it, when no version does.
    var uses: [String] = []
  }

  private(set) var all: [Loss] = []
  private var places: [What: Int] = [:]

  /// The number of a loss, which is made when it is new.
  func number(_ what: What, kind: ObjectKind) -> Int {
    if let known = places[what] { return known }
    places[what] = all.count
    all.append(Loss(what: what, kind: kind))
    return all.count - 1
  }

  func note(_ what: What, kind: ObjectKind, use: String) {
    let number = number(what, kind: kind)
    if !all[number].uses.contains(use) { all[number].uses.append(use) }
  }

  func add(_ record: RecordID, to number: Int) { all[number].records.insert(record) }
  func add(unnamed count: Int, to number: Int) { all[number].records.insert(unnamed: count) }

  func add(_ commit: CommitID, to number: Int) {
    if all[number].commits.last != commit { all[number].commits.append(commit) }
  }

  /// What concerns a pack that readers cannot use.
  func loss(_ what: What) -> Loss? { places[what].map { all[$0] } }
}
