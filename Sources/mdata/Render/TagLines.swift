import Records
import Workbench

/// An annotated tag as `show` prints it, before the version it names.
struct TagLines {
  private let tag: TagSummary

  init(_ tag: TagSummary) { self.tag = tag }

  func print(on console: Console) {
    console.line("tag \(console.styled(tag.name.escaped(), .edited))")
    let time = tag.time.map { "  " + DisplayTime.local($0, offset: tag.utcOffset) } ?? ""
    if let tagger = tag.tagger { console.line("  \(tagger.escaped())\(time)") }
    if let signature = tag.signature { SignatureLines(signature).print(on: console) }
    for line in tag.message.split(separator: "\n", omittingEmptySubsequences: false) {
      console.line("    " + String(line).escaped())
    }
    console.line()
  }
}

extension TagSummary {
  var json: JSONValue {
    .object(
      [
        JSONMember("name", .string(name)), JSONMember("object", .string(object)),
        JSONMember("tagger", .optional(tagger)), JSONMember("time", .optional(time.map(DisplayTime.utc))),
        JSONMember("message", .string(message)),
      ] + (signature.map { [JSONMember("signature", $0.json)] } ?? []))
  }
}
