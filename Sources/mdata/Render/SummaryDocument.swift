import Records
import Workbench

extension DiffSummary {
  /// The member `summary` of `diff --json`.
  var json: JSONValue {
    .object([
      JSONMember("numbers", .array(numbers.map(\.json))), JSONMember("values", .array(values.map(\.json))),
    ])
  }
}

extension DiffSummary.Numbers {
  fileprivate var json: JSONValue {
    let bins = bins
    let counts = zip(before.counts(in: bins), after.counts(in: bins))
    return .object([
      JSONMember("name", .string(name)), JSONMember("unit", .string(unit.rawValue)),
      JSONMember("before", before.json), JSONMember("after", after.json),
      JSONMember(
        "bins",
        .array(
          zip(bins, counts).map { bin, counts in
            .object([
              JSONMember("from", .number(bin.from)), JSONMember("to", .number(bin.to)),
              JSONMember("before", .int(counts.0)), JSONMember("after", .int(counts.1)),
            ])
          })),
    ])
  }
}

extension Distribution {
  fileprivate var json: JSONValue {
    let quantiles = quantiles([0.25, 0.5, 0.75, 0.95])
    func number(_ value: Double) -> JSONValue { count == 0 || !value.isFinite ? .null : .number(value) }
    return .object(
      [
        JSONMember("records", .int(count)), JSONMember("mean", number(mean)),
        JSONMember("min", number(least)),
      ] + zip(["p25", "median", "p75", "p95"], quantiles).map { JSONMember($0, number($1)) }
        + [JSONMember("max", number(greatest))])
  }
}

extension DiffSummary.Values {
  /// Values given one by one.
  private static let most = 1_000

  fileprivate var json: JSONValue {
    let (values, others) = most(Self.most)
    return .object([
      JSONMember("name", .string(name)),
      JSONMember(
        "values",
        .array(
          values.map { entry in
            .object([
              JSONMember("value", .optional(entry.value)), JSONMember("before", .int(entry.counts.before)),
              JSONMember("after", .int(entry.counts.after)),
            ])
          })),
      JSONMember(
        "others",
        others.map {
          .object([JSONMember("before", .int($0.before)), JSONMember("after", .int($0.after))])
        } ?? .null),
    ])
  }
}
