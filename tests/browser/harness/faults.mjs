// Defines the faults between the browser and the server. Each fault is a function of an exchange (proxy.mjs).
import { delay } from './wait.mjs';

/** The exchange passes without a fault. */
export const pass = async (exchange) => exchange.send(await exchange.forward());

/** The connection is lost before the server has seen the request. */
export const dropBefore = (how = 'RST') => async (exchange) => exchange.drop(how);

/** The server has acted; the connection is lost before a byte of its answer. */
export const dropAfter = (how = 'RST') => async (exchange) => {
  await exchange.forward();
  exchange.drop(how);
};

/** The server acts at once; its answer takes this long. */
export const hold = (milliseconds) => async (exchange) => {
  const reply = await exchange.forward();
  await delay(milliseconds);
  exchange.send(reply);
};

/**
 * The server acts at once, and its answer waits until `gate.open()`; or the request itself waits, with `{ before: true }`. `gate.reached`
 * is settled as soon as a request has come to the gate, and the gate passes it on as `then` says.
 */
export function gate({ before = false, then = (reply) => reply } = {}) {
  let open;
  let reach;
  const opened = new Promise((done) => (open = done));
  const reached = new Promise((done) => (reach = done));
  const fault = async (exchange) => {
    reach();
    if (before) await opened;
    const reply = await exchange.forward();
    await opened;
    exchange.send(then(reply));
  };
  return Object.assign(fault, { open, reached });
}

/** The connection is lost at once, but the request crawls on and reaches the server later. */
export const deliverLate = (milliseconds, how = 'RST') => async (exchange) => {
  exchange.drop(how);
  await delay(milliseconds);
  await exchange.forward();
};

/** The server has acted; the connection ends within the lines of the answer's head. */
export const halfHeaders = () => async (exchange) => {
  await exchange.forward();
  exchange.write('HTTP/1.1 200 OK\r\nContent-Type: appli');
  exchange.drop('FIN');
};

/** The answer says its length, and ends before it. */
export const truncateByLength = (kept = 20) => async (exchange) => {
  const { status, reason, headers, body } = await exchange.forward();
  exchange.writeHead({ status, reason, headers }, [['Content-Length', String(body.length)]]);
  exchange.write(body.subarray(0, kept));
  exchange.drop('FIN');
};

/** The answer comes in chunks, and its last one does not come. */
export const truncateChunked = (kept = 20) => async (exchange) => {
  const { status, reason, headers, body } = await exchange.forward();
  exchange.writeHead({ status, reason, headers }, [['Transfer-Encoding', 'chunked']]);
  exchange.write(`${kept.toString(16)}\r\n${body.subarray(0, kept)}\r\n`);
  exchange.drop('FIN');
};

/** The answer has no length and ends with the connection, too early: the browser cannot tell. */
export const truncateByClose = (kept = 20) => async (exchange) => {
  const { status, reason, headers, body } = await exchange.forward();
  exchange.writeHead({ status, reason, headers }, [['Connection', 'close']]);
  exchange.write(body.subarray(0, kept));
  exchange.drop('FIN');
};

/** The server has acted; somebody on the way answers in its place. */
export const replaceAfter = (reply) => async (exchange) => {
  const original = await exchange.forward();
  exchange.send(typeof reply === 'function' ? reply(original) : reply);
};

/** The server never sees the request; somebody on the way answers. */
export const replaceBefore = (reply) => async (exchange) => exchange.send(reply);

/** The request is asked to fail in the server's own way (its `faults` feature). */
export const serverFault = (name) => async (exchange) =>
  exchange.send(await exchange.forward({ headers: [...exchange.request.headers, ['X-Fault', name]] }));

/** An answer of JSON. */
export const json = (status, value, headers = []) => ({ status, headers: [['Content-Type', 'application/json'], ...headers], body: typeof value === 'string' ? value : JSON.stringify(value) });

/** Drops the connection and keeps the request back, until `deliver()` brings this copy to the server; `answers` are the replies to it. */
export function keepCopy() {
  const answers = [];
  let deliver;
  const released = new Promise((done) => (deliver = done));
  const fault = async (exchange) => {
    exchange.drop('RST');
    await released;
    answers.push(await exchange.forward());
  };
  return Object.assign(fault, { deliver, answers });
}
