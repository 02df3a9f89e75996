// Runs the host apps: node tests/hosts/run.mjs [NAME …] [--tarball FILE]
//
// Each folder beside this file is an app as a host would write it. The runner copies it to target/xtask/hosts/, installs its packages, unpacks
// the packed payment-form into them, builds it and starts its development server. Chromium opens each in English and in German (visit.mjs).
// Two apps run at a time. One line per app says build, dev and language; the last line is `N passed, N failed`. An app whose packages cannot
// be installed is skipped.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { snippets as blocks } from '../browser/harness/docs.mjs';
import { chromiumProgram, root } from '../browser/harness/paths.mjs';
import { languages, visit } from './visit.mjs';

const run = promisify(execFile);
const { values, positionals } = parseArgs({ allowPositionals: true, options: { tarball: { type: 'string' } } });
const work = path.join(root, 'target/xtask/hosts');

/** Each app: the folder of its built files or `start`, a program that serves them; `dev` where it has a development server. */
const apps = {
  plain: { build: '.', dev: false },
  'react-vite': { build: 'dist', dev: true },
  'react-vite7': { build: 'dist', dev: true },
  'next-webpack': { build: 'start', dev: true },
  'next-turbopack': { build: 'start', dev: true },
  vue: { build: 'dist', dev: true },
  svelte: { build: 'dist', dev: true },
  preact: { build: 'dist', dev: true },
  solid: { build: 'dist', dev: true },
  angular: { build: 'dist', dev: true, losesListeners: true },
  webpack: { build: 'dist', dev: true },
  esbuild: { build: 'dist', dev: true },
  parcel: { build: 'dist', dev: true },
};
const sources = { 'next-webpack': 'app', 'next-turbopack': 'app', angular: 'src' };
/** The source files that apps share: a file of `shared/`, and its place in the app. */
const react = { 'react/index.html': 'index.html', 'react/main.jsx': 'main.jsx' };
const next = { 'next/layout.jsx': 'app/layout.jsx', 'next/page.jsx': 'app/page.jsx', 'next/payment.jsx': 'app/payment.jsx' };
const bundled = { 'bundled/app.js': 'app.js', 'bundled/index.html': 'public/index.html' };
const shared = {
  'react-vite': react,
  'react-vite7': react,
  'next-webpack': next,
  'next-turbopack': next,
  webpack: bundled,
  esbuild: bundled,
  parcel: { ...bundled, 'bundled/index.html': 'index.html' },
};
/**
 * The checks without a browser: the types under each framework's strict mode and the snippets of docs/, and the stand-in in both simulated
 * browsers.
 */
const checks = {
  types: {
    dom: ['tsc', '-p', 'tsconfig.dom.json'],
    react: ['tsc', '-p', 'tsconfig.react.json'],
    preact: ['tsc', '-p', 'tsconfig.preact.json'],
    solid: ['tsc', '-p', 'tsconfig.solid.json'],
    vue: ['vue-tsc', '-p', 'tsconfig.vue.json'],
    svelte: ['svelte-check', '--tsconfig', 'tsconfig.svelte.json'],
    'docs/react.md': ['tsc', '-p', 'tsconfig.docs-react.json'],
    'docs/vue.md': ['vue-tsc', '-p', 'tsconfig.docs-vue.json'],
    'docs/svelte.md': ['svelte-check', '--tsconfig', 'tsconfig.docs-svelte.json'],
  },
  stub: { jsdom: ['node', 'check.mjs', 'jsdom'], 'happy-dom': ['node', 'check.mjs', 'happy-dom'] },
};
/**
 * The snippets of docs/ that are written into an app: page, kind of the snippet, file, and its number among those of its kind. An app
 * shows its snippet at `?snippet`, and a payment is made with it; `types` compiles it under the strict mode of its framework; `stub` runs it.
 */
const snippets = {
  types: [['react.md', 'jsx', 'docs-react/Snippet.jsx'], ['vue.md', 'vue', 'docs-vue/Snippet.vue'], ['svelte.md', 'svelte', 'docs-svelte/Snippet.svelte']],
  stub: [['testing.md', 'js', 'snippet.js', 1]],
  plain: [['start.md', 'html', 'snippet.html']],
  'react-vite': [['react.md', 'jsx', 'Snippet.jsx']],
  'react-vite7': [['react.md', 'jsx', 'Snippet.jsx']],
  vue: [['vue.md', 'vue', 'Snippet.vue']],
  svelte: [['svelte.md', 'svelte', 'Snippet.svelte']],
  preact: [['preact.md', 'jsx', 'Snippet.jsx']],
  solid: [['solid.md', 'jsx', 'Snippet.jsx']],
  angular: [['angular.md', 'ts', 'src/snippet.ts']],
};
class NotInstalled extends Error {}

const count = { passed: 0, failed: 0 };
const failures = [];
const unknown = positionals.filter((name) => !(name in apps) && !(name in checks));
if (unknown.length > 0) throw new Error(`There is no host app ${unknown.join(', ')}; there are ${[...Object.keys(apps), ...Object.keys(checks)].join(', ')}.`);
const tarball = values.tarball ?? (await pack());
const browser = await chromium.launch({ executablePath: chromiumProgram, args: ['--no-sandbox', '--disable-gpu'] });
const printRow = (...cells) => console.log(cells.map((cell, index) => cell.padEnd(index === 0 ? 24 : 10)).join(' ').trimEnd());
printRow('app', 'build en', 'build de', 'dev en', 'dev de');
const queue = [[apps, tryApp], [checks, tryPrograms]].flatMap(([names, attemptAll]) => Object.keys(names).map((name) => [name, attemptAll]));
const chosen = queue.filter(([name]) => positionals.length === 0 || positionals.includes(name));
// A visit waits most of its time, and a build uses one processor.
await Promise.all([runNext(), runNext()]);
await browser.close();
for (const { name, error } of failures) console.log(`\nFAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, '    ')}`);
console.log(`\n${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** Runs apps one after the other, until none is left. */
async function runNext() {
  for (let next = chosen.shift(); next; next = chosen.shift()) await tryInstalled(...next);
}

async function pack() {
  await mkdir(work, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', work], { cwd: root });
  return path.join(work, stdout.trim().split('\n').at(-1));
}

/** The app's folder, ready to be built; nothing where its packages cannot be installed. */
async function install(name) {
  const folder = path.join(work, name);
  await mkdir(folder, { recursive: true });
  // A file of an earlier run would hide that the app no longer brings it.
  const preserved = ['node_modules', 'package-lock.json'];
  for (const left of await readdir(folder)) if (!preserved.includes(left)) await rm(path.join(folder, left), { recursive: true });
  await cp(path.join(root, 'tests/hosts', name), folder, { recursive: true });
  for (const [page, kind, file, index = 0] of snippets[name] ?? []) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), blocks(page, kind)[index]);
  }
  if (name in apps) await cp(path.join(root, 'tests/hosts/shared/statement.js'), path.join(folder, sources[name] ?? '.', 'statement.js'));
  for (const [file, target] of Object.entries(shared[name] ?? {})) await cp(path.join(root, 'tests/hosts/shared', file), path.join(folder, target));
  const hash = createHash('sha256').update(await readFile(path.join(folder, 'package.json'))).digest('hex');
  const stamp = path.join(folder, 'node_modules/.installed');
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== hash) {
    // npm writes a lock file here, by which Parcel and Turbopack know where the app begins.
    const options = { cwd: folder, timeout: 600_000 };
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], options).catch((error) => {
      throw new NotInstalled(String(error.stderr || error.message).trim().split('\n').at(-1));
    });
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, hash);
  }
  // npm does the same with a tarball that has no dependencies, and takes seconds for it.
  const target = path.join(folder, 'node_modules/payment-form');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  // As docs/start.md says, a page without a bundler has the package's scripts at /pkg/.
  if (name === 'plain') await cp(path.join(target, 'dist/pkg'), path.join(folder, 'pkg'), { recursive: true });
  await rm(path.join(folder, 'node_modules/.vite'), { recursive: true, force: true });
  return folder;
}

/** Tries an app once it is installed. An app whose packages the registry does not give is skipped; every other mistake on the way is a failure. */
async function tryInstalled(name, attemptAll) {
  let folder;
  try {
    folder = await install(name);
  } catch (error) {
    printRow(name, error instanceof NotInstalled ? `skipped: ${error.message}` : await attempt(name, () => Promise.reject(error)));
    return;
  }
  await attemptAll(name, folder);
}

async function tryApp(name, folder) {
  const app = apps[name];
  const cells = [];
  cells.push(...(await tryBoth(name, 'build', () => buildApp(folder, app))));
  cells.push(...(app.dev ? await tryBoth(name, 'dev', () => startApp(folder, 'dev')) : ['-', '-']));
  printRow(name, ...cells);
}

/** One way of serving the app, opened in each language. */
async function tryBoth(app, way, serve) {
  const name = `${app} ${way}`;
  let server;
  try {
    server = await serve();
    const cells = [];
    for (const language of Object.keys(languages)) cells.push(await attempt(`${name} ${language}`, () => visit(browser, { ...server.at, losesListeners: apps[app].losesListeners }, language, { snippet: app in snippets && language === 'en' })));
    return cells;
  } catch (error) {
    const cells = [];
    for (const language of Object.keys(languages)) cells.push(await attempt(`${name} ${language}`, () => Promise.reject(error)));
    return cells;
  } finally {
    await server?.end?.();
  }
}

async function attempt(name, work) {
  try {
    await work();
    count.passed += 1;
    return 'pass';
  } catch (error) {
    count.failed += 1;
    failures.push({ name, error });
    return 'FAIL';
  }
}

async function buildApp(folder, app) {
  if (app.build === '.') return { at: { folder, snippet: 'snippet.html' } };
  await runScript(folder, 'build');
  return app.build === 'start' ? startApp(folder, 'start') : { at: { folder: path.join(folder, app.build) } };
}

async function runScript(folder, name) {
  try {
    await run('npm', ['run', '--silent', name], { cwd: folder, timeout: 300_000, env: quietEnvironment(), maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`npm run ${name} failed:\n${error.stdout}${error.stderr}`);
  }
}

/** A program of the app that listens on a port of its own. */
async function startApp(folder, name) {
  const port = await freePort();
  // esbuild's server ends with its standard input.
  const program = spawn('npm', ['run', '--silent', name], { cwd: folder, env: { ...quietEnvironment(), PORT: String(port) }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let log = '';
  program.stdout.on('data', (chunk) => (log += chunk));
  program.stderr.on('data', (chunk) => (log += chunk));
  const ended = new Promise((done) => program.once('exit', done));
  const end = async () => {
    if (program.exitCode === null && program.signalCode === null) process.kill(-program.pid, 'SIGKILL');
    await ended;
  };
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 600; tries += 1) {
    if (program.exitCode !== null) throw new Error(`npm run ${name} ended:\n${log}`);
    if (await fetch(origin).then((reply) => reply.ok, () => false)) return { at: { origin }, end };
    await new Promise((done) => setTimeout(done, 200));
  }
  await end();
  throw new Error(`npm run ${name} did not answer:\n${log}`);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** The environment of programs that ask no questions and report to nobody. */
function quietEnvironment() {
  return { ...process.env, CI: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false', PARCEL_WORKERS: '1' };
}

/** Programs of one folder, each a test. */
async function tryPrograms(name, folder) {
  const PATH = [path.join(folder, 'node_modules/.bin'), process.env.PATH].join(path.delimiter);
  for (const [test, [program, ...rest]] of Object.entries(checks[name])) {
    const runCheck = () =>
      run(program, rest, { cwd: folder, env: { ...process.env, PATH }, timeout: 180_000 }).catch((error) => {
        throw new Error(`${error.message}\n${error.stdout}${error.stderr}`);
      });
    printRow(`${name}, ${test}`, await attempt(`${name} ${test}`, runCheck));
  }
}
