// Runs a reverse proxy over raw TCP between a real browser and the real server. It finds the bounds of each request, records every arrival,
// and can lose, delay, cut or replace messages. It works on the socket, where a browser's own silent repetition of requests is visible. It
// also serves host pages of the tests, as a host's site would.
import http from 'node:http';
import net from 'node:net';
import { createHash } from 'node:crypto';
import { pass } from './faults.mjs';

/** The paths whose POSTs are payments or the settling of one. */
const paymentPaths = /^\/(v1\/)?payments\/?$/;
/** The address from which pages get the scripts that run before their own. */
const scriptPath = '/tests-scripts.js';
const resolvePaths = /^\/(v1\/)?payments\/resolve\/?$/;

export class Proxy {
  /** @param {() => number} upstream the server's port, asked for each request: a restarted server may have another */
  static async start(upstream) {
    const proxy = new Proxy(upstream);
    await proxy.listen(0);
    return proxy;
  }

  constructor(upstream) {
    this.upstream = upstream;
    /** Every request that arrived, in order. */
    this.arrivals = [];
    this.connections = new Set();
    this.connectionCount = 0;
    this.pending = new Set();
    this.served = new Map();
    /** Gives the scripts that each page runs before its own; for engines whose driver cannot bring them. */
    this.scripts = undefined;
    this.onPayment = () => pass;
    this.onResolve = () => pass;
    this.onOther = () => pass;
  }

  async listen(port) {
    this.server = net.createServer((socket) => new Connection(this, socket));
    this.server.listen(port, '127.0.0.1');
    await new Promise((ready, refused) => this.server.once('listening', ready).once('error', refused));
    this.port = this.server.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
  }

  /** Listens at another address of this machine, too; returns its origin. */
  async listenAlso(host) {
    this.also = net.createServer((socket) => new Connection(this, socket));
    this.also.listen(0, host);
    await new Promise((ready, refused) => this.also.once('listening', ready).once('error', refused));
    return `http://${host}:${this.also.address().port}`;
  }

  /** The POSTs of payments that arrived, the browser's own repetitions included. */
  get payments() {
    return this.arrivals.filter(({ kind }) => kind === 'payment');
  }

  get resolves() {
    return this.arrivals.filter(({ kind }) => kind === 'resolve');
  }

  /** The first payment that arrives meets the first fault, and so on; those after the last one pass. */
  faults(...list) {
    this.onPayment = () => list.shift() ?? pass;
  }

  /** Serves this answer under a path (without its query) instead of asking the server. */
  page(path, answer) {
    this.serve(path, async (exchange) => exchange.send(typeof answer === 'function' ? answer(exchange.request) : answer));
  }

  /** Answers the requests of a path (without its query) by a fault, instead of asking the server. */
  serve(path, fault) {
    this.served.set(path, fault);
  }

  /** Waits until nothing is on its way to the server any more, late deliveries included. */
  async drained() {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  /** Remembers work that goes on after its request was answered or lost. */
  track(work) {
    const settled = work.catch(() => {}).finally(() => this.pending.delete(settled));
    this.pending.add(settled);
    return work;
  }

  /** Closes every connection and refuses new ones, as a server that is down. */
  async down() {
    const closed = new Promise((done) => this.server.close(done));
    for (const connection of this.connections) connection.socket.destroy();
    await closed;
  }

  async up() {
    await this.listen(this.port);
  }

  async end() {
    this.also?.close();
    if (this.server.listening) await this.down();
  }

  kindOf(request) {
    const path = request.path.split('?')[0];
    if (request.method !== 'POST') return 'other';
    if (resolvePaths.test(path)) return 'resolve';
    return paymentPaths.test(path) ? 'payment' : 'other';
  }

  scriptFor(exchange) {
    const { kind } = exchange.request;
    if (kind === 'payment') return this.onPayment(exchange);
    if (kind === 'resolve') return this.onResolve(exchange);
    const path = exchange.request.path.split('?')[0];
    if (this.scripts && path === scriptPath) return () => exchange.send({ headers: [['Content-Type', 'text/javascript'], ['Cache-Control', 'no-store']], body: this.scripts() });
    return this.served.get(path) ?? this.onOther(exchange);
  }
}

/** One connection of the browser: cuts its bytes into requests. */
class Connection {
  constructor(proxy, socket) {
    this.proxy = proxy;
    this.socket = socket;
    this.number = (proxy.connectionCount += 1);
    this.requests = 0;
    this.bytes = Buffer.alloc(0);
    proxy.connections.add(this);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('close', () => proxy.connections.delete(this));
    // A browser may reset a connection at any time; what matters is in the log of arrivals.
    socket.on('error', () => {});
  }

  read(chunk) {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const head = this.bytes.indexOf('\r\n\r\n');
    if (head < 0) return;
    const [line, ...lines] = this.bytes.subarray(0, head).toString('latin1').split('\r\n');
    const headers = lines.map((text) => [text.slice(0, text.indexOf(':')).trim(), text.slice(text.indexOf(':') + 1).trim()]);
    const header = (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1];
    const length = Number(header('content-length') ?? 0);
    if (this.bytes.length < head + 4 + length) return;
    const body = this.bytes.subarray(head + 4, head + 4 + length);
    this.bytes = this.bytes.subarray(head + 4 + length);
    this.requests += 1;
    const [method, path] = line.split(' ');
    this.arrived({ method, path, headers, body, key: header('idempotency-key'), authorization: header('authorization') });
  }

  arrived(request) {
    Object.assign(request, {
      connection: this.number,
      nth: this.requests,
      at: Date.now(),
      hash: createHash('sha256').update(request.body).digest('hex'),
      kind: this.proxy.kindOf(request),
    });
    this.proxy.arrivals.push(request);
    const exchange = new Exchange(this.proxy, this.socket, request);
    const work = Promise.resolve(this.proxy.scriptFor(exchange)(exchange));
    // A server that cannot be reached is a connection that is lost.
    work.catch(() => exchange.drop('RST'));
    this.proxy.track(work);
  }
}

/** One request and what can be done with it; the faults are written in these words. */
class Exchange {
  constructor(proxy, socket, request) {
    this.proxy = proxy;
    this.socket = socket;
    this.request = request;
  }

  /** Hands the request to the server and waits for the whole answer: `{status, reason, headers, body}`. */
  forward(change = {}) {
    const { method, path, headers, body } = { ...this.request, ...change };
    return new Promise((answered, failed) => {
      // A page that gets a script of the tests is wanted as plain text.
      const leftOut = this.proxy.scripts ? /^(connection|content-length|accept-encoding)$/i : /^(connection|content-length)$/i;
      const raw = headers.filter(([name]) => !leftOut.test(name)).concat([['Content-Length', String(body.length)]]);
      const request = http.request({ host: '127.0.0.1', port: this.proxy.upstream(), method, path, headers: raw.flat(), agent: false, setHost: false });
      request.once('error', failed);
      request.once('response', (reply) => {
        const chunks = [];
        reply.on('data', (chunk) => chunks.push(chunk));
        reply.once('error', failed);
        reply.once('end', () => answered({ status: reply.statusCode, reason: reply.statusMessage, headers: pairs(reply.rawHeaders), body: Buffer.concat(chunks) }));
      });
      request.end(body);
    });
  }

  /** Sends a whole answer and keeps the connection for the next request, unless the answer says `Connection: close`. */
  send({ status = 200, reason = '', headers = [], body = '' }) {
    const isPage = headers.some(([name, value]) => /^content-type$/i.test(name) && /^text\/html/i.test(value));
    const bytes = Buffer.from(this.proxy.scripts && isPage ? String(body).replace(/<head>/i, `<head><script src="${scriptPath}"></script>`) : body);
    const bodiless = status === 304 || status === 204 || this.request.method === 'HEAD';
    this.writeHead({ status, reason, headers }, bodiless ? [] : [['Content-Length', String(bytes.length)]]);
    if (!bodiless) this.write(bytes);
    if (headers.some(([name, value]) => /^connection$/i.test(name) && /close/i.test(value))) this.socket.end();
  }

  /** The lines before an answer's body, with the headers that say where it ends. */
  writeHead({ status, reason, headers }, framing) {
    const kept = headers.filter(([name]) => !/^(transfer-encoding|content-length|keep-alive)$/i.test(name));
    const lines = [...kept, ...framing].map(([name, value]) => `${name}: ${value}\r\n`);
    this.write(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`);
  }

  write(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Ends the connection: `FIN` in good order, `RST` by a reset. */
  drop(how) {
    if (how === 'RST') this.socket.resetAndDestroy();
    else this.socket.end();
  }
}

/** Headers as pairs; what concerns only the server's own connection is left out. */
function pairs(raw) {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index], raw[2 * index + 1]]).filter(([name]) => name.toLowerCase() !== 'connection');
}
