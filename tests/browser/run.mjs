// Runs the browser tests: node tests/browser/run.mjs [REGEXP] [--engine NAME] [--smoke] [--workers N] [--list]
//
// `node:test` runs every file named *.test.mjs in tests/browser/form and tests/browser/faults, several in one process with one browser:
// starting both costs as much as two tests. The durations of the last run divide the files over the processes. Most tests wait for half of
// their time in Chromium, so there is one more worker than processors.
// PAYMENT_FORM_SERVER names the server (built with `--features faults`), PAYMENT_FORM_DIST the built form, CHROMIUM the browser.
// Without a variable the runner looks in target/, in dist/ and on the path. A failed test is failed: no second try. The last line
// is `N passed, N failed`. Another engine is `--engine firefox` or `webkit`; `--smoke` runs only the smoke tests, which every
// engine must pass.
import { run } from 'node:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { evidence, missing } from './harness/paths.mjs';

/** Milliseconds after which a process has failed: one that never ends would stop the whole run silently. */
const processTimeout = 15 * 60_000;
/** Processes that a worker runs one after the other where all tests run, so that none is left with much work at the end. */
const PROCESSES_EACH = 5;

const options = readArguments(process.argv.slice(2));
if (options.engine) process.env.PAYMENT_FORM_ENGINE = options.engine;
if (options.smoke) process.env.PAYMENT_FORM_SMOKE = '1';
// Both read the environment.
const { engineName } = await import('./harness/driver.mjs');
const { testsOf } = await import('./harness/test.mjs');
/** The milliseconds of each file's tests in the last run of all tests. */
const durationsFile = path.join(evidence, `${engineName}-durations.json`);
const durations = existsSync(durationsFile) ? JSON.parse(readFileSync(durationsFile, 'utf8')) : {};
// The longest files first, so that no worker is left with a long one at the end.
const files = ['./form/', './faults/'].flatMap(testFiles).sort((a, b) => weight(b) - weight(a));
const chosen = new RegExp(options.filter, 'i');
const isWhole = options.filter === '' && !options.smoke;
if (options.list) await list();
else await runAll();

/** The names of a file's chosen tests. */
async function chosenTests(file) {
  return (await testsOf([file])).map(({ name }) => name).filter((name) => chosen.test(`${folderAndFile(file)} ${name}`));
}

async function list() {
  for (const file of files) {
    for (const name of await chosenTests(file)) console.log(`${path.basename(String(file), '.test.mjs')}: ${name}`);
  }
}

/** The expected milliseconds of a file; without a measurement, its bytes are close enough. */
function weight(file) {
  return durations[path.basename(String(file), '.test.mjs')] ?? statSync(file).size;
}

/** The files to run in each process: of fewer than all tests only the files that have one. */
async function filesByProcess() {
  const wanted = [];
  for (const file of files) if (isWhole || (await chosenTests(file)).length > 0) wanted.push(file);
  const count = Math.min(wanted.length, isWhole ? options.workers * PROCESSES_EACH : options.workers);
  const processes = Array.from({ length: count }, () => ({ weight: 0, files: [] }));
  for (const file of wanted) {
    const lightest = processes.reduce((least, each) => (each.weight < least.weight ? each : least));
    lightest.files.push(file);
    lightest.weight += weight(file);
  }
  return processes.sort((a, b) => b.weight - a.weight).map((each) => each.files);
}

/** Writes the program of each process, which `node:test` takes for a test file. */
async function programs() {
  mkdirSync(evidence, { recursive: true });
  const harness = new URL('./harness/test.mjs', import.meta.url);
  return (await filesByProcess()).map((some, index) => {
    const program = path.join(evidence, `${engineName}-${process.pid}-${index}.mjs`);
    writeFileSync(program, `import { testsFrom } from ${JSON.stringify(harness)};\nawait testsFrom(${JSON.stringify(some)});\n`);
    return program;
  });
}

async function runAll() {
  const absent = missing(engineName);
  if (absent) {
    console.error(absent);
    process.exit(1);
  }
  process.env.PAYMENT_FORM_TESTS = options.filter;
  const count = { passed: 0, skipped: 0 };
  const failures = [];
  const measured = {};
  const started = await programs();
  const events = run({ files: started, concurrency: options.workers, timeout: processTimeout });
  events.on('test:stdout', ({ message }) => process.stdout.write(message));
  events.on('test:stderr', ({ message }) => process.stderr.write(message));
  events.on('test:pass', ({ name, file, skip, details }) => {
    // A program is told of as a test, too, where none of its tests was chosen.
    if (name === file) return;
    count[skip === undefined ? 'passed' : 'skipped'] += 1;
    const [fileName] = name.split(': ');
    measured[fileName] = (measured[fileName] ?? 0) + Math.round(details.duration_ms);
    printResult(skip === undefined ? 'pass' : 'skip', skip === undefined ? name : `${name} (${skip})`, details);
  });
  events.on('test:fail', ({ name, details }) => {
    failures.push({ name, error: details.error.cause?.stack ?? details.error.message });
    printResult('FAIL', name, details);
  });
  for await (const _ of events);
  for (const program of started) rmSync(program);
  if (isWhole && failures.length === 0) writeFileSync(durationsFile, JSON.stringify(measured, undefined, 1));
  for (const { name, error } of failures) console.log(`\nFAILED  ${name}\n${error.replace(/^/gm, '    ')}`);
  if (count.skipped > 0) console.log(`\n${count.skipped} skipped, because the engine lacks what they need`);
  console.log(`\n${count.passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function printResult(outcome, name, { duration_ms: milliseconds }) {
  console.log(`${outcome} ${String(Math.round(milliseconds)).padStart(6)} ms  ${name}`);
}

function folderAndFile(file) {
  return String(file).split('/').slice(-2).join('/');
}

function testFiles(folder) {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url).filter((name) => name.endsWith('.test.mjs')).map((name) => new URL(name, url));
}

function readArguments(words) {
  const read = { filter: '', workers: undefined, list: false, smoke: false, engine: undefined };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--workers') read.workers = Number(words.shift());
    else if (word === '--engine') read.engine = words.shift();
    else if (word === '--smoke') read.smoke = true;
    else if (word === '--list') read.list = true;
    else if (!word.startsWith('-')) read.filter = word;
    else {
      console.error(`There is no option ${word}: write a REGEXP to choose tests by file and name, --engine NAME, --smoke, --workers N or --list.`);
      process.exit(2);
    }
  }
  // The other engines compute where Chromium waits.
  read.workers ??= availableParallelism() + (read.engine === undefined || read.engine === 'chromium' ? 1 : 0);
  return read;
}
