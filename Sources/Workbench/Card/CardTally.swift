import History
import Objects
import Records

/// What a card needs to know of one record.
struct CardFacts: Sendable {
  let audit: AuditFacts
  /// Unicode scalars of instruction, input and output; of an absent input nil.
  let lengths: (instruction: Int, input: Int?, output: Int)
  /// The values of the columns that are counted.
  let values: [String?]
}

/// Reads them, one thread at a time.
final class CardReader {
  private let audits: AuditReader
  private let columns: [Facet]

  init(_ store: ObjectStore, columns: [Facet]) throws {
    audits = try AuditReader(store)
    self.columns = columns
  }

  func facts(_ entry: TreeEntry) throws -> CardFacts {
    let (pair, audit) = try audits.read(entry)
    return CardFacts(
      audit: audit,
      lengths: (
        pair.instruction.unicodeScalars.count, pair.input?.unicodeScalars.count,
        pair.output.unicodeScalars.count
      ),
      values: try columns.map { try audits.origins.value(of: $0, entry) })
  }
}

/// The counts of a card as records pass by, in the order of a checkout.
struct CardTally {
  private(set) var audit = AuditTally([])
  private(set) var teachers = ValueCounts()
  private(set) var batches: [BatchPrefix: Int] = [:]
  private(set) var values: [ValueCounts]
  /// For each licence that rows state, as it was first written: how many records, and the first of them.
  private(set) var licenses: [LicenseName: StatedLicense] = [:]
  private var instructions = TextLengths()
  private var inputs = TextLengths()
  private var outputs = TextLengths()

  struct StatedLicense {
    let text: String
    var found = AuditTally.Found()
  }

  /// Licences that are told apart: more than there can honestly be.
  private static let mostLicenses = 65_536

  init(columns: Int) { values = Array(repeating: ValueCounts(), count: columns) }

  mutating func add(_ entry: TreeEntry, _ facts: CardFacts) throws {
    audit.add(entry, facts.audit, failing: [])
    teachers.add(facts.audit.provenance.teacher)
    batches[entry.key.batch, default: 0] += 1
    for place in values.indices { values[place].add(facts.values[place]) }
    instructions.add(facts.lengths.instruction)
    if let input = facts.lengths.input { inputs.add(input) }
    outputs.add(facts.lengths.output)
    guard let text = facts.audit.provenance.license else { return }
    let name = LicenseName(text)
    if licenses[name] == nil, licenses.count >= Self.mostLicenses {
      throw Failure(
        .data, "the rows state more than \(Self.mostLicenses) different licences",
        hint: "`mdata query \"SELECT license, count(*) FROM records GROUP BY license\"` lists them")
    }
    licenses[name, default: StatedLicense(text: text)].found.add(entry.key, atMost: 3)
  }

  var lengths: [LengthSummary] {
    [
      instructions.summary("instruction"), inputs.summary("input"), outputs.summary("output"),
    ].compactMap { $0 }
  }

  /// Records that state no licence.
  var unlicensed: Int { audit.licenses.missing }

  /// The licences with their counts, most first.
  var licenseList: [(name: LicenseName, stated: StatedLicense)] {
    licenses.map { (name: $0.key, stated: $0.value) }.sorted {
      $0.stated.found.count != $1.stated.found.count
        ? $0.stated.found.count > $1.stated.found.count
        : $0.name.key.utf8.lexicographicallyPrecedes($1.name.key.utf8)
    }
  }
}
