import History

/// The views of `mdata query`: what they are called, what their columns say and how they are asked for. Tables, help
/// and documents take them from here.
public enum QuerySchema {
  /// A view.
  struct View: Sendable {
    /// Its name.
    let name: String
    /// What a row is.
    let meaning: String
    /// Its columns in order; parameters last.
    let columns: [QueryColumn]

    /// Its name, with the parameters it can be given.
    var form: String {
      let parameters = columns.filter(\.isParameter).map(\.name)
      return parameters.isEmpty ? name : "\(name)(\(parameters.joined(separator: ", ")))"
    }
  }

  /// All views.
  static let views = [records, pairs, batches, origins, scores, commits, reasons, runs, seen, diff]

  private static let version = QueryColumn(
    "revision", .text, "the version to read: a branch, tag or commit; the one of `--at` when not given",
    isParameter: true)

  private static let body = [
    QueryColumn("instruction", .text, "the task"),
    QueryColumn("input", .text, "what the task is to be done on; null without one"),
    QueryColumn("output", .text, "the answer"),
    QueryColumn("system", .text, "the system message; null without one"),
    QueryColumn("turns", .text, "earlier messages as JSON, `[{\"content\",\"role\"}]`; null without any"),
  ]

  static let records = View(
    name: "records", meaning: "the records of a version, in the order of a checkout",
    columns: [
      QueryColumn("position", .integer, "place in a checkout, from 1"),
      QueryColumn("record", .record, "record id"),
      QueryColumn("batch", .object, "the batch that brought it"),
      QueryColumn("row", .integer, "row number in that batch, from 1"),
      QueryColumn("pair", .object, "id of its pair"),
    ] + body + [
      QueryColumn("columns", .text, "all its other columns, as a JSON object"),
      QueryColumn("edited", .integer, "1 when its columns come from an edit, else 0"),
      QueryColumn("origin", .record, "the row its columns come from; the record itself unless it was edited"),
      QueryColumn("teacher", .text, "the model that wrote the answer"),
      QueryColumn("license", .text, "its licence"),
      QueryColumn("prompts", .text, "names of the prompts it was made with, as a JSON array"),
      QueryColumn("seeds", .text, "ids of its seeds, as a JSON array"),
      QueryColumn("file", .text, "the imported file its origin stands in"),
      QueryColumn("line", .integer, "the line there, from 1"),
      version,
    ])

  static let pairs = View(
    name: "pairs", meaning: "the different pairs of a version, in the order of a checkout",
    columns: [
      QueryColumn("pair", .object, "id of the pair"),
      QueryColumn("records", .integer, "how many records of the version have it"),
    ] + body + [version])

  static let batches = View(
    name: "batches", meaning: "the batches of a version, in their order",
    columns: [
      QueryColumn("position", .integer, "place among the version's batches, from 1"),
      QueryColumn("batch", .object, "id of the batch"),
      QueryColumn("kind", .text, "`imported` or `edited`"),
      QueryColumn("rows", .integer, "rows it brought"),
      QueryColumn("records", .integer, "records of the version that it brought"),
      QueryColumn("file", .text, "name of the imported file"),
      QueryColumn("bytes", .integer, "length of that file, decompressed"),
      QueryColumn("sha256", .text, "its digest"),
      QueryColumn("format", .text, "its format"),
      QueryColumn("teacher", .text, "the model that wrote the answers, when one did for all rows"),
      QueryColumn("license", .text, "licence of all rows"),
      QueryColumn("prompts", .text, "names of its prompts, as a JSON array"),
      QueryColumn("seeds", .text, "ids of its seeds, as a JSON array"),
      QueryColumn(
        "recipe", .text, "its recipe, as JSON; of scores the query, or by which columns the file was read"),
      QueryColumn("warnings", .text, "warnings of the import with their counts, as a JSON object"),
      QueryColumn("commit_id", .commit, "the first commit that held it"),
      version,
    ])

  static let origins = View(
    name: "origins", meaning: "the columns of records, one row a record and column",
    columns: [
      QueryColumn("record", .record, "record id"),
      QueryColumn("column", .text, "name of the column"),
      QueryColumn(
        "value", .any,
        "its value: a text, a number, 1 or 0 for true and false, null, or the JSON of an array or object"),
      QueryColumn("json", .text, "the value as JSON"),
      QueryColumn("origin", .record, "the row it comes from"),
      version,
    ])

  static let scores = View(
    name: "scores", meaning: "the scores of records, one row a record and score",
    columns: [
      QueryColumn("record", .record, "record id"),
      QueryColumn("name", .text, "name of the score"),
      QueryColumn("score", .real, "its value"),
      version,
    ])

  static let commits = View(
    name: "commits", meaning: "the version and those that led to it, newest first",
    columns: [
      QueryColumn("position", .integer, "place, from 1"),
      QueryColumn("commit_id", .commit, "id of the commit"),
      QueryColumn("parent_id", .commit, "its first parent; null for the first version"),
      QueryColumn("parents", .text, "all its parents, as a JSON array"),
      QueryColumn("author", .text, "name of its author"),
      QueryColumn("email", .text, "address of its author"),
      QueryColumn("time", .text, "when its author made the change, in UTC, such as `2026-01-01T00:00:00Z`"),
      QueryColumn("committer", .text, "name of who committed it: another one after a cherry-pick"),
      QueryColumn("committed", .text, "when it was committed, in UTC"),
      QueryColumn("message", .text, "its message"),
      QueryColumn("names", .text, "branches and tags that name it, as a JSON array"),
      QueryColumn("snapshot", .object, "root of its snapshot"),
      QueryColumn("records", .integer, "records in it"),
      QueryColumn("added", .integer, "records it added, against its first parent"),
      QueryColumn("edited", .integer, "records it edited"),
      QueryColumn("removed", .integer, "records it removed"),
      version,
    ])

  static let reasons = View(
    name: "reasons",
    meaning:
      "what filters, deduplications, decontaminations and merges of a version's history decided, one row a record and commit",
    columns: [
      QueryColumn("record", .record, "the record that was decided about"),
      QueryColumn(
        "decision", .text,
        "`drop`: it is not in the version; or what a merge made of two sides: `ours`, `theirs`, `both`, `edited`"
      ),
      QueryColumn("rule", .text, "the rule that it fell under, such as `normalised` or `edit/edit`"),
      QueryColumn(
        "other", .record, "the record that stayed instead, or the one it was chosen against; null without one"
      ),
      QueryColumn(
        "score", .real, "how alike the two are, from 0 to 1, or what the rule measured; null when nothing was"
      ),
      QueryColumn("verb", .text, "the verb that decided"),
      QueryColumn("commit_id", .commit, "the commit that it made"),
      version,
    ])

  static let runs = View(
    name: "runs", meaning: "all training runs, oldest first",
    columns: [
      QueryColumn("run", .object, "id of the run"),
      QueryColumn("commit_id", .commit, "the version it trained on"),
      QueryColumn("snapshot", .object, "root of that version's snapshot"),
      QueryColumn("version", .text, "the version as it was asked for"),
      QueryColumn("model", .text, "name of the base model"),
      QueryColumn("model_digest", .text, "digest of the base model"),
      QueryColumn("template", .text, "the prompt template"),
      QueryColumn("steps", .integer, "steps made"),
      QueryColumn("tokens", .integer, "tokens trained on"),
      QueryColumn("first_loss", .real, "loss at the first step"),
      QueryColumn("last_loss", .real, "loss at the last step"),
      QueryColumn("records", .integer, "records of the version"),
      QueryColumn("used", .integer, "records the model saw"),
      QueryColumn("seed", .integer, "the seed of its randomness"),
      QueryColumn("config", .text, "its settings, as a JSON object"),
      QueryColumn("started", .text, "when it began, in UTC"),
      QueryColumn("ended", .text, "when it ended, in UTC"),
    ])

  static let seen = View(
    name: "seen", meaning: "what runs saw, one row a run and range of consecutive rows",
    columns: [
      QueryColumn("run", .object, "id of the run"),
      QueryColumn("batch", .object, "the batch"),
      QueryColumn("first_row", .integer, "first row of the range"),
      QueryColumn("last_row", .integer, "last row of the range"),
    ])

  static let diff = View(
    name: "diff", meaning: "the records that differ between two versions: `diff('v1', 'v2')`",
    columns: [
      QueryColumn("record", .record, "record id"),
      QueryColumn("change", .text, "`added`, `edited` or `removed`"),
      QueryColumn("old_pair", .object, "id of its pair in the older version; null when added"),
      QueryColumn("new_pair", .object, "id of its pair in the newer version; null when removed"),
      QueryColumn("old_instruction", .text, "its task before"),
      QueryColumn("new_instruction", .text, "its task after"),
      QueryColumn("old_input", .text, "its input before"),
      QueryColumn("new_input", .text, "its input after"),
      QueryColumn("old_output", .text, "its answer before"),
      QueryColumn("new_output", .text, "its answer after"),
      QueryColumn("old_columns", .text, "its other columns before, as a JSON object"),
      QueryColumn("new_columns", .text, "its other columns after"),
      QueryColumn("older", .text, "the older version", isParameter: true),
      QueryColumn("newer", .text, "the newer version; the one of `--at` when not given", isParameter: true),
    ])

  /// A paragraph a view: its name, what a row is, its columns.
  public static var help: String {
    views.map { view in
      let columns = view.columns.filter { !$0.isParameter }.map(\.name).joined(separator: ", ")
      return "  \(view.form): \(view.meaning)\n    \(columns)"
    }.joined(separator: "\n")
  }
}
