import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asFailure } from '../cli/terminal/failure';
import { Fault, type FaultCode } from '../functions/fault';

/** What somebody reads, or is told. */
const FILES = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.yaml', '*.json', '*.mjs', '.env.example'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /^(functions|cli|infra|test\/README|[^/]+$)/.test(path) && !/package|openapi/.test(path));

const DOCUMENTS = FILES.filter((path) => path.endsWith('.md'));

const read = (path: string) => readFileSync(path, 'utf8');

const headings = (path: string) => [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);

/** As GitHub makes them. */
const anchors = (path: string) =>
  headings(path).map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** A file is named from the root, or from where it is named. */
const found = (from: string, path: string) =>
  [path, join(dirname(from), path)].find((one) => existsSync(resolve(one)));

test('every document that is named is there, with the section that is named', () => {
  const wrong = FILES.flatMap((from) =>
    [
      ...read(from).matchAll(
        /(?<![\w/.-])((?:[\w-]+\/)*[A-Za-z-]+\.md)\b(?!\]\()(?:, "([^"]+)")?|\bREADME, "/g,
      ),
    ].flatMap(([said, path = 'README without .md', section]) => {
      const file = found(from, path);
      const isThere = file && (section === undefined || headings(file).includes(section));
      return isThere ? [] : [`${from}: ${said}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test('every link of a document leads somewhere', () => {
  const wrong = DOCUMENTS.flatMap((from) =>
    [...read(from).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([link, path, anchor]) => {
        const file = path ? join(dirname(from), path) : from;
        const isThere = existsSync(file) && (anchor === undefined || anchors(file).includes(anchor));
        return isThere ? [] : [`${from}: ${link}`];
      },
    ),
  );
  expect(wrong).toEqual([]);
});

test('every file that a document names from the root is there', () => {
  const named = /`((?:functions|cli|infra|test|events|\.ci|\.biome)\/[\w./-]*)`/g;
  const wrong = DOCUMENTS.flatMap((from) =>
    [...read(from).matchAll(named)].flatMap(([, path = '']) =>
      existsSync(path) ? [] : [`${from}: ${path}`],
    ),
  );
  expect(wrong).toEqual([]);
});

test('every variable of .env.example is on the page', () => {
  const page = read('infra/operating.md');
  const names = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !new RegExp(`^\\|.*\`${name}\`.*\\|.*\\|$`, 'm').test(page))).toEqual([]);
});

test('README.md has 180 lines at most', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(180);
});

test('no cell of a table is longer than 120 characters', () => {
  const wrong = DOCUMENTS.flatMap((from) =>
    blocksOf(from)
      .prose.filter((line) => /^\s*\|/.test(line))
      .flatMap((line) => line.split(/(?<!\\)\|/))
      .filter((cell) => cell.trim().length > 120)
      .map((cell) => `${from}: ${cell.trim()}`),
  );
  expect(wrong).toEqual([]);
});

/** The rule of .ci/run, in words for whoever reads the page. */
test('exactly the bash blocks stand below a sentence that has npm start running', () => {
  const blocks = DOCUMENTS.flatMap((from) => blocksOf(from).blocks.map((block) => ({ from, ...block })));
  expect(blocks.filter(({ language }) => language === 'bash').length).toBeGreaterThan(4);
  const wrong = blocks.filter(
    ({ language, before }) => (language === 'bash') !== /with\s`npm start`\srunning/i.test(before),
  );
  expect(wrong).toEqual([]);
});

/** A document's blocks, each with its language and the paragraph before it, and its lines outside of them. */
function blocksOf(path: string) {
  const blocks: { language: string; before: string }[] = [];
  const prose: string[] = [];
  let isInside = false;
  for (const line of read(path).split('\n')) {
    const [, language] = /^\s*```(.*)$/.exec(line) ?? [];
    if (language === undefined) {
      if (!isInside) prose.push(line);
      continue;
    }
    if (!isInside) blocks.push({ language, before: prose.join('\n').trimEnd().split('\n\n').at(-1) ?? '' });
    isInside = !isInside;
  }
  return { blocks, prose };
}

describe('the section that a failure points to has its code', () => {
  const codes = [...read('functions/fault.ts').matchAll(/^ {2}'?([a-z-]+)'?: \{ status/gm)];

  test.each(codes.map(([, code = '']) => code))('%s', (code) => {
    const { todo } = asFailure(new Fault(code as FaultCode, 'Cannot look: it is so'));
    const [, page = '', section] = /(\S+\.md), "([^"]+)"/.exec(todo) ?? [];
    if (section === undefined) return;
    const text = read(page)
      .split(/^## /m)
      .find((part) => part.startsWith(`${section}\n`));
    expect(text).toContain(`\`${code}\``);
  });
});
