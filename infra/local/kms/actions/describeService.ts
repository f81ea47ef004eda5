import { action } from '../action';

const LEVELS = ['SOFTWARE', 'HSM'];

/** What kinds of keys there are here. */
export const describeService = action({
  required: [],
  optional: [],
  async run() {
    const KeySpec = {
      Name: 'Aliyun_AES_256',
      SupportedProtectionLevels: { SupportedProtectionLevel: LEVELS },
      Usages: { Usage: ['ENCRYPT/DECRYPT'] },
    };
    return {
      KeySpecs: { KeySpec: [KeySpec] },
      ProtectionLevels: { ProtectionLevel: LEVELS.map((Type) => ({ Type })) },
    };
  },
});
