// Child processes that never outlive this one, however it ends: also when it gets SIGKILL. Each runs under a small
// shell that holds the reading end of a pipe from this process. When the pipe closes, nobody is left to want the
// child, and the shell ends it: SIGTERM first, SIGKILL ten seconds later. The children are in a process group of their
// own, so that a Ctrl-C on the terminal reaches this process alone, which ends them in the right order.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Lines of output kept to explain a failure. */
const MAX_LAST_LINES = 40;

// fd 3 tells this process the child's id; fd 4 is the pipe whose end means that this process has gone.
const guard = `
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
child=$!
echo $child >&3
exec 3>&-
(
  read -r line <&4
  kill -TERM $child
  kill -CONT $child
  for second in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 $child || exit 0
    sleep 1
  done
  kill -KILL $child
) >/dev/null 2>&1 &
guard=$!
exec 4<&-
wait $child
status=$?
kill $guard
exit $status
`;

export interface ChildOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment of the child. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called for each line the child prints. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface ExitStatus {
  /** The exit code, or null when a signal ended the child. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardedChild {
  readonly pid: number;
  readonly running: boolean;
  /** Resolves once the child has ended and its output is read to the end. */
  readonly exited: Promise<ExitStatus>;
  /** Sends a signal; does nothing once the child has ended. */
  kill(signal: NodeJS.Signals): void;
  /** Asks the child to end, insists with SIGKILL after `graceMs`, and resolves once it has ended. */
  stop(graceMs?: number): Promise<ExitStatus>;
  /** The last lines printed, for an error message. */
  lastLines(): string;
}

/** Starts a child that ends with this process. */
export async function startChild(options: ChildOptions): Promise<GuardedChild> {
  const shell = spawn('/bin/sh', ['-c', guard, 'sh', options.command, ...(options.args ?? [])], {
    env: options.env,
    cwd: options.cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: shell[stream], crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > MAX_LAST_LINES) lastLines.shift();
      options.onLine?.(line, stream);
    });
  }
  let running = true;
  const exited = once(shell, 'close').then(([code, signal]) => {
    running = false;
    return exitStatus(code, signal);
  });
  const pid = await childPid(shell);

  function kill(signal: NodeJS.Signals): void {
    if (!running) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in this moment: what was asked for.
    }
  }

  async function stop(graceMs = 10_000): Promise<ExitStatus> {
    kill('SIGTERM');
    const insist = setTimeout(() => kill('SIGKILL'), graceMs);
    const status = await exited;
    clearTimeout(insist);
    return status;
  }

  return {
    pid,
    get running() {
      return running;
    },
    exited,
    kill,
    stop,
    lastLines: () => lastLines.join('\n'),
  };
}

async function childPid(shell: ChildProcess): Promise<number> {
  const [line] = await once(createInterface({ input: shell.stdio[3] as Readable }), 'line');
  return Number(line);
}

/** A shell reports the signal n that ended its child as the exit code 128 + n. */
function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (code === null || code <= 128) return { code, signal };
  for (const [name, number] of Object.entries(constants.signals)) {
    if (number === code - 128) return { code: null, signal: name as NodeJS.Signals };
  }
  return { code, signal };
}
