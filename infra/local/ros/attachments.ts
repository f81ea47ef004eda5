import { readFile } from 'node:fs/promises';
import { type Authorize, createAuthorize } from '../ram/authorize';
import { readRoles } from '../ram/roles';
import type { Stack } from './stack';

export type AttachmentsOptions = {
  /** Path of a ROS template; without one nobody is asked for a permission. */
  template?: string;
  accountId: string;
  region: string;
  /** Makes what the template declares beside roles and policies. */
  stack?: Stack;
};

type Outputs = Record<string, string>;

/** What the roles of an account may do. Until `attach` has read the template no role may do anything. */
export type Attachments = {
  authorize?: Authorize;
  /** Deploys the template with these parameters; what it said before holds no more. Resolves with its outputs. */
  attach(parameters: Record<string, string>): Promise<Outputs>;
  /** The same where it was not done yet; else the outputs that it had. */
  attachOnce(parameters?: Record<string, string>): Promise<Outputs>;
};

export function createAttachments({ template, stack, ...home }: AttachmentsOptions): Attachments {
  let current = createAuthorize([], home.accountId);
  let attached: Outputs | undefined;

  async function attach(parameters: Record<string, string>): Promise<Outputs> {
    if (template === undefined) return {};
    const outputs = (await stack?.make(parameters)) ?? {};
    const made = stack && { made: stack.made };
    const roles = readRoles(await readFile(template, 'utf8'), { ...home, parameters, ...made });
    current = createAuthorize(roles, home.accountId);
    attached = outputs;
    return outputs;
  }

  return {
    ...(template !== undefined && { authorize: (request) => current(request) }),
    attach,
    attachOnce: async (parameters = {}) => attached ?? attach(parameters),
  };
}
