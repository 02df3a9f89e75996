// Stands in front of an app and the reference server, as a host's own server would: `/v1/` is the payment API, everything else is the app.
// The reference of a payment chooses what happens on the way: `faults` below.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' };

/** The fault of a payment with each reference. Each is a function of the exchange; the others pass. */
const faults = {
  refuse({ outgoing, key }) {
    // The echoed key says that the refusal is about this payment.
    outgoing.writeHead(400, { 'Content-Type': 'application/json', 'Idempotency-Key': key });
    outgoing.end(JSON.stringify({ ErrorId: 1, Errors: [{ Key: 'payment.PaymentMethodType', Value: 'The card was declined.' }] }));
  },
  /** The first send meets a busy server, the next ones pass. */
  hold: (exchange) => exchange.pass(exchange.front.sends(exchange.key) === 1 ? { headers: { 'x-fault': 'status-429' } } : {}),
  /** The server records the payment; until the test opens the gate, the connection ends before an answer. */
  cut: (exchange) => exchange.pass({ isCut: !exchange.front.gate.isOpen }),
  /** The server records the payment; the answer waits until the test opens the gate. */
  slow: (exchange) => exchange.pass({ gate: exchange.front.gate }),
  /** As `slow`, but the connection ends then. Chromium sends again by itself, so each send is cut until the test says otherwise. */
  lost: (exchange) => exchange.pass({ gate: exchange.front.gate, isCut: exchange.front.cuts }),
};

/** Keeps an answer back until `open()`; `reached` is settled when the first answer waits. */
function newGate() {
  const gate = { isOpen: false };
  gate.reached = new Promise((done) => (gate.reach = done));
  gate.opened = new Promise((done) => {
    gate.open = () => {
      gate.isOpen = true;
      done();
    };
  });
  return gate;
}

export class Front {
  /** @param {{folder?: string, origin?: string}} app its built files, or the server that has them */
  static async start(app, api) {
    const front = new Front(app, api);
    await new Promise((done) => front.server.listen(0, '127.0.0.1', done));
    front.origin = `http://127.0.0.1:${front.server.address().port}`;
    return front;
  }

  constructor(app, api) {
    this.app = app;
    this.api = api;
    /** The headers of the payments that arrived. */
    this.payments = [];
    this.gate = newGate();
    /** True while answers of `lost` are cut. */
    this.cuts = true;
    /** The page of the snippet, where it is a file of its own. */
    this.snippet = app.snippet;
    this.losesListeners = app.losesListeners;
    this.server = createServer((incoming, outgoing) => this.answer(incoming, outgoing));
    // The sockets of the development servers, over which they tell of changes.
    this.server.on('upgrade', (incoming, socket, head) => this.join(incoming, socket, head));
  }

  async answer(incoming, outgoing) {
    if (!incoming.url.startsWith('/v1/')) return this.app.origin ? pass(incoming, outgoing, this.app.origin) : this.file(incoming, outgoing);
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (incoming.method !== 'POST') return pass(incoming, outgoing, this.api, { body });
    this.payments.push(incoming.headers);
    const key = incoming.headers['idempotency-key'];
    const exchange = { front: this, outgoing, key, pass: (change = {}) => pass(incoming, outgoing, this.api, { body, ...change }) };
    const fault = Object.keys(faults).find((name) => body.includes(`"${name}"`));
    return fault ? faults[fault](exchange) : exchange.pass();
  }

  /** The sends of a key so far. */
  sends(key) {
    return this.payments.filter((headers) => headers['idempotency-key'] === key).length;
  }

  /** Closes a gate for the next payments. */
  closeGate() {
    this.gate = newGate();
    return this.gate;
  }

  file(incoming, outgoing) {
    const { pathname } = new URL(incoming.url, this.origin);
    const file = path.join(this.app.folder, path.normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
    if (!existsSync(file) || !statSync(file).isFile()) return outgoing.writeHead(404).end();
    outgoing.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' });
    return createReadStream(file).pipe(outgoing);
  }

  join(incoming, socket, head) {
    if (!this.app.origin) return socket.destroy();
    const { hostname, port, host } = new URL(this.app.origin);
    const headers = Object.entries({ ...incoming.headers, host, origin: this.app.origin }).map(([name, value]) => `${name}: ${value}`);
    const other = connect(Number(port), hostname, () => {
      other.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      other.write(head);
      socket.pipe(other).pipe(socket);
    });
    for (const [one, peer] of [[socket, other], [other, socket]]) {
      one.on('error', () => peer.destroy());
      one.on('close', () => peer.destroy());
    }
  }

  async end() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** Hands a request on; the answer may wait at a gate, and may be cut off there. */
function pass(incoming, outgoing, origin, { body, headers: more = {}, gate, isCut = false } = {}) {
  const { hostname, port, host } = new URL(origin);
  const headers = { ...incoming.headers, ...more, host };
  if (headers.origin) headers.origin = origin;
  delete headers['accept-encoding'];
  const onward = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, async (reply) => {
    gate?.reach();
    await gate?.opened;
    if (isCut) return outgoing.destroy();
    outgoing.writeHead(reply.statusCode, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  if (body) onward.end(body);
  else incoming.pipe(onward);
}
