// Notices a trap in WebAssembly, which leaves the module's memory in doubt for every form on the page.

/** One callback for each mounted form, called when the module traps. After a trap no form is mounted again. */
export const trapListeners = new Set();

/** The error of the trap; undefined while the module runs. */
export let trap;

/** Tells every form of the page that the module has trapped. */
export function reportTrap(error) {
  trap ??= error;
  for (const listener of [...trapListeners]) listener();
}

/** Notices traps that surface as error events, because the form's own listeners are called by the browser and not by the element's class. */
export function watch(wasmUrl) {
  // webpack gives the wasm a name of its own, and its `import.meta.url` is no address of the page, so the wasm's address stands here, too.
  // Parcel's development server appends another time stamp to each request.
  // The WebAssembly and the script beside it begin with one name. Chromium gives the last name to a WebAssembly that was not read
  // from an address.
  const files = [String(wasmUrl).replace(/[?#].*/, ''), import.meta.url, import.meta.url.replace(/[^/]*$/, 'payment_form'), 'wasm://wasm/payment_form'];
  const checkError = (error) => {
    if (error instanceof WebAssembly.RuntimeError && files.some((file) => error.stack?.includes(file))) reportTrap(error);
  };
  addEventListener('error', (event) => checkError(event.error));
  addEventListener('unhandledrejection', (event) => checkError(event.reason));
}
