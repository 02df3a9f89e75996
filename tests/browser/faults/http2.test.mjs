// Tests row B7: HTTP/2, where one lost session or refused stream makes the browser send a POST again by itself.
import http from 'node:http';
import http2 from 'node:http2';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Form } from '../harness/form.mjs';
import { hostPage, policy } from '../harness/host.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { entries, assertOneKeyAndBody, assertRecordedOnce, resolvingAttributes, assertUnknown } from './observe.mjs';

/** A key and its certificate for this machine's own address; it protects nothing, so it may lie here for all to see. */
const pem = readFileSync(new URL('./fixtures/loopback.pem', import.meta.url));
const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

/** A front of HTTP/2 before the server. The first payment is committed, and then its answer is lost as `lose` says. */
async function front(bench, lose) {
  const server = await bench.serve();
  const payments = [];
  const sessions = new Set();
  const proxy = http2.createSecureServer({ key: pem, cert: pem });
  proxy.on('session', (session) => {
    sessions.add(session.on('error', () => {}).on('close', () => sessions.delete(session)));
  });
  proxy.on('stream', async (stream, headers) => {
    stream.on('error', () => {});
    const path = headers[':path'];
    if (path === '/host.html') {
      const page = hostPage({ attributes: resolvingAttributes }, policy);
      stream.respond({ ':status': 200, ...Object.fromEntries(page.headers.map(([name, value]) => [name.toLowerCase(), value])) });
      return stream.end(page.body);
    }
    const body = await received(stream);
    const isPayment = headers[':method'] === 'POST' && path === '/v1/payments/';
    if (isPayment) payments.push({ key: headers['idempotency-key'], hash: createHash('sha256').update(body).digest('hex') });
    const number = payments.length;
    const reply = await forward(server, headers, body);
    if (isPayment && number === 1) return lose(stream);
    if (stream.destroyed) return undefined;
    stream.respond({ ':status': reply.status, ...reply.headers });
    return stream.end(reply.body);
  });
  proxy.listen(0, '127.0.0.1');
  await new Promise((ready) => proxy.once('listening', ready));
  bench.cleanups.push(() => {
    for (const session of sessions) session.destroy();
    proxy.close();
  });

  const context = await bench.context({ ignoreHTTPSErrors: true });
  const origin = `https://127.0.0.1:${proxy.address().port}`;
  const page = await context.newPage();
  await context.addCookie({ ...(await server.session('/?customer=655080')), url: origin });
  await page.goto(`${origin}/host.html`);
  const form = new Form(page);
  await form.ready();
  await form.fillIn(entries);
  return { form, payments };
}

const repeated = {
  'its session is destroyed': (stream) => stream.session.destroy(),
  'its session goes away before this stream': (stream) => {
    stream.session.goaway(NGHTTP2_NO_ERROR, 0);
    stream.session.destroy();
  },
  'its stream is refused': (stream) => stream.close(NGHTTP2_REFUSED_STREAM),
};
test('B7: a committed payment whose reply is lost with its session or its stream is one payment', async (bench) => {
  await eachCase(repeated, async (lose) => {
    const { form, payments } = await front(bench, lose);
    await bench.server.ledger.mark();
    await form.pay.click();
    // The browser may or may not repeat it by itself.
    if ((await form.waitFor('recorded', 'unknown')) === 'unknown') await form.press('retry');
    await assertRecordedOnce(bench, form);
    assertOneKeyAndBody(payments, 2);
  });
}, { needs: 'certificates' });

test('B7: a stream that ends by an internal error leaves the outcome open', async (bench) => {
  const { form, payments } = await front(bench, (stream) => stream.close(NGHTTP2_INTERNAL_ERROR));
  await form.pay.click();
  await assertUnknown(form);
  await form.press('retry');
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(payments, 2);
}, { needs: 'certificates' });

async function received(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Hands a request on over HTTP/1.1, as the server's own origin would send it. */
function forward(server, headers, body) {
  const plain = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(:|host$|origin$|content-length$)/.test(name)));
  return new Promise((answered, failed) => {
    const request = http.request(server.origin + headers[':path'], { method: headers[':method'], headers: { ...plain, 'content-length': body.length }, agent: false });
    request.once('error', failed);
    request.once('response', async (reply) => {
      const kept = Object.entries(reply.headers).filter(([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name));
      answered({ status: reply.statusCode, headers: Object.fromEntries(kept), body: await received(reply) });
    });
    request.end(body);
  });
}
