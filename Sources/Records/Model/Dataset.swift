/// The file `dataset.json` that every commit's git tree holds: which snapshot the commit is.
public struct Dataset: Hashable, Sendable {
  /// The root node of the snapshot's tree of records.
  public var snapshot: ObjectID
  /// How many records the snapshot has.
  public var records: Int
  /// The root node of the tree of batches in their order.
  public var batches: ObjectID
  /// How many batches there are.
  public var batchCount: Int

  /// What the commit changed against its first parent, or against nothing when it has none. Nil in a file that an older
  /// mdata wrote.
  public var changes: ChangeCounts?
  /// Why the commit chose among records as it did: a ``Report``. Nil when it chose none.
  public var report: ObjectID?

  /// The file's name in the tree.
  public static let fileName = "dataset.json"

  /// What the member `schema` says.
  public static let schema = "mdata.dataset/v1"

  /// What it says when there is a report, which the first version knows nothing of.
  public static let extendedSchema = "mdata.dataset/v2"

  /// A dataset file.
  public init(
    snapshot: ObjectID, records: Int, batches: ObjectID, batchCount: Int, changes: ChangeCounts? = nil,
    report: ObjectID? = nil
  ) {
    self.snapshot = snapshot
    self.records = records
    self.batches = batches
    self.batchCount = batchCount
    self.changes = changes
    self.report = report
  }

  /// The file's bytes: canonical JSON.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("schema", report == nil ? Self.schema : Self.extendedSchema)
    list.add("snapshot", snapshot.hex)
    list.add("records", records)
    list.add("batches", batches.hex)
    list.add("batch_count", batchCount)
    if let changes {
      list.add("changes") { list in
        list.add("added", changes.added)
        list.add("edited", changes.edited)
        list.add("removed", changes.removed)
      }
    }
    list.add("report", report?.hex)
    return CanonicalJSON.encode(list.json)
  }

  /// Reads the file. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "dataset", canonical: true) {
      (reader) throws(ObjectFormatError) in
      let isExtended = reader.has("report")
      try reader.schema(isExtended ? Dataset.extendedSchema : Dataset.schema)
      return Dataset(
        snapshot: try reader.objectID("snapshot"), records: try reader.integer("records"),
        batches: try reader.objectID("batches"), batchCount: try reader.integer("batch_count"),
        changes: try reader.optionalObject("changes") { (reader) throws(ObjectFormatError) in
          ChangeCounts(
            added: try reader.integer("added"), edited: try reader.integer("edited"),
            removed: try reader.integer("removed"))
        }, report: isExtended ? try reader.objectID("report") : nil)
    }
  }
}
