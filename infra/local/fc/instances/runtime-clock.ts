const Real = Date;
let offset = 0;

/** Sets this process's Date to the cloud's time (ms), where that was moved by seconds or more. */
export function followClock(now: number): void {
  offset = Math.round((now - Real.now()) / 1000) * 1000;
  if (offset !== 0 && Date === Real) globalThis.Date = moved;
}

const cloudNow = () => Real.now() + offset;
const moved = new Proxy(Real, {
  construct: (target, given: [], newTarget) =>
    Reflect.construct(target, given.length > 0 ? given : [cloudNow()], newTarget),
  apply: () => new Real(cloudNow()).toString(),
  get: (target, name, receiver) => (name === 'now' ? cloudNow : Reflect.get(target, name, receiver)),
});
