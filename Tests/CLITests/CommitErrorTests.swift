import Testing

/// What a mistake at `commit` and `add` answers: in the file, or in what is asked of it. After every one of these
/// commands every file is as it was.
@Suite struct CommitErrorTests {
  @Test func importing() async throws {
    let repository = try await Sample.versions()
    try repository.write("empty.jsonl", "")
    try repository.write("prose.txt", "Dear reader,\nthis is not data.\n")
    try repository.write("folder/x", "")
    try repository.write("broken.yaml", "teacher: [\n")
    try repository.write("unknown.yaml", "teachr: claude\n")
    try repository.write("lost.yaml", "prompts: [lost.md]\n")
    try repository.write("twice.json", #"[{"id":"s1","instruction":"a"},{"id":"s1","instruction":"b"}]"#)
    try repository.write("notseeds.json", #"{"a":1}"#)
    try repository.write("binary.md", bytes: [0xFF, 0xFE, 0x00])
    try await repository.check(
      #"""
      $ mdata add nope.jsonl
      error: cannot open `$PLACE/nope.jsonl`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      $ mdata add frist.jsonl
      error: cannot open `$PLACE/frist.jsonl`: No such file or directory
      hint: did you mean `first.jsonl`?
      [exit 66]
      $ mdata add folder
      error: `$PLACE/folder` is a folder, not a file
      hint: give the files in it: `$PLACE/folder/*`
      [exit 65]
      $ mdata add -
      error: standard input has no name to record
      hint: give it one with `--name FILE`
      [exit 64]
      $ mdata add empty.jsonl
      error: empty.jsonl: the file has no rows
      [exit 65]
      $ mdata add prose.txt
      error: prose.txt: no known format has these columns: Dear reader, ; say which hold the pair, for example --map instruction=question --map output=answer
      [exit 65]
      $ mdata add first.jsonl --format jsonl
      error: there is no format `jsonl`
      hint: did you mean `alpaca-jsonl`?
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata add first.jsonl --format alpca-jsonl
      error: there is no format `alpca-jsonl`
      hint: did you mean `alpaca-jsonl`?
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata add first.jsonl --format xml
      error: there is no format `xml`
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata add first.jsonl --format csv
      error: first.jsonl:1:25: text follows a closing quote; a quote inside a quoted cell must be doubled (byte 24)
      caused by: the row is: {"id":"p1","instruction":"Name one cause of fever.","output":"An infection.","teacher":"claude","seeds":["s1"],"prompt":"answer.md","quality":4.5,"license":"CC0-1.0"}
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata add first.jsonl --map x
      error: `--map x` is not of the form NAME=COLUMN
      hint: such as `--map instruction=question`
      [exit 64]
      $ mdata add first.jsonl --map instruction=
      error: `--map instruction=` is not of the form NAME=COLUMN
      hint: such as `--map instruction=question`
      [exit 64]
      $ mdata add first.jsonl --map answer=output
      error: first.jsonl: answer is no part of a pair; a column can be mapped to one of instruction, input, output, system, messages
      [exit 65]
      $ mdata add first.jsonl --map instruction=question
      error: first.jsonl: no known format has these columns: id, instruction, output, teacher, seeds, prompt, quality, license; say which hold the pair, for example --map instruction=question --map output=answer
      [exit 65]
      $ mdata add first.jsonl --map instruction=a --map instruction=b
      error: `--map` names `instruction` twice
      hint: one column answers: leave the other out
      [exit 64]
      $ mdata add first.jsonl --column x
      error: `--column x` is not of the form NAME=COLUMN
      hint: such as `--column seeds=seed_ids`
      [exit 64]
      $ mdata add first.jsonl --column topic=topic
      error: `topic` is not a question of provenance
      hint: questions are teacher, prompt, seeds, license and score.NAME
      [exit 64]
      $ mdata add first.jsonl --column score.=quality
      error: `score.` is not a question of provenance
      hint: questions are teacher, prompt, seeds, license and score.NAME
      [exit 64]
      $ mdata add first.jsonl --prompt lost.md
      error: cannot open `$PLACE/lost.md`: No such file or directory
      hint: did you mean `lost.yaml`?
      [exit 66]
      $ mdata add first.jsonl --prompt binary.md
      error: `$PLACE/binary.md` is not valid UTF-8
      [exit 65]
      $ mdata add first.jsonl --seed-file lost.json
      error: cannot open `$PLACE/lost.json`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      $ mdata add first.jsonl --seed-file twice.json
      error: $PLACE/twice.json: '[2].id' of this seed file is invalid: an earlier seed is called 's1' too
      [exit 65]
      $ mdata add first.jsonl --seed-file notseeds.json
      error: $PLACE/notseeds.json: '[1].instruction' of this seed file is missing
      [exit 65]
      $ mdata add first.jsonl --recipe lost.yaml.txt
      error: cannot open `$PLACE/lost.yaml.txt`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      $ mdata add first.jsonl --recipe broken.yaml
      error: broken.yaml:2:1: the recipe is not valid YAML: did not find expected node content
      [exit 78]
      $ mdata add first.jsonl --recipe unknown.yaml
      error: unknown.yaml:1:1: unknown key `teachr`; a recipe has teacher, license, prompts, seeds, columns, fields, sampling, filters, notes
      [exit 78]
      $ mdata add first.jsonl --recipe lost.yaml
      error: cannot open `$PLACE/lost.md`: No such file or directory
      hint: did you mean `lost.yaml`?
      [exit 66]
      $ mdata add first.jsonl second.csv --name x
      error: `--name` names one file, and there are 2
      [exit 64]
      $ mdata add first.jsonl second.csv --skip-invalid rejected.jsonl
      error: `--skip-invalid` is for one file at a time, and there are 2
      [exit 64]
      $ mdata add first.jsonl --skip-invalid no/rejected.jsonl
      error: there is no folder `$PLACE/no`
      hint: make it first: `mkdir -p $PLACE/no`
      [exit 66]
      $ mdata add first.jsonl --skip-invalid folder
      error: `$PLACE/folder` is a folder
      hint: give the name of a file for the rejected rows
      [exit 64]
      $ mdata add http://example.org/pairs.jsonl
      error: cannot fetch `http://example.org/pairs.jsonl`: plain http is allowed to this machine only; use https
      [exit 64]
      $ mdata add ftp://example.org/pairs.jsonl
      error: cannot fetch `ftp://example.org/pairs.jsonl`: only https addresses are fetched
      [exit 64]
      $ mdata commit second.csv -m Again
      error: second.csv is in this version already, as batch `#1`: same rows, same provenance
      hint: to bring changed rows use `mdata commit --update` or `--sync`
      [exit 65]
      $ mdata commit empty.jsonl -m Empty
      error: empty.jsonl: the file has no rows
      [exit 65]
      $ mdata commit second.csv second.csv -m Twice --license MIT
      error: second.csv is in this version already, as batch `#2`: same rows, same provenance
      hint: to bring changed rows use `mdata commit --update` or `--sync`
      [exit 65]
      """#, changesNothing: true)
  }

  @Test func updating() async throws {
    let repository = try await Sample.versions()
    try repository.write("nokey.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try repository.write("unknown.jsonl", #"{"id":"p9","instruction":"a","output":"b"}"# + "\n")
    try repository.write(
      "double.jsonl",
      #"{"id":"p1","instruction":"a","output":"b"}"# + "\n" + #"{"id":"p1","instruction":"c","output":"d"}"#
        + "\n")
    try repository.write("common.jsonl", #"{"license":"CC0-1.0","instruction":"a","output":"b"}"# + "\n")
    try repository.write("number.jsonl", #"{"record":7,"instruction":"a","output":"b"}"# + "\n")
    try repository.write("short.jsonl", #"{"record":"12:7","instruction":"a","output":"b"}"# + "\n")
    try repository.write(
      "stranger.jsonl", #"{"record":"000000000000000000000000:1","instruction":"a","output":"b"}"# + "\n")
    try repository.write("malformed.jsonl", #"{"id":"p1","instruction":"a","output":"b"}"# + "\n{\n")
    try await repository.check(
      #"""
      $ mdata commit --update nokey.jsonl -m x
      error: nokey.jsonl:1: the row has no column `record`
      hint: name the column that identifies a row with `--key COLUMN`
      [exit 65]
      $ mdata commit --update nokey.jsonl --key id -m x
      error: nokey.jsonl:1: the row has no column `id`
      hint: the row has only its pair
      [exit 65]
      $ mdata commit --update unknown.jsonl --key di -m x
      error: unknown.jsonl:1: the row has no column `di`
      hint: did you mean `--key id`?
      [exit 65]
      $ mdata commit --update unknown.jsonl --key id -m x
      error: unknown.jsonl:1: no record has id = "p9"
      hint: new rows come with `mdata commit FILE`; `--update` only changes rows
      [exit 66]
      $ mdata commit --update double.jsonl --key id -m x
      error: double.jsonl:2: this row changes the same record as line 1
      hint: leave one of the two rows out
      [exit 65]
      $ mdata commit --update common.jsonl --key license -m x
      error: common.jsonl:1: 4 records have license = "CC0-1.0": #1:1, #1:2, #1:3
      hint: choose a column that names one record, or a column `record` with record ids
      [exit 65]
      $ mdata commit --update number.jsonl -m x
      error: number.jsonl:1: column `record` does not hold a record id
      hint: a record id is text such as "#2:42"; `mdata diff` prints them
      [exit 65]
      $ mdata commit --update short.jsonl -m x
      error: short.jsonl:1: `12:7` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #2:42
      [exit 65]
      $ mdata commit --update stranger.jsonl -m x
      error: stranger.jsonl:1: the version has no record `#3/24:1`
      hint: it was removed, or belongs to another repository; new rows come with `mdata commit FILE`
      [exit 66]
      $ mdata commit --update malformed.jsonl --key id -m x
      error: malformed.jsonl:2:2: the text ends inside an object (byte 44)
      caused by: the row is: {
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata commit --update lost.jsonl --key id -m x
      error: cannot open `$PLACE/lost.jsonl`: No such file or directory
      hint: did you mean `first.jsonl`?
      [exit 66]
      $ mdata commit --sync malformed.jsonl -m x
      error: malformed.jsonl:2:2: the text ends inside an object (byte 44)
      caused by: the row is: {
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata commit --sync lost.jsonl -m x
      error: cannot open `$PLACE/lost.jsonl`: No such file or directory
      hint: did you mean `first.jsonl`?
      [exit 66]
      """#, changesNothing: true)
  }
}
