/// A licence as rows and people write it, compared by what it means to name: letters, digits and what stands between
/// them, so that `CC BY 4.0`, `cc-by-4.0` and `CC_BY-4.0` are one.
///
/// An expression with `OR` (SPDX 2.3, annex D) names several licences, of which whoever takes the data may choose.
public struct LicenseName: Hashable, Sendable {
  /// Lower case, with one hyphen for each run of spaces, hyphens and underscores.
  public let key: String
  /// The keys of the licences that may be chosen: its own without `OR`.
  public let choices: [String]

  /// The licence that a text names.
  public init(_ text: String) {
    let words = text.split { $0.isWhitespace }.map(String.init)
    let parts = words.split { $0.utf8.elementsEqual("OR".utf8) }
    key = Self.key(of: words.joined(separator: " "))
    choices = parts.count > 1 ? parts.map { Self.key(of: $0.joined(separator: " ")) } : [key]
  }

  /// Whether data under the other licence may be had under this one: it is the same, or one of its choices.
  public func isOffered(by other: LicenseName) -> Bool {
    key.utf8.elementsEqual(other.key.utf8) || other.choices.contains { $0.utf8.elementsEqual(key.utf8) }
  }

  public static func == (left: LicenseName, right: LicenseName) -> Bool {
    left.key.utf8.elementsEqual(right.key.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var key = key
    key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  private static func key(of text: String) -> String {
    var key: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x20, UInt8(ascii: "-"), UInt8(ascii: "_"):
        if let last = key.last, last != UInt8(ascii: "-") { key.append(UInt8(ascii: "-")) }
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): key.append(byte | 0x20)
      case UInt8(ascii: "("), UInt8(ascii: ")"): continue
      default: key.append(byte)
      }
    }
    if key.last == UInt8(ascii: "-") { key.removeLast() }
    return String(decoding: key, as: UTF8.self)
  }
}
