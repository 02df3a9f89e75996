// Keeps the settings of the page's own script, and loads the form from the address that they name.
import { load, wasmAddress } from './load.js';
import { watch } from './trap.js';

export const options = { wasmUrl: undefined, integrity: undefined, allowedOrigins: [], allowBasic: false };

/** Settings of the page's own script, never of an attribute: where the wasm lies, and to whom the form may speak. */
export function configure({ wasmUrl, integrity, allowedOrigins, allowBasic } = {}) {
  if (wasmUrl !== undefined) options.wasmUrl = new URL(wasmUrl, document.baseURI).href;
  if (integrity !== undefined) options.integrity = String(integrity);
  if (allowedOrigins !== undefined) options.allowedOrigins = Array.from(allowedOrigins, (origin) => new URL(origin).origin);
  if (allowBasic !== undefined) options.allowBasic = allowBasic === true;
}

let loading;
/** Loads the wasm once for all forms of the page; after a failure the next form tries again. */
export function loaded() {
  loading ??= load(options).then((form) => (watch(wasmAddress(options.wasmUrl)), form));
  loading.catch(() => (loading = undefined));
  return loading;
}
