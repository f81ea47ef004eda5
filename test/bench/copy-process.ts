// First of all: what it sets holds for everything that the functions are compared with.
import '../../functions/memory';
import { once } from 'node:events';
import { peakMemory } from '../../infra/local/fc/instances/memory';
import type { Copied, CopyOrder } from './cloud/copier';
import { copy, type Place } from './cloud/copy';

/** Copies of a plain client in a process of its own: told where and what, it answers each order with what it took. */
async function main(): Promise<void> {
  const [place] = (await once(process, 'message')) as [Place];
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ copies }: CopyOrder) => {
    const before = process.cpuUsage();
    const durationsMs: number[] = [];
    for (const one of copies) {
      const began = performance.now();
      await copy(place, one);
      durationsMs.push(performance.now() - began);
    }
    const { user, system } = process.cpuUsage(before);
    const copied: Copied = { durationsMs, cpuMs: (user + system) / 1000, peakBytes: peakMemory('self') };
    process.send?.(copied);
  });
  process.send?.('ready');
}

void main();
