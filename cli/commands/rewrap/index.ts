import { Command } from '@commander-js/extra-typings';
import { readLocation } from '../../files/location';
import { run } from '../../session/run';
import { trustKeyOption } from '../../terminal/trust-key';
import { wholeNumber } from '../../terminal/whole-number';
import { rewrapAll } from './rewrap-all';

const MORE = `
The data key of each current envelope under the prefix is wrapped anew by KMS, in its header; the body stays as it is, and
what is large is copied within OSS. The old version stays below the new one, under its old key, unless --drop-old.
Versions that are not current are left under the key that they have. Interrupted or failed in part, run it again.

It takes kms:ReEncryptFrom and kms:ReEncryptTo, not kms:Decrypt: the policy oss-envelope-rewrap of the stack. The decrypt
function has to accept the new key before (infra/operating.md, "The key"). Taken out is only a key of this deployment, or one
that --trust-key or --from names by its ARN: what somebody has put there under a key of his own is left as it is.

Examples:
  oss-envelope rewrap oss://oss-envelope-vault/ --to alias/oss-envelope --dry-run
  oss-envelope rewrap oss://oss-envelope-vault/reports/ --to 1234abcd-12ab-34cd-56ef-12345678abcd`;

export function rewrapCommand() {
  return new Command('rewrap')
    .description('wraps the data keys of envelopes anew, under another key')
    .argument('<oss://vault/prefix>', 'all envelopes whose keys begin so')
    .requiredOption('--to <key>', 'id, ARN or alias; also the same key, after its rotation')
    .option('--from <key>', 'ARN or id of the key to take out, else the first trusted one of an envelope')
    .addOption(trustKeyOption())
    .option('--dry-run', 'counts calls and bytes, and writes nothing')
    .option('--drop-old', 'deletes each old version, once the new one is proven (oss:DeleteObjectVersion)')
    .option('--verify-open', 'has KMS open the first and the last chunk of each new version (kms:Decrypt)')
    .option('--parallel <n>', 'envelopes at a time', wholeNumber(1, 64), 4)
    .addHelpText('after', MORE)
    .action((prefix, options, command) =>
      run(command, (work) => rewrapAll(work, readLocation(prefix), options)),
    );
}
