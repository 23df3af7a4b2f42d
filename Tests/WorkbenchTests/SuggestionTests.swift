import Testing

@testable import Workbench

@Suite struct SuggestionTests {
  @Test func countsSwappedNeighboursAsOneEdit() {
    #expect(Suggestion.closest(to: "mian", among: ["main", "mine"]) == "main")
    #expect(Suggestion.closest(to: "MAIN", among: ["main"]) == "main")
  }

  @Test func staysSilentWhenNothingIsNear() {
    #expect(Suggestion.closest(to: "frobnicate", among: ["main", "side"]) == nil)
    #expect(Suggestion.closest(to: "", among: ["main"]) == nil)
    #expect(Suggestion.closest(to: "x", among: []) == nil)
  }
}
