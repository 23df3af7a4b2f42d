/// Tells a JSON file's format from its first rows.
struct FormatDetection {
  /// What was found out.
  struct Found {
    let format: Format
    let shape: RowShape
    let names: MessageNames
    /// Where the first row begins.
    let prefixEnd: Int
  }

  private let options: ImportOptions
  private let container: Container

  init(_ options: ImportOptions, _ container: Container) {
    self.options = options
    self.container = container
  }

  /// Looks at the first row, or the first readable one when malformed rows are to be left out.
  func detect(_ chunk: RawChunk) throws(ImportFailure) -> Found {
    for role in options.fields.keys where FieldRole(rawValue: role) == nil { throw .unknownRole(role) }
    guard let start = chunk.rows.first?.start else { throw .noRows }
    var failure = ImportFailure.noRows
    for (number, row) in chunk.rows.enumerated() {
      do throws(ImportFailure) {
        let members = try members(of: row, chunk)
        let format = try format(members)
        let names = messageNames(members) ?? (format == .shareGPT ? .shareGPT : .openAI)
        let shape = RowShape(format: format, renamed: options.fields, speakers: names)
        return Found(format: format, shape: shape, names: names, prefixEnd: start)
      } catch {
        if number == 0 { failure = error }
      }
    }
    throw failure
  }

  private func members(of row: RawRow, _ chunk: RawChunk) throws(ImportFailure) -> [JSONMember] {
    let result = chunk.bytes.withUnsafeBufferPointer { buffer -> Result<[JSONMember], ImportFailure> in
      guard let base = buffer.baseAddress else { return .failure(.noRows) }
      do throws(ScanFailure) {
        var reader = ValueReader(ByteScanner(base, from: row.start, to: row.end, limits: options.limits))
        if case .object(let members) = try reader.document() { return .success(members) }
        let fault = RowFault(.notAnObject, at: row.start)
        return .failure(.malformed(RejectedRow(row, base, byteOffset: chunk.byteOffset, fault)))
      } catch {
        return .failure(.malformed(RejectedRow(row, base, byteOffset: chunk.byteOffset, RowFault(error))))
      }
    }
    return try result.get()
  }

  private func format(_ members: [JSONMember]) throws(ImportFailure) -> Format {
    let isArray = container.kind == .array
    if let asked = options.format {
      guard asked.isJSON else {
        throw .otherFormat(asked: asked, found: isArray ? "a JSON array" : "JSON lines")
      }
      if asked == .alpacaJSON, !isArray { throw .otherFormat(asked: asked, found: "JSON lines") }
      if asked == .alpacaJSONL, isArray { throw .otherFormat(asked: asked, found: "a JSON array") }
      return asked
    }
    func has(_ name: String) -> Bool { members.contains { $0.name.utf8.elementsEqual(name.utf8) } }
    if options.fields["messages"] != nil {
      return messageNames(members)?.content == "value" ? .shareGPT : .messages
    }
    // A row is Alpaca's when all its parts are there under their own names or the ones given.
    func hasRole(_ role: FieldRole) -> Bool { has(options.fields[role.rawValue] ?? role.rawValue) }
    if hasRole(.instruction), hasRole(.output) { return isArray ? .alpacaJSON : .alpacaJSONL }
    if has("messages") { return .messages }
    if has("conversations") { return .shareGPT }
    if has("prompt"), has("completion") { return .promptCompletion }
    throw .unknownColumns(members.map(\.name))
  }

  /// What the members of the first message are called, when there is one.
  private func messageNames(_ members: [JSONMember]) -> MessageNames? {
    let candidates = [options.fields["messages"], "messages", "conversations"].compactMap(\.self)
    let row = JSONValue.object(members)
    guard let list = candidates.lazy.compactMap({ row[$0]?.array }).first, let keys = list.first?.object
    else {
      return nil
    }
    let order = keys.map(\.name)
    func names(_ role: String, _ content: String, _ base: MessageNames) -> MessageNames? {
      guard let first = order.firstIndex(of: role), let second = order.firstIndex(of: content) else {
        return nil
      }
      var names = base
      names.isRoleFirst = first < second
      for message in list {
        switch message[role]?.string {
        case "user", "human": names.user = message[role]?.string ?? names.user
        case "assistant", "gpt": names.assistant = message[role]?.string ?? names.assistant
        default: break
        }
      }
      return names
    }
    return names("role", "content", .openAI) ?? names("from", "value", .shareGPT)
  }
}
