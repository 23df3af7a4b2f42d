import Llama

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows what the Llama module computes, for the Python checks beside it. Not part of the product.
@main
enum Probe {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch (arguments.first, arguments.count) {
      case ("tokenize", 2): try tokenize(arguments[1], isPlain: false)
      case ("tokenize-plain", 2): try tokenize(arguments[1], isPlain: true)
      case ("pieces", 2): try pieces(arguments[1])
      case ("detokenize", 2): try detokenize(arguments[1], isStreamed: false)
      case ("stream", 2): try detokenize(arguments[1], isStreamed: true)
      case ("throughput", 2): try throughput(arguments[1])
      case ("tiny", 4): try tiny(arguments[1], seed: arguments[2], tied: arguments[3] == "tied")
      case ("copy", 3): try copy(arguments[1], to: arguments[2])
      case ("gradients", 4): try gradients(arguments[1], batch: arguments[2], to: arguments[3], .f32)
      case ("gradients-bf16", 4): try gradients(arguments[1], batch: arguments[2], to: arguments[3], .bf16)
      case ("logits", 4): try logits(arguments[1], tokens: arguments[2], to: arguments[3])
      case ("greedy", 4...6): try greedy(Array(arguments.dropFirst()))
      case ("prompts", 3): try prompts(arguments[1], template: arguments[2])
      case ("examples", 4): try examples(arguments[1], limit: arguments[2], template: arguments[3])
      case ("train", 5):
        try train(arguments[1], batch: arguments[2], configuration: arguments[3], to: arguments[4])
      case ("safetensors", 3): try safetensors(arguments[1], to: arguments[2])
      case ("dequantize", 3): try dequantize(arguments[1], to: arguments[2])
      case ("quantize", 3): try quantize(arguments[1], to: arguments[2])
      case ("adapter", 3): try adapter(arguments[1], to: arguments[2])
      case ("convert", 4): try convert(arguments[1], to: arguments[2], type: arguments[3])
      default:
        complain(usage)
        exit(64)
      }
    } catch {
      complain("oracle-probe: \(error)")
      exit(1)
    }
  }

  private static let usage = """
    usage: oracle-probe tokenize TOKENIZER < texts                 tokens of each line's JSON string
           oracle-probe tokenize-plain TOKENIZER < texts           without frame and special tokens
           oracle-probe pieces TOKENIZER < texts                   pieces of each line's JSON string
           oracle-probe detokenize TOKENIZER < tokens              text of each line's JSON list
           oracle-probe stream TOKENIZER < tokens                  the same, a token at a time
           oracle-probe throughput TOKENIZER < texts               seconds for all lines' JSON strings
           oracle-probe examples MODEL LIMIT TEMPLATE < examples   tokens and labels of each line's example
           oracle-probe tiny FOLDER SEED tied|untied               writes a tiny model
           oracle-probe copy MODEL FOLDER                          reads a model and writes it again
           oracle-probe logits MODEL TOKENS OUT.safetensors        logits of one sequence
           oracle-probe greedy MODEL TOKENS COUNT [STREAMS [ADAPTER]]  the likeliest tokens after these, of so many streams
           oracle-probe prompts MODEL TEMPLATE < examples          tokens of each line's prompt
           oracle-probe gradients MODEL BATCH.json OUT.safetensors loss and gradients of a batch
           oracle-probe gradients-bf16 MODEL BATCH.json OUT.safetensors  the same with products in bfloat16
           oracle-probe train MODEL BATCH.json CONFIG OUT          trains, a line a step
           oracle-probe safetensors FILE OUT.safetensors           reads and writes all tensors as F32
           oracle-probe dequantize FILE.gguf OUT.safetensors       writes all tensors as F32
           oracle-probe quantize FILE.gguf OUT.gguf                writes the metadata again, all tensors as Q8_0
           oracle-probe adapter FOLDER OUT                         reads an adapter and writes it again
           oracle-probe convert MODEL OUT f32|f16|bf16|q8_0        writes OUT/ (a folder) or OUT (a GGUF file)
    """

  /// A whole file.
  static func contents(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw ProbeFailure("cannot open \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &block, block.count)
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }

  private static func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(2, line, line.count)
  }
}
