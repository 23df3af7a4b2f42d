import ArgumentParser

/// The options every verb takes, with one meaning.
struct GlobalOptions: ParsableArguments {
  @Option(name: .customShort("C"), help: ArgumentHelp("Run as if started in this folder.", valueName: "dir"))
  var directory: String?

  @Flag(help: "Print one JSON document instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print results only: no remarks, no progress.")
  var quiet = false

  @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
  var color: String = "auto"

  @Flag(help: "The same as --color never.")
  var noColor = false

  @Flag(help: "Do not send long output through a pager.")
  var noPager = false

  var colourChoice: ColourChoice { noColor ? .never : ColourChoice(rawValue: color) ?? .auto }

  func validate() throws {
    guard ColourChoice(rawValue: color) != nil else {
      throw ValidationError("'--color \(color)' is not one of auto, always, never")
    }
  }
}
