const assert = require('node:assert/strict');

// Checks the claims of one client in their order, a line each; the first that does not hold ends the process.
exports.check = async (client, claims) => {
  console.log(`client: ${client}`);
  for (const [claim, holds] of Object.entries(claims)) {
    try {
      await holds();
      console.log(`holds: ${claim}`);
    } catch (error) {
      console.log(`does not hold: ${claim}`);
      console.error(error);
      process.exit(1);
    }
  }
};

// The version of an installed package that does not export its package.json.
exports.versionOf = (name) => {
  const folder = require.resolve.paths(name).find((path) => require('node:fs').existsSync(`${path}/${name}`));
  return `${name} ${require(`${folder}/${name}/package.json`).version}`;
};

// What the call is refused with.
exports.refusal = async (call) => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('the call was not refused');
};

const { env } = process;
exports.settings = {
  oss: env.OSS_ENDPOINT,
  kms: env.KMS_ENDPOINT,
  fc: env.FC_ENDPOINT,
  accessKeyId: env.ACCESS_KEY_ID,
  accessKeySecret: env.ACCESS_KEY_SECRET,
  accountId: env.ACCOUNT_ID,
  region: env.REGION,
  bucket: env.BUCKET,
};
