/// `refusal-v1`: an answer that begins by declining to give one, or by saying that a language model speaks.
///
/// English only. What is looked for are openings that models are known for; "I'm sorry to hear that" is none of them. A
/// description of oneself as a model counts within the first 200 bytes.
public struct RefusalRule: Rule {
  public static let name = "refusal-v1"
  public static let severity = RuleFinding.Severity.drop

  private static let sorry = [
    "", "i'm sorry, but ", "i am sorry, but ", "sorry, but ", "i apologize, but ", "unfortunately, ",
  ]
  private static let cannot = [
    "i cannot ", "i can't ", "i can not ", "i'm unable to ", "i am unable to ", "i'm not able to ",
    "i am not able to ",
    "i won't be able to ", "i will not ",
  ]
  private static let acts = [
    "assist", "help", "provide", "answer", "fulfill", "comply", "generate", "complete", "create", "write",
    "offer",
    "give", "discuss", "support", "engage", "process", "access", "respond",
  ]
  private static let openings = Phrases(
    sorry.flatMap { excuse in cannot.flatMap { head in acts.map { excuse + head + $0 } } }
      + [
        "i'm sorry, i can't", "i'm sorry, i cannot", "i am sorry, i can't", "i am sorry, i cannot",
        "i must decline",
        "i'm sorry, but i can't", "i'm sorry, but i cannot", "i am sorry, but i cannot",
        "i am sorry, but i can't",
        "sorry, i can't", "sorry, i cannot", "i have to decline", "i respectfully decline",
      ])
  private static let model = Phrases([
    "as an ai language model", "as an ai model", "as an ai assistant", "as an ai,",
    "as a large language model",
    "as a language model", "as an artificial intelligence", "i am an ai language model",
    "i'm an ai language model",
    "i am only an ai", "i'm only an ai", "i am just an ai", "i'm just an ai",
  ])

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    let answer = subject.output
    var start = answer.trimmed.lowerBound
    while let byte = Optional(answer[start]), byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "*") {
      start += 1
    }
    if let end = Self.openings.match(answer, at: start) { return [RuleMark(answer, span: start..<end)] }
    let head = start..<max(start, min(answer.bytes.count, start + 200))
    return Self.model.firstWord(answer, in: head).map { [RuleMark(answer, span: $0)] } ?? []
  }
}
