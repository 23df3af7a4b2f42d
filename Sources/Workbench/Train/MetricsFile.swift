import Glibc
import Llama
import Records

/// `metrics.jsonl`: one line a step or measurement, written as it ends so that it can be watched.
final class MetricsFile {
  private let path: String
  private let descriptor: Int32
  /// Bytes in it.
  private(set) var count: Int

  /// - Parameter kept: bytes of what a checkpoint knows of; what was written after it is done again.
  /// - Throws: ``Failure`` when the file has fewer.
  init(_ path: String, keeping kept: Int) throws {
    self.path = path
    count = kept
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure() }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_size >= kept else {
      throw Failure(
        .data, "`\(path)` has \(status.st_size) bytes, and \(kept) when the checkpoint was made",
        hint: "remove the folder `checkpoint`, and train from the beginning")
    }
    guard ftruncate(descriptor, off_t(kept)) == 0 else { throw failure() }
  }

  deinit { close(descriptor) }

  func append(_ step: TrainingStep) throws {
    try append([

      JSONMember("step", .integer(step.step)), JSONMember("loss", .number(step.loss)),
      JSONMember("tokens", .integer(step.tokens)),
      JSONMember("tokens_per_second", .number(step.tokensPerSecond)),
      JSONMember("labels", .integer(step.labels)), JSONMember("learning_rate", .number(step.learningRate)),
      JSONMember("gradient_norm", .number(step.gradientNorm)), JSONMember("epoch", .integer(step.epoch)),
      JSONMember("seconds", .number(step.seconds)),
    ])
  }

  /// The mean loss of held-out records after so many steps.
  func append(validation loss: Double, after step: Int) throws {
    try append([JSONMember("step", .integer(step)), JSONMember("validation_loss", .number(loss))])
  }

  private func append(_ members: [JSONMember]) throws {
    let bytes = CanonicalJSON.encode(.object(members)) + [UInt8(ascii: "\n")]
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0 && errno != EINTR { throw failure() }
      done += max(0, count)
    }
    self.count += bytes.count
  }

  /// Makes what was written durable.
  func synchronize() throws { guard fsync(descriptor) == 0 else { throw failure() } }

  /// Makes the file durable and returns its digest.
  func finish() throws -> ContentDigest {
    try synchronize()
    return try ModelDigest.digest(ofFile: path)
  }

  private func failure() -> Failure {
    Failure(.io, "cannot write `\(path)`: \(String(cString: strerror(errno)))")
  }
}
