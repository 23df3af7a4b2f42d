import GRDB

/// The tables of a cache in SQLite, all of which can be built again from history and objects.
protocol CacheSchema: SendableMetatype {
  /// Changed with every change of a table: a file of another version is deleted and built again.
  static var version: Int { get }
  /// Says that a database is ours, and which of ours.
  static var applicationID: Int { get }
  /// Makes the tables in an empty database, and marks it with the version and the application.
  static func create(in database: Database) throws
}

extension CacheSchema {
  /// Whether a database has these tables.
  static func isCurrent(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID
      && Int.fetchOne(database, sql: "PRAGMA user_version") == version
  }
}
