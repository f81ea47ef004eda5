import { USAGES } from '../keys/key-kinds';
import { action } from '../store/action';

const LEVELS = ['SOFTWARE', 'HSM'];

/** What kinds of keys there are here. */
export const describeService = action({
  required: [],
  optional: [],
  async run() {
    const KeySpec = Object.entries(USAGES).map(([Name, Usage]) => ({
      Name,
      Usages: { Usage },
      SupportedProtectionLevels: { SupportedProtectionLevel: LEVELS },
    }));
    return {
      KeySpecs: { KeySpec },
      ProtectionLevels: { ProtectionLevel: LEVELS.map((Type) => ({ Type })) },
    };
  },
});
