# For run.sh, with its folder ($work), its venv and what it bundled there.

way_out() {
  test "$(wc -l <functions/envelope/reader.py)" -eq 114 && mkdir "$work/way-out" &&
    node "$work/way-out.js" "$work/way-out" "$work/venv/bin/python"
}

reader() {
  ALIBABA_CLOUD_ACCESS_KEY_ID=$ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET=$ACCESS_KEY_SECRET \
    ENVELOPE_KMS_ENDPOINT=$KMS_ENDPOINT "$work/venv/bin/python" -B functions/envelope/reader.py "$@"
}

# Under the key of formats/python.sh.
reader_opens_sealed() {
  local place=oss://a-vault/大小/sealed.bin file=$work/to-seal said key
  head -c 3000001 /dev/urandom >"$file"
  said=$(ours --json seal "$file" --key alias/interop-formats --place "$place" -o "$file.sealed") || return
  key=$(sed -n '1s/.*"keyArn":"\([^"]*\)".*/\1/p' <<<"$said")
  reader "$file.sealed" "$place" "$file.opened" "$key" >"$file.about" && cmp "$file" "$file.opened" >&2 || return
  ! reader "$file.sealed" "$place.renamed" "$file.renamed" "$key" 2>/dev/null && [ ! -e "$file.renamed" ] || return
  echo "1 file"
}
