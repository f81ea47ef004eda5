#!/usr/bin/env node
require('./node-version.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const BUILD = join(__dirname, '../infra/build.mjs');

/** A clone bundles the command line when its sources have changed; a package has no sources. */
async function main() {
  if (existsSync(BUILD)) await (await import(BUILD)).build(['cli']);
  require('../dist/cli/oss-envelope.js');
}

main();
