import Llama
import Records

extension FuzzTarget {
  /// The head of a GGUF file, and the tokenizer that it describes.
  static let gguf = FuzzTarget("gguf") { input in
    do {
      let header = try input.withUnsafeBytes { try GGUFHeader($0, path: "model") }
      var end = 0
      for tensor in header.tensors {
        try promise(tensor.bytes.lowerBound >= end, "tensors overlap")
        try promise(
          tensor.bytes.count == tensor.rows * tensor.rowBytes, "a tensor has another size than its rows")
        end = tensor.bytes.upperBound
      }
      try promise(end <= input.count, "a tensor ends at \(end) of \(input.count)")
      for entry in header.metadata {
        guard let array = entry.value.array else { continue }
        if let strings = array.strings { try promise(strings.count == array.count, "strings are missing") }
        if let floats = array.floats { try promise(floats.count == array.count, "numbers are missing") }
        if let numbers = array.int32s { try promise(numbers.count == array.count, "numbers are missing") }
      }
      if let tokenizer = try GGUFTokenizer(header, path: "model") {
        for id in tokenizer.ids.values {
          try promise(tokenizer.tokens.indices.contains(id), "\(id) is no token")
        }
      }
    } catch is GGUFError {
      return false
    }
    return true
  }

  /// model.safetensors.index.json.
  static let shardIndex = FuzzTarget("shard-index") { input in
    guard let json = try? JSON.parse(input) else { return false }
    do {
      for place in try ShardIndex(json: json, path: "index").places {
        try promise(!place.file.utf8.contains(UInt8(ascii: "/")), "\(place.file) leads out of the folder")
      }
    } catch is ModelFolderError {
      return false
    }
    return true
  }

  /// config.json of a model.
  static let modelConfig = FuzzTarget("model-config") { input in
    guard let json = try? JSON.parse(input) else { return false }
    do {
      let config = try LlamaConfig(json: json, path: "config.json")
      try promise(config.heads % config.keyValueHeads == 0 && config.headDim % 2 == 0, "heads do not fit")
      try promise(config.longestSequence >= 1, "no sequence can be computed")
    } catch is ModelFolderError {
      return false
    } catch is LlamaModelError {
      return false
    }
    return true
  }

  /// adapter_config.json.
  static let adapterConfig = FuzzTarget("adapter-config") { input in
    guard let json = try? JSON.parse(input) else { return false }
    do {
      _ = try LoRAAdapter.Settings(json: json, path: "adapter_config.json")
    } catch is AdapterError {
      return false
    }
    return true
  }
}
