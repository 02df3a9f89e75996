// Takes a picture of every case of the gallery and of the pages around the form: node tests/browser/screenshots.mjs FOLDER [WORD]
//
// Each case is loaded once; the modes are emulated on its page. The file's name is `<case>-<mode>.png`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { launch, usual } from './harness/driver.mjs';
import { addressOf, cases, isShown, modes, speak } from './harness/gallery.mjs';
import { Server, today } from './harness/server.mjs';
import { moveClock } from './harness/watch.mjs';

const [folder, word = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const needs = new Set(['media', 'device', 'playwright']);
const server = await Server.start();
const browser = await launch();
let count = 0;

async function newPage() {
  const context = await browser.newContext(usual, needs);
  await context.addInitScript(moveClock, Date.parse(`${today}T15:00:00Z`) - Date.now());
  return context.newPage();
}

async function take(page, name, { size, media }) {
  await page.native.setViewportSize(size);
  await page.emulateMedia(media);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.native.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
  count += 1;
}

try {
  for (const { name } of cases.filter((each) => each.name.includes(word))) {
    console.log(name);
    const page = await newPage();
    await page.goto(server.origin + addressOf(name));
    await page.waitFor(isShown, name);
    for (const [mode, how] of Object.entries(modes)) {
      await page.evaluate(speak, how.lang);
      await take(page, `${name}-${mode.replaceAll(/,? /g, '-')}`, how);
    }
    await page.context().close();
  }
  const pages = { demo: '/', 'demo-plum': '/?theme=plum', 'demo-forest': '/?theme=forest&scheme=dark', 'demo-slate': '/?theme=slate', gallery: '/gallery?case=typed', docs: '/docs', 'docs-attributes': '/docs/attributes', 'docs-states': '/docs/states' };
  for (const [name, address] of Object.entries(pages).filter(([name]) => name.includes(word))) {
    console.log(name);
    const page = await newPage();
    await page.native.setViewportSize({ width: 1440, height: 900 });
    await page.goto(server.origin + address);
    await page.waitFor(() => !document.querySelector('.stage, .demo') || ['ready', 'recorded'].includes(document.querySelector('payment-form')?.state));
    await take(page, name, { size: { width: 1440, height: 900 }, media: modes.light.media });
    await take(page, `${name}-dark`, { size: { width: 1440, height: 900 }, media: modes.dark.media });
    await take(page, `${name}-phone`, modes.phone);
    await page.context().close();
  }
  console.log(`${count} pictures`);
} finally {
  await browser.close();
  await server.end();
}
