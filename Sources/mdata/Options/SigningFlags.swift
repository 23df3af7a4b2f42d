import ArgumentParser
import Workbench

/// Whether the version or tag that a verb makes is signed.
struct SigningFlags: ParsableArguments {
  @Flag(name: [.customShort("S"), .customLong("sign")], help: "Sign with the key of git's configuration.")
  var sign = false

  @Flag(name: .customLong("no-sign"), help: "Do not sign, whatever git's commit.gpgSign says.")
  var noSign = false

  var choice: SigningChoice { sign ? .always : noSign ? .never : .configured }

  func validate() throws {
    if sign && noSign { throw ValidationError("give '--sign' or '--no-sign', not both") }
  }
}
