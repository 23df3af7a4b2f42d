import Llama

/// A model that is open for answers, with how prompts are written for it.
struct SampleModel {
  let source: TextModel
  let engine: InferenceModel
  /// Writes prompts; nil takes texts as they are.
  let encoder: ExampleEncoder?
  /// The template's name.
  let templateName: String
  let ignoresChatTemplate: Bool
  let ends: [Int32]

  /// - Throws: ``Failure``, and what opening a model throws.
  init(_ request: SampleRequest, in session: Session) throws {
    source = try TextModel(path: session.path(request.model))
    let adapterPath = request.adapter.map { session.path($0) }
    let adapter = try adapterPath.map { try LoRAAdapter(folder: $0) }
    let template =
      request.template == SampleRequest.noTemplate
      ? nil : ExampleTemplate(request.template, own: source.chatTemplate)
    let source = source
    encoder = try template.map {
      try ExampleEncoder(
        tokenizer: source.tokenizer, template: $0, endOfSequence: source.endOfSequence, limit: Int.max)
    }
    templateName = template?.name ?? SampleRequest.noTemplate
    ignoresChatTemplate = request.template == nil && source.chatTemplate == .unknown
    ends = source.endTokens + (encoder?.answerEnds ?? [])
    engine = try InferenceModel(
      source.stored, adapter: adapter, adapterPath: adapterPath ?? "",
      threads: request.threads ?? session.threads, memory: session.availableMemory() ?? Int.max)
  }

  /// The tokens of a prompt.
  func tokens(_ prompt: SamplePrompt) throws -> [Int32] {
    guard let encoder else { return source.tokenizer.opening(prompt.instruction) }
    return try encoder.prompt(
      TrainingExample(
        system: prompt.system, instruction: prompt.instruction, input: prompt.input, output: ""))
  }

  var generator: TextGenerator { TextGenerator(engine, tokenizer: source.tokenizer, ends: ends) }
}
