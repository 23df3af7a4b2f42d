/// The name of an operation's file, such as `00000000/0000000012-3fa9c1e2d4b5a697.json` in the log's folder: a group of
/// a hundred numbers, the number, and the first 16 hex digits of the file's SHA-256 digest.
struct OperationFileName: Hashable {
  let sequence: Int
  let start: String
  /// Whether the file lies in the log's folder itself, where the first build of format 1 wrote it.
  let isFlat: Bool

  init(sequence: Int, start: String, isFlat: Bool = false) {
    self.sequence = sequence
    self.start = start
    self.isFlat = isFlat
  }

  /// Takes a name in the folder of a group apart, or with nil one in the log's folder; nil when it is not one of a file
  /// there.
  init?(_ text: String, in group: String?) {
    let bytes = Array(text.utf8)
    guard bytes.count == 32, bytes[10] == UInt8(ascii: "-"), bytes[27...].elementsEqual(".json".utf8),
      bytes[..<10].allSatisfy({ $0.isDigit }),
      bytes[11..<27].allSatisfy({ $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }),
      group.map({ bytes.starts(with: $0.utf8) }) ?? true,
      let sequence = Int(String(decoding: bytes[..<10], as: UTF8.self)), sequence > 0
    else { return nil }
    self.init(
      sequence: sequence, start: String(decoding: bytes[11..<27], as: UTF8.self), isFlat: group == nil)
  }

  /// The file's name without its folder's.
  var text: String { Self.digits(sequence) + "-\(start).json" }

  /// The file's path in the log's folder.
  var path: String { isFlat ? text : Self.group(of: sequence) + "/" + text }

  /// How many numbers share a folder.
  static let groupSize = 100

  /// What the names of a number's files begin with.
  static func digits(_ sequence: Int) -> String {
    let digits = String(sequence)
    return String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
  }

  /// The name of the folder that a number's file lies in: the number without its last two digits.
  static func group(of sequence: Int) -> String { String(digits(sequence).dropLast(2)) }

  /// Whether a name in the log's folder is that of a group's folder.
  static func isGroup(_ text: String) -> Bool {
    text.utf8.count == 8 && text.utf8.allSatisfy { $0.isDigit }
  }
}
