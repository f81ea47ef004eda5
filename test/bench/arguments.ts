import { parseArgs } from 'node:util';
import { parseArguments } from '../../infra/run/arguments';
import { FULL, type Plan, SHORT, upTo } from './plan';

const USAGE = `Usage: npm run bench -- [--short] [--json FILE] [--svg FILE] [--only SECTIONS] [--largest MIB]
  --short          half a minute; exit code 1 at a gross regression
  --json FILE      writes every figure with its rounds
  --svg FILE       draws how time and memory grow
  --only SECTIONS  of codec,pipeline,small,cold,growth
  --largest MIB    no objects above so many MiB`;

const SECTIONS = ['codec', 'pipeline', 'small', 'cold', 'growth'] as const;
export type Section = (typeof SECTIONS)[number];
export type Arguments = {
  plan: Plan;
  sections: ReadonlySet<Section>;
  short: boolean;
  json: string | undefined;
  svg: string | undefined;
};

export function readArguments(args: string[]): Arguments {
  const text = { type: 'string' } as const;
  return parseArguments(() => {
    const options = { short: { type: 'boolean' }, json: text, svg: text, only: text, largest: text } as const;
    const { values } = parseArgs({ args, options });
    const { short = false, only = SECTIONS.join(), largest = String(1024 ** 2), json, svg } = values;
    const plan = upTo(short ? SHORT : FULL, mebibytes(largest));
    return { plan, sections: new Set(only.split(',').map(section)), short, json, svg };
  }, USAGE);
}

function section(name: string): Section {
  const found = SECTIONS.find((one) => one === name);
  if (found) return found;
  throw new Error(`Cannot measure ${name}: it is none of ${SECTIONS.join(', ')}`);
}

function mebibytes(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text) * 1024 ** 2;
  throw new Error(`Cannot read --largest: ${text} is no whole number`);
}
