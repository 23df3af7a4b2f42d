import Records

extension RopeScaling {
  /// Reads `rope_scaling` (transformers 4) or `rope_parameters` (5), which say the same; the new one also holds the base.
  ///
  /// A kind that mdata does not compute is refused by its name. Throws `ModelFolderError` naming the key.
  init(_ file: ConfigurationFile, maxPositions: Int) throws {
    let old = file["rope_scaling"].flatMap { $0.object?.isEmpty == true ? nil : $0 }
    let new = file["rope_parameters"]
    let key = old == nil ? "rope_parameters" : "rope_scaling"
    guard let parameters = old ?? new else {
      self = .none
      return
    }
    guard parameters.object != nil else { throw file.refuse(key, "is not an object") }
    if let old, let new, old != new {
      throw file.refuse(
        "rope_scaling", "and \"rope_parameters\" are both there and differ; keep the right one")
    }
    func number(_ name: String) throws -> Double {
      if let value = try file.double(key + "." + name) { return value }
      throw file.refuse(key + "." + name, "is missing")
    }
    func originalPositions() throws -> Int {
      try file.optionalInt("original_max_position_embeddings")
        ?? file.optionalInt(key + ".original_max_position_embeddings") ?? maxPositions
    }
    if let share = try file.double(key + ".partial_rotary_factor"), share != 1 {
      throw file.unsupported(key + ".partial_rotary_factor", "is \(share)")
    }
    let kindKey = file[key + ".rope_type"] == nil ? key + ".type" : key + ".rope_type"
    switch try file.string(kindKey) ?? "default" {
    case "default": self = .none
    case "linear": self = .linear(factor: try number("factor"))
    case "dynamic": self = .dynamic(factor: try number("factor"))
    case "llama3":
      self = .llama3(
        factor: try number("factor"), lowFrequency: try number("low_freq_factor"),
        highFrequency: try number("high_freq_factor"), originalPositions: try originalPositions())
    case "yarn":
      self = .yarn(try Self.yarn(file, key, original: originalPositions(), maxPositions: maxPositions))
    case let kind: throw file.unsupported(kindKey, "is \"\(kind)\"")
    }
  }

  private static func yarn(
    _ file: ConfigurationFile, _ key: String, original: Int, maxPositions: Int
  ) throws -> YarnScaling {
    // transformers takes the quotient of both lengths for a factor that is not given.
    let factor = try file.double(key + ".factor") ?? Double(maxPositions) / Double(max(original, 1))
    func turns(_ name: String, _ standard: Double) throws -> Double {
      let value = try file.double(key + "." + name) ?? standard
      return value == 0 ? standard : value
    }
    var attention = try file.double(key + ".attention_factor")
    if attention == nil, let scale = try file.double(key + ".mscale"),
      let scaleAll = try file.double(key + ".mscale_all_dim"), scale != 0, scaleAll != 0
    {
      attention = YarnScaling.scale(factor, scale) / YarnScaling.scale(factor, scaleAll)
    }
    return YarnScaling(
      factor: factor, originalPositions: original, betaFast: try turns("beta_fast", 32),
      betaSlow: try turns("beta_slow", 1), truncates: try file.bool(key + ".truncate", default: true),
      attentionFactor: attention)
  }
}
