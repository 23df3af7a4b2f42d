import Testing

/// What options answer that are unknown, missing or do not go together. After every one of these commands every
/// file is as it was.
@Suite struct OptionErrorTests {
  @Test func options() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata --bogus
      error: unknown option `--bogus`
      hint: the form is `mdata <subcommand>`
      hint: see `mdata --help`
      [exit 64]
      $ mdata log --bogus
      error: unknown option `--bogus`
      hint: the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log --limt 3
      error: unknown option `--limt`
      hint: did you mean `--limit`?
      hint: the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log -n x
      error: the value `x` is invalid for `-n <count>`
      hint: the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log -n -1
      error: `-n` must not be negative
      [exit 64]
      $ mdata log -n
      error: missing value for `-n <count>`
      hint: the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log a b
      error: unexpected argument `b`
      hint: the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log --color sometimes
      error: `--color sometimes` is not one of auto, always, never
      hint: the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata diff
      error: missing expected argument `<from>`
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 main side
      error: unexpected argument `side`
      hint: the form is `mdata diff [<options>] <from> [<to>]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata blame
      error: say what to ask about: a record, a pair, a file or `--text`
      hint: the form is `mdata blame [<target>] [<revision>] [--line <line>] [--format <format>] [--map <field=column> ...] [--text <words>]`
      hint: see `mdata blame --help`
      [exit 64]
      $ mdata cat
      error: missing expected argument `<object>`
      hint: the form is `mdata cat <object>`
      hint: see `mdata cat --help`
      [exit 64]
      $ mdata switch
      error: missing expected argument `<branch>`
      hint: the form is `mdata switch <branch> [--create]`
      hint: see `mdata switch --help`
      [exit 64]
      $ mdata add
      error: missing expected argument `<files> ...`
      hint: the form is `mdata add [<options>] <files> ...`
      hint: see `mdata add --help`
      [exit 64]
      $ mdata commit first.jsonl
      error: missing expected argument `--message <message>`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit -m
      error: missing value for `-m <message>`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit first.jsonl -m ''
      error: the message is empty
      hint: say what this version is: `-m "First batch"`
      [exit 64]
      $ mdata commit first.jsonl -m ' '
      error: the message is empty
      hint: say what this version is: `-m "First batch"`
      [exit 64]
      $ mdata checkout v1
      error: missing expected argument `--output <file>`
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata checkout -o x
      error: give either a version or `--locked`
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata checkout v1 --locked -o x
      error: give either a version or `--locked`
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata checkout --locked --format csv -o x
      error: `--locked` fixes the format: leave `--format` out
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata commit first.jsonl --sync second.csv -m x
      error: give files, `--sync` or `--update`, not several of them
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit --sync first.jsonl --update second.csv -m x
      error: give files, `--sync` or `--update`, not several of them
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit --key id -m x
      error: `--key` belongs to `--update`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit first.jsonl --dry-run -m x
      error: `--dry-run` belongs to `--sync` and `--update`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit -m x --license MIT
      error: `--license` belongs to a file, and what is staged was read already: give it to `mdata add`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit --sync first.jsonl --skip-invalid r.jsonl -m x
      error: `--skip-invalid` cannot go with `--sync`: a row left out would count as removed or unchanged
      hint: correct the malformed rows first
      [exit 64]
      $ mdata commit --update first.jsonl --key id --skip-invalid r.jsonl -m x
      error: `--skip-invalid` cannot go with `--update`: a row left out would count as removed or unchanged
      hint: correct the malformed rows first
      [exit 64]
      $ mdata branch --delete
      error: `--delete` needs the name of a branch
      hint: the form is `mdata branch [<name>] [<revision>] [--delete]`
      hint: see `mdata branch --help`
      [exit 64]
      $ mdata tag --delete
      error: `--delete` needs the name of a tag
      hint: the form is `mdata tag [<options>] [<name>] [<revision>]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata train
      error: missing expected argument `--model <path>`
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny
      error: missing expected argument `--out <dir>`
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train --model tiny --out out
      error: give either a version or `--locked`
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata model new
      error: missing expected argument `<folder>`
      hint: the form is `mdata model new <folder> [--seed <n>]`
      hint: see `mdata model new --help`
      [exit 64]
      $ mdata log --json --bogus
      {"causes":[],"code":64,"hints":["the form is `mdata log [<revision>] [--limit <count>] [--show-signature] [--record <record>] [--dropped]`","see `mdata log --help`"],"message":"unknown option `--bogus`","schema":"mdata.error/v1"}
      [exit 64]
      $ mdata show nope --json
      {"causes":[],"code":66,"hints":["`mdata log`, `mdata branch` and `mdata tag` list versions"],"message":"`nope` is not a version: there is no such branch, tag or commit","schema":"mdata.error/v1"}
      [exit 66]
      $ mdata dedup --minhash signatures.jsonl --near 0.6
      error: `--minhash` drops nothing; beside it stand `--field`, `--ngram`, `--permutations` and `--tokenizer`
      hint: the form is `mdata dedup [<options>] [<revision>]`
      hint: see `mdata dedup --help`
      [exit 64]
      $ mdata dedup --permutations 64
      error: `--permutations` belongs to `--minhash`
      hint: the form is `mdata dedup [<options>] [<revision>]`
      hint: see `mdata dedup --help`
      [exit 64]
      $ mdata dedup --minhash signatures.jsonl --permutations 0
      error: signatures of 0 values are not made: choose from 1 to 65536
      [exit 64]
      $ mdata filter --neighbours 5 --rule all
      error: what is compared, and how, belongs to `--rouge-l`
      hint: the form is `mdata filter [<options>] [<source>]`
      hint: see `mdata filter --help`
      [exit 64]
      $ mdata filter --rouge-l 0.7 --neighbours 101
      error: `--neighbours` is from 1 to 100
      hint: the form is `mdata filter [<options>] [<source>]`
      hint: see `mdata filter --help`
      [exit 64]
      """#, changesNothing: true)
  }
}
