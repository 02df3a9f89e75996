// Tests the gallery: every case stands the accessibility check in every mode, and the accessibility trees of the main cases equal
// their snapshots.
//
// A page is loaded once for each case; the modes are emulated on it. After a change of the form that is meant, write the snapshots anew:
// UPDATE_SNAPSHOTS=1 node tests/browser/run.mjs "gallery.*tree"
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { axeSource } from '../harness/axe.mjs';
import { lacking } from '../harness/driver.mjs';
import { cases, devices, emulate, modes, showCase, speak } from '../harness/gallery.mjs';
import { root } from '../harness/paths.mjs';
import { test } from '../harness/test.mjs';

const needs = ['media', 'device', 'playwright'];
const snapshots = path.join(root, 'tests/browser/snapshots');
/** The number of pages that share the work, so that a failure names few cases and each has time. */
const SHARE = 10;

/** An empty page on each device. */
async function pagesOf(bench) {
  const pages = {};
  for (const [device, options] of Object.entries(devices)) pages[device] = await (await bench.context(options)).newPage();
  return pages;
}

/** The violations that axe finds, one line each. */
async function violations(page, options) {
  return page.evaluate(async (given) => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], ...given });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.flat().join(' ')} (${failureSummary?.split('\n')[1]?.trim()})`).join('; ')}`);
  }, options);
}

/** Elements that reach beyond the window. */
const beyond = () => {
  const width = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= width ? [] : [`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width} px`];
};

for (let start = 0; start < cases.length; start += SHARE) {
  const some = cases.slice(start, start + SHARE);
  test(`axe finds nothing in any mode: ${some[0].name} to ${some.at(-1).name}`, async (bench) => {
    await bench.serve();
    // The failing lists and the missing file of some cases are told to the console.
    bench.expectMessage(/could not be loaded|missing\.wasm|HTTP status 500/);
    const found = [];
    const pages = await pagesOf(bench);
    for (const { name } of some) {
      for (const page of Object.values(pages)) {
        await showCase(bench, name, page);
        await page.runScript(axeSource);
      }
      for (const [mode, how] of Object.entries(modes)) {
        const page = pages[how.device ?? 'mouse'];
        await emulate(page, how);
        await page.evaluate(speak, how.lang);
        assert.equal(await page.evaluate(() => matchMedia('(pointer: coarse) and (hover: none)').matches), mode === 'phone');
        for (const violation of [...(await violations(page, how.axe)), ...(await page.evaluate(beyond))]) found.push(`${name}, ${mode}: ${violation}`);
      }
      await emulate(pages.mouse, modes.light);
    }
    assert.deepEqual(found, []);
  }, { seconds: 120, needs });
}

// Other engines emulate neither media nor phones, and the rules of axe hold in them as in Chromium: a sample of cases is enough there.
if (lacking(needs).length > 0) {
  const sample = cases.filter((_, index) => index % 4 === 0);
  test('axe finds nothing in a sample of cases, from left to right and from right to left', async (bench) => {
    await bench.serve();
    bench.expectMessage(/could not be loaded|missing\.wasm|HTTP status 500|status of 500/);
    const found = [];
    const page = await (await bench.context()).newPage();
    for (const { name } of sample) {
      await showCase(bench, name, page);
      await page.runScript(axeSource);
      for (const mode of ['light', 'right to left']) {
        await page.evaluate(speak, modes[mode].lang);
        for (const violation of [...(await violations(page, {})), ...(await page.evaluate(beyond))]) found.push(`${name}, ${mode}: ${violation}`);
      }
    }
    assert.deepEqual(found, []);
  }, { seconds: 120 });
}

test('tree of each main case is that of its snapshot', async (bench) => {
  await bench.serve();
  mkdirSync(snapshots, { recursive: true });
  const page = await (await bench.context()).newPage();
  for (const { name } of cases.filter(({ tree }) => tree)) {
    await showCase(bench, name, page);
    const tree = await page.native.locator('payment-form').ariaSnapshot();
    // The number of an attempt is another one at each visit.
    const seen = `${tree.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<attempt>')}\n`;
    const file = path.join(snapshots, `${name}.aria.yml`);
    if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, seen);
    assert.equal(seen, existsSync(file) ? readFileSync(file, 'utf8') : '', `${name}: the tree differs from tests/browser/snapshots/${name}.aria.yml`);
  }
}, { seconds: 60, needs });

test('pages around the form stand the accessibility check and fit a phone', async (bench) => {
  await bench.serve();
  const found = [];
  const pages = await pagesOf(bench);
  for (const address of ['/', '/?staff', '/gallery', '/docs', '/docs/attributes', '/docs/states', '/docs/promise']) {
    for (const page of Object.values(pages)) {
      await page.goto(bench.origin + address);
      await page.waitFor(() => document.querySelector('main').childElementCount > 0 && (!document.querySelector('payment-form') || document.querySelector('payment-form').state === 'ready'));
      await page.runScript(axeSource);
    }
    for (const mode of ['light', 'dark', 'phone']) {
      const page = pages[modes[mode].device ?? 'mouse'];
      await emulate(page, modes[mode]);
      for (const violation of [...(await violations(page)), ...(await page.evaluate(beyond))]) found.push(`${address}, ${mode}: ${violation}`);
    }
  }
  assert.deepEqual(found, []);
}, { seconds: 60, needs });

test('themes can be read in light and dark', async (bench) => {
  const found = [];
  const form = await bench.demo('?customer=655080&staff');
  await form.amount.fill('0');
  await form.pay.click();
  await form.summary.waitFor();
  await form.amount.fill('500');
  await form.page.runScript(axeSource);
  for (const theme of ['forest', 'slate', 'plum']) {
    await form.page.evaluate((name) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = `/pkg/themes/${name}.css`;
      document.querySelectorAll('link[href^="/pkg/themes/"]').forEach((old) => old.remove());
      document.head.append(link);
      return new Promise((loaded, failed) => Object.assign(link, { onload: loaded, onerror: failed }));
    }, theme);
    for (const colorScheme of ['light', 'dark']) {
      await form.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const violation of await violations(form.page, {})) found.push(`${theme}, ${colorScheme}: ${violation}`);
    }
  }
  assert.deepEqual(found, []);
}, { seconds: 60, needs });
