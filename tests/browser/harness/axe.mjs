// Reads the source of the accessibility checker axe. The driver gives it to the page through the debugger, because the page's policy allows no
// other script.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
