import { action } from '../action';
import { USAGES } from '../key-kinds';

const LEVELS = ['SOFTWARE', 'HSM'];

/** What kinds of keys there are here. */
export const describeService = action({
  required: [],
  optional: [],
  async run() {
    const KeySpec = Object.entries(USAGES).map(([Name, Usage]) => ({
      ...{ Name, Usages: { Usage } },
      SupportedProtectionLevels: { SupportedProtectionLevel: LEVELS },
    }));
    return {
      KeySpecs: { KeySpec },
      ProtectionLevels: { ProtectionLevel: LEVELS.map((Type) => ({ Type })) },
    };
  },
});
