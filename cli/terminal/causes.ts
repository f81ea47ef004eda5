/** Of the failures whose code is like `of`, those whose detail is like `said`: what to say instead. */
type Cause = {
  of: RegExp;
  said: RegExp;
  code?: 'clock-wrong' | 'credentials-refused' | 'host-unknown' | 'certificate-refused' | 'too-many-files';
  why?: string;
  todo?: string;
};

const refused = /-refused$/;
const unavailable = /-unavailable$/;

/** The codes of OSS, KMS, MNS, STS and FC, and those of Node and OpenSSL, as they stand in a detail. */
export const causes: Cause[] = [
  {
    of: refused,
    said: /\b(IllegalTimestamp|InvalidTimeStamp\S*|RequestTimeTooSkewed|TimeExpired)\b/,
    code: 'clock-wrong',
    why: "the clock of this machine differs from the service's by more than it accepts (15 minutes)",
  },
  {
    of: /^(oss|kms|fc|mns)-refused$/,
    said: /\b(InvalidAccessKeyI[dD]|InvalidSecurityToken|Signature(DoesNot|Not)Match|IncompleteSignature|AccessKeyI[dD]NotFound)/,
    code: 'credentials-refused',
    why: 'the service does not know these credentials, or does not know them any more',
  },
  { of: refused, said: /\bRejected\.Disabled\b/, todo: 'enable the key in KMS' },
  {
    of: refused,
    said: /\bRejected\.PendingDeletion\b/,
    todo: 'cancel the deletion of the key in KMS, while that is possible',
  },
  {
    of: refused,
    said: /\bForbidden\.(Alias|Key)NotFound\b/,
    todo: 'check the name of the key, and the region (--region)',
  },
  { of: unavailable, said: /^ENOTFOUND /, code: 'host-unknown' },
  {
    of: unavailable,
    said: /^EAI_/,
    todo: 'check network and DNS of this machine, then run the same command again',
  },
  {
    of: unavailable,
    said: /^CERT_(HAS_EXPIRED|NOT_YET_VALID) /,
    code: 'certificate-refused',
    todo: 'check the clock of this machine; where it is right, whoever runs that host has to renew its certificate',
  },
  {
    of: unavailable,
    said: /^ERR_TLS_CERT_ALTNAME_INVALID /,
    code: 'certificate-refused',
    todo: 'check the endpoint: something else answers there, or a bucket is asked under a name that no certificate has',
  },
  { of: unavailable, said: /^(\w*CERT|UNABLE_TO_)\w* /, code: 'certificate-refused' },
  {
    of: unavailable,
    said: /^(EPROTO|ERR_SSL_\w+) /,
    code: 'certificate-refused',
    todo: 'check scheme and port of the endpoint: what answers there is no TLS that this machine knows',
  },
  { of: unavailable, said: /^E[MN]FILE /, code: 'too-many-files' },
  {
    of: unavailable,
    said: /^(E[A-Z]+|UND_ERR_\w+|\w*Timeout\w*) /,
    todo: 'check network, proxy and firewall: connections to this host must be let through; then run the same command again',
  },
];
