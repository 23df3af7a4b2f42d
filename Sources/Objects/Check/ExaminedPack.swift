import Records

/// What looking at every byte of a pack file has shown.
public struct ExaminedPack: Sendable {
  /// An entry whose object is lost here.
  public struct LostEntry: Sendable {
    /// Where it begins, in bytes from 0.
    public let offset: Int
    /// The first eight bytes of the object's id, when the index is intact.
    public let prefix: UInt64?
    /// What is wrong.
    public let reason: String
  }

  /// Its name in the directory.
  public let name: String
  /// Its path.
  public let path: String
  /// Its length in bytes.
  public let bytes: Int
  /// Intact objects in it.
  public internal(set) var objects = 0
  /// What is wrong outside its entries: byte offset and reason. Readers cannot use the pack, or not trust its index.
  public internal(set) var flaw: (offset: Int, reason: String)?
  /// Why it is not the file that was written, although nothing in it is known to be wrong.
  public internal(set) var alteration: String?
  /// The entries that are damaged, in the order of the file.
  public internal(set) var lost: [LostEntry] = []
  /// Whether a later version of this program wrote it: then nothing in it was looked at.
  public internal(set) var isUnsupported = false
  /// Whether its name is one that packs have.
  public let hasPackName: Bool

  /// The dictionary of its entries.
  var dictionary: ObjectID?
  var dictionaryNumber: UInt64 = 0

  /// Whether nothing at all is wrong with it.
  public var isIntact: Bool { flaw == nil && alteration == nil && lost.isEmpty && hasPackName }
  /// Whether readers find what is in it.
  public var isUsable: Bool { flaw == nil && hasPackName }
}
