/** The Web's error class, as far as code that catches an abort or a failed clone looks at it. */
export class DOMException extends Error {
  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
  }
}
