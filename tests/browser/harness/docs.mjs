// Reads the snippets of docs/ and README.md, which tests run as they stand there.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** A page of docs/, or README.md. */
export const page = (name) => readFileSync(path.join(root, name === 'README.md' ? '' : 'docs', name), 'utf8');

/** The blocks of one kind (`js`, `html`, …) on a page, in their order. */
export function snippets(name, kind) {
  const blocks = [...page(name).matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text);
  if (blocks.length === 0) throw new Error(`${name} has no snippet in ${kind}.`);
  return blocks;
}

const AsyncFunction = (async () => {}).constructor;

/** Runs a snippet in this process: its imports are arguments, and so are the other names that it takes from its surroundings. */
export const runSnippet = (code, given, result = '') => new AsyncFunction(...Object.keys(given), `${code.replace(/^import .*$/gm, '')}\n${result}`)(...Object.values(given));
