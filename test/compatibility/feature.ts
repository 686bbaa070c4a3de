/** A feature of Temporal's TypeScript SDK that one test can show. */
export interface Feature {
  /** `<package>.<slug>`; a test that shows the feature has it in square brackets in its title, or in a describe's. */
  readonly id: string;
  /** The section of the checklist that lists it; sections are named in `features.ts`. */
  readonly section: string;
  /** What it is, in a few words. */
  readonly feature: string;
  /** Why it is not supported. */
  readonly unsupported?: string;
  /** What is missing from it, when a test shows a part of it only. */
  readonly partly?: string;
}
