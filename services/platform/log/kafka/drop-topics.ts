import { Kafka } from 'kafkajs';
import type { KafkaLogOptions } from './kafka-log.js';
import { kafkajsLogCreator } from './kafkajs-logging.js';
import { kafkajsSecurity } from './security.js';

/** Deletes the topics whose names begin so, and with them what groups have committed on them. */
export async function dropTopics(options: KafkaLogOptions, prefix: string): Promise<void> {
  const { brokers, clientId, logger } = options;
  const kafka = new Kafka({
    ...kafkajsSecurity(options),
    clientId,
    brokers: [...brokers],
    logCreator: kafkajsLogCreator(logger),
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
