import type { SecretVersion } from '../store/secret';
import { invalidParameter, KmsError } from '../wire/errors';
import { json } from '../wire/typed-parameters';

export const CURRENT = 'ACSCurrent';
export const PREVIOUS = 'ACSPrevious';

/** Docs: "PutSecretValue", "UpdateSecretVersionStage". */
const MAX_VERSIONS = 10;
const MAX_STAGES = 8;
const STAGE = /^[\w/+=.@-]{1,64}$/;

type Versions = readonly SecretVersion[];

/** The parameter `VersionStages`: a JSON array. Throws InvalidParameter. */
export function parseStages(text = `["${CURRENT}"]`): string[] {
  const stages = json('VersionStages', text);
  if (!Array.isArray(stages) || stages.length === 0) throw invalidParameter('VersionStages');
  if (!stages.every((stage) => typeof stage === 'string' && STAGE.test(stage))) {
    throw invalidParameter('VersionStages');
  }
  return stages;
}

/** The versions with one more, under these stages; above 10 the earliest goes. Throws Rejected.LimitExceeded. */
export function withSecretVersion(versions: Versions, version: SecretVersion): Versions {
  const bare: Versions = [...versions, { ...version, stages: [] }];
  const all = version.stages.reduce((so, stage) => marked(so, { stage, id: version.id }), bare);
  return checkStages(all.slice(-MAX_VERSIONS));
}

/**
 * The versions with a stage on this version only. The one that ACSCurrent leaves becomes ACSPrevious. Throws
 * Rejected.LimitExceeded above 8 stages.
 */
export function marked(versions: Versions, { stage, id }: { stage: string; id: string }): Versions {
  const former = versions.find(({ stages }) => stages.includes(stage));
  const moved = unmarked(versions, stage).map((version) =>
    version.id === id ? { ...version, stages: [...version.stages, stage] } : version,
  );
  const isLeft = stage === CURRENT && former !== undefined && former.id !== id;
  return checkStages(isLeft ? marked(moved, { stage: PREVIOUS, id: former.id }) : moved);
}

/** The versions without a stage. */
export function unmarked(versions: Versions, stage: string): Versions {
  return versions.map((version) => ({ ...version, stages: version.stages.filter((one) => one !== stage) }));
}

function checkStages(versions: Versions): Versions {
  if (versions.flatMap(({ stages }) => stages).length <= MAX_STAGES) return versions;
  throw new KmsError('Rejected.LimitExceeded');
}
