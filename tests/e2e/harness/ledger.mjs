// The oracle of every test: the ledger's file, read beside the server and not through it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ledgerProgram } from './places.mjs';

let reader;

/** One reader per process answers a line of JSON for each line of JSON. */
function ask(question) {
  if (!reader) {
    const program = spawn(ledgerProgram, { stdio: ['pipe', 'pipe', 'inherit'] });
    const waiting = [];
    createInterface({ input: program.stdout }).on('line', (line) => {
      const { answered, refused } = waiting.shift();
      const answer = JSON.parse(line);
      if (answer.error) refused(new Error(`The ledger cannot be read: ${answer.error}`));
      else answered(answer.rows);
    });
    program.once('exit', () => waiting.forEach(({ refused }) => refused(new Error('The ledger reader ended.'))));
    // The reader ends with its input, so it must not keep this process alive.
    program.unref();
    for (const stream of [program.stdin, program.stdout]) stream.unref?.();
    reader = { program, waiting };
  }
  return new Promise((answered, refused) => {
    reader.waiting.push({ answered, refused });
    reader.program.stdin.write(`${JSON.stringify(question)}\n`);
  });
}

export class Ledger {
  constructor(file) {
    this.file = file;
  }

  /** The rows of a query, as objects; amounts come as the text or integer that the file holds. */
  rows(sql, parameters = []) {
    return ask({ file: this.file, sql, parameters });
  }
}
