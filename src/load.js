// Loads the WebAssembly: for the element, and for the rules without one.

/** Where the wasm lies unless the page says otherwise. */
export const wasmBeside = () => new URL('./payment_form_bg.wasm', import.meta.url).href;

/** Loads the wasm from this address and returns the module over it. Loading it twice is loading it once. */
export async function load(url, integrity = '') {
  const wasm = bytesOf(url, integrity);
  // Both are fetched side by side; a wasm that fails first must not count as unhandled.
  wasm.catch(() => {});
  const form = await import('./payment_form.js');
  await form.default({ module_or_path: await wasm });
  return form;
}

async function bytesOf(url, integrity) {
  if (url.startsWith('file:')) {
    // Node fetches no files. The name stands in a variable so that bundlers for browsers pass it over.
    const files = 'node:fs/promises';
    return (await import(/* @vite-ignore */ files)).readFile(new URL(url));
  }
  const response = await fetch(url, { credentials: 'same-origin', integrity });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}
