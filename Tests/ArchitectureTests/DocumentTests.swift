import Foundation
import Testing

/// Documents that name code must name the code that exists.
@Suite struct DocumentTests {
  @Test func architectureNamesExactlyTheModules() throws {
    let page = try SourceTree.text("docs/architecture.md")
    let pattern = /^\| `([A-Za-z0-9]+)` \|/.anchorsMatchLineEndings()
    let named = page.matches(of: pattern).map { String($0.output.1) }.sorted()
    #expect(named == (try SourceTree.folders(in: "Sources")))
  }

  @Test func everyTestTargetBelongsToAModule() throws {
    let modules = Set(try SourceTree.folders(in: "Sources") + ["CLI", "Architecture", "Fuzz"])
    for target in try SourceTree.folders(in: "Tests") where target.hasSuffix("Tests") {
      #expect(modules.contains(String(target.dropLast(5))), "Tests/\(target) tests no module")
    }
  }

  /// A document that says which test proves a promise names one that exists.
  @Test(arguments: ["docs/format.md", "docs/threat-model.md"]) func theTestsNamedAsProofsExist(
    document: String
  )
    throws
  {
    let tests = try SourceTree.swiftFiles(in: "Tests").flatMap(\.lines)
    let names = try SourceTree.text(document).matches(of: /`([A-Za-z]+Tests)(?:\.([A-Za-z]+))?`/)
    #expect(names.count > 10)
    for name in names {
      let suite = "struct \(name.1)"
      #expect(tests.contains { $0.contains(suite) }, "\(document) names \(name.1)")
      if let function = name.2 {
        #expect(
          tests.contains { $0.contains("func \(function)(") }, "\(document) names \(name.1).\(function)")
      }
    }
  }
}
