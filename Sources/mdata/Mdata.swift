import ArgumentParser

@main
struct Mdata: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdata",
    abstract:
      "Version control for instruction-tuning data: commit batches, audit rows, train on a pinned version.",
    version: "0.1.0")
}
