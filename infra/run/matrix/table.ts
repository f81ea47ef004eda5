import type { Claim, Witness } from './claims';
import type { Row } from './rows';

const widths = [8, 38, 16, 11, 9, 8];
const header = ['service', 'operation', 'state', 'documented', 'observed', 'assumed'];

/** The rows as aligned text of at most 100 columns, with totals. */
export function tableOf(rows: Row[], conformance: Claim[]): string {
  const unproven = withoutTest(rows);
  return [
    line(header),
    line(widths.map((width) => '-'.repeat(width - 1))),
    ...rows.map((row) => line(cells(row), unproven.includes(row) ? '! no test' : '')),
    '',
    ...totals(rows),
    '',
    `${conformance.length} claims can also be run against the real service (${inWords(conformance)}).`,
    "Documented: on a page of Alibaba Cloud. Observed: in an official SDK's tests. Assumed: by us.",
    'A table of cases is one claim. A claim about several operations is counted with each of them.',
    'Every other action of KMS is answered with UnsupportedOperation and its name.',
    ...(unproven.length > 0 ? ['', `Warning: ${unproven.length} implemented without any test.`] : []),
  ].join('\n');
}

/** The operations that are said to work, and no test says how. */
export function withoutTest(rows: Row[]): Row[] {
  return rows.filter(({ isImplemented, claims }) => isImplemented && claims.length === 0);
}

function cells({ service, operation, isImplemented, claims }: Row): string[] {
  const counts = (['documented', 'observed', 'assumed'] as const).map((witness) => count(claims, witness));
  const state = isImplemented ? 'implemented' : 'NotImplemented';
  return [service, operation, state, ...counts.map((n) => (n === 0 ? '-' : String(n)))];
}

function totals(rows: Row[]): string[] {
  return [...new Set(rows.map(({ service }) => service))].map((service) => {
    const own = rows.filter((row) => row.service === service);
    const claims = [...new Set(own.flatMap((row) => row.claims))];
    const implemented = own.filter(({ isImplemented }) => isImplemented).length;
    return `${service.padEnd(8)}${implemented} of ${own.length} implemented, ${claims.length} claims (${inWords(claims)})`;
  });
}

function inWords(claims: Claim[]): string {
  const unmarked = count(claims, undefined);
  return [
    `${count(claims, 'documented')} documented`,
    `${count(claims, 'observed')} observed`,
    `${count(claims, 'assumed')} assumed`,
    ...(unmarked > 0 ? [`${unmarked} unmarked`] : []),
  ].join(', ');
}

function count(claims: Claim[], witness: Witness | undefined): number {
  return claims.filter((claim) => claim.witness === witness).length;
}

function line(values: string[], remark = ''): string {
  return `${values.map((value, at) => value.padEnd(widths[at] ?? 0)).join('')}${remark}`.trimEnd();
}
