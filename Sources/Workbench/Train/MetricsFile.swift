import Glibc
import Llama
import Records

/// `metrics.jsonl`: one line a step, written as the step ends so that it can be watched.
final class MetricsFile {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(.io, "cannot write `\(path)`: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  func append(_ step: TrainingStep) throws {
    let line = JSONValue.object([
      JSONMember("step", .integer(step.step)), JSONMember("loss", .number(step.loss)),
      JSONMember("tokens", .integer(step.tokens)),
      JSONMember("tokens_per_second", .number(step.tokensPerSecond)),
      JSONMember("labels", .integer(step.labels)), JSONMember("learning_rate", .number(step.learningRate)),
      JSONMember("gradient_norm", .number(step.gradientNorm)), JSONMember("epoch", .integer(step.epoch)),
      JSONMember("seconds", .number(step.seconds)),
    ])
    let bytes = CanonicalJSON.encode(line) + [UInt8(ascii: "\n")]
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0 && errno != EINTR {
        throw Failure(.io, "cannot write `\(path)`: \(String(cString: strerror(errno)))")
      }
      done += max(0, count)
    }
  }

  /// Makes the file durable and returns its digest.
  func finish() throws -> ContentDigest {
    guard fsync(descriptor) == 0 else {
      throw Failure(.io, "cannot write `\(path)`: \(String(cString: strerror(errno)))")
    }
    return try ModelDigest.digest(ofFile: path)
  }
}
