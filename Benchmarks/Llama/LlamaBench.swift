import CKernels
import Glibc
import Llama

/// Measures the kernels and a training step at SmolLM2-135M's size, or compares a model with PyTorch's dump.
@main enum LlamaBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    let threads = arguments.count > 2 ? Int(arguments[2]) ?? 2 : 2
    switch arguments.count > 1 ? arguments[1] : "" {
    case "gemm": for precision in [CK_F32, CK_BF16] { GEMMBench.run(threads: threads, precision) }
    case "kernels": KernelBench(threads: threads)?.run()
    case "step": try steps(arguments, threads: threads)
    case "lengths", "batches", "sizes", "layer": try ScalingBench(threads: threads).run(arguments[1])
    case "stored": StoredBench.run(threads: threads)
    case "decode" where arguments.count > 2:
      for path in arguments.dropFirst(2) { try DecodeBench.run(path: path, threads: 2, steps: 64) }
    case "compare" where arguments.count > 2: try Comparison(folder: arguments[2]).run()
    default:
      print(
        "usage: llama-bench kernels [THREADS] | gemm [THREADS] | step [THREADS [STEPS [f32|bf16 [RANK|full]]]] | lengths|batches|sizes|layer [THREADS] | stored [THREADS] | decode MODEL … | compare FOLDER"
      )
    }
  }

  /// Whole models and adapters in both precisions, or the ones that are asked for.
  private static func steps(_ arguments: [String], threads: Int) throws {
    let precisions =
      arguments.count > 4 ? [Precision(rawValue: arguments[4])].compactMap(\.self) : Precision.allCases
    let ranks: [Int?] = arguments.count > 5 ? [Int(arguments[5])] : [nil, 16]
    for precision in precisions {
      for rank in ranks {
        let bench = StepBench(
          config: try ScalingBench.smol(), precision: precision, rank: rank, threads: threads)
        let (best, memory) = try bench.measure(
          steps: arguments.count > 3 ? Int(arguments[3]) ?? 3 : 3, report: say)
        say(
          "best \(Int(Double(bench.tokens) / best)) tokens/s, \(memory >> 20) MiB, \(threads) threads, \(bench.mode)"
        )
      }
    }
  }

  /// Prints a line at once, also into a pipe.
  static func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  /// Seconds on a clock that only goes forward.
  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
