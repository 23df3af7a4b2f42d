import Records
import Testing

@testable import Curation

/// Texts were written for these tests; no clinician reviewed any.
@Suite struct LanguageRuleTests {
  private static let english =
    "The patient was given a dose of the drug in the morning and it was noted that there are no signs of the rash that had been seen on the day before."
  private static let german =
    "Der Patient hat am Morgen eine Dosis des Mittels bekommen und es wird nicht mehr von dem Ausschlag berichtet, der sich an dem Tag davor auf der Haut zeigte."
  private static let spanish =
    "El paciente recibió una dosis del medicamento por la mañana y no se observan los signos de la erupción que se habían visto en la piel el día anterior."

  private func fields(_ codes: [String], _ output: String) throws -> [PairField] {
    RuleCheck.fields(try LanguageRule(codes), Pair(instruction: "12", output: output))
  }

  @Test func scripts() throws {
    #expect(try fields(["en"], "糖尿病の症状は何ですか") == [.output])
    #expect(try fields(["ja"], "糖尿病の症状は何ですか") == [])
    #expect(try fields(["zh"], "糖尿病の症状") == [])
    #expect(try fields(["ru"], "Какие симптомы у астмы?") == [])
    #expect(try fields(["de", "ar"], "Какие симптомы у астмы?") == [.output])
    // A few letters or an equal part of them are no other language.
    #expect(try fields(["en"], "αβγδ") == [])
    #expect(try fields(["en"], "Die letters αβγδε") == [])
    #expect(try fields(["en"], "123 + 456 😀") == [])
  }

  @Test func frequentWords() throws {
    #expect(try fields(["en"], Self.english) == [])
    #expect(try fields(["en"], Self.german) == [.output])
    #expect(try fields(["en"], Self.spanish) == [.output])
    #expect(try fields(["de"], Self.english) == [.output])
    #expect(try fields(["de", "en"], Self.german) == [])
    #expect(try fields(["pt-BR"], Self.spanish) == [] || (try fields(["pt-BR"], Self.spanish)) == [.output])
    // Too short to tell.
    #expect(try fields(["en"], "Der Patient hat eine Dosis bekommen und es wird nicht mehr") == [])
    // Of Swedish no words are known.
    #expect(try fields(["sv"], Self.german) == [])
  }

  @Test func nothingDeclaredNothingFound() {
    #expect(RuleCheck.fields(LanguageRule(), Pair(instruction: "x", output: Self.german)) == [])
  }

  @Test func unknownLanguages() {
    #expect(throws: LanguageRule.UnknownLanguage.self) { try LanguageRule(["en", "xx"]) }
    #expect(throws: LanguageRule.UnknownLanguage.self) { try LanguageRule([""]) }
  }
}
