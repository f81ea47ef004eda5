import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../cli/formats';
import { envelopeGcm } from '../../../cli/formats/envelope-gcm';
import {
  expectNoChangeToPass,
  expectNoCutToPass,
  expectVectorsToOpen,
  inputOf,
  KEY,
  opening,
  toolsWith,
  vectorsOf,
  WRAPPED_KEY,
} from './inputs';

const small = vectorsOf('envelope-gcm').filter(({ size }) => size === 33);

function written(plaintext: Buffer, context: string): Buffer {
  const nonce = Buffer.alloc(16, 3);
  const cipher = createCipheriv('aes-256-gcm', KEY, nonce);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const [body, tag] = [ciphertext, cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return Buffer.from([body, WRAPPED_KEY, nonce.toString('base64'), tag, context].join('*---*'));
}

describe('envelope-gcm', () => {
  it('opens what pycryptodome wrote, in GCM and in the EAX of the first commit', () =>
    expectVectorsToOpen(envelopeGcm));

  // A change in the context that KMS would refuse is refused here by the tools.
  it.each(small)('$layout: every changed byte is refused', (vector) =>
    expectNoChangeToPass(envelopeGcm, vector),
  );

  it.each(small)('$layout: cut anywhere it is refused', (vector) =>
    expectNoCutToPass(envelopeGcm, vector, vector.file.length),
  );

  it('gives KMS the context byte for byte, whatever is in it, and none where there is none', async () => {
    const contexts = ['{"a":"*---*","b" :  "ü \\u00fc"}', '', '{}'];
    for (const context of contexts) {
      const given: (string | undefined)[] = [];
      const tools = {
        decrypt: async (_: string, one?: string) => {
          given.push(one);
          return Buffer.from(KEY);
        },
      };
      const { bytes } = await opening(envelopeGcm.open(inputOf(written(KEY, context)), tools));
      expect([bytes.equals(KEY), given]).toEqual([true, [context || undefined]]);
    }
  });

  it('says which field is wrong or missing', async () => {
    const fields = (small[0]?.file ?? '').split('*---*');
    const answers = [
      ['A', 0, 'field 1 is no base64'],
      ['!', 1, 'field 2, the wrapped key, is no base64'],
      ['AAAA', 2, 'field 3, the nonce, is not 16 bytes in base64'],
      ['AAAA', 3, 'field 4, the tag, is not 16 bytes in base64'],
      ['[]', 4, 'its last field is no encryption context: a JSON object of texts'],
    ] as const;
    for (const [field, at, why] of answers) {
      const file = fields.with(at, field).join('*---*');
      const { code, message } = await opening(envelopeGcm.open(inputOf(file), toolsWith()));
      expect({ code, message }).toEqual({
        code: 'format-wrong',
        message: `Cannot read the file as envelope-gcm: ${why}`,
      });
    }
    const [cut, none] = [fields.slice(0, 4).join('*---*'), 'no such thing'].map((file) =>
      opening(envelopeGcm.open(inputOf(file), toolsWith())),
    );
    expect([(await cut)?.code, (await none)?.code]).toEqual(['input-truncated', 'format-wrong']);
  });

  it.each(small)('$layout: is recognised for certain, with its context', async ({ file, context }) => {
    const found = await recognise(inputOf(file));
    expect(found.map(({ format, recognition }) => [format.name, recognition.sureness])).toEqual([
      ['envelope-gcm', 'certain'],
    ]);
    expect(found[0]?.recognition.facts).toMatchObject({ bytes: 33, context });
  });
});
