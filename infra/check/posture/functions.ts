import { decryptConfig } from '../../../functions/config';
import type { Check } from '../check';

const decrypt = {
  FC_REGION: 'cn-hangzhou',
  FC_ACCOUNT_ID: '1234567890123456',
  ENVELOPE_VAULT_BUCKET: 'vault',
  ENVELOPE_DOWNLOADS_BUCKET: 'downloads',
  ENVELOPE_DOWNLOADS_URL: 'https://files.example.com',
  ENVELOPE_KMS_KEY_ARNS: 'acs:kms:cn-hangzhou:1234567890123456:key/k',
};

/** What the functions themselves refuse to be configured with. */
export const functionChecks: Check[] = [
  {
    name: 'a function starts with what the refused ones have',
    run: () => {
      decryptConfig(decrypt);
      return [];
    },
  },
  refusing('CIS 5.5: a signed URL lives an hour at most', { ENVELOPE_EXPIRES_SECONDS: '3601' }),
  refusing('CIS 5.6: a signed URL begins with https', { ENVELOPE_DOWNLOADS_URL: 'http://files.example.com' }),
  refusing('data crosses no network without TLS', {
    ENVELOPE_OSS_ENDPOINT: 'http://oss-cn-hangzhou.aliyuncs.com',
  }),
  refusing('scripts of no origin but named ones', { ENVELOPE_ALLOWED_ORIGINS: '*' }),
  refusing('no key without a whole ARN', { ENVELOPE_KMS_KEY_ARNS: 'alias/oss-envelope' }),
];

function refusing(name: string, change: Record<string, string>): Check {
  return {
    name,
    run: () => {
      try {
        decryptConfig({ ...decrypt, ...change });
      } catch {
        return [];
      }
      return [`the functions accept ${JSON.stringify(change)}`];
    },
  };
}
