import Records

/// A JSON object file of a model folder; errors name the file and the key.
struct ConfigurationFile {
  let path: String
  let value: JSONValue

  /// Longest file accepted (bytes); real ones have a few kilobytes, shard indexes of huge models a few megabytes.
  static let longest = 64 << 20

  init(path: String, value: JSONValue) throws {
    guard case .object = value else {
      throw ModelFolderError.malformed(path: path, reason: "is not a JSON object")
    }
    self.path = path
    self.value = value
  }

  init(path: String) throws {
    let bytes = try InputFile.contents(of: path, limit: Self.longest)
    let value: JSONValue
    do {
      value = try JSON.parse(bytes, limits: .foreignConfiguration)
    } catch {
      throw ModelFolderError.malformed(path: path, reason: "is not valid JSON: \(error)")
    }
    try self.init(path: path, value: value)
  }

  /// The file's value, or nil when there is no such file.
  static func ifPresent(path: String) throws -> ConfigurationFile? {
    fileExists(path) ? try ConfigurationFile(path: path) : nil
  }

  func refuse(_ key: String, _ reason: String) -> ModelFolderError {
    .key(path: path, key: key, reason: reason)
  }

  func unsupported(_ key: String, _ reason: String) -> ModelFolderError {
    .unsupported(path: path, key: key, reason: reason)
  }

  /// A member's value; nil when it is absent or null. `key` may lead into objects with dots.
  subscript(key: String) -> JSONValue? {
    var value = value
    for part in key.split(separator: ".") {
      guard let next = value[String(part)], !next.isNull else { return nil }
      value = next
    }
    return value
  }

  func optionalInt(_ key: String) throws -> Int? {
    guard let value = self[key] else { return nil }
    guard let number = value.int else { throw refuse(key, "is not a whole number") }
    return number
  }

  func int(_ key: String) throws -> Int {
    guard let number = try optionalInt(key) else { throw refuse(key, "is missing") }
    return number
  }

  func double(_ key: String) throws -> Double? {
    guard let value = self[key] else { return nil }
    guard let number = value.double else { throw refuse(key, "is not a number") }
    return number
  }

  func bool(_ key: String, default standard: Bool) throws -> Bool {
    guard let value = self[key] else { return standard }
    guard let flag = value.bool else { throw refuse(key, "is not true or false") }
    return flag
  }

  func string(_ key: String) throws -> String? {
    guard let value = self[key] else { return nil }
    guard let text = value.string else { throw refuse(key, "is not a string") }
    return text
  }
}
