import CSQLite
import GRDB
import GRDBSQLite

/// Checks at the end of the pages of SQLite files: without them, damage that leaves a page well formed reads as
/// other rows.
enum CheckedPages {
  private static let code = mdata_check_pages()

  /// Makes SQLite check pages in this process. Before any file is opened.
  static func install() throws {
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }

  /// What an error says when a page does not agree with its check; nil for any other error.
  static func flaw(_ error: DatabaseError) -> String? {
    error.extendedResultCode == .SQLITE_IOERR_DATA ? "a page of it does not agree with its check" : nil
  }

  /// Leaves room for the checks in a file that is new. Before anything is written to it.
  static func leaveRoom(in database: Database) throws {
    var bytes = Int32(MDATA_PAGE_CHECK_BYTES)
    let code = sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_RESERVE_BYTES, &bytes)
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }
}
