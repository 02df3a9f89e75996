// One worker of run.mjs: imports test files and runs their tests one after the other, in one Chromium.
import { pathToFileURL } from 'node:url';
import { Bench } from './bench.mjs';
import { launch } from './browser.mjs';
import { takeTests } from './test.mjs';

const browser = await launch();
let imports = 0;

process.on('message', async (message) => {
  if (message.end) {
    await browser.close();
    process.exit(0);
  }
  // The number makes a file that comes a second time give its tests again.
  imports += 1;
  await import(`${pathToFileURL(message.file)}?${imports}`);
  const filter = new RegExp(message.filter, 'i');
  for (const test of takeTests().filter(({ name }) => filter.test(`${message.file} ${name}`))) {
    if (message.list) process.send({ kind: 'test', name: test.name, listed: true });
    else process.send({ kind: 'test', name: test.name, ...(await run(test)) });
  }
  process.send({ kind: 'file-done' });
});
process.send({ kind: 'ready' });

/** A test passes when its function ends, its checks hold, and nothing untoward happened on any page meanwhile. */
async function run({ name, body, seconds }) {
  const started = performance.now();
  const bench = new Bench(browser, name);
  let failure;
  try {
    await within(seconds, body(bench));
    await within(seconds, bench.checkAfterwards());
  } catch (error) {
    failure = `${error?.stack ?? error}${await bench.evidence()}`;
  }
  await bench.end();
  return { error: failure, milliseconds: Math.round(performance.now() - started) };
}

async function within(seconds, promise) {
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`Not done after ${seconds} s.`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
