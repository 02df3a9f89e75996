// What a test file imports: a test is a sentence and a function of a bench.
let collected = [];

/**
 * Adds a test.
 * @param {string} name the sentence that it proves
 * @param {(bench: import('./bench.mjs').Bench) => Promise<void>} body
 * @param {{seconds?: number}} limits after `seconds` the test has failed
 */
export function test(name, body, { seconds = 30 } = {}) {
  collected.push({ name, body, seconds });
}

/** The tests added since this was last asked. */
export function takeTests() {
  const tests = collected;
  collected = [];
  return tests;
}
