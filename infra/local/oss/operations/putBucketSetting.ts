import { saveSetting } from '../bucket';
import { withLowerCaseFlags } from '../complete-setting';
import { OssError } from '../errors';
import { bucketOf, changeBucket, type Operation } from '../operation';
import { bodyText } from '../request';
import type { Setting } from '../settings';
import { parseXml } from '../xml';

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
