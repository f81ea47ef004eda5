import type { Call } from '../../infra/local/gateway/hooks';
import { type Act, describeAct, KEYS } from './act';
import { isChange } from './calls';
import { always, atRest, atTheEnd, forbidden, type History } from './checks';
import { deadEvents, deadLetters } from './dead-letters';
import type { createLook, Sight } from './look';
import { contentOf, deliver, sweep, type Upload, upload } from './owner';
import type { World } from './world';

/** What does not hold. */
export class Violation extends Error {}

type Rest = Pick<Act & { do: 'rest' }, 'pick' | 'fates'>;
const UNDISTURBED: Rest = { pick: 0, fates: [] };

/** One schedule's world: keys below `folder`, what became of them, and a check after every change. */
export function createRound(world: World, look: ReturnType<typeof createLook>, folder: string) {
  const { gate } = world;
  const histories = Array.from({ length: KEYS }, (_, key) => newHistory(`${folder}/${'abc'[key]}`));
  const uploads: Upload[] = [];
  const lines: string[] = [];
  const lettersBefore = deadLetters(world);

  /** Rejects with a Violation. */
  async function perform(act: Act): Promise<void> {
    if (act.do === 'go') return inspectAfter(await gate.go(act.pick, act.fate));
    if (act.do === 'go late') return inspectAfter(await gate.goLate(act.pick));
    lines.push(...gate.trace(), describeAct(act));
    return performOwn(act);
  }

  async function performOwn(act: Exclude<Act, { do: 'go' | 'go late' }>): Promise<void> {
    switch (act.do) {
      case 'upload':
        return arrive(act);
      case 'delete':
        return withdraw(historyOf(act.key));
      case 'deliver':
        return deliver(world, uploads[act.upload] as Upload);
      case 'sweep':
        return sweep(world);
      case 'rest':
        return rest(act);
    }
  }

  async function arrive({ key, size, content, how }: Act & { do: 'upload' }): Promise<void> {
    const history = historyOf(key);
    const place = { key: history.key, number: history.uploads.length };
    const made = await upload(world, { ...place, content: contentOf(String(content), size), how });
    history.uploads.push(made);
    history.isWithdrawn = false;
    uploads.push(made);
    await inspect(history, always);
  }

  async function withdraw(history: History): Promise<void> {
    const newest = history.uploads.at(-1);
    if (!newest) return;
    const { inbox } = await inspect(history, always);
    await world.inbox.deleteMulti([history.key], { quiet: true });
    if (inbox.has(newest.versionId)) history.isWithdrawn = true;
  }

  async function inspectAfter(call: Call | undefined): Promise<void> {
    lines.push(...gate.trace());
    if (!call) return;
    const wrong = forbidden(call);
    if (wrong) throw new Violation(wrong);
    const history = histories.find(({ key }) => key === call.key);
    if (history && isChange(call)) await inspect(history, always);
  }

  async function inspect(history: History, check: typeof always): Promise<Sight> {
    const sight = await look(history.key, history.uploads);
    const wrong = check(history, sight);
    if (wrong) throw new Violation(`${history.key}: ${wrong}`);
    for (const { versionId } of sight.vault) history.envelopes.add(versionId);
    return sight;
  }

  async function drain({ pick, fates }: Rest): Promise<void> {
    const next = fates.values();
    await gate.still();
    for (let left = gate.waiting(); left.calls + left.late > 0; left = gate.waiting()) {
      const fate = next.next().value ?? 'passes';
      await inspectAfter(left.calls > 0 ? await gate.go(pick, fate) : await gate.goLate(pick));
    }
    await world.cloud.idle();
  }

  async function rest(how: Rest, check = atRest): Promise<void> {
    await drain(how);
    const dead = deadEvents(world, lettersBefore).map(({ oss }) => oss.object.key);
    for (const history of histories) {
      history.isDead = dead.includes(history.key);
      await inspect(history, check);
    }
  }

  /** The faults are over, what died is replayed, and the sweep finds what no event told. Rejects with a Violation. */
  async function finish(): Promise<void> {
    await rest(UNDISTURBED);
    lines.push('the dead letters are replayed');
    for (const event of deadEvents(world, lettersBefore)) await world.fc.deliver(event);
    await drain(UNDISTURBED);
    lines.push('the last sweep');
    await sweep(world);
    await rest(UNDISTURBED, atTheEnd);
  }

  const trace = () => [...lines, ...gate.trace()];
  const historyOf = (key: number) => histories[key] as History;
  return { keys: histories.map(({ key }) => key), perform, finish, trace };
}

function newHistory(key: string): History {
  return { key, uploads: [], isWithdrawn: false, envelopes: new Set(), isDead: false };
}
