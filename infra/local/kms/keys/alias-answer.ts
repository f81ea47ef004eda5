import type { Answer, KeyService } from '../store/action';
import { arn } from './key-id';

/** An alias as the lists answer it. */
export function aliasAnswer(kms: KeyService, { name, keyId }: { name: string; keyId: string }): Answer {
  return { AliasArn: arn(kms, name), AliasName: name, KeyId: keyId };
}
