internal import CKernels
import Glibc
import Records

extension LlamaModel {
  /// Fills the adapter's matrices as PEFT does: A uniform within 1/√inputs, B zero, so that the model is at first what it
  /// was. The same seed gives the same bits everywhere.
  public func initializeAdapter(seed: UInt64) {
    guard adapter != nil else { return }
    var random = SplitMix64(seed: seed)
    for tensor in trained.tensors {
      let isA = tensor.name.hasSuffix("lora_A.weight")
      let bound = 1 / Double(tensor.shape[1]).squareRoot()
      for place in tensor.range {
        trained.weights.base[place] =
          isA ? Float((Double(random.next() >> 11) / 4_503_599_627_370_496 - 1) * bound) : 0
      }
    }
  }

  /// The adapter as PEFT's files hold it; nil when the model has none. `baseModel` is the name it is written for.
  public func adapterCopy(baseModel: String?) -> LoRAAdapter? {
    guard let settings = adapter?.config else { return nil }
    let names = trained.tensors.filter { $0.name.hasSuffix(".lora_A.weight") }.map {
      String($0.name.dropFirst(LoRAAdapter.prefix.count).dropLast(".lora_A.weight".count))
    }
    let layers = names.compactMap { name -> LoRAAdapter.Layer? in
      guard let a = try? trainedTensor(LoRAAdapter.prefix + name + ".lora_A.weight"),
        let b = try? trainedTensor(LoRAAdapter.prefix + name + ".lora_B.weight")
      else { return nil }
      return LoRAAdapter.Layer(
        name: name, inputs: a.shape[1], outputs: b.shape[0], a: Array(view(trained.weights, a)),
        b: Array(view(trained.weights, b)))
    }
    return LoRAAdapter(
      rank: settings.rank, alpha: settings.alpha, dropout: settings.dropout,
      targetModules: AdapterConfig.Module.allCases.filter(settings.modules.contains).map(\.rawValue),
      baseModel: baseModel, layers: layers)
  }

  /// Adds the adapter's products to the matrices they stand beside, and clears B: the model computes the same without.
  public func mergeAdapter() {
    guard let adapter else { return }
    let rank = adapter.config.rank
    for (layer, places) in zip(layout.layers, adapter.layers) {
      let pairs = [
        (places.qkv, layer.qkv, config.dim), (places.output, layer.output, config.attentionWidth),
        (places.gateUp, layer.gateUp, config.dim), (places.down, layer.down, config.feedForward),
      ]
      for case (let place?, let matrix, let inputs) in pairs {
        for (index, part) in place.parts.enumerated() {
          let b = trained.weights.base + part.b
          let target = weights.base + matrix + part.column * inputs
          ck_scale(kernels.context, part.outputs * rank, adapter.config.scale, b)
          ck_gemm(
            kernels.context, CK_NN, CK_F32, part.outputs, inputs, rank, b, rank,
            trained.weights.base + place.a + index * rank * inputs, inputs, UnsafePointer(target), target,
            inputs)
          ck_zero(kernels.context, part.outputs * rank, b)
        }
      }
    }
  }
}
