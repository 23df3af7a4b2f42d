import History
import Objects
import Records

/// Asks for everything that is known of one training.
public struct RunShowRequest: Sendable {
  /// The run by the beginning of its id, or the folder it wrote to.
  public var run: String
  /// Where the folder lies; nil looks for one of its name where the user stands, and beside the repository.
  public var folder: String?
  /// Whether the model in the folder is read and compared with what was recorded.
  public var verifiesModel: Bool

  /// A request.
  public init(_ run: String, folder: String? = nil, verifiesModel: Bool = true) {
    self.run = run
    self.folder = folder
    self.verifiesModel = verifiesModel
  }

  /// Which run is meant: by its id where it begins with these digits, and else by its folder, whose `metrics.jsonl`
  /// tells which one wrote it.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> RunDetails {
    try Failure.wrapping { try details(Workspace(session)) }
  }

  func details(_ workspace: Workspace) throws -> RunDetails {
    if let (id, run) = try recorded(workspace) {
      let place = try folder.map { try RunPlace($0, workspace.session) } ?? RunPlace.find(run, workspace)
      return try details(workspace.summary(id, run), place)
    }
    let place = try RunPlace(run, workspace.session)
    guard let metrics = try place.metrics() else {
      let named = try workspace.runs().last { $0.run.output?.name == place.name }
      guard let (id, run) = named else {
        throw Failure(
          .missing, "no run wrote `\(run)`, and it holds no \(MetricsReader.fileName)",
          hint: "`mdata runs` lists runs")
      }
      return try details(workspace.summary(id, run), place)
    }
    let run = try workspace.runs().last { $0.run.metrics == metrics.digest }
    return try details(run.map(workspace.summary), place, metrics)
  }

  /// The run whose id begins so; nil when the text can only be a folder.
  private func recorded(_ workspace: Workspace) throws -> (id: ObjectID, run: Run)? {
    let isID = (4...64).contains(run.utf8.count) && run.utf8.allSatisfy { Hex.value(of: $0) != nil }
    let isFolder = RunPlace.isFolder(workspace.session.path(run))
    guard isID || !isFolder else { return nil }
    guard isID else {
      throw Failure(.missing, "there is no run and no folder `\(run)`", hint: "`mdata runs` lists runs")
    }
    if isFolder, try workspace.store.matches(hexPrefix: run, kinds: [.run]).isEmpty { return nil }
    let (id, kind) = try workspace.object(run, "run", listing: "`mdata runs` lists runs")
    guard kind == .run else {
      throw Failure(.missing, "`\(run)` is a \(kind.rawValue), not a run", hint: "`mdata runs` lists runs")
    }
    return (id, try workspace.run(id))
  }

  private func details(_ run: RunSummary?, _ place: RunPlace?) throws -> RunDetails {
    try details(run, place, place?.metrics())
  }

  private func details(
    _ run: RunSummary?, _ place: RunPlace?, _ metrics: (curve: RunCurve, digest: ContentDigest)?
  ) throws -> RunDetails {
    guard let place else { return RunDetails(run: run) }
    let state = RunPlace.state(metrics?.digest.hex, run?.metricsDigest)
    let folder = RunFolder(
      path: place.path, model: try place.model(run?.output?.digest, reads: verifiesModel),
      metrics: state)
    // The steps of another training would be taken for those of the run.
    return RunDetails(run: run, folder: folder, curve: state == .changed ? nil : metrics?.curve)
  }
}
