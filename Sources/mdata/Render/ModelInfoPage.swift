import Records
import Workbench

/// What a model is, as a page and as a document.
struct ModelInfoPage {
  let console: Console

  func print(_ info: ModelInfo, tensors: Bool) {
    let format = info.isFile ? "GGUF file" : "Hugging Face folder"
    console.line("\(info.path.escaped()): a LLaMA of \(info.parameters.grouped) parameters, \(format)")
    for (label, text) in rows(info) {
      console.line("  \(label)\(String(repeating: " ", count: 12 - label.count))\(text)")
    }
    guard tensors else { return }
    console.line("Tensors:")
    let width = info.tensors.map { $0.type.count }.max() ?? 0
    for tensor in info.tensors {
      let type = tensor.type + String(repeating: " ", count: width - tensor.type.count)
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      console.line("  \(type)  \(tensor.name.escaped())  \(shape)")
    }
  }

  private func rows(_ info: ModelInfo) -> [(String, String)] {
    let config = info.config
    var rows = [
      (
        "layers",
        "\(config.layers.grouped) of width \(config.width.grouped), feed-forward \(config.feedForward.grouped)"
      ),
      (
        "attention",
        "\(config.heads.of("head")) of \(config.headWidth), \(config.keyValueHeads.grouped) for keys and values"
      ),
      (
        "vocabulary",
        "\(config.vocabulary.grouped), head \(config.tiedHead ? "tied to the embedding" : "of its own")"
      ),
      ("positions", "\(config.positions.grouped), rope theta \(config.ropeTheta.plain)\(scaling(config))"),
    ]
    if let window = config.slidingWindow { rows.append(("window", "\(window.grouped) tokens")) }
    let biases = [("attention", config.attentionBias), ("feed-forward", config.feedForwardBias)].filter(\.1)
      .map(\.0)
    if !biases.isEmpty { rows.append(("biases", biases.joined(separator: ", "))) }
    rows.append(("tokenizer", tokenizer(info)))
    let types = info.types.map { "\($0.parameters.grouped) as \($0.type.escaped())" }.joined(separator: ", ")
    rows.append(("weights", "\(info.tensors.count.of("tensor")), \(info.bytes.grouped) bytes: \(types)"))
    return rows
  }

  private func scaling(_ config: ModelInfo.Config) -> String {
    guard let scaling = config.ropeScaling else { return "" }
    guard let factor = scaling.factor else { return ", scaled by \(scaling.kind)" }
    return ", scaled \(scaling.kind) by \(factor.plain)"
  }

  private func tokenizer(_ info: ModelInfo) -> String {
    guard let tokenizer = info.tokenizer else { return "none" }
    let count = tokenizer.tokens.map { ", " + $0.of("token") } ?? ""
    return tokenizer.kind.escaped() + count + (tokenizer.pre.map { ", cut as " + $0.escaped() } ?? "")
  }
}

extension Double {
  /// Without a fraction where there is none: `10,000`, `0.5`.
  fileprivate var plain: String { Int(exactly: self)?.grouped ?? "\(self)" }
}

extension ModelInfo {
  /// The document of `--json`.
  var json: JSONValue {
    .document(
      "model-info",
      [
        JSONMember("path", .string(path)), JSONMember("format", .string(isFile ? "gguf" : "folder")),
        JSONMember("config", config.json), JSONMember("parameters", .int(parameters)),
        JSONMember("bytes", .int(bytes)),
        JSONMember(
          "types",
          .array(
            types.map {
              .object([
                JSONMember("type", .string($0.type)), JSONMember("tensors", .int($0.tensors)),
                JSONMember("parameters", .int($0.parameters)), JSONMember("bytes", .int($0.bytes)),
              ])
            })),
        JSONMember(
          "tokenizer",
          tokenizer.map {
            .object([
              JSONMember("kind", .string($0.kind)), JSONMember("tokens", $0.tokens.map { .int($0) } ?? .null),
              JSONMember("pre", .optional($0.pre)),
            ])
          } ?? .null),
        JSONMember(
          "tensors",
          .array(
            tensors.map {
              .object([
                JSONMember("name", .string($0.name)), JSONMember("type", .string($0.type)),
                JSONMember("shape", .array($0.shape.map { .int($0) })), JSONMember("bytes", .int($0.bytes)),
              ])
            })),
      ])
  }
}

extension ModelInfo.Config {
  fileprivate var json: JSONValue {
    let scaling = ropeScaling.map { scaling -> JSONValue in
      .object([
        JSONMember("kind", .string(scaling.kind)),
        JSONMember("factor", scaling.factor.map { .number($0) } ?? .null),
      ])
    }
    return .object([
      JSONMember("vocabulary", .int(vocabulary)), JSONMember("width", .int(width)),
      JSONMember("layers", .int(layers)),
      JSONMember("heads", .int(heads)), JSONMember("key_value_heads", .int(keyValueHeads)),
      JSONMember("head_width", .int(headWidth)), JSONMember("feed_forward", .int(feedForward)),
      JSONMember("positions", .int(positions)), JSONMember("rope_theta", .number(ropeTheta)),
      JSONMember("rope_scaling", scaling ?? .null), JSONMember("norm_epsilon", .number(normEpsilon)),
      JSONMember("sliding_window", slidingWindow.map { .int($0) } ?? .null),
      JSONMember("tied_head", .bool(tiedHead)),
      JSONMember("attention_bias", .bool(attentionBias)),
      JSONMember("feed_forward_bias", .bool(feedForwardBias)),
    ])
  }
}
