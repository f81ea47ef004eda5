# For run.sh, with its `verdict`, its venv ($work/venv) and the environment of the local cloud.
samples=$here/formats/python

ours() {
  ALIBABA_CLOUD_ACCESS_KEY_ID=$ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET=$ACCESS_KEY_SECRET \
    node dist/cli/oss-envelope.js --env /dev/null --region "$REGION" --account "$ACCOUNT_ID" \
    --kms-endpoint "$KMS_ENDPOINT" "$@"
}

write_theirs() {
  "$work/venv/bin/python" -B "$samples/write.py" "$work/formats" && echo "$(ls "$work"/formats/*.plain | wc -l) files"
}

# The key that they are under, which no file names.
trust=()
trust_theirs() {
  local said
  said=$(ours --json kms-encrypt "$work/formats/kms.base64.plain" --key alias/interop-formats -o "$work/trust.cipher")
  trust=(--trust-key "acs:kms:$REGION:$ACCOUNT_ID:key/$(sed -n '1s/.*"keyId":"\([^"]*\)".*/\1/p' <<<"$said")")
}

# $1: the format; the rest: more options. Opens every fresh file of it, and compares.
opens_theirs() {
  local format=$1 file count=0
  shift
  for file in "$work/formats/$format".*; do
    [ "$file" = "${file%.plain}" ] || continue
    ours open "$file" --format "$format" "${trust[@]}" "$@" -o "$work/opened" --force >/dev/null &&
      cmp "$work/opened" "$file.plain" >&2 || return 1
    count=$((count + 1))
  done
  echo "$count files"
}

# $1: the format. One changed character of base64 in each, and nothing is opened.
refuses_changed() {
  local format=$1 file code count=0
  for file in "$work/formats/$format".*.1000; do
    "$work/venv/bin/python" -c '
import sys
text = open(sys.argv[1]).read()
at = max(len(line) for line in text.split("\n")[:2]) + 300 if "\n" in text else 300
open(sys.argv[2], "w").write(text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1:])
' "$file" "$work/changed"
    rm -f "$work/opened"
    code=0
    ours open "$work/changed" --format "$format" "${trust[@]}" -o "$work/opened" >/dev/null 2>&1 || code=$?
    [ "$code" -eq 4 ] && [ ! -e "$work/opened" ] || return 1
    count=$((count + 1))
  done
  echo "$count files"
}

opens_siv() {
  local file count=0
  for file in "$work"/formats/aes-siv.*.plain; do
    file=${file%.plain}
    ours open "$file" --format aes-siv --wrapped-key "${file/aes-siv/cipherkey}" "${trust[@]}" \
      -o "$work/opened" --force >/dev/null &&
      cmp "$work/opened" "$file.plain" >&2 || return 1
    count=$((count + 1))
  done
  echo "$count files"
}

sdk_opens_ours() {
  local secret=$work/formats/kms.base64.plain
  ours kms-encrypt "$secret" --key alias/interop-formats -o "$work/base64.cipher" >/dev/null &&
    ours kms-encrypt "$secret" --key alias/interop-formats --verbatim -o "$work/verbatim.cipher" >/dev/null &&
    "$work/venv/bin/python" -B "$samples/read.py" "$secret" "$work/base64.cipher" "$work/verbatim.cipher"
}

kms_decrypt_opens_theirs() {
  local file count=0
  for file in "$work"/formats/kms.base64 "$work"/formats/kms.verbatim; do
    ours kms-decrypt "$file" "${trust[@]}" -o - 2>/dev/null | cmp - "$file.plain" >&2 || return 1
    count=$((count + 1))
  done
  echo "$count files"
}

python_formats() {
  mkdir "$work/formats"
  verdict "pycryptodome and Alibaba's SDK for Python write files as others do" write_theirs
  trust_theirs
  verdict "files of Alibaba's envelope samples, by pycryptodome, open (EAX, GCM)" opens_theirs kms-sample
  verdict "a changed character in them opens nothing" refuses_changed kms-sample
  verdict "files of alicloud-envelope-encryption in CBC, by pycryptodome, open where that is accepted" \
    opens_theirs envelope-cbc --accept-unauthenticated
  verdict "files of its successor, by pycryptodome, open (GCM, EAX)" opens_theirs envelope-gcm
  verdict "a changed character in them opens nothing (its successor)" refuses_changed envelope-gcm
  verdict "files in AES-SIV, by pycryptodome, open under the wrapped key beside them" opens_siv
  verdict "files by KMS Encrypt of Alibaba's SDK for Python open as --format kms" opens_theirs kms
  verdict "and by kms-decrypt" kms_decrypt_opens_theirs
  verdict "Alibaba's SDK for Python opens what kms-encrypt writes" sdk_opens_ours
}
