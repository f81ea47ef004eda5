#!/usr/bin/env bash
# Two implementations of Cobblestone-256 open each other's messages, ours and pyca/cryptography's, and a second reader
# of the envelope format opens our envelopes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# $1: the claim; the rest: a command that prints what it counted.
verdict() {
  local claim=$1 count
  shift
  if count=$("$@"); then
    echo "passed: $claim: $count"
    passed=$((passed + 1))
  else
    echo "FAILED: $claim"
    failed=$((failed + 1))
  fi
}

bundle() {
  npx --no-install esbuild "$here/$1.ts" --bundle --platform=node --target=node20 --log-level=warning --outfile="$work/$1.js"
}

ours_opens_theirs() {
  "$work/venv/bin/python" "$here/pyca-cobblestone.py" vectors --full --out "$work/theirs.json" &&
    node "$work/open-from-pyca.js" "$work/theirs.json"
}

theirs_opens_ours() {
  node "$work/seal-for-pyca.js" "$work/ours.jsonl" &&
    "$work/venv/bin/python" "$here/pyca-cobblestone.py" open "$work/ours.jsonl"
}

stranger_opens_ours() {
  node "$work/write-vectors.js" "$work/envelopes.json" &&
    "$work/venv/bin/python" "$here/open_envelope.py" vectors "$work/envelopes.json"
}

stranger_opens_committed() {
  "$work/venv/bin/python" "$here/open_envelope.py" vectors test/vectors/envelope-1.json
}

cd "$here/../.."
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cryptography>=50'
bundle seal-for-pyca
bundle open-from-pyca
bundle write-vectors

verdict "oss-envelope opens what pyca sealed under fresh keys" ours_opens_theirs
verdict "pyca opens what oss-envelope sealed under fresh keys" theirs_opens_ours
verdict "a reader written from FORMAT.md alone opens fresh envelopes and refuses forgeries" stranger_opens_ours
verdict "that reader opens the committed envelopes" stranger_opens_committed
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
