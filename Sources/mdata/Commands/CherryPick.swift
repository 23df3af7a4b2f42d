import ArgumentParser
import Workbench

struct CherryPick: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cherry-pick",
    abstract: "Take over what one commit changed.",
    discussion: """
      Makes a version of the current branch with the changes of a commit of another one, record by record and \
      field by field. What contradicts waits for decisions, as in a merge.

      Examples:
        mdata cherry-pick cleaner --dry-run
        mdata cherry-pick cleaner
        mdata cherry-pick cleaner~1 --theirs -m "The corrected doses"
      """)

  @OptionGroup var pick: PickFlags
  @OptionGroup var options: GlobalOptions

  func run() throws { try pick.run(.cherryPick, options) }
}
