// Keeps the settings of the page's own script, and loads the form from the address that they name.
import { WASM, load, wasmAddress } from './load.js';
import { watch } from './trap.js';

/** `integrity` holds the hashes of files by their names in the package. */
export const options = { wasmUrl: undefined, integrity: {}, allowedOrigins: [], allowBasic: false };

/** The promise of the WebAssembly. */
let loading;

/** The settings of the files, as one text. */
const fileSettings = () => JSON.stringify([options.wasmUrl, options.integrity]);

/** Settings of the page's own script, never of an attribute: where the wasm lies, and to whom the form may speak. */
export function configure({ wasmUrl, integrity, allowedOrigins, allowBasic } = {}) {
  const before = fileSettings();
  if (wasmUrl !== undefined) options.wasmUrl = new URL(wasmUrl, document.baseURI).href;
  if (integrity !== undefined) options.integrity = typeof integrity === 'object' ? { ...integrity } : { [WASM]: String(integrity) };
  if (loading && fileSettings() !== before) console.error('payment-form: configure() came after the first form, whose files are loaded without it.');
  if (allowedOrigins !== undefined) options.allowedOrigins = Array.from(allowedOrigins, (origin) => new URL(origin).origin);
  if (allowBasic !== undefined) options.allowBasic = allowBasic === true;
}

/** Loads the wasm once for all forms of the page; after a failure the next form tries again. */
export function loadOnce() {
  loading ??= load(options).then((form) => (watch(wasmAddress(options.wasmUrl)), form));
  loading.catch(() => (loading = undefined));
  return loading;
}
