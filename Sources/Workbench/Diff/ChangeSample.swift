import History
import Records

/// What a summary takes of one change: of each side the lengths of its texts, its topic, its teacher and its scores.
/// A class, because most walks take none and would move its many strings along with every change.
final class ChangeSample: Sendable {
  struct Side: Sendable {
    let instruction: TextLength
    let output: TextLength
    let topic: String?
    let teacher: String?
    let scores: [Provenance.Score]

    init(_ entry: TreeEntry, _ content: RecordSide, _ origins: OriginReader) throws {
      (instruction, output) = try content.pair.withUnsafeBytes { bytes in
        let fields = try PairFields(canonical: bytes)
        return (
          TextLength(PairFields.contents(fields.instruction, in: bytes)),
          TextLength(PairFields.contents(fields.output, in: bytes))
        )
      }
      topic = try origins.value(of: .column("topic"), entry)
      teacher = try origins.value(of: .teacher, entry)
      scores = try origins.provenance(entry).scores
    }
  }

  /// Nil of an added record.
  let old: Side?
  /// Nil of a removed record.
  let new: Side?

  init(_ delta: RecordDelta, _ change: RecordChange, _ origins: OriginReader) throws {
    old = if let entry = delta.old, let side = change.old { try Side(entry, side, origins) } else { nil }
    new = if let entry = delta.new, let side = change.new { try Side(entry, side, origins) } else { nil }
  }
}

/// How long a text is.
struct TextLength: Sendable, Equatable {
  /// Unicode scalars, as Python counts.
  var characters = 0
  /// Runs of anything but white space of ASCII, as `wc -w` counts.
  var words = 0

  /// - Parameter text: UTF-8.
  init(_ text: [UInt8]) {
    var wasSpace = true
    for byte in text {
      if byte & 0xC0 != 0x80 { characters += 1 }
      let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
      if wasSpace && !isSpace { words += 1 }
      wasSpace = isSpace
    }
  }
}
