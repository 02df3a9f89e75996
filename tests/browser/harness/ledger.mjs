// Reads the ledger's file beside the server and not through it: the oracle of every test.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { units } from './money.mjs';
import { ledgerProgram } from './paths.mjs';

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
    this.seeded = { payments: 0, dueItems: 0 };
  }

  /** The rows of a query, as objects; amounts come as the text that the file holds. */
  rows(sql, ...parameters) {
    return ask({ file: this.file, sql, parameters });
  }

  /** Marks the present rows as older than the test. */
  async mark() {
    const [{ payments, dueItems }] = await this.rows('SELECT (SELECT max(id) FROM payments) AS payments, (SELECT max(id) FROM due_items) AS dueItems');
    this.seeded = { payments, dueItems };
  }

  /** The payments made since, amounts in minor units, shares by invoice. */
  async payments() {
    const since = String(this.seeded.payments);
    const [payments, allocations] = await Promise.all([
      this.rows('SELECT p.*, c.currency FROM payments p JOIN customers c ON c.id = p.customer_id WHERE p.id > ? ORDER BY p.id', since),
      this.rows('SELECT * FROM allocations WHERE payment_id > ?', since),
    ]);
    return payments.map(({ id, customer_id, currency, amount, unallocated, method, method_id, source, reference }) => {
      const decimals = currency === 'JPY' ? 0 : 2;
      const own = allocations.filter(({ payment_id }) => payment_id === id);
      const shares = Object.fromEntries(own.map((row) => [row.invoice_id, units(row.amount, decimals)]));
      return { id, customer: customer_id, amount: units(amount, decimals), unallocated: units(unallocated, decimals), method, methodId: method_id, source, reference, shares };
    });
  }

  /** The other contract's records made since. */
  async dueItems() {
    const rows = await this.rows('SELECT * FROM due_items WHERE id > ? ORDER BY id', String(this.seeded.dueItems));
    return rows.map(({ id, amount_due, amount_paid, due_date, date }) => ({ id, due: units(amount_due), paid: units(amount_paid), dueDate: due_date, date }));
  }

  /** In every payment the shares and the rest are the amount, and no balance is anything but what its shares left. */
  async contradictions() {
    const [payments, invoices] = await Promise.all([
      this.rows('SELECT p.id, p.amount, p.unallocated, (SELECT group_concat(a.amount) FROM allocations a WHERE a.payment_id = p.id) AS shares FROM payments p'),
      this.rows('SELECT i.id, i.total, i.balance, (SELECT group_concat(a.amount) FROM allocations a WHERE a.invoice_id = i.id) AS shares FROM invoices i'),
    ]);
    const total = (shares) => (shares ?? '').split(',').filter(Boolean).reduce((sum, share) => sum + units(share), 0n);
    return [
      ...payments.filter(({ amount, unallocated, shares }) => units(amount) !== units(unallocated) + total(shares)).map(({ id }) => `payment ${id}`),
      ...invoices.filter(({ total: whole, balance, shares }) => units(whole) !== units(balance) + total(shares)).map(({ id }) => `invoice ${id}`),
    ];
  }
}
