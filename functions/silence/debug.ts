/** Stands in the bundles for the package `debug` (infra/build.mjs), which prints requests where DEBUG is set. */
export = () => Object.assign(() => {}, { enabled: false });
