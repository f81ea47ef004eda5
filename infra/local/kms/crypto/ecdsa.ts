import { createECDH, createHash, randomBytes } from 'node:crypto';

/** y² = x³ + ax + b over p, its base point of order n (SEC 2). */
type Curve = { name: string; p: bigint; a: bigint; n: bigint };
type Point = { x: bigint; y: bigint } | undefined;
type Signature = { r: bigint; s: bigint };

const P256: Curve = {
  name: 'prime256v1',
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  a: -3n,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};
const P256K: Curve = {
  name: 'secp256k1',
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
  a: 0n,
  n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};
export const CURVES = { EC_P256: P256, EC_P256K: P256K };

/**
 * ECDSA over a 32-byte digest (SEC 1, 4.1). By hand: node:crypto signs messages and no digests. `privateKey` is the
 * scalar.
 */
export function ecdsaSign(
  digest: Buffer,
  { curve, privateKey }: { curve: Curve; privateKey: Buffer },
): Signature {
  const { n } = curve;
  for (;;) {
    const k = mod(integer(createHash('sha512').update(randomBytes(64)).digest()), n);
    const r = mod(basePoint(curve, k)?.x ?? 0n, n);
    const s = mod(inverse(k, n) * (integer(digest) + r * integer(privateKey)), n);
    if (r > 0n && s > 0n) return { r, s };
  }
}

/** `publicKey`: the point, uncompressed (65 bytes). */
export function isEcdsaOf(
  { r, s }: Signature,
  { digest, curve, publicKey }: { digest: Buffer; curve: Curve; publicKey: Buffer },
): boolean {
  const { n } = curve;
  if (r <= 0n || r >= n || s <= 0n || s >= n) return false;
  const w = inverse(s, n);
  const base = basePoint(curve, mod(integer(digest) * w, n));
  const own = times(curve, pointOf(publicKey), mod(r * w, n));
  const sum = plus(curve, base, own);
  return sum !== undefined && mod(sum.x, n) === r;
}

export function integer(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`);
}

// OpenSSL multiplies the base point.
function basePoint({ name }: Curve, scalar: bigint): Point {
  if (scalar === 0n) return undefined;
  const pair = createECDH(name);
  pair.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'));
  return pointOf(pair.getPublicKey());
}

function pointOf(uncompressed: Buffer): Point {
  return { x: integer(uncompressed.subarray(1, 33)), y: integer(uncompressed.subarray(33)) };
}

function times(curve: Curve, point: Point, scalar: bigint): Point {
  let sum: Point;
  let doubled = point;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = plus(curve, sum, doubled);
    doubled = plus(curve, doubled, doubled);
  }
  return sum;
}

/** The group's sum; undefined is its neutral element. */
function plus({ p, a }: Curve, one: Point, other: Point): Point {
  if (!one || !other) return one ?? other;
  if (one.x === other.x && mod(one.y + other.y, p) === 0n) return undefined;
  const isSame = one.x === other.x;
  const slope = isSame
    ? (3n * one.x * one.x + a) * inverse(2n * one.y, p)
    : (other.y - one.y) * inverse(other.x - one.x, p);
  const x = mod(slope * slope - one.x - other.x, p);
  return { x, y: mod(slope * (one.x - x) - one.y, p) };
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, next] = [modulus, mod(value, modulus)];
  let [t, nextT] = [0n, 1n];
  while (next > 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return mod(t, modulus);
}

function mod(value: bigint, modulus: bigint): bigint {
  return ((value % modulus) + modulus) % modulus;
}
