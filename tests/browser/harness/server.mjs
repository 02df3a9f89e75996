// Runs the reference server as a person would: on its own port, over its own file, ended by its process id.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { Ledger } from './ledger.mjs';
import { dist, serverProgram } from './paths.mjs';
import { withTimeout } from './wait.mjs';

/** The day that every test takes for today, unless it says otherwise. */
export const today = '2026-11-20';
/** The development credential; after every browser test it must stand nowhere but in the header it belongs to. */
export const token = 'demo-token';
/** In seconds. */
const startWithin = 20;

export class Server {
  /** @param {{arguments?: string[], today?: string}} options further arguments for the program */
  static async start(options = {}) {
    const folder = await mkdtemp(path.join(tmpdir(), 'payment-form-'));
    const server = new Server(folder, options);
    await server.launch('0');
    await server.ledger.mark();
    return server;
  }

  constructor(folder, options) {
    this.folder = folder;
    this.options = options;
    this.file = path.join(folder, 'ledger.sqlite');
    this.ledger = new Ledger(this.file);
    /** Everything the program has printed. */
    this.log = '';
  }

  /** Runs the program until it has told its address. */
  async launch(port) {
    const { arguments: more = [], today: day = today } = this.options;
    this.program = spawn(serverProgram, ['--demo', '--port', port, '--db', this.file, '--dist', dist, '--today', day, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    const address = new Promise((told, refused) => {
      const read = (chunk) => {
        this.log += chunk;
        const greeted = this.log.slice(this.mark ?? 0).match(/http:\/\/127\.0\.0\.1:(\d+)/);
        if (!greeted) return;
        this.port = Number(greeted[1]);
        told(greeted[0]);
      };
      this.program.stdout.on('data', read);
      this.program.stderr.on('data', read);
      this.program.once('error', refused);
      this.program.once('exit', (code) => refused(new Error(`The server ended with ${code}:\n${this.log}`)));
    });
    this.origin = await withTimeout(startWithin, address);
  }

  /** The session cookie that this page gives a browser. */
  async session(path) {
    const greeting = await fetch(this.origin + path);
    const [name, ...value] = greeting.headers.get('set-cookie').split(';')[0].split('=');
    return { name, value: value.join('=') };
  }

  /** Reads from the server with the development credential. */
  async read(path) {
    const reply = await fetch(this.origin + path, { headers: { Authorization: `Bearer ${token}` } });
    if (!reply.ok) throw new Error(`GET ${path} was answered ${reply.status}: ${await reply.text()}`);
    return reply.json();
  }

  /** Sends a body as it is; the answer has its status, headers, text and, where it is JSON, value. */
  async send(path, body, { key, headers = {} } = {}) {
    const named = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...(key && { 'Idempotency-Key': key }), ...headers };
    const sent = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
    const { status, headers: received, text } = await post(this.origin + path, typeof body === 'string' ? body : JSON.stringify(body), sent);
    return { status, headers: received, text, value: asJson(text) };
  }

  /** Ends the program at once, in the middle of whatever it does. */
  async kill() {
    await this.finish('SIGKILL');
  }

  /** Starts the program again over the same file and port. */
  async restart() {
    this.mark = this.log.length;
    await this.launch(String(this.port));
  }

  async finish(signal) {
    if (this.program.exitCode !== null || this.program.signalCode !== null) return;
    const ended = once(this.program, 'exit');
    this.program.kill(signal);
    await ended;
  }

  async end() {
    await this.finish('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Not `fetch`: where a server is killed while `fetch` connects, its promise never settles, and Node ends with code 13. */
async function post(address, body, headers) {
  const request = http.request(address, { method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } });
  request.end(body);
  const [reply] = await once(request, 'response');
  const chunks = [];
  for await (const chunk of reply) chunks.push(chunk);
  const pairs = Object.entries(reply.headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  return { status: reply.statusCode, headers: new Headers(pairs), text: Buffer.concat(chunks).toString() };
}

function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
