import Testing

@Suite struct QueryTests {
  @Test func asks() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata query "SELECT teacher, count(*) AS records FROM records GROUP BY teacher ORDER BY 2 DESC"
      teacher  records
      -------  -------
      claude         3
      null           2
      human          1
      3 rows
      $ mdata query "SELECT record, instruction, quality FROM records WHERE quality >= 4"
      record      instruction                  quality
      ----------  ---------------------------  -------
      #1:1  Name one cause of fever.         4.5
      #1:2  Translate into plain words.        5
      2 rows
      $ mdata query "SELECT record, output FROM records WHERE row = 2" --json
      {"schema":"mdata.query/v1","commit":"#2/40","columns":["record","output"],"rows":[{"record":"#1/24:2","output":"A fever whose cause is not known."},{"record":"#3/24:2","output":"Ah."}],"count":2,"truncated":false}
      $ mdata query "SELECT instruction, input, quality, 1.5, x'00ff' FROM records" --csv
      instruction,input,quality,1.5,x'00ff'
      Name one cause of fever.,,4.5,1.5,00ff
      Translate into plain words.,Pyrexia of unknown origin,5,1.5,00ff
      Is aspirin an antibiotic?,,3,1.5,00ff
      给发热下一个定义。,,,1.5,00ff
      What is a vein?,,,1.5,00ff
      "Say ""ah"".",,,1.5,00ff
      $ mdata query "SELECT count(*) FROM records" --at v1 --csv
      count(*)
      4
      $ mdata query "SELECT a.record, b.record FROM records a, records b LIMIT 1" --json
      {"schema":"mdata.query/v1","commit":"#2/40","columns":["record","record_2"],"rows":[{"record":"#1/24:1","record_2":"#1/24:1"}],"count":1,"truncated":false}
      $ mdata query "SELECT change, count(*) FROM diff('v1') GROUP BY change"
      change  count(*)
      ------  --------
      added          2
      1 row
      $ mdata query "SELECT record FROM records" --limit-rows 2
      record
      ----------
      #1:1
      #1:2
      2 rows
      note: there are more rows than the 2 of `--limit-rows`
      $ mdata query "SELECT record FROM records" --limit-rows 1 --json
      {"schema":"mdata.query/v1","commit":"#2/40","columns":["record"],"rows":[{"record":"#1/24:1"}],"count":1,"truncated":true}
      $ mdata query "SELECT * FROM records WHERE row = 2 AND input IS NOT NULL"
      row 1
        position     2
        record       #1:2
        batch        #1
        row          2
        pair         #4
        instruction  Translate into plain words.
        input        Pyrexia of unknown origin
        output       A fever whose cause is not known.
        system       null
        turns        null
        columns      {"id":"p2","license":"CC0-1.0","prompt":"answer.md","quality":5,"seeds":["s1","s2"],…
        edited       0
        origin       #1:2
        teacher      claude
        license      CC0-1.0
        prompts      ["answer.md"]
        seeds        ["s1","s2"]
        file         first.jsonl
        line         2
      1 row
      $ mdata query "SELECT record FROM records WHERE 0"
      record
      ------
      0 rows
      """#, changesNothing: true)
  }

  @Test func refuses() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata query "DELETE FROM records"
      error: a query only reads: DELETE is refused
      hint: a query is one SELECT over the views; `mdata commit` is what changes a version
      [exit 77]
      $ mdata query "WITH x AS (SELECT 1) DELETE FROM records" --json
      {"causes":[],"code":77,"hints":["a query is one SELECT over the views; `mdata commit` is what changes a version"],"message":"a query only reads: changing data is refused","schema":"mdata.error/v1"}
      [exit 77]
      $ mdata query "SELECT instrucion FROM records"
      error: there is no column `instrucion` (line 1, column 8)
      hint: did you mean `instruction`?
      hint: `mdata help query` lists the columns; those of your rows are columns of `records`, too
      [exit 64]
      $ mdata query "SELECT * FROM record"
      error: there is no view `record`
      hint: did you mean `records`?
      hint: the views are records, pairs, batches, origins, scores, commits, reasons, runs, seen, diff; `mdata help query` lists their columns
      [exit 64]
      $ mdata query "SELECT FROM records"
      error: SQLite does not understand the query: near "FROM": syntax error (line 1, column 8)
      hint: the views are records, pairs, batches, origins, scores, commits, reasons, runs, seen, diff; `mdata help query` lists their columns
      [exit 64]
      $ mdata query "SELECT * FROM records('v9')"
      error: `v9` is not a version: there is no such branch, tag or commit
      hint: did you mean `v1`?
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n" --time-limit 0.2
      error: the query took longer than 0.2 seconds
      hint: give it more with `--time-limit SECONDS`, or compare `record`, `batch` or `position` to read less
      [exit 2]
      $ mdata query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60), p(t) AS (SELECT printf('%.1000000c', 'x') FROM n) SELECT length(group_concat(t)), length(group_concat(t, 'a')), length(group_concat(t, 'b')) FROM p"
      error: the query needs more than 128 MiB of memory
      hint: select fewer or shorter columns, or group by less
      [exit 2]
      $ mdata query
      error: give the query, or the file it is in with `--file`
      hint: the form is `mdata query [<options>] [<sql>]`
      hint: see `mdata query --help`
      [exit 64]
      $ mdata query "SELECT 1" --file a.sql
      error: give the query, or the file it is in with `--file`
      hint: the form is `mdata query [<options>] [<sql>]`
      hint: see `mdata query --help`
      [exit 64]
      $ mdata query "SELECT 1" --csv --json
      {"causes":[],"code":64,"hints":["the form is `mdata query [<options>] [<sql>]`","see `mdata query --help`"],"message":"`--csv` and `--json` are two forms of one result","schema":"mdata.error/v1"}
      [exit 64]
      $ mdata query "SELECT 1" --raw
      error: `--raw` is about `--csv`
      hint: the form is `mdata query [<options>] [<sql>]`
      hint: see `mdata query --help`
      [exit 64]
      $ mdata query "SELECT 1" --limit-rows -1
      error: `--limit-rows -1` is less than none
      [exit 64]
      $ mdata query --file nothing.sql
      error: cannot open `$PLACE/nothing.sql`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func guardsTheTerminalAndTheSpreadsheet() async throws {
    let repository = try await TestRepository()
    try repository.write(
      "odd.jsonl",
      #"{"instruction":"=HYPERLINK(\"http://x\")","output":"\u001b[2J\u0007 red","a":"-1","b":-1,"c":"@x","d":"\tx","e":"","f":null,"g":"two\nlines"}"#
        + "\n")
    try await repository.run("commit", "odd.jsonl", "-m", "Odd")
    try await repository.check(
      #"""
      $ mdata query "SELECT instruction, output, a, b, c, d, e, f, g FROM records"
      instruction             output       a    b  c   d  e  f     g
      ----------------------  -----------  --  --  --  -  -  ----  ---------
      =HYPERLINK("http://x")  ^[[2J^G red  -1  -1  @x  x     null  two lines
      1 row
      $ mdata query "SELECT instruction, a, b, c, d, e, f, g FROM records" --csv
      instruction,a,b,c,d,e,f,g
      "'=HYPERLINK(""http://x"")","'-1",-1,"'@x","'	x","",,"two
      lines"
      $ mdata query "SELECT instruction, a, b, c, d, e, f, g FROM records" --csv --raw
      instruction,a,b,c,d,e,f,g
      "=HYPERLINK(""http://x"")",-1,-1,@x,	x,"",,"two
      lines"
      $ mdata query "SELECT output FROM records" --json
      {"schema":"mdata.query/v1","commit":"#1/40","columns":["output"],"rows":[{"output":"\u001b[2J\u0007 red"}],"count":1,"truncated":false}
      """#)
  }

  @Test func readsFromPipesAndWritesIntoThem() async throws {
    let repository = try await Sample.versions()
    try repository.write("question.sql", "-- how many?\nSELECT count(*)\nFROM records;\n")
    let piped = try await repository.shell("mdata query - --csv < question.sql")
    #expect(piped.stdout == "count(*)\n6\n", "\(piped.text)")
    let file = try await repository.shell("mdata query --file question.sql --csv")
    #expect(file.stdout == piped.stdout)
    let exact = try await repository.run("query", "SELECT 9223372036854775807 AS n, 0.1 AS x", "--json")
    #expect(exact.stdout.contains(#""rows":[{"n":9223372036854775807,"x":0.1}]"#), "\(exact.text)")
    let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, printf('%.1000c', 'x') FROM n"
    for form in ["", "--csv", "--json"] {
      let headed = try await repository.shell(
        "(mdata query \"\(endless)\" \(form); echo $? >&2) | head -c 20 > /dev/null")
      #expect(headed.stderr == "141\n", "\(form): \(headed.text)")
    }
  }

  @Test func searches() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata search fever
      #1:1
          instruction Name one cause of [fever].
      #1:3
          output      No. It eases pain and lowers [fever].
      #1:2
          output      A [fever] whose cause is not known.
      $ mdata search fever NOT aspirin -n 1
      #1:1
          instruction Name one cause of [fever].
      note: there are more; `-n` shows more than 1
      $ mdata search '"cause of fever"' --json
      {"commit":"#2/40","hits":[{"pair":"#3/64","records":["#1/24:1"],"snippets":[{"field":"instruction","text":[{"match":false,"text":"Name one "},{"match":true,"text":"cause of fever"},{"match":false,"text":"."}]}]}],"more":false,"schema":"mdata.search/v1"}
      $ mdata search vein --at v1
      Nothing found
      $ mdata search vein --field instruction
      #4:1
          instruction What is a [vein]?
      $ mdata search ah --field output
      #4:2
          output      [Ah].
      $ mdata search 'fev* OR heart' -n 9 -q
      #4:1
          output      A vessel that leads to the [heart].
      #1:1
          instruction Name one cause of [fever].
      #1:3
          output      No. It eases pain and lowers [fever].
      #1:2
          output      A [fever] whose cause is not known.
      $ mdata search 'fever OR'
      error: `fever OR` cannot be looked for: a word is missing at the end (character 9)
      hint: words are joined by AND, OR and NOT; a phrase stands in double quotes, the beginning of a word before *
      [exit 64]
      $ mdata search '"fever'
      error: `"fever` cannot be looked for: a phrase has no second quote (character 1)
      hint: words are joined by AND, OR and NOT; a phrase stands in double quotes, the beginning of a word before *
      [exit 64]
      $ mdata search '...'
      error: `...` cannot be looked for: `...` has no letter and no digit to look for (character 1)
      hint: words are joined by AND, OR and NOT; a phrase stands in double quotes, the beginning of a word before *
      [exit 64]
      $ mdata search fever --field outptu
      error: `outptu` is not a field of a pair
      hint: did you mean `output`?
      [exit 64]
      $ mdata search fever -n 0
      error: `--limit 0` is not between 1 and 10,000
      [exit 64]
      $ mdata search fever --at v9
      error: `v9` is not a version: there is no such branch, tag or commit
      hint: did you mean `v1`?
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata search
      error: missing expected argument `<words> ...`
      hint: the form is `mdata search <words> ... [--at <rev>] [--field <field>] [--limit <count>]`
      hint: see `mdata search --help`
      [exit 64]
      """#)
  }

  @Test func asksWhatWasDecided() async throws {
    let repository = try await Sample.versions()
    try repository.write(
      "twin.jsonl", #"{"instruction":"name ONE cause of fever.","output":"An infection."}"# + "\n")
    try await repository.run("commit", "twin.jsonl", "-m", "Twin", environment: ["MDATA_NOW": "1767225720"])
    try await repository.run("dedup", environment: ["MDATA_NOW": "1767225780"])
    try await repository.check(
      #"""
      $ mdata query "SELECT d.*, r.instruction FROM reasons d JOIN records r ON r.record = d.other"
      record      decision  rule        other       score  verb   commit_id  instruction
      ----------  --------  ----------  ----------  -----  -----  ---------  ------------------------
      #1:1  drop      normalised  #2:1      1  dedup  #3   Name one cause of fever.
      1 row
      $ mdata query "SELECT count(*) FROM reasons('v1')" --csv
      count(*)
      0
      """#)
  }
}
