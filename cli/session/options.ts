import type { Command } from '@commander-js/extra-typings';

/** What every command takes, beside its own. */
export type SharedOptions = {
  local?: true;
  data: string;
  profile?: string;
  region?: string;
  account?: string;
  env?: string;
  ossEndpoint?: string;
  kmsEndpoint?: string;
  fcEndpoint?: string;
  mnsEndpoint?: string;
  json?: true;
  color: boolean;
};

export function addSharedOptions(program: Command): void {
  program
    .option('--local', 'the local cloud that runs on this machine, instead of Alibaba Cloud')
    .option('--data <dir>', 'the data folder of that local cloud', '.data')
    .option(
      '--profile <name>',
      'a profile of ~/.aliyun/config.json, instead of the environment or the current one',
    )
    .option('--region <id>', 'the region, else ENVELOPE_REGION of the environment or of --env')
    .option('--account <id>', 'the account, else what STS says')
    .option('--env <file>', 'the deployment, as s.yaml takes it, else .env where that is there')
    .option('--oss-endpoint <url>', 'of OSS, else its public one of the region')
    .option('--kms-endpoint <url>', 'of KMS, else its public one of the region')
    .option('--fc-endpoint <url>', 'of Function Compute, else the public one of account and region')
    .option('--mns-endpoint <url>', 'of MNS, else the public one of account and region')
    .option('--json', 'JSON Lines on standard output: one object for each item, then one for the whole')
    .option('--no-color', 'no colours (nor are there any in a pipe, or where NO_COLOR is set)');
}
