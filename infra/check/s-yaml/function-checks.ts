import { decryptConfig, encryptConfig, sweepConfig } from '../../../functions/config';
import type { Shape } from '../../declared/shape';
import { fc3Props, rosProps } from './fc3-shape';
import { functionsIn, type Preview, type Props } from './preview';
import type { Question } from './question';
import { ACCOUNT } from './serverless-devs';

export function eachFunction(check: (props: Props) => string[]): Question['run'] {
  return (preview) =>
    functionsIn(preview).flatMap(([name, props]) => check(props).map((finding) => `${name}: ${finding}`));
}

export function checkShapes({ edition, resources }: Preview): string[] {
  const shapes: Record<string, Shape<unknown>> = { fc3: fc3Props, ros: rosProps };
  const found = Object.entries(resources).flatMap(([name, { component, props }]) => {
    const shape = shapes[component.replace(/@.*/, '')];
    return shape ? readingOf(shape, props, `resources.${name}`) : [`${name}: no component ${component}`];
  });
  return edition === '3.0.0' ? found : [...found, `edition ${edition}`];
}

function readingOf(shape: Shape<unknown>, value: unknown, path: string): string[] {
  try {
    shape(value, path);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Between 1 vCPU for 1 GB and 1 vCPU for 4 GB (docs: "Instance types"). */
export function checkSize({ cpu, memorySize }: Props): string[] {
  const ratio = Number(memorySize) / 1024 / Number(cpu);
  const isWhole = Number.isInteger(Number(cpu) * 20) && Number(memorySize) % 64 === 0;
  return isWhole && ratio >= 1 && ratio <= 4 ? [] : [`${memorySize} MB and ${cpu} vCPU`];
}

export function checkVariables({ environmentVariables }: Props): string[] {
  const all = Object.entries(environmentVariables);
  const bytes = Buffer.byteLength(all.flat().join(''));
  return [
    ...all.filter(([, value]) => typeof value !== 'string').map(([name]) => `${name} is not a text`),
    ...all
      .filter(([name]) => !/^(ENVELOPE_.*|HTTPS_PROXY|NO_PROXY)$/.test(name))
      .map(([name]) => `${name} is not ours`),
    ...all
      .filter(
        ([name, value]) => /SECRET|PASSWORD|TOKEN|ACCESS_KEY/.test(name) || /:\/\/.*@/.test(String(value)),
      )
      .map(([name]) => `${name}: a secret`),
    ...(bytes < 4096 ? [] : [`${bytes} bytes`]),
  ];
}

const CONFIGS = { encrypt: encryptConfig, decrypt: decryptConfig, sweep: sweepConfig };

export function checkConfig(preview: Preview): string[] {
  const functions = new Map(functionsIn(preview));
  return Object.entries(CONFIGS).flatMap(([name, config]) => {
    const props = functions.get(name);
    const own = { FC_REGION: String(props?.region), FC_ACCOUNT_ID: ACCOUNT };
    const environment = { ...own, ...props?.environmentVariables };
    return readingOf((value) => config(value as Record<string, string>), environment, name);
  });
}
