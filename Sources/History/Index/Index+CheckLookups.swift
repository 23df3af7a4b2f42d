import Foundation
import GRDB
import Objects
import Records

extension Index {
  /// Fills the tables that are built when they are first asked for as far as another index has them, so that the two
  /// can be compared.
  func fillLookups(like other: Database, _ database: Database) throws {
    for row in try Row.fetchAll(other, sql: "SELECT number, name FROM key_columns ORDER BY number") {
      let (number, name): (Int64, Data) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
      guard let text = String(validating: name, as: UTF8.self) else {
        throw IndexDisagrees(reason: "it names an impossible column")
      }
      try database.execute(sql: "INSERT INTO key_columns VALUES (?, ?)", arguments: [number, name])
      let done = try Row.fetchAll(
        other, sql: "SELECT batch, first_page FROM key_batches WHERE column_number = ? ORDER BY batch",
        arguments: [number])
      for row in done {
        let (prefix, page): (Data, Int64?) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
        let data = try Data.fetchOne(
          database, sql: "SELECT id FROM batches WHERE prefix = ?", arguments: [prefix])
        guard let id = data.flatMap({ ObjectID(bytes: $0) }) else {
          throw IndexDisagrees(reason: "it has keys of a batch that no commit holds")
        }
        guard page.map({ (0..<1 << 40).contains($0) }) ?? true else {
          throw IndexDisagrees(reason: "it held an impossible page")
        }
        try index(
          Batch(parsing: store.read(id, .batch)), prefix, column: number, name: text, database,
          firstPage: page)
      }
    }
  }
}
