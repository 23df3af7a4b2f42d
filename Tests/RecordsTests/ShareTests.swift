import Testing

@testable import Records

@Suite struct ShareTests {
  @Test(arguments: [
    ("0.9", 900_000_000), ("90%", 900_000_000), ("1", 1_000_000_000), ("100%", 1_000_000_000), ("0", 0),
    (".05", 50_000_000), ("0.000000001", 1), ("0.0000001%", 1), ("33.3%", 333_000_000),
    ("1.0", 1_000_000_000),
  ]) func readsExactly(text: String, billionths: Int) {
    #expect(Share(text)?.billionths == billionths)
  }

  @Test(arguments: [
    "", ".", "%", "1.", "1.1", "101%", "-0.1", "+0.1", "0,5", "0.0000000001", "1e-1", "0.5 ", "½", "0.٥",
    "0x1",
    "99999999999999999999", "0..5",
  ]) func refusesWhatIsNoShare(text: String) {
    #expect(Share(text) == nil)
  }

  @Test func countsAndAdds() throws {
    let share = try #require(Share("29%"))
    #expect(share.of(100) == 29)
    #expect(share.of(0) == 0)
    #expect(share.of(7) == 2)
    #expect(Share.whole.of(.max) == .max)
    let rest = try #require(Share("0.71"))
    #expect(share.adding(rest) == .whole)
    #expect(share.adding(.whole) == nil)
    #expect(
      ["0.9", "0.055", "1", "0.000000001"].map { Share($0)?.percent } == [
        "90 %", "5.5 %", "100 %", "0.0000001 %",
      ])
  }

  @Test func isThatPartOfAllNumbers() throws {
    #expect(Share("0")?.bound == 0)
    #expect(Share("0.5")?.bound == 1 << 63)
    #expect(Share("0.25")?.bound == 1 << 62)
    #expect(Share.whole.bound == nil)
  }

  @Test(arguments: [("0", 0), ("12", 12), ("5%", 50), ("9999999999", 9_999_999_999)])
  func amounts(text: String, of1000: Int) {
    #expect(Amount(text)?.of(1_000) == of1000)
    #expect(Amount(text)?.text == text)
  }

  @Test(arguments: ["", "-1", "+1", "1.5", "99999999999", "200%", "many", "٣"]) func noAmounts(text: String) {
    #expect(Amount(text) == nil)
  }
}

@Suite struct LicenseNameTests {
  @Test(arguments: ["CC BY 4.0", "cc-by-4.0", "CC_BY-4.0", " cc  by -4.0 "])
  func spellingsAreOne(text: String) {
    #expect(LicenseName(text) == LicenseName("CC-BY-4.0"))
  }

  @Test func differentOnesDiffer() {
    #expect(LicenseName("CC-BY-4.0") != LicenseName("CC-BY-3.0"))
    #expect(LicenseName("CC-BY-4.0") != LicenseName("CC-BY-SA-4.0"))
    #expect(LicenseName("MIT") != LicenseName("MIT OR Apache-2.0"))
    // Canonically equivalent, but not the same bytes.
    #expect(LicenseName("e\u{301}") != LicenseName("\u{E9}"))
  }

  @Test func aChoiceOffersEach() {
    let choice = LicenseName("(MIT OR Apache-2.0)")
    #expect(LicenseName("mit").isOffered(by: choice) && LicenseName("Apache 2.0").isOffered(by: choice))
    #expect(!LicenseName("GPL-3.0").isOffered(by: choice))
    #expect(!choice.isOffered(by: LicenseName("MIT")))
    // Both at once is no choice.
    #expect(!LicenseName("MIT").isOffered(by: LicenseName("MIT AND CC-BY-4.0")))
    #expect(!LicenseName("MIT").isOffered(by: LicenseName("mitor")))
  }
}
