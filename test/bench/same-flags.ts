import { setFlagsFromString } from 'node:v8';

/** What functions/memory.ts sets holds for everything that the functions are compared with, too. */
setFlagsFromString('--no-incremental-marking');
