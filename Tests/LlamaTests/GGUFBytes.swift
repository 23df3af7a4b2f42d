@testable import Llama

/// A GGUF file put together by hand, so that every part of it can be wrong.
struct GGUFBytes {
  var magic = Array("GGUF".utf8)
  var version: UInt32 = 3
  var tensorCount: UInt64?
  var keyCount: UInt64?
  var entries: [[UInt8]] = []
  var tensors: [[UInt8]] = []
  var alignment = 32
  var data: [UInt8] = []

  var bytes: [UInt8] {
    var bytes = magic
    bytes.appendWord(version)
    bytes.appendWord(tensorCount ?? UInt64(tensors.count))
    bytes.appendWord(keyCount ?? UInt64(entries.count))
    for entry in entries { bytes += entry }
    for tensor in tensors { bytes += tensor }
    if !tensors.isEmpty { while bytes.count % alignment != 0 { bytes.append(0) } }
    return bytes + data
  }

  static func string(_ text: String, claims length: UInt64? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendWord(length ?? UInt64(text.utf8.count))
    return bytes + Array(text.utf8)
  }

  static func word(_ value: some FixedWidthInteger) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendWord(value)
    return bytes
  }

  static func entry(_ key: String, _ type: UInt32, _ value: [UInt8]) -> [UInt8] {
    string(key) + word(type) + value
  }

  static func tensor(_ name: String, _ shape: [UInt64], _ type: UInt32, _ offset: UInt64) -> [UInt8] {
    string(name) + word(UInt32(shape.count)) + shape.flatMap { word($0) } + word(type) + word(offset)
  }

  /// Two tensors and a key of every kind.
  static var good: GGUFBytes {
    var file = GGUFBytes()
    file.entries = [
      entry("u8", 0, word(UInt8(255))), entry("i8", 1, word(Int8(-1))), entry("u16", 2, word(UInt16(65_535))),
      entry("i16", 3, word(Int16(-2))), entry("u32", 4, word(UInt32.max)), entry("i32", 5, word(Int32.min)),
      entry("f32", 6, word(Float(0.5).bitPattern)), entry("yes", 7, [1]), entry("text", 8, string("naïve")),
      entry("u64", 10, word(UInt64.max)), entry("i64", 11, word(Int64.min)),
      entry("f64", 12, word(Double(-0.25).bitPattern)),
      entry("strings", 9, word(UInt32(8)) + word(UInt64(2)) + string("a b") + string("")),
      entry(
        "floats", 9, word(UInt32(6)) + word(UInt64(2)) + word(Float(1).bitPattern) + word(Float(2).bitPattern)
      ),
      entry("ints", 9, word(UInt32(5)) + word(UInt64(1)) + word(Int32(-7))),
      entry("nested", 9, word(UInt32(9)) + word(UInt64(1)) + word(UInt32(0)) + word(UInt64(2)) + [1, 2]),
    ]
    file.tensors = [tensor("a", [3, 2], 0, 0), tensor("b", [32], 8, 32)]
    var data = (0..<6).flatMap { word(Float($0).bitPattern) }
    data += [UInt8](repeating: 0, count: 8)
    data += word(Float16(0.5).bitPattern) + (0..<32).map { UInt8(bitPattern: Int8($0 - 16)) }
    file.data = data + [UInt8](repeating: 0, count: 64 - 34)
    return file
  }
}
