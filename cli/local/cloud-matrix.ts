import { conformanceClaims, matrixRows } from './matrix/rows';
import { tableOf, withoutTest } from './matrix/table';

// `npm run cloud:matrix`, which starts it in the repository.
const rows = matrixRows(process.cwd());
console.log(tableOf(rows, conformanceClaims(process.cwd())));
process.exitCode = withoutTest(rows).length > 0 ? 1 : 0;
