/// A small repository that many tests begin with: two batches, two branches, one tag, one edit, one run's worth of
/// files beside it.
enum Sample {
  /// Four pairs with full provenance.
  static let first = """
    {"id":"p1","instruction":"Name one cause of fever.","output":"An infection.","teacher":"claude","seeds":["s1"],"prompt":"answer.md","quality":4.5,"license":"CC0-1.0"}
    {"id":"p2","instruction":"Translate into plain words.","input":"Pyrexia of unknown origin","output":"A fever whose cause is not known.","teacher":"claude","seeds":["s1","s2"],"prompt":"answer.md","quality":5,"license":"CC0-1.0"}
    {"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain and lowers fever.","teacher":"claude","seeds":["s2"],"prompt":"answer.md","quality":3,"license":"CC0-1.0"}
    {"id":"p4","instruction":"给发热下一个定义。","output":"体温高于正常范围。","teacher":"human","seeds":["s9"],"prompt":"answer.md","license":"CC0-1.0"}

    """

  /// Two pairs without any.
  static let second =
    "instruction,output\r\nWhat is a vein?,A vessel that leads to the heart.\r\n\"Say \"\"ah\"\".\",Ah.\r\n"

  static let seeds = """
    [{"id":"s1","instruction":"Explain a symptom.","topic":"fever"},{"id":"s2","instruction":"Explain a drug.","topic":"aspirin"}]
    """

  static let recipe = """
    teacher: claude
    license: CC0-1.0
    prompts: [answer.md]
    seeds: seeds.json
    columns:
      seeds: seeds
      score.quality: quality

    """

  static let columns = [
    "--column", "teacher=teacher", "--column", "seeds=seeds", "--column", "prompt=prompt", "--column",
    "license=license",
    "--column", "score.quality=quality", "--seed-file", "seeds.json", "--prompt", "answer.md",
  ]

  /// An empty repository with the files beside it.
  static func files() async throws -> TestRepository {
    let repository = try await TestRepository()
    try repository.write("first.jsonl", first)
    try repository.write("second.csv", second)
    try repository.write("seeds.json", seeds)
    try repository.write("answer.md", "Answer briefly.\n")
    try repository.write("recipe.yaml", recipe)
    return repository
  }

  /// Two versions on `main`, the first one tagged `v1` and the head of the branch `side`.
  static func versions() async throws -> TestRepository { try TestRepository(copying: await shared.value) }

  private static let shared = Task {
    let repository = try await files()
    try await repository.run(["commit", "first.jsonl", "-m", "First"] + columns)
    try await repository.run("tag", "v1")
    try await repository.run("branch", "side")
    try await repository.run("commit", "second.csv", "-m", "Second", environment: ["MDATA_NOW": "1767225660"])
    return repository
  }

  /// The same with a tiny model in `tiny`.
  static func model() async throws -> TestRepository { try TestRepository(copying: await sharedModel.value) }

  private static let sharedModel = Task {
    let repository = try await versions()
    try await repository.run("model", "new", "tiny")
    return repository
  }
}
