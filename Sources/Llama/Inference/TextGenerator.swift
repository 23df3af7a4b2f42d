/// Generates texts: several streams at once, each as it would be alone.
public final class TextGenerator {
  /// What is asked for.
  public struct Request: Sendable {
    /// The tokens to go on from.
    public var prompt: [Int32]
    /// How tokens are chosen.
    public var sampling: SamplingSettings
    /// Most tokens of the answer.
    public var limit: Int
    /// Texts that end the answer, of which they are no part.
    public var stops: [String]

    /// A request.
    public init(prompt: [Int32], sampling: SamplingSettings, limit: Int, stops: [String] = []) {
      self.prompt = prompt
      self.sampling = sampling
      self.limit = limit
      self.stops = stops
    }
  }

  /// Why an answer ended.
  public enum Finish: String, Sendable, CaseIterable {
    /// The model ended it.
    case end
    /// A stop text came.
    case stop
    /// As many tokens as asked for.
    case length
    /// The model's context is full.
    case context
  }

  /// An answer.
  public struct Answer: Sendable, Equatable {
    /// The text.
    public var text: String
    /// Tokens generated, the one that ended it included.
    public var tokens: [Int32]
    /// Why it ended.
    public var finish: Finish
  }

  private let model: InferenceModel
  private let tokenizer: Tokenizer
  private let ends: Set<Int32>

  /// A generator; `ends` are the tokens that end an answer.
  public init(_ model: InferenceModel, tokenizer: Tokenizer, ends: some Sequence<Int32>) {
    self.model = model
    self.tokenizer = tokenizer
    self.ends = Set(ends)
  }

  private struct Stream {
    let number: Int
    let request: Request
    let cache: KeyValueCache
    var sampler: TokenSampler
    var text: TextStream
    var tokens: [Int32] = []
    var written = ""
    var finish: Finish?
  }

  /// Checks that a prompt can be answered. Throws `InferenceError.emptyPrompt` or `.promptTooLong`.
  public func check(_ request: Request) throws(InferenceError) {
    guard !request.prompt.isEmpty else { throw .emptyPrompt }
    guard request.prompt.count < model.context else {
      throw .promptTooLong(tokens: request.prompt.count, context: model.context)
    }
  }

  /// Answers all requests, `width` of them at a time. `report` gets pieces of text as they become certain, with the number
  /// of their request; `finished` each answer when it has ended, in the order in which they end.
  ///
  /// Throws `InferenceError`, `LlamaModelError`, and what the closures throw.
  public func run(
    _ requests: [Request], width: Int = 1, report: (Int, String) throws -> Void = { _, _ in },
    finished: (Int, Answer) throws -> Void
  ) throws {
    for request in requests { try check(request) }
    guard !requests.isEmpty else { return }
    let width = min(max(width, 1), requests.count, InferenceModel.mostStreams)
    let positions = requests.map { min($0.prompt.count + max($0.limit, 1), model.context) }.max() ?? 1
    var free = try model.makeCaches(width, positions: positions)
    var running: [Stream] = []
    var next = 0
    while next < requests.count || !running.isEmpty {
      while next < requests.count, let cache = free.popLast() {
        var stream = begin(next, requests[next], cache)
        next += 1
        try model.prefill(stream.request.prompt, into: cache)
        try choose(&stream, 0, report)
        running.append(stream)
      }
      for stream in running {
        guard let finish = stream.finish else { continue }
        stream.cache.clear()
        free.append(stream.cache)
        try finished(stream.number, Answer(text: stream.written, tokens: stream.tokens, finish: finish))
      }
      running.removeAll { $0.finish != nil }
      guard !running.isEmpty, free.isEmpty || next == requests.count else { continue }
      try model.decode(running.map { ($0.tokens.last ?? 0, $0.cache) })
      for place in running.indices { try choose(&running[place], place, report) }
    }
  }

  private func begin(_ number: Int, _ request: Request, _ cache: KeyValueCache) -> Stream {
    Stream(
      number: number, request: request, cache: cache, sampler: TokenSampler(request.sampling),
      text: TextStream(tokenizer, stops: request.stops))
  }

  /// Takes the next token of a stream from the logits at its place.
  private func choose(_ stream: inout Stream, _ place: Int, _ report: (Int, String) throws -> Void) throws {
    if stream.request.limit < 1 {
      stream.finish = .length
      return
    }
    let token = try model.withLogits(of: place) { try stream.sampler.next($0, model.kernels) }
    stream.tokens.append(token)
    var piece = ""
    if ends.contains(token) {
      stream.finish = .end
    } else {
      piece = stream.text.append(token)
      if stream.text.isStopped {
        stream.finish = .stop
      } else if stream.tokens.count >= stream.request.limit {
        stream.finish = .length
      } else if stream.request.prompt.count + stream.tokens.count >= model.context {
        stream.finish = .context
      }
    }
    if stream.finish != nil { piece += stream.text.finish() }
    guard !piece.isEmpty else { return }
    stream.written += piece
    try report(stream.number, piece)
  }
}
