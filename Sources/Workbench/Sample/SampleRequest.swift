import Llama

/// Lets a model answer a prompt, or the prompts of a file.
public struct SampleRequest: Sendable {
  /// What is answered.
  public enum Prompts: Sendable {
    /// One text; `-` reads it from standard input.
    case text(String)
    /// A file with a JSON object a line; `-` is standard input. Answers go to `output`, or to the report when it is nil.
    case file(String, output: String?)
  }

  /// The model: a Hugging Face folder or a GGUF file.
  public var model: String
  /// Folder of an adapter that stands beside the model.
  public var adapter: String?
  /// What is answered.
  public var prompts: Prompts
  /// How prompts are written: a template's name, `none` for the text as it is, nil for the model's own or Alpaca's.
  public var template: String?
  /// A system message for prompts without one.
  public var system: String?
  /// Most tokens of an answer.
  public var tokens = 256
  /// What logits are divided by; 0 takes the likeliest token.
  public var temperature = 0.8
  /// Draw from the so many likeliest tokens; 0 for all.
  public var topK = 40
  /// Draw from the likeliest tokens that together reach this probability.
  public var topP = 0.95
  /// Seed of the draws.
  public var seed: UInt64 = 0
  /// Texts that end an answer.
  public var stops: [String] = []
  /// Prompts answered together.
  public var batch = 8
  /// Threads; nil takes the session's.
  public var threads: Int?

  /// A request with the defaults of the command line.
  public init(model: String, prompts: Prompts) {
    self.model = model
    self.prompts = prompts
  }

  /// The name of the template that writes nothing.
  public static let noTemplate = "none"

  /// - Throws: ``Failure`` of kind `usage` for a value out of range.
  func sampling() throws -> SamplingSettings {
    if let template, template != Self.noTemplate, !ExampleTemplate.names.contains(template) {
      let names = ExampleTemplate.names + [Self.noTemplate]
      throw Failure(
        .usage, "there is no template `\(template)`",
        hint: "the templates are \(names.map { "`\($0)`" }.joined(separator: ", "))")
    }
    guard (1...1 << 20).contains(tokens) else {
      throw Failure(.usage, "the number of tokens must be from 1 to 1,048,576")
    }
    guard 1...InferenceModel.mostStreams ~= batch else {
      throw Failure(.usage, "`--batch` must be from 1 to \(InferenceModel.mostStreams)")
    }
    if let threads, !(1...1024).contains(threads) {
      throw Failure(.usage, "`--threads` must be from 1 to 1,024")
    }
    if stops.contains("") { throw Failure(.usage, "`--stop` needs a text") }
    if template == Self.noTemplate, system != nil {
      throw Failure(.usage, "`--system` needs a template to be written in")
    }
    let settings = SamplingSettings(temperature: temperature, topK: topK, topP: topP, seed: seed)
    if let problem = settings.problem {
      throw Failure(.usage, problem, hint: "`mdata sample --help` says what each option is")
    }
    return settings
  }
}

/// What sampling tells while it runs.
public enum SampleEvent: Sendable {
  /// The model is open.
  case ready(SamplePlan)
  /// A piece of the answer to a single prompt: whole characters.
  case piece(String)
  /// A line of answers, when they go to no file.
  case line([UInt8])
  /// So many prompts of a file are answered.
  case answered(Int)
}

/// What is about to be answered.
public struct SamplePlan: Sendable {
  /// Number of prompts.
  public var prompts: Int
  /// Name of the template.
  public var template: String
  /// Whether the model has a chat template of its own that is none of the known ones, and none was asked for.
  public var ignoresChatTemplate: Bool
}

/// What was answered.
public struct SampleResult: Sendable {
  /// The model, as asked for.
  public var model: String
  /// Name of the template.
  public var template: String
  /// Tokens of all prompts.
  public var promptTokens: Int
  /// Tokens generated.
  public var outputTokens: Int
  /// Number of prompts.
  public var prompts: Int
  /// The answer to a single prompt.
  public var answer: Answer?
  /// The file of answers, as asked for.
  public var output: String?

  /// The answer to a single prompt.
  public struct Answer: Sendable {
    /// The prompt.
    public var prompt: String
    /// The text.
    public var text: String
    /// Why it ended: `end`, `stop`, `length` or `context`.
    public var finish: String
  }
}
