import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allowScripts } from '../package.json';

const BUNDLES = ['functions', 'cli', 'cloud'];

describe('what others wrote', () => {
  test('no package runs a script when it is installed, and those that would like to are named', () => {
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const wish = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    expect(wish.map((path) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(
      Object.keys(allowScripts),
    );
    expect(Object.values(allowScripts).filter(Boolean)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  test.each(BUNDLES)('%s: one ali-oss, and nothing of what no call of ours needs', (name) => {
    const doubtful = bundled(name).filter((id) =>
      /^(ali-oss|axios|core-js|regenerator-runtime|ws)@/.test(id),
    );
    expect(doubtful).toEqual(['ali-oss@6.23.0']);
  });

  test('the bill of materials has every package of which something is in a bundle', () => {
    const sbom = execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8' });
    const { components } = JSON.parse(sbom) as { components: { 'bom-ref': string }[] };
    const listed = new Set(components.map((component) => component['bom-ref']));
    const all = BUNDLES.flatMap(bundled);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((id) => !listed.has(id))).toEqual([]);
  });
});

function bundled(name: string): string[] {
  return (read(`dist/${name}.json`) as { packages: string[] }).packages;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
