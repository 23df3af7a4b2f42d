/// Why a text is not the JSON this reader accepts, and the place where that shows.
public struct JSONFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let reason: Reason
  /// The line, from 1; lines end at a line feed.
  public let line: Int
  /// The column, from 1, counted in bytes of the line.
  public let column: Int
  /// The offset in bytes from the start of the text, from 0.
  public let byte: Int

  /// A failure at a known place.
  public init(reason: Reason, line: Int, column: Int, byte: Int) {
    self.reason = reason
    self.line = line
    self.column = column
    self.byte = byte
  }

  /// The place and the reason in one line.
  public var description: String { "line \(line), column \(column) (byte \(byte)): \(reason.message)" }

  /// The ways a text can be refused.
  public enum Reason: Error, Equatable, Sendable {
    case emptyText
    case unexpectedEnd(inside: String)
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaOrBracket
    case expectedCommaOrBrace
    case invalidLiteral
    case invalidNumber
    case numberOverflow
    case inexactInteger
    case controlCharacter(UInt8)
    case invalidEscape
    case invalidUnicodeEscape
    case loneSurrogate
    case nulCharacter
    case invalidUTF8
    case duplicateKey(String)
    case tooDeep(limit: Int)
    case tooManyKeys(limit: Int)
    case stringTooLong(limit: Int)
    case textTooLong(limit: Int)
    case gapTooLong(limit: Int)
    case byteOrderMark
    case trailingBytes
  }
}

extension JSONFailure.Reason {
  /// The reason as a sentence's middle: what is wrong and, where it is not plain, what to write instead.
  public var message: String {
    switch self {
    case .emptyText: "there is no JSON value"
    case .unexpectedEnd(let inside): "the text ends inside \(inside)"
    case .expectedValue: "expected a JSON value"
    case .expectedKey: "expected a key in double quotes"
    case .expectedColon: "expected ':' after the key"
    case .expectedCommaOrBracket: "expected ',' or ']' after an array's element"
    case .expectedCommaOrBrace: "expected ',' or '}' after an object's member"
    case .invalidLiteral: "expected true, false or null"
    case .invalidNumber: "not a JSON number"
    case .numberOverflow: "the number is too large for a 64-bit float"
    case .inexactInteger:
      "the integer has more digits than a 64-bit float keeps; write it as a string"
    case .controlCharacter(let byte):
      "control character 0x\(Hex.encode([byte])) in a string must be written as an escape"
    case .invalidEscape: "unknown escape in a string"
    case .invalidUnicodeEscape: "\\u needs four hexadecimal digits"
    case .loneSurrogate: "half of a surrogate pair stands alone"
    case .nulCharacter: "strings may not hold the character U+0000"
    case .invalidUTF8: "the bytes are not valid UTF-8"
    case .duplicateKey(let key): "the key \"\(key)\" is there twice"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .tooManyKeys(let limit): "an object with more than \(limit) keys"
    case .stringTooLong(let limit): "a string longer than \(limit) bytes"
    case .textTooLong(let limit): "longer than \(limit) bytes"
    case .gapTooLong(let limit): "more than \(limit) bytes of white space between rows"
    case .byteOrderMark: "a byte order mark may not stand here"
    case .trailingBytes: "there is more after the end of the value"
    }
  }
}
