public import Records

extension LoRAAdapter {
  /// The part of adapter_config.json that is followed.
  public struct Settings: Sendable, Equatable {
    var rank: Int
    var alpha: Double
    var dropout: Double
    var scalesByRoot: Bool
    var targetModules: [String]
    var baseModel: String?

    /// Highest rank accepted: beyond any real one, so that sizes cannot overflow.
    static let highestRank = 1 << 16

    /// Reads the value of an adapter_config.json; `path` is for messages.
    ///
    /// What would make another adapter of the same matrices is refused by its name. Throws `AdapterError`.
    public init(json: JSONValue, path: String) throws {
      guard json.object != nil else {
        throw AdapterError.key(path: path, key: "", reason: "is not an object")
      }
      let file = AdapterConfiguration(value: json, path: path)
      guard let type = try file.string("peft_type") else { throw file.refuse("peft_type", "is missing") }
      guard type == "LORA" else { throw file.unsupported("peft_type", "is \"\(type)\"") }
      try file.refuseUnsupported()
      guard let rank = file["r"]?.int, 1...Self.highestRank ~= rank else {
        throw file.refuse("r", "is not a whole number from 1 to \(Self.highestRank)")
      }
      guard let alpha = try file.number("lora_alpha"), alpha.isFinite else {
        throw file.refuse("lora_alpha", "is missing")
      }
      let dropout = try file.number("lora_dropout") ?? 0
      guard 0..<1 ~= dropout else { throw file.refuse("lora_dropout", "is \(dropout), not a share below 1") }
      self.rank = rank
      self.alpha = alpha
      self.dropout = dropout
      scalesByRoot = try file.flag("use_rslora")
      targetModules = try file.targetModules()
      baseModel = try file.string("base_model_name_or_path")
    }
  }

  /// Reads the folder of an adapter.
  ///
  /// Throws `AdapterError`, `SafetensorsError`, `FileFailure`.
  public init(folder: String) throws {
    let path = folder + "/" + Self.configurationName
    let value: JSONValue
    do {
      value = try JSON.parse(
        try InputFile.contents(of: path, limit: ConfigurationFile.longest), limits: .foreignConfiguration)
    } catch let failure as JSONFailure {
      throw AdapterError.key(path: path, key: "the file", reason: "is not valid JSON: \(failure)")
    }
    let settings = try Settings(json: value, path: path)
    let file = try SafetensorsFile(path: folder + "/" + Self.weightsName)
    self.init(
      rank: settings.rank, alpha: settings.alpha, dropout: settings.dropout,
      scalesByRoot: settings.scalesByRoot, targetModules: settings.targetModules,
      baseModel: settings.baseModel, layers: try Self.layers(file, settings))
  }

  /// Every A with its B; another tensor is refused, because the adapter would be another one without it.
  private static func layers(_ file: SafetensorsFile, _ settings: Settings) throws -> [Layer] {
    func refuse(_ reason: String) -> AdapterError { .tensors(path: file.path, reason: reason) }
    var names: Set<String> = []
    for tensor in file.header.tensors {
      guard let (name, _) = split(tensor.name) else {
        throw refuse("tensor \"\(tensor.name)\" is neither a lora_A nor a lora_B of a layer")
      }
      names.insert(name)
    }
    guard !names.isEmpty else { throw refuse("it has no tensors") }
    return try names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name in
      func matrix(_ letter: String) throws -> TensorEntry {
        let full = prefix + name + ".lora_\(letter).weight"
        guard let entry = file.entry(full) else { throw refuse("there is no tensor \"\(full)\"") }
        guard entry.shape.count == 2 else { throw refuse("tensor \"\(full)\" has shape \(entry.shape)") }
        return entry
      }
      let (a, b) = (try matrix("A"), try matrix("B"))
      guard a.shape[0] == settings.rank, b.shape[1] == settings.rank else {
        throw refuse("layer \"\(name)\" has shapes \(a.shape) and \(b.shape), not of rank \(settings.rank)")
      }
      return Layer(
        name: name, inputs: a.shape[1], outputs: b.shape[0], a: try file.floats(a.name),
        b: try file.floats(b.name))
    }
  }

  /// The layer's name and the matrix's letter.
  private static func split(_ tensor: String) -> (name: String, letter: String)? {
    guard tensor.hasPrefix(prefix) else { return nil }
    for letter in ["A", "B"] {
      let suffix = ".lora_\(letter).weight"
      guard tensor.hasSuffix(suffix), tensor.utf8.count > prefix.utf8.count + suffix.utf8.count else {
        continue
      }
      return (String(tensor.dropFirst(prefix.count).dropLast(suffix.count)), letter)
    }
    return nil
  }
}

/// The members of adapter_config.json with messages that name the key.
private struct AdapterConfiguration {
  let value: JSONValue
  let path: String

  func refuse(_ key: String, _ reason: String) -> AdapterError { .key(path: path, key: key, reason: reason) }

  func unsupported(_ key: String, _ reason: String) -> AdapterError {
    .unsupported(path: path, key: key, reason: reason)
  }

  /// A member's value; nil when it is absent or null.
  subscript(key: String) -> JSONValue? { value[key].flatMap { $0.isNull ? nil : $0 } }

  func string(_ key: String) throws -> String? {
    guard let value = self[key] else { return nil }
    guard let text = value.string else { throw refuse(key, "is not a string") }
    return text
  }

  func number(_ key: String) throws -> Double? {
    guard let value = self[key] else { return nil }
    guard let number = value.double else { throw refuse(key, "is not a number") }
    return number
  }

  func flag(_ key: String) throws -> Bool {
    guard let value = self[key] else { return false }
    guard let flag = value.bool else { throw refuse(key, "is not true or false") }
    return flag
  }

  func targetModules() throws -> [String] {
    guard let value = self["target_modules"] else { throw refuse("target_modules", "is missing") }
    guard let items = value.array else {
      throw unsupported(
        "target_modules", "is \(value.string == nil ? "not a list" : "a pattern, not a list")")
    }
    return try items.map { item in
      guard let name = item.string, !name.isEmpty else {
        throw refuse("target_modules", "is not a list of names")
      }
      return name
    }
  }

  /// Settings that change what the matrices do or need others beside them. Source: PEFT's `LoraConfig`.
  func refuseUnsupported() throws {
    for key in ["use_dora", "fan_in_fan_out", "lora_bias", "use_qalora"] where try flag(key) {
      throw unsupported(key, "is true")
    }
    // Other ways to begin, such as PiSSA, change the base model too.
    if let start = self["init_lora_weights"]?.string, !["gaussian", "eva", "orthogonal"].contains(start) {
      throw unsupported("init_lora_weights", "is \"\(start)\"")
    }
    if let bias = try string("bias"), bias != "none" { throw unsupported("bias", "is \"\(bias)\"") }
    let parts = [
      "rank_pattern", "alpha_pattern", "modules_to_save", "layer_replication", "trainable_token_indices",
      "alora_invocation_tokens", "target_parameters", "megatron_config", "velora_config", "monteclora_config",
      "arrow_config", "use_bdlora",
    ]
    for key in parts {
      guard let value = self[key], value.object?.isEmpty != true, value.array?.isEmpty != true else {
        continue
      }
      throw unsupported(key, "is set")
    }
  }
}
