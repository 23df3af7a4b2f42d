import Records
import Testing

@testable import Llama

/// Scaled rotary frequencies against the numbers that transformers 5.23 computes for the same configuration.
@Suite struct RopeScalingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var parameters: String
    var frequencies: [Float]
    var amplitude: Float = 1
    var testDescription: String { parameters }
  }

  /// `ROPE_INIT_FUNCTIONS[…](config)` with head_dim 32, rope_theta 500000, max_position_embeddings 16384.
  static let cases: [Case] = [
    Case(
      parameters: #""rope_type":"linear","factor":2.5"#,
      frequencies: [
        0.400000006, 0.176146656, 0.0775691047, 0.0341588408, 0.0150424121, 0.00662417617, 0.00291706598,
        0.00128457847, 0.00056568539, 0.000249108969, 0.000109699278, 4.83078984e-5, 2.12731829e-5,
        9.36799916e-6, 4.12535428e-6, 1.81666815e-6,
      ]),
    Case(
      parameters:
        #""rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192"#,
      frequencies: [
        1.0, 0.440366626, 0.193922758, 0.0853971019, 0.0376060307, 0.0165604409, 0.00729266508,
        0.00321144611, 0.000524846022, 7.78465546e-5, 3.42810235e-5, 1.50962178e-5, 6.64786967e-6,
        2.92749974e-6, 1.28917316e-6, 5.6770881e-7,
      ]),
    Case(
      parameters: #""type":"yarn","factor":4.0,"original_max_position_embeddings":2048"#,
      frequencies: [
        1.0, 0.440366626, 0.193922758, 0.0747224614, 0.028204523, 0.0103502758, 0.0036463323,
        0.00120429229, 0.000353553361, 0.000155693109, 6.85620471e-5, 3.01924356e-5, 1.32957393e-5,
        5.85499947e-6, 2.57834631e-6, 1.13541762e-6,
      ], amplitude: 1.138629436111989),
    Case(
      parameters:
        #""rope_type":"yarn","factor":16,"original_max_position_embeddings":4096,"beta_fast":16,"beta_slow":2,"truncate":false,"mscale":1.0,"mscale_all_dim":0.7"#,
      frequencies: [
        1.0, 0.440366626, 0.193922758, 0.0853971019, 0.0376060307, 0.013622974, 0.0033025872,
        0.000266893709, 8.83883404e-5, 3.89232773e-5, 1.71405118e-5, 7.5481089e-6, 3.32393483e-6,
        1.46374987e-6, 6.44586578e-7, 2.83854405e-7,
      ], amplitude: 1.0696582953754117),
  ]

  static func config(_ more: String) throws -> LlamaConfig {
    let text = """
      {"model_type":"llama","vocab_size":99,"hidden_size":64,"num_hidden_layers":1,"num_attention_heads":2,
      "intermediate_size":32,"rms_norm_eps":1e-05,"max_position_embeddings":16384,\(more)}
      """
    return try LlamaConfig(json: JSON.parse(Array(text.utf8)), path: "config.json")
  }

  @Test(arguments: cases) func asTransformers(_ example: Case) throws {
    let old = try Self.config(#""rope_theta":500000.0,"rope_scaling":{\#(example.parameters)}"#)
    let new = try Self.config(#""rope_parameters":{"rope_theta":500000.0,\#(example.parameters)}"#)
    #expect(old == new)
    let frequencies = old.ropeScaling.frequencies(headDim: old.headDim, theta: old.ropeTheta)
    #expect(frequencies.count == example.frequencies.count)
    for (found, expected) in zip(frequencies, example.frequencies) {
      #expect(abs(found - expected) <= 4e-7 * expected, "\(found) instead of \(expected)")
    }
    #expect(abs(old.ropeScaling.amplitude - example.amplitude) < 1e-6)
    #expect(old.ropeScaling != .none)
  }

  /// The table turns by the scaled frequencies, and multiplies by the amplitude.
  @Test func tableUsesThem() throws {
    let config = try Self.config(#""rope_theta":500000.0,"rope_scaling":{\#(Self.cases[2].parameters)}"#)
    var table = RotaryTable(config)
    table.reserve(positions: 2)
    #expect(table.cosines[0] == config.ropeScaling.amplitude && table.sines[0] == 0)
    for (index, frequency) in Self.cases[2].frequencies.enumerated() {
      let length =
        (table.cosines[16 + index] * table.cosines[16 + index]
        + table.sines[16 + index] * table.sines[16 + index]).squareRoot()
      #expect(abs(length - config.ropeScaling.amplitude) < 1e-6)
      if frequency < 0.1 { #expect(abs(table.sines[16 + index] / length - frequency) < frequency * 0.01) }
    }
  }

  /// No sequence beyond `max_position_embeddings` is taken, and up to there the growing base is the plain one.
  @Test func dynamicIsPlainWithinTheModelsLength() throws {
    let dynamic = try Self.config(#""rope_scaling":{"type":"dynamic","factor":4.0}"#)
    let plain = try Self.config(#""rope_scaling":null"#)
    #expect(dynamic.ropeScaling == .dynamic(factor: 4))
    #expect(
      dynamic.ropeScaling.frequencies(headDim: 32, theta: 1e4)
        == plain.ropeScaling.frequencies(headDim: 32, theta: 1e4))
    let long = TrainingSequence(
      tokens: [Int32](repeating: 1, count: 16_385), labels: [Int32](repeating: 1, count: 16_385))
    #expect(throws: LlamaModelError.self) { try RaggedBatch([long], dynamic) }
  }

  @Test(arguments: [
    #""rope_type":"linear""#: "factor", #""rope_type":"longrope","factor":2"#: "longrope",
    #""rope_type":7"#: "rope_type", #""rope_type":"llama3","factor":8.0"#: "low_freq_factor",
    #""type":"su""#: "\"su\"", #""rope_type":"linear","factor":"x""#: "factor",
    #""rope_type":"default","partial_rotary_factor":0.5"#: "partial_rotary_factor",
  ])
  func refused(_ parameters: String, _ says: String) throws {
    for key in ["rope_scaling", "rope_parameters"] {
      let failure = #expect(throws: ModelFolderError.self) { try Self.config("\"\(key)\":{\(parameters)}") }
      let text = failure?.description ?? ""
      #expect(text.contains(says) && text.contains(key), "\(text)")
    }
  }

  @Test(arguments: [
    #""type":"linear","factor":0"#, #""type":"linear","factor":-1"#, #""type":"dynamic","factor":1e300"#,
    #""type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":8"#,
    #""type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":0"#,
    #""type":"yarn","factor":8,"beta_fast":1,"beta_slow":32"#,
    #""type":"yarn","factor":8,"original_max_position_embeddings":-5"#,
  ])
  func impossibleNumbers(_ parameters: String) {
    #expect(throws: LlamaModelError.self) { try Self.config("\"rope_scaling\":{\(parameters)}") }
  }

  @Test func oneWayOfSayingIt() {
    let both = #""rope_scaling":{"type":"linear","factor":2},"rope_parameters":{"rope_type":"default"}"#
    let failure = #expect(throws: ModelFolderError.self) { try Self.config(both) }
    #expect(failure?.description.contains("differ") == true)
  }
}
