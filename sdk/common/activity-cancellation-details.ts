/** Everything that asks an activity to stop; more than one may be set. */
export interface ActivityCancellationDetails {
  readonly cancelRequested: boolean;
  readonly notFound: boolean;
  readonly timedOut: boolean;
  readonly workerShutdown: boolean;
  readonly paused: boolean;
  readonly reset: boolean;
}
