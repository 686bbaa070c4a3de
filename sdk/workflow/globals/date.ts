import { currentRun } from '../current-run.js';

/** `Date` of which now is the time of the workflow task. Between two waits no time passes. */
export function deterministicDate(RealDate: DateConstructor): DateConstructor {
  const now = () => currentRun().activation.now;
  function WorkflowDate(...args: unknown[]) {
    if (new.target === undefined) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target);
  }
  const { prototype } = RealDate;
  Object.defineProperty(prototype, 'constructor', { value: WorkflowDate, writable: true, configurable: true });
  Object.defineProperties(WorkflowDate, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: prototype, writable: false },
    now: { value: now },
    parse: { value: RealDate.parse },
    UTC: { value: RealDate.UTC },
  });
  return WorkflowDate as unknown as DateConstructor;
}
