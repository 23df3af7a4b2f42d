/// A language by its ISO 639-1 code, and what is known of it here.
struct Language: Sendable {
  let code: String
  /// The scripts that it is written in.
  let scripts: Set<Script>
  /// Its most frequent short words, lower case, for languages in Latin script that are told apart.
  let stopwords: Set<String>

  private init(_ code: String, _ scripts: Set<Script>, _ stopwords: String = "") {
    self.code = code
    self.scripts = scripts
    self.stopwords = Set(stopwords.split(separator: " ").map(String.init))
  }

  /// All languages that can be declared.
  static let all: [Language] =
    [
      Language(
        "en", [.latin],
        "the of and to in is that for it was with as his on be at by had not are but from or have an they which this were you their has what can will how when should there been"
      ),
      Language(
        "de", [.latin],
        "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen oder ihre kann"
      ),
      Language(
        "fr", [.latin],
        "de la le et les des en un du une que est pour qui dans par sur pas au plus ne se ce il sont avec mais ou vous cette aux ses été comme elle nous être leur peut"
      ),
      Language(
        "es", [.latin],
        "de la que el en y los del se las por un para con no una su al lo como más pero sus le ya este sí porque esta entre cuando muy sin sobre también es son puede"
      ),
      Language(
        "it", [.latin],
        "di e il la che in un per è non una sono con si da del le dei nel alla più della come anche ma gli lo al questo delle ha dal può ed nella essere"
      ),
      Language(
        "pt", [.latin],
        "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já são pode"
      ),
      Language(
        "nl", [.latin],
        "de en van het een in is dat op te zijn met voor niet die aan er om ook als bij door naar dan maar uit hij wordt nog kan worden over of ze deze heeft wat"
      ),
    ]
    + "af ca cs cy da et eu fi ga gl hr hu id is lt lv ms no nb nn pl ro sk sl sq sv sw tl tr vi".split(
      separator: " "
    )
    .map { Language(String($0), [.latin]) }
    + [
      Language("el", [.greek]), Language("ru", [.cyrillic]), Language("uk", [.cyrillic]),
      Language("be", [.cyrillic]), Language("bg", [.cyrillic]), Language("mk", [.cyrillic]),
      Language("kk", [.cyrillic]), Language("mn", [.cyrillic]), Language("sr", [.cyrillic, .latin]),
      Language("hy", [.armenian]), Language("he", [.hebrew]), Language("ar", [.arabic]),
      Language("fa", [.arabic]), Language("ur", [.arabic]), Language("ps", [.arabic]),
      Language("hi", [.devanagari]), Language("mr", [.devanagari]), Language("ne", [.devanagari]),
      Language("bn", [.bengali]), Language("pa", [.gurmukhi]), Language("gu", [.gujarati]),
      Language("ta", [.tamil]), Language("te", [.telugu]), Language("kn", [.kannada]),
      Language("ml", [.malayalam]), Language("si", [.sinhala]), Language("th", [.thai]),
      Language("lo", [.lao]), Language("bo", [.tibetan]), Language("my", [.myanmar]),
      Language("ka", [.georgian]), Language("am", [.ethiopic]), Language("km", [.khmer]),
      Language("ko", [.hangul, .han]), Language("ja", [.kana, .han]), Language("zh", [.han]),
    ]
}
