// Exports `test` for the test files: a test is a sentence and a function of a bench. `node:test` runs them; all tests of a process share one
// browser.
import { after, test as nodeTest } from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bench } from './bench.mjs';
import { engineName, lacking, launch, takeRefusals } from './driver.mjs';
import { withTimeout } from './wait.mjs';

/** While tests are only listed, their names are collected here. */
let listed;
let browser;
/** The file whose tests are being added. */
let currentFile = process.argv[1];

/**
 * Adds a test.
 * @param {string} name the sentence that it proves
 * @param {(bench: Bench) => Promise<void>} body
 * @param {{seconds?: number, needs?: string | string[], isSmoke?: boolean}} options after `seconds` the test has failed; `needs` are capabilities
 *   of driver.mjs; `isSmoke` marks the few tests that the ordinary run plays in every engine (`run.mjs --smoke`)
 */
export function test(name, body, { seconds = 60, needs = [], isSmoke = false } = {}) {
  if (process.env.PAYMENT_FORM_SMOKE && !isSmoke) return;
  const needed = [needs].flat();
  const lacks = lacking(needed);
  if (listed) {
    listed.push({ name, needs: needed });
    return;
  }
  if (!new RegExp(process.env.PAYMENT_FORM_TESTS ?? '', 'i').test(`${currentFileName()} ${name}`)) return;
  if (!browser) {
    browser = lazy(launch);
    after(() => browser.end());
  }
  nodeTest(`${path.basename(currentFileName(), '.test.mjs')}: ${name}`, { skip: lacks.length > 0 && `the engine lacks ${lacks.join(', ')}` }, async () => run(new Bench(await browser(), name, needed), body, seconds));
}

/**
 * Plays each case in turn within one test; a case that fails is named.
 * @param {Record<string, unknown> | [string, unknown][]} cases
 * @param {(given: any, name: string) => Promise<void>} play
 */
export async function eachCase(cases, play) {
  for (const [name, given] of Array.isArray(cases) ? cases : Object.entries(cases)) {
    try {
      await play(given, name);
    } catch (error) {
      throw Object.assign(error, { stack: `${name}: ${error.stack}` });
    }
  }
}

/** Adds the tests of several files to this process, in order. */
export async function testsFrom(addresses) {
  for (const address of addresses) {
    currentFile = fileURLToPath(address);
    await import(address);
  }
}

/** The names and needs of the tests of files, by their addresses; runs none of them. */
export async function testsOf(addresses) {
  const tests = [];
  for (const address of addresses) {
    listed = [];
    await import(address);
    tests.push(...listed);
  }
  listed = undefined;
  return tests;
}

/** Firefox and WebKit start a profile and a page in several times Chromium's time, so a test hangs only later there. */
const timeoutFactor = engineName === 'chromium' ? 1 : 2;

/** A test passes when its function ends, its checks hold, and nothing untoward happened on any page meanwhile. */
async function run(bench, body, seconds) {
  try {
    await withTimeout(timeoutFactor * seconds, body(bench));
    for (const refusal of takeRefusals()) throw refusal;
    await withTimeout(timeoutFactor * seconds, bench.checkAfterwards());
  } catch (error) {
    const failure = new Error(error?.message ?? String(error));
    // A browser that hangs gives no screenshot.
    failure.stack = `${error?.stack ?? error}${await withTimeout(10, bench.takeScreenshots()).catch(() => '')}`;
    throw failure;
  } finally {
    await bench.end();
  }
}

/** The file whose tests are being added, as a filter writes it. */
function currentFileName() {
  return path.relative(fileURLToPath(new URL('..', import.meta.url)), currentFile).replaceAll(path.sep, '/');
}

function lazy(start) {
  let started;
  const get = () => (started ??= start());
  return Object.assign(get, { end: async () => (await started)?.close() });
}
