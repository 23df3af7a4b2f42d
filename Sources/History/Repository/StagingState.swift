import Objects
public import Records

/// A batch that `add` has prepared. Its objects are in the store; no commit leads to it yet.
public struct StagedBatch: Hashable, Sendable {
  /// The batch object.
  public let batch: ObjectID
  /// The number of its rows.
  public let rows: Int
  /// The name of the file it came from, for people.
  public let source: String
  /// The digest over its pair ids, as the batch object has it.
  public let pairs: ContentDigest

  /// A staged batch.
  public init(batch: ObjectID, rows: Int, source: String, pairs: ContentDigest) {
    self.batch = batch
    self.rows = rows
    self.source = source
    self.pairs = pairs
  }
}

/// All that is staged at one moment. Operations name a state by its digest, so that staging can be undone.
public struct StagingState: Hashable, Sendable {
  /// In the order they were added.
  public var batches: [StagedBatch]
  /// A merge that waits for decisions.
  public var merge: PendingMerge?

  /// Nothing staged.
  public static let empty = StagingState(batches: [])

  static let schema = "mdata.staging/v1"
  /// What it says when a member is there that the first version did not know.
  static let extendedSchema = "mdata.staging/v2"

  /// Whether nothing is staged.
  public var isEmpty: Bool { batches.isEmpty && merge == nil }

  /// The state's bytes: canonical JSON.
  public var canonicalBytes: [UInt8] {
    let items = batches.map { staged in
      JSONValue.object([
        JSONMember("batch", .string(staged.batch.hex)), JSONMember("pairs", .string(staged.pairs.hex)),
        JSONMember("rows", .integer(staged.rows)), JSONMember("source", .string(staged.source)),
      ])
    }
    var members = [JSONMember("batches", .array(items))]
    if let merge { members.append(JSONMember("merge", merge.json)) }
    members.append(JSONMember("schema", .string(merge == nil ? Self.schema : Self.extendedSchema)))
    return CanonicalJSON.encode(.object(members))
  }

  /// What operations call it: the SHA-256 digest of its bytes, or nil when nothing is staged.
  public var digest: ContentDigest? { isEmpty ? nil : ContentDigest(ofBytes: canonicalBytes) }

  /// Why bytes are not a state.
  struct Flaw: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  init(batches: [StagedBatch], merge: PendingMerge? = nil) {
    self.batches = batches
    self.merge = merge
  }

  init(parsing bytes: [UInt8]) throws(Flaw) {
    let value: JSONValue
    do throws(JSONFailure) { value = try JSON.parse(bytes) } catch { throw Flaw(error.description) }
    let schema = value["schema"]?.string
    let isExtended = schema?.utf8.elementsEqual(Self.extendedSchema.utf8) == true
    guard isExtended || schema?.utf8.elementsEqual(Self.schema.utf8) == true else {
      throw Flaw("it names no format this version of mdata reads")
    }
    guard isExtended == (value["merge"] != nil) else { throw Flaw("its format is that of another version") }
    guard let items = value["batches"]?.array else { throw Flaw("it lists no batches") }
    batches = []
    for (position, item) in items.enumerated() {
      guard let batch = item["batch"]?.string.flatMap({ ObjectID(hex: $0) }), let rows = item["rows"]?.int,
        (1...Int(UInt32.max)).contains(rows), let source = item["source"]?.string,
        let pairs = item["pairs"]?.string.flatMap({ ContentDigest(hex: $0) })
      else { throw Flaw("its batch number \(position + 1) is malformed") }
      guard !batches.contains(where: { $0.batch == batch }) else {
        throw Flaw("it lists the batch \(batch) twice")
      }
      batches.append(StagedBatch(batch: batch, rows: rows, source: source, pairs: pairs))
    }
    merge = try value["merge"].map { (json) throws(Flaw) in try PendingMerge(json: json) }
  }
}

extension ContentDigest {
  /// The SHA-256 digest of bytes.
  init(ofBytes bytes: [UInt8]) {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    self.init(hasher.finish())
  }
}
