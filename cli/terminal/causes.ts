/** Of the failures whose code is like `of`, those that a service, Node or OpenSSL calls so: what to say instead. */
type Cause = {
  of: RegExp;
  called: RegExp;
  code?: 'clock-wrong' | 'credentials-refused' | 'host-unknown' | 'certificate-refused' | 'too-many-files';
  why?: string;
  todo?: string;
};

const refused = /-refused$/;
const unavailable = /-unavailable$/;

/** The codes of OSS, KMS, MNS, STS and FC, and those of Node and OpenSSL. */
export const causes: Cause[] = [
  { of: /^credentials-expired$/, called: /./, why: 'the token has expired' },
  {
    of: refused,
    called: /\b(IllegalTimestamp|InvalidTimeStamp\S*|RequestTimeTooSkewed|TimeExpired)\b/,
    code: 'clock-wrong',
    why: "the clock of this machine differs from the service's by more than it accepts (15 minutes)",
  },
  {
    of: /^(oss|kms|fc|mns)-refused$/,
    called:
      /\b(InvalidAccessKeyI[dD]|InvalidSecurityToken|Signature(DoesNot|Not)Match|IncompleteSignature|AccessKeyI[dD]NotFound)/,
    code: 'credentials-refused',
    why: 'the service does not know these credentials, or does not know them any more',
  },
  { of: refused, called: /\bRejected\.Disabled\b/, todo: 'enable the key in KMS' },
  {
    of: refused,
    called: /\bRejected\.PendingDeletion\b/,
    todo: 'cancel the deletion of the key in KMS, while that is possible',
  },
  {
    of: refused,
    called: /\bForbidden\.(Alias|Key)NotFound\b/,
    todo: 'check the name of the key, and the region (--region)',
  },
  { of: unavailable, called: /^ENOTFOUND$/, code: 'host-unknown' },
  {
    of: unavailable,
    called: /^EAI_/,
    todo: 'check network and DNS of this machine, then run the same command again',
  },
  {
    of: unavailable,
    called: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    code: 'certificate-refused',
    todo: 'check the clock of this machine; where it is right, whoever runs that host has to renew its certificate',
  },
  {
    of: unavailable,
    called: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    code: 'certificate-refused',
    todo: 'check the endpoint: something else answers there, or a bucket is asked under a name that no certificate has',
  },
  { of: unavailable, called: /^(\w*CERT|UNABLE_TO_)\w*$/, code: 'certificate-refused' },
  {
    of: unavailable,
    called: /^(EPROTO|ERR_SSL_\w+)$/,
    code: 'certificate-refused',
    todo: 'check scheme and port of the endpoint: what answers there is no TLS that this machine knows',
  },
  { of: unavailable, called: /^E[MN]FILE$/, code: 'too-many-files' },
  {
    of: unavailable,
    called: /^(E[A-Z]+|UND_ERR_\w+|\w*Timeout\w*)$/,
    todo: 'check network, proxy and firewall: connections to this host must be let through; then run the same command again',
  },
];
