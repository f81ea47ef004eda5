import { join } from 'node:path';
import type { OssEventRecord } from '../../declared/triggers';
import { createActivity } from './invocation/activity';
import { createKeptEvents } from './kept-events';
import type { Environment, Fc } from './server';

export type DeploymentsOptions = {
  /** The cloud's data folder; events are kept in `<data>/fc/kept`. */
  data: string;
  /** Whether events raised while nothing is deployed wait for a deployment; default true. */
  keepEvents?: boolean;
  start(sYaml: string, env: Environment): Promise<Fc>;
};

/** One deployment after the other, and the events that come between. */
export type Deployments = Pick<Fc, 'idle' | 'tick' | 'kill' | 'close'> & {
  onEvent(event: OssEventRecord): Promise<void>;
  /** Replaces the functions; those events are delivered to the new ones that waited. */
  deploy: DeploymentsOptions['start'];
};

export function createDeployments({ data, keepEvents = true, start }: DeploymentsOptions): Deployments {
  const kept = createKeptEvents(join(data, 'fc', 'kept'));
  const deliveries = createActivity();
  let fc: Fc | undefined;

  async function onEvent(event: OssEventRecord): Promise<void> {
    if (fc) await deliveries.during(fc.deliver(event));
    else if (keepEvents) await kept.keep(event);
  }

  async function deploy(sYaml: string, env: Environment): Promise<Fc> {
    await close();
    const started = await start(sYaml, env);
    fc = started;
    await kept.handOver(started.deliver);
    return started;
  }

  async function close(): Promise<void> {
    const last = fc;
    fc = undefined;
    await deliveries.idle();
    await last?.close();
  }

  return {
    onEvent,
    deploy,
    close,
    idle: async () => fc?.idle(),
    tick: async () => fc?.tick(),
    kill: async (functionName) => fc?.kill(functionName),
  };
}
