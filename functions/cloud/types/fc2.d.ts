/** The part of @alicloud/fc2 2.6.6 that this project uses, as it really behaves. */
declare module '@alicloud/fc2' {
  type Answer = { headers: Record<string, string>; data: unknown };
  class FC {
    version: string;
    constructor(
      accountId: string,
      options: {
        accessKeyID: string;
        accessKeySecret: string;
        securityToken?: string | undefined;
        region: string;
        endpoint: string;
        timeout?: number;
      },
    );
    request(
      method: string,
      path: string,
      query: Record<string, string>,
      body: string,
      headers: Record<string, string>,
    ): Promise<Answer>;
  }
  export = FC;
}
