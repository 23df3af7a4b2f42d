#!/usr/bin/env bash
# A tour of mdata on the fixtures: every line that begins with $ is a command that really runs.
# usage: tour.sh MDATA FIXTURES
set -euo pipefail
mdata=$1
fixtures=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
cp "$fixtures"/pairs/batch-1.jsonl "$fixtures"/pairs/batch-2.jsonl .
cp "$fixtures"/seeds/medical-seeds.json seeds.json
cp "$fixtures"/prompts/answer.md answer.md
export MDATA_AUTHOR_NAME=${MDATA_AUTHOR_NAME:-"mdata tour"} MDATA_AUTHOR_EMAIL=${MDATA_AUTHOR_EMAIL:-tour@localhost}

bold() { if [ -t 1 ]; then printf '\033[1m%s\033[0m\n' "$*"; else printf '%s\n' "$*"; fi; }
chapter() { printf '\n'; bold "── $*"; }
run() { printf '\n$ mdata'; printf ' %q' "$@"; printf '\n'; "$mdata" "$@"; }

began=$(date +%s)
bold "A tour of mdata: from a file of pairs to a pinned version to a trained model"
echo "The fixtures are synthetic, written for this project by machine and reviewed by no clinician."

chapter "Commit two batches"
run init
run commit batch-1.jsonl -m "First batch" --column teacher=teacher --column seeds=seeds --column prompt=prompt \
  --column license=license --column score.rouge_l=rouge_l --seed-file seeds.json --prompt answer.md
run tag v1
run commit batch-2.jsonl -m "Second batch" --column teacher=teacher --column seeds=seeds --column prompt=prompt \
  --column license=license --column score.rouge_l=rouge_l --seed-file seeds.json --prompt answer.md

chapter "Correct one answer elsewhere and bring back only that row"
sed -n 3p batch-1.jsonl | sed 's/"output":"/&In short: /' > fix.jsonl
run commit --update fix.jsonl --key id -m "One answer reworded"

chapter "See what changed"
run log
run diff v1 --stat
run diff HEAD~1

chapter "Ask where one pair came from"
record=$("$mdata" diff HEAD~1 --json | sed 's/.*"record":"\([^"]*\)".*/\1/')
run blame "$record"
run audit

chapter "Ask in SQL, and search"
run query "SELECT type, count(*), round(avg(length(output))) FROM records GROUP BY type ORDER BY 2 DESC LIMIT 5"
run query "SELECT record, change, new_output FROM diff('v1') WHERE change = 'edited'"
run search blood pressure -n 3

chapter "Pin the version and check it out"
run pin v1
run checkout --locked -o pairs.jsonl
cmp pairs.jsonl batch-1.jsonl && echo "pairs.jsonl is byte for byte what was imported"

chapter "Train a tiny LLaMA on the pinned version"
run model new tiny
run train --locked --model tiny --out trained --steps 20 --batch 4 --lr 3e-3 --seq-len 256

chapter "Ask which rows the model saw"
run runs
run runs show trained
seen=$("$mdata" runs --json | sed 's/.*"seen":\[{"batch":"\([^"]*\)","rows":\[\[\([0-9]*\),.*/\1:\2/')
run blame "$seen"

printf '\nThe tour took %s s.\n' "$(( $(date +%s) - began ))"
