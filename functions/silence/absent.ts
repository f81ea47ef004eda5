/**
 * Stands in the bundles (infra/build.mjs) for packages that the SDKs load and no call of ours needs: `platform`, which
 * ali-oss asks which browser this is (it takes Node's own words where it does not know; a tenth of the time in which a
 * function loads); `axios` and `ws`, which @alicloud/fc2 uses for layers and shells.
 */
export const description = undefined;
