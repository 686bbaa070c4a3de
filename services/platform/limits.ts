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

/** Updates of a run in all, but for refused ones, as in Temporal. */
export const MAX_UPDATES = 2_000;

/** Updates of a run that are not over. Each may have somebody waiting, and Temporal takes 10. */
export const MAX_IN_FLIGHT_UPDATES = 1_000;

/** Arguments of a run's updates that no worker has accepted yet, as in Temporal: they are kept in memory. */
export const MAX_IN_FLIGHT_UPDATE_BYTES = 20 * 1024 * 1024;

/** Arguments of the updates that one workflow task carries, unless a single one is larger: it has events beside them. */
export const MAX_TASK_UPDATE_BYTES = 1024 * 1024;

/** Refused updates of a run that are remembered, so that a request sent again is not taken for a new one. */
export const MAX_REMEMBERED_REJECTIONS = 100;

/** Pending timers of a run: bounds the work of finding the next one due. */
export const MAX_PENDING_TIMERS = 2_000;

/** Pending children of a run, as in Temporal. */
export const MAX_PENDING_CHILDREN = 2_000;

/** Signals of other workflows that a run waits to be told of, and as many cancellations, as in Temporal. */
export const MAX_PENDING_EXTERNAL_REQUESTS = 2_000;

/** Events of a run, as in Temporal. */
export const MAX_HISTORY_EVENTS = 51_200;

/** Requests that a run knows of those before it, so that one sent again after the next run has begun is known. */
export const MAX_CARRIED_REQUESTS = 1_000;

/** Ids (workflow, task queue, type, signal, activity …), in characters, as in Temporal. */
export const MAX_ID_LENGTH = 1_000;

/** Task queue names as topic names spell them, in characters: Kafka bounds those at 249 with prefix and suffix. */
export const MAX_TASK_QUEUE_LENGTH = 180;

/** Commands read but not yet decided, for each partition. Beyond it the owner stops reading, and they wait in Kafka. */
export const MAX_COMMAND_BACKLOG = 4_000;

/** Records decided but not yet delivered, for each partition. Beyond it the owner decides nothing more until some are. */
export const MAX_UNDELIVERED_RECORDS = 20_000;

/** Tries to deliver a record (a task, a reply) before it is set aside, so that a lost topic can't hold up the rest. */
export const MAX_DELIVERY_ATTEMPTS = 20;

/**
 * Runs that a history service keeps in memory; divided among the partitions. The others are in its local store. The more
 * there are, the longer each round of the garbage collector holds up all partitions, and the later what is due then.
 */
export const HOT_RUNS_BYTES = 64 * 1024 * 1024;

/** What a run in memory takes beside its events. */
export const HOT_RUN_OVERHEAD_BYTES = 4 * 1024;

/** Growth of a partition's history after which a snapshot is written: bounds what is read behind it at a takeover. */
export const SNAPSHOT_AFTER_BYTES = 8 * 1024 * 1024;

/** A chunk of a snapshot: small, since the loop stands still while one is made. */
export const SNAPSHOT_CHUNK_BYTES = 128 * 1024;

/** Closed runs forgotten at once: about 10 ms where they are in the local store, in which nothing else is decided. */
export const MAX_FORGOTTEN_RUNS = 200;

/** Waits for a run's end kept for each partition; they are asked for again when lost. */
export const MAX_WAITERS = 100_000;

/** What Kafka adds to a record at most besides key, value and headers, rounded up. */
export const RECORD_OVERHEAD_BYTES = 64;

/** Records a producer holds while its brokers don't take them. Beyond it `send` refuses at once, and callers slow down. */
export const MAX_PRODUCER_BACKLOG_BYTES = 128 * 1024 * 1024;

/** One produce request; the broker's `socket.request.max.bytes` is 100 MiB, and a large one delays all behind it. */
export const MAX_PRODUCE_REQUEST_BYTES = 16 * 1024 * 1024;

/** One answer to a fetch. The broker exceeds it only for a first batch that is larger by itself. */
export const MAX_FETCH_BYTES = 16 * 1024 * 1024;

/** Fetched records of one partition: what one answer brings, and what may wait behind a slow handler. */
export const MAX_FETCH_PARTITION_BYTES = 1024 * 1024;

/** Payloads of one task or history that go through the codecs at a time: a codec may ask a key service for each. */
export const CODEC_CONCURRENCY = 50;

/** Runs whose activities' ids are kept for the codecs. Those of others are read from history. */
export const MAX_RUNS_WITH_ACTIVITY_IDS = 10_000;

/** Runs that a worker remembers to have hung, or to have brought a sandbox down. */
export const MAX_QUARANTINED_RUNS = 1_000;

/** Source maps of activities' modules that are kept for the stacks of their errors. */
export const MAX_SOURCE_MAPS = 200;
