// The public index of millrace/common/lib/encoding.
export { decode, encode } from '../encoding.js';
