// Loads the WebAssembly: for the element, and for the rules without one.
//
// It lies there in one file, for Node and for pages that say themselves where it lies or what its hash is, and in two halves for all others:
// the first draws the form, lets it be typed in and divides, and the rest follows when that is done. Should something be wanted of the rest
// before, it is fetched there and then, and the page stands still for as long as that takes.
//
// This script is a part of element.js and of rules.js, and payment_form.js is one for both: what there is once for a page lies there.

const whole = () => new URL('./payment_form_bg.wasm', import.meta.url).href;
const first = () => new URL('./payment_form_first.wasm', import.meta.url).href;
const rest = () => new URL('./payment_form_rest.wasm', import.meta.url).href;

/** How long, in milliseconds, to wait before the rest is asked for again. */
const PAUSES = [300, 1000, 3000, 0];

/**
 * Loads the form: resolves when it can be drawn, to the module over it and to a function that fetches the rest and resolves when all of
 * the form is there. Loading it twice is loading it once; an own address or hash that is not right is a failure all the same.
 */
export async function load({ wasmUrl, integrity } = {}) {
  const isHalf = !wasmUrl && !integrity && !import.meta.url.startsWith('file:');
  const asked = get(isHalf ? first() : (wasmUrl ?? whole()), integrity);
  // Both are fetched side by side; a wasm that fails first must not count as unhandled.
  asked.catch(() => {});
  const form = await import('./payment_form.js');
  const file = await asked;
  let isOurs = false;
  const start = () =>
    form.start(async () => {
      isOurs = true;
      const { soon, now } = isHalf ? restOf(form) : { soon: async () => {} };
      form.imports.$.absent = now;
      form.begin(await instance(file, form.imports));
      return soon;
    });
  // What went wrong for somebody else need not go wrong here.
  const follow = await start().catch((error) => (isOurs ? Promise.reject(error) : start()));
  return { form, follow };
}

/** Whether the form stopped because its rest could not be had when something was wanted of it. */
export const isAbsence = (error) => error?.isAbsence === true;

/** The two ways to the rest of a form whose first half has been started. */
function restOf(form) {
  let following;
  let arrive;
  const arrival = new Promise((resolve) => (arrive = resolve));
  // Set by the rest itself, which fits no half of another build.
  const isHere = () => form.default().isWhole.value !== 0;
  const around = () => ({ $: form.imports.$, first: form.default() });

  async function fetched() {
    for (const pause of PAUSES) {
      try {
        return void (await instance(await get(rest()), around()));
      } catch (error) {
        if (isHere()) return;
        if (!pause) throw error;
        await new Promise((go) => setTimeout(go, pause));
      }
    }
  }

  return {
    /** In its time; who cannot wait meanwhile has got it for all. */
    soon: () => {
      if (isHere()) return Promise.resolve();
      following ??= Promise.race([arrival, fetched()]).finally(() => (following = undefined));
      return following;
    },
    /** Called by the form itself, which can wait for nothing that does not come at once. */
    now: () => {
      try {
        new WebAssembly.Instance(new WebAssembly.Module(bytesNow() ?? bytesNow(true)), around());
      } catch (error) {
        // The form is left in the middle of what it did, as by a trap.
        throw Object.assign(new WebAssembly.RuntimeError(`the rest of the form could not be loaded: ${error.message}`), { isAbsence: true });
      }
      arrive();
    },
  };
}

/** The bytes of the rest, by the one way to them that does not come later. */
function bytesNow(isLast = false) {
  // A browser would let a second request for the same address wait for the first.
  const address = new URL(rest());
  address.searchParams.set('now', '');
  const request = new XMLHttpRequest();
  try {
    request.open('GET', address, false);
    // A letter for each byte.
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status !== 200) throw new Error(`${address} answered ${request.status}`);
  } catch (error) {
    if (isLast) throw error;
    return undefined;
  }
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
}

async function get(url, integrity = '') {
  if (url.startsWith('file:')) {
    // Node fetches no files. The name stands in a variable so that bundlers for browsers pass it over.
    const files = 'node:fs/promises';
    return (await import(/* @vite-ignore */ files)).readFile(new URL(url));
  }
  const response = await fetch(url, { credentials: 'same-origin', integrity });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

/** An instance over bytes, or over a response: while it arrives, where the server names its type. */
async function instance(file, imports) {
  const isNamed = file.headers?.get('Content-Type') === 'application/wasm';
  const loaded = isNamed
    ? await WebAssembly.instantiateStreaming(file, imports)
    : await WebAssembly.instantiate(file.arrayBuffer ? await file.arrayBuffer() : file, imports);
  return loaded.instance;
}
