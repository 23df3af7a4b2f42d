import History
import Records

extension FuzzTarget {
  /// Names of branches and tags: what is allowed cannot leave its folder, be an option, or hide.
  static let refName = FuzzTarget("ref-name", longest: 256) { input in
    guard let text = String(validating: input, as: UTF8.self) else { return false }
    if let full = try? RefName(full: text) {
      try promise(full.full.utf8.elementsEqual(text.utf8), "a full name changes when it is read")
    }
    guard let name = try? RefName.branch(text) else {
      try promise((try? RefName.tag(text)) == nil, "a tag may be called what a branch may not")
      return false
    }
    try promise(name.branchName.map { Array($0.utf8) } == input, "a name changes when it is read")
    try promise(try RefName(full: name.full) == name, "a name cannot be read back")
    try promise(input.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x5c }, "a name holds \(input)")
    try promise(input.count <= 200, "a name of \(input.count) bytes")
    for part in text.split(separator: "/", omittingEmptySubsequences: false) {
      try promise(!part.isEmpty && part.first != "." && part.first != "-", "a part `\(part)`")
      try promise(!part.hasSuffix(".lock") && !part.contains(".."), "a part `\(part)`")
    }
    return true
  }

  /// Written record ids: the one spelling of each.
  static let recordID = FuzzTarget("record-id", longest: 64) { input in
    guard let text = String(validating: input, as: UTF8.self), let id = RecordID(text) else { return false }
    try promise(Array("\(id.batch.hex):\(id.row)".utf8) == input, "a record id has two spellings")
    return true
  }
}
