// Shares the code of the long runs: figures from the command line, seeded random numbers, and one line of result.
import { pathToFileURL } from 'node:url';

/** Runs `campaign` with its figures when its file is the program: `--name N` replaces a default; a failure ends with code 1. */
export async function asProgram(address, defaults, campaign) {
  if (!process.argv[1] || address !== pathToFileURL(process.argv[1]).href) return;
  const figures = { ...defaults };
  for (let index = 2; index < process.argv.length; index += 2) {
    const name = process.argv[index].replace(/^--/, '');
    const value = Number(process.argv[index + 1]);
    if (!(name in defaults) || !Number.isInteger(value)) {
      console.error(`Usage: ${Object.entries(defaults).map(([known, number]) => `--${known} ${number}`).join(' ')}`);
      process.exit(2);
    }
    figures[name] = value;
  }
  const started = Date.now();
  try {
    console.log(`${await campaign(figures)} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

/** Random numbers that repeat from their seed (mulberry32). */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** At least 0 and less than 1. */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(count) {
    return Math.floor(this.next() * count);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  occurs(probability) {
    return this.next() < probability;
  }
}
