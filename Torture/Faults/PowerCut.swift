import Objects
import Workbench

/// Power cuts at every change of the disk that a verb makes, with every luck.
public struct PowerCut {
  private let laboratory: Laboratory
  private let verb: Verb
  private let base: Disk.Image
  private let before: Observation
  private let after: Observation
  private let events: [DiskEvent]
  private let finalIndex: Disk.Image
  private var known: [String: String]
  /// How many states were looked at.
  public private(set) var states = 0
  /// What was wrong, each with the way to it.
  public private(set) var failures: [String] = []

  public init(_ verb: Verb, in laboratory: Laboratory) throws {
    self.laboratory = laboratory
    self.verb = verb
    base = try laboratory.base(for: verb)
    before = try Observation(laboratory.session())
    let recording = RecordingFileSystem(root: laboratory.folder)
    try verb.run(laboratory.session(recording, at: 10))
    events = recording.events
    let image = try Disk.image(of: laboratory.folder)
    finalIndex = image.filter { Self.isIndex($0.key) }
    after = try Observation(laboratory.session())
    known = before.contents.merging(after.contents) { $1 }
  }

  /// How many changes of the disk the verb makes.
  public var changes: Int { events.count }

  private static func isIndex(_ path: String) -> Bool { path.contains("index.sqlite") }

  /// Looks at the states after each `step`-th change: with each luck, and `chances` times by chance. With
  /// `compound`, the next verb is cut short too, `compound` times for each state.
  public mutating func run(
    step: Int = 1, chances: Int, compound: Int = 0, using generator: inout some RandomNumberGenerator
  ) throws {
    var disk = Disk(base.filter { !Self.isIndex($0.key) })
    for position in 0...events.count {
      if position > 0 { disk.apply(events[position - 1]) }
      guard position % step == 0 || position == events.count else { continue }
      for luck in Disk.Luck.allCases {
        for _ in 0..<(luck == .chance ? chances : 1) {
          var image = disk.afterPowerCut(luck, using: &generator)
          addIndex(to: &image, isDone: position == events.count, &generator)
          let allowed = position == events.count ? [after] : [before, after]
          try look(at: image, allowed, "\(verb.name), power cut after change \(position) (\(luck))")
          for _ in 0..<compound {
            try cutAgain(
              image, allowed, "\(verb.name), power cut after change \(position) (\(luck))", &generator)
          }
        }
      }
    }
  }

  /// The index is SQLite's own affair, and a cache: it is as it was, gone, or, at the end, as it became.
  private func addIndex(
    to image: inout Disk.Image, isDone: Bool, _ generator: inout some RandomNumberGenerator
  ) {
    guard image[".mdata"] != nil else { return }
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return
    case 1: image.merge(base.filter { Self.isIndex($0.key) }) { $1 }
    default: if isDone { image.merge(finalIndex) { $1 } }
    }
  }

  private mutating func look(at image: Disk.Image, _ allowed: [Observation], _ place: String, next: Int = 1)
    throws
  {
    states += 1
    do {
      try Disk.write(image, to: laboratory.folder)
      if let fault = try laboratory.check(allowed: allowed, known: known, next: next) {
        failures.append("\(place): \(fault)")
      }
    } catch {
      failures.append("\(place): \(error)")
    }
  }

  /// Lets the next verbs begin on what a power cut left, and cuts the power again. Where a merge waits, it is given up
  /// first: no commit is made meanwhile.
  private mutating func cutAgain(
    _ image: Disk.Image, _ allowed: [Observation], _ place: String,
    _ generator: inout some RandomNumberGenerator
  ) throws {
    try Disk.write(image, to: laboratory.folder)
    let recording = RecordingFileSystem(root: laboratory.folder)
    let seen = try Observation(laboratory.session())
    if !seen.exists { return }
    var steps: [(end: Int, state: Observation)] = []
    if seen.merge != nil {
      _ = try MergeAbortRequest().run(in: laboratory.session(recording, at: 101))
      steps.append((recording.events.count, try Observation(laboratory.session())))
    }
    _ = try CommitRequest(change: .files([ImportRequest(source: "next1.jsonl")]), message: "next").run(
      in: laboratory.session(recording, at: 101))
    steps.append((recording.events.count, try Observation(laboratory.session())))
    for step in steps { known.merge(step.state.contents) { $1 } }
    let events = recording.events
    var disk = Disk(image.filter { !Self.isIndex($0.key) })
    let position = Int.random(in: 0...events.count, using: &generator)
    for event in events.prefix(position) { disk.apply(event) }
    let luck = Disk.Luck.allCases.randomElement(using: &generator) ?? .chance
    try look(
      at: disk.afterPowerCut(luck, using: &generator), Self.states(allowed, steps, at: position),
      "\(place), then another after change \(position) of the next verb (\(luck))", next: 2)
  }

  /// What there may be after a number of changes: the state of the last verb that was done by then, or that of the verb
  /// that was being done.
  private static func states(
    _ before: [Observation], _ steps: [(end: Int, state: Observation)], at position: Int
  ) -> [Observation] {
    let done = steps.last { $0.end <= position }
    let begun = steps.first { $0.end > position }
    return (done.map { [$0.state] } ?? before) + (begun.map { [$0.state] } ?? [])
  }
}
