// Notices a trap in WebAssembly, which leaves the module's memory in doubt for every form on the page.

/** The callback of each mounted form for the trap of the module; after a trap, no form is mounted again. */
export const crashes = new Set();

/** The error by which the module has trapped; undefined while it runs. */
export let trap;

/** Tells every form of the page. */
export function trapped(error) {
  trap ??= error;
  for (const crash of [...crashes]) crash();
}

/** Notices traps that surface as error events, because the form's own listeners are called by the browser and not by the element's class. */
export function watch(wasmUrl) {
  // webpack gives the wasm a name of its own, and its `import.meta.url` is no address of the page, so the wasm's address stands here, too.
  // Parcel's development server appends another time at each look.
  // The WebAssembly and the script beside it begin with one name. Chromium gives the last name to a WebAssembly that was not read
  // from an address.
  const files = [String(wasmUrl).replace(/[?#].*/, ''), import.meta.url, import.meta.url.replace(/[^/]*$/, 'payment_form'), 'wasm://wasm/payment_form'];
  const look = (error) => {
    if (error instanceof WebAssembly.RuntimeError && files.some((file) => error.stack?.includes(file))) trapped(error);
  };
  addEventListener('error', (event) => look(event.error));
  addEventListener('unhandledrejection', (event) => look(event.reason));
}
