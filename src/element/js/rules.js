// The rules of the form without the form, in a browser: how a payment is divided, and what is wrong with it. rules.node.js is the same for Node.
import { load } from './load.js';
import { rulesOver } from './rules_over.js';

export const { allocate, check } = rulesOver(load);
