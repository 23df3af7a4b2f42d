import Records

/// What a batch says of its rows: which of their columns answer what, and the answers for rows that do not say otherwise.
struct RowFacts {
  var mapping = ColumnMapping()
  var teacher: String?
  var prompts: [Batch.NamedObject] = []
  var seeds: [Batch.NamedObject] = []
  var license: String?

  init() {}

  /// What a batch says.
  init(_ batch: Batch) {
    mapping = batch.mapping
    teacher = batch.teacher
    prompts = batch.prompts
    seeds = batch.seeds
    license = batch.license
  }

  /// What has to be said again of edited rows, so that as much is known of them as before.
  ///
  /// The prompts and seeds of an imported batch are left out: an edit that names none has those of the record's first
  /// row, and a list of all seeds would cost more than a small edit.
  init(inheritedFrom batch: Batch) {
    self.init(batch)
    if batch.origin == .imported { (prompts, seeds) = ([], []) }
  }

  /// These facts, and the inherited ones for all questions that these do not answer.
  func completed(by inherited: RowFacts) -> RowFacts {
    var facts = self
    for entry in inherited.mapping.entries where !answers(entry.role) {
      facts.mapping[entry.role] = entry.column
    }
    facts.teacher = teacher ?? inherited.teacher
    facts.license = license ?? inherited.license
    if prompts.isEmpty { facts.prompts = inherited.prompts }
    if seeds.isEmpty { facts.seeds = inherited.seeds }
    return facts
  }

  /// Whether a question is answered here, be it by a column or for all rows.
  private func answers(_ role: ColumnMapping.Role) -> Bool {
    if mapping[role] != nil { return true }
    return switch role {
    case .teacher: teacher != nil
    case .license: license != nil
    case .prompt: !prompts.isEmpty
    case .seeds: !seeds.isEmpty
    case .score: false
    }
  }
}

extension Batch {
  /// Enters what the batch says of its rows.
  mutating func say(_ facts: RowFacts) {
    mapping = facts.mapping
    teacher = facts.teacher
    prompts = facts.prompts
    seeds = facts.seeds
    license = facts.license
  }
}
