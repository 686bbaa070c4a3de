// Every bound of the platform, with its unit and reason.

/** Virtual shards a workflow id hashes into. Fixed for ever: partitions are added by moving shards. */
export const SHARDS = 4096;

/** One user value, encoded. Temporal's blob limit; larger ones belong in external storage. */
export const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;

/** One command record. A decision's events are about as large as the command that caused them. */
export const MAX_COMMAND_BYTES = 4 * 1024 * 1024;

/** One record batch on our topics (their `max.message.bytes`): a command's events with room for headers and growth. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Events carried inside a workflow task; beyond it the worker asks for them. Keeps task topics light. */
export const MAX_TASK_EVENT_BYTES = 1024 * 1024;

/** Size aimed at for a chunk of a history reply. */
export const HISTORY_CHUNK_BYTES = 1024 * 1024;

/** Records of one group commit. Bounds the latency that one batch adds to the next. */
export const MAX_BATCH_RECORDS = 2_000;

/** Pending activities of a run, as in Temporal. */
export const MAX_PENDING_ACTIVITIES = 2_000;

/** Pending timers of a run: bounds the work of finding the next one due. */
export const MAX_PENDING_TIMERS = 2_000;

/** Events of a run, as in Temporal. */
export const MAX_HISTORY_EVENTS = 51_200;

/** Ids (workflow, task queue, type, signal, activity …), in characters, as in Temporal. */
export const MAX_ID_LENGTH = 1_000;

/** Task queue names become topic names, which Kafka bounds at 249 characters with prefix and suffix. */
export const MAX_TASK_QUEUE_LENGTH = 180;
