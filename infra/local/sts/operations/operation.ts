/** Who calls, and with what; the common parameters are left out. */
type StsCall = { accountId: string; arn: string; parameters: Map<string, string> };

/** One API call: the answer without its RequestId. Throws StsError. */
export type Operation = (call: StsCall) => Record<string, string>;
