import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { KEY_ARN } from '../../functions/envelope/header';

/** `--trust-key`, of every command that has a data key unwrapped. */
export function trustKeyOption() {
  return new Option(
    '--trust-key <arn>',
    "the key that it may be under, instead of the deployment's keys; may be given more than once",
  ).argParser((text: string, before: string[] = []): string[] => {
    if (KEY_ARN.test(text)) return [...before, text];
    throw new InvalidArgumentError('Give the ARN of a key: acs:kms:<region>:<account>:key/<id>.');
  });
}
