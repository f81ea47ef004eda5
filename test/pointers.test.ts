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
  .filter((path) => /^(functions|cli|infra|[^/]+$)/.test(path) && !/package|openapi/.test(path));

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
  const documents = FILES.filter((path) => path.endsWith('.md'));
  const wrong = documents.flatMap((from) =>
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

describe('the section that a failure points to has its code', () => {
  const codes = [...read('functions/fault.ts').matchAll(/^ {2}'?([a-z-]+)'?: \{ status/gm)];
  const readme = read('README.md');

  test.each(codes.map(([, code = '']) => code))('%s', (code) => {
    const { todo } = asFailure(new Fault(code as FaultCode, 'Cannot look: it is so'));
    const [, section] = /README\.md, "([^"]+)"/.exec(todo) ?? [];
    if (section === undefined) return;
    const text = readme.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
    expect(text).toContain(`| \`${code}\``.slice(2));
  });
});
