#!/usr/bin/env bash
# Our built command line, as --local, on the cloud that run.sh's environment names; from the root of the repository.
set -euo pipefail
node dist/cli/oss-envelope.js --local --data "$DATA" --env /dev/null "$@"
