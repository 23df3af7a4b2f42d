import History
import Records

/// What a person wants to see of an item that is left out: its text, and that of what it is too much like.
public struct FilterExample: Sendable {
  /// What was decided.
  public let decision: FilterDecision
  /// The texts that were compared or broke a rule; nil where they cannot be read again, as from a pipe.
  public let text: String?
  /// The nearest one's; nil also when there is none, or it is in another file.
  public let nearest: String?
}

extension PairSource {
  /// The texts of items, by their places, from 0.
  func texts(at places: Set<Int>, of fields: [PairField], _ session: Session) throws -> [Int: String] {
    guard let last = places.max(), isRepeatable(session) else { return [:] }
    var (texts, place): ([Int: String], Int) = ([:], 0)
    do {
      try read(session, work: { try $0.text(of: fields) }) { _, text in
        if places.contains(place) { texts[place] = String(decoding: text, as: UTF8.self) }
        if place == last { throw Enough() }
        place += 1
      }
    } catch is Enough {}
    return texts
  }

  private struct Enough: Error {}
}

extension FilterPlan {
  /// The places of the first items that are left out, or of those most like another, with what is nearest to each among the
  /// items; in the order of the items.
  func drops(_ choice: FilterRequest.Examples) -> [(item: Int, nearest: Int?)] {
    let dropped = decisions.indices.filter { decisions[$0].rule != nil }
    let chosen =
      switch choice {
      case .first(let count): Array(dropped.prefix(count))
      case .closest(let count):
        dropped.filter { decisions[$0].nearest != nil }
          .sorted { (decisions[$1].score ?? 0, $0) < (decisions[$0].score ?? 0, $1) }.prefix(count).sorted()
      }
    return chosen.map { ($0, decisions[$0].nearestItem) }
  }
}
