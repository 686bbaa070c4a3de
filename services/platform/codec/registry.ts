// The schema registry: asked when a process starts, and for schemas of other versions of Millrace as they are met.
// Nothing else waits for it: once connected, messages are written and read whether it runs or not.
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { messageSchemas } from '../../../schemas/generated/messages.js';
import type { Logger } from '../logger.js';
import { createAvroCodec } from './avro-codec.js';
import type { Codec } from './codec.js';
import { CodecError } from './errors.js';

export interface RegistryOptions {
  /** Base of the Confluent API, e.g. `http://localhost:8081`. May carry `user:password@`. */
  readonly registryUrl: string;
  readonly logger: Logger;
  /** How long to wait for a registry that can't be reached, in milliseconds. */
  readonly connectTimeoutMs?: number;
}

/** Requests under way at once. More don't make Apicurio faster, and many processes may start together. */
const PARALLEL_REQUESTS = 8;

/** Silence after which a request is given up, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000;

/** First and longest wait between two tries, in milliseconds. */
const BACKOFF_MS = { first: 50, longest: 1_000 };

/**
 * Looks up the schema of every message type, registers those that are missing, with compatibility FULL_TRANSITIVE, and
 * returns the codec. Errors: `REGISTRY_UNAVAILABLE` after `connectTimeoutMs` (default 30,000), `REGISTRY_REFUSED` for
 * wrong credentials, `SCHEMA_INCOMPATIBLE` with the registry's reason.
 */
export async function connectCodec(options: RegistryOptions): Promise<Codec> {
  const { registryUrl, logger, connectTimeoutMs = 30_000 } = options;
  const { registry, url } = createRegistry(registryUrl, Math.min(REQUEST_TIMEOUT_MS, connectTimeoutMs));
  const startedAt = performance.now();
  const deadline = startedAt + connectTimeoutMs;
  let registered = 0;

  async function idOf(subject: string, schema: string): Promise<number> {
    const known = await lookUp(registry, subject, schema);
    if (known !== undefined) return known;
    try {
      const compatibility = COMPATIBILITY.FULL_TRANSITIVE;
      const { id } = await registry.register({ type: SchemaType.AVRO, schema }, { subject, compatibility });
      registered += 1;
      return id;
    } catch (error) {
      // Another process may have registered it in between, which some registries answer as a conflict.
      const meanwhile = await lookUp(registry, subject, schema);
      if (meanwhile === undefined) throw error;
      return meanwhile;
    }
  }

  async function connect(subject: string, schema: string) {
    return { id: await retried(() => idOf(subject, schema), { url, subject, deadline, logger }), schema, write: true };
  }

  // The first request goes alone: an absent registry is then waited for by one, not by all.
  const [first, ...others] = Object.entries(messageSchemas);
  const schemas = first === undefined ? [] : [await connect(...first)];
  schemas.push(...(await Promise.all(others.map((entry) => connect(...entry)))));

  logger.debug('schema registry connected', {
    registryUrl: url,
    schemas: schemas.length,
    registered,
    tookMs: Math.round(performance.now() - startedAt),
  });
  return createAvroCodec({ schemas }, async (id) => {
    logger.info('schema fetched', { schemaId: id });
    return fetchSchema(registry, url, id);
  });
}

function createRegistry(
  registryUrl: string,
  timeout: number,
): { readonly registry: SchemaRegistry; readonly url: string } {
  const { username, password, ...parts } = urlOf(registryUrl);
  const options = { keepAlive: true, maxSockets: PARALLEL_REQUESTS };
  const registry = new SchemaRegistry({
    host: parts.url,
    agent: parts.url.startsWith('https:') ? new TlsAgent(options) : new Agent(options),
    retry: { retries: 0 },
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout }) })],
    ...(username !== '' && { auth: { username, password } }),
  });
  return { registry, url: parts.url };
}

/** The URL without its credentials, so that no message shows them. */
function urlOf(registryUrl: string): { readonly url: string; readonly username: string; readonly password: string } {
  if (!/^https?:/.test(registryUrl) || !URL.canParse(registryUrl)) {
    throw new TypeError('the schema registry URL must be an http or https URL, such as http://localhost:8081');
  }
  const parsed = new URL(registryUrl);
  const [username, password] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)];
  parsed.username = '';
  parsed.password = '';
  return { url: parsed.href.replace(/\/+$/, ''), username, password };
}

/** The id under which the subject has exactly this schema, or undefined. */
async function lookUp(registry: SchemaRegistry, subject: string, schema: string): Promise<number | undefined> {
  try {
    return await registry.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema });
  } catch (error) {
    // The client turns the registry's 404 into an error of this name, and no other.
    if (error instanceof Error && error.name === 'ConfluentSchemaRegistryError') return undefined;
    throw error;
  }
}

async function fetchSchema(registry: SchemaRegistry, url: string, id: number): Promise<string | undefined> {
  try {
    return JSON.stringify(await registry.getSchema(id));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    const reason = reasonOf(error);
    const message = `the schema registry at ${url} didn't give schema ${id} (${reason}): start it, then try again`;
    throw new CodecError('REGISTRY_UNAVAILABLE', message, { schemaId: id }, { cause: error });
  }
}

interface Waiting {
  readonly url: string;
  readonly subject: string;
  /** When to give up, by `performance.now()`. */
  readonly deadline: number;
  readonly logger: Logger;
}

/** Tries until the deadline. Refusals of the registry are final: waiting doesn't change them. */
async function retried<T>(operation: () => Promise<T>, { url, subject, deadline, logger }: Waiting): Promise<T> {
  const startedAt = performance.now();
  for (let waitMs = BACKOFF_MS.first; ; waitMs = Math.min(waitMs * 2, BACKOFF_MS.longest)) {
    try {
      return await operation();
    } catch (error) {
      throwIfRefused(error, url, subject);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
        throw new CodecError(
          'REGISTRY_UNAVAILABLE',
          `no schema registry answered at ${url} for ${seconds} s (${reasonOf(error)}): start one there, or set SCHEMA_REGISTRY_URL`,
          { subject },
          { cause: error },
        );
      }
      if (waitMs === BACKOFF_MS.first) {
        const facts = { registryUrl: url, timeoutMs: Math.round(leftMs), reason: reasonOf(error) };
        logger.warn('the schema registry does not answer yet, trying again', facts);
      }
      await sleep(Math.min(waitMs * (0.5 + Math.random()), leftMs));
    }
  }
}

function throwIfRefused(error: unknown, url: string, subject: string): void {
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    const message = `the schema registry at ${url} refused access to ${subject} (${status}): put user:password@ into SCHEMA_REGISTRY_URL`;
    throw new CodecError('REGISTRY_REFUSED', message, { subject }, { cause: error });
  }
  const otherLevel = error instanceof Error && error.name === 'ConfluentSchemaRegistryCompatibilityError';
  if (status === 409 || status === 422 || otherLevel) {
    const advice = otherLevel
      ? `set the subject's compatibility to ${COMPATIBILITY.FULL_TRANSITIVE}`
      : 'use the registry of this Millrace, or a version of Millrace that follows the one that wrote there';
    const message = `the schema registry at ${url} refused the schema of ${subject}: ${reasonOf(error)}; ${advice}`;
    throw new CodecError('SCHEMA_INCOMPATIBLE', message, { subject }, { cause: error });
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** The registry's own words, without what the client puts before them. The client reports a failed connection as status 400. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replace(/^Confluent_Schema_Registry - (Error, status 400: )?/, '');
}
