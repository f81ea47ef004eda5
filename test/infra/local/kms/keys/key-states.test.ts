import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importMaterial, recipient } from '../imported-key';
import { type RunningKms, runKms } from '../running-kms';

const STATES = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'] as const;
type State = (typeof STATES)[number];

let kms: RunningKms;
let other: { KeyId: string };
beforeAll(async () => {
  kms = await runKms();
  other = await newKey();
});
afterAll(() => kms.close());

type Subject = { KeyId: string; AliasName: string; CiphertextBlob: string };

const ENABLED_ONLY = ['ok', 'Rejected.Disabled', 'Rejected.PendingDeletion', 'Rejected.PendingImport'];
const ON_OR_OFF = ['ok', 'ok', 'Rejected.StateModifiedFailed', 'Rejected.StateModifiedFailed'];
const NOT_AT_ITS_END = ['ok', 'ok', 'Rejected.StateModifiedFailed', 'ok'];
const NOT_PENDING_DELETION = ['ok', 'ok', 'Rejected.PendingDeletion', 'ok'];
const ONLY_AT_ITS_END = [
  ...Array(2).fill('Rejected.StateModifiedFailed'),
  'ok',
  'Rejected.StateModifiedFailed',
];
const ALWAYS = ['ok', 'ok', 'ok', 'ok'];

/** Action -> what it answers to a key that is Enabled, Disabled, PendingDeletion, PendingImport (docs: 44211). */
const TABLE: Record<string, readonly string[]> = {
  CancelKeyDeletion: ONLY_AT_ITS_END,
  CreateAlias: NOT_AT_ITS_END,
  CreateKey: ALWAYS,
  CreateKeyVersion: ENABLED_ONLY,
  Decrypt: ENABLED_ONLY,
  DeleteAlias: ALWAYS,
  DescribeKey: ALWAYS,
  DescribeKeyVersion: ALWAYS,
  DisableKey: ON_OR_OFF,
  EnableKey: ON_OR_OFF,
  Encrypt: ENABLED_ONLY,
  ExportDataKey: ENABLED_ONLY,
  GenerateAndExportDataKey: ENABLED_ONLY,
  GenerateDataKey: ENABLED_ONLY,
  GenerateDataKeyWithoutPlaintext: ENABLED_ONLY,
  ListAliases: ALWAYS,
  ListAliasesByKeyId: ALWAYS,
  ListKeyVersions: ALWAYS,
  ListKeys: ALWAYS,
  ListResourceTags: ALWAYS,
  ReEncrypt: ENABLED_ONLY,
  ScheduleKeyDeletion: NOT_AT_ITS_END,
  TagResource: NOT_PENDING_DELETION,
  UpdateAlias: NOT_PENDING_DELETION,
  UpdateKeyDescription: NOT_PENDING_DELETION,
  UpdateRotationPolicy: ENABLED_ONLY,
};

/** The parameters beside KeyId, or all of them. */
const PARAMETERS: Record<string, (key: Subject) => Promise<Record<string, string>> | Record<string, string>> =
  {
    CreateAlias: ({ KeyId }) => ({ KeyId, AliasName: `alias/${randomUUID()}` }),
    CreateKey: () => ({}),
    Decrypt: ({ CiphertextBlob }) => ({ CiphertextBlob }),
    DeleteAlias: ({ AliasName }) => ({ AliasName }),
    DescribeKeyVersion: async ({ KeyId }) => ({ KeyId, KeyVersionId: await primaryVersionId(KeyId) }),
    Encrypt: ({ KeyId }) => ({ KeyId, Plaintext: 'AAAA' }),
    ExportDataKey: ({ CiphertextBlob }) => ({ CiphertextBlob, ...recipient.parameters }),
    GenerateAndExportDataKey: ({ KeyId }) => ({ KeyId, ...recipient.parameters }),
    ListAliases: () => ({}),
    ListKeys: () => ({}),
    ReEncrypt: ({ CiphertextBlob }) => ({ CiphertextBlob, DestinationKeyId: other.KeyId }),
    ScheduleKeyDeletion: ({ KeyId }) => ({ KeyId, PendingWindowInDays: '7' }),
    TagResource: ({ KeyId }) => ({ KeyId, Tags: '[{"TagKey":"a","TagValue":"b"}]' }),
    UpdateAlias: async ({ KeyId }) => ({ KeyId, AliasName: await newAlias(other.KeyId) }),
    UpdateKeyDescription: ({ KeyId }) => ({ KeyId, Description: 'changed' }),
    UpdateRotationPolicy: ({ KeyId }) => ({ KeyId, EnableAutomaticRotation: 'true', RotationInterval: '7d' }),
  };

/** Not on that page; they follow their likes. */
const ASSUMED = ['ExportDataKey', 'GenerateAndExportDataKey', 'ListResourceTags', 'ReEncrypt'];

type Cell = readonly [action: string, state: State, expected: string];
const cells = Object.entries(TABLE).flatMap(([action, row]) =>
  STATES.map((state, column): Cell => [action, state, row[column] ?? '']),
);

test.each(cells.filter(([action]) => !ASSUMED.includes(action)))(
  '%s of a key that is %s: %s [documented]',
  answers,
);
test.each(cells.filter(([action]) => ASSUMED.includes(action)))(
  '%s of a key that is %s: %s [assumed]',
  answers,
);

async function answers(action: string, state: State, expected: string): Promise<void> {
  const key = await keyThatIs(state, /Decrypt|ReEncrypt|ExportDataKey/.test(action));
  const parameters = (await PARAMETERS[action]?.(key)) ?? { KeyId: key.KeyId };
  const { status, body } = await kms.call({ Action: action, ...parameters });
  expect(body.Code ?? 'ok').toBe(expected);
  expect(status).toBe(expected === 'ok' ? 200 : 409);
}

describe('of a key of outside', () => {
  test.each(STATES.map((state, column) => [state, NOT_AT_ITS_END[column]] as const))(
    'ImportKeyMaterial when it is %s: %s [documented]',
    async (state, expected) => {
      const { KeyId, material } = await externalKeyThatIs(state);
      expect((await importMaterial(kms, { KeyId, material })).body.Code ?? 'ok').toBe(expected);
    },
  );

  test.each(STATES)(
    'GetParametersForImport and DeleteKeyMaterial when it is %s: ok [documented]',
    async (state) => {
      const { KeyId } = await externalKeyThatIs(state);
      const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
      expect((await kms.call({ Action: 'GetParametersForImport', KeyId, ...wrapping })).status).toBe(200);
      expect((await kms.call({ Action: 'DeleteKeyMaterial', KeyId })).status).toBe(200);
      expect(await stateOf(KeyId)).toBe(state === 'PendingDeletion' ? state : 'PendingImport');
    },
  );
});

test('the key that ReEncrypt wraps under must be enabled as well [assumed]', async () => {
  const { CiphertextBlob } = await keyThatIs('Enabled');
  const { KeyId: DestinationKeyId } = await keyThatIs('Disabled');
  const { body } = await kms.call({ Action: 'ReEncrypt', CiphertextBlob, DestinationKeyId });
  expect(body.Code).toBe('Rejected.Disabled');
});

test.each([
  ['EnableKey', 'Disabled', 'Enabled'],
  ['DisableKey', 'Enabled', 'Disabled'],
  ['ScheduleKeyDeletion', 'Disabled', 'PendingDeletion'],
  ['CancelKeyDeletion', 'PendingDeletion', 'Enabled'],
] as const)('%s makes a key that is %s %s [documented]', async (Action, from, to) => {
  const key = await keyThatIs(from);
  const parameters = (await PARAMETERS[Action]?.(key)) ?? { KeyId: key.KeyId };
  await kms.call({ Action, ...parameters });
  expect(await stateOf(key.KeyId)).toBe(to);
});

// What is tried on it changes nothing, and making it takes long.
let waiting: Promise<Subject> | undefined;

async function keyThatIs(state: State, withBlob = true): Promise<Subject> {
  if (state !== 'PendingImport' || !withBlob) return newSubject(state, withBlob);
  waiting ??= newSubject(state, withBlob);
  return waiting;
}

async function newSubject(state: State, withBlob: boolean): Promise<Subject> {
  const key = await (state === 'PendingImport' && !withBlob
    ? newKey({ Origin: 'EXTERNAL' })
    : usableKey(state));
  const AliasName = await newAlias(key.KeyId);
  const CiphertextBlob = withBlob ? await newBlob(key.KeyId) : '';
  await bring(key.KeyId, state);
  return { ...key, AliasName, CiphertextBlob };
}

async function usableKey(state: State): Promise<{ KeyId: string }> {
  return state === 'PendingImport' ? externalKeyThatIs('Enabled') : newKey();
}

async function externalKeyThatIs(state: State): Promise<{ KeyId: string; material: Buffer }> {
  const key = await newKey({ Origin: 'EXTERNAL' });
  const material = Buffer.alloc(32, 7);
  if (state !== 'PendingImport') await importMaterial(kms, { ...key, material });
  await bring(key.KeyId, state);
  return { ...key, material };
}

async function bring(KeyId: string, state: State): Promise<void> {
  const calls: Partial<Record<State, Record<string, string>>> = {
    Disabled: { Action: 'DisableKey' },
    PendingDeletion: { Action: 'ScheduleKeyDeletion', PendingWindowInDays: '7' },
    PendingImport: { Action: 'DeleteKeyMaterial' },
  };
  const call = calls[state];
  if (call) await kms.call({ ...call, KeyId });
  expect(await stateOf(KeyId)).toBe(state);
}

async function newKey(asked: Record<string, string> = {}): Promise<{ KeyId: string }> {
  const { KeyMetadata } = (await kms.call({ Action: 'CreateKey', ...asked })).body;
  return { KeyId: (KeyMetadata as { KeyId: string }).KeyId };
}

async function newAlias(KeyId: string): Promise<string> {
  const AliasName = `alias/${randomUUID()}`;
  await kms.call({ Action: 'CreateAlias', KeyId, AliasName });
  return AliasName;
}

async function newBlob(KeyId: string): Promise<string> {
  return `${(await kms.call({ Action: 'GenerateDataKey', KeyId })).body.CiphertextBlob}`;
}

async function metadataOf(KeyId: string): Promise<Record<string, string>> {
  return (await kms.call({ Action: 'DescribeKey', KeyId })).body.KeyMetadata as Record<string, string>;
}

async function stateOf(KeyId: string): Promise<string | undefined> {
  return (await metadataOf(KeyId)).KeyState;
}

async function primaryVersionId(KeyId: string): Promise<string> {
  return `${(await metadataOf(KeyId)).PrimaryKeyVersion}`;
}
