// Gives the rules of the form without the form, in a browser: the division of a payment, and its problems. The module
// rules.node.js is the same for Node.
import { load } from './load.js';
import { rulesOver } from './rules_over.js';

export const { allocate, check } = rulesOver(load);
