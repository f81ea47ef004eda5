// A plugin of Serverless Devs, called before a function is deployed. Where the stack has no answer, `s` leaves the
// expression as it stands in s.yaml and deploys it as the value.
const TODO =
  'administrator: npx s infra deploy -y makes the stack; where there is one, ENVELOPE_NAME and ENVELOPE_REGION must be its own, ' +
  'and whoever deploys needs ros:ListStacks and ros:GetStack (oss-envelope-deployer)';

module.exports = async (inputs) => {
  const found = [...unresolved(inputs.props, '')];
  if (found.length === 0) return inputs;
  throw new Error(`Cannot deploy ${inputs.resource.name}: ${found.join('; ')}\n  to do: ${TODO}`);
};

function* unresolved(value, path) {
  if (typeof value === 'string' && value.includes('${')) yield `${path} is still ${value}`;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value)) yield* unresolved(one, path ? `${path}.${name}` : name);
}
