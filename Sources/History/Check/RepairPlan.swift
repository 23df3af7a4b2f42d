public import Objects
import Records

/// What a repair does, in the order in which it does it. Nothing is deleted: what is replaced or taken away is in
/// quarantine first.
public struct RepairPlan: Sendable {
  /// One step. Each leaves a repository that a new check and a new plan bring to the same end.
  enum Step: Sendable {
    /// Makes a folder of the repository, by its path in it.
    case makeFolder(String)
    /// Writes the intact entries of a damaged pack into a new one and puts the damaged one into quarantine.
    case replacePack(Int, intact: Int)
    /// Puts a file into quarantine.
    case quarantine(String, reason: String)
    /// Writes a small file, by its path in the repository; one that is there goes into quarantine.
    case write(String, [UInt8], reason: String)
    /// Appends an operation that says where the references are.
    case logReferences(reason: String)
    /// Compares the index with what is intact by then; when it disagrees, puts it into quarantine and builds it again.
    case rebuildIndex
  }

  var steps: [Step] = []
  /// Why nothing can be done; then there are no steps.
  public internal(set) var refusal: String?
  /// What the system did not let the check read, so that nobody knows what is damaged; nil when all was read.
  public internal(set) var trouble: ObjectsError?

  let inventory: ObjectInventory?

  /// Whether there is nothing to do.
  public var isEmpty: Bool { steps.isEmpty }

  /// Each step as a line for people.
  public var descriptions: [String] { steps.map { describe($0) } }

  private func describe(_ step: Step) -> String {
    switch step {
    case .makeFolder(let path): "make the folder `.mdata/\(path)`"
    case .replacePack(let number, let intact):
      intact == 0
        ? "put `.mdata/objects/\(inventory?.packs[number].name ?? "")` into quarantine: nothing is left to save in it"
        : "save \(intact) intact objects of `.mdata/objects/\(inventory?.packs[number].name ?? "")` and put it into quarantine"
    case .quarantine(let path, let reason): "put `.mdata/\(path)` into quarantine: \(reason)"
    case .write(let path, _, let reason): "write `.mdata/\(path)`: \(reason)"
    case .logReferences(let reason): "append an operation that says where the references are: \(reason)"
    case .rebuildIndex: "compare the index with history, and build it again when it disagrees"
    }
  }
}
