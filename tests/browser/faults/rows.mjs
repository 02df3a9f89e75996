// Collects the names of all tests, and checks that each row of the fault matrix and each security statement is one of them. node
// tests/browser/faults/rows.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lacking } from '../harness/driver.mjs';
import { testsOf } from '../harness/test.mjs';

/** The rows of the matrix, by their letter and how many there are. */
export const matrix = Object.entries({ A: 12, B: 15, C: 14, D: 17, E: 12, F: 11, G: 11, H: 8 }).flatMap(([letter, count]) => Array.from({ length: count }, (_, row) => `${letter}${row + 1}`));

/** The minimum set: the sixty rows that a release needs, each shown in a real browser or at the real server. */
export const minimum = matrix.filter((row) => !'A9 A10 A11 A12 B1 B13 B15 C7 C11 C13 C14 D9 D10 D15 D16 E3 E4 E8 E9 E11 E12 F4 F5 F6 F8 F10 F11 G1 G3 G4 G5 G8 G9 G10 G11 H4 H5 H6 H7 H8'.split(' ').includes(row));

/** The security statements, but for those about a build: nothing in line (S3), the same bytes twice (S22), known licences and sources (S23). */
export const statements = Array.from({ length: 35 }, (_, number) => `S${number + 1}`).filter((statement) => !['S3', 'S22', 'S23'].includes(statement));

const folder = (path) => new URL(path, import.meta.url);

/** The tests of the browser and of the running server, with their needs. */
export async function benchTests() {
  const files = (path) => readdirSync(folder(path)).filter((file) => file.endsWith('.test.mjs')).map((file) => new URL(file, folder(path)));
  return testsOf([...files('./'), ...files('../form/')]);
}

/** The first lines of what is written above the native tests. */
export function nativeTests() {
  const names = [];
  for (const path of ['../../core/', '../../../server/tests/server/']) {
    for (const name of readdirSync(folder(path), { recursive: true }).filter((file) => file.endsWith('.rs'))) {
      const source = readFileSync(new URL(name, folder(path)), 'utf8');
      for (const [, comment] of source.matchAll(/^\/\/\/ (.*)\n(?:\/\/\/.*\n)*(?:#\[cfg.*\n)*#\[test\]/gm)) names.push(comment);
    }
  }
  return names;
}

/** The rows that a name says: it begins with the rows that it shows, and a colon. */
const rowsOf = (name) => name.match(/^((?:[A-Z]\d+ ?)+):/)?.[1].split(' ') ?? [];

/** The rows that no name says. */
export function withoutTest(rows, names) {
  const shown = new Set(names.flatMap(rowsOf));
  return rows.filter((row) => !shown.has(row));
}

/** The rows of browser tests that an engine plays in part, because its driver lacks a need of a test, or not at all. */
export function skippedIn(engine, tests) {
  const skipped = new Set(tests.filter(({ needs }) => lacking(needs, engine).length > 0).flatMap(({ name }) => rowsOf(name)));
  return [...matrix, ...statements].filter((row) => skipped.has(row));
}

// Not awaited here: a test file imports this one.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void benchTests().then((tests) => {
    const names = tests.map(({ name }) => name);
    const skipped = Object.fromEntries(['firefox', 'webkit'].map((engine) => [engine, skippedIn(engine, tests)]));
    console.log(JSON.stringify({ minimum: withoutTest(minimum, names), matrix: withoutTest([...matrix, ...statements], [...names, ...nativeTests()]), skipped }));
    process.exit(0);
  });
}
