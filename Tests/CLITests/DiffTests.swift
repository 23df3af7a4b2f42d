import Foundation
import FoundationXML
import Testing

/// What `diff` and `log --record` print.
@Suite struct DiffTests {
  /// The sample with an edit, a removal and hostile text.
  private static func repository() async throws -> TestRepository {
    let repository = try await Sample.versions()
    try repository.write(
      "fix.jsonl",
      #"{"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain.","quality":4}"#
        + "\n")
    try await repository.run(
      "commit", "--update", "fix.jsonl", "--key", "id", "-m", "Shorter", "--column", "score.quality=quality",
      environment: ["MDATA_NOW": "1767225720"])
    return repository
  }

  @Test func choosesChanges() async throws {
    try await Self.repository().check(
      #"""
      $ mdata diff v1
      ~ #1:3  Is aspirin an antibiotic?
          output: No. It eases [-pain and lowers fever.-]{+pain.+}
          quality: [-3-]{+4+}
      + #2:1  What is a vein?
      + #2:2  Say "ah".
      2 added, 1 edited, 0 removed
      $ mdata diff v1.. --only edited
      ~ #1:3  Is aspirin an antibiotic?
          output: No. It eases [-pain and lowers fever.-]{+pain.+}
          quality: [-3-]{+4+}
      0 added, 1 edited, 0 removed
      $ mdata diff v1..HEAD --only added,removed --stat
      #2  2 added, 0 edited, 0 removed  second.csv
      2 added, 0 edited, 0 removed
      $ mdata diff v1 --field output
      ~ #1:3  Is aspirin an antibiotic?
          output: No. It eases [-pain and lowers fever.-]{+pain.+}
      0 added, 1 edited, 0 removed
      $ mdata diff v1 --field quality --with teacher=claude
      ~ #1:3  Is aspirin an antibiotic?
          quality: [-3-]{+4+}
      0 added, 1 edited, 0 removed
      $ mdata diff v1 --with teacher=nobody --exit-code
      No differences
      $ mdata diff v1 --with teacher= --exit-code
      + #2:1  What is a vein?
      + #2:2  Say "ah".
      2 added, 0 edited, 0 removed
      [exit 1]
      $ mdata diff v1 --with file=second.csv -n 1
      + #2:1  What is a vein?
      … and 1 more
      2 added, 0 edited, 0 removed
      $ mdata diff v1 --with batch=#1 --only added --stat
      No differences
      $ mdata diff v1 --stat --by teacher
      (none)  2 added, 0 edited, 0 removed
      claude  0 added, 1 edited, 0 removed
      2 added, 1 edited, 0 removed
      $ mdata diff v1 --stat --by license
      (none)   2 added, 0 edited, 0 removed
      CC0-1.0  0 added, 1 edited, 0 removed
      2 added, 1 edited, 0 removed
      $ mdata diff main...side
      No differences
      $ mdata diff side...main --stat --by file
      second.csv   2 added, 0 edited, 0 removed
      first.jsonl  0 added, 1 edited, 0 removed
      2 added, 1 edited, 0 removed
      $ mdata diff v1 --only edited --json
      {"schema":"mdata.diff/v1","from":"#3/40","to":"#4/40","records":[{"change":"edited","new":{"columns":{"id":"p3","license":"CC0-1.0","prompt":"answer.md","quality":4,"seeds":["s2"],"teacher":"claude"},"instruction":"Is aspirin an antibiotic?","output":"No. It eases pain."},"new_pair":"#5/64","old":{"columns":{"id":"p3","license":"CC0-1.0","prompt":"answer.md","quality":3,"seeds":["s2"],"teacher":"claude"},"instruction":"Is aspirin an antibiotic?","output":"No. It eases pain and lowers fever."},"old_pair":"#6/64","record":"#1:3"}],"added":0,"removed":0,"edited":1,"batches":[{"added":0,"batch":"#1","edited":1,"name":"first.jsonl","removed":0}]}
      $ mdata diff v1 --limit 1 --json --with file=second.csv
      {"schema":"mdata.diff/v1","from":"#3/40","to":"#4/40","records":[{"change":"added","new":{"columns":{},"instruction":"What is a vein?","output":"A vessel that leads to the heart."},"new_pair":"#7/64","record":"#2:1"}],"added":2,"removed":0,"edited":0,"left_out":1,"batches":[{"added":2,"batch":"#2","edited":0,"name":"second.csv","removed":0}]}
      $ mdata diff v1 --stat --by teacher --json
      {"schema":"mdata.diff/v1","from":"#3/40","to":"#4/40","added":2,"removed":0,"edited":1,"batches":[{"added":0,"batch":"#1","edited":1,"name":"first.jsonl","removed":0},{"added":2,"batch":"#2","edited":0,"name":"second.csv","removed":0}],"groups":{"by":"teacher","others":null,"values":[{"added":2,"edited":0,"removed":0,"value":null},{"added":0,"edited":1,"removed":0,"value":"claude"}]}}
      """#)
  }

  @Test func summarizes() async throws {
    try await Self.repository().check(
      #"""
      $ mdata diff v1 --summary
      instruction, characters
            before                                      after
         9                                           0  ████████████████████████████████████████ 1
        15                                           0  ████████████████████████████████████████ 1
        25  ████████████████████████████████████████ 1  ████████████████████████████████████████ 1
                records  mean  min  25 %  median  75 %  95 %  max
        before        1  25.0   25    25      25    25    25   25
        after         3  16.3    9     9      15    25    25   25

      instruction, words
           before                                      after
        2                                           0  ████████████████████                     1
        4  ████████████████████                     1  ████████████████████████████████████████ 2
                records  mean  min  25 %  median  75 %  95 %  max
        before        1  4.00    4     4       4     4     4    4
        after         3  3.33    2     2       4     4     4    4

      output, characters
            before                                      after
         3                                           0  ████████████████████████████████████████ 1
        18                                           0  ████████████████████████████████████████ 1
        33                                           0  ████████████████████████████████████████ 1
        35  ████████████████████████████████████████ 1                                           0
                records  mean  min  25 %  median  75 %  95 %  max
        before        1  35.0   35    35      35    35    35   35
        after         3  18.0    3     3      18    33    33   33

      output, words
           before                                      after
        1                                           0  ████████████████████████████████████████ 1
        4                                           0  ████████████████████████████████████████ 1
        7  ████████████████████████████████████████ 1  ████████████████████████████████████████ 1
                records  mean  min  25 %  median  75 %  95 %  max
        before        1  7.00    7     7       7     7     7    7
        after         3  4.00    1     1       4     7     7    7

      quality, score
           before                                      after
        3  ████████████████████████████████████████ 1                                           0
        4                                           0  ████████████████████████████████████████ 1
                records  mean  min  25 %  median  75 %  95 %  max
        before        1  3.00    3     3       3     3     3    3
        after         1  4.00    4     4       4     4     4    4

      teacher
                before                                      after
        claude  ████████████████████                     1  ████████████████████                     1
        (none)                                           0  ████████████████████████████████████████ 2

      2 added, 1 edited, 0 removed
      $ COLUMNS=40 LC_ALL=C mdata diff v1 --summary --only edited --stat
      instruction, characters
            before            after
        25  ############## 1  ############## 1
                records  mean  median  max
        before        1  25.0      25   25
        after         1  25.0      25   25

      instruction, words
           before            after
        4  ############## 1  ############## 1
                records  mean  median  max
        before        1  4.00       4    4
        after         1  4.00       4    4

      output, characters
            before            after
        18                 0  ############## 1
        35  ############## 1                 0
                records  mean  median  max
        before        1  35.0      35   35
        after         1  18.0      18   18

      output, words
           before            after
        4                 0  ############## 1
        7  ############## 1                 0
                records  mean  median  max
        before        1  7.00       7    7
        after         1  4.00       4    4

      quality, score
           before            after
        3  ############## 1                 0
        4                 0  ############## 1
                records  mean  median  max
        before        1  3.00       3    3
        after         1  4.00       4    4

      teacher
                before          after
        claude  ############ 1  ############ 1

      #1  0 added, 1 edited, 0 removed  first.jsonl
      0 added, 1 edited, 0 removed
      $ mdata diff v1 side --summary
      No differences
      $ mdata diff v1 --summary --json --only edited
      {"schema":"mdata.diff/v1","from":"#2/40","to":"#3/40","added":0,"removed":0,"edited":1,"batches":[{"added":0,"batch":"#1","edited":1,"name":"first.jsonl","removed":0}],"summary":{"numbers":[{"after":{"max":25,"mean":25,"median":25,"min":25,"p25":25,"p75":25,"p95":25,"records":1},"before":{"max":25,"mean":25,"median":25,"min":25,"p25":25,"p75":25,"p95":25,"records":1},"bins":[{"after":1,"before":1,"from":25,"to":25}],"name":"instruction","unit":"characters"},{"after":{"max":4,"mean":4,"median":4,"min":4,"p25":4,"p75":4,"p95":4,"records":1},"before":{"max":4,"mean":4,"median":4,"min":4,"p25":4,"p75":4,"p95":4,"records":1},"bins":[{"after":1,"before":1,"from":4,"to":4}],"name":"instruction","unit":"words"},{"after":{"max":18,"mean":18,"median":18,"min":18,"p25":18,"p75":18,"p95":18,"records":1},"before":{"max":35,"mean":35,"median":35,"min":35,"p25":35,"p75":35,"p95":35,"records":1},"bins":[{"after":1,"before":0,"from":18,"to":18},{"after":0,"before":1,"from":35,"to":35}],"name":"output","unit":"characters"},{"after":{"max":4,"mean":4,"median":4,"min":4,"p25":4,"p75":4,"p95":4,"records":1},"before":{"max":7,"mean":7,"median":7,"min":7,"p25":7,"p75":7,"p95":7,"records":1},"bins":[{"after":1,"before":0,"from":4,"to":4},{"after":0,"before":1,"from":7,"to":7}],"name":"output","unit":"words"},{"after":{"max":4,"mean":4,"median":4,"min":4,"p25":4,"p75":4,"p95":4,"records":1},"before":{"max":3,"mean":3,"median":3,"min":3,"p25":3,"p75":3,"p95":3,"records":1},"bins":[{"after":0,"before":1,"from":3,"to":3},{"after":1,"before":0,"from":4,"to":4}],"name":"quality","unit":"score"}],"values":[{"name":"teacher","others":null,"values":[{"after":1,"before":1,"value":"claude"}]}]}}
      """#)
  }

  @Test func refusesWhatMakesNoSense() async throws {
    try await Self.repository().check(
      #"""
      $ mdata diff v1 --only edited --stat
      #1  0 added, 1 edited, 0 removed  first.jsonl
      0 added, 1 edited, 0 removed
      $ mdata diff v1 --by teacher
      error: `--by` is about `--stat`
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 --only new
      error: `--only new` is not made of added, edited and removed
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 --only added --field output
      error: `--field` is about edits, and `--only` leaves them out
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 --with teacher
      error: `--with teacher` is not of the form name=value
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 --with batch=xyz
      error: `xyz` is not the id of a batch: it is not 4 to 64 hex digits
      hint: `mdata show` lists the batches of a version
      [exit 64]
      $ mdata diff v1 --with batch=0000
      error: no batch begins with `0000`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      $ mdata diff v1..main side
      error: `v1..main` names two versions: `side` is one too many
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 -n -1
      error: `--limit` must not be negative
      [exit 64]
      $ mdata diff v1 --html .
      error: `$PLACE` is a folder
      hint: give the name of a file
      [exit 64]
      $ mdata diff v1 --html nowhere/report.html
      error: there is no folder `$PLACE/nowhere`
      hint: make it first: `mkdir -p $PLACE/nowhere`
      [exit 66]
      $ mdata diff nope..main
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata log --record #1:9
      error: there is no record `#1:9`: its batch has 4 rows
      hint: rows count from 1; `mdata diff` prints record ids
      [exit 66]
      $ mdata log --record 0000:1
      error: no batch begins with `0000`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      $ mdata log --record #1:1 nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func logsRangesAndRecords() async throws {
    try await Self.repository().check(
      #"""
      $ mdata diff v1 --only edited --stat
      #1  0 added, 1 edited, 0 removed  first.jsonl
      0 added, 1 edited, 0 removed
      $ mdata blame #1:3
      #1:3  Is aspirin an antibiotic?
        batch     #1  first.jsonl  4 rows
        file      first.jsonl, line 3
        teacher   claude
        prompt    answer.md
        seeds     s2
        score     quality = 3
        licence   CC0-1.0
        edited in fix.jsonl, line 1
        score     quality = 4
        added     #2  2026-01-01  A Tester <tester@localhost>  First
        edited    #3  2026-01-01  A Tester <tester@localhost>  Shorter
        runs      no training run has seen it
      $ mdata log --record #1:3
      #3  (main)
        A Tester <tester@localhost>  2026-01-01 00:02 +0000  6 records
          Shorter

      ~ #1:3  Is aspirin an antibiotic?
          output: No. It eases [-pain and lowers fever.-]{+pain.+}
          quality: [-3-]{+4+}

      #2  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      + #1:3  Is aspirin an antibiotic?

      $ mdata log --record #1:3 -n 1
      #3  (main)
        A Tester <tester@localhost>  2026-01-01 00:02 +0000  6 records
          Shorter

      ~ #1:3  Is aspirin an antibiotic?
          output: No. It eases [-pain and lowers fever.-]{+pain.+}
          quality: [-3-]{+4+}

      $ mdata log --record #1:3 v1
      #2  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      + #1:3  Is aspirin an antibiotic?

      $ mdata log --record #1:3 HEAD~1..HEAD --json
      {"commits":[{"author":"A Tester <tester@localhost>","change":{"change":"edited","new":{"columns":{"id":"p3","license":"CC0-1.0","prompt":"answer.md","quality":4,"seeds":["s2"],"teacher":"claude"},"instruction":"Is aspirin an antibiotic?","output":"No. It eases pain."},"new_pair":"#4/64","old":{"columns":{"id":"p3","license":"CC0-1.0","prompt":"answer.md","quality":3,"seeds":["s2"],"teacher":"claude"},"instruction":"Is aspirin an antibiotic?","output":"No. It eases pain and lowers fever."},"old_pair":"#5/64","record":"#1:3"},"commit":"#3/40","committed":"2026-01-01T00:02:00Z","committer":"A Tester <tester@localhost>","message":"Shorter","names":["main"],"parents":["#6/40"],"records":6,"snapshot":"#7/64","time":"2026-01-01T00:02:00Z"}],"record":"#1:3","schema":"mdata.log/v1"}
      $ mdata log --record #1:1 HEAD~1..HEAD
      No version there changed the record
      $ mdata log v1..HEAD -n 1
      #3  (main)
        A Tester <tester@localhost>  2026-01-01 00:02 +0000  6 records
          Shorter

      $ mdata log main...side -n 1
      #3  (main)
        A Tester <tester@localhost>  2026-01-01 00:02 +0000  6 records
          Shorter

      $ mdata log HEAD..v1
      No versions
      """#)
  }

  @Test func reportsAreWholePages() async throws {
    let repository = try await Self.repository()
    try repository.write("<odd>&.jsonl", Self.hostile)
    try await repository.run("commit", "<odd>&.jsonl", "-m", "</title><script>alert(1)</script>")
    try await repository.check(
      #"""
      $ mdata diff v1 --html report.html
      3 added, 1 edited, 0 removed
      Wrote 4 changes to report.html
      $ mdata diff v1 --html report.html --stat --by teacher --only edited
      claude  0 added, 1 edited, 0 removed
      0 added, 1 edited, 0 removed
      Wrote 1 change to report.html
      $ mdata diff v1 --html few.html -n 1 --json
      {"schema":"mdata.diff/v1","from":"#1/40","to":"#2/40","added":3,"removed":0,"edited":1,"batches":[{"added":0,"batch":"#3","edited":1,"name":"first.jsonl","removed":0},{"added":1,"batch":"#4","edited":0,"name":"<odd>&.jsonl","removed":0},{"added":2,"batch":"#5","edited":0,"name":"second.csv","removed":0}],"report":{"bytes":19765,"file":"few.html","records":1}}
      $ mdata diff v1 --html none.html --only removed
      No differences
      Wrote 0 changes to none.html
      """#)
    for (name, articles) in [("report.html", 1), ("few.html", 1), ("none.html", 0)] {
      let page = try Page(repository.bytes(name))
      #expect(page.elements["article"] ?? 0 == articles, "\(name)")
    }
    try await repository.run("diff", "v1", "--html", "all.html.gz", "-q")
    let all = try await repository.shell("gzip -dc all.html.gz")
    let page = try Page(all.bytes)
    #expect(page.elements["article"] == 4)
    #expect(page.elements["ins"] ?? 0 > 0 && page.elements["del"] ?? 0 > 0)
    #expect(page.elements["svg"] ?? 0 > 8)
    // Nothing of the data became markup, and nothing is fetched or run.
    let known: Set = [
      "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "strong", "span", "table",
      "tr",
      "th", "td", "code", "svg", "rect", "line", "text", "figure", "figcaption", "div", "article", "dl", "dt",
      "dd", "ins", "del",
    ]
    #expect(Set(page.elements.keys).isSubset(of: known), "\(page.elements.keys)")
    #expect(!page.attributes.contains { $0.hasPrefix("on") || ["src", "href", "style"].contains($0) })
    #expect(page.text.contains("</script><script>alert(1)</script>"))
    #expect(page.text.contains("<U+202E>") && page.text.contains("^[[2J"))
    #expect(!page.text.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B })
    #expect(page.text.contains("\" onload=\"alert(1)"))
  }

  private static let hostile =
    #"{"instruction":"</script><script>alert(1)</script>","output":"\u001b[2J \u202eevil\u202c \ufffe \" onload=\"alert(1) ' ]]> --> <!-- &lt; &#x0;","topic":"<img src=x onerror=alert(1)>","teacher":"'\"><b>"}"#
    + "\n"

  /// A page as a strict reader of XML sees it.
  private final class Page: NSObject, XMLParserDelegate {
    private(set) var elements: [String: Int] = [:]
    private(set) var attributes: Set<String> = []
    private(set) var text = ""

    init(_ bytes: [UInt8]) throws {
      super.init()
      let source = String(decoding: bytes, as: UTF8.self)
      #expect(source.hasPrefix("<!DOCTYPE html>\n"))
      let parser = XMLParser(data: Data(source.trimmingPrefix("<!DOCTYPE html>\n").utf8))
      parser.delegate = self
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes found: [String: String]
    ) {
      elements[name, default: 0] += 1
      attributes.formUnion(found.keys)
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }
}
