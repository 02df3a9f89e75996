// Names the paths of the programs and files that the browser tests drive.
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
/** Any Chromium or Chrome; a bare name is looked for as a shell would. The headless shell is the same engine and needs a third of the time. */
export const chromiumProgram = onPath(...(process.env.CHROMIUM ? [process.env.CHROMIUM] : ['chromium-headless-shell', 'chromium']));
/** Firefox, by the name of Debian's package or by its own. */
export const firefoxProgram = onPath(process.env.FIREFOX ?? 'firefox-esr', 'firefox');
/** The WebDriver server of WebKitGTK; it brings a browser of its own. */
export const webkitProgram = onPath(process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver');
/** Screenshots of failed tests are kept here. */
export const evidence = path.join(root, 'target/e2e');

/** The program of each engine, and the Debian package that brings it. */
const browsers = {
  chromium: [chromiumProgram, 'Install Chromium first: apt-get install chromium-headless-shell'],
  firefox: [firefoxProgram, 'Install Firefox first: apt-get install firefox-esr'],
  webkit: [webkitProgram, 'Install WebKitGTK first: apt-get install webkit2gtk-driver xvfb xauth'],
};

/** A sentence about the first thing that is not there, or nothing. */
export function missing(engine) {
  const wanted = [
    [serverProgram, 'Build the server first: cargo build -p payment-form-server --features faults --bins --examples'],
    [ledgerProgram, 'Build the ledger reader first: cargo build -p payment-form-server --features faults --bins --examples'],
    [dist, 'Build the form first: cargo xtask build'],
    browsers[engine],
  ];
  const absent = wanted.find(([file]) => !existsSync(file));
  return absent && `${path.basename(absent[0])} is missing. ${absent[1]}`;
}

/** The whole path of the first program that the search path holds. */
function onPath(...programs) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = programs.flatMap((program) => (path.isAbsolute(program) ? [program] : folders.map((folder) => path.join(folder, program))));
  return candidates.find((candidate) => existsSync(candidate)) ?? programs[0];
}
