import History
import Records

/// Under which licence a card says that its dataset stands.
public struct CardLicense: Sendable {
  /// The Hub's identifiers for the metadata; `unknown` stands for records that state none, `other` for what the Hub does
  /// not know.
  public var identifiers: [String]
  /// What the Hub shows for `other`.
  public var name: String?
  /// Whether whoever wrote the card said so; otherwise it is what the rows state.
  public var isStated: Bool
}

/// Decides about it.
struct CardLicensing {
  let tally: CardTally

  /// - Parameter stated: what the card is to say; empty for what the rows state.
  /// - Throws: ``Failure`` of kind `no` when rows state another licence.
  func license(_ stated: [String], in workspace: Workspace) throws -> CardLicense {
    let names = stated.map(LicenseName.init)
    let rows = tally.licenseList
    guard !names.isEmpty else {
      return Self.license(
        rows.map(\.name), isStated: false, withUnknown: tally.unlicensed > 0 || rows.isEmpty)
    }
    let others = rows.filter { row in !names.contains { $0.isOffered(by: row.name) } }
    guard others.isEmpty else { throw try contradiction(stated, others, workspace) }
    return Self.license(names, isStated: true, withUnknown: false)
  }

  private func contradiction(
    _ stated: [String], _ rows: [(name: LicenseName, stated: CardTally.StatedLicense)], _ workspace: Workspace
  ) throws -> Failure {
    let count = rows.reduce(0) { $0 + $1.stated.found.count }
    var causes = try rows.prefix(8).map { row in
      let examples = try row.stated.found.examples.map(workspace.short).joined(separator: ", ")
      let more = row.stated.found.count > row.stated.found.examples.count ? ", …" : ""
      return "\(row.stated.found.count) under `\(row.stated.text.prefix(60))`: \(examples)\(more)"
    }
    if rows.count > 8 { causes.append("\(rows.count - 8) more licences") }
    return Failure(
      .no,
      "the rows contradict the licence `\(stated.joined(separator: "`, `"))`: \(count) of \(tally.audit.records) records state another",
      causes: causes,
      hint:
        "state what they state (`--license` can be repeated), or make a version without those records: `mdata select --where \"license = '…'\" --branch NAME`"
    )
  }

  private static func license(_ names: [LicenseName], isStated: Bool, withUnknown: Bool) -> CardLicense {
    var identifiers: [String] = []
    var others: [String] = []
    func add(_ identifier: String) { if !identifiers.contains(identifier) { identifiers.append(identifier) } }
    for name in names {
      let choices = name.choices.compactMap(HubLicense.identifier)
      if choices.count == name.choices.count {
        choices.forEach(add)
      } else {
        add("other")
        others.append(HubLicense.name(name))
      }
    }
    if withUnknown { add("unknown") }
    return CardLicense(
      identifiers: identifiers, name: others.isEmpty ? nil : others.prefix(3).joined(separator: "-and-"),
      isStated: isStated)
  }
}
