import Glibc

/// Handles the rows that the template did not recognise: puts their columns into the origins in canonical form
/// and finds out, by writing the row again, whether the layout reproduces it all the same.
struct RowVerifier {
  private let template: RowTemplate
  private let limits: JSONLimits
  private var parts = PairParts()
  /// Names and canonical values of the row's columns.
  private var nameBytes: [UInt8] = []
  private var nameEnds: [Int] = []
  private var columnBytes: [UInt8] = []
  private var columnEnds: [Int] = []
  private var rendered: [UInt8] = []

  init(_ template: RowTemplate, _ limits: JSONLimits) {
    self.template = template
    self.limits = limits
  }

  /// Appends the row's columns to `origins` and returns whether the layout reproduces the row.
  mutating func verify(
    _ row: RawRow, _ base: UnsafePointer<UInt8>, _ values: RowValues, _ placeholder: StringSpan?,
    _ pairBytes: [UInt8], _ pairStart: Int, _ origins: inout OriginsBuilder
  ) -> Bool {
    let scanner = ByteScanner(base, from: row.start, to: row.end, limits: limits)
    columnBytes.removeAll(keepingCapacity: true)
    columnEnds.removeAll(keepingCapacity: true)
    nameBytes.removeAll(keepingCapacity: true)
    nameEnds.removeAll(keepingCapacity: true)
    for column in values.columns {
      if column.field >= 0 {
        nameBytes += template.name(of: column.field)
      } else {
        nameBytes += scanner.text(of: column.name).utf8
      }
      nameEnds.append(nameBytes.count)
      // The row was validated: reading the value again cannot fail.
      try? scanner.appendCanonical(column.value, to: &columnBytes)
      columnEnds.append(columnBytes.count)
    }
    rendered.removeAll(keepingCapacity: true)
    let (names, bytes) = (nameBytes, columnBytes)
    names.withUnsafeBufferPointer { names in
      bytes.withUnsafeBufferPointer { bytes in
        let columns = self.columns(names, bytes)
        for column in columns {
          origins.column(UnsafeRawBufferPointer(column.name), value: UnsafeRawBufferPointer(column.value))
        }
        pairBytes.withUnsafeBufferPointer { buffer in
          let pair = UnsafeBufferPointer(rebasing: buffer[pairStart...])
          guard parts.read(pair) else { return }
          let sorted = columns.sorted { left, right in
            CanonicalText.precedes(UnsafeRawBufferPointer(left.name), UnsafeRawBufferPointer(right.name))
          }
          var spelled: [UInt8] = []
          if let placeholder { scanner.appendCanonical(placeholder, to: &spelled) }
          spelled.withUnsafeBufferPointer { spelled in
            template.render(
              pair, parts, columns: sorted, placeholder: placeholder == nil ? nil : spelled, to: &rendered)
          }
        }
      }
    }
    return rendered.count == row.end - row.start && memcmp(rendered, base + row.start, rendered.count) == 0
  }

  /// Calls `body` with the characters of a validated string.
  func unescaped(_ span: StringSpan, _ base: UnsafePointer<UInt8>, _ body: (UnsafeRawBufferPointer) -> Void) {
    let scanner = ByteScanner(base, from: span.start, to: span.end, limits: limits)
    var text = scanner.text(of: span)
    text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  private func columns(
    _ names: UnsafeBufferPointer<UInt8>, _ values: UnsafeBufferPointer<UInt8>
  ) -> [RenderedColumn] {
    nameEnds.indices.map { index in
      let (name, value) = index == 0 ? (0, 0) : (nameEnds[index - 1], columnEnds[index - 1])
      return RenderedColumn(
        name: UnsafeBufferPointer(rebasing: names[name..<nameEnds[index]]),
        value: UnsafeBufferPointer(rebasing: values[value..<columnEnds[index]]))
    }
  }
}
