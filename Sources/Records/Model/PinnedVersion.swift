/// The file `mdata.lock`: the version of a dataset that a code repository was written against.
public struct PinnedVersion: Sendable {
  /// The export whose bytes are pinned.
  public struct Export: Sendable {
    /// The row format, such as `alpaca-json`.
    public var format: String
    /// How many bytes the export has.
    public var bytes: Int
    /// The digest of the export.
    public var sha256: ContentDigest

    /// A pinned export.
    public init(format: String, bytes: Int, sha256: ContentDigest) {
      self.format = format
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// The git id of the commit.
  public var commit: String
  /// The root node of the commit's snapshot.
  public var snapshot: ObjectID
  /// How many records the snapshot has.
  public var records: Int
  /// The export.
  public var export: Export
  /// The branch or tag that was pinned, for people; the commit decides.
  public var ref: String?

  /// The file's name.
  public static let fileName = "mdata.lock"

  /// What the member `schema` says.
  public static let schema = "mdata.lock/v1"

  /// A pinned version.
  public init(commit: String, snapshot: ObjectID, records: Int, export: Export, ref: String? = nil) {
    self.commit = commit
    self.snapshot = snapshot
    self.records = records
    self.export = export
    self.ref = ref
  }

  /// The file's bytes: one member a line and a line feed at the end, so that a code review shows what changed.
  public func encode() -> [UInt8] {
    var lines = [
      "  \"schema\": \(Self.quoted(Self.schema))",
      "  \"commit\": \(Self.quoted(commit))",
      "  \"snapshot\": \(Self.quoted(snapshot.hex))",
      "  \"records\": \(records)",
      "  \"export\": {\n    \"format\": \(Self.quoted(export.format)),\n    \"bytes\": \(export.bytes),\n"
        + "    \"sha256\": \(Self.quoted(export.sha256.hex))\n  }",
    ]
    if let ref { lines.append("  \"ref\": \(Self.quoted(ref))") }
    return Array("{\n\(lines.joined(separator: ",\n"))\n}\n".utf8)
  }

  /// Reads the file in any spelling. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "lock", canonical: false) {
      (reader) throws(ObjectFormatError) in
      try reader.schema(PinnedVersion.schema)
      return PinnedVersion(
        commit: try reader.gitID("commit"), snapshot: try reader.objectID("snapshot"),
        records: try reader.integer("records"),
        export: try reader.object("export") { (reader) throws(ObjectFormatError) in
          Export(
            format: try reader.nonEmpty("format"), bytes: try reader.integer("bytes"),
            sha256: try reader.digest("sha256"))
        },
        ref: try reader.optionalNonEmpty("ref"))
    }
  }

  private static func quoted(_ text: String) -> String {
    String(decoding: CanonicalJSON.encode(.string(text)), as: UTF8.self)
  }
}

extension PinnedVersion: Equatable {
  /// Pinned versions are equal when their files are.
  public static func == (left: PinnedVersion, right: PinnedVersion) -> Bool {
    left.encode() == right.encode()
  }
}
