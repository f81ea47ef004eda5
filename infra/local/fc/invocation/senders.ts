import type { FunctionSpec } from '../../../declared/function-spec';
import type { Authorize } from '../../ram/authorize';
import type { AccessKeys } from '../../ram/credentials';
import { refusedInvocation } from './authorize';

export type SendersOptions = {
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  authorize?: Authorize;
  functions: Map<string, FunctionSpec>;
  /** MNS. `principal` is the function role's, absent for a function without a role. */
  sendMessage?: (message: { queue: string; body: string; principal?: string }) => Promise<unknown>;
  enqueue(functionName: string, event: Buffer): Promise<unknown>;
};

/** The two ways to a destination, each gone as the role of the function that it is about. */
export function createSenders({ accessKeys, functions, enqueue, ...options }: SendersOptions) {
  function principalOf(functionName: string): { principal?: string } {
    const role = functions.get(functionName)?.role;
    return role === undefined ? {} : { principal: accessKeys.assumeRole(role).arn };
  }

  async function sendMessage(functionName: string, queue: string, body: string): Promise<void> {
    if (!options.sendMessage) throw new Error('this cloud has no MNS');
    await options.sendMessage({ queue, body, ...principalOf(functionName) });
  }

  async function invokeLater(functionName: string, target: string, event: string): Promise<void> {
    if (!functions.has(target)) throw new Error(`function '${target}' does not exist`);
    const { principal } = principalOf(functionName);
    const refusal = principal && refusedInvocation(options, { functionName: target, principal });
    if (refusal) throw new Error(refusal);
    await enqueue(target, Buffer.from(event));
  }

  return { sendMessage, invokeLater };
}
