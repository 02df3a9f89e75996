// Holds every wait of the tests: for a condition, for a time in which nothing may happen, or for a delay that a test adds.
import { setTimeout as elapse } from 'node:timers/promises';

/** Between two looks at a condition, in milliseconds. */
const pollInterval = 20;

/**
 * Waits until a condition outside the page holds, and returns what it gave.
 * @param {() => unknown} condition may be asynchronous
 * @param {string} what the condition in words, for the message
 */
export async function until(condition, what, seconds = 10) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Not within ${seconds} s: ${what}.`);
    await elapse(pollInterval);
  }
}

/**
 * Lets time pass in which something must not happen; the assertion follows. No event tells of an absence, so the time is a choice: it is
 * longer than the forbidden thing would take.
 * @param {string} reason the forbidden thing
 */
export async function nothingFor(milliseconds, reason) {
  if (!reason) throw new Error('nothingFor takes the reason: the thing that must not happen.');
  await elapse(milliseconds);
}

/** Does something again and again until `end()`; it alone keeps no process alive. */
export function repeatEvery(milliseconds, act) {
  const timer = setInterval(() => void act(), milliseconds).unref();
  return { end: () => clearInterval(timer) };
}

/** A delay that is part of what a test does: a slow network, or a person who waits before the next step. */
export const delay = (milliseconds) => elapse(milliseconds);

/** The promise, or a failure once the time is over. */
export async function withTimeout(seconds, promise) {
  const clock = new AbortController();
  const late = elapse(seconds * 1000, undefined, { signal: clock.signal }).then(
    () => Promise.reject(new Error(`Not done after ${seconds} s.`)),
    () => {},
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clock.abort();
  }
}
