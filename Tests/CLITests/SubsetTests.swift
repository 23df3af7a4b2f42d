import Testing

/// What gates, splits, selections and cards say.
@Suite struct SubsetTests {
  @Test func gatesDecideTheExitCode() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata audit v1 --require teacher,score.quality --max-unlicensed 0 --min-score quality=4 --max-anomaly unknown-seed=25%
      #1  4 records
      Answered
        seed      ████████████████████  100.0 %  4
        prompt    ████████████████████  100.0 %  4
        teacher   ████████████████████  100.0 %  4
        score     ███████████████·····   75.0 %  3
        licence   ████████████████████  100.0 %  4
      Licences
               4  CC0-1.0
      Anomalies
               1  a seed that is not in the batch's seed file, such as #2:4
      Gates
        pass  require teacher
        FAIL  require score.quality: 1 record: #2:4
        pass  max-unlicensed 0
        FAIL  min-score quality=4: 2 records: #2:3, #2:4
        pass  max-anomaly unknown-seed=25%: 1 record, 1 allowed: #2:4
      [exit 1]
      """#, changesNothing: true)
    try await repository.check(
      #"""
      $ mdata audit --allow-license cc0-1.0 --max-unlicensed 50% --json
      {"anomalies":[{"count":1,"examples":["#2:4"],"kind":"unknown-seed"}],"answered":{"license":4,"prompt":4,"score":3,"seed":4,"teacher":4},"commit":"#3/40","gates":[{"allowed":3,"demand":"50%","examples":["#4:1","#4:2"],"failed":2,"gate":"max-unlicensed","passed":true},{"allowed":0,"demand":"cc0-1.0","examples":[],"failed":0,"gate":"allow-license","passed":true}],"licenses":[{"license":"CC0-1.0","records":4},{"license":null,"records":2}],"passed":true,"records":6,"schema":"mdata.audit/v1","snapshot":"#5/64"}
      $ mdata audit --require topic
      error: `--require topic` is not one of teacher, seed, prompt, license, score, score.NAME, column.NAME
      hint: the form is `mdata audit [<revision>] [--require <answers> ...] [--max-unlicensed <n|p%>] [--allow-license <licence> ...] [--min-score <name=least> ...] [--max-anomaly <kind=n|p%> ...]`
      hint: see `mdata audit --help`
      [exit 64]
      $ mdata audit --max-unlicensed -- -1
      error: missing value for `--max-unlicensed <n|p%>`
      hint: the form is `mdata audit [<revision>] [--require <answers> ...] [--max-unlicensed <n|p%>] [--allow-license <licence> ...] [--min-score <name=least> ...] [--max-anomaly <kind=n|p%> ...]`
      hint: see `mdata audit --help`
      [exit 64]
      """#, changesNothing: true)
  }

  @Test func splitsIntoBranches() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata split --train 0.5 --test 50% --seed 3 --dry-run
      Would split 6 records of #1
        split/train  2  33.33 %, asked for 50 %
        split/test   4  66.67 %, asked for 50 %
      $ mdata split --train 0.5 --test 50% --seed 3
      Split 6 records of #1
        #2  split/train  2  33.33 %, asked for 50 %
        #3  split/test   4  66.67 %, asked for 50 %
      $ mdata log split/test -n 1
      #3  (split/test)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          split main: test, 50 % by task
          
          Split-of: #1/40
          Split-part: test
          Split-shares: train 50 %, test 50 %
          Split-by: task
          Split-form: nfkc-casefold/15.0.0
          Split-seed: 3

      $ mdata split --train 0.5 --test 50% --seed 3
      error: there is a branch `split/train` already
      hint: choose another name, or delete it first: `mdata branch --delete split/train`
      [exit 64]
      $ mdata split v1 --train 0.9 --validation 0.05 --test 0.05 --name small
      Split 4 records of #4
        #5  small/train       4  100.00 %, asked for 90 %
        #6  small/validation  0  0.00 %, asked for 5 %
        #7  small/test        0  0.00 %, asked for 5 %
      note: the part validation has no record: give it a larger share, or take another --seed
      note: the part test has no record: give it a larger share, or take another --seed
      $ mdata split --train 0.5 --test 0.4
      error: give at least two of `--train`, `--validation` and `--test`, which are together everything: such as `--train 0.9 --test 0.1`
      hint: the form is `mdata split [<options>] [<revision>]`
      hint: see `mdata split --help`
      [exit 64]
      $ mdata undo
      Undid operation 6: split v1 into small/…
        small/test  #7 → none
        small/train  #5 → none
        small/validation  #6 → none
      This is operation 7. Next: `mdata op log`
      $ mdata split v1 --train 0.5 --test 0.5 --by license --name l --json
      {"by":"license","dry_run":false,"parts":[{"branch":"l/train","commit":"#8/40","name":"train","records":4,"share":0.5,"snapshot":"#9/64"},{"branch":"l/test","commit":"#10/40","name":"test","records":0,"share":0.5,"snapshot":"#11/64"}],"records":4,"schema":"mdata.split/v1","seed":"0","source":"#4/40"}
      note: the part test has no record: give it a larger share, or take another --seed
      """#)
  }

  @Test func selects() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata query "SELECT record FROM records WHERE quality = 3"
      record
      ----------
      #1:3
      1 row
      $ mdata select v1 --balance teacher --max 1 --branch even
             1 of        3  claude
             1 of        1  human
      Committed #2 on even: kept 2 records of 4
      $ mdata select --where "quality < 4" --dry-run
      Would keep 1 record of 6 on main
      $ mdata select --where "quality < 4" --invert -m "The good ones"
      Committed #3 on main: kept 5 records of 6
      $ mdata why #1:3
      #1:3  Is aspirin an antibiotic?
      It is not in #3: removed by A Tester <tester@localhost> on 2026-01-01 in #3, The good ones
        settings of `select`:
          invert  true
          of      #4/40
          where   quality < 4
      $ mdata why #1:3 --json
      {"change":{"author":"A Tester <tester@localhost>","change":"removed","commit":"#3/40","message":"The good ones\n\nSelect-of: #4/40\nSelect-where: quality < 4\nSelect-invert: true","time":"2026-01-01T00:00:00Z"},"choice":{"commit":"#3/40","settings":{"invert":"true","of":"#4/40","where":"quality < 4"},"verb":"select"},"commit":"#3/40","decisions":[],"edit":null,"instruction":"Is aspirin an antibiotic?","nearest":null,"present":false,"record":"#1:3","schema":"mdata.why/v1"}
      $ mdata split --train 0.5 --test 0.5 --by record --seed 4 --name parts
      Split 5 records of #3
        #5  parts/train  3  60.00 %, asked for 50 %
        #6  parts/test   2  40.00 %, asked for 50 %
      $ mdata why #1:1 parts/train
      #1:1  Name one cause of fever.
      It is in #5: added by A Tester <tester@localhost> on 2026-01-01 in #7, First
      $ mdata why #1:1 parts/test
      #1:1  Name one cause of fever.
      It is not in #6: removed by A Tester <tester@localhost> on 2026-01-01 in #6, split main: test, 50 % by record
        settings of `split`:
          by      record
          of      #3/40
          part    test
          seed    4
          shares  train 50 %, test 50 %
      $ mdata select --where "qality < 4"
      error: there is no column `qality` (line 1, column 1)
      hint: did you mean `quality`?
      hint: `mdata help query` lists the columns; those of your rows are columns of `records`, too
      [exit 64]
      $ mdata select --where "quality > 9"
      error: no record is left: nothing is where quality > 9
      hint: `mdata query "SELECT … FROM records WHERE …"` tries a condition, `--dry-run` a selection
      [exit 1]
      $ mdata select v1 --where "quality > 1"
      error: `v1` is not the current version, which the selection would replace
      hint: name a branch for what is selected: `--branch NAME`
      [exit 64]
      $ mdata select --sample 50% --stratify teacher --branch half --json
      {"branch":"half","commit":"#8/40","dry_run":false,"groups":[{"records":2,"selected":1,"value":"claude"},{"records":2,"selected":1,"value":null},{"records":1,"selected":0,"value":"human"}],"kept":2,"message":"select a sample of 50% stratified by teacher\n\nSelect-of: #3/40\nSelect-sample: 50%\nSelect-stratify: teacher\nSelect-seed: 0","records":5,"removed":3,"schema":"mdata.select/v1","snapshot":"#9/64","source":"#3/40"}
      """#)
  }

  @Test func writesACard() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata card v1 --license MIT
      error: the rows contradict the licence `MIT`: 4 of 4 records state another
      caused by: 4 under `CC0-1.0`: #1:1, #1:2, #1:3, …
      hint: state what they state (`--license` can be repeated), or make a version without those records: `mdata select --where "license = '…'" --branch NAME`
      [exit 1]
      $ mdata card v1 --name "Plain answers" --license CC0-1.0 --language en --by teacher -o CARD.md
      Wrote the card of #2 to CARD.md: cc0-1.0, 4 records
      $ mdata card --language English
      error: `--language English` is not an ISO 639 code, such as en
      hint: the form is `mdata card [<options>] [<revision>]`
      hint: see `mdata card --help`
      [exit 64]
      """#)
    try await repository.check(
      #"""
      $ mdata card -q
      ---
      pretty_name: first
      license:
      - cc0-1.0
      - unknown
      size_categories:
      - n<1K
      task_categories:
      - text-generation
      tags:
      - instruction-tuning
      - mdata
      ---

      # first

      6 records for instruction tuning, all different: each an instruction and its answer, some with an input, a system message or earlier turns.

      ## Contents

      Lengths in Unicode characters:

      | field | records | least | median | mean | 95 % | greatest |
      | --- | --- | --- | --- | --- | --- | --- |
      | instruction | 6 | 9 | 15 | 18.2 | 27 | 27 |
      | input | 1 | 25 | 25 | 25.0 | 25 | 25 |
      | output | 6 | 3 | 13 | 21.0 | 35 | 35 |

      By teacher:

      | teacher | records | share |
      | --- | --- | --- |
      | claude | 3 | 50.0 % |
      | human | 1 | 16.7 % |
      | none | 2 | 33.3 % |

      ## Licences

      What the records and their batches state; nobody has stated a licence for the whole.

      | licence | records | share |
      | --- | --- | --- |
      | CC0-1.0 | 4 | 66.7 % |
      | none stated | 2 | 33.3 % |

      ## Sources

      | batch | file | rows | records here | teacher | licence | SHA-256 begins |
      | --- | --- | --- | --- | --- | --- | --- |
      | `#1` | first.jsonl | 4 | 4 |  |  | `#3` |
      | `#4` | second.csv | 2 | 2 |  |  | `#5` |

      ## Provenance

      How many records can say where they came from:

      | question | records | share |
      | --- | --- | --- |
      | seed | 4 | 66.7 % |
      | prompt | 4 | 66.7 % |
      | teacher | 4 | 66.7 % |
      | score | 3 | 50.0 % |
      | licence | 4 | 66.7 % |

      ## How it was made

      Batch `#1`: 2 seeds, prompts answer.md.

      2 versions, newest first:

      | version | date | what | added | edited | removed |
      | --- | --- | --- | --- | --- | --- |
      | `#6` | 2026-01-01 | Second | 2 | 0 | 0 |
      | `#2` | 2026-01-01 | First | 4 | 0 | 0 |

      ## Version and reproduction

      |  |  |
      | --- | --- |
      | commit | `#6/40` |
      | snapshot | `#7/64` |
      | tags | none |
      | made | 2026-01-01T00:01:00Z |

      The snapshot is a digest of all records with their ids: whoever has the same snapshot has the same data. With the repository:

      ```sh
      mdata checkout #6/40 -o data.jsonl
      mdata audit #6/40
      mdata blame RECORD #6/40
      ```

      To cite it: first, version #6, snapshot `#7/64`.

      ## Limits

      - The counts are of what the rows and their batches state. No answer was judged for this card.
      - 2 records state no licence.
      - Of 2 records it is not known who or what wrote the answer.
      - 1 record has a seed that is not in the batch's seed file.
      """#, changesNothing: true)
  }
}
