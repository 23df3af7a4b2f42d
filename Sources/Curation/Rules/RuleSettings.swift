import Records

/// Why rules cannot be put together.
public enum RuleSetFailure: Error, Equatable {
  /// No rule has this name; `known` are all names, without versions, of rules and of groups of them.
  case unknownRule(name: String, known: [String])
  /// The rule has no such setting; `known` are those that it has.
  case unknownSetting(rule: String, setting: String, known: [String])
  /// The setting cannot have this value.
  case invalidSetting(rule: String, setting: String, expected: String)
  /// The settings as a whole are not a list of names and of objects with a `rule`.
  case invalidList
}

/// The parameters of one rule, as they are read.
public struct RuleSettings {
  private let rule: String
  private let members: [JSONMember]
  private var known: Set<String> = []

  init(of rule: String, _ members: [JSONMember]) {
    self.rule = rule
    self.members = members
  }

  /// A whole number from 0 to a thousand million.
  mutating func count(_ name: String) throws(RuleSetFailure) -> Int? {
    guard let value = take(name) else { return nil }
    guard case .number(let number) = value, 0...1e9 ~= number, number.rounded() == number else {
      throw invalid(name, "a whole number from 0 to 1000000000")
    }
    return Int(number)
  }

  /// A number from 0 to 1.
  mutating func share(_ name: String) throws(RuleSetFailure) -> Double? {
    guard let value = take(name) else { return nil }
    guard case .number(let number) = value, 0...1 ~= number else {
      throw invalid(name, "a number from 0 to 1")
    }
    return number
  }

  /// One of a few words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(RuleSetFailure) -> Choice? {
    try string(name).map { (word) throws(RuleSetFailure) in try choice(of: word, name) }
  }

  /// Some of a few words.
  mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(RuleSetFailure) -> [Choice]? {
    try strings(name)?.map { (word) throws(RuleSetFailure) in try choice(of: word, name) }
  }

  /// A text.
  mutating func string(_ name: String) throws(RuleSetFailure) -> String? {
    guard let value = take(name) else { return nil }
    guard case .string(let string) = value else { throw invalid(name, "a text") }
    return string
  }

  /// A list of texts.
  mutating func strings(_ name: String) throws(RuleSetFailure) -> [String]? {
    guard let value = take(name) else { return nil }
    guard case .array(let values) = value else { throw invalid(name, "a list of texts") }
    return try values.map { (value) throws(RuleSetFailure) in
      guard case .string(let string) = value else { throw invalid(name, "a list of texts") }
      return string
    }
  }

  /// A name of the user's for the rule.
  mutating func givenName() throws(RuleSetFailure) -> String? {
    guard let name = try string("name") else { return nil }
    guard RuleSet.isFree(name) else { throw invalid("name", RuleSet.freeNames) }
    return name
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    of word: String, _ name: String
  ) throws(RuleSetFailure) -> Choice {
    guard let choice = Choice(rawValue: word) else {
      throw invalid(name, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// Throws when there is a setting that nobody asked for.
  func finish() throws(RuleSetFailure) {
    for member in members where !known.contains(member.name) {
      throw .unknownSetting(rule: rule, setting: member.name, known: known.sorted())
    }
  }

  private mutating func take(_ name: String) -> JSONValue? {
    known.insert(name)
    return members.first { $0.name == name }?.value
  }

  private func invalid(_ name: String, _ expected: String) -> RuleSetFailure {
    .invalidSetting(rule: rule, setting: name, expected: expected)
  }
}
