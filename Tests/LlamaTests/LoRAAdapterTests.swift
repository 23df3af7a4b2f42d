import Records
import Testing

@testable import Llama

@Suite struct LoRAAdapterTests {
  static let config = """
    {"peft_type":"LORA","r":2,"lora_alpha":8,"lora_dropout":0.1,"target_modules":["v_proj","q_proj"],"bias":"none",
    "base_model_name_or_path":"some/model","task_type":"CAUSAL_LM"
    """

  static func settings(_ more: String, _ base: String = config) throws -> LoRAAdapter.Settings {
    // A new value takes the old one's place: equal keys would be refused before they are looked at.
    var members = try #require(JSON.parse(Array((base + "}").utf8)).object)
    let new = try #require(JSON.parse(Array("{\(more)}".utf8)).object)
    members.removeAll { old in new.contains { $0.name == old.name } }
    return try LoRAAdapter.Settings(json: .object(members + new), path: "some/adapter_config.json")
  }

  static var adapter: LoRAAdapter {
    var numbers = SeededNumbers(5)
    let layers = ["q_proj", "v_proj"].map { module in
      LoRAAdapter.Layer(
        name: "model.layers.0.self_attn.\(module)", inputs: 6, outputs: module == "q_proj" ? 6 : 4,
        a: numbers.floats(12), b: numbers.floats(module == "q_proj" ? 12 : 8))
    }
    return LoRAAdapter(
      rank: 2, alpha: 8, dropout: 0.1, targetModules: ["q_proj", "v_proj"], baseModel: "some/model",
      layers: layers)
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    try Self.adapter.write(to: folder("out"))
    #expect(try LoRAAdapter(folder: folder("out")) == Self.adapter)
    let first = try folder.read("out/adapter_model.safetensors")
    try LoRAAdapter(folder: folder("out")).write(to: folder("again"))
    #expect(try folder.read("again/adapter_model.safetensors") == first)
    #expect(try folder.read("again/adapter_config.json") == folder.read("out/adapter_config.json"))
    #expect(try Set(folder.names()) == ["out", "again"])
  }

  /// An adapter of one block only must not grow others when PEFT loads it.
  @Test func namesTheLayersWhenNotAllAreMeant() throws {
    let folder = try TemporaryFolder()
    var adapter = Self.adapter
    adapter.layers[0].name = "model.layers.1.self_attn.q_proj"
    adapter.layers[1].name = "model.layers.1.self_attn.v_proj"
    try adapter.write(to: folder("out"))
    let back = try LoRAAdapter(folder: folder("out"))
    #expect(back.targetModules == adapter.layers.map(\.name) && back.layers == adapter.layers)
  }

  @Test func scale() {
    var adapter = Self.adapter
    #expect(adapter.scale == 4)
    adapter.scalesByRoot = true
    #expect(abs(adapter.scale - 8 / 2.0.squareRoot()) < 1e-12)
  }

  @Test func unwritable() throws {
    let folder = try TemporaryFolder()
    var cases = [Self.adapter, Self.adapter, Self.adapter, Self.adapter]
    cases[0].rank = 0
    cases[1].layers = []
    cases[2].layers[0].a.removeLast()
    cases[3].targetModules = ["q_proj"]
    for adapter in cases { #expect(throws: AdapterError.self) { try adapter.write(to: folder("out")) } }
    #expect(try folder.names().isEmpty)
  }

  @Test func reads() throws {
    let settings = try Self.settings("")
    #expect((settings.rank, settings.alpha, settings.dropout, settings.scalesByRoot) == (2, 8, 0.1, false))
    #expect(settings.targetModules == ["v_proj", "q_proj"] && settings.baseModel == "some/model")
    #expect(try Self.settings(#""use_rslora":true"#).scalesByRoot)
    // What PEFT writes of settings that change nothing.
    let more =
      #""rank_pattern":{},"alpha_pattern":{},"modules_to_save":null,"use_dora":false,"layers_to_transform":[0]"#
    #expect(try Self.settings(more) == settings)
  }

  @Test(arguments: [
    #""peft_type":"IA3""#: "peft_type", #""peft_type":null"#: "peft_type", #""r":0"#: "\"r\"",
    #""r":-4"#: "\"r\"",
    #""r":2.5"#: "\"r\"", #""r":70000"#: "\"r\"", #""r":1e300"#: "\"r\"", #""r":"8""#: "\"r\"",
    #""lora_alpha":null"#: "lora_alpha", #""lora_alpha":"16""#: "lora_alpha",
    #""lora_dropout":1"#: "lora_dropout",
    #""lora_dropout":-0.1"#: "lora_dropout", #""target_modules":null"#: "target_modules",
    #""target_modules":"all-linear""#: "a pattern", #""target_modules":[7]"#: "target_modules",
    #""target_modules":[""]"#: "target_modules", #""use_dora":true"#: "use_dora",
    #""use_dora":1"#: "use_dora",
    #""bias":"all""#: "bias", #""fan_in_fan_out":true"#: "fan_in_fan_out", #""lora_bias":true"#: "lora_bias",
    #""modules_to_save":["lm_head"]"#: "modules_to_save", #""rank_pattern":{"q_proj":4}"#: "rank_pattern",
    #""alpha_pattern":{"q_proj":4}"#: "alpha_pattern", #""init_lora_weights":"pissa""#: "init_lora_weights",
    #""layer_replication":[[0,1]]"#: "layer_replication",
    #""base_model_name_or_path":7"#: "base_model_name_or_path",
  ])
  func refused(_ more: String, _ says: String) throws {
    let failure = #expect(throws: AdapterError.self) { try Self.settings(more) }
    let text = failure?.description ?? "accepted"
    #expect(text.contains(says) && text.contains("some/adapter_config.json"), "\(text)")
  }

  @Test func notAnObject() {
    for value in [JSONValue.null, .array([]), .string("LORA")] {
      #expect(throws: AdapterError.self) { try LoRAAdapter.Settings(json: value, path: "x") }
    }
  }

  /// Weights that are not A and B of some layers, both of the rank that the configuration says.
  @Test(
    arguments: [
      ([("base_model.model.x.lora_A.weight", [2, 3])], "no tensor \"base_model.model.x.lora_B.weight\""),
      ([("base_model.model.x.lora_B.weight", [3, 2])], "no tensor \"base_model.model.x.lora_A.weight\""),
      ([("x.lora_A.weight", [2, 3]), ("x.lora_B.weight", [3, 2])], "neither"),
      ([("base_model.model.x.lora_embedding_A", [2, 3])], "neither"),
      ([("base_model.model.lora_A.weight", [2, 3])], "neither"),
      (
        [("base_model.model.x.lora_A.weight", [6]), ("base_model.model.x.lora_B.weight", [3, 2])], "shape [6]"
      ),
      (
        [("base_model.model.x.lora_A.weight", [3, 2]), ("base_model.model.x.lora_B.weight", [3, 2])],
        "not of rank 2"
      ),
      (
        [("base_model.model.x.lora_A.weight", [2, 3]), ("base_model.model.x.lora_B.weight", [2, 3])],
        "not of rank 2"
      ),
      ([], "no tensors"),
    ] as [([(String, [Int])], String)])
  func wrongTensors(_ tensors: [(String, [Int])], _ says: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("adapter_config.json", Array((Self.config + "}").utf8))
    try SafetensorsWriter.write(
      tensors.map { name, shape in
        OutgoingTensor(name: name, shape: shape, elements: [Float](repeating: 1, count: shape.reduce(1, *)))
      }, to: folder("adapter_model.safetensors"))
    let failure = #expect(throws: AdapterError.self) { try LoRAAdapter(folder: folder.path) }
    #expect(failure?.description.contains(says) == true, "\(failure?.description ?? "accepted")")
  }

  @Test func missingFiles() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileFailure.self) { try LoRAAdapter(folder: folder.path) }
    try folder.write("adapter_config.json", Array((Self.config + "}").utf8))
    #expect(throws: FileFailure.self) { try LoRAAdapter(folder: folder.path) }
    try folder.write("adapter_config.json", Array("{".utf8))
    #expect(throws: AdapterError.self) { try LoRAAdapter(folder: folder.path) }
  }
}
