import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { readJson, saveJson } from '../../data/saved-json';

/** `expires`: ms. `privateKey`: PKCS #8 DER, base64. */
export type ImportToken = {
  token: string;
  keyId: string;
  algorithm: string;
  privateKey: string;
  expires: number;
};

export type ImportTokens = {
  /** A token and a key pair of its own; durable when the promise resolves. `publicKey`: SPKI DER, base64. */
  issue(of: { keyId: string; algorithm: string }): Promise<{ token: ImportToken; publicKey: string }>;
  /** Also a token that has expired. */
  find(token: string): ImportToken | undefined;
};

const HOUR = 3_600_000;
const LIFETIME = 24 * HOUR;
const newKeyPair = promisify(generateKeyPair);

/** Opens the import tokens kept in one JSON file. Those that expired a week ago are forgotten. */
export async function createImportTokens(file: string, now: () => number): Promise<ImportTokens> {
  let tokens = (await readJson<ImportToken[]>(file)) ?? [];
  let lastSave = Promise.resolve();

  async function issue({ keyId, algorithm }: { keyId: string; algorithm: string }) {
    const pair = await newKeyPair('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    });
    const privateKey = pair.privateKey.toString('base64');
    const expires = now() + LIFETIME;
    const token = { token: randomBytes(384).toString('base64'), keyId, algorithm, privateKey, expires };
    tokens = [...tokens.filter((old) => old.expires > now() - 7 * LIFETIME), token];
    lastSave = lastSave.catch(() => undefined).then(() => saveJson(file, tokens));
    await lastSave;
    return { token, publicKey: pair.publicKey.toString('base64') };
  }

  return { issue, find: (text) => tokens.find(({ token }) => token === text) };
}
