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
      switch arguments.first {
      case "tokenize" where arguments.count == 2: try tokenize(arguments[1])
      case "detokenize" where arguments.count == 2: try detokenize(arguments[1])
      default:
        complain("usage: oracle-probe tokenize|detokenize TOKENIZER.json < JSON lines")
        exit(64)
      }
    } catch {
      complain("oracle-probe: \(error)")
      exit(1)
    }
  }

  private static func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(2, line, line.count)
  }
}
