import GRDB

/// The tables of the search index. Texts are not in it, only which words they have (an FTS5 table without content);
/// a hit is read again from the packs before it is shown. `docs/format.md` describes them.
enum SearchSchema: CacheSchema {
  /// Changed with every change of a table or of how texts are cut into words.
  static let version = 1
  /// Says that a database is ours (`mdse`).
  static let applicationID = 0x6d64_7365

  /// How texts are cut into words: at what is neither letter nor digit; case and diacritics do not count.
  static let tokenizer = "unicode61 remove_diacritics 2"

  static var fields: String { SearchField.allCases.map(\.rawValue).joined(separator: ", ") }

  static func create(in database: Database) throws {
    try database.execute(
      sql: """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        CREATE TABLE snapshots(number INTEGER PRIMARY KEY, root BLOB NOT NULL UNIQUE) STRICT;
        CREATE TABLE batches(number INTEGER PRIMARY KEY, prefix BLOB NOT NULL UNIQUE) STRICT;
        CREATE TABLE pairs(number INTEGER PRIMARY KEY, word INTEGER NOT NULL, id BLOB NOT NULL) STRICT;
        CREATE INDEX pair_words ON pairs(word);
        CREATE TABLE places(
          pair INTEGER NOT NULL, batch INTEGER NOT NULL, record_row INTEGER NOT NULL,
          PRIMARY KEY (pair, batch, record_row)) STRICT, WITHOUT ROWID;
        CREATE VIRTUAL TABLE texts USING fts5(\(fields), content='', tokenize='\(tokenizer)');
        INSERT INTO texts(texts, rank) VALUES ('hashsize', 16777216);
        """)
  }
}
