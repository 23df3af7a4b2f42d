import Records
import Testing

@Suite struct MetricsLineTests {
  private func entry(_ text: String) throws(MetricsLineError) -> MetricsEntry? {
    try MetricsLine.read(Array(text.utf8))
  }

  private func read(_ text: String) throws(MetricsLineError) -> MetricsLine? {
    if case .step(let line)? = try entry(text) { line } else { nil }
  }

  @Test func aMeasurementIsRead() throws {
    #expect(try entry(#"{"step":0,"validation_loss":2.5}"#) == .heldOut(step: 0, loss: 2.5))
    guard case .heldOut(step: 4, let loss)? = try entry(#"{"step":4,"validation_loss":null}"#) else {
      Issue.record("a measurement that was no number is one")
      return
    }
    #expect(loss.isNaN)
  }

  @Test func aStepIsRead() throws {
    let line = try read(
      #"{"epoch":0,"gradient_norm":2.5,"labels":3,"learning_rate":0.001,"loss":1.5,"seconds":0.25,"step":7,"tokens":64,"tokens_per_second":256}"#
    )
    #expect(
      line
        == MetricsLine(
          step: 7, loss: 1.5, tokens: 64, seconds: 0.25, learningRate: 0.001, gradientNorm: 2.5))
  }

  @Test func whatIsNotSaidIsNotKnown() throws {
    let line = try #require(try read(#"{"loss":null,"step":1,"tokens":null}"#))
    #expect(line.loss.isNaN && line.tokens == nil && line.seconds == nil)
  }

  @Test(arguments: [#"{"step":3,"validation_loss":2.5}"#, "{}", #"{"note":{"loss":1}}"#])
  func anotherKindOfLineIsNoStep(text: String) throws { #expect(try read(text) == nil) }

  @Test(arguments: ["{}", #"{"note":{"loss":1}}"#])
  func aLineOfNeitherIsPassedOver(text: String) throws { #expect(try entry(text) == nil) }

  @Test(
    arguments: [
      (#"{"loss":1,"step":0}"#, "`step`"), (#"{"loss":1,"step":1.5}"#, "`step`"), (#"{"loss":1}"#, "`step`"),
      (#"{"loss":"1","step":1}"#, "`loss`"), (#"{"loss":true,"step":1}"#, "`loss`"),
      (#"{"loss":1,"step":1,"tokens":-1}"#, "`tokens`"), (#"{"loss":1,"step":1,"tokens":0.5}"#, "`tokens`"),
      (#"{"loss":1,"step":1,"seconds":-0.5}"#, "`seconds`"),
      (#"{"loss":1,"step":1,"gradient_norm":"big"}"#, "`gradient_norm`"),
      (#"{"step":-1,"validation_loss":1}"#, "`step`"), (#"{"validation_loss":1}"#, "`step`"),
      (#"{"step":1,"validation_loss":"1"}"#, "`validation_loss`"),
      (#"{"loss":1e999,"step":1}"#, "column 9"), (#"{"loss":1,"loss":2,"step":1}"#, "column"),
      ("[1]", "object"),
      ("", "no JSON value"), ("{\"loss\":1", "column"), (String(repeating: "[", count: 1000), "deeper"),
    ]) func aHostileLineIsRefused(text: String, reason: String)
  {
    do {
      let line = try read(text)
      Issue.record("\(text) is \(String(describing: line))")
    } catch {
      #expect(error.reason.contains(reason), "\(error.reason)")
    }
  }

  @Test(
    arguments: [
      "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2026-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
      "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2100-03-01T12:00:00Z",
    ]) func momentsAreCounted(text: String) throws
  {
    let time = try #require(Timestamp(text))
    #expect(Timestamp(secondsSince1970: time.secondsSince1970) == time)
  }

  @Test func aMomentIsACount() throws {
    #expect(try #require(Timestamp("2026-01-01T00:00:00.5Z")).secondsSince1970 == 1_767_225_600)
  }
}
