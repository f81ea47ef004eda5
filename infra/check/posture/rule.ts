import type { Built } from './world';

/** A rule about the template, named after whoever else asks for it. */
export type Rule = {
  /** In the CIS Alibaba Cloud Foundation Benchmark, InfraGuard, or here. */
  named: string;
  says: string;
  /** Of which resources it speaks. */
  type: RegExp;
  /** Whether a resource keeps it. */
  keeps: (resource: Built) => boolean;
  /** What breaks it: the value at a path of the template, undefined to take it away. */
  broken: [path: string, value: unknown][];
};

export const BUCKET = /^ALIYUN::OSS::Bucket$/;
export const KEY = /^ALIYUN::KMS::Key$/;
export const POLICY = /^ALIYUN::RAM::ManagedPolicy$/;
export const ROLE = /^ALIYUN::RAM::Role$/;
export const LOGSTORE = /^ALIYUN::SLS::Logstore$/;
export const ANY = /./;
