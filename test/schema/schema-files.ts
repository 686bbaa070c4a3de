import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type AvroType = string | readonly AvroType[] | AvroObject;

export interface AvroObject {
  readonly type: AvroType;
  readonly name?: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly fields?: readonly AvroField[];
  readonly items?: AvroType;
  readonly values?: AvroType;
  readonly oneOf?: readonly string[];
  readonly logicalType?: string;
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string;
  readonly default?: unknown;
}

export interface SchemaFile {
  /** Path below `schemas/`. */
  readonly path: string;
  readonly schema: AvroObject;
}

const root = fileURLToPath(new URL('../../schemas/', import.meta.url));

/** The .avsc files of a folder below `schemas/`, with those of its folders. */
export function schemaFiles(folder: string): SchemaFile[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.avsc'))
    .sort()
    .map((file) => ({
      path: `${folder}/${file}`,
      schema: JSON.parse(readFileSync(`${root}${folder}/${file}`, 'utf8')),
    }));
}
