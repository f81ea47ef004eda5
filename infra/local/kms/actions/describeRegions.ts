import { action } from '../store/action';

/** The one region that this cloud is. */
export const describeRegions = action({
  required: [],
  optional: [],
  async run({ region }) {
    return { Regions: { Region: [{ RegionId: region }] } };
  },
});
