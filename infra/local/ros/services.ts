import type { Attributes } from '../mns/queues/attributes';
import type { Credentials } from '../ram/credentials';

/** Who calls a service, and where it is. */
export type Caller = {
  endpoint: string;
  credentials: Credentials;
  /** ms */
  now: () => number;
};

/** What resources are made with: ROS does it as whoever deploys the stack, here the account itself. */
export type Services = {
  oss: Caller & { region: string };
  kms: Caller;
  mns: { createQueue(name: string, attributes: Partial<Attributes>): Promise<void> };
};

/** Makes one resource, or changes it to what its properties say now. Resolves with what it answers to Fn::GetAtt. */
export type Make = (services: Services, change: Change) => Promise<Record<string, string>>;

/** `before`: the resource as it was made, where it was. */
type Change = { properties: unknown; path: string; before?: Made | undefined };

export type Made = { type: string; properties: unknown; attributes: Record<string, string> };
