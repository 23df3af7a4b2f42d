import Records
import Testing

@testable import Workbench

/// What a card says, and that nothing in the data can say anything else. Python's YAML reads cards in `oracles/cards.py`.
@Suite struct CardTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private func commit(_ rows: [[String: String]], license: String? = nil) throws {
    try workshop.write("rows.jsonl", lines(rows))
    var provenance = ImportRequest.Provenance()
    provenance.columns = ["license": "l", "teacher": "t"]
    provenance.license = license
    try workshop.commit(.files([ImportRequest(source: "rows.jsonl", provenance: provenance)]))
  }

  private func row(_ task: String, _ columns: [String: String] = [:]) -> [String: String] {
    ["instruction": task, "output": "ok"].merging(columns) { $1 }
  }

  private func card(_ licenses: String...) throws -> CardResult {
    var request = CardRequest()
    request.licenses = licenses
    return try request.run(in: workshop.session)
  }

  @Test func licencesAreThoseOfTheRows() throws {
    try commit([
      row("a", ["l": "CC BY 4.0"]), row("b", ["l": "cc-by-4.0"]), row("c", ["l": "GPL-3.0-or-later"]),
      row("d"),
    ])
    #expect(try card().card.license.identifiers == ["cc-by-4.0", "gpl-3.0", "unknown"])
    #expect(try card().card.licenses.map(\.count) == [2, 1])
    #expect(try card("CC-BY-4.0", "GPL-3.0-or-later").card.license.identifiers == ["cc-by-4.0", "gpl-3.0"])
    do {
      _ = try card("cc-by-4.0")
      Issue.record("a contradicted licence was stated")
    } catch let failure as Failure {
      #expect(failure.kind == .no)
      #expect(failure.message.contains("1 of 4 records"))
      #expect(failure.causes.count == 1 && failure.causes[0].hasPrefix("1 under `GPL-3.0-or-later`: "))
      #expect(failure.causes[0].hasSuffix(":3"))
    }
  }

  @Test func aLicenceTheHubDoesNotKnowIsOther() throws {
    try commit([row("a")], license: "Our Terms, v2: \"free\"\n---")
    let card = try card()
    #expect(card.card.license.identifiers == ["other"] && card.card.license.name == "our-terms-v2-free")
    #expect(card.text.contains("license: other\nlicense_name: our-terms-v2-free\n"))
  }

  @Test func rowsWithoutALicenceAreSaid() throws {
    try commit([row("a"), row("b", ["l": "MIT"])])
    let stated = try card("mit")
    #expect(stated.card.unlicensed == 1)
    #expect(stated.text.contains("1 of 2 records state none of their own."))
  }

  @Test func theSameVersionHasTheSameBytes() throws {
    try commit((1...600).map { row("task \($0)", ["topic": "t\($0 % 7)", "l": "MIT"]) })
    let one = try card().text
    var session = workshop.session
    session.threads = 1
    #expect(try CardRequest().run(in: session).text == one)
    #expect(one.contains("| t1 | 86 | 14.3 % |"))
    #expect(one.contains("| instruction | 600 | 6 | 8 | 7.8 | 8 | 8 |"))
  }

  @Test func columnsSayNothingButThemselves() throws {
    let evil =
      "| <script>alert(1)</script>\n---\n# x\r\n[a](javascript:b) `c` https://e.x www.e.x \u{202E}abc @me $x$"
    try commit([row("a", ["topic": evil, "t": evil, "l": evil])])
    var request = CardRequest()
    (request.name, request.keywords, request.files) = (evil, [evil], [("train", evil)])
    let text = try request.run(in: workshop.session).text
    // One document of metadata: its second line of hyphens is followed by the page.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let ends = lines.indices.filter { lines[$0] == "---" }
    #expect(ends.count == 2 && ends[0] == 0)
    let page = lines[ends[1]...].joined(separator: "\n")
    for raw in ["<script", "[a]", " `c`", "https://", "www.e", "\u{202E}", " @me", "$x$", "\r"] {
      #expect(!page.contains(raw), "\(raw)")
    }
    #expect(page.contains("\\| &lt;script&gt;alert(1)&lt;/script&gt; --- \\# x"))
    #expect(
      lines[..<ends[1]].contains {
        $0.hasPrefix("pretty_name: \"| <script>") && $0.contains("\\n---\\n# x\\x0D\\n")
      })
  }

  @Test(arguments: [
    ("en", "en"), ("no", "\"no\""), ("yes", "\"yes\""), ("1.0", "\"1.0\""), ("a: b", "\"a: b\""),
    ("", "\"\""),
    ("-", "\"-\""), ("text-generation", "text-generation"), ("a\"b\\", "\"a\\\"b\\\\\""), ("é", "\"é\""),
    ("\u{85}\u{2028}\u{FEFF}\u{1F600}\u{E0041}", "\"\\x85\\u2028\\uFEFF\u{1F600}\\U000E0041\""),
    ("a.", "\"a.\""),
  ]) func scalars(text: String, yaml: String) {
    #expect(YAMLText.scalar(text).utf8.elementsEqual(yaml.utf8))
  }

  @Test func sizesAndLanguages() throws {
    try commit([
      row("a", ["language": "en"]), row("b", ["language": "de"]), row("c", ["language": "English!"]),
    ])
    let card = try card().card
    #expect(card.languages == ["de", "en"] && card.sizeCategory == "n<1K")
  }

  @Test func aFencedBlockCannotBeClosed() {
    #expect(MarkdownText.block("a\n````\nb", language: "json") == "`````json\na\n````\nb\n`````")
  }
}
