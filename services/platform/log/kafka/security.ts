import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { ConnectionOptions } from '@platformatic/kafka';
import type { KafkaConfig, SASLOptions as KafkajsSasl } from 'kafkajs';

/** How to authenticate. */
export interface KafkaSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaSecurity {
  /** `true` for TLS with the system's authorities, or Node's options. */
  readonly tls?: true | TlsOptions;
  readonly sasl?: KafkaSasl;
}

/** As the wire layer wants it. */
export function wireSecurity({ tls, sasl }: KafkaSecurity): ConnectionOptions {
  return {
    ...(tls === undefined ? {} : { tls: tls === true ? {} : tls, tlsServerName: true }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } }),
  };
}

/** As kafkajs wants it. */
export function kafkajsSecurity({ tls, sasl }: KafkaSecurity): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl: kafkajsSasl(sasl) }),
  };
}

function kafkajsSasl({ mechanism, username, password }: KafkaSasl): KafkajsSasl {
  switch (mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password };
  }
}
