import type { ConnectionOptions as NodeTlsOptions } from 'node:tls';
import type { KafkaLogOptions } from '../../services/platform/log/kafka/kafka-log.js';

/** How TLS is set up, as Temporal's programs say it. */
export interface TLSConfig {
  /** The name that the broker's certificate has, where it isn't the host's. */
  readonly serverNameOverride?: string | undefined;
  /** PEM of the authority. Default: the system's. */
  readonly serverRootCACertificate?: Uint8Array | undefined;
  /** PEM of the client's certificate and its key. */
  readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array } | undefined;
}

/** `true` for the system's authorities, or the options in Temporal's words or Node's. */
export type TlsOption = boolean | TLSConfig | NodeTlsOptions;

/** The option as the connection to Kafka takes it; undefined for no TLS. */
export function kafkaTlsOf(tls: TlsOption | undefined): KafkaLogOptions['tls'] | undefined {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return true;
  const { serverNameOverride, serverRootCACertificate, clientCertPair, ...node } = tls as TLSConfig & NodeTlsOptions;
  return {
    ...node,
    ...(serverNameOverride !== undefined && { servername: serverNameOverride }),
    ...(serverRootCACertificate !== undefined && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair !== undefined && {
      cert: Buffer.from(clientCertPair.crt),
      key: Buffer.from(clientCertPair.key),
    }),
  };
}
