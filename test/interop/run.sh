#!/usr/bin/env bash
# Strangers meet oss-envelope. Two implementations of Cobblestone-256 open each other's messages, ours and
# pyca/cryptography's; two other readers of the envelope format open our envelopes, one of them the way out of the vault;
# clients that others wrote make their journeys through the local cloud; and our command line opens what others encrypted.
# Needs Python with pip, and the registries of Python, npm and, if there is a go, Go. Not among the clients: ossutil and the
# aliyun CLI, which the Go module proxy refuses.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/way-out.sh"
. "$here/formats/python.sh"
work=$(mktemp -d)
cloud=
trap '[ -z "$cloud" ] || kill "$cloud" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

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

# $1: the client; the rest: a command that names it and checks its claims, a line each.
client() {
  local name=$1 log=$work/$1.log
  shift
  if BUCKET=interop-$name "$@" >"$log" 2>&1; then
    echo "passed: $(sed -n 's/^client: //p' "$log"): $(grep -c '^holds: ' "$log") claims"
    passed=$((passed + 1))
  else
    echo "FAILED: $name"
    sed 's/^/    /' "$log"
    failed=$((failed + 1))
  fi
}

skip() {
  echo "skipped: $1"
  skipped=$((skipped + 1))
}

bundle() {
  npx --no-install esbuild "$1" --bundle --platform=node --target=node20 --format=cjs --log-level=warning \
    --external:proxy-agent --outfile="$work/$(basename "$1" .ts).js"
}

install_python() {
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cryptography>=50' \
    oss2==2.19.1 aliyun-python-sdk-kms==2.16.5 alibabacloud-kms20160120==3.3.1 pycryptodome==3.23.0 asn1crypto==1.5.1
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$work/oss2-old" oss2==2.6.1
}

install_node() {
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/npm" \
    @alicloud/kms-sdk@1.1.0 @alicloud/fc20230330@4.7.6
}

build_go() {
  export GOPATH=$work/go GOFLAGS='-modcacherw -buildvcs=false'
  go build -C "$here/clients/go" -o "$work/bin/" ./oss-v1 ./oss-v2
  go build -C "$here/formats/go" -o "$work/bin/" ./cse-v1 ./cse-v2
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

readers_refuse_flips() {
  "$work/venv/bin/python" -B "$here/reader-vectors.py" test/vectors/envelope-1.json
}

start_cloud() {
  node "$work/cloud.js" "$work" >"$work/cloud.log" 2>&1 &
  cloud=$!
  for _ in $(seq 300); do
    [ ! -e "$work/environment" ] || return 0
    kill -0 "$cloud" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/cloud.log" >&2
  return 1
}

node_clients() {
  for name in ali-oss kms20160120 fc2 kms-sdk fc20230330; do
    client "$name" node "$here/clients/$name.js"
  done
}

python_clients() {
  local python=("$work/venv/bin/python" -B)
  client python-oss2 "${python[@]}" "$here/clients/python-oss2.py"
  client python-sdk-kms "${python[@]}" "$here/clients/python-sdk-kms.py"
  client python-kms20160120-v1 "${python[@]}" "$here/clients/python-kms20160120.py" V1
  client python-kms20160120-acs3 "${python[@]}" "$here/clients/python-kms20160120.py" ACS3
}

go_clients() {
  for name in "$@"; do
    if command -v go >/dev/null; then client "go-$name" "$work/bin/$name"; else skip "go-$name: there is no go here"; fi
  done
}

others_formats() {
  local python=("$work/venv/bin/python" -B) formats=$here/formats
  client encryption-sdk "${python[@]}" "$formats/aliyun-python/encryption_sdk.py"
  OLD_OSS2=$work/oss2-old client oss2-cse "${python[@]}" "$formats/aliyun-python/oss2_cse.py"
  go_clients cse-v1 cse-v2
}

cd "$here/../.."
install_node >"$work/npm.log" 2>&1 &
node_installed=$!
if command -v go >/dev/null; then build_go >"$work/go.log" 2>&1 & else true & fi
go_built=$!
install_python
npm run --silent build
for name in seal-for-pyca open-from-pyca write-vectors way-out cloud; do bundle "$here/$name.ts"; done
bundle infra/local/fc/instances/runtime.ts
wait "$node_installed" || cat "$work/npm.log"
wait "$go_built" || cat "$work/go.log"

verdict "oss-envelope opens what pyca sealed under fresh keys" ours_opens_theirs
verdict "pyca opens what oss-envelope sealed under fresh keys" theirs_opens_ours
verdict "a reader written from FORMAT.md alone opens fresh envelopes and refuses forgeries" stranger_opens_ours
verdict "that reader opens the committed envelopes" stranger_opens_committed
verdict "it and reader.py refuse what must be refused, and each flipped bit but the free ones" readers_refuse_flips
verdict "reader.py, 114 lines on PyPI's cryptography and the official KMS SDK, takes a vault out by the lines of infra/operating.md" way_out

if start_cloud; then
  set -a
  . "$work/environment"
  NODE_PATH=$work/npm/node_modules
  set +a
  node_clients
  python_clients
  go_clients oss-v1 oss-v2
  python_formats
  verdict "reader.py opens what seal of our command line writes, as its place and no other" reader_opens_sealed
  others_formats
else
  echo "FAILED: the local cloud does not start"
  failed=$((failed + 1))
fi
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ]
