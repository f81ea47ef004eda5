/**
 * Stands in the bundles for packages that an SDK loads and no call of ours reaches (package.json, "build"). Whatever is
 * done with it throws.
 */
const unreached: unknown = new Proxy(function unreached() {}, {
  get(_, name) {
    if (name === '__esModule' || name === 'default' || name === 'then') return undefined;
    throw new Error(`Cannot use ${String(name)}: its package is not in this bundle`);
  },
  construct() {
    throw new Error('Cannot make one: its package is not in this bundle');
  },
});

export default unreached;
