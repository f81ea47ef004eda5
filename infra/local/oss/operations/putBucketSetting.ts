import { withLowerCaseFlags } from '../buckets/complete-setting';
import type { Setting } from '../buckets/settings';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';
import { parseXml } from '../wire/xml';

/** PUT /bucket?<sub> : keeps the document as it came in. Throws what the setting's check throws. */
export function putBucketSetting(setting: Setting): Operation {
  return async (oss, request) => {
    const document = withLowerCaseFlags(await bodyText(request));
    setting.check(parsed(document, setting), oss, request);
    return changeBucket(oss, request, async () => {
      await saveSetting(bucketOf(oss, request), setting.sub, setting.complete?.(document) ?? document);
      return { status: 200 };
    });
  };
}

function parsed(document: string, { root, malformed }: Setting) {
  try {
    return parseXml(document, root);
  } catch (error) {
    if (malformed === undefined) throw error;
    throw new OssError('MalformedXML', { ec: malformed });
  }
}
