// Loads the WebAssembly: for the element, and for the rules without one.
//
// This script is a part of element.js and of rules.js; payment_form.js, wasm-bindgen's glue, is one module for both. Its `default` export
// starts the WebAssembly, and carries the promise of the start, because two starts would give the glue two memories.

/** The name of the WebAssembly in the package. */
export const WASM = 'payment_form_bg.wasm';

/** The address of the WebAssembly: the page's own, or the file beside this script. A bundler may give that file another name. */
export const wasmAddress = (wasmUrl) => wasmUrl ?? new URL('./payment_form_bg.wasm', import.meta.url);

/**
 * Resolves to the glue over a started WebAssembly. A page's own address or hash that is not right is a failure, even where another script of
 * the page has started the WebAssembly already.
 */
export async function load({ wasmUrl, integrity = {} } = {}) {
  const file = fetchWasm(wasmAddress(wasmUrl), integrity[WASM]);
  // The glue may fail first; a file that fails after it must not count as unhandled.
  file.catch(() => {});
  return startOnce(await import('./payment_form.js'), await file);
}

/** Starts the WebAssembly once for the page, and resolves to the glue over it. After a failed start, the next call tries its own file. */
export async function startOnce(glue, file) {
  const start = glue.default;
  start.once = (start.once ?? Promise.reject()).catch(() => start({ module_or_path: file }));
  await start.once;
  return glue;
}

/** Fetches the file: returns the response, which is compiled while it arrives, or its bytes where the server does not name the media type. */
async function fetchWasm(url, integrity = '') {
  const response = await fetch(url, { credentials: 'same-origin', integrity });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const type = response.headers.get('Content-Type') ?? '';
  // A development server that has left the file behind answers with its start page.
  if (type.startsWith('text/html')) throw new Error(`${url} is a page and not the WebAssembly: the bundler must carry payment_form_bg.wasm along, or leave payment-form out of its pre-bundling`);
  return type === 'application/wasm' ? response : response.arrayBuffer();
}
