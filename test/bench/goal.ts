/** `reason`: what was measured of the rest, where a goal is missed. `gross`: far enough off to stop a build. */
export type Goal = { goal: string; figure: string; met: boolean; reason?: string; gross?: boolean };
