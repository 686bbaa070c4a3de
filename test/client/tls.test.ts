import { describe, expect, it } from 'vitest';
import { kafkaTlsOf } from '../../sdk/client/tls.js';

describe('the option tls [client.connection-tls]', () => {
  it.each([[undefined], [false]])('%j is no TLS', (tls) => {
    expect(kafkaTlsOf(tls)).toBeUndefined();
  });

  it("is true for the system's authorities, or Node's options", () => {
    expect(kafkaTlsOf(true)).toBe(true);
    expect(kafkaTlsOf({ servername: 'kafka', minVersion: 'TLSv1.3' })).toEqual({
      servername: 'kafka',
      minVersion: 'TLSv1.3',
    });
  });

  it("may be in Temporal's words", () => {
    const [ca, crt, key] = [Buffer.from('ca'), Buffer.from('crt'), Buffer.from('key')];
    const tls = { serverNameOverride: 'kafka', serverRootCACertificate: ca, clientCertPair: { crt, key } };
    expect(kafkaTlsOf(tls)).toEqual({ servername: 'kafka', ca, cert: crt, key });
  });
});
