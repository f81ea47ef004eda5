/** Whether it is a function of ROS, whose value nobody knows before the deployment. */
export function isFunction(value: unknown): boolean {
  const [only, ...more] = Object.keys(Object(value));
  return only !== undefined && more.length === 0 && /^(Ref|Fn::\w+)$/.test(only);
}
