// JSON, with the context of each conversion next to the value.
const encoding = new TextEncoder().encode('json/stamped');

function stampOf(context) {
  if (context === undefined) return 'none';
  const { type, workflowId, activityId = '', isLocal = false } = context;
  return [type, workflowId, activityId, isLocal].join(' ');
}

export const payloadConverter = {
  toPayload(value, context) {
    const data = new TextEncoder().encode(JSON.stringify({ value: value ?? null, by: stampOf(context) }));
    return { metadata: { encoding }, data };
  },
  fromPayload({ data }, context) {
    const { value, by } = JSON.parse(new TextDecoder().decode(data));
    return typeof value === 'string' ? `${value}<${by}|${stampOf(context)}>` : value;
  },
};
