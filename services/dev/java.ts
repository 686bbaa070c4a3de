import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** What Kafka 4 asks for. */
export const MIN_JAVA = 17;

export type JavaLookup =
  | { readonly found: true; readonly command: string }
  | { readonly found: false; readonly reason: string };

/** Looks for a Java that can run the cluster: the one of JAVA_HOME, else the first on the PATH. */
export async function findJava(env: NodeJS.ProcessEnv): Promise<JavaLookup> {
  const command = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  const output = await outputOf(command, ['-version'], env);
  const version = /version "(\d+)/.exec(output ?? '')?.[1];
  if (version === undefined) return { found: false, reason: `no Java ('${command}' doesn't run)` };
  if (Number(version) < MIN_JAVA) return { found: false, reason: `Java ${version} is too old` };
  return { found: true, command };
}

/** What a command prints to both streams, or undefined when it fails or takes longer than 10 seconds. */
export function outputOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: 10_000 }, (error, stdout, stderr) =>
      resolve(error === null ? stdout + stderr : undefined),
    );
  });
}
