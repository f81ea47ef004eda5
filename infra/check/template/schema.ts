/** A resource type as ROS knows it. */
export type Schema = {
  /** What is wrong with a resource's Properties; functions in it count as right. */
  findings(properties: unknown): string[];
  /** What Fn::GetAtt gives. */
  attributes: string[];
};
