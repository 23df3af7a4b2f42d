public import Records

/// Which file of a folder holds which tensor: `model.safetensors.index.json`.
///
/// Source: `split_torch_state_dict_into_shards` of huggingface_hub.
public struct ShardIndex: Sendable, Equatable {
  /// The name of the file of each tensor, in the index's order.
  public let places: [(tensor: String, file: String)]

  /// More files than any model has, and fewer than a process may hold open.
  public static let mostFiles = 512

  /// Equal places, compared byte for byte.
  public static func == (left: Self, right: Self) -> Bool {
    left.places.elementsEqual(right.places) {
      $0.tensor.utf8.elementsEqual($1.tensor.utf8) && $0.file.utf8.elementsEqual($1.file.utf8)
    }
  }

  /// Reads the value of an index; `path` is for messages. Throws `ModelFolderError`.
  public init(json: JSONValue, path: String) throws {
    let file = try ConfigurationFile(path: path, value: json)
    guard case .object(let members)? = file["weight_map"] else {
      throw file.refuse("weight_map", "is not an object")
    }
    var files: Set<String> = []
    places = try members.map { member in
      guard case .string(let name) = member.value, Self.isFileName(name) else {
        throw file.refuse(
          "weight_map", "sends tensor \"\(member.name)\" to something that is not a file of this folder")
      }
      files.insert(name)
      guard files.count <= Self.mostFiles else {
        throw file.refuse("weight_map", "names more than \(Self.mostFiles) files")
      }
      return (member.name, name)
    }
  }

  /// A plain name: an index must not lead out of its folder.
  private static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
