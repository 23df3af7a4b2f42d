/// Finds the layout that most of a file's first rows are spelled in.
struct LayoutInference {
  private let found: FormatDetection.Found
  private let isArray: Bool

  init(_ found: FormatDetection.Found, _ container: Container) {
    self.found = found
    isArray = container.kind == .array
  }

  /// The layout of a file whose first chunk this is. Its suffix is not known yet.
  func layout(of chunk: RawChunk) -> Layout {
    let prefix = Array(chunk.bytes[..<found.prefixEnd])
    var layout = Layout(
      format: found.format, prefix: prefix, separator: separator(of: chunk, prefix), suffix: [], fields: [],
      messages: found.names)
    chunk.bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, let first = chunk.rows.first else { return }
      let scanner = ByteScanner(base, from: first.start, to: first.end, limits: .configuration)
      layout.style = StyleInference.style(scanner) ?? .compact
      var evidence = EscapeEvidence()
      for row in chunk.rows { evidence.look(at: UnsafeBufferPointer(rebasing: buffer[row.start..<row.end])) }
      layout.style.escaping = evidence.escaping
      layout.fields = fields(of: chunk, base)
    }
    return layout
  }

  /// The most usual bytes between two rows.
  private func separator(of chunk: RawChunk, _ prefix: [UInt8]) -> [UInt8] {
    var counts: [[UInt8]: Int] = [:]
    for row in chunk.rows.dropFirst() where row.start - row.gapStart <= 256 {
      counts[Array(chunk.bytes[row.gapStart..<row.start]), default: 0] += 1
    }
    // Equal counts are decided by length, then bytes, so that the result does not depend on hashing.
    let usual = counts.max { left, right in
      if left.value != right.value { return left.value < right.value }
      if left.key.count != right.key.count { return left.key.count > right.key.count }
      return right.key.lexicographicallyPrecedes(left.key)
    }
    if let usual { return usual.key }
    guard isArray else { return [0x0A] }
    let space = prefix.lastIndex(of: UInt8(ascii: "[")).map { prefix[($0 + 1)...] } ?? []
    return [UInt8(ascii: ",")] + (space.isEmpty ? [0x20] : Array(space))
  }

  // MARK: Fields

  /// Rows that are looked at for their columns.
  private static let rowsSampled = 128

  private func fields(of chunk: RawChunk, _ base: UnsafePointer<UInt8>) -> [Layout.Field] {
    var order = ColumnOrder()
    var empties: [FieldRole: Int] = [:]
    var present: [FieldRole: Int] = [:]
    var sampled = 0
    for row in chunk.rows.prefix(Self.rowsSampled) {
      var reader = ValueReader(ByteScanner(base, from: row.start, to: row.end, limits: .row))
      guard case .object(let members)? = try? reader.document() else { continue }
      sampled += 1
      order.add(members.map(\.name))
      for member in members {
        guard let role = role(of: member.name) else { continue }
        present[role, default: 0] += 1
        if member.value.string?.utf8.isEmpty == true { empties[role, default: 0] += 1 }
      }
    }
    var fields = order.names.map { Layout.Field($0, role: role(of: $0)) }
    if !found.shape.isConversation { addMissing(to: &fields) }
    for index in fields.indices {
      guard let role = fields[index].role, role == .input || role == .system else { continue }
      let absent = sampled - present[role, default: 0]
      fields[index].isEmptyWhenAbsent = present[role] != nil && empties[role, default: 0] >= absent
    }
    return fields
  }

  private func role(of name: String) -> FieldRole? {
    Array(name.utf8).withUnsafeBufferPointer { found.shape.role(of: $0) }
  }

  /// Parts of the pair that none of the first rows has get their places too, so that other rows can have them.
  private func addMissing(to fields: inout [Layout.Field]) {
    for named in found.shape.named where !fields.contains(where: { $0.role == named.role }) {
      let field = Layout.Field(String(decoding: named.name, as: UTF8.self), role: named.role)
      let instruction = fields.firstIndex { $0.role == .instruction }
      fields.insert(field, at: named.role == .input ? (instruction ?? -1) + 1 : fields.count)
    }
  }
}
