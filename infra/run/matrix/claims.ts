import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where a test says that a behaviour is known from: the mark at the end of its title, or of its describe's. */
export type Witness = 'documented' | 'observed' | 'assumed';

/** One test; a table of cases is one, unless its rows have marks of their own. */
export type Claim = {
  /** The name of its file, without `.test.ts`. */
  file: string;
  witness: Witness | undefined;
  /** Its source with its describes' up to their first tests. */
  text: string;
};

export type TestFile = {
  /** Without `.test.ts`. */
  name: string;
  claims: Claim[];
  /** The source before the first test, without the imports. */
  prelude: string;
};

type Block = { kind: string; indent: number; text: string };

/** The tests in a folder and its folders, read as text: they are formatted by biome. Empty where there is none. */
export function testFilesIn(folder: string, ending = '.test.ts'): TestFile[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => path.endsWith(ending)).sort();
  return files.map((path) => testFile(basename(path, ending), readFileSync(join(folder, path), 'utf8')));
}

/** The tests of one source text. */
export function testFile(name: string, source: string): TestFile {
  const blocks = blocksOf(source);
  const claims = blocks.flatMap((block, index): Claim[] => {
    if (block.kind === 'describe') return [];
    const around = aroundOf(blocks, index);
    return rowsOf(block.text).map((text) => {
      const chain = [text, ...around.map((outer) => outer.text)];
      return { file: name, witness: chain.flatMap(witnessIn)[0], text: chain.join('\n') };
    });
  });
  const [first = ''] = source.split(/^ *(?:describe|test)\b[.(<]/m);
  return { name, claims, prelude: first.replace(/^import [^;]*;/gm, '') };
}

function blocksOf(source: string): Block[] {
  const starts = [...source.matchAll(/^( *)(describe|test)\b[.(<]/gm)];
  return starts.map(({ index, 1: indent = '', 2: kind = '' }, at) => ({
    kind,
    indent: indent.length,
    text: source.slice(index, starts[at + 1]?.index),
  }));
}

function aroundOf(blocks: Block[], index: number): Block[] {
  const indent = blocks[index]?.indent ?? 0;
  const parent = blocks.findLastIndex(
    (block, at) => at < index && block.kind === 'describe' && block.indent < indent,
  );
  const found = blocks[parent];
  return found ? [found, ...aroundOf(blocks, parent)] : [];
}

// A table whose rows carry marks of their own is a test for each of them.
function rowsOf(text: string): string[] {
  const lines = text.split('\n');
  const marked = lines.filter((line) => /['"`]\[[^\]]*\]['"`]/.test(line) && witnessIn(line).length > 0);
  if (marked.length === 0) return [text];
  return marked.map((row) => lines.filter((line) => line === row || !marked.includes(line)).join('\n'));
}

const marks: [mark: RegExp, witness: Witness][] = [
  [/[ '"`]\[documented\]['"`]/, 'documented'],
  [/[ '"`]\[observed in an official SDK's tests\]['"`]/, 'observed'],
  [/[ '"`]\[assumed\]['"`]/, 'assumed'],
];

function witnessIn(text: string): Witness[] {
  return marks.filter(([mark]) => mark.test(text)).map(([, witness]) => witness);
}
