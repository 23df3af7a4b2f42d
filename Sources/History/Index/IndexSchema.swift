import GRDB

/// The tables of the index. They hold where things are and what changed when, never what records say; all of it
/// can be built again from history and objects. `docs/format.md` describes them.
enum IndexSchema: CacheSchema {
  /// Changed with every change of a table: an index of another version is deleted and built again.
  static let version = 5
  /// Says that a database is ours (`mdix`).
  static let applicationID = 0x6d64_6978

  /// In a table without row ids the key comes first: where another column stands before one of its own, the check of
  /// SQLite 3.40 reads the wrong one in a strict table and finds damage that is none.
  static func create(in database: Database) throws {
    try database.execute(
      sql: """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        CREATE TABLE stamp(
          one INTEGER PRIMARY KEY CHECK (one = 1), tips BLOB NOT NULL, operation INTEGER NOT NULL,
          operation_digest TEXT NOT NULL) STRICT;
        INSERT INTO stamp VALUES (1, x'', 0, '');
        CREATE TABLE commits(
          number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, chain INTEGER NOT NULL, position INTEGER NOT NULL,
          base INTEGER, merges INTEGER NOT NULL, UNIQUE (chain, position)) STRICT;
        CREATE TABLE batches(
          prefix BLOB PRIMARY KEY, id BLOB NOT NULL, commit_number INTEGER NOT NULL, row_count INTEGER NOT NULL,
          source TEXT) STRICT, WITHOUT ROWID;
        CREATE TABLE changes(
          batch BLOB NOT NULL, record_row INTEGER NOT NULL, commit_number INTEGER NOT NULL, kind INTEGER NOT NULL,
          PRIMARY KEY (batch, record_row, commit_number)) STRICT, WITHOUT ROWID;
        CREATE TABLE change_ranges(
          batch BLOB NOT NULL, first_row INTEGER NOT NULL, commit_number INTEGER NOT NULL,
          last_row INTEGER NOT NULL, kind INTEGER NOT NULL,
          PRIMARY KEY (batch, first_row, commit_number)) STRICT, WITHOUT ROWID;
        CREATE TABLE reasons(
          batch BLOB NOT NULL, record_row INTEGER NOT NULL, commit_number INTEGER NOT NULL, chunk INTEGER NOT NULL,
          PRIMARY KEY (batch, record_row, commit_number, chunk)) STRICT, WITHOUT ROWID;
        CREATE TABLE runs(
          number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, operation INTEGER NOT NULL) STRICT;
        CREATE TABLE run_rows(
          batch BLOB NOT NULL, first_row INTEGER NOT NULL, run_number INTEGER NOT NULL, last_row INTEGER NOT NULL,
          PRIMARY KEY (batch, first_row, run_number)) STRICT, WITHOUT ROWID;
        CREATE TABLE key_columns(number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE) STRICT;
        CREATE TABLE key_batches(
          column_number INTEGER NOT NULL, batch BLOB NOT NULL, first_page INTEGER, page_bits INTEGER,
          PRIMARY KEY (column_number, batch)) STRICT, WITHOUT ROWID;
        CREATE TABLE key_values(
          column_number INTEGER NOT NULL, hash INTEGER NOT NULL, batch BLOB NOT NULL, origin_row INTEGER NOT NULL,
          record BLOB, PRIMARY KEY (column_number, hash, batch, origin_row)) STRICT, WITHOUT ROWID;
        CREATE TABLE key_pages(number INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
        """)
  }
}
