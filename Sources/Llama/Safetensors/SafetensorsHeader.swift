import Records

/// One tensor of a safetensors file.
public struct TensorEntry: Sendable, Equatable {
  /// The tensor's name.
  public var name: String
  /// How its elements are stored.
  public var type: TensorType
  /// Sizes of its dimensions, outermost first; empty for a scalar.
  public var shape: [Int]
  /// Its bytes, counted from the end of the header.
  public var bytes: Range<Int>
}

/// The table of contents of a safetensors file, checked against the file's length.
///
/// Source: https://github.com/huggingface/safetensors, section "Format": tensors cover the data without holes or overlaps.
public struct SafetensorsHeader: Sendable, Equatable {
  /// The tensors in the order of their bytes.
  public var tensors: [TensorEntry]
  /// The free text entries of `__metadata__`, in the file's order.
  public var metadata: [(name: String, text: String)]

  /// Longest header accepted, as in the reference implementation (bytes).
  public static let longest = 100_000_000

  /// Equal tensors and metadata, compared byte for byte.
  public static func == (left: Self, right: Self) -> Bool {
    left.tensors == right.tensors
      && left.metadata.elementsEqual(right.metadata) {
        $0.name.utf8.elementsEqual($1.name.utf8) && $0.text.utf8.elementsEqual($1.text.utf8)
      }
  }

  /// Reads the header's JSON text. `dataCount` is the number of bytes that follow the header; `path` is for messages.
  /// Throws `SafetensorsError.malformed`.
  public init(json: UnsafeRawBufferPointer, dataCount: Int, path: String) throws {
    guard json.first == UInt8(ascii: "{") else {
      throw SafetensorsError.malformed(path: path, reason: "the header does not begin with \"{\"")
    }
    let value: JSONValue
    do {
      value = try JSON.parse(json)
    } catch {
      throw SafetensorsError.malformed(path: path, reason: "the header is not valid JSON: \(error)")
    }
    try self.init(value, dataCount: dataCount, path: path)
  }

  init(_ value: JSONValue, dataCount: Int, path: String) throws {
    func refuse(_ reason: String) -> SafetensorsError { .malformed(path: path, reason: reason) }
    guard case .object(let members) = value else { throw refuse("the header is not a JSON object") }
    tensors = []
    metadata = []
    tensors.reserveCapacity(members.count)
    for member in members {
      if member.name == "__metadata__" {
        guard case .object(let entries) = member.value else { throw refuse("__metadata__ is not an object") }
        for entry in entries {
          guard case .string(let text) = entry.value else {
            throw refuse("__metadata__ entry \"\(entry.name)\" is not a string")
          }
          metadata.append((entry.name, text))
        }
      } else {
        tensors.append(try TensorEntry(member, path: path))
      }
    }
    tensors.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    var end = 0
    for tensor in tensors {
      guard tensor.bytes.lowerBound == end else {
        let what = tensor.bytes.lowerBound < end ? "overlaps the tensor before it" : "leaves a hole before it"
        throw refuse(
          "tensor \"\(tensor.name)\" begins at byte \(tensor.bytes.lowerBound) and \(what) (expected \(end))")
      }
      end = tensor.bytes.upperBound
    }
    guard end == dataCount else {
      throw refuse(
        "the tensors take \(end) bytes, but \(dataCount) follow the header; the file is cut or damaged")
    }
  }
}

extension TensorEntry {
  /// Reads `"name": {"dtype", "shape", "data_offsets"}` with checked arithmetic.
  fileprivate init(_ member: JSONMember, path: String) throws {
    let name = member.name
    func refuse(_ reason: String) -> SafetensorsError {
      .malformed(path: path, reason: "tensor \"\(name)\": \(reason)")
    }
    guard case .object(let fields) = member.value else { throw refuse("its entry is not an object") }
    var type: TensorType?
    var shape: [Int]?
    var offsets: [Int]?
    for field in fields {
      switch field.name {
      case "dtype":
        guard case .string(let text) = field.value else { throw refuse("dtype is not a string") }
        guard let known = TensorType(rawValue: text) else {
          throw refuse("dtype \"\(text)\" is not supported")
        }
        type = known
      case "shape":
        shape = try Self.sizes(field.value) ?? { throw refuse("shape is not a list of whole numbers") }()
      case "data_offsets":
        offsets =
          try Self.sizes(field.value) ?? { throw refuse("data_offsets is not a list of whole numbers") }()
      default: throw refuse("unknown field \"\(field.name)\"")
      }
    }
    guard let type else { throw refuse("dtype is missing") }
    guard let shape else { throw refuse("shape is missing") }
    guard let offsets, offsets.count == 2 else { throw refuse("data_offsets needs a begin and an end") }
    guard offsets[0] <= offsets[1] else {
      throw refuse("it ends at byte \(offsets[1]), before it begins (\(offsets[0]))")
    }
    var size = type.byteWidth
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw refuse("shape \(shape) is larger than any file") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw refuse(
        "shape \(shape) of \(type.rawValue) needs \(size) bytes, its offsets hold \(offsets[1] - offsets[0])")
    }
    self.init(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// A JSON list of whole numbers from 0 to 2^53, or nil.
  private static func sizes(_ value: JSONValue) -> [Int]? {
    guard case .array(let items) = value else { return nil }
    var sizes: [Int] = []
    for item in items {
      guard case .number(let number) = item, number >= 0, number <= 9_007_199_254_740_992,
        let whole = Int(exactly: number)
      else { return nil }
      sizes.append(whole)
    }
    return sizes
  }
}
