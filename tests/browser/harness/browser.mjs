// The system's Chromium, without anything that would make requests of its own.
import { chromium } from 'playwright-core';
import { chromiumProgram } from './places.mjs';

const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** @param {string[]} extra further switches */
export function launch(extra = []) {
  // Chromium refuses to run its sandbox as root, which is who runs tests in a container.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromiumProgram, args: [...quiet, ...sandbox, ...extra] });
}
