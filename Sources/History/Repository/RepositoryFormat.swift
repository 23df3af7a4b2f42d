import Objects
import Records

/// The file that says a folder is a repository, and of which format. It is written last when a repository is
/// created, so a folder without it was never one.
enum RepositoryFormat {
  static let fileName = "format"
  static let family = "mdata.repository/v"
  static let current = "mdata.repository/v1"

  static var bytes: [UInt8] { CanonicalJSON.encode(.object([JSONMember("schema", .string(current))])) }

  /// Reads the file and refuses every format but the current one.
  static func check(_ folder: String, _ fileSystem: any FileSystem) throws {
    let path = folder + "/" + fileName
    guard try fileSystem.status(path) != nil else { throw HistoryError.notARepository(folder) }
    let bytes = try fileSystem.contents(of: path, limit: 4096)
    let value: JSONValue
    do throws(JSONFailure) {
      value = try JSON.parse(bytes)
    } catch {
      throw HistoryError.damaged(path: path, error.description)
    }
    guard let schema = value["schema"]?.string else {
      throw HistoryError.damaged(path: path, "it names no format")
    }
    if schema.utf8.elementsEqual(current.utf8) { return }
    guard schema.hasPrefix(family), let version = Int(schema.dropFirst(family.count)), version > 1 else {
      throw HistoryError.damaged(path: path, "it names the unknown format `\(schema)`")
    }
    throw HistoryError.newerFormat(folder, found: schema)
  }
}
