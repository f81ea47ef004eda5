#!/usr/bin/env bash
# What deploy:check knows of KMS and SMQ in ROS (infra/check/template/supplement.ts), beside the newest ROS CDK, which has both
# on PyPI only: prints what either lacks, and ends with 1 where there is any. Needs Python with pip, and PyPI.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npx esbuild --log-level=error --bundle --platform=node --outfile="$work/supplement.js" infra/check/template/supplement.ts
for service in kms mns; do
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "ros-cdk-$service"
done
python3 - "$work" <<'PYTHON'
import glob, io, json, re, subprocess, sys, tarfile, zipfile

work = sys.argv[1]
ours = json.loads(subprocess.check_output(['node', '-e', '''
  const { TABLES } = require(process.argv[1]);
  const known = ({ required, optional, attributes }) => ({
    properties: Object.keys({ ...required, ...optional }), required: Object.keys(required), attributes });
  console.log(JSON.stringify(Object.fromEntries(Object.entries(TABLES).map(([type, table]) => [type, known(table)]))));
''', f'{work}/supplement.js']))
differences = 0
for wheel in sorted(glob.glob(f'{work}/*.whl')):
    with zipfile.ZipFile(wheel) as archive:
        (package,) = [name for name in archive.namelist() if name.endswith('.jsii.tgz')]
        files = tarfile.open(fileobj=io.BytesIO(archive.read(package)))
    (name,) = [one for one in files.getnames() if re.fullmatch(r'package/lib/\w+\.generated\.js', one)]
    code = files.extractfile(name).read().decode()
    for ros, kind in re.findall(r'^(Ros\w+)\.ROS_RESOURCE_TYPE_NAME = "([\w:]+)";', code, re.M):
        if kind not in ours:
            continue
        render = re.search(rf'^function r{ros[1:]}PropsToRosTemplate\([\s\S]*?\n\}}', code, re.M).group()
        names = dict(re.findall(r"'(\w+)': .*properties\.(\w+)\)", render))
        check = re.search(rf'^function {ros}PropsValidator\([\s\S]*?\n\}}', code, re.M).group()
        body = re.search(rf'^class {ros} extends [\s\S]*?\n\}}', code, re.M).group()
        theirs = {
            'properties': list(names),
            'required': [one for one, cdk in names.items() if f"'{cdk}', ros.requiredValidator" in check],
            'attributes': re.findall(r"this\.getAtt\('([\w.]+)'\)", body),
        }
        for what, listed in theirs.items():
            for one in sorted(set(listed) ^ set(ours[kind][what])):
                differences += 1
                print(f'{kind}: {what}: {one} is only in', 'the ROS CDK' if one in listed else 'the supplement')
    print(f"{wheel.split('/')[-1]}: compared")
sys.exit(1 if differences else 0)
PYTHON
