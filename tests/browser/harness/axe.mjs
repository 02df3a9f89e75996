// Reads the source of the accessibility checker. It is handed to the page through the debugger: the page's own policy, rightly, lets no
// script in.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
