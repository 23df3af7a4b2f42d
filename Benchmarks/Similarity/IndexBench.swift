import Curation
import Foundation
import Records

/// A batch of new lists against an index in a file, which is mapped.
enum IndexBench {
  static let parameters = RougeLIndexParameters(tokenizer: "bench/1", field: "instruction")
  static let batch = 1_000

  /// The last thousand texts of an input are the batch, all before are in the index.
  static func run(_ input: Input, file: String, threads: Int, repeats: Int) throws {
    let (lists, spellings) = try input.lists()
    let known = max(0, lists.count - batch)
    if !FileManager.default.fileExists(atPath: file) {
      try SimilarityBench.measure(1) { "wrote \(try build(lists, spellings, known, file)) bytes" }
    }
    let new = renumbered(lists, spellings, known..<lists.count)
    let filter = try RougeLFilter(threads: threads)
    try SimilarityBench.measure(repeats) {
      let index = try RougeLIndex([RougeLSegment(map(file))], parameters: parameters)
      let batch = index.batch(new.lists) { new.spellings[Int($0)] }
      let decisions = try filter.decisions(on: batch.lists, known: [index.pool])
      let kept = decisions.indices.filter { decisions[$0].isKept }
      let ids = try kept.map(id)
      let bytes = try index.segment(adding: kept, of: batch, ids: ids)
      return
        "kept \(kept.count) of \(new.lists.count) against \(index.count), a segment of \(bytes.count) bytes"
    }
    try SimilarityBench.measure(1) {
      try RougeLSegment(map(file)).verify()
      return "verified"
    }
  }

  private static func id(_ number: Int) throws -> ObjectID {
    var bytes = [UInt8](repeating: 0, count: 32)
    for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
    guard let id = ObjectID(bytes: bytes) else { throw CocoaError(.coderInvalidValue) }
    return id
  }

  private static func build(
    _ lists: TokenLists, _ spellings: [[UInt8]], _ count: Int, _ file: String
  ) throws -> Int {
    let index = try RougeLIndex([], parameters: parameters)
    let known = renumbered(lists, spellings, 0..<count)
    let batch = index.batch(known.lists) { known.spellings[Int($0)] }
    let bytes = try index.segment(adding: Array(0..<count), of: batch, ids: (0..<count).map(id))
    try Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)
    return bytes.count
  }

  /// As another session would number them.
  private static func renumbered(
    _ lists: TokenLists, _ spellings: [[UInt8]], _ range: Range<Int>
  ) -> (lists: TokenLists, spellings: [[UInt8]]) {
    var numbers: [UInt32: UInt32] = [:]
    var words: [[UInt8]] = []
    var result = TokenLists()
    for item in range {
      result.append(
        lists[item].map { id in
          if let number = numbers[id] { return number }
          numbers[id] = UInt32(words.count)
          words.append(spellings[Int(id)])
          return UInt32(words.count - 1)
        })
    }
    return (result, words)
  }

  private final class Mapping: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
  }

  private static func map(_ file: String) throws -> MappedFile {
    let descriptor = open(file, O_RDONLY)
    defer { close(descriptor) }
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
    let size = Int(status.st_size)
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw CocoaError(.fileReadUnknown)
    }
    let bytes = UnsafeRawBufferPointer(start: base, count: size)
    return MappedFile(bytes: bytes, owner: Mapping(bytes))
  }
}

/// Bytes and what keeps them in place.
struct MappedFile {
  let bytes: UnsafeRawBufferPointer
  let owner: any Sendable
}

extension RougeLSegment {
  convenience init(_ source: MappedFile) throws(SegmentError) {
    try self.init(source.bytes, owner: source.owner)
  }
}
