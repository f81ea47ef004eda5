import { join } from 'node:path';
import { type Claim, type TestFile, testFilesIn } from './claims';
import { type LocalOperation, localOperations, type Service } from './operations';

/** An operation and the tests that speak of it. */
export type Row = LocalOperation & { claims: Claim[] };

const TESTS = 'test/infra/local';

/** One row for each operation; `root` is the repository. */
export function matrixRows(root: string): Row[] {
  const suites: Record<Service, TestFile[]> = {
    OSS: [...testFilesIn(join(root, TESTS, 'oss')), ...conformanceFiles(root, 'oss')],
    KMS: [...testFilesIn(join(root, TESTS, 'kms')), ...conformanceFiles(root, 'kms')],
    FC: testFilesIn(join(root, TESTS, 'fc')),
    MNS: testFilesIn(join(root, TESTS, 'mns')),
    STS: testFilesIn(join(root, TESTS, 'sts')),
    control: testFilesIn(join(root, TESTS)).filter(({ name }) => name === 'control'),
  };
  return localOperations().map((known) => ({ ...known, claims: claimsOf(known, suites[known.service]) }));
}

/** The claims of the suite that also runs against the real service. */
export function conformanceClaims(root: string): Claim[] {
  const files = [...conformanceFiles(root, 'oss'), ...conformanceFiles(root, 'kms')];
  return files.flatMap(({ claims }) => claims);
}

function conformanceFiles(root: string, part: string): TestFile[] {
  return testFilesIn(join(root, TESTS, 'conformance', part), '.ts');
}

// The file of its own name; else the tests that call it; else those of the files whose helpers or tables do.
function claimsOf({ operation, isImplemented, isIn }: LocalOperation, files: TestFile[]): Claim[] {
  const own = files.filter(({ name }) => name.toLowerCase() === operation.toLowerCase());
  if (own.length > 0) return own.flatMap(({ claims }) => claims);
  const calling = files.flatMap(({ claims }) =>
    claims.filter(({ text }) => isIn(text) && !(isImplemented && saysItIsNot(text))),
  );
  if (calling.length > 0) return calling;
  return files.filter(({ prelude }) => isIn(prelude)).flatMap(({ claims }) => claims);
}

// That a call is refused by name is no witness of what it does.
function saysItIsNot(text: string): boolean {
  return /NotImplemented|UnsupportedOperation/.test(text);
}
