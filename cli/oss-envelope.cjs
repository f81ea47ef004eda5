#!/usr/bin/env node
require('./node-version.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const refuse = require('./refuse.cjs');

const BUILD = join(__dirname, '../infra/build.mjs');
const PROGRAM = join(__dirname, '../dist/cli/oss-envelope.js');

/** A clone bundles the command line when its sources have changed; a package has no sources. */
async function main() {
  if (existsSync(BUILD)) await (await import(BUILD)).build(['cli']);
  else if (!existsSync(PROGRAM))
    refuse({
      code: 'package-incomplete',
      message: `Cannot run: ${PROGRAM} is not in the package`,
      todo: 'in a clone, npm run pack makes one that is whole (npm pack alone builds nothing there)',
    });
  require(PROGRAM);
}

main();
