import Foundation
import FoundationXML
import Testing

/// `mdata runs` and the verbs below it.
@Suite struct RunsTests {
  @Test func listsNothingAndRefuses() async throws {
    let repository = try await Sample.versions()
    try repository.write("going/metrics.jsonl", "{\"loss\":2,\"step\":1}\n{\"loss\":1,\"step\":0}\n")
    try await repository.check(
      #"""
      $ mdata runs
      No runs yet. Next: `mdata train REV --model DIR --out DIR`
      $ mdata runs list --version v1
      No runs on v1 yet. Next: `mdata train REV --model DIR --out DIR`
      $ mdata runs --record 00000000:1
      error: no batch begins with `#1`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      $ mdata runs show
      error: missing expected argument `<run>`
      hint: the form is `mdata runs show <run> [--out <folder>] [--verify] [--no-verify] [--html <file>] [--svg <file>]`
      hint: see `mdata runs show --help`
      [exit 64]
      $ mdata runs show 0123456789ab
      error: there is no run `#2`
      hint: `mdata runs` lists runs
      [exit 66]
      $ mdata runs show nowhere
      error: there is no run and no folder `nowhere`
      hint: `mdata runs` lists runs
      [exit 66]
      $ mdata runs show going
      error: going/metrics.jsonl:2: `step` must be a whole number from 1
      hint: `mdata train` writes one object a line, one line a step
      [exit 65]
      $ mdata runs compare going
      error: from 2 to 8 runs are compared, not 1
      [exit 64]
      $ mdata runs compare going nowhere
      error: going/metrics.jsonl:2: `step` must be a whole number from 1
      hint: `mdata train` writes one object a line, one line a step
      [exit 65]
      $ mdata runs shwo
      error: there is no verb `runs shwo`
      hint: did you mean `mdata runs show`?
      [exit 64]
      """#, changesNothing: true)
  }

  @Test func aTrainingThatGoesOn() async throws {
    let repository = try await Sample.versions()
    let steps = (1...20).map {
      "{\"loss\":\(4.0 - Double($0) / 10),\"seconds\":0.5,\"step\":\($0),\"tokens\":100}\n"
    }
    try repository.write("going/metrics.jsonl", steps.joined() + "{\"loss\":1")
    try repository.write("other/metrics.jsonl", steps.prefix(4).joined())
    try await repository.check(
      #"""
      $ mdata runs show going
      run       none is recorded: training is still going on, or ended without a model
      loss      3.9000 → 2.0000, least 2.0000 at step 20
      note      the last line of metrics.jsonl is cut off; read up to step 20
      speed     N tokens/s in the steps
      folder    going: model missing, metrics.jsonl not compared

        loss
            │⠉⠑⠒⠢⠤⢄⣀
            │       ⠉⠑⠒⠢⠤⢄⣀⡀
        3.5 ┤              ⠈⠉⠒⠢⠤⢄⣀⣀
            │                      ⠉⠉⠒⠢⠤⣀⣀
            │                             ⠉⠉⠒⠒⠤⢄⣀
        3.0 ┤                                    ⠉⠉⠒⠒⠤⠤⣀⡀
            │                                           ⠈⠉⠒⠒⠤⠤⣀⣀
            │                                                   ⠉⠑⠒⠤⠤⣀⣀
        2.5 ┤                                                          ⠉⠉⠒⠢⠤⣀⣀
            │                                                                 ⠉⠉⠑⠒⠢⠤⣀⡀
            │                                                                        ⠈⠉⠑⠒⠢⠤⢄⣀
        2.0 ┤                                                                                ⠉⠑⠒⠢⠤⢄⣀
            └──────────────────┴──────────────────────┴─────────────────────┴──────────────────────┴
                               5                      10                    15                    20 step
      $ LC_ALL=C COLUMNS=60 mdata runs show going
      run       none is recorded: training is still going on, or ended without a model
      loss      3.9000 → 2.0000, least 2.0000 at step 20
      note      the last line of metrics.jsonl is cut off; read up to step 20
      speed     N tokens/s in the steps
      folder    going: model missing, metrics.jsonl not compared

        loss
            |*
            | *****
        3.5 +      *****
            |           *****
            |                **
        3.0 +                  *****
            |                       *****
            |                            **
        2.5 +                              *****
            |                                   *****
            |                                        *****
        2.0 +                                             **
            +----------------------+-----------------------+
                                   10                     20 step
      $ mdata runs compare going other
      A  in going, not recorded, loss N → N, least 2.0000 at step 20
      B  in other, not recorded, loss N → N, least 3.6000 at step 4

      loss at step       A       B
      1             3.9000  3.9000
      2             3.8000  3.8000
      3             3.7000  3.7000
      4             3.6000  3.6000

        loss
            │AAA
            │   AAAAAAAAA
        3.5 ┤            AAAAAAAAA
            │                     AAAAAAAAA
            │                              AAAA
        3.0 ┤                                  AAAAAAAAA
            │                                           AAAAAAAAA
            │                                                    AAAAA
        2.5 ┤                                                         AAAAAAAAA
            │                                                                  AAAAAAAAA
            │                                                                           AAAAAAAAA
        2.0 ┤                                                                                    AAA
            └──────────────────┴──────────────────────┴─────────────────────┴──────────────────────┴
                               5                      10                    15                    20 step
        A going
        B other
      $ mdata runs show other --json
      {"curve":{"best":{"loss":3.6,"step":4},"count":4,"diverged":null,"held_out":[],"steps":[{"gradient_norm":null,"learning_rate":null,"loss":3.9,"seconds":0.5,"step":1,"tokens":100},{"gradient_norm":null,"learning_rate":null,"loss":3.8,"seconds":0.5,"step":2,"tokens":100},{"gradient_norm":null,"learning_rate":null,"loss":3.7,"seconds":0.5,"step":3,"tokens":100},{"gradient_norm":null,"learning_rate":null,"loss":3.6,"seconds":0.5,"step":4,"tokens":100}],"tokens_per_second":200,"torn":false},"folder":{"metrics":"unchecked","model":"missing","path":"other"},"run":null,"schema":"mdata.runs-show/v1"}
      $ mdata runs compare going other --json
      {"losses":[{"step":1,"values":[3.9,3.9]},{"step":2,"values":[3.8,3.8]},{"step":3,"values":[3.7,3.7]},{"step":4,"values":[3.6,3.6]}],"runs":[{"curve":{"best":{"loss":2,"step":20},"count":20,"diverged":null,"tokens_per_second":200,"torn":true},"folder":{"metrics":"unchecked","model":"missing","path":"going"},"run":null},{"curve":{"best":{"loss":3.6,"step":4},"count":4,"diverged":null,"tokens_per_second":200,"torn":false},"folder":{"metrics":"unchecked","model":"missing","path":"other"},"run":null}],"schema":"mdata.runs-compare/v1","settings":[],"versions":[]}
      """#, changesNothing: true)
  }

  @Test func writesPictures() async throws {
    let repository = try await Sample.model()
    try await repository.run(
      "train", "v1", "--model", "tiny", "--out", "out", "--steps", "2", "--seq-len", "64")
    try await repository.run(
      "train", "main", "--model", "tiny", "--out", "<b>&", "--steps", "2", "--seq-len", "64")
    try await repository.check(
      #"""
      $ mdata runs show out --html run.html --svg loss.svg
      Wrote loss.svg
      Wrote run.html
      $ mdata runs compare out '<b>&' --html compare.html --svg compare.svg.gz
      Wrote compare.svg.gz
      Wrote compare.html
      $ mdata runs show out --svg no/loss.svg
      error: there is no folder `$PLACE/no`
      hint: make it first: `mkdir -p $PLACE/no`
      [exit 66]
      $ mdata runs list --record 00000000:1
      error: no batch begins with `#1`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      """#)
    for name in ["run.html", "loss.svg", "compare.html"] {
      let text = try repository.text(name)
      #expect(text.contains("<polyline"), "\(name)")
      #expect(!text.contains("<b>") && !text.contains("<script") && !text.contains("href"), "\(name)")
      let parser = XMLParser(data: Data(text.trimmingPrefix("<!DOCTYPE html>\n").utf8))
      #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
    }
    let page = try repository.text("compare.html")
    #expect(
      page.contains("&lt;b&gt;&amp;") && page.contains("Settings that differ") && page.contains("2 added"))
    #expect(try repository.bytes("compare.svg.gz").starts(with: [0x1f, 0x8b]))
    try repository.write("empty/metrics.jsonl", "")
    let empty = try await repository.run("runs", "show", "empty", "--svg", "empty.svg")
    #expect(empty.code == 66 && empty.stderr.contains("no loss to draw"))
  }
}
