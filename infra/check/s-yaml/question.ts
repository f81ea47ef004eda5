import type { Preview } from './preview';

/** A question about s.yaml as it was resolved, beside the template that it deploys. */
export type Question = { name: string; run: (preview: Preview, template: string) => string[] };
