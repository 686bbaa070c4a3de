// biome-ignore lint/suspicious/noExplicitAny: any function at all, as in Temporal's types
type AnyFunction = (...args: any[]) => any;

type WithoutLast<List extends unknown[]> = List extends [...infer Rest, unknown] ? Rest : never;

// A function type, not a conditional one: its parts are looked at only when it is used, so that a method may name it.
type WithoutLastParameter<F extends AnyFunction> = (...args: WithoutLast<Parameters<F>>) => ReturnType<F>;

/** What an interceptor's method calls to go on: the same method without its last parameter. */
export type Next<I, M extends keyof I> = Required<I>[M] extends AnyFunction
  ? WithoutLastParameter<Required<I>[M]>
  : never;

/**
 * Chains one method of several interceptors: the first is called first and decides whether and with what the next goes
 * on; `last` is what all of them stand before. Interceptors without the method are passed over.
 */
export function composeInterceptors<I extends object, M extends keyof I>(
  interceptors: readonly I[],
  method: M,
  last: Next<I, M>,
): Next<I, M> {
  let next = last as AnyFunction;
  for (const interceptor of interceptors.toReversed()) {
    const intercept = interceptor[method] as AnyFunction | undefined;
    if (intercept === undefined) continue;
    const following = next;
    next = (input: unknown) => intercept.call(interceptor, input, following);
  }
  // The compiler can't see that a chain of one method has that method's shape.
  return next as Next<I, M>;
}
