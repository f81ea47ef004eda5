import { Console } from 'node:console';
import { Writable } from 'node:stream';

/**
 * Stands in the bundles for the console (infra/build.mjs): what SDKs print quotes URLs, with keys of objects, ids
 * of uploads and tokens in them. Function Compute's own console stays as it is.
 */
export const console = new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));
