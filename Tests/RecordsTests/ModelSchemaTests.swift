import Glibc
import Testing

@testable import Records

/// The schemas in `schemas/` describe what the writers write, no more and no less.
@Suite("JSON Schemas")
struct ModelSchemaTests {
  private static func schema(_ kind: String) throws -> JSONValue {
    let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(file)/schemas/\(kind).schema.json"
    let stream = try #require(fopen(path, "rb"), "\(path) is missing")
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, stream))
    return try JSON.parse(bytes)
  }

  @Test(
    "a schema names its kind and lists exactly the members of its objects",
    arguments: ModelObjectSamples.all.map(\.0))
  func members(kind: String) throws {
    let schema = try Self.schema(kind)
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    let parts = kind.split(separator: "-")
    let version = parts.count > 1 ? String(parts[1]) : "v1"
    #expect(schema["$id"]?.string == "urn:mdata:schema:\(parts[0]):\(version)")
    let constant =
      schema["properties"]?["kind"]?["const"]?.string ?? schema["properties"]?["schema"]?["const"]?.string
    #expect(constant == kind || constant == "mdata.\(parts[0])/\(version)")
    let object = try JSON.parse(try #require(ModelObjectSamples.all.first { $0.0 == kind }?.1))
    try Self.compare(schema, object, root: schema, path: kind)
  }

  /// Compares the members of closed objects, at every depth, with those of the fullest object.
  private static func compare(_ schema: JSONValue, _ value: JSONValue, root: JSONValue, path: String) throws {
    let schema = resolved(schema, root)
    if let elements = value.array, let items = schema["items"] {
      for element in elements { try compare(items, element, root: root, path: path + "[]") }
    }
    guard let members = value.object, let properties = schema["properties"]?.object else { return }
    #expect(schema["additionalProperties"] == .bool(false), "\(path)")
    let listed = Set(properties.map(\.name))
    var written = Set(members.map(\.name))
    // A chunk's gaps are either equal or listed, so no chunk has both members.
    if path == "origins.place" { written.formUnion(["gap", "gaps"]) }
    // No operation does both to another.
    if path == "operation-v2" { written.formUnion(["undoes", "redoes"]) }
    #expect(listed == written, "\(path)")
    for member in members {
      guard let property = schema["properties"]?[member.name] else { continue }
      try compare(property, member.value, root: root, path: "\(path).\(member.name)")
    }
  }

  private static func resolved(_ schema: JSONValue, _ root: JSONValue) -> JSONValue {
    guard let reference = schema["$ref"]?.string, let name = reference.split(separator: "/").last else {
      return schema
    }
    return root["$defs"]?[String(name)] ?? schema
  }
}
