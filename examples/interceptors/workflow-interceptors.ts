// Bundled with the workflows: each run makes its own.
import type { Headers, WorkflowInterceptorsFactory } from 'millrace/workflow';

export const interceptors: WorkflowInterceptorsFactory = () => {
  let received: Headers = {};
  return {
    inbound: [
      {
        execute(input, next) {
          received = input.headers;
          return next(input);
        },
      },
    ],
    outbound: [
      {
        // What came in with the start goes out with each activity.
        scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...received } }),
      },
    ],
  };
};
