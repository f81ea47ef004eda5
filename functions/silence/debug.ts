/** Stands in the bundles for the package `debug` (package.json, `--alias`), which prints requests where DEBUG is set. */
export = () => Object.assign(() => {}, { enabled: false });
