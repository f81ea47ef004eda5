import '../cli/node-version.cjs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import refuse from '../cli/refuse.cjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
/** Beside the sources: what else decides about a bundle. */
const ALWAYS = ['infra/build.mjs', 'cli/node-version.cjs', 'package.json', 'package-lock.json'];

/** What the SDKs load and no call of ours reaches. */
const ABSENT = './functions/silence/absent.ts';
const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['proxy-agent'],
  alias: {
    // Its index also takes in the same once more, for Node 6.
    '@alicloud/fc2': '@alicloud/fc2/lib/client.js',
    platform: ABSENT,
    axios: ABSENT,
    ws: ABSENT,
  },
  outdir: 'dist',
  logLevel: 'warning',
  metafile: true,
  write: false,
};
/** What the SDKs would print does not come out. */
const silent = {
  inject: ['./functions/silence/console.ts'],
  alias: { ...common.alias, debug: './functions/silence/debug.ts' },
};
const program = {
  ...common,
  sourcemap: true,
  // What the SDKs still use of Node is nobody's to mend who reads it.
  banner: { js: `process.noDeprecation = true;\n{\n${nodeVersion()}}` },
};

/** A bundle is not where package.json is looked for. */
function nodeVersion() {
  const [check, manifest] = ['cli/node-version.cjs', 'package.json'].map((path) =>
    readFileSync(join(ROOT, path), 'utf8'),
  );
  return check.replace(/require\(.*\)\.engines/, JSON.stringify(JSON.parse(manifest).engines));
}

/** @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  functions: {
    ...common,
    ...silent,
    minify: true,
    external: [...common.external, 'iconv-lite'],
    entryPoints: {
      'encrypt/index': 'functions/encrypt/index.ts',
      'decrypt/index': 'functions/decrypt/index.ts',
      'sweep/index': 'functions/sweep/index.ts',
    },
  },
  cli: { ...program, ...silent, entryPoints: { 'cli/oss-envelope': 'cli/oss-envelope.ts' } },
  runtime: {
    ...common,
    sourcemap: true,
    entryPoints: { 'local/runtime': 'infra/local/fc/instances/runtime.ts' },
  },
  cloud: {
    ...program,
    entryPoints: {
      'local/start': 'infra/run/start.ts',
      'local/cloud': 'infra/run/cloud.ts',
      'local/cloud-matrix': 'infra/run/cloud-matrix.ts',
      'local/env-check': 'infra/run/env-check.ts',
    },
  },
  check: { ...program, entryPoints: { 'local/deploy-check': 'infra/check/main.ts' } },
  proofs: {
    ...program,
    entryPoints: {
      'local/crash-matrix': 'test/crash-matrix/main.ts',
      'local/explore': 'test/explorer/main.ts',
    },
  },
  bench: {
    ...program,
    external: [...common.external, 'openpgp'],
    entryPoints: {
      'local/bench': 'test/bench/main.ts',
      'local/bench-codec': 'test/bench/codec-process.ts',
      'local/bench-copy': 'test/bench/copy-process.ts',
    },
  },
};

/**
 * Bundles into dist/, by their names, whatever is not what its sources would give: told by the SHA-256 of each, kept in
 * dist/<name>.json with the packages that went in. A file changes in one step, so that nobody reads half of it.
 */
export async function build(names) {
  for (const name of names) if (!isBuilt(name)) await bundle(name);
}

/** One file after the other: a process may have few open. */
function isBuilt(name) {
  try {
    const { sources, outputs } = JSON.parse(readFileSync(stampOf(name), 'utf8'));
    return Object.entries({ ...sources, ...outputs }).every(([path, hash]) => sha256(path) === hash);
  } catch {
    return false;
  }
}

async function bundle(name) {
  console.error(`Bundling ${name} …`);
  const { build } = await import('esbuild').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    refuse({
      code: 'esbuild-missing',
      message: `Cannot bundle ${name}: esbuild is not installed`,
      todo: 'npm ci --include=dev: a clone builds with what --omit=dev and NODE_ENV=production leave out',
    });
  });
  const { outputFiles, metafile } = await build(bundles[name]);
  const sources = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
  for (const { path, contents } of outputFiles) await replace(path, contents);
  const outputs = outputFiles.map(({ path }) => relative(ROOT, path));
  const stamp = {
    sources: hashes([...ALWAYS, ...sources]),
    outputs: hashes(outputs),
    packages: packagesIn(metafile),
  };
  await replace(stampOf(name), JSON.stringify(stamp, null, 1));
}

/** `name@version` of each package of which something is left in a bundle. */
function packagesIn({ outputs }) {
  const require = createRequire(import.meta.url);
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version } = require(join(ROOT, folder, 'package.json'));
    return `${name}@${version}`;
  });
}

function stampOf(name) {
  return join(DIST, `${name}.json`);
}

function hashes(paths) {
  return Object.fromEntries(paths.map((path) => [path, sha256(path)]));
}

function sha256(path) {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, path)))
    .digest('hex');
}

async function replace(path, contents) {
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(fresh, contents);
  await rename(fresh, path);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !(name in bundles));
  if (names.length === 0 || unknown.length > 0) {
    console.error(
      `Cannot build ${unknown.join(', ') || 'nothing'}: name some of ${Object.keys(bundles).join(', ')}`,
    );
    process.exit(2);
  }
  await build(names);
}
