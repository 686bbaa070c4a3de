// The least that a failure converter does, so that its work shows.
const plain = {
  source: 'prefixing',
  stackTrace: '',
  encodedAttributes: null,
  cause: null,
};

export const failureConverter = {
  errorToFailure(error, payloadConverter, context) {
    const details = [payloadConverter.toPayload(error.name)];
    const applicationInfo = { failureType: 'Prefixed', nonRetryable: true, details, nextRetryDelayMs: null };
    return { ...plain, message: `${context?.type}: ${error.message}`, applicationInfo };
  },
  failureToError({ message }) {
    return new Error(`from ${message}`);
  },
};
