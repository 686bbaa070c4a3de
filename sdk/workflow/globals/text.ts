/** The host's text functions. They take and give strings and bytes; what they give is copied into this realm. */
export interface HostText {
  readonly TextEncoder: typeof TextEncoder;
  readonly TextDecoder: typeof TextDecoder;
  readonly atob: (text: string) => string;
  readonly btoa: (text: string) => string;
}

export function textGlobals(host: HostText): Readonly<Record<string, unknown>> {
  const utf8Encoder = new host.TextEncoder();
  const utf8Decoder = new host.TextDecoder();

  class TextEncoder {
    readonly encoding = 'utf-8';

    encode(text = ''): Uint8Array {
      return new Uint8Array(utf8Encoder.encode(text));
    }

    encodeInto(text: string, into: Uint8Array): { read: number; written: number } {
      const { read, written } = utf8Encoder.encodeInto(text, into);
      return { read, written };
    }
  }

  class TextDecoder {
    readonly #decoder: InstanceType<HostText['TextDecoder']>;

    constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean }) {
      // Most are made for one use without options; making one of the host's takes longer than using it.
      const isPlain = label === undefined && options === undefined;
      this.#decoder = isPlain ? utf8Decoder : new host.TextDecoder(label, options);
    }

    get encoding(): string {
      return this.#decoder.encoding;
    }

    get fatal(): boolean {
      return this.#decoder.fatal;
    }

    get ignoreBOM(): boolean {
      return this.#decoder.ignoreBOM;
    }

    decode(bytes: ArrayBufferView | ArrayBuffer = new Uint8Array(0), options?: { readonly stream?: boolean }): string {
      // Only one of its own may keep the state of a stream.
      const decoder = options?.stream && this.#decoder === utf8Decoder ? new host.TextDecoder() : this.#decoder;
      return decoder.decode(bytes as ArrayBuffer, options);
    }
  }

  return {
    TextEncoder,
    TextDecoder,
    atob: (text: string): string => host.atob(String(text)),
    btoa: (text: string): string => host.btoa(String(text)),
  };
}
