/** A seed that once found a defect, run again with every test run. */
export interface Regression {
  readonly seed: number;
  readonly minutes: number;
  /** What was wrong. */
  readonly was: string;
}

/** Seeds find their way through the code as it is: one may no longer come by the place where its defect was. */
export const regressions: readonly Regression[] = [];
