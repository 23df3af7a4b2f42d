/// One tensor of a GGUF file.
public struct GGUFTensor: Sendable, Equatable {
  /// Its name in the file, such as `blk.0.attn_q.weight`.
  public var name: String
  /// How its elements are stored.
  public var type: GGUFTensorType
  /// Sizes of its dimensions, outermost first; GGUF has them the other way round.
  public var shape: [Int]
  /// Its bytes in the file.
  public var bytes: Range<Int>

  /// Number of elements.
  public var elements: Int { shape.reduce(1, *) }
  /// Number of rows: everything but the innermost dimension.
  public var rows: Int { shape.dropLast().reduce(1, *) }
  /// Elements of a row.
  public var rowElements: Int { shape.last ?? 1 }
  /// Bytes of a row.
  public var rowBytes: Int { rowElements / type.blockElements * type.blockBytes }
}

/// The head of a GGUF file, checked against the file's length: metadata, and where every tensor lies.
///
/// Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Versions 2 and 3 have the same form. As in llama.cpp,
/// tensors lie in the order of their entries, each at the next multiple of the alignment; nothing follows the last one.
public struct GGUFHeader: Sendable, Equatable {
  /// Version of the format.
  public let version: Int
  /// Keys and values in the file's order.
  public let metadata: [GGUFEntry]
  /// The tensors in the file's order.
  public let tensors: [GGUFTensor]
  /// What the offsets of tensors are multiples of.
  public let alignment: Int

  private let places: [String: Int]

  /// Reads the head of a whole file. Throws `GGUFError.malformed`, `.unsupported`.
  public init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    var cursor = GGUFCursor(bytes, path: path)
    version = try Self.version(&cursor)
    // The smallest tensor entry has a name of one byte and one dimension, the smallest value one byte.
    let tensorCount = try cursor.entryCount("tensors", smallest: 33)
    let keyCount = try cursor.entryCount("metadata keys", smallest: 14)
    let entries = try Self.metadata(&cursor, count: keyCount)
    metadata = entries
    // Keys are ASCII and differ, so none is equal to another as text.
    places = Dictionary(entries.enumerated().map { ($1.key, $0) }) { first, _ in first }
    alignment = try Self.alignment(
      entries.first { $0.key == "general.alignment" }.map(\.value), path: path)
    tensors = try Self.tensors(&cursor, count: tensorCount, alignment: alignment)
  }

  /// A key's value, or nil.
  public subscript(key: String) -> GGUFValue? { places[key].map { metadata[$0].value } }

  private static func version(_ cursor: inout GGUFCursor) throws -> Int {
    guard cursor.bytes.count >= 4, cursor.bytes[..<4].elementsEqual("GGUF".utf8) else {
      throw cursor.refuse("it does not begin with \"GGUF\"")
    }
    _ = try cursor.word("the magic number", as: UInt32.self)
    let start = cursor.place
    let version = try cursor.word("the version", as: UInt32.self)
    guard version.byteSwapped > 0xFFFF || version == 0 else {
      throw GGUFError.unsupported(path: cursor.path, what: "the file", reason: "is in big-endian byte order")
    }
    guard version == 2 || version == 3 else {
      throw cursor.refuse("its version is \(version); mdata reads 2 and 3", at: start)
    }
    return Int(version)
  }

  private static func metadata(_ cursor: inout GGUFCursor, count: Int) throws -> [GGUFEntry] {
    var entries: [GGUFEntry] = []
    var seen: Set<[UInt8]> = []
    for index in 0..<count {
      let start = cursor.place
      let key = try cursor.text("metadata key \(index)", longest: GGUFCursor.longestKey)
      guard !key.isEmpty else { throw cursor.refuse("metadata key \(index) is empty", at: start) }
      guard seen.insert(Array(key.utf8)).inserted else {
        throw cursor.refuse("the metadata key \"\(key)\" is there twice", at: start)
      }
      let type = try cursor.valueType("\"\(key)\"")
      entries.append(GGUFEntry(key, try cursor.value(type, of: "\"\(key)\"")))
    }
    return entries
  }

  private static func alignment(_ value: GGUFValue?, path: String) throws -> Int {
    guard let value else { return 32 }
    guard let alignment = value.int, alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 20
    else {
      throw GGUFError.key(
        path: path, key: "general.alignment", reason: "is not a power of two of at most \(1 << 20)")
    }
    return alignment
  }

  private static func tensors(_ cursor: inout GGUFCursor, count: Int, alignment: Int) throws -> [GGUFTensor] {
    var tensors: [GGUFTensor] = []
    var offsets: [(place: Int, claimed: UInt64)] = []
    var seen: Set<[UInt8]> = []
    for index in 0..<count {
      let start = cursor.place
      let name = try cursor.text("the name of tensor \(index)", longest: GGUFCursor.longestName)
      guard !name.isEmpty else { throw cursor.refuse("tensor \(index) has no name", at: start) }
      guard seen.insert(Array(name.utf8)).inserted else {
        throw cursor.refuse("the tensor \"\(name)\" is there twice", at: start)
      }
      let shape = try self.shape(&cursor, of: name)
      let type = try tensorType(&cursor, of: name)
      offsets.append((cursor.place, try cursor.word("the offset of tensor \"\(name)\"")))
      let size = try bytes(shape, type, of: name, cursor)
      tensors.append(GGUFTensor(name: name, type: type, shape: shape, bytes: 0..<size))
    }
    guard let data = (cursor.place + (alignment - 1)).aligned(alignment, within: cursor.bytes.count) else {
      if tensors.isEmpty { return [] }
      throw cursor.refuse("the file ends before the data of its tensors")
    }
    var end = 0
    for (index, offset) in offsets.enumerated() {
      let tensor = tensors[index]
      guard offset.claimed == UInt64(end) else {
        throw cursor.refuse(
          "tensor \"\(tensor.name)\" begins at \(offset.claimed) of the data; its place is \(end)",
          at: offset.place)
      }
      let size = tensor.bytes.count
      guard size <= cursor.bytes.count - data - end else {
        throw cursor.refuse(
          "tensor \"\(tensor.name)\" needs \(size) bytes, but \(cursor.bytes.count - data - end) are left",
          at: offset.place)
      }
      tensors[index].bytes = data + end..<data + end + size
      end = min((end + size + alignment - 1) & ~(alignment - 1), cursor.bytes.count - data)
    }
    guard data + end == cursor.bytes.count || tensors.isEmpty else {
      throw cursor.refuse(
        "\(cursor.bytes.count - data - end) bytes follow the last tensor", at: data + end)
    }
    return tensors
  }

  private static func shape(_ cursor: inout GGUFCursor, of name: String) throws -> [Int] {
    let start = cursor.place
    let dimensions = try cursor.word("the dimensions of tensor \"\(name)\"", as: UInt32.self)
    guard 1...4 ~= dimensions else {
      throw cursor.refuse("tensor \"\(name)\" has \(dimensions) dimensions; 1 to 4 are possible", at: start)
    }
    var shape: [Int] = []
    for _ in 0..<dimensions {
      let place = cursor.place
      let size = try cursor.word("the shape of tensor \"\(name)\"", as: UInt64.self)
      guard size > 0, size <= 1 << 48 else {
        throw cursor.refuse("tensor \"\(name)\" has a dimension of \(size)", at: place)
      }
      shape.append(Int(size))
    }
    return shape.reversed()
  }

  private static func tensorType(_ cursor: inout GGUFCursor, of name: String) throws -> GGUFTensorType {
    let code = try cursor.word("the type of tensor \"\(name)\"", as: UInt32.self)
    guard let type = GGUFTensorType(rawValue: code) else {
      throw GGUFError.unsupported(
        path: cursor.path, what: "tensor \"\(name)\"",
        reason: "is stored as \(GGUFTensorType.name(ofUnknown: code))")
    }
    return type
  }

  private static func bytes(
    _ shape: [Int], _ type: GGUFTensorType, of name: String, _ cursor: GGUFCursor
  ) throws -> Int {
    guard let row = shape.last, row % type.blockElements == 0 else {
      throw cursor.refuse(
        "tensor \"\(name)\" has rows of \(shape.last ?? 0) elements, no whole number of \(type.name) blocks")
    }
    var size = row / type.blockElements
    for factor in shape.dropLast() + [type.blockBytes] {
      let (product, overflow) = size.multipliedReportingOverflow(by: factor)
      guard !overflow else {
        throw cursor.refuse("tensor \"\(name)\" of shape \(shape) is larger than any file")
      }
      size = product
    }
    return size
  }
}

extension Int {
  /// This many bytes cut down to a multiple, or nil when that lies beyond the end.
  fileprivate func aligned(_ alignment: Int, within count: Int) -> Int? {
    let place = self & ~(alignment - 1)
    return place <= count ? place : nil
  }
}
