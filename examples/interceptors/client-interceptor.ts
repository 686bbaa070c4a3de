import { defaultPayloadConverter, type WorkflowClientInterceptor } from 'millrace/client';

/** Sends who is calling along with each start. */
export function callerInterceptor(caller: string): WorkflowClientInterceptor {
  return {
    start: (input, next) =>
      next({ ...input, headers: { ...input.headers, caller: defaultPayloadConverter.toPayload(caller) } }),
  };
}
