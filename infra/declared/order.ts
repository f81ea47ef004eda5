/** The resources, each after those that it depends on. Throws where they depend on each other in a circle. */
export function inOrder<R extends { dependsOn: string[] }>(
  resources: Map<string, R>,
): [id: string, resource: R][] {
  const ordered: [string, R][] = [];
  const done = new Set<string>();

  function visit(id: string, open: string[]): void {
    if (open.includes(id)) throw new Error(`Resources depend on each other: ${[...open, id].join(' -> ')}`);
    const resource = resources.get(id);
    if (!resource || done.has(id)) return;
    for (const other of resource.dependsOn) visit(other, [...open, id]);
    done.add(id);
    ordered.push([id, resource]);
  }

  for (const id of resources.keys()) visit(id, []);
  return ordered;
}

/** The same in groups, each of which depends on those before it only. */
export function inWaves<R extends { dependsOn: string[] }>(
  resources: Map<string, R>,
): [id: string, resource: R][][] {
  const waveOf = new Map<string, number>();
  const waves: [string, R][][] = [];
  for (const [id, resource] of inOrder(resources)) {
    const after = resource.dependsOn.map((other) => waveOf.get(other) ?? -1);
    const wave = Math.max(-1, ...after) + 1;
    waveOf.set(id, wave);
    waves[wave] = [...(waves[wave] ?? []), [id, resource]];
  }
  return waves;
}
