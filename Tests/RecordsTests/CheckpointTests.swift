import Testing

@testable import Records

@Suite struct CheckpointTests {
  private static let digest = ContentDigest(sampleID(0xAB))
  private static let checkpoint = Checkpoint(
    identity: .object([JSONMember("seed", .integer(3))]), instructionSet: "avx2", steps: 12, epoch: 1,
    examplesOfEpoch: 4, tokens: 900, labels: 300, loss: Run.Loss(first: 2.5, last: 0.1 + 0.2), seconds: 1.25,
    started: Timestamp(secondsSince1970: 1_700_000_000), metricsBytes: 77,
    tensors: Checkpoint.Tensors(file: "step-12.safetensors", digest: digest),
    validation: Checkpoint.Validation(
      before: 3, best: 2.25, bestStep: 8, since: 2,
      weights: Checkpoint.Tensors(file: "best-8.safetensors", digest: digest)))

  @Test func comesBackAsItWas() throws {
    #expect(try Checkpoint(parsing: Self.checkpoint.canonicalBytes) == Self.checkpoint)
    var bare = Self.checkpoint
    bare.validation = nil
    #expect(try Checkpoint(parsing: bare.canonicalBytes) == bare)
  }

  /// A checkpoint names files of its folder only.
  @Test(arguments: ["a/b", "/etc/passwd", "..", ".", "", "../x"])
  func namesNoFileElsewhere(_ name: String) {
    var checkpoint = Self.checkpoint
    checkpoint.tensors.file = name
    #expect(throws: ObjectFormatError.self) { try Checkpoint(parsing: checkpoint.canonicalBytes) }
  }

  @Test func everyMemberIsNeeded() throws {
    let value = try JSON.parse(Self.checkpoint.canonicalBytes)
    for member in value.object ?? [] where member.name != "validation" {
      let without = JSONValue.object((value.object ?? []).filter { $0.name != member.name })
      let bytes = CanonicalJSON.encode(without)
      #expect(throws: ObjectFormatError.self, "\(member.name)") { try Checkpoint(parsing: bytes) }
    }
  }
}
