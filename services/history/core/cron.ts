// Cron schedules in UTC, as Temporal's server reads them (robfig/cron's standard form): five fields, the descriptors
// (@hourly …) and @every <duration>. Pure arithmetic on ms since the epoch: no calendar of the machine is asked.
import { civilOfDay, DAY_MS, weekdayOf } from './calendar.js';

interface FieldRange {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of its values, from the least on. */
  readonly names: readonly string[];
}

const none: readonly string[] = [];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minuteRange: FieldRange = { name: 'minute', least: 0, most: 59, names: none };
const hourRange: FieldRange = { name: 'hour', least: 0, most: 23, names: none };
const dayRange: FieldRange = { name: 'day of month', least: 1, most: 31, names: none };
const monthRange: FieldRange = { name: 'month', least: 1, most: 12, names: months };
const weekdayRange: FieldRange = { name: 'day of week', least: 0, most: 6, names: weekdays };

/** The values of a field. */
interface Field {
  readonly values: ReadonlySet<number>;
  /** Whether it was given as `*`: the other day field alone decides then. */
  readonly isAny: boolean;
}

type Schedule =
  | { readonly everyMs: number }
  | {
      readonly minute: Field;
      readonly hour: Field;
      readonly day: Field;
      readonly month: Field;
      readonly weekday: Field;
    };

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MINUTE_MS = 60_000;

/** How far ahead is looked, in days: a 29th of February may be eight years off. */
const LONGEST_SEARCH_DAYS = 9 * 366;

/** What is wrong with a schedule, or undefined. */
export function cronProblem(expression: string): string | undefined {
  const problem = (why: string) => `the cron schedule '${expression}' can't be used: ${why}`;
  try {
    if (nextOf(parse(expression), 0, 0) === undefined) return problem('no day is ever like that');
    return undefined;
  } catch (error) {
    return problem((error as Error).message);
  }
}

/**
 * The schedule's first time after `from` that is not before `now`, both in ms since the epoch. `@every` counts from
 * `from`. Undefined where no such time comes. The schedule has passed `cronProblem`.
 */
export function nextCronTime(expression: string, from: number, now: number): number | undefined {
  return nextOf(parse(expression), from, now);
}

function nextOf(schedule: Schedule, from: number, now: number): number | undefined {
  if ('everyMs' in schedule) {
    const base = from - (from % 1_000);
    return base + Math.max(1, Math.ceil((now - base) / schedule.everyMs)) * schedule.everyMs;
  }
  const earliest = Math.floor(Math.max(from, now - 1) / MINUTE_MS) + 1;
  const firstDay = Math.floor((earliest * MINUTE_MS) / DAY_MS);
  for (let day = firstDay; day < firstDay + LONGEST_SEARCH_DAYS; day++) {
    if (!isOn(schedule, day)) continue;
    const minute = minuteOn(schedule, day === firstDay ? earliest - (day * DAY_MS) / MINUTE_MS : 0);
    if (minute !== undefined) return day * DAY_MS + minute * MINUTE_MS;
  }
  return undefined;
}

/** Where both the day of the month and that of the week are given, either of them is enough. */
function isOn(schedule: Exclude<Schedule, { everyMs: number }>, epochDay: number): boolean {
  const { month, day } = civilOfDay(epochDay);
  if (!schedule.month.values.has(month)) return false;
  const byDay = schedule.day.values.has(day);
  const byWeekday = schedule.weekday.values.has(weekdayOf(epochDay));
  return schedule.day.isAny || schedule.weekday.isAny ? byDay && byWeekday : byDay || byWeekday;
}

/** The first minute of a day at which the schedule is due, from the given one on. */
function minuteOn({ hour, minute }: Exclude<Schedule, { everyMs: number }>, from: number): number | undefined {
  for (let at = from; at < DAY_MS / MINUTE_MS; at++) {
    if (hour.values.has(Math.floor(at / 60)) && minute.values.has(at % 60)) return at;
  }
  return undefined;
}

function parse(expression: string): Schedule {
  const text = withoutZone(expression.trim());
  if (text.startsWith('@every ')) return { everyMs: intervalMs(text.slice('@every '.length).trim()) };
  const whole = text.startsWith('@') ? descriptors[text.toLowerCase()] : text;
  if (whole === undefined) throw new TypeError(`'${text}' is none of ${Object.keys(descriptors).join(', ')}, @every`);
  const fields = whole.split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) {
    throw new TypeError(`it has ${fields.length} fields, not 5: minute, hour, day of month, month, day of week`);
  }
  return {
    minute: parseField(minute, minuteRange),
    hour: parseField(hour, hourRange),
    day: parseField(day, dayRange),
    month: parseField(month, monthRange),
    weekday: parseField(weekday, weekdayRange),
  };
}

/** Other zones have rules that change by law, which the core has no table of. */
function withoutZone(expression: string): string {
  const zone = /^(?:CRON_TZ|TZ)=(\S*)\s+(.*)$/.exec(expression);
  if (zone === null) return expression;
  const [, name = '', rest = ''] = zone;
  if (!['UTC', 'Etc/UTC', 'GMT'].includes(name))
    throw new TypeError(`its time zone is '${name}', and only UTC is known`);
  return rest;
}

function parseField(text: string, range: FieldRange): Field {
  const values = new Set<number>();
  let isAny = false;
  for (const part of text.split(',')) {
    const [span = '', step, ...more] = part.split('/');
    const every = step === undefined ? 1 : number(step, range);
    if (more.length > 0 || every < 1) throw new TypeError(`'${part}' is no ${range.name}`);
    const isStar = span === '*' || span === '?';
    if (isStar && every === 1) isAny = true;
    const [first, last] = isStar ? [range.least, range.most] : spanOf(span, range, step !== undefined);
    for (let value = first; value <= last; value += every) values.add(value);
  }
  return { values, isAny };
}

/** One value with a step goes on to the end. */
function spanOf(span: string, range: FieldRange, hasStep: boolean): [number, number] {
  const [low = '', high, ...more] = span.split('-');
  const first = valueIn(low, range);
  const last = high === undefined ? (hasStep ? range.most : first) : valueIn(high, range);
  if (more.length > 0 || first > last) throw new TypeError(`'${span}' is no ${range.name}`);
  return [first, last];
}

function valueIn(text: string, range: FieldRange): number {
  const named = range.names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + range.least : number(text, range);
  if (value >= range.least && value <= range.most) return value;
  throw new TypeError(`the ${range.name} is '${text}', and it goes from ${range.least} to ${range.most}`);
}

function number(text: string, { name }: FieldRange): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new TypeError(`'${text}' is no ${name}`);
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, m: MINUTE_MS, s: 1_000, ms: 1 };

/** A hundred years: times further off need not fit a record. */
const LONGEST_INTERVAL_MS = 100 * 365 * 24 * 60 * MINUTE_MS;

/** A duration as Go writes it (1h30m), in whole seconds. */
function intervalMs(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) throw new TypeError(`'${text}' is no duration such as 1h30m`);
  let total = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) {
    total += Number(count) * (units[unit] ?? 0);
  }
  if (total > LONGEST_INTERVAL_MS) throw new TypeError(`'${text}' is longer than a hundred years`);
  return Math.max(1_000, Math.floor(total / 1_000) * 1_000);
}
