// Before anything else, in words that old ones read, too. "^20.12 || >=22": who is between the two is too old for the second.
const [first, second] = require('../package.json').engines.node.match(/[\d.]+/g);
const own = process.versions.node;
const oldest = parseInt(own, 10) > parseInt(first, 10) ? second : first;

if (own.localeCompare(oldest, undefined, { numeric: true }) < 0) {
  const message = `Cannot run on Node ${own}: it is older than ${oldest}`;
  const error = { code: 'node-too-old', message, todo: `install Node ${oldest} or a newer one` };
  const isJson = process.argv.includes('--json');
  const lines = `${message} (${error.code})\n  to do: ${error.todo}`;
  process.stderr.write(`${isJson ? JSON.stringify({ error }) : lines}\n`);
  process.exit(1);
}
