import Glibc
import Llama
import Objects
import Records

extension SampleRequest {
  /// Answers. A file of answers appears whole or not at all; nothing else is written.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session, report: @escaping (SampleEvent) -> Void) throws -> SampleResult {
    try Failure.wrapping {
      let sampling = try sampling()
      switch prompts {
      case .text(let text): return try single(text, sampling, session, report)
      case .file(let path, let output): return try file(path, output, sampling, session, report)
      }
    }
  }

  private func single(
    _ text: String, _ sampling: SamplingSettings, _ session: Session, _ report: (SampleEvent) -> Void
  ) throws -> SampleResult {
    let prompt = text == "-" ? try Self.standardInput(session) : text
    let model = try SampleModel(self, in: session)
    let tokens = try model.tokens(SamplePrompt(system: system, instruction: prompt))
    report(
      .ready(
        SamplePlan(
          prompts: 1, template: model.templateName, ignoresChatTemplate: model.ignoresChatTemplate)))
    var result = SampleResult(
      model: self.model, template: model.templateName, promptTokens: tokens.count, outputTokens: 0, prompts: 1
    )
    try model.generator.run(
      [request(tokens, sampling)], report: { _, piece in report(.piece(piece)) },
      finished: { _, answer in
        result.outputTokens = answer.tokens.count
        result.answer = SampleResult.Answer(
          prompt: prompt, text: answer.text, finish: answer.finish.rawValue)
      })
    return result
  }

  private func file(
    _ path: String, _ output: String?, _ sampling: SamplingSettings, _ session: Session,
    _ report: @escaping (SampleEvent) -> Void
  ) throws -> SampleResult {
    let target = try output.map { try Self.target($0, session) }
    let reader = SamplePrompts(name: path == "-" ? "standard input" : path)
    let input =
      path == "-"
      ? InputFile(descriptor: session.standardInput, named: reader.name) : try InputFile(session.path(path))
    var prompts = try reader.read(
      SmallFile.bytes(input, limit: SamplePrompts.longest), isPlain: template == Self.noTemplate)
    for place in prompts.indices where prompts[place].system == nil { prompts[place].system = system }
    let model = try SampleModel(self, in: session)
    let generator = model.generator
    let requests = try prompts.enumerated().map { number, prompt in
      do {
        let request = request(try model.tokens(prompt), sampling.row(number + 1))
        try generator.check(request)
        return request
      } catch {
        throw Failure(.data, "\(reader.name), line \(number + 1): \(error)")
      }
    }
    report(
      .ready(
        SamplePlan(
          prompts: prompts.count, template: model.templateName, ignoresChatTemplate: model.ignoresChatTemplate
        )))
    let counts = requests.map(\.prompt.count)
    let answers = try SampleAnswers(
      prompts, promptTokens: counts, target: target, in: session, report: report)
    try generator.run(requests, width: batch, finished: answers.take)
    try answers.finish(target)
    return SampleResult(
      model: self.model, template: model.templateName, promptTokens: counts.reduce(0, +),
      outputTokens: answers.tokens, prompts: prompts.count, output: output)
  }

  private func request(_ tokens: [Int32], _ sampling: SamplingSettings) -> TextGenerator.Request {
    TextGenerator.Request(prompt: tokens, sampling: sampling, limit: self.tokens, stops: stops)
  }

  private static func standardInput(_ session: Session) throws -> String {
    let file = InputFile(descriptor: session.standardInput, named: "standard input")
    guard let text = String(validating: try SmallFile.bytes(file, limit: 64 << 20), as: UTF8.self) else {
      throw Failure(.data, "standard input is not valid UTF-8")
    }
    return text
  }

  /// Answers may have taken hours: those that are there are not replaced.
  private static func target(_ name: String, _ session: Session) throws -> String {
    let path = session.path(name)
    let files = POSIXFileSystem()
    guard try files.status(path) == nil else {
      throw Failure(.usage, "`\(name)` exists already", hint: "give another `--out`, or remove it first")
    }
    try session.checkParent(of: name)
    return path
  }
}
