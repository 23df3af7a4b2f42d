import Records
import Workbench

extension CardResult {
  func json(path: String?) -> JSONValue {
    .document(
      "card",
      [
        JSONMember("commit", .string(card.commit.commit)),
        JSONMember("snapshot", .string(card.commit.snapshot)),
        JSONMember("tags", .strings(card.tags)), JSONMember("path", .optional(path)),
        JSONMember("name", .optional(card.name)), JSONMember("records", .int(card.records)),
        JSONMember("pairs", .int(card.pairs)), JSONMember("size_category", .string(card.sizeCategory)),
        JSONMember("license", .strings(card.license.identifiers)),
        JSONMember("license_name", .optional(card.license.name)),
        JSONMember("license_stated", .bool(card.license.isStated)),
        JSONMember("licenses", .array(card.licenses.map { Self.count("license", $0.license, $0.count) })),
        JSONMember("unlicensed", .int(card.unlicensed)), JSONMember("languages", .strings(card.languages)),
        JSONMember("lengths", .object(card.lengths.map { JSONMember($0.field, $0.json) })),
        JSONMember("counts", .array(card.counts.map(\.json))),
        JSONMember("answered", .object(card.answers.map { JSONMember($0.question, .int($0.count)) })),
        JSONMember("text", .string(text)),
      ])
  }

  fileprivate static func count(_ name: String, _ value: String, _ count: Int) -> JSONValue {
    .object([JSONMember(name, .string(value)), JSONMember("records", .int(count))])
  }
}

extension DatasetCard.Counts {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("name", .string(name)), JSONMember("missing", .int(missing)),
      JSONMember("others", .int(others)),
      JSONMember("values", .array(values.map { CardResult.count("value", $0.value, $0.count) })),
    ])
  }
}

extension LengthSummary {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("texts", .int(texts)), JSONMember("least", .int(least)), JSONMember("median", .int(median)),
      JSONMember("mean", .number(mean)), JSONMember("p95", .int(percentile95)),
      JSONMember("greatest", .int(greatest)),
    ])
  }
}
