// Holds a page at its skeleton, and reads the amount input and the draft of it.
import { delay } from '../harness/wait.mjs';

export const wasmPath = /payment_form_bg\.wasm$/;
export const listPaths = /invoiceSummaries|paymentMethods/;

/** Holds back the answers to requests whose path fits, until `release`; `fail` answers them with an error. `after` lets them through by itself. */
export async function holdReplies(bench, pattern, after) {
  const proxy = bench.proxy ?? (await bench.serveThroughProxy());
  const waiting = [];
  let answer;
  const other = proxy.onOther;
  const give = async (exchange) => exchange.send(await exchange.forward());
  proxy.onOther = (exchange) => {
    if (!pattern.test(exchange.request.path.split('?')[0])) return other(exchange);
    return async () => {
      if (after) await delay(after);
      else await new Promise((go) => (answer ? go() : waiting.push(go)));
      return (answer ?? give)(exchange);
    };
  };
  const end = (how) => {
    answer = how;
    for (const go of waiting.splice(0)) go();
  };
  return {
    release: () => end(give),
    fail: () => end((exchange) => exchange.send({ status: 503, headers: [['Content-Type', 'text/plain']], body: 'no' })),
    asked: () => proxy.arrivals.filter(({ path }) => pattern.test(path.split('?')[0])).length,
  };
}

/** The form of a page whose skeleton is drawn. */
export async function openSkeleton(bench, attributes = {}, options = {}) {
  const form = await bench.host(attributes, { waitFor: null, ...options });
  await form.element.locator('#early-amount').waitFor({ state: 'attached' });
  return form;
}

export const readCaret = (form, name = 'amount') =>
  form.element.evaluate(({ shadowRoot }, name) => {
    const input = shadowRoot.querySelector(`[name="${name}"]`);
    return { text: input.value, start: input.selectionStart, end: input.selectionEnd, hasFocus: shadowRoot.activeElement === input };
  }, name);

export const readDraft = (form, name = '0', scope = 'fusebill|/v1/payments/|655080') =>
  form.page.evaluate((entry) => {
    const text = sessionStorage.getItem(entry);
    return text === null ? null : Object.fromEntries(new URLSearchParams(text));
  }, `payment-form:1:${scope}|${name}:draft`);

/** Waits until the form itself stands there. */
export const waitForMount = (form) => form.page.waitFor(() => !document.querySelector('payment-form').shadowRoot.querySelector('#early-amount'));
