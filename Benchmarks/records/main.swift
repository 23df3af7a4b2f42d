import Glibc
import Records

// Measures the import and export path on one file: how fast rows are cut, decoded and written again, on one core.
// usage: records-benchmark FILE [repetitions]

func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func contents(of path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes.append(contentsOf: buffer[..<count])
  }
}

/// A source that reads from memory, so that the disk is not measured.
func source(_ bytes: [UInt8]) -> (UnsafeMutableRawBufferPointer) -> Int {
  var position = 0
  return { buffer in
    let count = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
    }
    position += count
    return count
  }
}

struct Best {
  private(set) var times: [(String, Double)] = []
  mutating func measure<Value>(_ name: String, _ body: () throws -> Value) rethrows -> Value {
    let start = seconds()
    let value = try body()
    let elapsed = seconds() - start
    if let index = times.firstIndex(where: { $0.0 == name }) {
      times[index].1 = min(times[index].1, elapsed)
    } else {
      times.append((name, elapsed))
    }
    return value
  }
}

guard CommandLine.arguments.count > 1, let bytes = contents(of: CommandLine.arguments[1]) else {
  print("usage: records-benchmark FILE [repetitions]")
  exit(2)
}
let repetitions = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 5 : 5
var best = Best()
for _ in 0..<repetitions {
  var chunks: [RawChunk] = []
  var layout: Layout?
  try best.measure("cut") {
    var reader = try RowReader(source: source(bytes))
    while let chunk = try reader.nextChunk() { chunks.append(chunk) }
    layout = reader.layout
  }
  guard let layout else { break }
  let decoder = RowDecoder(layout: layout, options: ImportOptions())
  let decoded = best.measure("decode") { chunks.map { decoder.decode($0) } }
  let origins = try best.measure("read origins") { try decoded.map { try OriginsChunk(parsing: $0.origins) } }
  var output: [UInt8] = []
  output.reserveCapacity(bytes.count + 1024)
  try best.measure("render") {
    var writer = RowWriter(layout: layout)
    output.append(contentsOf: writer.begin())
    for (chunk, origin) in zip(decoded, origins) {
      try chunk.pairBytes.withUnsafeBytes { pairs in
        var start = 0
        for (row, end) in chunk.pairEnds.enumerated() {
          try writer.append(
            pair: UnsafeRawBufferPointer(rebasing: pairs[start..<end]), origin: origin, at: row,
            isOwnLayout: true,
            to: &output)
          start = end
        }
      }
    }
    output.append(contentsOf: writer.end())
  }
  if best.times.count == 4, chunks.count > 0, output != bytes {
    print("the file does NOT come back byte for byte")
  }
  _ = best.measure("parse as values") {
    chunks.prefix(20).compactMap { chunk in
      chunk.rows.map { try? JSON.parse(Array(chunk.bytes[$0.start..<$0.end])) }
    }
  }
  if repetitions > 0, best.times.count == 5 {
    let rows = decoded.reduce(0) { $0 + $1.count }
    let kept = origins.reduce(0) { sum, chunk in
      sum + (0..<chunk.count).count { chunk.verbatim(at: $0) != nil }
    }
    best.measure("count") {
      print(
        "\(layout.format.rawValue): \(bytes.count) bytes, \(rows) rows, \(decoded.reduce(0) { $0 + $1.rejects.count }) rejected, \(kept) kept verbatim, identical: \(output == bytes)"
      )
    }
  }
}
for (name, time) in best.times where name != "count" {
  let text = String(Int(Double(bytes.count) / time / 1e6))
  print("\(name): \(Int(time * 1e6)) us, \(text) MB/s")
}
