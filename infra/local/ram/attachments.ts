import { readFile } from 'node:fs/promises';
import { type Authorize, openAuthorize } from './authorize';
import { readRoles } from './roles';

export type AttachmentsOptions = {
  /** Path of a ROS template; without one nobody is asked for a permission. */
  template?: string;
  accountId: string;
  region: string;
};

/** What the roles of an account may do. Until `attach` has read the template no role may do anything. */
export type Attachments = {
  authorize?: Authorize;
  /** Reads the template with these parameters; what it said before holds no more. */
  attach(parameters: Record<string, string>): Promise<void>;
  /** The same with the template's defaults, where it was not done yet. */
  attachOnce(): Promise<void>;
};

export function openAttachments({ template, ...home }: AttachmentsOptions): Attachments {
  const nothing = openAuthorize([], home.accountId);
  let current = nothing;

  async function attach(parameters: Record<string, string>): Promise<void> {
    if (template === undefined) return;
    const roles = readRoles(await readFile(template, 'utf8'), { ...home, parameters });
    current = openAuthorize(roles, home.accountId);
  }

  return {
    ...(template !== undefined && { authorize: (request) => current(request) }),
    attach,
    attachOnce: async () => (current === nothing ? attach({}) : undefined),
  };
}
