import CKernels
import Glibc
import Testing

@testable import Llama

/// A matrix of random stored elements, and what they stand for.
struct StoredCase {
  let type: GGUFTensorType
  let rows: Int
  let columns: Int
  let bytes: [UInt8]
  let values: [Float]

  var rowBytes: Int { columns / type.blockElements * type.blockBytes }

  init(_ type: GGUFTensorType, rows: Int, columns: Int) {
    self.type = type
    self.rows = rows
    self.columns = columns
    var numbers = SeededNumbers(UInt64(rows * 31 + columns) + UInt64(type.rawValue) << 20)
    var bytes: [UInt8] = []
    for _ in 0..<rows * columns / type.blockElements { bytes += Self.block(type, &numbers) }
    self.bytes = bytes
    var values = [Float](repeating: .nan, count: rows * columns)
    bytes.withUnsafeBytes { from in
      values.withUnsafeMutableBufferPointer { Dequantization.read(from, as: type, into: $0) }
    }
    self.values = values
  }

  /// Random bytes whose scales are numbers of either sign and of a usual size, subnormal ones among them.
  private static func block(_ type: GGUFTensorType, _ numbers: inout SeededNumbers) -> [UInt8] {
    func half(_ value: Float) -> [UInt8] { GGUFBytes.word(Float16(value).bitPattern) }
    switch type {
    case .float32: return GGUFBytes.word(numbers.float().bitPattern)
    case .float16: return half(numbers.below(9) == 0 ? numbers.float() * 3e-5 : numbers.float())
    case .bfloat16: return Array(GGUFBytes.word(numbers.float().bitPattern).suffix(2))
    default: break
    }
    var bytes = (0..<type.blockBytes).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
    let places: [Int] =
      switch type {
      case .q4_0, .q5_0, .q8_0: [0]
      case .q6K: [208]
      default: [0, 2]
      }
    for place in places {
      bytes.replaceSubrange(
        place..<place + 2, with: half(numbers.float() * (numbers.below(9) == 0 ? 3e-5 : 0.1)))
    }
    return bytes
  }

  /// Lends the matrix at an odd address: files give no better.
  func withStored<Result>(_ body: (ck_stored) throws -> Result) rethrows -> Result {
    try ([0] + bytes).withUnsafeBytes { raw in
      try body(
        ck_stored(
          weights: raw.baseAddress.map { $0 + 1 }, rows: rows, columns: columns, row_bytes: rowBytes,
          format: ck_format(rawValue: type.rawValue)))
    }
  }

  /// x (streams, columns) · Wᵀ in double precision, (streams, rows).
  func product(_ x: [Float], streams: Int) -> [Double] {
    (0..<streams * rows).map { place in
      let (stream, row) = (place / rows, place % rows)
      var sum = 0.0
      for column in 0..<columns {
        sum += Double(values[row * columns + column]) * Double(x[stream * columns + column])
      }
      return sum
    }
  }

  /// By how much each of these may err: floats by rounding, activations as integers by half a step of their 32.
  func bounds(_ x: [Float], streams: Int) -> [Double] {
    (0..<streams * rows).map { place in
      let (stream, row) = (place / rows, place % rows)
      let part = type.blockElements == 1 ? columns : 32
      var bound = 0.0
      for start in stride(from: 0, to: columns, by: part) {
        let range = start..<min(start + part, columns)
        let weights = range.reduce(0.0) { $0 + abs(Double(values[row * columns + $1])) }
        let largest = range.map { abs(Double(x[stream * columns + $0])) }.max() ?? 0
        bound += weights * largest * (type.blockElements == 1 ? 2e-7 : 1 / 65_534 + 1e-5)
      }
      return bound + 1e-6
    }
  }
}

@Suite struct StoredProductTests {
  /// Around the rows of a register tile (4), a tile of work, and the streams computed together (4).
  static let shapes = [(1, 1), (3, 2), (4, 4), (5, 3), (131, 1), (70, 9)]

  private func columns(_ type: GGUFTensorType) -> [Int] {
    type.blockElements == 1 ? [1, 15, 16, 100] : [type.blockElements, 3 * type.blockElements]
  }

  private func multiply(
    _ context: TestContext, _ matrix: ck_stored, _ x: [Float], streams: Int, bias: [Float]? = nil,
    addend: [Float]? = nil
  ) -> [Float] {
    var y = addend ?? [Float](repeating: .nan, count: streams * matrix.rows)
    y.withUnsafeMutableBufferPointer { y in
      func run(_ bias: UnsafePointer<Float>?) {
        var product = ck_stored_product(
          matrix: matrix, bias: bias, addend: addend == nil ? nil : UnsafePointer(y.baseAddress),
          y: y.baseAddress,
          stride: matrix.rows)
        #expect(ck_stored_multiply(context.pointer, 1, &product, streams, x, matrix.columns) == 0)
      }
      if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
    }
    return y
  }

  @Test(arguments: GGUFTensorType.allCases) func productsMatchDoublePrecision(_ type: GGUFTensorType) {
    for (rows, streams) in Self.shapes {
      for columns in columns(type) {
        let stored = StoredCase(type, rows: rows, columns: columns)
        var numbers = SeededNumbers(5)
        let x = numbers.floats(streams * columns)
        let (bias, addend) = (numbers.floats(rows), numbers.floats(streams * rows))
        let (expected, bounds) = (stored.product(x, streams: streams), stored.bounds(x, streams: streams))
        for context in TestContext.all {
          stored.withStored { matrix in
            let plain = multiply(context, matrix, x, streams: streams)
            #expect(
              plain.indices.allSatisfy { abs(Double(plain[$0]) - expected[$0]) <= bounds[$0] },
              "\(context.name) \(rows)x\(columns) \(streams)")
            let whole = multiply(context, matrix, x, streams: streams, bias: bias, addend: addend)
            let sums = plain.indices.map { plain[$0] + bias[$0 % rows] + addend[$0] }
            #expect(whole == sums, "\(context.name) \(rows)x\(columns) \(streams)")
          }
        }
      }
    }
  }

  /// Neither threads nor other streams change a bit of a stream's result.
  @Test(arguments: GGUFTensorType.allCases) func streamsAndThreadsChangeNothing(_ type: GGUFTensorType) throws
  {
    let stored = StoredCase(type, rows: 203, columns: type.blockElements == 1 ? 77 : 2 * type.blockElements)
    var numbers = SeededNumbers(8)
    let x = numbers.floats(11 * stored.columns)
    for isa in [CK_PORTABLE, CK_AVX2, CK_AVX512, CK_AVX512_BF16] {
      guard let one = TestContext(isa, threads: 1), let three = TestContext(isa, threads: 3) else { continue }
      stored.withStored { matrix in
        let together = multiply(three, matrix, x, streams: 11)
        #expect(multiply(one, matrix, x, streams: 11) == together)
        for stream in 0..<11 {
          let part = Array(x[stream * stored.columns..<(stream + 1) * stored.columns])
          #expect(
            multiply(one, matrix, part, streams: 1)
              == Array(together[stream * stored.rows..<(stream + 1) * stored.rows]), "\(one.name) \(stream)")
        }
      }
    }
  }

  @Test(arguments: GGUFTensorType.allCases) func rowsAreUnpacked(_ type: GGUFTensorType) {
    let stored = StoredCase(type, rows: 37, columns: type.blockElements == 1 ? 19 : 2 * type.blockElements)
    let width = stored.columns
    for context in TestContext.all {
      stored.withStored { matrix in
        var all = [Float](repeating: .nan, count: 30 * width)
        ck_stored_unpack(context.pointer, matrix, 5, 30, &all)
        #expect(relativeError(all, stored.values[5 * width..<35 * width].map { Double($0) }) < 2e-7)
        let ids: [Int32] = [36, 0, 7, 7]
        var some = [Float](repeating: .nan, count: ids.count * width)
        ck_stored_gather(context.pointer, matrix, ids.count, ids, &some)
        let expected = ids.flatMap {
          stored.values[Int($0) * width..<(Int($0) + 1) * width].map { Double($0) }
        }
        #expect(relativeError(some, expected) < 2e-7, "\(context.name)")
      }
    }
  }

  @Test(arguments: [GGUFTensorType.float32, .q8_0, .q4K], [1, 6]) func gatedPair(
    _ type: GGUFTensorType, streams: Int
  ) {
    let gate = StoredCase(type, rows: 150, columns: 256)
    let up = StoredCase(type, rows: 150, columns: 512 - 256)
    var numbers = SeededNumbers(3)
    let x = numbers.floats(streams * 256).map { $0 * 0.2 }
    let (first, second) = (numbers.floats(150), numbers.floats(150))
    let expected = zip(gate.product(x, streams: streams), up.product(x, streams: streams)).enumerated().map {
      place, pair in
      let g = pair.0 + Double(first[place % 150])
      return g / (1 + exp(-g)) * (pair.1 + Double(second[place % 150]))
    }
    for context in TestContext.all {
      var h = [Float](repeating: .nan, count: streams * 150)
      gate.withStored { gate in
        up.withStored { up in
          #expect(ck_stored_swiglu(context.pointer, gate, first, up, second, streams, x, 256, &h) == 0)
        }
      }
      #expect(relativeError(h, expected) < 4e-5, "\(context.name)")
    }
  }

  /// Activations that are no numbers make the results of their stream no numbers, and no others.
  @Test(arguments: [GGUFTensorType.float32, .q8_0, .q4_1], [Float.nan, .infinity]) func noNumbers(
    _ type: GGUFTensorType, _ bad: Float
  ) {
    let stored = StoredCase(type, rows: 6, columns: 64)
    var x = [Float](repeating: 0.5, count: 128)
    x[40] = bad
    for context in TestContext.all {
      let y = stored.withStored { multiply(context, $0, x, streams: 2) }
      #expect(y[..<6].allSatisfy { !$0.isFinite } && y[6...].allSatisfy(\.isFinite), "\(context.name)")
    }
  }

  /// Activations too small for a scale, and none at all.
  @Test(arguments: [UInt32(0), 700, 0x0DA2_4260]) func smallActivations(_ bits: UInt32) {
    let value = Float(bitPattern: bits)
    let stored = StoredCase(.q8_0, rows: 5, columns: 32)
    for context in TestContext.all {
      let y = stored.withStored {
        multiply(context, $0, [Float](repeating: value, count: 32), streams: 1)
      }
      #expect(y.allSatisfy { $0.isFinite && abs($0) <= 1000 * value }, "\(context.name)")
    }
  }
}
