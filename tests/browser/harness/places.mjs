// Where the things stand that the browser tests drive.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The reference server, built with the fault switches. */
export const serverProgram = process.env.PAYMENT_FORM_SERVER ?? path.join(root, 'target/debug/payment-form-server');
/** Reads the ledger's file for the tests: `server/examples/ledger.rs`, which cargo puts beside the server. */
export const ledgerProgram = process.env.PAYMENT_FORM_LEDGER ?? path.join(path.dirname(serverProgram), 'examples/ledger');
/** The built form. */
export const dist = process.env.PAYMENT_FORM_DIST ?? path.join(root, 'dist');
/** Any Chromium or Chrome; a bare name is looked for as a shell would. */
export const chromiumProgram = onPath(process.env.CHROMIUM ?? 'chromium');
/** Screenshots of failed tests are kept here. */
export const evidence = path.join(root, 'target/e2e');

/** A sentence about the first thing that is not there, or nothing. */
export function missing() {
  const wanted = [
    [serverProgram, 'Build the server first: cargo build -p payment-form-server --features faults --bins --examples'],
    [ledgerProgram, 'Build the ledger reader first: cargo build -p payment-form-server --features faults --bins --examples'],
    [dist, 'Build the form first: cargo xtask build'],
    [chromiumProgram, 'Install Chromium first: apt-get install chromium'],
  ];
  const absent = wanted.find(([place]) => !existsSync(place));
  return absent && `${path.basename(absent[0])} is missing. ${absent[1]}`;
}

function onPath(program) {
  if (path.isAbsolute(program)) return program;
  const places = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, program));
  return places.find((place) => existsSync(place)) ?? program;
}
