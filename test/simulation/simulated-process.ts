import type { Clock } from '../../services/platform/clock.js';
import type { Facts, Logger } from '../../services/platform/logger.js';
import { type CrashSites, callerOf } from './crash-sites.js';
import type { Dice } from './dice.js';
import type { Actor, Scheduler } from './scheduler.js';
import type { Trace } from './trace.js';

export type ProcessKind = 'history' | 'worker' | 'client';

/** What a process can die at: an operation on the log, records or an assignment that come in, a timer. */
export type CrashKind =
  | 'append'
  | 'send'
  | 'open'
  | 'read'
  | 'assign'
  | 'deliver'
  | 'group'
  | 'assigned'
  | 'commit'
  | 'timer';

/** When a process is to be killed: at one of its next operations of this kind, before or after that took effect. */
export interface Doom {
  readonly kind: CrashKind;
  readonly when: 'before' | 'after';
  /** A function that has to be the one that asks; any unless set. */
  readonly at?: string;
  /** Operations of the kind that it is still granted. */
  countdown: number;
}

export interface ProcessOptions {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly sites: CrashSites;
  /** How far its clock is from true time, in milliseconds. */
  readonly skewMs: number;
  /** Called with what it says at the level of errors: in a simulation nothing happens that an operator must look at. */
  readonly onError: (error: Error) => void;
}

/** A process of the simulation, from its start to its death. What it is made of asks it for time, ids and a logger. */
export class SimulatedProcess implements Actor {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly #options: ProcessOptions;
  readonly #onDeath: Array<() => void> = [];
  readonly #onPause: Array<() => void> = [];
  readonly #onResume: Array<() => void> = [];
  #skewMs: number;
  #ids = 0;
  isDead = false;
  isPaused = false;
  doom: Doom | undefined;

  constructor(options: ProcessOptions) {
    const { scheduler, name } = options;
    this.#options = options;
    this.#skewMs = options.skewMs;
    this.name = name;
    this.kind = options.kind;
    this.clock = {
      now: () => scheduler.nowMs + this.#skewMs,
      // As a machine's timers do, it counts the time that passes: a clock that is set does not move it.
      setTimer: (atMs, fire) => {
        const lateMs = options.dice.chance(0.2) ? options.dice.between(0, 20) : 0;
        const site = this.siteOf('timer');
        const wake = () => {
          if (!this.diesAt('timer', site, 'before')) fire();
        };
        return scheduler.after(Math.max(0, Math.ceil(atMs - this.clock.now())) + lateMs, site, wake, this);
      },
    };
    this.logger = this.#logger({});
  }

  readonly newId = (): string => `${this.name}/${++this.#ids}`;

  onDeath(act: () => void): void {
    this.#onDeath.push(act);
  }

  onPause(act: () => void): void {
    this.#onPause.push(act);
  }

  onResume(act: () => void): void {
    this.#onResume.push(act);
  }

  /** It is gone at once: nothing that it waits for comes, and nothing that it does is done. */
  kill(): void {
    if (this.isDead) return;
    this.isDead = true;
    for (const act of this.#onDeath) act();
  }

  /** As a virtual machine that is suspended: it does nothing, and knows nothing of it. */
  pause(): void {
    if (this.isDead || this.isPaused) return;
    this.isPaused = true;
    for (const act of this.#onPause) act();
  }

  resume(): void {
    if (this.isDead || !this.isPaused) return;
    this.isPaused = false;
    this.#options.scheduler.release();
    for (const act of this.#onResume) act();
  }

  jump(ms: number): void {
    this.#skewMs += ms;
  }

  /** Names the place that asks: what for, and which function of services/ or sdk/. */
  siteOf(what: string): string {
    return `${what} by ${callerOf()}`;
  }

  /** Whether it is dead, or dies here. */
  diesAt(kind: CrashKind, site: string, when: Doom['when']): boolean {
    if (this.isDead) return true;
    const { trace, scheduler, sites } = this.#options;
    if (when === 'before') sites.reached(this.kind, site);
    const { doom } = this;
    if (doom === undefined || doom.kind !== kind || doom.when !== when) return false;
    if (doom.at !== undefined && !site.endsWith(doom.at)) return false;
    doom.countdown -= 1;
    if (doom.countdown >= 0) return false;
    this.doom = undefined;
    sites.killed(this.kind, site, when);
    trace.add(scheduler.nowMs, this.name, `KILLED ${when} ${site}`);
    this.kill();
    return true;
  }

  #logger(bound: Facts): Logger {
    const { trace, scheduler } = this.#options;
    const write = (level: string) => (message: string, facts?: Facts) => {
      if (!this.isDead) trace.add(scheduler.nowMs, this.name, `${level}: ${message} ${said({ ...bound, ...facts })}`);
    };
    const writeError = write('ERROR');
    return {
      trace: () => {},
      debug: () => {},
      info: write('info'),
      warn: write('warn'),
      error: (message, facts) => {
        writeError(message, facts);
        if (this.isDead) return;
        const text = `${this.name} logged an error: ${message} ${said({ ...bound, ...facts })}`;
        this.#options.onError(new Error(text, { cause: facts?.error }));
      },
      child: (facts) => this.#logger({ ...bound, ...facts }),
    };
  }
}

function said(facts: Facts): string {
  const entries = Object.entries(facts).filter(([name]) => name !== 'namespace' && name !== 'identity');
  return entries
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : JSON.stringify(value)}`)
    .join(' ');
}
