/** What Function Compute passes to a Node.js handler beside the event (FC 3.0, "Context"). */
export type Context = {
  requestId: string;
  region: string;
  accountId: string;
  /** STS credentials of the function's role; new ones may come with each invocation. */
  credentials: Credentials;
};

export type Credentials = { accessKeyId: string; accessKeySecret: string; securityToken?: string };
