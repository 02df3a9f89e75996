// Runs the browser tests: node tests/browser/run.mjs [REGEXP] [--workers N] [--list]
//
// Every file named *.test.mjs in tests/browser/form and tests/browser/faults is run in one of the worker processes, each of which keeps
// one Chromium. PAYMENT_FORM_SERVER names the server (built with `--features faults`), PAYMENT_FORM_DIST the built
// form; what is not named is looked for in target/ and dist/. The last line is `N passed, N failed`.
//
// Where no more than SHAKY_MAX tests failed, each is run once more when all others are done, alone on the machine. One that
// passes then counts as passed, and is named SHAKY with what it first failed by: it wants mending, but may be the machine.
import { fork } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { missing } from './harness/places.mjs';

const options = readArguments(process.argv.slice(2));
const absent = missing();
if (absent) {
  console.error(absent);
  process.exit(1);
}

const files = ['./form/', './faults/'].flatMap(testFiles).sort((a, b) => b.size - a.size);
const SHAKY_MAX = 2;
const failures = [];
const passed = new Set();
await Promise.all(Array.from({ length: Math.min(options.workers, files.length) }, () => work(files)));
await lookAgain();

for (const { name, error } of failures) console.log(`\nFAILED  ${name}\n${indented(error)}`);
console.log(`\n${passed.size} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** The largest files first, so that no worker is left with a long one at the end. */
function testFiles(folder) {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => ({ name, path: fileURLToPath(new URL(name, url)), size: statSync(new URL(name, url)).size, filter: options.filter }));
}

/** Runs the few tests that failed once more, one after the other, and takes those that pass out of the failures. */
async function lookAgain() {
  const once = failures.filter(({ path }) => path);
  if (once.length === 0 || once.length > SHAKY_MAX) return;
  const again = ({ path, test }) => `/${escaped(`${path.split('/').pop()} ${test}`)}$`;
  await work(once.map((failure) => ({ name: failure.file, path: failure.path, filter: again(failure) })));
  for (const failure of once) {
    if (!passed.has(failure.name)) continue;
    failures.splice(failures.indexOf(failure), 1);
    console.log(`\nSHAKY   ${failure.name}\n${indented(failure.error)}`);
  }
}

/** One worker process: it takes a file, reports each of its tests, and takes the next one. */
function work(files) {
  return new Promise((done) => {
    const worker = fork(new URL('./harness/worker.mjs', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let current;
    const next = () => {
      current = files.shift();
      if (current) worker.send({ file: current.path, filter: current.filter, list: options.list });
      else worker.send({ end: true });
    };
    worker.on('message', (message) => {
      if (message.kind === 'ready' || message.kind === 'file-done') next();
      else report(current, message);
    });
    worker.on('exit', (code) => {
      if (code !== 0) failures.push({ name: current?.name ?? 'worker', error: `The worker ended with code ${code}.` });
      done();
    });
  });
}

function report({ name: file, path }, { name: test, error, milliseconds, listed }) {
  const name = `${file.replace('.test.mjs', '')}: ${test}`;
  if (listed) return console.log(name);
  if (!error) passed.add(name);
  else if (!failures.some((failure) => failure.name === name)) failures.push({ name, error, file, path, test });
  console.log(`${error ? 'FAIL' : 'pass'} ${String(milliseconds).padStart(6)} ms  ${name}`);
}

/** The text as a regular expression that fits nothing else. */
function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function indented(text) {
  return text.split('\n').map((line) => `    ${line}`).join('\n');
}

function readArguments(words) {
  const read = { filter: '', workers: 2, list: false };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--workers') read.workers = Number(words.shift());
    else if (word === '--list') read.list = true;
    else if (!word.startsWith('-')) read.filter = word;
    else {
      console.error(`There is no option ${word}: write a REGEXP to choose tests by file and name, --workers N or --list.`);
      process.exit(2);
    }
  }
  return read;
}
