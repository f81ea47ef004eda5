/** As every command tells why it ends; for what runs before there is one. */
module.exports = function refuse({ code, message, todo }) {
  const isJson = process.argv.includes('--json');
  const text = isJson
    ? JSON.stringify({ error: { code, message, todo } })
    : `${message} (${code})\n  to do: ${todo}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
};
