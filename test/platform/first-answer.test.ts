import { describe, expect, it, vi } from 'vitest';
import { firstAnswer } from '../../services/platform/log/kafka/first-answer.js';

const silence = new Promise<never>(() => {});
const refused = new Error('refused');

function askAll(answers: Readonly<Record<string, () => Promise<string>>>) {
  const asked: string[] = [];
  const ask = (name: string) => {
    asked.push(name);
    return answers[name]?.() ?? silence;
  };
  const options = { ask, patienceMs: 1_000, isFinal: (error: unknown) => error === refused };
  return { asked, answer: firstAnswer(Object.keys(answers), options) };
}

describe('the first answer', () => {
  it('is that of the first asked, and nobody else is asked', async () => {
    const { answer, asked } = askAll({ a: async () => 'from a', b: async () => 'from b' });
    expect(await answer).toBe('from a');
    expect(asked).toEqual(['a']);
  });

  it('comes from the next where one fails, at once', async () => {
    const { answer } = askAll({ a: () => Promise.reject(new Error('gone')), b: async () => 'from b' });
    expect(await answer).toBe('from b');
  });

  it('comes from the next where one is silent', async () => {
    vi.useFakeTimers();
    const { answer, asked } = askAll({ a: () => silence, b: () => silence, c: async () => 'from c' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBe('from c');
    expect(asked).toEqual(['a', 'b', 'c']);
    vi.useRealTimers();
  });

  it('may still be that of one who was slow', async () => {
    vi.useFakeTimers();
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('from a'), 5_000));
    const { answer } = askAll({ a: slow, b: () => silence });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await answer).toBe('from a');
    vi.useRealTimers();
  });

  it('is a refusal that others would repeat', async () => {
    const { answer, asked } = askAll({ a: () => Promise.reject(refused), b: async () => 'from b' });
    await expect(answer).rejects.toBe(refused);
    expect(asked).toEqual(['a']);
  });

  it('is the last failure when nobody answers', async () => {
    const last = new Error('gone too');
    const { answer } = askAll({ a: () => Promise.reject(new Error('gone')), b: () => Promise.reject(last) });
    await expect(answer).rejects.toBe(last);
  });
});
