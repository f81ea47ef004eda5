#!/usr/bin/env bash
# Our built command line, as --local, on the cloud that run.sh's environment names; from the root of the repository.
set -euo pipefail
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
touch "$data/lock"
cat >"$data/running.json" <<END
{"region": "$REGION", "accountId": "$ACCOUNT_ID", "ossEndpoint": "$OSS_ENDPOINT", "kmsEndpoint": "$KMS_ENDPOINT",
 "mnsEndpoint": "$OSS_ENDPOINT", "stsEndpoint": "$OSS_ENDPOINT",
 "credentials": {"accessKeyId": "$ACCESS_KEY_ID", "accessKeySecret": "$ACCESS_KEY_SECRET"}}
END
node dist/cli/oss-envelope.js --local --data "$data" --env /dev/null "$@"
