import { AsyncLocalStorage } from 'node:async_hooks';
import { type ActivityInterceptorsFactory, defaultPayloadConverter } from 'millrace/worker';

const callers = new AsyncLocalStorage<string>();

/** Makes the caller known to an activity and all that it calls. */
export const callerOfActivities: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute(input, next) {
      const { caller } = input.headers;
      return callers.run(caller === undefined ? 'nobody' : defaultPayloadConverter.fromPayload(caller), () =>
        next(input),
      );
    },
  },
});

export async function whoCalls(): Promise<string> {
  return `called by ${callers.getStore()}`;
}
