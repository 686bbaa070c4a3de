import { readFileSync } from 'node:fs';

export function through(): string {
  return readFileSync('/etc/hostname', 'utf8');
}

export const harmless = 1;
