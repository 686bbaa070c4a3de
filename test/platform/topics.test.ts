import { describe, expect, it } from 'vitest';
import { checkTaskQueue, topicsOf, workerGroup } from '../../services/platform/topics.js';

const topics = topicsOf('shop');
const topicOf = (taskQueue: string) => topics.workflowTasks(taskQueue);

describe('the topics of a task queue', () => {
  it('carry its name where Kafka takes it', () => {
    expect(topicOf('orders.v2_eu-west')).toBe('shop.tasks.orders.v2_eu-west.workflow');
    expect(topics.activityTasks('orders')).toBe('shop.tasks.orders.activity');
    expect(workerGroup('shop', 'orders', 'activity')).toBe('shop.orders.activity');
  });

  it('carry it byte by byte where Kafka would refuse a character', () => {
    expect(topicOf('day 11/25')).toBe('shop.tasks.day..2011..2f25.workflow');
    expect(topicOf('größe')).toBe('shop.tasks.gr..c3..b6..c3..9fe.workflow');
    expect(workerGroup('shop', 'a/b', 'workflow')).toBe('shop.a..2fb.workflow');
  });

  it('are two where the names are two, however they are spelled', () => {
    const names = ['a/b', 'a..2fb', 'a..b', 'a.b', 'a b', 'a..2eb', 'a/.b', 'a/..b', 'a..', 'a.', '/', '..2f', '%2f'];
    const used = new Set(names.map(topicOf));
    expect(used.size).toBe(names.length);
    for (const topic of used) expect(topic).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  it('leave no room for a name that is empty, no string, or too long when it is spelled', () => {
    expect(checkTaskQueue('q'.repeat(180))).toBe('q'.repeat(180));
    expect(checkTaskQueue('/'.repeat(45))).toBe('/'.repeat(45));
    expect(() => checkTaskQueue('q'.repeat(181))).toThrow("task queue 'qqq");
    expect(() => checkTaskQueue('/'.repeat(46))).toThrow(/takes 184 characters .* at most 180/);
    expect(() => checkTaskQueue('')).toThrow('a task queue needs a name');
    expect(() => checkTaskQueue(7 as unknown as string)).toThrow('a task queue needs a name');
  });
});
