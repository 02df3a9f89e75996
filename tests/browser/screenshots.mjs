// Takes a picture of every case of the gallery and of the pages around the form: node tests/browser/screenshots.mjs FOLDER [WORD]
//
// Each case is loaded once on each device; the modes are emulated on its page. The file's name is `<case>-<mode>.png`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { launch, usual } from './harness/driver.mjs';
import { cases, devices, emulate, modes, showCase, speak } from './harness/gallery.mjs';
import { Server, today } from './harness/server.mjs';
import { moveClock } from './harness/watch.mjs';

const [folder, word = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const needs = new Set(['media', 'device', 'playwright']);
const server = await Server.start();
const browser = await launch();
let count = 0;

async function newPage(device = 'mouse') {
  const context = await browser.newContext({ ...usual, ...devices[device] }, needs);
  await context.addInitScript(moveClock, Date.parse(`${today}T15:00:00Z`) - Date.now());
  return context.newPage();
}

async function take(page, name, mode) {
  await emulate(page, mode);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  // A picture beyond the window is taken as with a mouse, so a phone's window grows to the length of the page.
  const isTouched = mode.device === 'finger';
  if (isTouched) await page.native.setViewportSize({ ...mode.size, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.native.screenshot({ path: path.join(folder, `${name}.png`), fullPage: !isTouched });
  count += 1;
}

try {
  for (const { name } of cases.filter((each) => each.name.includes(word))) {
    console.log(name);
    for (const device of Object.keys(devices)) {
      const page = await newPage(device);
      await showCase(server, name, page);
      for (const [mode, how] of Object.entries(modes).filter(([, how]) => (how.device ?? 'mouse') === device)) {
        await page.evaluate(speak, how.lang);
        await take(page, `${name}-${mode.replaceAll(/,? /g, '-')}`, how);
      }
      await page.context().close();
    }
  }
  const pages = { demo: '/', 'demo-plum': '/?theme=plum', 'demo-forest': '/?theme=forest&scheme=dark', 'demo-slate': '/?theme=slate', gallery: '/gallery?case=typed', docs: '/docs', 'docs-attributes': '/docs/attributes', 'docs-states': '/docs/states' };
  for (const [name, address] of Object.entries(pages).filter(([name]) => name.includes(word))) {
    console.log(name);
    const size = { width: 1440, height: 900 };
    const pictures = { [name]: { size, media: modes.light.media }, [`${name}-dark`]: { size, media: modes.dark.media }, [`${name}-phone`]: modes.phone };
    for (const [picture, how] of Object.entries(pictures)) {
      const page = await newPage(how.device);
      await page.native.setViewportSize(how.size);
      await page.goto(server.origin + address);
      await page.waitFor(() => !document.querySelector('.stage, .demo') || ['ready', 'recorded'].includes(document.querySelector('payment-form')?.state));
      await take(page, picture, how);
      await page.context().close();
    }
  }
  console.log(`${count} pictures`);
} finally {
  await browser.close();
  await server.end();
}
