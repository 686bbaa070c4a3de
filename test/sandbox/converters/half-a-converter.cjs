exports.payloadConverter = { toPayload() {} };
