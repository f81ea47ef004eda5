/** What does not keep a rule, by `rule: resource`, and why that is meant. One that excuses nothing fails, too. */
export const exceptions: Record<string, string> = {
  'CIS 5.4, oss-bucket-only-https-enabled: AccessLogs':
    'OSS itself delivers here, and whether a Deny for everybody spares that is not known; no reader has a role',
  'CIS 5.9, oss-default-encryption-kms: Inbox':
    'with SSE-KMS whoever writes an object needs kms:Decrypt, uploaders too',
  'CIS 5.9, oss-default-encryption-kms: Vault':
    'the encrypt role must not have kms:Decrypt; what lies here is encrypted under the key of the account already',
  'CIS 5.9, oss-default-encryption-kms: Downloads':
    'it would cost a call of KMS for each download of minutes',
  'CIS 5.9, oss-default-encryption-kms: AccessLogs': 'OSS itself delivers here',
  'CIS 5.3, oss-bucket-logging-enabled: AccessLogs': 'a log of the log would never end',
  'oss-bucket-versioning-enabled: Downloads': 'a deleted download must be gone',
  'oss-bucket-versioning-enabled: AccessLogs': 'nothing here is overwritten',
  'ours: stale uploads: AccessLogs': 'OSS delivers whole objects',
  'sls-logstore-enabled-encrypt: FunctionLogs':
    'logs hold no content, token or URL, and the service encrypts at rest; ENVELOPE_LOG_KEYS=hash leaves the keys out as well',
};
