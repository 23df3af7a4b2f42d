import Curation
public import Records

/// What counts as having been seen in an evaluation set.
public struct DecontaminationSettings: Sendable {
  /// Words in a row that an item must share with a prompt; shorter prompts must be there as a whole.
  public var ngram = 13
  /// Prompts of fewer words are not looked for: they are in too many texts.
  public var shortest = 5
  /// A run that is in more than this share of the prompts, and in more than one, is a form of words and no leak.
  public var boilerplate = 0.01
  /// A task whose ROUGE-L with a prompt is above this counts too; nil for none.
  public var rougeL: Double?
  /// The fields of an item that are searched, one after the other.
  public var fields: [PairField] = [.instruction, .input, .output]
  /// How texts become words: `rouge`, `unicode` or `auto`.
  public var tokenizer = "auto"

  /// Runs of 13 words.
  public init() {}

  func checkedTokenizer() throws -> TokenizerName {
    if let rougeL, !(rougeL >= 0 && rougeL <= 1) {
      throw Failure(.usage, "a ROUGE-L threshold is from 0 to 1, not \(rougeL)")
    }
    return try .named(tokenizer)
  }

  func search(in prompts: TokenLists) throws -> Decontamination {
    do {
      return try Decontamination(
        evaluations: prompts, runLength: ngram, boilerplate: .share(boilerplate),
        shortest: min(shortest, ngram))
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  func json(against: [String]) throws -> JSONValue {
    var members = [
      JSONMember("ngram", .integer(ngram)), JSONMember("shortest", .integer(shortest)),
      JSONMember("boilerplate", .number(boilerplate)),
      JSONMember("fields", .array(fields.map { .string($0.rawValue) })),
      JSONMember("tokenizer", .string(try checkedTokenizer().version)),
      JSONMember("against", .array(against.map { .string($0) })),
    ]
    if let rougeL { members.append(JSONMember("rouge_l", .number(rougeL))) }
    return .object(members)
  }
}
