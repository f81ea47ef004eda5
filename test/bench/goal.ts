/** `reason`: whose the rest is, where a goal is missed and it is known. `gross`: far enough off to stop a build. */
export type Goal = { goal: string; figure: string; met: boolean; reason?: string; gross?: boolean };
