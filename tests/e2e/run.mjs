// Runs the browser tests: node tests/e2e/run.mjs [REGEXP] [--workers N] [--list]
//
// Every file named *.test.mjs in tests/e2e and tests/faults is run in one of the worker processes, each of which keeps
// one Chromium. PAYMENT_FORM_SERVER names the server (built with `--features faults`), PAYMENT_FORM_DIST the built
// form; what is not named is looked for in target/ and dist/. The last line is `N passed, N failed`.
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

const files = ['./', '../faults/'].flatMap(testFiles).sort((a, b) => b.size - a.size);
const failures = [];
let passed = 0;
await Promise.all(Array.from({ length: Math.min(options.workers, files.length) }, work));

for (const { name, error } of failures) console.log(`\nFAILED  ${name}\n${indented(error)}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** The largest files first, so that no worker is left with a long one at the end. */
function testFiles(folder) {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => ({ name, path: fileURLToPath(new URL(name, url)), size: statSync(new URL(name, url)).size }));
}

/** One worker process: it takes a file, reports each of its tests, and takes the next one. */
function work() {
  return new Promise((done) => {
    const worker = fork(new URL('./harness/worker.mjs', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let current;
    const next = () => {
      current = files.shift();
      if (current) worker.send({ file: current.path, filter: options.filter, list: options.list });
      else worker.send({ end: true });
    };
    worker.on('message', (message) => {
      if (message.kind === 'ready' || message.kind === 'file-done') next();
      else report(current.name.replace('.test.mjs', ''), message);
    });
    worker.on('exit', (code) => {
      if (code !== 0) failures.push({ name: current?.name ?? 'worker', error: `The worker ended with code ${code}.` });
      done();
    });
  });
}

function report(file, { name, error, milliseconds, listed }) {
  if (listed) return console.log(`${file}: ${name}`);
  if (error) failures.push({ name: `${file}: ${name}`, error });
  else passed += 1;
  console.log(`${error ? 'FAIL' : 'pass'} ${String(milliseconds).padStart(6)} ms  ${file}: ${name}`);
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
