// Loads the WebAssembly: for the element, and for the rules without one.
//
// This script is a part of element.js and of rules.js. payment_form.js, which wasm-bindgen writes, is one module for both, so a page runs
// the wasm once.

/**
 * Loads the form: resolves to the module over the running wasm. A second call runs the wasm of the first; its own address and hash are
 * fetched and checked all the same.
 */
export async function load({ wasmUrl, integrity } = {}) {
  const compiling = get(wasmUrl ?? new URL('./payment_form_bg.wasm', import.meta.url).href, integrity).then(compiled);
  // The two files are fetched side by side; a wasm that fails first must not count as unhandled.
  compiling.catch(() => {});
  const form = await import('./payment_form.js');
  const module = await compiling;
  await form.default({ module_or_path: module });
  return form;
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

/** The module in bytes, or in a response: while it arrives, where the server names its type. */
async function compiled(file) {
  const isNamed = file.headers?.get('Content-Type') === 'application/wasm';
  if (isNamed) return WebAssembly.compileStreaming(file);
  return WebAssembly.compile(file.arrayBuffer ? await file.arrayBuffer() : file);
}
