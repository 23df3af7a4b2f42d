/// The metadata at the beginning of a card: YAML with the keys of the Hugging Face Hub (its page "Dataset Cards").
struct CardHeader {
  let card: DatasetCard

  var text: String {
    var lines = ["---"]
    if let name = card.name { lines.append("pretty_name: \(YAMLText.scalar(name))") }
    let licenses = card.license.identifiers
    if licenses.count == 1 {
      lines.append("license: \(licenses[0])")
    } else {
      lines += ["license:"] + licenses.map { "- \($0)" }
    }
    if let name = card.license.name { lines.append("license_name: \(YAMLText.scalar(name))") }
    lines += list("language", card.languages)
    lines += ["size_categories:", "- \(card.sizeCategory)"]
    lines += list("task_categories", card.tasks)
    lines += list("tags", card.keywords)
    lines += configs
    lines.append("---")
    return lines.joined(separator: "\n")
  }

  private func list(_ key: String, _ values: [String]) -> [String] {
    values.isEmpty ? [] : ["\(key):"] + values.map { "- \(YAMLText.scalar($0))" }
  }

  private var configs: [String] {
    guard !card.files.isEmpty else { return [] }
    var lines = ["configs:", "- config_name: default", "  data_files:"]
    var splits: [String] = []
    for file in card.files where !splits.contains(file.split) { splits.append(file.split) }
    for split in splits {
      lines.append("  - split: \(YAMLText.scalar(split))")
      let paths = card.files.filter { $0.split.utf8.elementsEqual(split.utf8) }.map(\.path)
      if paths.count == 1 {
        lines.append("    path: \(YAMLText.scalar(paths[0]))")
      } else {
        lines += ["    path:"] + paths.map { "    - \(YAMLText.scalar($0))" }
      }
    }
    return lines
  }
}
