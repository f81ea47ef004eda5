import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const MOST_FILES = 25;
const files = ['functions', 'cli', 'infra'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);
const rooms = [...new Set(files.map(dirname))];

describe('a folder can be taken in', () => {
  // One API call, one file.
  const taken = rooms.filter((room) => !/\/(operations|actions)$/.test(room));

  test(`none has more than ${MOST_FILES} files of its own`, () => {
    const sizes = taken.map((room) => [room, files.filter((file) => dirname(file) === room).length] as const);
    expect(sizes.filter(([, size]) => size > MOST_FILES)).toEqual([]);
  });
});

describe('the rooms of the local cloud stand on each other', () => {
  const below = new Map(rooms.map((room) => [room, new Map<string, string>()]));
  for (const file of files.filter((one) => /^infra\/local\/.*\.ts$/.test(one))) {
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|\}|export) .*?'(\.[^']*)';$/gm,
    )) {
      const imported = dirname(normalize(join(dirname(file), path)));
      if (imported !== dirname(file)) below.get(dirname(file))?.set(imported, `${file} imports ${path}`);
    }
  }

  test('no import runs upwards, types included', () => {
    expect(below.get('infra/local/oss')?.size).toBeGreaterThan(3);
    expect(circle()).toEqual([]);
  });

  /** The imports of one way from a room back to itself. */
  function circle(): string[] {
    const done = new Set<string>();
    const walk = (room: string, way: string[], imports: string[]): string[] => {
      if (way.includes(room)) return imports.slice(way.indexOf(room));
      if (done.has(room)) return [];
      for (const [next, why] of below.get(room) ?? []) {
        const found = walk(next, [...way, room], [...imports, why]);
        if (found.length > 0) return found;
      }
      done.add(room);
      return [];
    };
    return rooms.map((room) => walk(room, [], [])).find((way) => way.length > 0) ?? [];
  }
});
