import Records

extension FuzzTarget {
  /// Small limits, so that a short input can be over them.
  private static let limits = JSONLimits(depth: 8, keys: 16, stringBytes: 256, textBytes: 1024)

  /// Rows in JSON: the first byte chooses the options, the rest is the file.
  static let rows = FuzzTarget("rows") { input in
    guard let choice = input.first else { return false }
    let formats: [Format?] = [
      nil, .alpacaJSONL, .alpacaJSON, .promptCompletion, .messages, .shareGPT, nil, nil,
    ]
    let options = ImportOptions(
      format: formats[Int(choice & 7)], skipInvalid: choice & 8 != 0, limits: choice & 16 != 0 ? limits : .row
    )
    return try Transfer.check(Array(input.dropFirst()), options, step: Int(choice >> 5) * 3 + 1)
  }

  /// Rows in CSV or TSV: the first byte chooses the options, the rest is the file.
  static let csv = FuzzTarget("csv") { input in
    guard let choice = input.first else { return false }
    let options = ImportOptions(
      format: choice & 1 == 0 ? .csv : .tsv, skipInvalid: choice & 2 != 0,
      limits: choice & 4 != 0 ? limits : .row)
    return try Transfer.check(Array(input.dropFirst()), options, step: Int(choice >> 4) * 3 + 1)
  }

  /// A layout as a batch keeps it.
  static let layout = FuzzTarget("layout") { input in
    guard let value = try? JSON.parse(input) else { return false }
    do throws(LayoutFailure) {
      let layout = try Layout(json: value)
      var writer = RowWriter(layout: layout)
      let pair = Array(#"{"input":"b","instruction":"a","kind":"pair","output":"c","v":1}"#.utf8)
      var output = writer.begin()
      pair.withUnsafeBytes { pair in
        for _ in 0..<2 { try? writer.append(pair: pair, to: &output) }
      }
      output += writer.end()
    } catch {
      return false
    }
    return true
  }
}
