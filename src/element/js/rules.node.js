// Gives the rules of the form without the form, under Node, which reads the WebAssembly from a file. The file package.json names
// this script under the condition `node`, so no bundler for browsers meets a module of Node.
import { readFile } from 'node:fs/promises';
import { startOnce } from './load.js';
import { rulesOver } from './rules_over.js';

export const { allocate, check } = rulesOver(async () => {
  const file = readFile(new URL('./payment_form_bg.wasm', import.meta.url));
  return startOnce(await import('./payment_form.js'), await file);
});
