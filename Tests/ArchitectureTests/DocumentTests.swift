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
    let modules = Set(try SourceTree.folders(in: "Sources") + ["CLI", "Architecture"])
    for target in try SourceTree.folders(in: "Tests") where target.hasSuffix("Tests") {
      #expect(modules.contains(String(target.dropLast(5))), "Tests/\(target) tests no module")
    }
  }
}
